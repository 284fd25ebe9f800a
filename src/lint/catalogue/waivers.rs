//! Waivers: the catalogue's texts.

use crate::diagnostic::Level;
use crate::lint::rule::{Rule, Subject};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "CR098",
        name: "expired-waiver",
        level: Level::Warning,
        title: "a waiver has expired",
        rationale: "A finding that was accepted until a date is reported again. If the reason still holds, renew the waiver.",
        fix: "Fix the finding, or give the waiver a new date.",
        source: "docs/lint.md",
        see: &[],
        on: &[Subject::Spec, Subject::Terraform],
    },
    Rule {
        id: "CR099",
        name: "unused-waiver",
        level: Level::Warning,
        title: "a waiver has no effect",
        rationale: "The finding no longer exists, is elsewhere, or is an error, which cannot be waived. Such a waiver could hide a later finding that nobody has reviewed.",
        fix: "Remove the waiver, or move the comment to its finding.",
        source: "docs/lint.md",
        see: &[],
        on: &[Subject::Spec, Subject::Terraform],
    },
];
