//! The proof of placement, and what stays around a role: the catalogue's texts.

use crate::diagnostic::Level;
use crate::lint::rule::{Rule, Subject};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "CR090",
        name: "invalid-bucket-name",
        level: Level::Error,
        title: "a bucket name breaks a rule of S3",
        rationale: "Neither the provider nor `terraform validate` checks any of the rules.",
        fix: "3 to 63 of `[a-z0-9.-]`, and none of S3's own beginnings and endings.",
        source: "S3 User Guide, \"General purpose bucket naming rules\"",
        see: &[("cfn-lint", "E1161")],
        on: &[Subject::Spec],
    },
    Rule {
        id: "CR091",
        name: "guessable-bucket-name",
        level: Level::Warning,
        title: "a bucket name that others can have first",
        rationale: "Names are unique in a partition. One without the account's id can be registered by anyone who reads or guesses it, also after it was deleted.",
        fix: "Leave `bucket` out: the derived name holds account, region and a hash.",
        source: "S3 User Guide, \"General purpose buckets overview\"",
        see: &[],
        on: &[Subject::Spec],
    },
    Rule {
        id: "CR096",
        name: "resource-control-policy",
        level: Level::Note,
        title: "the target's own organization may refuse",
        rationale: "A resource control policy of the owner's organization can deny `sts:AssumeRole` to outsiders, whatever the trust policy says. Nothing here can see it.",
        fix: "Ask the owner when everything looks right and access is still denied.",
        source: "AWS Organizations, \"Resource control policies\"",
        see: &[],
        on: &[Subject::Spec],
    },
    Rule {
        id: "CR097",
        name: "untagged-role",
        level: Level::Note,
        title: "a role has no owner tag",
        rationale: "In B nobody can tell who made a role without tags, and whether it is still needed.",
        fix: "Set `role.tags`, once under `defaults`.",
        source: "AWS Well-Architected Framework, SEC03-BP06",
        see: &[],
        on: &[Subject::Spec],
    },
];
