//! What git makes of files when it checks them out is no edit: line endings and modes are the checkout's,
//! and stay as it has them.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::PROVIDERS;
use crate::support::{Case, SPEC, commit_all, files, git, run};

/// The same with a region, which changes most files of the target.
fn moved_on() -> String {
    SPEC.replace("222222222222\"", "222222222222\"\n    region: eu-west-1")
}

/// A clone of a generated tree, in which git ends lines with CRLF.
fn clone(how: &str) -> Case {
    let original = Case::generated(SPEC);
    if how == "attributes" {
        original.write(".gitattributes", "* text=auto eol=crlf\n");
    }
    commit_all(original.root());
    let clone = Case::new("");
    clone.remove("crossrole.yaml");
    let setting = format!("core.autocrlf={}", how == "setting");
    git(
        original.root(),
        &["clone", "--quiet", "--config", &setting, ".", &clone.root().display().to_string()],
    );
    git(clone.root(), &["config", "user.name", "Test"]);
    git(clone.root(), &["config", "user.email", "test@example.com"]);
    for path in [PROVIDERS, "CROSSROLE.md", ".crossrole/lock.yaml", ".crossrole/units/shared.yaml"] {
        assert!(is_crlf(&clone.read(path)), "{path}");
    }
    clone
}

fn is_crlf(text: &str) -> bool {
    text.matches("\r\n").count() == text.matches('\n').count() && text.contains('\n')
}

fn status(case: &Case) -> String {
    git(case.root(), &["status", "--porcelain"])
}

#[test]
fn a_checkout_with_other_line_endings_is_no_edit() {
    for how in ["setting", "attributes"] {
        let case = clone(how);
        let before = case.files();
        case.run(&["check", "--strict"]).exits(0);
        case.run(&["generate"]).exits(0).says("up to date");
        case.run(&["update"]).exits(0).says("up to date");
        assert_eq!(case.files(), before, "{how}");
    }
}

#[test]
fn what_is_written_keeps_the_line_endings_of_each_file() {
    for how in ["setting", "attributes"] {
        let case = clone(how);
        case.edit(PROVIDERS, "session_name = \"terraform\"", "session_name = \"mine\"");
        let unix = "accounts/staging/workload/verification.tf";
        case.write(unix, case.read(unix).replace('\r', ""));
        git(case.root(), &["commit", "--quiet", "--all", "--message", "mine"]);
        case.run(&["check"]).exits(0).says("1 file edited by hand");
        case.write("crossrole.yaml", moved_on());
        case.run(&["update", "--commit"]).exits(0).says("1 merged with edits");
        let text = case.read(PROVIDERS);
        assert!(is_crlf(&text) && text.contains("\"mine\"") && text.contains("eu-west-1"), "{text}");
        assert!(!case.read(unix).contains('\r'), "it had LF, and has it still");
        let files = case.files();
        let is_ours = |path: &&String| !path.starts_with(".git/") && *path != "crossrole.yaml";
        for path in files.keys().filter(is_ours).filter(|path| *path != unix) {
            assert!(is_crlf(&files[path]), "{how}: {path}");
        }
        assert_eq!(status(&case), " M crossrole.yaml\n", "{how}");
        case.run(&["check"]).exits(0);
        case.run(&["generate"]).exits(0).says("up to date");
        // Nothing but what was meant is in the commit.
        let changed = git(case.root(), &["show", "--numstat", "--format=", "HEAD", "--", PROVIDERS]);
        assert!(changed.starts_with("1\t") || changed.starts_with("2\t"), "{changed}");
    }
}

#[test]
fn an_edit_is_an_edit_in_any_checkout() {
    for (what, is_edit) in
        [("mine\r\n", true), ("mine\n", true), ("mine", true), ("\r\n", true), ("\r", true), ("", false)]
    {
        let case = clone("setting");
        case.write("CROSSROLE.md", format!("{}{what}", case.read("CROSSROLE.md")));
        let before = case.files();
        case.run(&["check"]).exits(if is_edit { 2 } else { 0 });
        case.run(&["generate"]).exits(if is_edit { 3 } else { 0 });
        assert_eq!(case.files(), before, "{what:?}");
    }
    // Of one line alone nobody's settings made that.
    let case = Case::generated(SPEC);
    case.edit("CROSSROLE.md", "\n", "\r\n");
    case.run(&["check"]).exits(2).says("CROSSROLE.md");
}

/// Whatever a run leaves for a person can be undone to the byte, and gone on with.
#[test]
fn a_run_that_waits_in_such_a_checkout_ends_like_any_other() {
    let edited = || {
        let case = clone("setting");
        case.edit(PROVIDERS, "us-east-1", "ap-south-1");
        case.write("crossrole.yaml", moved_on().replace('\n', "\r\n"));
        git(case.root(), &["commit", "--quiet", "--all", "--message", "mine"]);
        case
    };
    let tree = |case: &Case| {
        let mut files = case.files();
        files.retain(|path, _| !path.starts_with(".git/"));
        files
    };
    let case = edited();
    let before = tree(&case);
    case.run(&["update", "--conflict", "inline"]).exits(3);
    assert!(case.read(PROVIDERS).contains("<<<<<<<") && is_crlf(&case.read(PROVIDERS)));
    case.run(&["update", "--abort"]).exits(0);
    assert_eq!(tree(&case), before);
    case.run(&["update", "--conflict", "inline"]).exits(3);
    let text = case.read(PROVIDERS);
    let (above, marked) = text.split_once("<<<<<<<").expect("markers");
    let (_, below) = marked.rsplit_once(">>>>>>>").expect("markers");
    let (_, below) = below.split_once('\n').expect("a line");
    case.write(PROVIDERS, format!("{above}  region = \"ap-south-1\"\r\n{below}"));
    let ran = case.run(&["update", "--continue"]).exits(0);
    assert!(!ran.stderr.contains("was changed"), "{}", ran.stderr);
    for path in [".crossrole/lock.yaml", ".crossrole/units/targets/staging.yaml"] {
        assert!(is_crlf(&case.read(path)), "{path}");
    }
    case.run(&["check"]).exits(0);
}

/// A pack is the same one, however its files were checked out.
#[test]
fn a_pack_is_the_same_in_any_checkout() {
    let case = Case::new(&format!("{SPEC}templates: ./pack\n"));
    case.run(&["templates", "eject", "pack"]).exits(0);
    case.run(&["generate"]).exits(0);
    let before = case.output();
    for (path, text) in files(&case.at("pack")) {
        case.write(&format!("pack/{path}"), text.replace('\n', "\r\n"));
    }
    case.run(&["check", "--strict"]).exits(0);
    case.run(&["generate"]).exits(0).says("up to date");
    let after = case.output();
    let is_output = |path: &&String| !path.starts_with("pack/");
    assert!(before.iter().filter(|(path, _)| is_output(path)).all(|(path, text)| after[path] == *text));
}

/// `core.fileMode=false` gives no file the right to be run.
#[test]
fn a_mode_is_no_edit_and_stays() {
    let case = Case::generated(SPEC);
    let mode = |path: &PathBuf| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    let scripts: Vec<PathBuf> = case.output().into_keys().map(|path| case.at(&path)).collect();
    let (with, without): (Vec<_>, Vec<_>) = scripts.into_iter().partition(|path| mode(path) & 0o100 != 0);
    for path in with.iter().chain(&without) {
        let turned = if mode(path) & 0o100 == 0 { 0o755 } else { 0o644 };
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(turned)).expect("modes can be set");
    }
    case.run(&["check", "--strict"]).exits(0);
    case.run(&["generate"]).exits(0).says("up to date");
    case.run(&["update"]).exits(0).says("up to date");
    case.write("crossrole.yaml", moved_on());
    run(case.crossrole().arg("generate")).exits(0);
    assert!(without.iter().all(|path| !path.exists() || mode(path) == 0o755), "modes stay");
    assert!(with.iter().all(|path| !path.exists() || mode(path) == 0o644), "modes stay");
}

/// Two branches meet in such a checkout as they do in any other.
#[test]
fn two_branches_meet_in_such_a_checkout() {
    let case = clone("setting");
    let first = "  - {name: alpha, account_id: \"333333333333\"}\n";
    let second = "  - {name: zulu, account_id: \"444444444444\"}\n";
    let spec = |before: &str, after: &str| {
        let text = SPEC.replace("targets:\n", &format!("targets:\n{before}"));
        format!("{text}{after}").replace('\n', "\r\n")
    };
    git(case.root(), &["branch", "start"]);
    for (branch, before, after) in [("one", first, ""), ("two", "", second)] {
        git(case.root(), &["switch", "--quiet", "--create", branch, "start"]);
        case.write("crossrole.yaml", spec(before, after));
        if branch == "two" {
            case.edit(PROVIDERS, "session_name = \"terraform\"", "session_name = \"mine\"");
        }
        case.run(&["generate"]).exits(0);
        git(case.root(), &["add", "--all"]);
        git(case.root(), &["commit", "--quiet", "--message", branch]);
    }
    // Without the driver git may leave markers in what is generated.
    let merge = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "merge", "--quiet", "one"];
    let merged = std::process::Command::new("git").current_dir(case.root()).args(merge).output();
    assert!(merged.is_ok(), "git is there");
    case.write("crossrole.yaml", spec(first, second));
    case.run(&["generate"]).exits(0);
    case.run(&["check"]).exits(0).says("1 file edited by hand");
    assert!(case.read(PROVIDERS).contains("\"mine\""));
    assert!(case.at("accounts/alpha").is_dir() && case.at("accounts/zulu").is_dir());
}
