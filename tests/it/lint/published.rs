//! Bad trust policies that have been published, as examples or as what was found in the wild, each
//! written down here anew: none goes unnoticed.

use std::fs;

use super::{findings, ids};
use crate::support::repository;

/// The policies by file, with what has to be found in each.
const POLICIES: &[(&str, &[&str])] = &[
    ("wildcard-aws.json", &["CR010"]),
    ("wildcard-principal.json", &["CR010"]),
    ("wildcard-with-external-id.json", &["CR010"]),
    ("wildcard-in-arn.json", &["CR012"]),
    ("account-root.json", &["CR011"]),
    ("bare-account.json", &["CR011"]),
    ("github-without-sub.json", &["CR080"]),
    ("github-without-conditions.json", &["CR080"]),
    ("github-any-repository.json", &["CR081"]),
    ("github-organization-prefix.json", &["CR081"]),
    ("github-whole-organization.json", &["CR082"]),
    ("github-any-branch.json", &["CR082"]),
    ("github-pull-requests.json", &["CR082"]),
    ("github-wildcard-in-equals.json", &["CR083"]),
    ("github-for-all-values.json", &["CR084"]),
    ("github-mutable-names.json", &["CR085"]),
    ("github-workflow-claim.json", &["CR086"]),
    ("gitlab-any-project.json", &["CR081"]),
    ("gitlab-without-sub.json", &["CR080"]),
    ("hcp-any-organization.json", &["CR081"]),
    ("hcp-any-phase.json", &["CR087"]),
    ("oidc-of-another-host.json", &["CR088"]),
    ("mfa-if-exists.json", &["CR031"]),
    ("mfa-of-a-role.json", &["CR030"]),
    ("mfa-deny-bool.json", &["CR032"]),
    ("vendor-short-external-id.json", &["CR022"]),
    ("vendor-like-external-id.json", &["CR025"]),
    ("service-without-source.json", &["CR089"]),
    ("saml-with-assume-role.json", &["CR019"]),
    ("not-principal.json", &["CR015"]),
];

#[test]
fn none_goes_unnoticed() {
    let folder = repository("tests/it/lint/compared");
    for (file, wanted) in POLICIES {
        let found = ids(&findings(&folder, file));
        for id in *wanted {
            assert!(found.contains(&(*id).to_owned()), "{file}: {id} is not among {found:?}");
        }
    }
    let kept = fs::read_dir(&folder).expect("a folder").count();
    assert_eq!(kept, POLICIES.len(), "a policy is not in the list, or missing");
}
