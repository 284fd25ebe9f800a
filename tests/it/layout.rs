//! `terraform.layout: single`: what a change of the spec touches, what is refused, and what is judged as whose.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Case, Files};

const ROLE: &str = r#""arn:aws:iam::200000000001:role/TerraformCrossAccount""#;

/// A spec with targets of these names; each has the account of its place.
fn spec(layout: &str, names: &[&str]) -> String {
    let id = |number: usize| format!("2{number:011}");
    let target = |(number, name): (usize, &&str)| json!({"name": name, "account_id": id(number)});
    let targets: Vec<Value> = names.iter().enumerate().map(target).collect();
    let source = json!({"account_id": "111111111111", "callers": [{"kind": "role", "name": "ci/deployer"}]});
    json!({"version": 1, "source": source, "terraform": {"layout": layout}, "targets": targets}).to_string()
}

/// The paths below a folder that two outputs do not have in common.
fn differing(before: &Files, after: &Files, folder: &str) -> BTreeSet<String> {
    let paths = before.keys().chain(after.keys()).filter(|path| path.starts_with(folder));
    paths.filter(|path| before.get(*path) != after.get(*path)).cloned().collect()
}

#[test]
fn another_account_brings_one_file_and_its_test_and_touches_no_other() {
    let names = ["m", "dev", "1st", "versions", "override", "providers", "m-", "z--9"];
    let case = Case::generated(&spec("single", &names[..1]));
    for count in 2..=names.len() {
        let before = case.output();
        case.write("crossrole.yaml", spec("single", &names[..count]));
        case.run(&["generate"]).exits(0);
        let name = names[count - 1];
        let own =
            [format!("workload/account-{name}.tf"), format!("workload/tests/account-{name}.tftest.hcl")];
        assert_eq!(differing(&before, &case.output(), "workload/"), BTreeSet::from(own));
    }
}

#[test]
fn another_layout_replaces_no_root_unless_told_to() {
    let names = ["dev", "1st"];
    for (before, after, gone, there) in [
        ("roots", "single", "accounts/dev/workload/providers.tf", "workload/account-dev.tf"),
        ("single", "roots", "workload/account-dev.tf", "accounts/dev/workload/providers.tf"),
    ] {
        let case = Case::generated(&spec(before, &names));
        case.write("crossrole.yaml", spec(after, &names));
        let files = case.files();
        let refused = case.run(&["generate"]).exits(4).says("--replace-roots").says("state pull");
        refused.says("module.verification__1st");
        case.run(&["generate", "--dry-run"]).exits(4);
        assert_eq!(case.files(), files, "nothing was written");
        case.run(&["check"]).exits(2);
        let said = case.run(&["generate", "--replace-roots"]).exits(0).stderr;
        assert!(!said.contains("trust widened"), "{said}");
        assert!(!case.at(gone).exists() && case.at(there).exists());
        case.run(&["check"]).exits(0);
        case.run(&["generate"]).exits(0);
    }
}

#[test]
fn the_one_root_is_listed_once_with_its_targets() {
    let case = Case::generated(&spec("single", &["dev", "prod"]));
    let listed = case.run(&["list", "--format", "json"]).exits(0).json();
    let roots: Vec<&Value> = listed["roots"].as_array().expect("a list").iter().collect();
    let paths: Vec<&str> = roots.iter().filter_map(|root| root["path"].as_str()).collect();
    assert_eq!(paths, ["source", "accounts/dev/bootstrap", "accounts/prod/bootstrap", "workload"]);
    let last = roots.last().expect("there are four");
    assert_eq!(last["targets"], json!(["dev", "prod"]));
    assert_eq!(last["callers"], json!(["deployer"]));
    assert_eq!(last["account_id"], "111111111111");
    let text = case.run(&["list"]).exits(0).stdout;
    assert!(text.contains("workload") && text.contains("2 accounts"), "{text}");
    let only = case.run(&["list", "--only", "dev"]).exits(0).stdout;
    assert!(only.contains("workload") && !only.contains("accounts/prod"), "{only}");
    case.edit("workload/account-prod.tf", "session_name", "# edited\n    session_name");
    case.run(&["verify"]).exits(4).says("layout: roots");
}

#[test]
fn more_accounts_than_one_root_should_start_are_warned_of() {
    let names: Vec<String> = (0..21).map(|number| format!("t{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let warning = "starts 21 AWS providers at once";
    for (layout, count, is_warned) in [("single", 21, true), ("single", 20, false), ("roots", 21, false)] {
        let case = Case::new(&spec(layout, &names[..count]));
        for command in [&["generate"][..], &["lint"]] {
            let ran = case.run(command);
            let said = format!("{}{}", ran.stdout, ran.stderr);
            assert_eq!(said.contains(warning), is_warned, "{layout}, {count}: {said}");
        }
    }
}

#[test]
fn an_edit_in_the_one_root_is_its_own_targets_and_no_others() {
    let case = Case::generated(&spec("single", &["dev", "prod", "test"]));
    let other = r#""arn:aws:iam::999999999999:role/Other""#;
    case.edit("workload/account-prod.tf", ROLE, other);
    let found = case.run(&["check"]).exits(2).stderr;
    assert!(found.contains("provider `aws.prod` assumes `arn:aws:iam::999999999999:role/Other`"), "{found}");
    assert!(!found.contains("dev") && !found.contains("test"), "{found}");

    case.edit("workload/account-prod.tf", other, ROLE);
    case.run(&["check"]).exits(0);
    let own = format!(
        "provider \"aws\" {{\n  alias = \"prod\"\n  assume_role {{\n    role_arn = {other}\n  }}\n}}\n"
    );
    case.write("workload/own_override.tf", own);
    let found = case.run(&["check"]).exits(2).stderr;
    assert!(found.contains("999999999999") && found.contains("aws.prod"), "{found}");
}

/// Whoever forgets `provider` builds nowhere.
#[test]
fn the_default_provider_works_in_no_account() {
    let case = Case::generated(&spec("single", &["dev"]));
    case.edit("workload/providers.tf", "\"000000000000\"", "\"111111111111\"");
    let found = case.run(&["check"]).exits(2).stderr;
    assert!(found.contains("may work in account `111111111111`"), "{found}");
}

/// A policy statement without a resource would be refused by IAM.
#[test]
fn a_caller_that_cannot_run_the_one_root_gets_no_right_to_its_state() {
    let caller =
        |id: &str| json!({"kind": "github_actions", "id": id, "repository": "acme/infra", "environment": id});
    let source = json!({"account_id": "111111111111", "callers": [caller("all"), caller("some")]});
    let backend = json!({"type": "s3", "bucket": "acme-terraform-state", "region": "us-east-1"});
    let limited = json!({"name": "prod", "account_id": "333333333333", "role": {"callers": ["all"]}});
    let targets = json!([{"name": "dev", "account_id": "222222222222"}, limited]);
    let terraform = json!({"layout": "single", "backend": backend});
    let spec = json!({"version": 1, "source": source, "terraform": terraform, "targets": targets});
    let case = Case::generated(&spec.to_string());
    let all = case.read("source/assume/all-1.json");
    assert!(all.contains("acme-terraform-state/crossrole/workload/terraform.tfstate\""), "{all}");
    let some = case.read("source/assume/some-1.json");
    assert!(some.contains("222222222222") && !some.contains("acme-terraform-state"), "{some}");
}

/// Templates of before know nothing of another layout.
#[test]
fn templates_that_write_a_root_per_account_are_refused() {
    let case = Case::new(&spec("single", &["dev"]));
    case.run(&["templates", "eject", "pack"]).exits(0);
    case.run(&["generate", "--templates", "pack", "--dry-run"]).exits(2);
    let manifest = case
        .read("pack/pack.yaml")
        .replace("layout == roots", "layout")
        .replace("layout == single", "layout == other");
    case.write("pack/pack.yaml", manifest);
    case.run(&["generate", "--templates", "pack"]).exits(1).says("do not write the one root");
}
