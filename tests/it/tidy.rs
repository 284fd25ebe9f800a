//! The rules of the code are tests: which room may use which, how large a file may grow, who may
//! touch the file system, the terminal and the environment.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Files, ends_in, files, repository};

/// Lines of a file.
const MOST_LINES: usize = 400;
/// Fewer files than this, and the walk found nothing.
const LEAST_FILES: usize = 60;

/// Every room of `src/`, in reading order, with the rooms that it uses. A room uses only rooms
/// above it, so there are no cycles.
const ROOMS: &[(&str, &[&str])] = &[
    ("build", &[]),
    ("digest", &[]),
    ("line_endings", &[]),
    ("diagnostic", &[]),
    ("shell", &["diagnostic"]),
    ("evidence", &["diagnostic"]),
    ("dir", &[]),
    ("input", &["diagnostic", "dir"]),
    ("model", &["diagnostic"]),
    ("yaml", &["diagnostic", "model"]),
    ("spec", &["diagnostic", "model", "yaml"]),
    ("value", &["diagnostic"]),
    ("policy", &["diagnostic", "model", "value"]),
    ("check", &["diagnostic", "digest", "model", "policy", "spec", "value"]),
    ("answers", &["diagnostic", "model", "spec", "yaml"]),
    ("runbook", &["diagnostic", "model"]),
    ("pipelines", &["model", "runbook"]),
    ("output", &["model"]),
    ("hcl", &[]),
    ("terraform", &["diagnostic", "hcl", "value"]),
    ("grants", &["diagnostic", "policy", "terraform", "value"]),
    ("explain", &["diagnostic", "model", "policy", "terraform", "output"]),
    ("lint", &["check", "diagnostic", "hcl", "model", "policy", "spec", "terraform", "value", "yaml"]),
    ("sides", &[]),
    ("merge", &["hcl", "policy", "sides", "output", "value"]),
    ("import", &["answers", "diagnostic", "model", "policy", "terraform", "value", "yaml"]),
    ("pack", &["diagnostic", "digest", "hcl", "line_endings", "model", "output", "shell", "yaml"]),
    ("render", &["diagnostic", "digest", "hcl", "model", "pack", "pipelines", "policy", "runbook", "output"]),
    ("reconcile", &["diagnostic", "digest", "hcl", "merge", "model", "policy", "sides", "output", "value"]),
    ("git", &["diagnostic"]),
    ("store", &["diagnostic", "digest", "dir", "git", "line_endings", "reconcile", "output"]),
    ("report", &["diagnostic", "evidence", "explain", "grants", "lint", "model", "policy", "spec"]),
    (
        "session",
        &[
            "check",
            "diagnostic",
            "explain",
            "git",
            "grants",
            "input",
            "lint",
            "merge",
            "model",
            "pack",
            "policy",
            "reconcile",
            "render",
            "spec",
            "store",
            "terraform",
            "output",
        ],
    ),
    ("verify", &["diagnostic", "digest", "evidence", "git", "model", "runbook"]),
    (
        "ui",
        &[
            "diagnostic",
            "evidence",
            "explain",
            "grants",
            "lint",
            "merge",
            "model",
            "output",
            "policy",
            "reconcile",
        ],
    ),
    (
        "cli",
        &[
            "answers",
            "check",
            "diagnostic",
            "digest",
            "dir",
            "evidence",
            "explain",
            "git",
            "grants",
            "hcl",
            "import",
            "input",
            "lint",
            "merge",
            "model",
            "pack",
            "policy",
            "render",
            "report",
            "runbook",
            "session",
            "shell",
            "sides",
            "spec",
            "terraform",
            "output",
            "pipelines",
            "ui",
            "value",
            "verify",
        ],
    ),
    ("lib", &["check", "cli", "diagnostic", "pack", "render", "spec", "output"]),
    ("main", &["lib"]),
];

/// Words that no file may hold, and the rooms or files in which they are at home.
const KEPT_OUT: &[(&str, &[&str])] = &[
    ("println!", &["src/build.rs"]),
    ("eprintln!", &[]),
    ("print!", &[]),
    ("eprint!", &[]),
    ("dbg!", &[]),
    ("todo!", &[]),
    ("unimplemented!", &[]),
    (".unwrap()", &[]),
    (concat!("#[ign", "ore]"), &[]),
    ("#[allow", &["src/yaml/record.rs"]),
    ("panic!", &[]),
    (TO_DO[0], &[]),
    (TO_DO[1], &[]),
    (TO_DO[2], &[]),
    ("unsafe ", &[]),
    ("process::exit", &[]),
    ("io::stdout", &["src/ui/"]),
    ("io::stderr", &["src/ui/"]),
    ("io::stdin", &["src/ui/", "src/session/inputs.rs", "src/cli/"]),
    (
        "std::fs",
        &[
            "src/dir/",
            "src/git/",
            "src/input/",
            "src/store/",
            "src/verify/",
            "src/session/inputs.rs",
            "src/session/packs.rs",
            "src/cli/",
        ],
    ),
    (
        "fs::",
        &[
            "src/dir/",
            "src/git/",
            "src/input/",
            "src/store/",
            "src/verify/",
            "src/session/inputs.rs",
            "src/session/packs.rs",
            "src/cli/",
        ],
    ),
    ("std::env", &["src/cli/", "src/git/", "src/main.rs", "src/verify/"]),
    ("SystemTime", &["src/cli/", "src/verify/clock.rs"]),
    ("Instant::now", &["src/ui/", "src/cli/", "src/pack/meter.rs", "src/verify/"]),
    ("HashSet", &["src/yaml/load.rs"]),
    ("/home/", &[]),
    ("/root/", &[]),
    ("/Users/", &[]),
    ("/work/", &[]),
];

/// What people write beside work they put off, spelled so that this file is free of it.
const TO_DO: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

fn sources() -> Files {
    let mut sources: Files =
        files(&repository("src")).into_iter().map(|(path, text)| (format!("src/{path}"), text)).collect();
    sources.retain(|path, _| ends_in(path, &["rs"]));
    assert!(sources.len() >= LEAST_FILES, "only {} files", sources.len());
    sources
}

/// The room of a file: its folder in `src/`, or itself.
fn room(path: &str) -> &str {
    let path = path.strip_prefix("src/").unwrap_or(path);
    path.split(['/', '.']).next().unwrap_or(path)
}

/// The code of a file: without comments, and without the tests at its end.
fn code(text: &str) -> String {
    let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The rooms that a text names behind `crate::`, alone or in braces.
fn used(text: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
    let mut found = BTreeSet::new();
    for (at, start) in text.match_indices("crate::") {
        let rest = &text[at + start.len()..];
        let names: Vec<&str> = match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default().split(',').map(str::trim).collect(),
            None => vec![rest],
        };
        for name in names {
            let name: String = name.chars().take_while(|c| is_name(*c)).collect();
            if ROOMS.iter().any(|(room, _)| *room == name) {
                found.insert(name);
            }
        }
    }
    found
}

#[test]
fn rooms_use_only_what_the_table_says() {
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in sources() {
        let found = uses.entry(room(&path).to_owned()).or_default();
        found.extend(used(&code(&text)).into_iter().filter(|name| name != room(&path)));
        if room(&path) == "lib" || room(&path) == "main" {
            let named = ROOMS.iter().map(|(name, _)| *name);
            let is_used = |name: &&str| holds(&code(&text), &format!("{name}::"));
            found.extend(named.filter(is_used).map(str::to_owned));
        }
    }
    let mut complaints = Vec::new();
    for (room, found) in &uses {
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| name == room) else {
            complaints.push(format!("the room `{room}` is not in the table"));
            continue;
        };
        let unlisted = found.iter().filter(|name| !allowed.contains(&name.as_str()));
        complaints
            .extend(unlisted.map(|name| format!("`{room}` uses `{name}`, which the table does not allow")));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(uses.len() == ROOMS.len(), "the table has rooms that the code has not: {:?}", uses.keys());
}

#[test]
fn the_table_goes_one_way() {
    for (index, (room, allowed)) in ROOMS.iter().enumerate() {
        for name in *allowed {
            let above = ROOMS[..index].iter().any(|(known, _)| known == name);
            assert!(above, "`{room}` uses `{name}`, which is not above it");
        }
    }
}

#[test]
fn every_module_is_in_the_crate_once() {
    let lib = &sources()["src/lib.rs"];
    let modules: BTreeSet<&str> = lib
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'))
        .collect();
    let rooms: BTreeSet<&str> = ROOMS
        .iter()
        .map(|(room, _)| *room)
        .filter(|room| !matches!(*room, "build" | "lib" | "main"))
        .collect();
    assert_eq!(modules, rooms);
}

/// A room that could be published alone: what it is for is nothing of ours.
const LIFTABLE: &[&str] = &["hcl", "sides"];

#[test]
fn some_rooms_could_be_published_alone() {
    for (path, text) in sources().iter().filter(|(path, _)| LIFTABLE.contains(&room(path))) {
        let own = format!("crate::{}", room(path));
        let code = code(text);
        let foreign = code.match_indices("crate::").find(|(at, _)| !code[*at..].starts_with(&own));
        assert!(foreign.is_none(), "{path} uses what is not its own: {foreign:?}");
    }
    for name in LIFTABLE {
        assert!(ROOMS.contains(&(*name, &[])), "the table lets `{name}` use other rooms");
    }
}

/// One way to write a module of several files: a folder with `mod.rs`.
#[test]
fn modules_of_several_files_are_folders() {
    let sources = sources();
    let folders: BTreeSet<&str> = sources.keys().filter_map(|path| Some(path.rsplit_once('/')?.0)).collect();
    for folder in folders {
        let beside = format!("{folder}.rs");
        assert!(!sources.contains_key(&beside), "{beside} is to be {folder}/mod.rs");
    }
}

#[test]
fn files_are_small_and_say_what_they_are_for() {
    let tests = files(&repository("tests")).into_iter().map(|(path, text)| (format!("tests/{path}"), text));
    let tests = tests.filter(|(path, _)| ends_in(path, &["rs"]));
    let mut complaints = Vec::new();
    for (path, text) in sources().into_iter().chain(tests) {
        let lines = text.lines().count();
        if lines > MOST_LINES {
            complaints.push(format!("{path} has {lines} lines"));
        }
        if !text.starts_with("//! ") {
            complaints.push(format!("{path} has no `//!` head"));
        }
        if !text.ends_with('\n') || text.ends_with("\n\n") || text.contains('\t') || text.contains('\r') {
            complaints
                .push(format!("{path} has tabs, carriage returns, or no newline of its own at its end"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn some_words_stand_only_where_they_are_at_home() {
    let mut complaints = Vec::new();
    for (path, text) in sources() {
        let code = code(&text);
        for (word, homes) in KEPT_OUT {
            let at_home = homes.iter().any(|home| path.starts_with(home));
            let whole = if word.chars().all(|c| c.is_ascii_uppercase()) { &text } else { &code };
            if !at_home && holds(whole, word) {
                complaints.push(format!("{path} holds `{word}`"));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// Whether a word stands in a text by itself, and not as the end of another.
fn holds(text: &str, word: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let whole = word.starts_with(is_name);
    text.match_indices(word).any(|(at, _)| !(whole && text[..at].ends_with(is_name)))
}

/// A test that does not run proves nothing.
#[test]
fn tests_are_finished_and_run() {
    let mut count = 0;
    for (path, text) in files(&repository("tests/it")).into_iter().filter(|(path, _)| ends_in(path, &["rs"]))
    {
        for word in [concat!("#[ign", "ore]"), TO_DO[0], TO_DO[1], TO_DO[2]] {
            assert!(!holds(&text, word), "{path} holds `{word}`");
        }
        count += text.matches(concat!("#[te", "st]")).count();
    }
    assert!(count >= 40, "only {count} tests");
}

/// Templates are part of the program: they name no machine and hold nothing left to do.
#[test]
fn templates_are_finished() {
    let templates = files(&repository("templates"));
    assert!(templates.len() >= 20, "only {} templates", templates.len());
    for (path, text) in templates {
        for word in [TO_DO[0], TO_DO[1], TO_DO[2], "/home/", "/root/", "/work/"] {
            assert!(!text.contains(word), "{path} holds `{word}`");
        }
        assert!(text.ends_with('\n') && !text.contains('\r'), "{path} ends with a newline");
    }
}
