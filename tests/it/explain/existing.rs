//! Roles that exist already: judged by the trust policy that the spec names, or not known.

use serde_json::{Value, json};

use crate::support::{Case, SPEC};

const ROLE: &str = "arn:aws:iam::222222222222:role/TerraformCrossAccount";
const MEANT: &str = r#"{"AWS": "arn:aws:iam::111111111111:root"}"#;

fn spec() -> String {
    format!("{SPEC}    bootstrap: {{from: existing}}\n    role: {{trust_policy: aws/role.json}}\n")
}

fn policy(principal: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Sid": "In", "Effect": "Allow", "Principal": {principal}, "Action": "sts:AssumeRole"}}}}"#
    )
}

fn printed(arn: &str, policy: &str) -> String {
    format!(
        r#"{{"Role": {{"RoleName": "TerraformCrossAccount", "Arn": "{arn}", "AssumeRolePolicyDocument": {policy}, "MaxSessionDuration": 3600}}}}"#
    )
}

fn case(text: impl AsRef<[u8]>) -> Case {
    let case = Case::new(&spec());
    case.write("aws/role.json", text);
    case
}

#[test]
fn a_role_is_judged_by_the_policy_that_the_spec_names() {
    for text in [policy(MEANT), printed(ROLE, &policy(MEANT))] {
        let case = case(text);
        let ran = case.run(&["explain"]).exits(0);
        assert!(ran.stdout.contains("judged: `aws/role.json`, as the role has it in AWS"), "{}", ran.stdout);
        case.run(&["generate"]).exits(0);
        case.run(&["check"]).exits(0);
        case.run(&["lint"]).exits(0);
        assert!(case.run(&["explain"]).exits(0).stdout.contains("nobody else is let in"));
    }
}

/// Whoever else gets in is named by every command that looks at trust; what is generated is not to blame.
#[test]
fn a_role_that_lets_in_strangers_is_found_by_every_command() {
    for principal in [
        r#""*""#,
        r#"{"Service": "lambda.amazonaws.com"}"#,
        r#"{"AWS": ["arn:aws:iam::111111111111:root", "arn:aws:iam::999999999999:user/x"]}"#,
    ] {
        let case = case(printed(ROLE, &policy(principal)));
        let ran = case.run(&["explain", "--format", "json"]).exits(2).json();
        let target = &ran["targets"][0];
        assert_eq!(target["file"], "aws/role.json");
        assert_eq!(target["edited"], Value::Null);
        assert!(!target["wider"].as_array().expect("a list").is_empty(), "{target:#}");
        case.run(&["generate"]).exits(0).says("the existing role of `staging` is wider than the spec");
        let check = case.run(&["check", "--format", "json"]).exits(2).json();
        assert_eq!(check["clean"], false, "{check:#}");
        assert!(check.to_string().contains("aws/role.json"), "{check:#}");
    }
    let open = case(policy(r#""*""#));
    let findings = open.run(&["lint", "--format", "json"]).exits(2).json();
    let of_file = |finding: &&Value| finding["file"].as_str().is_some_and(|file| file.ends_with("role.json"));
    let found = findings["findings"].as_array().expect("a list").iter().find(of_file).expect("a finding");
    assert_eq!((&found["line"], &found["level"]), (&json!(1), &json!("error")), "{found:#}");
}

#[test]
fn a_role_that_keeps_the_callers_out_is_found() {
    let case = case(policy(r#"{"AWS": "arn:aws:iam::111111111111:user/other"}"#));
    let ran = case.run(&["explain"]).exits(2);
    assert!(ran.stdout.contains("but the spec says allow"), "{}", ran.stdout);
}

#[test]
fn what_is_wrong_with_the_file_is_said_where_the_spec_names_it() {
    let folded = policy(MEANT).replace("\"Effect\"", "\n  \"Effect\"");
    for (text, messages) in [
        ("{", &["crossrole.yaml:8:26", "`aws/role.json:1:2`: this is not JSON"][..]),
        ("AKIA0 secret", &["`aws/role.json:1:1`: this is not JSON"]),
        ("{}", &["`aws/role.json:1:1`", "aws iam get-role"]),
        (&folded.replace("sts:AssumeRole", "s3:GetObject"), &["`aws/role.json:2:"]),
        (&folded.replace("\"Allow\"", "\"Alow\""), &["`aws/role.json:2:", "statement `In`"]),
        (&policy(r#"{"AWS": "me"}"#), &["CR012", "`aws/role.json:1:"]),
        (
            &printed(&ROLE.replace("222222222222", "333333333333"), &policy(MEANT)),
            &["about another role: `arn:aws:iam::333333333333:role/TerraformCrossAccount`"],
        ),
    ] {
        let ran = case(text).run(&["explain"]).exits(1);
        for message in messages {
            assert!(ran.stderr.contains(message), "no `{message}` in {}", ran.stderr);
        }
        assert!(!ran.stderr.contains("secret"), "{}", ran.stderr);
    }
    Case::new(&spec()).run(&["generate"]).exits(1).says("cannot read `aws/role.json`");
    for path in ["../role.json", "/etc/hostname"] {
        let outside = Case::new(&spec().replace("aws/role.json", path));
        outside.run(&["explain"]).exits(1).says(&format!("cannot read `{path}`"));
    }
}

/// A link that leads out of the spec's folder is not followed.
#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_not_followed() {
    let (case, elsewhere) = (case(""), Case::new(""));
    elsewhere.write("role.json", policy(MEANT));
    std::fs::remove_file(case.at("aws/role.json")).expect("a file");
    std::os::unix::fs::symlink(elsewhere.at("role.json"), case.at("aws/role.json")).expect("a link");
    case.run(&["explain"]).exits(1).says("cannot read `aws/role.json`");
}

#[test]
fn a_role_that_crossrole_creates_has_no_other_policy() {
    let created = Case::new(&spec().replace("    bootstrap: {from: existing}\n", ""));
    created.write("aws/role.json", policy(MEANT));
    let ran = created.run(&["generate"]).exits(1);
    assert!(ran.stderr.contains("set `bootstrap: {from: existing}`"), "{}", ran.stderr);
    // Under `defaults` it is for those roles that exist.
    let mixed = SPEC.replace("targets:", "defaults:\n  role: {trust_policy: role.json}\ntargets:")
        + "  - name: old\n    account_id: \"333333333333\"\n    bootstrap: {from: existing}\n";
    let mixed = Case::new(&mixed);
    mixed.write("role.json", policy(r#"{"Service": "ec2.amazonaws.com"}"#));
    let ran = mixed.run(&["explain", "--format", "json"]).exits(2).json();
    let ok = |name: &str| {
        let targets = ran["targets"].as_array().expect("a list");
        targets.iter().find(|target| target["target"] == name).expect("a target")["ok"] == true
    };
    assert!(ok("staging") && !ok("old"), "{ran:#}");
}

/// The policy of another role says nothing of this one.
#[test]
fn a_printed_role_that_is_named_on_the_command_line_is_this_one() {
    let case = Case::new(&format!("{SPEC}    bootstrap: {{from: existing}}\n"));
    case.write("role.json", printed("arn:aws:iam::222222222222:role/Other", &policy(MEANT)));
    let judge = ["explain", "--target", "staging", "--policy", "role.json"];
    case.run(&judge).exits(1).says("is about another role");
}
