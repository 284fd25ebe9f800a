//! What matters is said, once and however quiet a run is to be.

use super::{PROVIDERS, v2_with};
use crate::support::{Case, SPEC};

/// A fleet of 41 targets.
fn fleet() -> Case {
    let target = |number: u64| {
        format!("  - {{name: t{number:02}, account_id: \"{:012}\"}}\n", 300_000_000_000 + number)
    };
    let targets: String = (1..=40).map(target).collect();
    Case::generated(&format!("{SPEC}{targets}"))
}

#[test]
fn one_widening_for_many_targets_is_one_line() {
    let case = fleet();
    v2_with(&case, "bootstrap/main.tf.tera", |text| {
        format!(
            "{text}\nresource \"aws_iam_role_policy_attachment\" \"more\" {{\n  role       = aws_iam_role.cross_account.name\n  policy_arn = \"arn:aws:iam::aws:policy/AdministratorAccess\"\n}}\n"
        )
    });
    let line = ", in 41 targets: `staging`, `t01`, `t02` and 38 more";
    let update = ["update", "--templates", "v2"];
    let ran = case.run(&update).exits(4).says(line).says("--accept-trust-change");
    assert_eq!(ran.stderr.matches("trust widened").count(), 1, "{}", ran.stderr);
    let ran = case.run(&["update", "-q", "--templates", "v2"]).exits(4).says(line);
    assert!(ran.stderr.lines().count() < 12, "{}", ran.stderr);
    let json = case.run(&["update", "--templates", "v2", "--format", "json"]).exits(4).json();
    let found = &json["repositories"][0]["trust_changes"];
    assert_eq!(found.as_array().map(Vec::len), Some(41), "each file for machines");
    let ran = case.run(&["update", "--templates", "v2", "--accept-trust-change"]).exits(0).says(line);
    assert_eq!(ran.stderr.matches("trust widened").count(), 1, "{}", ran.stderr);
}

#[test]
fn an_edit_that_widens_in_many_targets_is_one_line() {
    let case = fleet();
    for path in case.output().into_keys().filter(|path| path.ends_with("bootstrap/main.tf")) {
        case.edit(&path, "max_session_duration = 3600", "max_session_duration = 43200");
    }
    let ran = case.run(&["check"]).exits(2).says(", in 41 targets: `staging`, `t01`, `t02` and 38 more");
    assert_eq!(ran.stderr.matches("1h → 12h").count(), 1, "{}", ran.stderr);
    let json = case.run(&["check", "--format", "json"]).exits(2).json();
    let changes = json["changes"].as_array().expect("a list").clone();
    assert_eq!(changes.iter().filter(|change| change["kind"] == "trust").count(), 41);
}

#[test]
fn a_stranger_in_many_trust_policies_is_one_line() {
    let case = fleet();
    let stranger = "\"Statement\": [\n    {\n      \"Sid\": \"Other\",\n      \"Effect\": \"Allow\",\n      \"Principal\": {\"AWS\": \"arn:aws:iam::999999999999:root\"},\n      \"Action\": \"sts:AssumeRole\"\n    },";
    for path in case.output().into_keys().filter(|path| path.ends_with("trust-policy.json")) {
        case.edit(&path, "\"Statement\": [", stranger);
    }
    case.edit("crossrole.yaml", "source:\n", "source:\n  organization_id: o-a1b2c3d4e5\n");
    let ran = case.run(&["generate"]).exits(4);
    let who = "anyone in account 999999999999 could assume the role, against the spec";
    assert_eq!(ran.stderr.matches(who).count(), 1, "{}", ran.stderr);
    let line = ", in 41 files: `accounts/staging/bootstrap/trust-policy.json`, `accounts/t01/bootstrap/trust-policy.json`, `accounts/t02/bootstrap/trust-policy.json` and 38 more";
    assert!(ran.stderr.contains(line), "{}", ran.stderr);
    assert!(ran.stderr.lines().count() < 20, "{}", ran.stderr);
}

/// A spec whose change an edit contradicts.
fn contradicted() -> Case {
    let regional = |region: &str| format!("defaults: {{region: {region}}}\n{SPEC}");
    let case = Case::generated(&regional("eu-west-1"));
    case.edit(PROVIDERS, "eu-west-1", "ap-south-1");
    case.write("crossrole.yaml", regional("eu-central-1"));
    case
}

#[test]
fn conflicts_are_said_however_quiet_it_is_to_be() {
    for (arguments, code) in [
        (&["generate", "-q"][..], 3),
        (&["generate", "-q", "--dry-run"], 3),
        (&["update", "-q"], 3),
        (&["check", "-q"], 2),
        (&["generate", "-q", "--conflict", "inline"], 3),
        (&["generate", "-q", "--conflict", "sidecar"], 3),
        (&["update", "-q", "--conflict", "inline"], 3),
        (&["update", "-q", "--conflict", "sidecar"], 3),
    ] {
        let case = contradicted();
        let ran = case.run(arguments).exits(code).says(PROVIDERS);
        let writes = arguments.contains(&"--conflict");
        assert_eq!(
            ran.stderr.contains("crossrole update --continue"),
            writes,
            "{arguments:?}: {}",
            ran.stderr
        );
        if writes {
            // And what waits is named by whatever is run next.
            for next in [&["generate", "-q"][..], &["update", "-q"]] {
                case.run(next).exits(4).says(PROVIDERS).says("--abort");
            }
            case.run(&["check", "-q"]).exits(2).says(PROVIDERS);
        }
    }
    let case = Case::new("");
    for (name, text) in [("base", "a = 1\n"), ("mine", "a = 2\n"), ("theirs", "a = 3\n")] {
        case.write(&format!("{name}.tf"), text);
    }
    case.run(&["merge", "-q", "base.tf", "mine.tf", "theirs.tf"]).exits(3).says("conflict: ");
}

#[test]
fn without_conflicts_quiet_is_quiet() {
    let case = Case::generated(SPEC);
    for arguments in [&["generate", "-q"][..], &["update", "-q"], &["check", "-q"]] {
        assert_eq!(case.run(arguments).exits(0).stderr, "", "{arguments:?}");
    }
}
