//! What the dialogue asks, by words that stand in each prompt, and the shortest way through it.

use super::talk::{DOWN, ENTER, Talk};
use crate::support::{Case, Files};

pub(super) const ID: &str = "Account A's ID";
pub(super) const WHO: &str = "any principal in";
pub(super) const ROLE: &str = "ARN of the role";
pub(super) const RECREATED: &str = "deleted and created again?";
pub(super) const SET: &str = "Name of the permission set";
pub(super) const USER: &str = "ARN of the user";
pub(super) const ROLES: &str = "read-only `plan`";
pub(super) const SIGN_IN: &str = "with a profile";
pub(super) const ORGANIZATION: &str = "Organization ID";
pub(super) const STATE: &str = "in HCP Terraform";
pub(super) const TARGET: &str = "Name of the target";
pub(super) const TARGET_ID: &str = "Its account ID";
pub(super) const REGION: &str = "Region";
pub(super) const WHOSE: &str = "ours: a member";
pub(super) const CREATED: &str = "the role already exists";
pub(super) const POLICIES: &str = "Space chooses";
pub(super) const CHOSEN: &str = "1 chosen";
pub(super) const MORE_TARGETS: &str = "Another target?";
pub(super) const REVIEW: &str = "Add a target";

/// The shortest way to a review: a user with MFA, one target of our own.
pub(super) const SHORT: [(&str, &str); 15] = [
    (ID, "111111111111\r"),
    (WHO, "\u{1b}[B\u{1b}[B\u{1b}[B\u{1b}[B\u{1b}[B\u{1b}[B\r"),
    (USER, "terraform\r"),
    ("Require MFA?", ENTER),
    ("Another caller?", ENTER),
    (ORGANIZATION, ENTER),
    (TARGET, ENTER),
    (TARGET_ID, "222222222222\r"),
    (REGION, ENTER),
    (WHOSE, ENTER),
    (CREATED, ENTER),
    (POLICIES, ENTER),
    (MORE_TARGETS, ENTER),
    (SIGN_IN, ENTER),
    (STATE, ENTER),
];

/// What a person would write for the same answers.
pub(super) const BY_HAND: &str = r#"version: 1
source:
  account_id: "111111111111"
  callers: [{kind: iam_user, name: terraform, mfa: true}]
targets:
  - name: staging
    account_id: "222222222222"
"#;

/// The lines of the kinds of callers.
pub(super) const GITHUB: usize = 1;
pub(super) const A_ROLE: usize = 5;
pub(super) const A_USER: usize = 6;
pub(super) const ANYBODY: usize = 7;

/// The keys that choose a line of a list.
pub(super) fn line(number: usize) -> String {
    DOWN.repeat(number) + ENTER
}

pub(super) fn empty() -> Case {
    let case = Case::new("");
    case.remove("crossrole.yaml");
    case
}

pub(super) fn begin(case: &Case) -> Talk {
    Talk::begin(case.root(), &[])
}

/// The files that were written, but for the talk's own.
pub(super) fn written(case: &Case) -> Files {
    let mut files = case.files();
    files.remove(".tty");
    files
}
