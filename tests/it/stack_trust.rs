//! A template of CloudFormation is judged like any other text that says who can assume a role.

use crate::support::Case;

const SPEC: &str = include_str!("../../snapshots/generate/user-stack/spec.yaml");
const TEMPLATE: &str = "accounts/staging/bootstrap/roles.cfn.json";

/// A generated folder whose template was edited.
fn edited(from: &str, to: &str) -> Case {
    let case = Case::generated(SPEC);
    case.edit(TEMPLATE, from, to);
    case
}

#[test]
fn a_template_as_generated_is_what_the_spec_says() {
    let case = Case::generated(SPEC);
    case.run(&["explain"]).exits(0);
    case.run(&["check", "--strict"]).exits(0);
}

#[test]
fn a_stranger_in_a_template_is_found_whatever_is_asked_for() {
    let case = edited("arn:aws:iam::111111111111:root", "arn:aws:iam::999999999999:root");
    let ran = case.run(&["explain", "--target", "staging"]).exits(2);
    assert!(ran.stdout.contains("lets anyone in account 999999999999"), "{}", ran.stdout);
    case.run(&["check"]).exits(2).says("only crossrole writes it");
    case.run(&["generate"]).exits(3).says("nothing was written");
    let kept = case.run(&["generate", "--conflict", "ours"]);
    assert!(kept.stderr.contains("against the spec"), "the edit is kept, and said: {kept:?}");
    assert!(!kept.stdout.contains("ok:") && !kept.stderr.contains("ok:"), "{kept:?}");
    case.run(&["generate", "--conflict", "theirs"]).exits(0);
    case.run(&["explain"]).exits(0);
}

#[test]
fn what_cloudformation_decides_is_not_known() {
    let case = edited("\"arn:aws:iam::111111111111:root\"", "{\"Ref\": \"Who\"}");
    let ran = case.run(&["explain", "--target", "staging"]).exits(2);
    assert!(format!("{ran:?}").contains("is not written out in the template"), "{ran:?}");
    let case =
        edited("\"Resources\": {", "\"Resources\": {\"More\": {\"Type\": \"AWS::CloudFormation::Stack\"},");
    case.run(&["explain", "--target", "staging"]).exits(2);
}

/// What a spec opens later is said, as it is where Terraform creates the role.
#[test]
fn what_opens_is_said() {
    let case = Case::generated(SPEC);
    case.edit("crossrole.yaml", "    account_id: \"222222222222\"", "    account_id: \"222222222222\"\n    role: {max_session_duration: 4h, policy_arns: [arn:aws:iam::aws:policy/ReadOnlyAccess]}");
    let ran = case.run(&["generate"]).exits(0);
    for words in ["a session may last longer", "policy/ReadOnlyAccess` is attached"] {
        assert!(ran.stderr.contains(words) || ran.stdout.contains(words), "{words}: {ran:?}");
    }
}
