//! What the role is for, it can do: its regions exist, and so do its policies.

use std::fs;

use serde_json::Value;

use super::findings;
use crate::support::temporary;

/// What `lint` says of a spec with these lines: the id, the level and the text of each finding that is about them.
fn found(terraform: &str, target: &str) -> Vec<(String, String, String)> {
    let spec = format!(
        "version: 1\nsource: {{account_id: \"111111111111\", callers: [{{kind: role, name: ci}}]}}\nterraform: {{{terraform}}}\ntargets:\n  - name: staging\n    account_id: \"222222222222\"\n{target}\n"
    );
    let folder = temporary();
    fs::write(folder.path().join("crossrole.yaml"), spec).expect("a file");
    let said = |found: &Value, key: &str| found[key].as_str().unwrap_or_default().to_owned();
    let about = ["CR005", "CR006", "CR068", "CR103", "CR104", "CR105", "CR106"];
    let found = findings(folder.path(), "crossrole.yaml");
    found
        .iter()
        .filter(|found| about.contains(&&*said(found, "id")))
        .map(|found| {
            (
                said(found, "id"),
                said(found, "level"),
                format!("{} {}", said(found, "message"), said(found, "help")),
            )
        })
        .collect()
}

const ROLE: &str = "    role: {policy_arns: [arn:aws:iam::aws:policy/PowerUserAccess]}";

fn region(name: &str) -> Vec<(String, String)> {
    let target = format!("    region: {name}\n{ROLE}");
    found("", &target).into_iter().map(|(id, level, _)| (id, level)).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(id, level)| ((*id).to_owned(), (*level).to_owned())).collect()
}

#[test]
fn a_region_that_is_not_known_is_a_warning() {
    for name in ["eu-west-4", "us-west-9", "ap-southeast-9", "sa-north-1"] {
        assert_eq!(region(name), pairs(&[("CR005", "warning")]), "{name}");
    }
    for name in ["eu-west-1", "us-east-2", "eu-north-1"] {
        assert_eq!(region(name), [], "{name}");
    }
    for name in ["eu-south-1", "ap-southeast-6", "mx-central-1"] {
        assert_eq!(region(name), pairs(&[("CR006", "warning")]), "{name}");
    }
    assert_eq!(region("europe"), pairs(&[("CR005", "error")]));
    let beside = found("", &format!("    region: eu-west-4\n{ROLE}"));
    assert!(beside[0].2.contains("`eu-west-1`, `eu-west-2` or `eu-west-3`"), "{beside:?}");
}

#[test]
fn so_is_the_region_of_the_states() {
    let backend = |region: &str| {
        let backend = format!("backend: {{type: s3, bucket: acme-state, region: {region}}}");
        found(&backend, ROLE).into_iter().map(|(id, level, _)| (id, level)).collect::<Vec<_>>()
    };
    assert_eq!(backend("eu-west-4"), pairs(&[("CR005", "warning")]));
    assert_eq!(backend("eu-west-3"), []);
}

#[test]
fn a_policy_of_a_service_linked_role_is_attached_to_no_other() {
    let target = |name: &str| {
        format!(
            "    role: {{policy_arns: [arn:aws:iam::aws:policy/{name}]}}\n    verification: {{enabled: false}}"
        )
    };
    let wrong = found("", &target("aws-service-role/AWSSupportServiceRolePolicy"));
    assert!(matches!(wrong.as_slice(), [(id, level, _)] if id == "CR068" && level == "error"), "{wrong:?}");
    assert_eq!(found("", &target("service-role/AWSLambdaBasicExecutionRole")), []);
    let near = found("", &target("AWSLambdaBasicExecutionRole"));
    let offered = "did you mean `service-role/AWSLambdaBasicExecutionRole`?";
    assert!(
        matches!(near.as_slice(), [(id, level, text)] if id == "CR103" && level == "warning" && text.contains(offered)),
        "{near:?}"
    );
}

#[test]
fn a_role_without_the_bucket_needs_no_right_to_it() {
    let target =
        |more: &str| format!("    role: {{policy_arns: [arn:aws:iam::aws:policy/ReadOnlyAccess]}}\n{more}");
    let found = |more: &str| {
        found("", &target(more)).into_iter().map(|(id, level, _)| (id, level)).collect::<Vec<_>>()
    };
    assert_eq!(found(""), pairs(&[("CR105", "warning")]));
    assert_eq!(found("    verification: {enabled: false}"), []);
    assert_eq!(found("    state: retired"), []);
}

#[test]
fn versions_reach_what_is_generated() {
    const S3: &str = "backend: {type: s3, bucket: acme-state, region: eu-west-1}, ";
    for (terraform, expected) in [
        ("required_version: \">= 1.7.0\"", None),
        ("required_version: \">= 1.5\"", Some("warning")),
        ("required_version: \"< 2.0.0\"", Some("warning")),
        ("required_version: \"~> 1.5.0\"", Some("error")),
        ("aws_provider: \"~> 6.0\"", None),
        ("aws_provider: \"~> 5.0\"", Some("warning")),
        ("aws_provider: \"4.67.0\"", Some("error")),
    ] {
        let found = found(terraform, ROLE).into_iter().map(|(id, level, _)| (id, level));
        let expected = expected.map(|level| ("CR106", level));
        assert_eq!(found.collect::<Vec<_>>(), pairs(expected.as_slice()), "{terraform}");
    }
    // The lock file of a state in S3 is what came last.
    for (version, expected) in
        [(">= 1.11.0", None), (">= 1.10.0", Some("warning")), ("< 1.11", Some("error"))]
    {
        let found = found(&format!("{S3}required_version: \"{version}\""), ROLE);
        assert_eq!(found.first().map(|(_, level, _)| level.as_str()), expected, "{version}");
    }
}
