//! How the program and its documents speak: plain English, in the words that AWS and `HashiCorp` use.
//!
//! Every text that a user can meet is read: messages and help in the sources, documents, examples, templates.

use crate::support::{ends_in, files, repository};

/// What was once said here, and what is said instead.
const BETTER: [(&str, &str); 32] = [
    ("behaviour", "behavior"),
    ("canonicalis", "canonicaliz"),
    ("colour", "color"),
    ("does not feel", "does not depend on"),
    ("does not go together", "conflicts with"),
    ("do not go together", "conflict"),
    ("favour", "favor"),
    ("go on with a run", "continue a run"),
    ("honour", "take effect, honor"),
    ("is no file", "is not a file"),
    ("is no folder", "is not a folder"),
    ("is no generated folder", "is not a generated folder"),
    ("is no ordinary file", "is not a regular file"),
    ("is no template pack", "is not a template pack"),
    ("leave it away", "omit it"),
    ("means nothing to", "is not valid for"),
    ("moved on since", "has changed since"),
    ("no such bond", "no such link"),
    ("nobody in particular is", "no one is"),
    ("not as it should be", "not up to date"),
    ("of one's own", "your own, custom"),
    ("only `--strict` minds", "only `--strict` reports"),
    ("organisation", "organization"),
    ("recognis", "recogniz"),
    ("say nothing but", "only print"),
    ("stands in the way", "already exists"),
    ("stands twice", "is a duplicate"),
    ("taken for somebody else's", "treated as not managed"),
    ("was cut off", "was interrupted"),
    ("what is new", "the new version"),
    ("whose it is", "owner"),
    ("wrong usage", "usage error"),
];

/// The texts in double quotes of a Rust source, and its documentation of arguments; comments for developers are theirs.
fn messages(source: &str) -> String {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let mut texts = String::new();
    for line in source.lines() {
        let line = line.trim_start();
        if !line.starts_with("//") {
            texts.extend(line.split('"').skip(1).step_by(2).flat_map(|text| [text, "\n"]));
        }
    }
    texts
}

#[test]
fn what_users_read_is_plain_english() {
    let mut read = 0;
    let mut found = Vec::new();
    for folder in ["src", "docs", "templates", "examples", "snapshots/help", "."] {
        for (path, text) in files_of(folder) {
            let text = if ends_in(&path, &["rs"]) { messages(&text) } else { text };
            read += 1;
            // Phrases may go on in the next line.
            let text = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
            for (phrase, better) in BETTER {
                if text.contains(phrase) {
                    found.push(format!("{folder}/{path}: `{phrase}`; say: {better}"));
                }
            }
        }
    }
    assert!(read > 400, "{read} files were read");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The files of a folder that users read; of the repository's own those that stand in it.
fn files_of(folder: &str) -> Vec<(String, String)> {
    if folder == "." {
        let text = |name: &str| std::fs::read_to_string(repository(name)).expect("it is there");
        return ["README.md", "CHANGELOG.md"].map(|name| (name.to_owned(), text(name))).into();
    }
    let files = files(&repository(folder)).into_iter();
    files.filter(|(path, _)| ends_in(path, &["rs", "md", "tera", "yaml", "txt"])).collect()
}

#[test]
fn messages_are_told_from_comments() {
    let source = "// wrong usage\nlet x = \"colour\"; /// a\n#[cfg(test)] mod tests { \"honour\" }";
    assert_eq!(messages(source).trim(), "colour");
}
