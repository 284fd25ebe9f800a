//! `explain --principal`: the roles of a spec, as one principal finds them.

use serde_json::{Value, json};

use crate::support::Case;

const SPEC: &str = r#"version: 1
source:
  account_id: "111111111111"
  organization_id: o-a1b2c3d4e5
  callers:
    - {kind: iam_user, name: terraform, mfa: true}
    - {kind: role, name: ci/deployer}
targets:
  - name: open
    account_id: "222222222222"
    role: {require_mfa: false}
  - name: vendor
    account_id: "333333333333"
    ownership: third_party
    role: {external_id: 7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51}
    session: {tags: {team: x}, source_identity: terraform}
"#;

/// The roles by target: what was decided, and what it takes.
fn roles(case: &Case, principal: &str, more: &[&str]) -> Vec<(String, Value, Value)> {
    let fixed = ["explain", "--principal", principal, "--format", "json"];
    let found = case.run(&[&fixed, more].concat()).exits(0).json();
    let roles = found["roles"].as_array().expect("a list").iter();
    roles
        .map(|role| {
            let target = role["target"].as_str().expect("a name").to_owned();
            (target, role["decision"].clone(), role["answers"][0]["with"].clone())
        })
        .collect()
}

#[test]
fn each_role_is_answered_with_what_it_takes() {
    let case = Case::new(SPEC);
    let row = |target: &str, decision: &str, with: Value| (target.to_owned(), json!(decision), with);
    for (principal, expected) in [
        (
            "arn:aws:iam::111111111111:user/terraform",
            [row("open", "allow", json!([])), row("vendor", "allow", json!(["MFA", "external ID"]))],
        ),
        (
            "arn:aws:sts::111111111111:assumed-role/deployer/run-7",
            [row("open", "allow", json!([])), row("vendor", "allow", json!(["external ID"]))],
        ),
    ] {
        assert_eq!(roles(&case, principal, &[]), expected, "{principal}");
    }
    for principal in [
        "arn:aws:iam::111111111111:user/other",
        "arn:aws:iam::111111111111:root",
        "arn:aws:iam::999999999999:user/terraform",
        "arn:aws:iam::222222222222:role/own",
        "lambda.amazonaws.com",
        "*",
    ] {
        let decisions = roles(&case, principal, &[]).into_iter().map(|(_, decision, _)| decision);
        assert_eq!(decisions.collect::<Vec<_>>(), ["deny", "deny"], "{principal}");
    }
}

/// What is given is not tried out, and what the caller has of its own counts.
#[test]
fn what_is_given_counts() {
    let case = Case::new(SPEC);
    let user = "arn:aws:iam::111111111111:user/terraform";
    case.write(
        "none.json",
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#,
    );
    for (arguments, decision) in [
        (&["--mfa"][..], "allow"),
        (&["--context", "aws:MultiFactorAuthPresent=false"], "deny"),
        (&["--external-id", "another"], "deny"),
        (&["--identity-policy", "none.json"], "deny"),
        (&["--action", "sts:AssumeRoleWithSAML"], "deny"),
    ] {
        let more = [&["--target", "vendor"], arguments].concat();
        assert_eq!(roles(&case, user, &more)[0].1, decision, "{arguments:?}");
    }
}

/// The source account as a whole is declared; what its principals' own policies say is not known, and said.
#[test]
fn a_principal_of_a_declared_account_has_policies_of_its_own() {
    let case = Case::new(&SPEC.replace("callers:\n", "callers:\n    - {kind: account}\n"));
    let ran = case.run(&["explain", "--principal", "arn:aws:iam::111111111111:user/other"]).exits(0);
    for text in [
        "in the source account, which the spec declares as a whole",
        "if the principal's own policies allow it",
    ] {
        assert!(ran.stdout.contains(text), "{}", ran.stdout);
    }
    let ran = case.run(&["explain", "--principal", "arn:aws:iam::111111111111:user/terraform"]).exits(0);
    assert!(ran.stdout.contains("is a declared caller"), "{}", ran.stdout);
}

/// People of a permission set are found by their role, whichever region it is of, and a role by its session, which does
/// not tell the role's path.
#[test]
fn a_role_is_declared_by_its_reserved_name_or_by_its_arn() {
    let callers = "callers:\n    - {kind: sso, permission_set: PlatformAdmin}\n    - {kind: role, name: ci/by-arn, match: principal_arn}\n";
    let case = Case::new(&SPEC.replace("callers:\n", callers));
    let reserved = "aws-reserved/sso.amazonaws.com";
    let suffix = "0123456789abcdef";
    for (arn, is_declared) in [
        (format!("sts::111111111111:assumed-role/AWSReservedSSO_PlatformAdmin_{suffix}/ann"), true),
        (format!("iam::111111111111:role/{reserved}/AWSReservedSSO_PlatformAdmin_{suffix}"), true),
        (format!("iam::111111111111:role/{reserved}/eu-west-1/AWSReservedSSO_PlatformAdmin_{suffix}"), true),
        (format!("sts::111111111111:assumed-role/AWSReservedSSO_PlatformAdmin_x_{suffix}/ann"), false),
        (format!("iam::111111111111:role/{reserved}/AWSReservedSSO_PlatformAdmin_x_{suffix}"), false),
        (format!("iam::111111111111:role/AWSReservedSSO_PlatformAdmin_{suffix}"), false),
        (format!("sts::999999999999:assumed-role/AWSReservedSSO_PlatformAdmin_{suffix}/ann"), false),
        ("iam::111111111111:role/ci/by-arn".to_owned(), true),
        ("sts::111111111111:assumed-role/by-arn/run-7".to_owned(), true),
        ("iam::111111111111:role/by-arn".to_owned(), false),
        ("sts::999999999999:assumed-role/by-arn/run-7".to_owned(), false),
        ("sts::111111111111:assumed-role/arn/run-7".to_owned(), false),
    ] {
        let arguments = ["explain", "--principal", &format!("arn:aws:{arn}"), "--format", "json"];
        let json = case.run(&arguments).exits(0).json();
        assert_eq!(json["declared"], is_declared, "{arn}");
        let decision = if is_declared { "allow" } else { "deny" };
        let roles = json["roles"].as_array().expect("roles");
        assert!(roles.iter().all(|role| role["decision"] == decision), "{arn}: {json:#}");
    }
}

/// Edits are what Terraform would use, and the policy of a role that exists already may not be here.
#[test]
fn files_count_as_they_are_and_what_is_not_known_is_said() {
    let case = Case::generated(SPEC);
    case.edit("accounts/open/bootstrap/trust-policy.json", "user/terraform", "user/stranger");
    let stranger = "arn:aws:iam::111111111111:user/stranger";
    assert_eq!(roles(&case, stranger, &["--target", "open"])[0].1, "allow");
    let text = case.run(&["explain", "--principal", stranger, "--target", "open"]).exits(0).stdout;
    assert!(text.contains("`accounts/open/bootstrap/trust-policy.json`"), "{text}");

    let exists = Case::new(&format!("{SPEC}    bootstrap: {{from: existing}}\n"));
    let ran = exists.run(&["explain", "--principal", stranger, "--format", "json"]).exits(2).json();
    assert_eq!((&ran["ok"], &ran["roles"][1]["decision"]), (&json!(false), &Value::Null));
    let ran = exists.run(&["explain", "--principal", stranger]).exits(2);
    assert!(ran.stdout.contains("not known: who can assume 1 role"), "{}", ran.stdout);
    exists.write("role.json", exists.read("crossrole.yaml"));
    exists.run(&["explain", "--principal", stranger, "--policy", "role.json"]).exits(64);
}
