//! Whatever the spec asks for, Terraform takes every root for valid and has nothing to format; specs that cannot
//! be applied here (another backend, another partition) at least pass this.

use serde_json::json;

use super::tools::Terraform;
use super::world::at_once;
use crate::support::{Case, files, repository};

/// Specs whose output is looked at, by what they are about.
pub(super) const SPECS: [(&str, &str); 11] = [
    ("s3", include_str!("specs/applied.yaml")),
    ("cloud", include_str!("specs/cloud.yaml")),
    ("local", include_str!("specs/local.yaml")),
    ("callers", include_str!("specs/callers.yaml")),
    ("team", include_str!("../../../snapshots/generate/team/spec.yaml")),
    ("issuers", include_str!("../../../snapshots/generate/issuers/spec.yaml")),
    ("issuers-github", include_str!("../../../snapshots/generate/issuers-github/spec.yaml")),
    ("backend-role", include_str!("../../../snapshots/generate/backend-role/spec.yaml")),
    ("state", include_str!("../../../snapshots/generate/user-state/spec.yaml")),
    ("stack-set", include_str!("../../../snapshots/generate/user-stack-set/spec.yaml")),
    ("single", include_str!("../../../snapshots/generate/workload-single/spec.yaml")),
];

/// The spec that readers begin with, and the file beside it.
const EXAMPLE: &str = "examples/three-accounts";

/// Generates a spec, with the files that it may name.
pub(super) fn generated(spec: &str) -> Case {
    let case = Case::new(spec);
    let document = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ce:Get*", "Resource": "*"}]}"#;
    case.write("policies/read-costs.json", document);
    case.run(&["generate"]).exits(0);
    case
}

/// Generates the example.
pub(super) fn generated_example() -> Case {
    generated_folder(EXAMPLE)
}

/// Generates the spec in a folder of the repository, with all that is beside it.
fn generated_folder(folder: &str) -> Case {
    let files = files(&repository(folder));
    let case = Case::new(&files["crossrole.yaml"]);
    for (path, text) in files {
        case.write(&path, text);
    }
    case.run(&["generate"]).exits(0);
    case
}

#[test]
fn roots_with_states_in_hcp_terraform_are_valid() {
    is_valid(&generated(SPECS[1].1), 6);
}

#[test]
fn roots_with_states_beside_them_in_another_partition_are_valid() {
    is_valid(&generated(SPECS[2].1), 5);
}

#[test]
fn roots_with_callers_of_every_kind_and_several_roles_are_valid() {
    for (spec, roots) in
        [(SPECS[3], 5), (SPECS[4], 3), (SPECS[5], 3), (SPECS[6], 3), (SPECS[7], 3), (SPECS[8], 4)]
    {
        is_valid(&generated(spec.1), roots);
    }
}

/// With more roles than one policy holds, every kind of caller has several.
#[test]
fn callers_with_several_policies_are_valid() {
    let target = |number: usize| json!({"name": format!("t{number}"), "account_id": format!("2{number:011}"), "role": {"path": format!("/{}/", "p".repeat(250))}});
    let spec = json!({
        "version": 1,
        "source": {
            "account_id": "111111111111",
            "region": "eu-west-1",
            "identity_center": {"instance_arn": "arn:aws:sso:::instance/ssoins-1234567890abcdef"},
            "callers": [
                {"kind": "iam_user", "name": "ada"},
                {"kind": "role", "name": "ci/runner", "match": "principal_arn"},
                {"kind": "sso", "permission_set": "PlatformAdmin"},
                {"kind": "sso", "permission_set": "Auditor", "region": "us-east-1"},
                {"kind": "gitlab", "id": "gitlab", "project": "acme/infra", "branch": "main"},
            ],
        },
        "targets": (0..40).map(target).collect::<Vec<_>>(),
    });
    let case = generated(&spec.to_string());
    assert!(case.output().contains_key("source/assume/auditor-2.json"));
    are_valid(&case, &["source".to_owned()]);
}

#[test]
fn one_root_for_all_accounts_is_valid() {
    is_valid(&generated(SPECS[9].1), 5);
    let name = |number: usize, name: &str| json!({"name": name, "account_id": format!("2{number:011}")});
    let names = ["null", "for", "1-", "a--b", "a", "each", "override", "providers", "versions"];
    let targets: Vec<_> = names.iter().enumerate().map(|(number, text)| name(number, text)).collect();
    let source = json!({"account_id": "111111111111"});
    let layout = json!({"layout": "single"});
    let spec = json!({"version": 1, "source": source, "terraform": layout, "targets": targets});
    are_valid(&generated(&spec.to_string()), &["workload".to_owned()]);
}

#[test]
fn the_example_is_valid() {
    is_valid(&generated_example(), 7);
}

#[test]
fn what_people_begin_with_is_valid() {
    let small = [
        ("two-accounts", 3),
        ("mfa", 5),
        ("vendor", 7),
        ("ci-role", 7),
        ("govcloud", 5),
        ("gitlab", 5),
        ("hcp-terraform", 5),
        ("two-specs/network", 5),
    ];
    for (example, roots) in small {
        is_valid(&generated_folder(&format!("examples/{example}")), roots);
    }
    // Accounts differ in names and numbers alone: the first and the last stand for all.
    for (example, count, last) in [("organization", 41, "web-prod"), ("sso-github", 81, "shipping-staging")] {
        let case = generated_folder(&format!("examples/{example}"));
        let mut roots = roots_of(&case);
        assert_eq!(roots.len(), count);
        roots.retain(|root| ["source", "audit", last].iter().any(|name| root.contains(name)));
        are_valid(&case, &roots);
    }
}

/// Has Terraform look at every root.
#[track_caller]
pub(super) fn is_valid(case: &Case, roots: usize) {
    let paths = roots_of(case);
    assert_eq!(paths.len(), roots, "{paths:?}");
    are_valid(case, &paths);
}

/// The roots of a folder, in the order to apply them.
pub(super) fn roots_of(case: &Case) -> Vec<String> {
    let listed = case.run(&["list", "--format", "json"]).exits(0).json();
    let roots = listed["roots"].as_array().expect("a list").iter();
    roots.map(|root| root["path"].as_str().expect("a path").to_owned()).collect()
}

/// Has Terraform look at the format of everything, and at some roots.
#[track_caller]
pub(super) fn are_valid(case: &Case, paths: &[String]) {
    let Some(terraform) = Terraform::find() else { return };
    let ran = terraform.run(case.root(), &[], &["fmt", "-check", "-diff", "-recursive"]);
    assert_eq!(ran.exits(0).stdout, "", "nothing to format");
    let halves: Vec<&[String]> = paths.chunks(paths.len().div_ceil(2)).collect();
    at_once(&halves, |half| {
        for path in *half {
            let folder = case.at(path);
            terraform.run(&folder, &[], &["init", "-backend=false"]).exits(0);
            let ran = terraform.run(&folder, &[], &["validate", "-json"]).exits(0);
            assert_eq!(ran.json()["diagnostics"], serde_json::json!([]), "{path}");
        }
    });
}
