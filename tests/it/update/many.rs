//! Many folders at once: each has its own result, and none stops another.

use super::{PROVIDERS, second_version};
use crate::support::{Case, SPEC};

/// Three trees below one folder, and what makes each of them special.
fn three() -> Case {
    let case = Case::new(SPEC);
    second_version(&case);
    for name in ["a", "b/deep", "c"] {
        case.write(&format!("{name}/crossrole.yaml"), SPEC);
        case.run(&["generate", "--spec", &format!("{name}/crossrole.yaml"), "--quiet"]).exits(0);
    }
    case
}

fn results(json: &serde_json::Value) -> Vec<(String, String, u64)> {
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let entry = |entry: &serde_json::Value| {
        (text(&entry["path"]), text(&entry["result"]), entry["exit_code"].as_u64().expect("a code"))
    };
    json["repositories"].as_array().expect("a list").iter().map(entry).collect()
}

#[test]
fn folders_are_found_and_updated() {
    let case = three();
    let json = case.run(&["update", ".", "--templates", "v2", "--format", "json"]).exits(0).json();
    let updated = |path: &str| (path.to_owned(), "updated".to_owned(), 0);
    assert_eq!(results(&json), [updated("./a"), updated("./b/deep"), updated("./c")]);
    let ran = case.run(&["update", "a", "c", "--templates", "v2"]).exits(0).says("2 folders");
    assert_eq!(ran.stderr.matches("up to date").count(), 2);
}

#[test]
fn one_that_fails_stops_no_other_and_the_worst_is_the_result() {
    let case = three();
    case.edit("a/.crossrole/lock.yaml", "format: 1", "format: 7");
    case.edit(
        "b/deep/modules/verification-bucket/variables.tf",
        "variable \"",
        "variable \"change_ticket\" {\n  type = number\n}\n\nvariable \"",
    );
    let arguments = ["update", ".", "--templates", "v2", "--format", "json", "--conflict", "inline"];
    let json = case.run(&arguments).exits(4).json();
    let codes = results(&json);
    let entry = |path: &str, result: &str, code| (path.to_owned(), result.to_owned(), code);
    assert_eq!(
        codes,
        [entry("./a", "refused", 4), entry("./b/deep", "conflicts", 3), entry("./c", "updated", 0)]
    );
    assert!(
        json["repositories"][0]["errors"][0]["message"].as_str().is_some_and(|text| text.contains("newer"))
    );
    case.remove("c/crossrole.yaml");
    case.run(&["update", "c", "--templates", "v2"]).exits(1).says("--spec");
    let json = case.run(&["update", "b", "--abort", "--format", "json"]).exits(0).json();
    assert_eq!(results(&json), [entry("b/deep", "undone", 0)]);
}

/// Readers count `errors`: nothing else is in there.
#[test]
fn errors_are_errors_and_warnings_stand_apart() {
    let case = three();
    let variable = "variable \"change_ticket\" {\n  type = number\n}\n\nvariable \"";
    case.edit("a/modules/verification-bucket/variables.tf", "variable \"", variable);
    let arguments = ["update", "a", "--templates", "v2", "--format", "json", "--conflict", "abort"];
    let json = case.run(&arguments).exits(3).json();
    let levels = |key: &str| -> Vec<(String, bool)> {
        let said = json["repositories"][0][key].as_array().expect("a list");
        let text = |found: &serde_json::Value, key: &str| found[key].as_str().expect("a text").to_owned();
        said.iter()
            .map(|found| (text(found, "level"), text(found, "message").contains("nothing was")))
            .collect()
    };
    assert_eq!(levels("errors"), [("error".to_owned(), false)]);
    assert_eq!(levels("warnings"), [("warning".to_owned(), true)]);
}

#[test]
fn a_folder_that_holds_none_is_an_error() {
    let case = Case::new(SPEC);
    case.run(&["update"]).exits(1).says("crossrole generate");
    case.run(&["update", "nowhere"]).exits(1).says("nowhere");
    let case = three();
    let json =
        case.run(&["update", "a", "nowhere", "c", "--templates", "v2", "--format", "json"]).exits(1).json();
    let results: Vec<_> = results(&json).into_iter().map(|(path, result, _)| (path, result)).collect();
    let entry = |path: &str, result: &str| (path.to_owned(), result.to_owned());
    assert_eq!(results, [entry("a", "updated"), entry("c", "updated"), entry("nowhere", "failed")]);
}

#[test]
fn a_dry_run_writes_nothing_and_shows_what_it_would() {
    let case = three();
    let before = case.files();
    let ran = case.run(&["update", ".", "--templates", "v2", "--dry-run", "--diff"]).exits(2);
    assert!(ran.stdout.contains("+variable \"change_ticket\" {\n"), "{}", ran.stdout);
    assert_eq!(case.files(), before);
}

#[test]
fn the_spec_is_found_from_the_folder() {
    let case = Case::new("");
    case.write("specs/prod.yaml", SPEC);
    case.write(".git/HEAD", "ref: refs/heads/main\n");
    case.run(&["generate", "--spec", "specs/prod.yaml", "--out", "infra/prod"]).exits(0);
    assert!(case.read("infra/prod/.crossrole/lock.yaml").contains("spec: \"../../specs/prod.yaml\"\n"));
    case.edit("specs/prod.yaml", "222222222222\"", "222222222222\"\n    region: eu-west-1");
    case.run(&["update", "infra"]).exits(0).says("updated:");
    assert!(case.read(&format!("infra/prod/{PROVIDERS}")).contains("eu-west-1"));
    case.edit("infra/prod/.crossrole/lock.yaml", "../../specs/prod.yaml", "/etc/passwd");
    case.run(&["update", "infra"]).exits(1).says("--spec");
}

/// A record is a file of the repository, and anybody may have written it.
#[test]
fn a_record_names_no_spec_outside_its_repository() {
    let case = Case::new("");
    case.write("specs/prod.yaml", SPEC);
    case.write("repo/.git/HEAD", "ref: refs/heads/main\n");
    case.run(&["generate", "--spec", "specs/prod.yaml", "--out", "repo/infra"]).exits(0);
    case.run(&["update", "repo/infra"]).exits(4).says("outside its repository");
    case.run(&["update", "repo/infra", "--spec", "specs/prod.yaml"]).exits(0);
    case.write("repo/infra/crossrole.yaml", "");
    std::fs::remove_file(case.at("repo/infra/crossrole.yaml")).expect("files can be removed");
    std::os::unix::fs::symlink(case.at("specs/prod.yaml"), case.at("repo/infra/crossrole.yaml"))
        .expect("links can be made");
    case.edit("repo/infra/.crossrole/lock.yaml", "../../specs/prod.yaml", "crossrole.yaml");
    case.run(&["update", "repo/infra"]).exits(4).says("outside its repository");
}
