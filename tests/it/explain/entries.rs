//! The first hop: whose tokens let them into a role in A, as generated and as edited.

use serde_json::{Value, json};

use crate::support::{Case, Ran};

/// A spec whose two pipelines enter A with tokens, one for each role.
pub(super) const SPEC: &str = r#"version: 1
name: platform
source:
  account_id: "111111111111"
  callers:
    - {kind: iam_user, name: terraform, mfa: true}
    - {kind: github_actions, id: ci-apply, repository: acme/infra, repository_id: 123456, owner_id: "7890", environment: production}
    - {kind: github_actions, id: ci-plan, repository: acme/infra, pull_request: true}
    - {kind: hcp_terraform, id: hcp, organization: acme, project: Platform, workspace: aws-*, run_phase: apply}
defaults:
  roles:
    apply: {name: Apply, callers: [ci-apply, terraform, hcp]}
    plan: {name: Plan, callers: [ci-plan]}
  default_role: apply
targets:
  - {name: staging, account_id: "222222222222"}
"#;

const APPLY: &str = "source/callers/ci-apply.json";
const MINE: &str = "\"repo:acme/infra:environment:production\"";

fn explained(case: &Case, code: i32) -> Value {
    case.run(&["explain", "--format", "json"]).exits(code).json()
}

/// The table of one caller.
fn hop<'j>(json: &'j Value, caller: &str) -> &'j Value {
    let mut hops = json["hops"].as_array().expect("a list").iter();
    hops.find(|hop| hop["caller"] == caller).unwrap_or_else(|| panic!("no {caller}: {json:#}"))
}

/// Who is allowed, and who is not.
fn whom(table: &Value, decision: &str) -> Vec<String> {
    let rows = table["rows"].as_array().expect("rows").iter();
    let rows = rows.filter(|row| row["decision"] == decision && row["with"][0] != "no MFA");
    rows.map(|row| row["who"].as_str().expect("a text").to_owned()).collect()
}

#[test]
fn tokens_of_a_caller_get_in_and_nearly_the_same_do_not() {
    let json = explained(&Case::new(SPEC), 0);
    let ci = hop(&json, "ci-apply");
    assert_eq!(ci["role_arn"], "arn:aws:iam::111111111111:role/platform-ci-apply");
    assert_eq!(whom(ci, "allow"), ["a token of this caller"; 2]);
    assert_eq!(
        whom(ci, "deny"),
        [
            "a token of another repository",
            "a token of another branch",
            "a token of the same subject with other claims",
            "a token for another audience",
            "a token of another issuer",
            "a token without a subject",
            "a user of A",
            "a role of A",
        ]
    );
    let denied = whom(hop(&json, "hcp"), "deny");
    let of = ["organization", "project", "workspace"].map(|what| format!("a token of another {what}"));
    assert!(of.iter().all(|who| denied.contains(who)), "{denied:?}");
    let text = case_text(SPEC);
    let heading = "role platform-ci-apply in A (111111111111), entered by ci-apply: GitHub Actions, acme/infra, environment production";
    assert!(text.contains(heading) && text.contains("staging, role plan (222222222222)"), "{text}");
    assert!(text.contains("ok: 1 target, 3 entries into A"), "{text}");
}

fn case_text(spec: &str) -> String {
    Case::new(spec).run(&["explain"]).exits(0).stdout
}

/// Each table names its role, and whom it does not list has rows of its own.
#[test]
fn callers_that_a_role_does_not_list_are_refused_at_it() {
    let json = explained(&Case::new(SPEC), 0);
    let unlisted = |role: &str| -> Vec<String> {
        let mut tables = json["targets"].as_array().expect("tables").iter();
        let table = tables.find(|table| table["role"] == role).expect("a role");
        let rows = table["rows"].as_array().expect("rows").iter();
        let rows = rows.filter(|row| row["with"][0] == "not listed");
        rows.map(|row| format!("{} {}", row["decision"], row["who"]).replace('"', "")).collect()
    };
    assert_eq!(unlisted("apply"), ["deny GitHub Actions, acme/infra, pull requests"]);
    let at_plan =
        ["GitHub Actions, acme/infra, environment production", "HCP Terraform, acme/Platform/aws-*, apply"];
    let at_plan = at_plan.into_iter().chain(["user terraform"]).map(|who| format!("deny {who}"));
    assert_eq!(unlisted("plan"), at_plan.collect::<Vec<_>>());
}

/// What Terraform will use is judged, wherever it stands.
#[test]
fn an_edit_that_lets_in_others_is_shown() {
    let edits: [(&str, &str, &str); 4] = [
        (APPLY, MINE, "\"repo:evil/infra:environment:production\""),
        (APPLY, MINE, "\"repo:acme/infra:environment:production\", \"repo:acme@7890/infra@123456:*\""),
        ("source/callers.tf", "callers/ci-apply.json", "callers/ci-plan.json"),
        (
            "source/callers.tf",
            "file(\"${path.module}/callers/ci-apply.json\")",
            "jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Principal = { AWS = \"*\" }, Action = \"sts:AssumeRole\" }] })",
        ),
    ];
    for (path, from, to) in edits {
        let case = Case::generated(SPEC);
        case.edit(path, from, to);
        let json = explained(&case, 2);
        let tables = json["hops"].as_array().expect("a list").iter();
        let wider: Vec<&Value> =
            tables.filter(|table| table["wider"] != json!([])).map(|table| &table["caller"]).collect();
        assert_eq!((wider, &json["ok"]), (vec![&json!("ci-apply")], &json!(false)), "{to}");
        let text = case.run(&["explain", "--target", "staging"]).exits(2).stdout;
        assert!(text.contains("wider than the spec at 1 entry into A"), "{text}");
    }
}

#[test]
fn files_of_ones_own_beside_it_count_and_what_is_not_followed_is_not_known() {
    let role = "resource \"aws_iam_role\" \"ci_apply\" {\n  assume_role_policy = ";
    let open = "jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Principal = { AWS = \"111111111111\" }, Action = \"sts:AssumeRole\" }] })";
    let case = Case::generated(SPEC);
    case.write("source/x_override.tf", format!("{role}{open}\n}}\n"));
    assert_ne!(hop(&explained(&case, 2), "ci-apply")["wider"], json!([]));

    case.write("source/x_override.tf", format!("{role}var.policy\n}}\n"));
    case.write("source/own.tf", "variable \"policy\" {}\n");
    let json = explained(&case, 2);
    assert_eq!(hop(&json, "ci-plan")["not_known"], json!([]));
    assert_eq!(hop(&json, "ci-apply")["not_known"].as_array().expect("a list").len(), 1, "{json:#}");
    let text = case.run(&["explain"]).exits(2).stdout;
    assert!(text.contains("not known: who can assume the role of 1 entry into A"), "{text}");

    // A role of a person's own is nobody's entry.
    case.remove("source/x_override.tf");
    case.write(
        "source/own.tf",
        format!(
            "resource \"aws_iam_role\" \"own\" {{\n  name = \"own\"\n  assume_role_policy = {open}\n}}\n"
        ),
    );
    explained(&case, 0);
}

fn generate(case: &Case, more: &[&str], code: i32) -> Ran {
    case.run(&[&["generate"], more].concat()).exits(code)
}

/// What is written must let in nobody else; what stays as a person edited it is said.
#[test]
fn no_wider_entry_is_written_unasked_or_passed_over() {
    for (path, from, to, spec) in [
        (APPLY, MINE, "\"repo:evil/infra:environment:production\"", ("123456", "123457")),
        (
            "source/callers.tf",
            "callers/ci-apply.json",
            "callers/ci-plan.json",
            ("name: platform", "name: other"),
        ),
    ] {
        let case = Case::generated(SPEC);
        case.edit(path, from, to);
        generate(&case, &[], 0).says("could assume the role, against the spec");
        let checked = case.run(&["check", "--format", "json"]).exits(2).json();
        let changes = checked["changes"].as_array().expect("a list");
        assert!(changes.iter().any(|change| change["kind"] == "trust"), "{checked:#}");
        case.edit("crossrole.yaml", spec.0, spec.1);
        let before = case.read(path);
        generate(&case, &[], 4).says("the trust policies would not match the spec");
        assert_eq!(case.read(path), before);
        generate(&case, &["--accept-trust-change"], 0).says("could assume the role, against the spec");
    }
}

/// An edit that only narrows is a person's to make.
#[test]
fn a_narrower_entry_is_written() {
    let case = Case::generated(SPEC);
    case.edit(
        APPLY,
        "\"StringEquals\": {",
        "\"StringEquals\": {\n          \"token.actions.githubusercontent.com:ref\": \"refs/heads/main\",",
    );
    case.edit("crossrole.yaml", "123456", "123457");
    generate(&case, &[], 0).says("under a condition that is not in the spec");
}

/// The document of one role is no document of another, however it was built.
#[test]
fn a_role_that_is_led_to_the_policy_of_another_is_found() {
    let case = Case::generated(SPEC);
    let main = "accounts/staging/bootstrap/main.tf";
    case.edit(main, "/plan/trust-policy.json", "/apply/trust-policy.json");
    let json = explained(&case, 2);
    let mut tables = json["targets"].as_array().expect("tables").iter();
    let wider = |table: &&Value| table["wider"] != json!([]);
    assert_eq!(tables.find(wider).expect("one")["role"], "plan", "{json:#}");
    case.edit("crossrole.yaml", "name: Plan", "name: Planner");
    generate(&case, &[], 4).says("could assume the role, against the spec");
}

/// Templates of one's own are judged as well.
#[test]
fn a_template_of_ones_own_that_opens_an_entry_is_refused() {
    let case = Case::new(SPEC);
    case.run(&["templates", "eject", "pack"]).exits(0);
    let open = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"*\"}, \"Action\": \"sts:AssumeRole\"}]}\n";
    case.write("pack/open.json.tera", open);
    case.edit(
        "pack/pack.yaml",
        "- document: trust_policy\n    id: source/caller.json",
        "- template: open.json.tera\n    id: source/caller.json",
    );
    case.edit("pack/pack.yaml", "id: crossrole", "id: mine");
    case.run(&["generate", "--templates", "pack"])
        .exits(4)
        .says("anyone in AWS could assume the role, against the spec");
    assert!(!case.at("source").exists(), "nothing was written");
}

/// A policy that is named has to say of which of several roles it is.
#[test]
fn a_policy_that_is_named_is_of_one_of_several_roles() {
    let case = Case::generated(SPEC);
    let text = case.read("accounts/staging/bootstrap/plan/trust-policy.json");
    let printed = |role: &str| {
        let policy: Value = serde_json::from_str(&text).expect("JSON");
        let arn = format!("arn:aws:iam::222222222222:role/{role}");
        json!({"Role": {"Arn": arn, "AssumeRolePolicyDocument": policy}}).to_string()
    };
    let ask = |policy: &str| {
        case.write("role.json", policy);
        case.run(&["explain", "--target", "staging", "--policy", "role.json", "--format", "json"])
    };
    let json = ask(&printed("Plan")).exits(0).json();
    assert_eq!(
        (&json["targets"][0]["role"], json["targets"].as_array().map(Vec::len)),
        (&json!("plan"), Some(1))
    );
    ask(&printed("Apply")).exits(2);
    ask(&printed("Another")).exits(1).says("is about another role");
    ask(&text).exits(64).says("does not say which of the roles of `staging` has it");
}
