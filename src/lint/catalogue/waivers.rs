//! Waivers: the catalogue's texts.

use crate::diagnostic::Level;
use crate::lint::rule::{Rule, Subject};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "CR098",
        name: "expired-waiver",
        level: Level::Warning,
        title: "a waiver has expired",
        rationale: "What was accepted for a while is a finding again. The reason may still hold, and somebody has to say so.",
        fix: "Fix the finding, or give the waiver a new date.",
        source: "docs/lint.md",
        see: &[],
        on: &[Subject::Spec, Subject::Terraform],
    },
    Rule {
        id: "CR099",
        name: "unused-waiver",
        level: Level::Warning,
        title: "a waiver silences nothing",
        rationale: "The finding is gone, never was, is elsewhere, or is an error, which no waiver silences. Such a waiver would silence a later finding that nobody has thought about.",
        fix: "Remove the waiver, or put the comment where its finding is.",
        source: "docs/lint.md",
        see: &[],
        on: &[Subject::Spec, Subject::Terraform],
    },
];
