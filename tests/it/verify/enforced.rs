//! The real `terraform` and `aws` against a stand-in for AWS whose roles refuse whom their trust policies refuse.
//!
//! A fleet in which one target is right, and each of the others has a fault of its own, made where such a fault is made: in
//! the account, or in the files.

use std::env;

use serde_json::Value;

use super::gate::Gate;
use super::stand_in::{of, steps};
use crate::oracle::oracle;
use crate::support::run;
use crate::terraform::world::{Environment, World};

const SPEC: &str = r#"version: 1
source:
  account_id: "111111111111"
  callers: [{kind: iam_user, name: terraform}]
defaults:
  role: {policy_arns: ["arn:aws:iam::aws:policy/PowerUserAccess"]}
targets:
  - {name: right, account_id: "200000000001", role: {external_id: 7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51}, session: {tags: {team: a}, source_identity: me}}
  - {name: no-external-id, account_id: "200000000002", role: {external_id: 7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a52}}
  - {name: open, account_id: "200000000003"}
  - {name: wrong-account, account_id: "200000000004"}
  - {name: missing, account_id: "200000000005"}
  - {name: bucket-in-a, account_id: "200000000006"}
  - {name: tags-refused, account_id: "200000000007", session: {tags: {team: a}}}
  - {name: plan-right, account_id: "200000000008", role: {policy_arns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}}
  - {name: plan-applies, account_id: "200000000009", role: {policy_arns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}}
  - {name: mfa-right, account_id: "200000000010", role: {require_mfa: true}}
  - {name: mfa-ignored, account_id: "200000000011", role: {require_mfa: true}}
"#;
const ROLE: &str = "TerraformCrossAccount";

#[test]
fn each_fault_of_a_fleet_is_found_by_the_step_that_is_about_it() {
    let (Some(aws), Some(world)) = (oracle("aws"), World::new(SPEC)) else { return };
    let Some(gate) = Gate::before(&world.address()) else { return };
    let mut user = world.user("111111111111", "/", "terraform");
    user.retain(|(name, _)| *name != "AWS_ENDPOINT_URL");
    user.push(("AWS_ENDPOINT_URL", gate.address()));
    drop(aws);
    world.generate();
    populate(&world);
    let fault = |name: &str| broken(&world, name);
    ["wrong-account", "bucket-in-a"].into_iter().for_each(fault);

    let names = ["right", "no-external-id", "open", "wrong-account", "missing", "tags-refused"];
    let evidence = verify(&world, &user, &[&names[..], &["mfa-right", "mfa-ignored"]].concat(), false);
    assert_eq!(of(&evidence, "right")["outcome"], "as_declared", "{evidence:#}");
    assert_eq!(steps(&evidence, "right", "ok").len(), 8);
    assert_eq!(steps(&evidence, "no-external-id", "failed"), ["without_external_id", "other_external_id"]);
    assert_eq!(steps(&evidence, "open", "failed"), ["stranger"]);
    assert_eq!(steps(&evidence, "wrong-account", "failed"), ["test"]);
    assert_eq!(steps(&evidence, "missing", "failed"), ["assume"]);
    assert_eq!(steps(&evidence, "tags-refused", "failed"), ["assume"]);
    assert_eq!(steps(&evidence, "mfa-right", "ok"), ["without_mfa"]);
    assert_eq!(steps(&evidence, "mfa-ignored", "failed"), ["without_mfa"]);

    if env::var_os("CASES").is_none_or(|cases| cases != "few") {
        buckets(&world, &user);
    }
}

fn buckets(world: &World, user: &Environment) {
    let evidence = verify(world, user, &["right", "bucket-in-a", "plan-right", "plan-applies"], true);
    assert_eq!(of(&evidence, "right")["outcome"], "as_declared", "{evidence:#}");
    assert!(steps(&evidence, "right", "ok").contains(&"found_in_target"));
    assert!(steps(&evidence, "right", "ok").contains(&"destroy"));
    assert_eq!(steps(&evidence, "bucket-in-a", "failed"), ["found_in_target", "not_found_in_source"]);
    assert_eq!(of(&evidence, "plan-right")["outcome"], "as_declared");
    assert!(steps(&evidence, "plan-right", "ok").contains(&"read_only"));
    assert_eq!(steps(&evidence, "plan-applies", "failed"), ["read_only"]);
    for account in ["111111111111", "200000000001", "200000000006", "200000000009"] {
        assert_eq!(world.account(account).buckets(), Vec::<String>::new(), "left in {account}");
    }
}

/// Runs it over some targets, all but one of which must be right for it to find nothing.
#[track_caller]
fn verify(world: &World, user: &Environment, names: &[&str], applies: bool) -> Value {
    let mut command = world.case.crossrole();
    command.args(["verify", "--wait", "0", "--format", "json"]);
    for name in names {
        command.args(["--only", name]);
    }
    if applies {
        command.arg("--apply");
    }
    command.envs(user.iter().map(|(name, value)| (*name, value)));
    command.env("TF_CLI_CONFIG_FILE", world.terraform_settings()).env("AWS_S3_USE_PATH_STYLE", "true");
    for name in ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION"] {
        command.env_remove(name);
    }
    command.timeout(std::time::Duration::from_mins(9));
    run(&mut command).exits(2).json()
}

/// Every role as it is generated, and those that have a fault in the account.
fn populate(world: &World) {
    let spec: Value = serde_json::from_str(&world.case.run(&["list", "--format", "json"]).exits(0).stdout)
        .expect("the list is JSON");
    let roots = spec["roots"].as_array().expect("a list of roots");
    for root in roots.iter().filter(|root| root["kind"] == "bootstrap") {
        let text = |field: &str| root[field].as_str().expect("a text").to_owned();
        let (path, name, account) = (text("path"), text("target"), text("account_id"));
        let mut trust: Value = serde_json::from_str(&world.case.read(&format!("{path}/trust-policy.json")))
            .expect("policies are JSON");
        let mut permissions = if name.starts_with("plan") { "ReadOnlyAccess" } else { "PowerUserAccess" };
        let statements = trust["Statement"].as_array_mut().expect("a list");
        let conditions = statements[0].as_object_mut().expect("a statement");
        match &*name {
            "missing" => continue,
            "no-external-id" | "mfa-ignored" => _ = conditions.remove("Condition"),
            "open" => conditions["Principal"] = "*".into(),
            "tags-refused" => statements.truncate(1),
            "plan-applies" => permissions = "PowerUserAccess",
            _ => {}
        }
        world.account(&account).create_trusting_role(ROLE, &trust.to_string(), &[permissions]);
    }
}

/// Edits the files of a target so that its provider works elsewhere.
fn broken(world: &World, name: &str) {
    let account = if name == "wrong-account" { "200000000004" } else { "200000000006" };
    let at = |file: &str| format!("accounts/{name}/workload/{file}");
    let role = format!("\"arn:aws:iam::{account}:role/{ROLE}\"");
    let allowed = format!("  allowed_account_ids = [\"{account}\"]");
    if name == "wrong-account" {
        let other = format!("\"arn:aws:iam::200000000001:role/{ROLE}\"");
        return world.case.edit(&at("providers.tf"), &role, &other);
    }
    // Without its role the provider works in A; every guard is gone as well, down to the test.
    world.case.edit(&at("providers.tf"), &role, "\"\"");
    world.case.edit(&at("providers.tf"), &allowed, "");
    for file in ["verification.tf", "tests/placement.tftest.hcl"] {
        let text = world.case.read(&at(file));
        world.case.write(&at(file), text.replace(&format!("\"{account}\""), "\"111111111111\""));
    }
}
