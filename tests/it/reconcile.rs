//! What a person did to a generated folder is kept or reported, never overwritten: edits, deletions,
//! files of one's own, targets that went away, and a record that is not what it was.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::SystemTime;

use crate::support::{Case, Files, SPEC};

const PROVIDERS: &str = "accounts/staging/workload/providers.tf";
const VERIFICATION: &str = "accounts/staging/workload/verification.tf";
const TRUST: &str = "accounts/staging/bootstrap/trust-policy.json";
const LOCK: &str = ".crossrole/lock.yaml";

/// A second target, for the end of [`SPEC`].
const MORE: &str = "  - name: production\n    account_id: \"333333333333\"\n";

/// When each file was last written.
fn times(case: &Case) -> Vec<(String, SystemTime)> {
    let time = |path: &String| {
        fs::metadata(case.at(path)).and_then(|found| found.modified()).expect("files have a time")
    };
    case.files().into_keys().map(|path| (path.clone(), time(&path))).collect()
}

/// The changes of `check --format json`, as path and kind.
fn changes(case: &Case) -> Vec<(String, String)> {
    let json = case.run(&["check", "--format", "json"]).json();
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let changes = json["changes"].as_array().expect("a list");
    changes.iter().map(|change| (text(&change["path"]), text(&change["kind"]))).collect()
}

fn one(path: &str, kind: &str) -> Vec<(String, String)> {
    vec![(path.to_owned(), kind.to_owned())]
}

#[test]
fn a_second_run_writes_nothing() {
    let case = Case::generated(SPEC);
    let (files, before) = (case.files(), times(&case));
    case.run(&["generate"]).exits(0).says("is up to date");
    assert_eq!(case.files(), files);
    assert_eq!(times(&case), before);
    case.run(&["check"]).exits(0);
    assert_eq!(times(&case), before, "`check` writes nothing");
}

#[test]
fn a_dry_run_writes_nothing_and_says_what_it_would() {
    let case = Case::new(SPEC);
    let json = case.run(&["generate", "--dry-run", "--format", "json"]).exits(2).json();
    assert_eq!(json["dry_run"], true);
    assert_eq!(case.files().len(), 1, "only the spec is there");
    let wanted: Vec<_> =
        json["changes"].as_array().expect("a list").iter().map(|change| change["path"].clone()).collect();
    case.run(&["generate"]).exits(0);
    let written: Vec<_> = case.output().into_keys().collect();
    assert_eq!(wanted.len(), written.len());
    assert!(written.iter().all(|path| wanted.contains(&path.as_str().into())));
    case.run(&["generate", "--dry-run"]).exits(0);
}

#[test]
fn differences_are_shown_as_a_diff() {
    let case = Case::generated(SPEC);
    case.edit("crossrole.yaml", "222222222222\"", "222222222222\"\n    region: eu-west-1");
    let ran = case.run(&["generate", "--dry-run", "--diff"]).exits(2);
    assert!(ran.stdout.contains("-  region = \"us-east-1\"\n+  region = \"eu-west-1\"\n"), "{}", ran.stdout);
    let ran = case.run(&["check", "--diff"]).exits(2);
    assert!(ran.stdout.contains("+  region = \"eu-west-1\"\n"), "{}", ran.stdout);
}

#[test]
fn an_edit_is_kept_while_nothing_new_comes() {
    let case = Case::generated(SPEC);
    case.edit(PROVIDERS, "session_name = \"terraform\"", "session_name = \"by-hand\"");
    let edited = case.files();
    assert_eq!(changes(&case), one(PROVIDERS, "edited"));
    case.run(&["check"]).exits(0).says("ok:");
    assert_eq!(case.run(&["check", "--format", "json"]).exits(0).json()["clean"], true);
    case.run(&["check", "--strict"]).exits(2);
    assert_eq!(case.run(&["check", "--strict", "--format", "json"]).exits(2).json()["clean"], false);
    case.run(&["generate"]).exits(0);
    assert_eq!(case.output(), edited_output(&edited));
    case.run(&["generate"]).exits(0);
    assert_eq!(case.output(), edited_output(&edited), "and again");
    assert_eq!(changes(&case), one(PROVIDERS, "edited"), "it is still known as an edit");
}

fn edited_output(files: &Files) -> Files {
    let mut files = files.clone();
    files.retain(|path, _| path != "crossrole.yaml" && !path.starts_with(".crossrole/"));
    files
}

#[test]
fn an_edit_that_what_is_new_contradicts_stops_everything() {
    let case = Case::generated(SPEC);
    case.edit(PROVIDERS, "us-east-1", "ap-south-1");
    let spec = format!("{SPEC}    region: eu-west-1\n{MORE}");
    case.write("crossrole.yaml", spec);
    let before = case.files();
    case.run(&["generate"]).exits(3).says(PROVIDERS).says("nothing was written");
    assert_eq!(case.files(), before, "not even files that have no conflict");
    case.run(&["check"]).exits(2);
    let conflicts: Vec<_> = changes(&case).into_iter().filter(|(_, kind)| kind == "conflict").collect();
    assert_eq!(conflicts, one(PROVIDERS, "conflict"));
    case.edit(PROVIDERS, "ap-south-1", "us-east-1");
    case.run(&["generate"]).exits(0);
    assert_eq!(changes(&case), []);
}

#[test]
fn an_edit_that_says_what_the_new_text_says_is_taken_over() {
    let case = Case::generated(SPEC);
    let other = Case::generated(&format!("{SPEC}    region: eu-west-1\n"));
    for path in [PROVIDERS, VERIFICATION, "accounts/staging/bootstrap/providers.tf", "CROSSROLE.md"] {
        case.write(path, other.read(path));
    }
    case.write("crossrole.yaml", other.read("crossrole.yaml"));
    case.run(&["generate"]).exits(0);
    assert_eq!(case.files(), other.files());
}

#[test]
fn a_managed_file_takes_no_edit() {
    let case = Case::generated(SPEC);
    case.edit("CROSSROLE.md", "Order", "Another order");
    let before = case.files();
    case.run(&["generate"]).exits(3).says("CROSSROLE.md");
    assert_eq!(case.files(), before);
}

#[test]
fn formatting_is_no_edit() {
    let case = Case::generated(SPEC);
    let spaced = case.read(PROVIDERS).replace(" = ", "   =  ").replace("\n  ", "\n      ");
    case.write(PROVIDERS, &spaced);
    let value: serde_json::Value = serde_json::from_str(&case.read(TRUST)).expect("JSON");
    case.write(TRUST, value.to_string());
    assert_eq!(changes(&case), []);
    case.run(&["check", "--strict"]).exits(0);
    case.write(
        "crossrole.yaml",
        format!("{SPEC}    region: eu-west-1\n    role: {{external_id: abcdefgh}}\n"),
    );
    case.run(&["generate"]).exits(0);
    assert!(
        case.read(PROVIDERS).contains("  region = \"eu-west-1\"\n"),
        "what was only formatted is replaced"
    );
    assert!(case.read(TRUST).contains("abcdefgh"));
}

#[test]
fn a_file_of_ones_own_in_the_way_is_a_conflict() {
    let case = Case::new(SPEC);
    case.write(PROVIDERS, "# mine\n");
    case.write("README.md", "mine\n");
    let before = case.files();
    case.run(&["generate"]).exits(3).says(PROVIDERS).says("not managed by crossrole");
    assert_eq!(case.files(), before);
    case.remove(PROVIDERS);
    case.run(&["generate"]).exits(0);
    assert_eq!(case.read("README.md"), "mine\n");
}

#[test]
fn bytes_in_the_way_are_a_conflict_too() {
    let case = Case::generated(SPEC);
    case.write(PROVIDERS, b"\xff\xfe\x00");
    case.run(&["check"]).exits(2).says("allowed_account_ids");
    case.write("crossrole.yaml", format!("{SPEC}    region: eu-west-1\n"));
    case.run(&["generate", "--diff"]).exits(3).says(PROVIDERS);
    assert_eq!(fs::read(case.at(PROVIDERS)).expect("it is there"), b"\xff\xfe\x00");
}

#[test]
fn a_deleted_file_stays_deleted_until_it_is_wanted_back() {
    let case = Case::generated(SPEC);
    let text = case.read(VERIFICATION);
    case.remove(VERIFICATION);
    case.run(&["check"]).exits(0);
    assert_eq!(changes(&case), one(VERIFICATION, "edited"));
    case.run(&["generate"]).exits(0);
    assert!(!case.at(VERIFICATION).exists());
    case.edit("crossrole.yaml", "222222222222\"", "222222222222\"\n    region: eu-west-1");
    case.run(&["generate"]).exits(0).says("--restore");
    assert!(!case.at(VERIFICATION).exists(), "not even when it would be new");
    case.run(&["generate", "--restore", VERIFICATION]).exits(0);
    assert_eq!(case.read(VERIFICATION), text.replace("us-east-1", "eu-west-1"));
    case.run(&["check", "--strict"]).exits(0);
}

#[test]
fn a_deleted_folder_is_restored_by_its_name() {
    let case = Case::generated(SPEC);
    let before = case.output();
    fs::remove_dir_all(case.at("accounts/staging/workload")).expect("it can be deleted");
    case.run(&["generate"]).exits(0);
    assert!(!case.at("accounts/staging/workload").exists());
    case.run(&["generate", "--restore", "./accounts/staging/workload/"]).exits(0);
    assert_eq!(case.output(), before);
}

#[test]
fn a_target_that_was_never_retired_is_not_deleted() {
    let case = Case::generated(&format!("{SPEC}{MORE}"));
    case.write("crossrole.yaml", SPEC);
    let before = case.files();
    case.run(&["generate"]).exits(4).says("production").says("--forget production");
    assert_eq!(case.files(), before);
    case.run(&["generate", "--forget", "staging"]).exits(4);
    case.run(&["generate", "--forget", "production"]).exits(0);
    assert!(!case.at("accounts/production").exists(), "its folders go with it");
    assert_eq!(case.files(), Case::generated(SPEC).files(), "as if it had never been");
}

#[test]
fn a_retired_target_goes_in_two_steps() {
    let case = Case::generated(&format!("{SPEC}{MORE}"));
    case.write("crossrole.yaml", format!("{SPEC}{MORE}    state: retired\n"));
    case.run(&["generate"]).exits(0);
    assert!(case.at("accounts/production/workload/providers.tf").exists());
    assert!(!case.at("accounts/production/workload/tests").exists(), "empty folders are pruned");
    assert!(!case.at("accounts/production/workload/outputs.tf").exists());
    case.write("accounts/production/workload/notes.txt", "mine\n");
    case.write("crossrole.yaml", SPEC);
    case.run(&["generate"]).exits(0);
    let left: Vec<_> = case.files().into_keys().filter(|path| path.contains("production")).collect();
    assert_eq!(left, ["accounts/production/workload/notes.txt"], "a file of one's own stays");
    case.run(&["check"]).exits(0);
}

#[test]
fn an_edited_file_of_a_target_that_goes_is_a_conflict() {
    let case = Case::generated(&format!("{SPEC}{MORE}    state: retired\n"));
    case.edit(
        "accounts/production/workload/providers.tf",
        "session_name = \"terraform\"",
        "session_name = \"by-hand\"",
    );
    case.write("crossrole.yaml", SPEC);
    let before = case.files();
    case.run(&["generate"]).exits(3).says("accounts/production/workload/providers.tf");
    assert_eq!(case.files(), before);
}

#[test]
fn only_looks_at_the_targets_it_names() {
    let case = Case::generated(&format!("{SPEC}{MORE}"));
    let region =
        |name: &str| case.read(&format!("accounts/{name}/workload/providers.tf")).contains("eu-west-1");
    case.write("crossrole.yaml", format!("defaults: {{region: eu-west-1}}\n{SPEC}{MORE}"));
    case.run(&["generate", "--only", "production"]).exits(0);
    assert!(region("production") && !region("staging"));
    case.run(&["check", "--only", "production"]).exits(0);
    case.run(&["check", "--only", "staging"]).exits(2);
    case.run(&["check"]).exits(2);
    case.run(&["generate"]).exits(0);
    assert!(region("staging"));
    case.run(&["check", "--strict"]).exits(0);
}

#[test]
fn only_deletes_no_other_target() {
    let case = Case::generated(&format!("{SPEC}{MORE}"));
    case.write("crossrole.yaml", SPEC);
    case.run(&["generate", "--only", "staging"]).exits(0);
    assert!(case.at("accounts/production/workload/providers.tf").exists());
    case.run(&["generate"]).exits(4);
}

#[test]
fn check_as_json_has_the_shape_that_scripts_rely_on() {
    let case = Case::new(SPEC);
    let json = case.run(&["check", "--format", "json"]).exits(2).json();
    assert_eq!(json["clean"], false);
    let changes = json["changes"].as_array().expect("a list");
    assert!(changes.len() > 15);
    assert!(changes.iter().all(|change| change["kind"] == "missing" && change["path"].is_string()));
    case.run(&["generate"]).exits(0);
    let json = case.run(&["check", "--format", "json"]).exits(0).json();
    assert_eq!(json, serde_json::json!({ "clean": true, "changes": [], "warnings": [] }));
    case.write(
        "crossrole.yaml",
        format!("{SPEC}    region: eu-west-1\n    verification: {{enabled: false}}\n"),
    );
    let kinds: Vec<_> = self::changes(&case).into_iter().map(|(_, kind)| kind).collect();
    assert!(kinds.contains(&"stale".to_owned()) && kinds.contains(&"orphan".to_owned()), "{kinds:?}");
}

#[test]
fn a_damaged_lock_is_refused_and_can_be_rebuilt() {
    let case = Case::generated(SPEC);
    let lock = case.read(LOCK);
    for damaged in
        ["", "<<<<<<< ours\nformat: 1\n=======\n", "\0\0\0", "format: 1\nunits:\n  - ../../etc x\n", "[]"]
    {
        case.write(LOCK, damaged);
        let before = case.files();
        case.run(&["generate"]).exits(4).says("damaged");
        case.run(&["check"]).exits(4);
        assert_eq!(case.files(), before);
    }
    case.write(LOCK, lock.replace("format: 1", "format: 2"));
    case.run(&["generate"]).exits(4).says("newer");
    case.remove(LOCK);
    case.edit(PROVIDERS, "session_name = \"terraform\"", "session_name = \"by-hand\"");
    case.run(&["generate"]).exits(0);
    assert!(case.read(PROVIDERS).contains("by-hand"), "edits are still known from the records");
    assert_eq!(case.read(LOCK), lock);
}

#[test]
fn locks_merged_by_git_are_read() {
    let case = Case::generated(&format!("{SPEC}{MORE}"));
    let lock = case.read(LOCK);
    let other = Case::generated(&format!("{SPEC}    region: eu-west-1\n{MORE}"));
    case.write(LOCK, format!("{lock}{}", other.read(LOCK)));
    case.run(&["generate"]).exits(0);
    assert_eq!(case.read(LOCK), lock);
}

#[test]
fn a_damaged_record_is_none_and_a_newer_one_is_refused() {
    let record = ".crossrole/units/targets/staging.yaml";
    let case = Case::generated(SPEC);
    let text = case.read(record);
    case.write(record, "<<<<<<< ours\n");
    case.write("crossrole.yaml", format!("{SPEC}    region: eu-west-1\n"));
    let before = case.files();
    case.run(&["generate"]).exits(3);
    assert_eq!(case.files(), before, "without a record nobody knows what was edited");
    case.write(record, text.replace("format: 1", "format: 2"));
    case.run(&["generate"]).exits(4).says("newer");
    case.write(record, text);
    case.run(&["generate"]).exits(0);
}

#[test]
fn other_templates_change_what_they_render() {
    let case = Case::generated(SPEC);
    case.run(&["templates", "eject", "pack"]).exits(0);
    case.edit("pack/workload/verification.tf.tera", "#", "# Ours.\n#");
    case.run(&["check", "--templates", "pack"]).exits(2).says("verification.tf");
    let before = case.files();
    case.run(&["generate", "--templates", "pack"]).exits(4).says("crossrole update");
    case.run(&["generate", "--templates", "pack", "--dry-run"]).exits(4);
    assert_eq!(case.files(), before, "other templates are a decision");
    case.run(&["update", "--templates", "pack"]).exits(0);
    assert!(case.read("accounts/staging/workload/verification.tf").starts_with("# Ours.\n"));
    case.run(&["check", "--templates", "pack"]).exits(0);
}

#[test]
fn scripts_can_be_run_and_files_keep_their_mode() {
    let spec = SPEC.replace("111\"", "111\"\n  callers: [{kind: iam_user, name: terraform, mfa: true}]");
    let case = Case::generated(&spec);
    let mode = |path: &str| fs::metadata(case.at(path)).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode("source/mfa-session.sh") & 0o111, mode("source/mfa-session.sh") & 0o444 >> 2);
    assert_eq!(mode("source/main.tf") & 0o111, 0);
    fs::set_permissions(case.at(PROVIDERS), fs::Permissions::from_mode(0o640)).expect("modes can be set");
    case.write("crossrole.yaml", format!("{spec}    region: eu-west-1\n"));
    case.run(&["generate"]).exits(0);
    assert_eq!(mode(PROVIDERS), 0o640);
}
