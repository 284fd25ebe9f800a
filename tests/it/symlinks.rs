//! Nothing is ever written outside the output folder, whatever stands in it: links, pipes, folders
//! where files should be, and files where folders should be.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::support::{Case, SPEC, files, temporary};

/// A place elsewhere that must stay as it is.
struct Elsewhere(assert_fs::TempDir);

impl Elsewhere {
    fn new() -> Self {
        let folder = temporary();
        fs::write(folder.path().join("precious.tf"), "# precious\n").expect("files can be written");
        Self(folder)
    }

    #[track_caller]
    fn is_untouched(&self) {
        let files = files(self.0.path());
        assert_eq!(files.len(), 1, "{files:?}");
        assert_eq!(files["precious.tf"], "# precious\n");
    }
}

/// Every folder and file that a run makes; each of them may be a trap.
fn paths() -> (Vec<String>, Vec<String>) {
    let files: Vec<String> =
        Case::generated(SPEC).files().into_keys().filter(|path| path != "crossrole.yaml").collect();
    let mut folders: Vec<String> =
        files.iter().filter_map(|path| Some(path.rsplit_once('/')?.0.to_owned())).collect();
    folders.extend(["accounts", "modules", ".crossrole/units"].map(str::to_owned));
    folders.sort();
    folders.dedup();
    assert!(files.len() > 20 && folders.len() > 8, "{folders:?}");
    (files, folders)
}

#[test]
fn linked_folders_are_refused() {
    for folder in paths().1 {
        let (case, elsewhere) = (Case::new(SPEC), Elsewhere::new());
        let at = case.at(&folder);
        fs::create_dir_all(at.parent().expect("a folder above")).expect("folders can be made");
        symlink(elsewhere.0.path(), &at).expect("links can be made");
        let ran = case.run(&["generate"]);
        elsewhere.is_untouched();
        assert!(ran.code == Some(4) && ran.stderr.contains(&folder), "{folder}: {ran:?}");
        // Looking writes nothing, so a link in the record does no harm there.
        let code = case.run(&["check"]).code;
        assert!(
            code == Some(4) || code == Some(2) && folder.starts_with(".crossrole/"),
            "{folder}: {code:?}"
        );
        assert_eq!(case.files().len(), 2, "{folder}: only the spec and the link are there");
    }
}

#[test]
fn linked_files_are_refused() {
    for path in paths().0 {
        let (case, elsewhere) = (Case::new(SPEC), Elsewhere::new());
        let at = case.at(&path);
        fs::create_dir_all(at.parent().expect("a folder above")).expect("folders can be made");
        symlink(elsewhere.0.path().join("precious.tf"), &at).expect("links can be made");
        let ran = case.run(&["generate"]);
        elsewhere.is_untouched();
        // What is crossrole's own may be replaced, never written through.
        if !path.starts_with(".crossrole/") {
            assert!(matches!(ran.code, Some(3 | 4)), "{path}: {ran:?}");
            assert!(at.is_symlink(), "{path}: it is still a link");
            assert_eq!(case.files().len(), 2, "{path}: only the spec and the link are there");
        }
    }
}

/// Places that a run uses on its way are as good for a trap as those that it leaves behind.
#[test]
fn linked_temporary_files_are_not_written_through() {
    for path in [
        ".crossrole/units/.crossrole-targets/staging.yaml",
        "accounts/.crossrole-staging/workload/providers.tf",
        ".crossrole-source/main.tf",
    ] {
        let (case, elsewhere) = (Case::new(SPEC), Elsewhere::new());
        let at = case.at(path);
        fs::create_dir_all(at.parent().expect("a folder above")).expect("folders can be made");
        symlink(elsewhere.0.path().join("precious.tf"), &at).expect("links can be made");
        case.run(&["generate"]);
        elsewhere.is_untouched();
    }
    for folder in [
        ".crossrole/units/.crossrole-targets",
        "accounts/.crossrole-staging",
        ".crossrole-source",
        ".crossrole-modules",
    ] {
        let (case, elsewhere) = (Case::new(SPEC), Elsewhere::new());
        let at = case.at(folder);
        fs::create_dir_all(at.parent().expect("a folder above")).expect("folders can be made");
        symlink(elsewhere.0.path(), &at).expect("links can be made");
        case.run(&["generate"]);
        elsewhere.is_untouched();
    }
}

#[test]
fn a_file_that_became_a_link_is_not_written_through() {
    let (case, elsewhere) = (Case::generated(SPEC), Elsewhere::new());
    let path = "accounts/staging/workload/providers.tf";
    fs::write(elsewhere.0.path().join("precious.tf"), case.read(path)).expect("files can be written");
    case.remove(path);
    symlink(elsewhere.0.path().join("precious.tf"), case.at(path)).expect("links can be made");
    case.write("crossrole.yaml", format!("{SPEC}    region: eu-west-1\n"));
    case.run(&["generate"]).exits(4).says(path);
    let text = fs::read_to_string(elsewhere.0.path().join("precious.tf")).expect("it is there");
    assert!(text.contains("us-east-1"));
}

#[test]
fn links_that_lead_nowhere_or_to_themselves_are_refused() {
    for to in ["/nowhere/at/all", "providers.tf", "..", "/dev/full", "/proc/self/fd/1"] {
        let case = Case::new(SPEC);
        let path = "accounts/staging/workload/providers.tf";
        fs::create_dir_all(case.at("accounts/staging/workload")).expect("folders can be made");
        symlink(to, case.at(path)).expect("links can be made");
        case.run(&["generate"]).exits(4).says(path);
        assert_eq!(case.files().len(), 2);
    }
}

#[test]
fn pipes_and_folders_in_the_way_are_refused() {
    for path in ["CROSSROLE.md", "accounts/staging/workload/providers.tf", ".crossrole/lock.yaml"] {
        for is_pipe in [true, false] {
            let case = Case::new(SPEC);
            let at = case.at(path);
            fs::create_dir_all(at.parent().expect("a folder above")).expect("folders can be made");
            if is_pipe {
                let made = Command::new("mkfifo").arg(&at).status().expect("mkfifo can be run");
                assert!(made.success());
            } else {
                fs::create_dir(&at).expect("folders can be made");
            }
            let before = case.files();
            let ran = case.run(&["generate"]);
            assert!(matches!(ran.code, Some(3 | 4)), "{path}: {ran:?}");
            assert_eq!(case.files(), before);
        }
    }
}

#[test]
fn files_where_folders_should_be_are_refused() {
    for folder in paths().1 {
        let case = Case::new(SPEC);
        case.write(&folder, "mine\n");
        let ran = case.run(&["generate"]);
        assert!(matches!(ran.code, Some(1 | 3 | 4)), "{folder}: {ran:?}");
        assert_eq!(case.files().len(), 2, "{folder}");
        assert_eq!(case.read(&folder), "mine\n");
    }
}

#[test]
fn the_output_folder_itself_may_be_a_link_and_no_file() {
    let (case, elsewhere) = (Case::new(SPEC), temporary());
    symlink(elsewhere.path(), case.at("out")).expect("links can be made");
    case.run(&["generate", "--out", "out"]).exits(0);
    assert!(files(elsewhere.path()).contains_key("CROSSROLE.md"), "a person chose that folder");
    case.run(&["generate", "--out", "crossrole.yaml"]).exits(1).says("not a folder");
    case.run(&["generate", "--out", "crossrole.yaml/below"]).exits(1);
}

#[test]
fn a_record_that_lies_leads_nowhere() {
    let elsewhere = Elsewhere::new();
    let record = ".crossrole/units/targets/staging.yaml";
    let precious = elsewhere.0.path().join("precious.tf").display().to_string();
    for path in
        [&*precious, "../precious.tf", "accounts/../../precious.tf", "a\\..\\b", ".crossrole/lock.yaml", ""]
    {
        let case = Case::generated(SPEC);
        let text = case.read(record);
        let entry = format!(
            "{text}  - path: {path:?}\n    template: x\n    policy: merge\n    text: \"# precious\\n\"\n"
        );
        case.write(record, entry);
        case.write("crossrole.yaml", format!("{SPEC}    region: eu-west-1\n"));
        let lock = case.read(".crossrole/lock.yaml");
        case.run(&["generate"]);
        elsewhere.is_untouched();
        assert!(case.at(".crossrole/lock.yaml").exists() && !lock.is_empty(), "{path}");
    }
}

#[test]
fn names_in_a_lock_lead_nowhere() {
    let case = Case::generated(SPEC);
    let lock = case.read(".crossrole/lock.yaml");
    for name in ["targets/../../../x", "targets//etc", "targets/", "/etc/passwd", "targets/A"] {
        case.write(".crossrole/lock.yaml", format!("{lock}  - {name} {}\n", "0".repeat(64)));
        case.run(&["generate"]).exits(4);
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_that_says_so() {
    let case = Case::new(SPEC);
    let ran = case.run(&["generate", "--out", "/proc/crossrole"]).exits(1);
    assert!(ran.stderr.contains("/proc/crossrole") && !ran.stderr.contains("panicked"), "{}", ran.stderr);
}
