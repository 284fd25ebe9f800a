//! What widens trust is said first, and an update that nobody asked for needs a word for it.

use super::TRUST;
use crate::support::{Case, SPEC};

const GUARDED: &str = r#"version: 1
source:
  account_id: "111111111111"
  organization_id: o-a1b2c3d4e5
  callers: [{kind: iam_user, name: terraform, mfa: true}]
targets:
  - name: staging
    account_id: "222222222222"
    role: {external_id: some-external-id, policy_arns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}
"#;

/// What `generate` says when the spec changes from one text to another.
fn said(from: &str, to: &str) -> Vec<String> {
    let case = Case::generated(GUARDED);
    case.edit("crossrole.yaml", from, to);
    let json = case.run(&["generate", "--format", "json"]).exits(0).json();
    let changes = json["trust_changes"].as_array().expect("a list").clone();
    changes.iter().map(|change| change["message"].as_str().expect("a text").to_owned()).collect()
}

#[test]
fn generate_says_what_the_spec_widens() {
    let user = "`arn:aws:iam::111111111111:user/terraform`";
    for (from, to, wider) in [
        (", mfa: true", "", format!("{user} may `sts:AssumeRole` without MFA")),
        (
            "external_id: some-external-id, ",
            "",
            format!("{user} may `sts:AssumeRole` without the external ID"),
        ),
        (
            "  organization_id: o-a1b2c3d4e5\n",
            "",
            format!("{user} may `sts:AssumeRole` without belonging to the organization"),
        ),
        (
            "policy/ReadOnlyAccess",
            "policy/AdministratorAccess",
            "`arn:aws:iam::aws:policy/AdministratorAccess` is attached to the role, and was not".to_owned(),
        ),
        ("role: {", "role: {max_session_duration: 4h, ", "maximum session duration 1h → 4h".to_owned()),
        (
            "mfa: true}]",
            "mfa: true}, {kind: role, name: other}]",
            "`arn:aws:iam::111111111111:role/other` may assume the role, and could not".to_owned(),
        ),
        (
            "mfa: true}]",
            "mfa: true}, {kind: role, name: other}]",
            "the role `other` may assume the targets' roles as far as those trust it, and could not"
                .to_owned(),
        ),
        (
            "name: terraform",
            "name: deployer2",
            "the user `deployer2` may assume the targets' roles as far as those trust it, and could not"
                .to_owned(),
        ),
    ] {
        let found = said(from, to);
        assert!(found.contains(&wider), "{to}: {found:#?}");
        let is_vague = |what: &&String| what.contains("attached") && !what.contains("policy/");
        assert!(!found.iter().any(|what| is_vague(&what)), "{to}: {found:#?}");
    }
}

#[test]
fn what_is_narrower_or_new_is_not_said() {
    for (from, to) in [
        ("region: us-east-1", "region: us-east-1"),
        ("policy/ReadOnlyAccess", "policy/ReadOnlyAccess\", \"arn:aws:iam::aws:policy/ReadOnlyAccess"),
        ("\"]}", "\"]}\n  - {name: other, account_id: \"333333333333\"}"),
    ] {
        if GUARDED.contains(from) {
            let found: Vec<_> = said(from, to).into_iter().collect();
            assert!(found.is_empty() || from.contains("policy"), "{to}: {found:#?}");
        }
    }
}

#[test]
fn an_update_needs_a_word_for_it() {
    let case = Case::generated(GUARDED);
    case.run(&["templates", "eject", "v2"]).exits(0);
    case.edit("v2/pack.yaml", "\nversion: 1\n", "\nversion: 2\n");
    case.edit("v2/bootstrap/main.tf.tera", "{{ role.max_session_duration | hcl }}", "43200");
    let before = case.files();
    let update = ["update", "--templates", "v2"];
    case.run(&update).exits(4).says("1h → 12h").says("--accept-trust-change");
    assert_eq!(case.files(), before);
    let json = case.run(&["update", "--templates", "v2", "--dry-run", "--format", "json"]).exits(2).json();
    assert!(
        json["repositories"][0]["trust_changes"][0]["message"]
            .as_str()
            .is_some_and(|text| text.contains("1h → 12h"))
    );
    case.run(&["update", "--templates", "v2", "--accept-trust-change"]).exits(0).says("trust widened");
    assert!(case.read("accounts/staging/bootstrap/main.tf").contains("43200"));
}

/// An edit that meets a newer policy is judged as the two will stand together.
#[test]
fn trust_that_does_not_do_what_the_spec_says_is_not_written_unasked() {
    let case = Case::generated(GUARDED);
    let user = "arn:aws:iam::111111111111:user/terraform";
    case.edit(TRUST, user, "arn:aws:iam::999999999999:user/stranger");
    case.run(&["generate"]).exits(0).says("keeps its edits");
    case.edit("crossrole.yaml", "some-external-id", "other-external-id");
    let before = case.files();
    let ran = case.run(&["generate"]).exits(4).says("user terraform").says("would be denied");
    assert!(ran.stderr.contains("--accept-trust-change"), "{}", ran.stderr);
    assert_eq!(case.files(), before);
    case.run(&["generate", "--dry-run"]).exits(2);
    case.run(&["generate", "--accept-trust-change"]).exits(0);
    assert!(case.read(TRUST).contains("stranger") && case.read(TRUST).contains("other-external-id"));
    case.run(&["explain"]).exits(2);
}

/// Whoever a policy lists is asked about, whatever account they are in.
#[test]
fn principals_that_the_spec_does_not_name_are_found() {
    for principal in [
        "arn:aws:iam::888888888888:root",
        "888888888888",
        "arn:aws:iam::111111111111:user/other",
        "arn:aws:iam::777777777777:user/evil",
    ] {
        let case = Case::generated(GUARDED);
        let user = "\"arn:aws:iam::111111111111:user/terraform\"";
        case.edit(TRUST, user, &format!("[{user}, \"{principal}\"]"));
        assert!(case.run(&["explain"]).exits(2).stdout.contains("allow"), "{principal}");
        case.edit("crossrole.yaml", "some-external-id", "other-external-id");
        case.run(&["generate"]).exits(4).says("could assume the role, against the spec");
    }
    Case::generated(GUARDED).run(&["explain"]).exits(0);
}

/// A condition of which the spec knows nothing is a person's to add: it is kept, and said.
#[test]
fn what_only_asks_for_more_is_kept() {
    let case = Case::generated(GUARDED);
    let more = "\"Condition\": {\n        \"IpAddress\": {\"aws:SourceIp\": \"192.0.2.0/24\"},";
    case.edit(TRUST, "\"Condition\": {", more);
    case.edit("crossrole.yaml", "some-external-id", "other-external-id");
    case.run(&["generate"]).exits(0).says("aws:SourceIp");
    let trust = case.read(TRUST);
    assert!(trust.contains("192.0.2.0/24") && trust.contains("other-external-id"), "{trust}");
}

/// A pack of one's own is judged by what it writes.
#[test]
fn other_templates_may_not_open_a_role_unasked() {
    let case = Case::new(GUARDED);
    case.run(&["templates", "eject", "pack"]).exits(0);
    let open = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\",\n      \"Principal\": \"*\",\n      \"Action\": \"sts:AssumeRole\"\n    }\n  ]\n}\n";
    case.write("pack/bootstrap/trust-policy.json.tera", open);
    let id = "\n    id: bootstrap/trust-policy.json";
    let (document, template) = ("- document: trust_policy", "- template: bootstrap/trust-policy.json.tera");
    case.edit("pack/pack.yaml", &format!("{document}{id}"), &format!("{template}{id}"));
    let before = case.files();
    case.run(&["generate", "--templates", "pack"]).exits(4).says("could assume the role, against the spec");
    assert_eq!(case.files(), before);
}

/// A person narrowed the trust policy, and the merge would bring a principal back in.
#[test]
fn edits_count_on_both_sides() {
    let case = Case::generated(SPEC);
    case.edit(TRUST, "arn:aws:iam::111111111111:root", "arn:aws:iam::111111111111:role/narrow");
    case.edit(
        "crossrole.yaml",
        "account_id: \"222222222222\"",
        "account_id: \"222222222222\"\n    role: {external_id: new-external-id}",
    );
    case.run(&["generate"]).exits(4).says("would be denied");
    let ran = case.run(&["generate", "--accept-trust-change"]).exits(0);
    let trust = case.read(TRUST);
    assert!(trust.contains("new-external-id"), "{trust}");
    assert_eq!(
        trust.contains("root"),
        ran.stderr.contains("may assume the role, and could not"),
        "{}",
        ran.stderr
    );
}
