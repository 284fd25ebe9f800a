//! `crossrole fmt` from outside: what it selects, prints, writes and leaves alone.

use std::fs;
use std::process::Command;

use crossrole::hcl;

use crate::oracle::oracle;
use crate::support::{Case, Ran, crossrole, files, run};

const UNTIDY: &str = "a=1\n";
const TIDY: &str = "a = 1\n";

/// A folder that holds these files and nothing else.
fn folder(files: &[(&str, &str)]) -> Case {
    let case = Case::new("");
    case.remove("crossrole.yaml");
    for (path, text) in files {
        case.write(path, text);
    }
    case
}

fn stdin(arguments: &[&str], text: &str) -> Ran {
    run(crossrole().arg("fmt").args(arguments).write_stdin(text))
}

#[test]
fn untidy_files_are_written_and_named_once() {
    let case = folder(&[("b.tf", UNTIDY), ("a.tf", UNTIDY), ("c.tf", TIDY)]);
    let ran = case.run(&["fmt"]).exits(0);
    assert_eq!((&*ran.stdout, &*ran.stderr), ("a.tf\nb.tf\n", ""));
    assert_eq!(case.read("a.tf"), TIDY);
    assert_eq!(case.read("b.tf"), TIDY);
    let ran = case.run(&["fmt"]).exits(0);
    assert_eq!((&*ran.stdout, &*ran.stderr), ("", ""));
}

#[test]
fn check_writes_nothing_and_exits_with_2() {
    let case = folder(&[("a.tf", UNTIDY), ("b.tf", TIDY)]);
    assert_eq!(case.run(&["fmt", "--check"]).exits(2).stdout, "a.tf\n");
    assert_eq!(case.run(&["fmt", "--check", "--write=true", "--list=false"]).exits(2).stdout, "");
    assert_eq!(case.read("a.tf"), UNTIDY);
    assert_eq!(case.run(&["fmt", "--check", "b.tf"]).exits(0).stdout, "");
}

#[test]
fn diff_shows_how_files_change_and_writes_them() {
    let case = folder(&[("a.tf", UNTIDY)]);
    let diff = "--- a/a.tf\n+++ b/a.tf\n@@ -1 +1 @@\n-a=1\n+a = 1\n";
    let ran = case.run(&["fmt", "--check", "--diff", "--list=false"]).exits(2);
    assert_eq!(ran.stdout, diff);
    assert_eq!(case.run(&["fmt", "--diff"]).exits(0).stdout, format!("a.tf\n{diff}"));
    assert_eq!(case.read("a.tf"), TIDY);
    assert_eq!(case.run(&["fmt", "--diff"]).exits(0).stdout, "");
}

#[test]
fn without_writing_names_are_listed_and_without_names_texts_are_printed() {
    let case = folder(&[("a.tf", UNTIDY), ("b.tf", "b =    \"\u{1b}[31m\"")]);
    assert_eq!(case.run(&["fmt", "--write=false"]).exits(0).stdout, "a.tf\nb.tf\n");
    let ran = case.run(&["fmt", "--write=false", "--list=false"]).exits(0);
    assert_eq!(ran.stdout, "a = 1\nb = \"\u{1b}[31m\"\n");
    assert_eq!(case.read("a.tf"), UNTIDY);
    assert_eq!(case.run(&["fmt", "--list=false"]).exits(0).stdout, "");
    assert_eq!(case.read("a.tf"), TIDY);
}

#[test]
fn folders_are_searched_as_by_terraform() {
    let taken = ["#half.tf", "a.tf", "b.tfvars", "c.tftest.hcl", "d.tfmock.hcl"];
    let ignored =
        [".a.tf", "a.tf~", "#a.tf#", "a.hcl", "a.tf.json", "tf", "q.tfquery.hcl", ".terraform.lock.hcl"];
    let case = folder(&[]);
    for name in taken.iter().chain(&ignored) {
        for prefix in ["", "sub/", "sub/deep.tf/", ".terraform/", "sub/old~/", "sub/#x#/"] {
            case.write(&format!("{prefix}{name}"), UNTIDY);
        }
    }
    let lines = |prefix: &str| taken.map(|name| format!("{prefix}{name}\n")).concat();
    assert_eq!(case.run(&["fmt", "--check"]).exits(2).stdout, lines(""));
    assert_eq!(case.run(&["fmt", "--check", "sub/../sub/"]).exits(2).stdout, lines("sub/"));
    assert_eq!(case.run(&["fmt", "--check", ".terraform"]).exits(2).stdout, lines(".terraform/"));
    let all = format!("{}{}{}", lines(""), lines("sub/"), lines("sub/deep.tf/"));
    assert_eq!(case.run(&["fmt", "--recursive"]).exits(0).stdout, all);
    assert_eq!(case.read("sub/old~/a.tf"), UNTIDY);
    assert_eq!(case.read("sub/a.hcl"), UNTIDY);
}

#[test]
fn what_is_named_is_formatted_even_if_hidden() {
    let case = folder(&[(".a.tf", UNTIDY), ("b.tf", UNTIDY), ("c.tf", UNTIDY), ("sub/d.tf", UNTIDY)]);
    let ran = case.run(&["fmt", "sub", "b.tf", ".a.tf", "./b.tf"]).exits(0);
    assert_eq!(ran.stdout, "sub/d.tf\nb.tf\n.a.tf\n");
    assert_eq!(case.read("c.tf"), UNTIDY);
    let ran = run(crossrole().current_dir(case.at("sub")).args(["fmt", "--check"]).arg(case.at("c.tf")));
    assert_eq!(ran.exits(2).stdout, "../c.tf\n");
}

#[test]
fn stdin_is_formatted_to_stdout() {
    for (text, printed) in [("a=1", TIDY), (TIDY, TIDY), ("", "\n"), ("a=1\r\n", "a = 1\r\n")] {
        assert_eq!(stdin(&["-"], text).exits(0).stdout, printed);
    }
    assert_eq!(stdin(&["-"], "# \u{1b}[31m\n").exits(0).stdout, "# \u{1b}[31m\n");
    assert_eq!(stdin(&["--check", "-"], UNTIDY).exits(2).stdout, "");
    assert_eq!(stdin(&["--check", "-"], "a = 1").exits(0).stdout, "");
    let ran = stdin(&["--diff", "-"], UNTIDY).exits(0);
    assert_eq!(ran.stdout, "--- a/<stdin>\n+++ b/<stdin>\n@@ -1 +1 @@\n-a=1\n+a = 1\n");
    let ran = stdin(&["-"], "a = \n").exits(1).says("<stdin>:1:5");
    assert_eq!(ran.stdout, "");
}

#[test]
fn a_broken_file_is_shown_and_stops_no_other() {
    let broken = "a = 1\n\nb = [2,\n";
    let case = folder(&[("a.tf", UNTIDY), ("b.tf", broken), ("c.tf", UNTIDY), ("d.tf", "a = }\n")]);
    let ran = case.run(&["fmt", "--check"]).exits(1).says("b.tf:4:1").says("d.tf:1:5");
    assert_eq!(ran.stdout, "a.tf\nc.tf\n");
    let ran = case.run(&["fmt"]).exits(1).says("opened on line 3").says("a = }");
    assert_eq!(ran.stdout, "a.tf\nc.tf\n");
    assert!(ran.stderr.find("b.tf") < ran.stderr.find("d.tf"), "{}", ran.stderr);
    assert_eq!(case.read("a.tf"), TIDY);
    assert_eq!(case.read("b.tf"), broken);
    assert_eq!(case.read("c.tf"), TIDY);
}

#[test]
fn what_terraform_would_damage_is_explained_and_left_alone() {
    let text = "\u{feff}a=x[true]\n";
    let case = folder(&[("a.tf", text)]);
    let ran = case.run(&["fmt"]).exits(1).says("a.tf:1:5").says("would lose or break it").says("`[(true)]`");
    assert_eq!(ran.stdout, "");
    assert_eq!(case.read("a.tf"), text);
}

#[test]
fn what_cannot_be_read_is_reported_beside_the_others() {
    let case = folder(&[("a.tf", UNTIDY), ("notes.md", UNTIDY)]);
    case.write("latin.tf", b"a = \"\xfc\"\n");
    let ran = case.run(&["fmt", "absent", "notes.md", "."]).exits(1);
    assert_eq!(ran.stdout, "a.tf\n");
    let ran = ran.says("cannot read `absent`").says("`.tfmock.hcl`");
    ran.says("the file is not UTF-8").says("latin.tf:1:6");
    assert_eq!(case.read("notes.md"), UNTIDY);
}

#[test]
fn comments_may_be_in_any_encoding() {
    let case = folder(&[]);
    case.write("a.tf", b"# caf\xe9\nlocals {\n  x=1 /* \xff */\n  yyy = [1, # na\xefve\n  2]\n}\n");
    let formatted = b"# caf\xe9\nlocals {\n  x = 1 /* \xff */\n  yyy = [1, # na\xefve\n  2]\n}\n";
    let ran = case.run(&["fmt", "--diff"]).exits(0);
    assert!(ran.stdout.contains("-locals {") || ran.stdout.contains("x=1 /* \u{fffd} */"), "{}", ran.stdout);
    assert_eq!(std::fs::read(case.at("a.tf")).expect("the file"), formatted);
    case.run(&["fmt", "--check"]).exits(0);
    for other in [&b"a=\"caf\xe9\"\n"[..], b"# \xe9\na\xe9=1\n", b"a=<<E\n\xe9\nE\n", b"\xe9"] {
        case.write("a.tf", other);
        case.run(&["fmt"]).exits(1).says("the file is not UTF-8");
        assert_eq!(std::fs::read(case.at("a.tf")).expect("the file"), other);
    }
}

#[test]
fn wrong_usage_exits_with_64() {
    let case = folder(&[("a.tf", UNTIDY)]);
    for arguments in [&["fmt", "--list=maybe"][..], &["fmt", "-recursive"], &["fmt", "a.tf", "-"]] {
        assert_eq!(case.run(arguments).exits(64).stdout, "");
    }
    assert_eq!(case.read("a.tf"), UNTIDY);
}

#[test]
fn line_breaks_and_their_absence_are_kept() {
    let case = folder(&[
        ("crlf.tf", "a=1\r\nb {\r\nc=2\r\n}\r\n"),
        ("mark.tf", "\u{feff}a=1\n"),
        ("mixed.tf", "a=1\r\nbc=2\n"),
        ("open.tf", "a=1"),
    ]);
    case.run(&["fmt"]).exits(0);
    assert_eq!(case.read("crlf.tf"), "a = 1\r\nb {\r\n  c = 2\r\n}\r\n");
    assert_eq!(case.read("mark.tf"), "a = 1\n");
    assert_eq!(case.read("mixed.tf"), "a  = 1\r\nbc = 2\n");
    assert_eq!(case.read("open.tf"), "a = 1");
    assert_eq!(case.run(&["fmt"]).exits(0).stdout, "");
}

#[test]
fn nothing_is_left_beside_the_files() {
    let case = folder(&[("a.tf", UNTIDY), ("b.tf", "a = [\n"), ("sub/c.tf", UNTIDY)]);
    case.run(&["fmt", "--recursive"]).exits(1);
    let left = files(case.root());
    assert_eq!(left.keys().collect::<Vec<_>>(), ["a.tf", "b.tf", "sub/c.tf"]);
}

#[test]
fn verbose_counts_and_quiet_still_lists() {
    let case = folder(&[("a.tf", UNTIDY), ("b.tf", TIDY)]);
    case.run(&["fmt", "-v", "--check"]).exits(2).says("2 files looked at, 1 not in canonical form");
    assert_eq!(case.run(&["fmt", "-q", "--check"]).exits(2).stdout, "a.tf\n");
}

/// One tree, formatted by us and by terraform: the names that are printed and every byte on disk.
///
/// Needs `terraform`.
#[test]
fn a_tree_is_formatted_as_by_terraform() {
    let Some(terraform) = oracle("terraform") else { return };
    let (ours, theirs) = (tree(), tree());
    let mut terraform = Command::new(terraform);
    terraform.args(["fmt", "-no-color", "-recursive"]).current_dir(theirs.root());
    terraform.env_remove("TF_CLI_CONFIG_FILE").env_remove("TF_CLI_ARGS").env_remove("TF_CLI_ARGS_fmt");
    let output = terraform.output().expect("terraform runs");
    assert_eq!(output.status.code(), Some(2), "there are broken files");
    let names = String::from_utf8_lossy(&output.stdout);
    assert!(names.lines().count() > 100, "{names}");
    let checked = ours.run(&["fmt", "--recursive", "--check"]).exits(1);
    assert_eq!(checked.stdout, names);
    assert_eq!(ours.run(&["fmt", "--recursive"]).exits(1).stdout, names);
    assert_eq!(ours.files(), theirs.files());
}

/// Every small text of the formatter's own tests in a file, some files among others that are not
/// to be touched.
fn tree() -> Case {
    let case = folder(&[("broken.tf", "a = [\n"), ("sub/broken.tf", "}\n"), ("empty.tf", "")]);
    let vectors = include_str!("../../snapshots/format/vectors.jsonl");
    for (number, line) in vectors.lines().enumerate() {
        let vector: serde_json::Value = serde_json::from_str(line).expect("a vector is JSON");
        let text = vector["in"].as_str().expect("a vector has an input");
        // What terraform damages, or finishes in its second run only, is another test's.
        let output = vector["out"].as_str();
        let is_alike = hcl::format(text).is_ok_and(|formatted| Some(&*formatted) == output);
        if is_alike || hcl::check(text).is_err() {
            let ending = ["tf", "tfvars", "tftest.hcl", "tfmock.hcl"][number % 4];
            case.write(&format!("sub/{}/{}/v{number}.{ending}", number % 3, number % 5), text);
        }
    }
    for name in ["#a.tf", "#a.tf#", "a.tf~", ".a.tf", "a.tf.json", "a.hcl", "q.tfquery.hcl", "tf", ".b/a.tf"]
    {
        case.write(name, UNTIDY);
        case.write(&format!("sub/0/{name}"), UNTIDY);
    }
    for name in ["c~/a.tf", "#d#/a.tf", "e.tf/a.tf", ".terraform/modules/f/a.tf"] {
        case.write(name, UNTIDY);
    }
    case
}

/// What only systems with modes and links can show.
#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    #[test]
    fn files_keep_their_mode_and_tidy_ones_are_not_touched() {
        let case = folder(&[("a.tf", UNTIDY), ("b.tf", TIDY)]);
        fs::set_permissions(case.at("a.tf"), fs::Permissions::from_mode(0o640)).unwrap();
        let tidy = fs::metadata(case.at("b.tf")).unwrap();
        case.run(&["fmt"]).exits(0);
        assert_eq!(fs::metadata(case.at("a.tf")).unwrap().permissions().mode() & 0o7777, 0o640);
        let found = fs::metadata(case.at("b.tf")).unwrap();
        assert_eq!((found.ino(), found.mtime_nsec()), (tidy.ino(), tidy.mtime_nsec()));
    }

    #[test]
    fn links_stay_and_their_files_are_formatted_once() {
        let case = folder(&[("in/b.tf", UNTIDY), ("in/sub/c.tf", UNTIDY), ("out/d.tf", UNTIDY)]);
        symlink("b.tf", case.at("in/a.tf")).unwrap();
        symlink("sub/c.tf", case.at("in/c.tf")).unwrap();
        symlink("../out", case.at("in/folder")).unwrap();
        assert_eq!(case.run(&["fmt", "--check", "in"]).exits(2).stdout, "in/a.tf\nin/b.tf\nin/c.tf\n");
        assert_eq!(case.run(&["fmt", "--recursive", "in"]).exits(0).stdout, "in/a.tf\nin/c.tf\n");
        assert!(fs::symlink_metadata(case.at("in/c.tf")).unwrap().is_symlink());
        assert_eq!(case.read("in/b.tf"), TIDY);
        assert_eq!(case.read("in/sub/c.tf"), TIDY);
        assert_eq!(case.read("out/d.tf"), UNTIDY);
        assert_eq!(case.run(&["fmt", "in/folder"]).exits(0).stdout, "in/folder/d.tf\n");
    }

    /// Whoever names a folder does not name what lies beside it; whoever names a link does.
    #[test]
    fn links_that_lead_out_of_a_folder_are_left_out() {
        let case = folder(&[("in/a.tf", UNTIDY), ("in/sub/x.tf", TIDY), ("out/c.tf", UNTIDY)]);
        symlink("../out/c.tf", case.at("in/c.tf")).unwrap();
        symlink("../../out/c.tf", case.at("in/sub/c.tf")).unwrap();
        let ran = case.run(&["fmt", "--recursive", "in"]).exits(0).says("in/c.tf").says("in/sub/c.tf");
        assert_eq!(ran.stdout, "in/a.tf\n");
        assert!(ran.stderr.contains("leads out of `in`"), "{}", ran.stderr);
        assert_eq!(case.read("out/c.tf"), UNTIDY);
        assert_eq!(case.run(&["fmt", "in/c.tf"]).exits(0).stdout, "in/c.tf\n");
        assert_eq!(case.read("out/c.tf"), TIDY);
    }

    #[test]
    fn links_that_lead_to_no_file_are_reported() {
        let case = folder(&[("b.tf", UNTIDY), ("sub/x.tf", TIDY)]);
        symlink("nowhere", case.at("a.tf")).unwrap();
        symlink("sub", case.at("c.tf")).unwrap();
        let ran = case.run(&["fmt"]).exits(1).says("cannot read `a.tf`").says("`c.tf` is not a regular file");
        assert_eq!(ran.stdout, "b.tf\n");
    }
}
