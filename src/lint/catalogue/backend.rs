//! Terraform's state: the catalogue's texts.

use crate::diagnostic::Level;
use crate::lint::rule::{Rule, Subject};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "CR076",
        name: "backend-credentials",
        level: Level::Warning,
        title: "the state may be accessed with unintended credentials",
        rationale: "The backend takes its own credentials, from the environment as well, and not those of the provider.",
        fix: "Name a profile or a role for it, or the accounts it may be in.",
        source: "terraform #18007",
        see: &[],
        on: &[Subject::Spec, Subject::Terraform],
    },
    Rule {
        id: "CR077",
        name: "unlocked-state",
        level: Level::Warning,
        title: "a state without locking",
        rationale: "Concurrent runs can corrupt the state. `dynamodb_table` is deprecated since 1.11.",
        fix: "Set `use_lockfile = true`.",
        source: "Terraform documentation, S3 backend",
        see: &[],
        on: &[Subject::Terraform],
    },
    Rule {
        id: "CR078",
        name: "two-backends",
        level: Level::Error,
        title: "a backend and HCP Terraform at once",
        rationale: "A root keeps its state in one place: `backend` and `cloud` exclude each other.",
        fix: "Remove one of the two.",
        source: "Terraform documentation, \"cloud block\"",
        see: &[],
        on: &[Subject::Terraform],
    },
];
