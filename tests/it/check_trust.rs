//! `check` finds what a folder grants beyond the spec, by edits and by files of people's own, and leaves
//! alone what is none of the spec's business.

use crate::support::{Case, GUARDED as SPEC};

const BOOTSTRAP: &str = "accounts/staging/bootstrap";
const WORKLOAD: &str = "accounts/staging/workload";
const ROLE: &str = "resource \"aws_iam_role\" \"cross_account\" {\n";

/// The messages of kind `trust`, and the exit code.
#[track_caller]
fn trust(case: &Case, code: i32) -> Vec<String> {
    let json = case.run(&["check", "--format", "json"]).exits(code).json();
    assert_eq!(json["clean"], code == 0);
    let changes = json["changes"].as_array().expect("a list").clone();
    let wider = changes.iter().filter(|change| change["kind"] == "trust");
    wider.map(|change| change["message"].as_str().expect("a text").to_owned()).collect()
}

#[track_caller]
fn found(case: &Case, what: &str) {
    let found = trust(case, 2);
    assert!(found.iter().any(|found| found.contains(what)), "{what}: {found:#?}");
}

#[test]
fn edits_that_grant_more_are_differences() {
    for (path, from, to, what) in [
        ("bootstrap/main.tf", "max_session_duration = 3600", "max_session_duration = 43200", "1h → 12h"),
        ("bootstrap/main.tf", "\"arn:aws:iam::222222222222:policy/Boundary\"", "null", "boundary"),
        ("bootstrap/main.tf", "policy/ReadOnlyAccess", "policy/AdministratorAccess", "AdministratorAccess"),
        ("bootstrap/policies/logs.json", "s3:GetObject", "s3:*", "may `s3:*`"),
        ("workload/providers.tf", "allowed_account_ids = [\"222222222222\"]", "", "allowed_account_ids"),
    ] {
        let case = Case::generated(SPEC);
        case.edit(&format!("accounts/staging/{path}"), from, to);
        found(&case, what);
        case.run(&["check"]).exits(2).says("   trust  ").says(what);
    }
    let case = Case::generated(SPEC);
    case.edit("source/main.tf", "user       = \"terraform\"", "user       = \"other\"");
    found(&case, "the user `other` may assume the targets' roles");
}

#[test]
fn files_of_ones_own_that_grant_more_are_differences() {
    let attach = "resource \"aws_iam_role_policy_attachment\" \"more\" {\n  role       = \"TerraformCrossAccount\"\n  policy_arn = \"arn:aws:iam::aws:policy/AdministratorAccess\"\n}\n";
    let longer = format!("{ROLE}  max_session_duration = 7200\n}}\n");
    let unguarded = "provider \"aws\" {\n  allowed_account_ids = null\n}\n";
    for (path, text, what) in [
        (format!("{BOOTSTRAP}/more.tf"), attach, "is attached to the role"),
        (format!("{WORKLOAD}/more.tf"), attach, "is attached to the role"),
        (format!("{BOOTSTRAP}/x_override.tf"), longer.as_str(), "1h → 2h"),
        (format!("{WORKLOAD}/override.tf"), unguarded, "allowed_account_ids"),
        (format!("{BOOTSTRAP}/broken.tf"), "resource {", "is not known"),
    ] {
        let case = Case::generated(SPEC);
        case.write(&path, text);
        found(&case, what);
    }
}

#[test]
fn what_grants_nothing_beyond_the_spec_is_none() {
    for (path, text) in [
        (format!("{BOOTSTRAP}/own.tf"), "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"b\"\n}\n"),
        (format!("{BOOTSTRAP}/x_override.tf"), &format!("{ROLE}  description = \"mine\"\n}}\n")),
        (
            format!("{WORKLOAD}/lambda.tf"),
            "resource \"aws_iam_role\" \"lambda\" {\n  name               = \"lambda\"\n  assume_role_policy = file(\"lambda.json\")\n}\n\nresource \"aws_iam_role_policy_attachment\" \"lambda\" {\n  role       = aws_iam_role.lambda.name\n  policy_arn = \"arn:aws:iam::aws:policy/AmazonSQSFullAccess\"\n}\n",
        ),
        (format!("{WORKLOAD}/vpc.tf"), "module \"vpc\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\n"),
    ] {
        let case = Case::generated(SPEC);
        case.write(&path, text);
        assert!(trust(&case, 0).is_empty(), "{path}");
    }
    let narrower = Case::generated(SPEC);
    narrower.edit(&format!("{BOOTSTRAP}/policies/logs.json"), "logs/*", "logs/a");
    narrower.edit(&format!("{BOOTSTRAP}/main.tf"), "# Who can", "# Who, I say, may");
    assert!(trust(&narrower, 0).is_empty());
}

/// A spec whose callers reach different roles, and a state.
const SEVERAL: &str = r#"version: 1
source:
  account_id: "111111111111"
  callers:
    - {kind: github_actions, id: ci-apply, repository: acme/infra, environment: production}
    - {kind: github_actions, id: ci-plan, repository: acme/infra, pull_request: true}
terraform: {backend: {type: s3, bucket: acme-state, region: us-east-1}}
defaults:
  roles:
    apply: {name: Apply, callers: [ci-apply]}
    plan: {name: Plan, callers: [ci-plan], policy_arns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}
  default_role: apply
targets:
  - {name: staging, account_id: "222222222222"}
"#;

/// What one caller may do is none of what another may.
#[test]
fn a_right_of_another_caller_is_beyond_the_spec() {
    for (from, to, what) in [
        ("role/Plan", "role/Apply", "may `sts:AssumeRole` on `arn:aws:iam::222222222222:role/Apply`"),
        ("\"s3:ListBucket\"", "\"s3:*\"", "may `s3:*`"),
        ("acme-state/", "acme-secrets/", "on `arn:aws:s3:::acme-secrets/"),
        ("\"s3:GetObject\",\n        \"s3:PutObject\"", "\"s3:*\"", "may `s3:*`"),
    ] {
        let case = Case::generated(SEVERAL);
        case.edit("source/assume/ci-plan-1.json", from, to);
        found(&case, what);
    }
    let case = Case::generated(SEVERAL);
    case.edit("source/callers/ci-plan.json", "acme/infra:pull_request", "evil/infra:pull_request");
    found(&case, "`repo:evil/infra:pull_request`");
    let as_it_is = Case::generated(SEVERAL);
    as_it_is.write("source/own.tf", "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"b\"\n}\n");
    assert!(trust(&as_it_is, 0).is_empty());
}

/// What a further target needs in A was asked for: its roles, and its state.
#[test]
fn what_a_further_target_needs_in_a_is_no_widening() {
    let case = Case::generated(SEVERAL);
    let more = "targets:\n  - {name: prod, account_id: \"333333333333\"}\n";
    case.edit("crossrole.yaml", "targets:\n", more);
    let json = case.run(&["generate", "--format", "json"]).exits(0).json();
    assert_eq!(json["trust_changes"], serde_json::json!([]), "{json:#}");
    assert!(case.read("source/assume/ci-plan-1.json").contains("accounts/prod/workload"));
}

/// Terraform reads a file by its bytes, whatever they mean; we cannot, and say so.
#[cfg(unix)]
#[test]
fn a_name_that_is_not_text_is_not_known() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let case = Case::generated(SPEC);
    let name = OsStr::from_bytes(b"caf\xe9_override.tf");
    std::fs::write(case.at(BOOTSTRAP).join(name), format!("{ROLE}}}\n")).expect("a file is written");
    found(&case, "is not known");
    let explained = case.run(&["explain"]).exits(2).stdout;
    assert!(explained.contains("it cannot be found by its name"), "{explained}");
}
