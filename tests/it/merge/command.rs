//! `crossrole merge` from outside: what it prints, writes and exits with.

use std::fs;

use crate::support::{Case, Ran, crossrole, files, run};

/// A folder that holds three versions and nothing else.
fn versions(base: &str, ours: &str, theirs: &str) -> Case {
    let case = Case::new("");
    case.remove("crossrole.yaml");
    for (path, text) in [("base", base), ("ours", ours), ("theirs", theirs)] {
        case.write(path, text);
    }
    case
}

fn merge(case: &Case, options: &[&str]) -> Ran {
    case.run(&[&["merge", "base", "ours", "theirs"], options].concat())
}

const NAMED: &str = "conflict: line 1 changed on both sides\n";
const MARKED: &str = "<<<<<<< ours\nb\n||||||| base\na\n=======\nc\n>>>>>>> theirs\n";

#[test]
fn what_goes_together_is_printed() {
    let case = versions("1\n2\n3\n4\n5\n", "one\n2\n3\n4\n5\n", "1\n2\n3\n4\nfive\n");
    let ran = merge(&case, &[]).exits(0);
    assert_eq!((&*ran.stdout, &*ran.stderr), ("one\n2\n3\n4\nfive\n", ""));
}

#[test]
fn conflicts_are_marked_and_named() {
    let case = versions("a\n", "b\n", "c\n");
    let ran = merge(&case, &[]).exits(3);
    assert_eq!((&*ran.stdout, &*ran.stderr), (MARKED, NAMED));
    // Also where only errors are asked for.
    let ran = merge(&case, &["-q", "--style", "merge", "--ours-label", "mine\n"]).exits(3);
    assert_eq!((&*ran.stdout, &*ran.stderr), ("<<<<<<< mine\\n\nb\n=======\nc\n>>>>>>> theirs\n", NAMED));
    assert_eq!(merge(&case, &["--style", "zdiff3"]).exits(3).stdout, MARKED);
    let labels = ["--base-label", "x", "--ours-label", "y", "--theirs-label", "z"];
    let named = MARKED.replace("base", "x").replace("ours", "y").replace("theirs", "z");
    assert_eq!(merge(&case, &labels).exits(3).stdout, named);
}

#[test]
fn many_conflicts_are_counted() {
    let text = |word: &str| (0..80).fold(String::new(), |text, n| format!("{text}{word}{n}\n=\n"));
    let ran = merge(&versions(&text("a"), &text("b"), &text("c")), &[]).exits(3);
    assert!(
        ran.stderr.ends_with("line 99 changed on both sides\n… and 30 more conflicts\n"),
        "{}",
        ran.stderr
    );
}

#[test]
fn the_name_tells_the_kind() {
    let case = versions("{\"a\": 1, \"b\": 1}\n", "{\"a\": 2, \"b\": 1}\n", "{\"a\": 1, \"b\": 2}\n");
    merge(&case, &[]).exits(3);
    let ran = merge(&case, &["--path", "x/policy.json"]).exits(0);
    assert_eq!(ran.stdout, "{\"a\": 2, \"b\": 2}\n");
    case.write("ours.json", case.read("ours"));
    let ran = case.run(&["merge", "base", "ours.json", "theirs"]).exits(0);
    assert_eq!(ran.stdout, "{\"a\": 2, \"b\": 2}\n");
    case.write("ours.json", "{\"a\": 2, \"b\": 1\n");
    case.run(&["merge", "base", "ours.json", "theirs"]).exits(3).says("line 1 changed on both sides");
}

#[test]
fn a_file_is_written_in_place() {
    let case = versions("a\n", "b\n", "c\n");
    let ran = merge(&case, &["--output", "ours"]).exits(3).says("conflict: line 1");
    assert_eq!((&*ran.stdout, &*case.read("ours")), ("", MARKED));
    merge(&case, &["--output", "new"]).exits(3);
    // What was marked once is text now, and markers around it are longer.
    assert!(case.read("new").starts_with("<<<<<<<< ours\n<<<<<<< ours\nb\n"), "{}", case.read("new"));
    assert_eq!(files(case.root()).len(), 4, "nothing is left beside them");
}

#[test]
fn an_error_is_no_conflict() {
    let case = versions("a\n", "b\n", "c\n");
    case.write("binary", "a\0b\n");
    case.write("folder/x", "");
    for (arguments, said) in [
        (&["merge", "base", "ours", "absent"][..], "cannot read `absent`"),
        (&["merge", "folder", "ours", "theirs"], "cannot read `folder`"),
        (&["merge", "base", "ours", "binary"], "`binary` is binary"),
        (&["merge", "base", "ours", "theirs", "--output", "folder"], "cannot write `folder`"),
        (&["merge", "base", "ours", "theirs", "--output", "no/where"], "cannot write `no/where`"),
        (&["merge"], "required"),
        (&["merge", "base", "ours"], "THEIRS"),
        (&["merge", "base", "ours", "theirs", "more"], "unexpected"),
        (&["merge", "base", "ours", "theirs", "--nonsense"], "--nonsense"),
        (&["merge", "base", "ours", "theirs", "--style", "none"], "zdiff3"),
        (&["--color", "never", "merge", "--output"], "--output"),
    ] {
        let ran = case.run(arguments).exits(129).says(said);
        assert_eq!(ran.stdout, "", "{arguments:?}");
    }
    for arguments in [&["--style", "merge"][..], &["marge", "merge"], &["fmt", "merge", "--nonsense"]] {
        case.run(arguments).exits(64);
    }
    assert_eq!(case.read("ours"), "b\n");
    assert_eq!(files(case.root()).len(), 5, "nothing was written");
}

#[test]
fn bytes_that_are_not_text_are_merged_like_others() {
    let case = versions("", "", "");
    let file = |note: &[u8], b: &[u8], c: &[u8]| {
        [&b"a = 1 # caf"[..], note, b"\nb = ", b, b"\n\n/* \xff */\nc = ", c, b"\n"].concat()
    };
    for kind in ["x.tf", "x.txt"] {
        let files =
            [("base", b"\xe9", b"1", b"1"), ("ours", b"\xe9", b"2", b"1"), ("theirs", b"\xe8", b"1", b"2")];
        for (name, note, b, c) in files {
            case.write(name, file(note, b, c));
        }
        let path = format!("--path={kind}");
        merge(&case, &["--output=merged", &path]).exits(if kind == "x.tf" { 0 } else { 3 });
        let merged = fs::read(case.at("merged")).expect("it was written");
        if kind == "x.tf" {
            assert_eq!(merged, file(b"\xe8", b"2", b"2"));
        }
        assert!(merged.windows(2).any(|bytes| bytes == b" \xff"), "{merged:?}");
    }
    case.write("theirs", file(b"\xe8", b"3", b"1"));
    merge(&case, &["--output=merged", "--path=x.tf"]).exits(3).says("b changed on both sides");
}

#[test]
fn hostile_files_are_merged_or_refused_soon() {
    let brackets = "[".repeat(200_000);
    let markers = format!("{}\n", "<".repeat(1_000_000));
    let lines: String = (0..200_000).map(|n| if n % 3 == 0 { "a\n" } else { "b\n" }).collect();
    for (base, ours, theirs) in [
        (brackets.as_str(), &*format!("{brackets}1"), &*format!("{brackets}2")),
        ("", &*markers, &*markers.repeat(2)),
        (&*lines, &*lines.replace("b\na\n", "a\nb\n"), &*lines.replace("b\nb\n", "b\n")),
        ("\r\r\n\r", "\n\r", "\u{feff}\u{2028}\r\n"),
        ("", "{\"\\ud800\": 1}", "{\"a\": 1e999}"),
    ] {
        let case = versions(base, ours, theirs);
        for path in ["x.json", "x.md"] {
            let ran = merge(&case, &["--path", path]);
            assert!(matches!(ran.code, Some(0 | 3)), "{path}: {:?}", ran.code);
        }
    }
    let case = versions("", "", "");
    fs::File::create(case.at("large")).and_then(|file| file.set_len((64 << 20) + 1)).expect("a file");
    case.run(&["merge", "base", "ours", "large"]).exits(129).says("larger than 64 MiB");
}

#[test]
fn names_cannot_write_to_the_terminal() {
    let text = |value: u8| format!("{{\"\\u001b[31m\\n\": {value}}}\n");
    let ran = merge(&versions(&text(1), &text(2), &text(3)), &["--path", "x.json"]).exits(3);
    assert_eq!(ran.stderr, "conflict: \\u{1b}[31m\\n changed on both sides\n");
}

/// What only systems with modes and links can show.
#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn modes_and_links_stay() {
        let case = versions("1\n2\n3\n", "one\n2\n3\n", "1\n2\nthree\n");
        fs::set_permissions(case.at("ours"), fs::Permissions::from_mode(0o750)).unwrap();
        symlink("ours", case.at("link")).unwrap();
        merge(&case, &["--output", "link"]).exits(0);
        assert!(fs::symlink_metadata(case.at("link")).unwrap().is_symlink());
        assert_eq!(case.read("ours"), "one\n2\nthree\n");
        assert_eq!(fs::metadata(case.at("ours")).unwrap().permissions().mode() & 0o7777, 0o750);
    }

    #[test]
    fn special_files_are_read_and_not_replaced() {
        let case = versions("", "b\n", "");
        let ran = run(crossrole().current_dir(case.root()).args(["merge", "/dev/null", "ours", "/dev/null"]));
        assert_eq!(ran.exits(0).stdout, "b\n");
        merge(&case, &["--output", "/dev/null"]).exits(129).says("not a regular file");
    }
}
