//! Files of one's own in folders that newer templates leave.

use super::v2_with;
use crate::support::{Case, SPEC};

/// The workload's folder has another name in the second version.
fn renamed_folder(case: &Case) {
    v2_with(case, "pack.yaml", |manifest| manifest.replace("/workload/", "/resources/"));
}

#[test]
fn what_stays_behind_is_named() {
    let case = Case::generated(SPEC);
    renamed_folder(&case);
    let workload = "accounts/staging/workload";
    for name in ["own.tf", ".terraform.lock.hcl", "modules/x/main.tf", ".terraform/litter"] {
        case.write(&format!("{workload}/{name}"), "# Mine.\n");
    }
    let update = ["update", "--templates", "v2", "--format", "json"];
    let dry: Vec<_> = update.iter().chain(&["--dry-run"]).copied().collect();
    let stays = serde_json::json!([{
        "folder": workload,
        "to": "accounts/staging/resources",
        "stays": [".terraform.lock.hcl", "modules/", "own.tf"],
    }]);
    assert_eq!(case.run(&dry).exits(2).json()["repositories"][0]["left_behind"], stays);
    let ran = case.run(&update[..3]).exits(0);
    let ran = ran.says("`accounts/staging/workload` moved to `accounts/staging/resources`");
    ran.says("`.terraform.lock.hcl`, `modules/`, `own.tf`");
    assert_eq!(case.read(&format!("{workload}/own.tf")), "# Mine.\n");
    let json = case.run(&update).exits(0).json();
    assert_eq!(json["repositories"][0]["left_behind"], serde_json::json!([]), "it is said once");
}

#[test]
fn what_is_no_longer_generated_may_leave_files_too() {
    let case = Case::generated(SPEC);
    case.write("accounts/staging/workload/tests/own.tftest.hcl", "# Mine.\n");
    case.edit("crossrole.yaml", "222222222222\"", "222222222222\"\n    state: retired");
    let ran = case.run(&["update"]).exits(0);
    ran.says("nothing in `accounts/staging/workload/tests` is generated any more").says("`own.tftest.hcl`");
}

#[test]
fn where_nothing_of_ones_own_is_nothing_is_said() {
    let case = Case::generated(SPEC);
    renamed_folder(&case);
    let ran = case.run(&["update", "--templates", "v2"]).exits(0);
    assert!(!ran.stderr.contains("stays"), "{}", ran.stderr);
    assert!(!case.at("accounts/staging/workload").exists());
}
