//! The proof of placement, and what stays around a role: the catalogue's texts.

use crate::diagnostic::Level;
use crate::lint::rule::{Rule, Subject};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "CR090",
        name: "invalid-bucket-name",
        level: Level::Error,
        title: "a bucket name is invalid in S3",
        rationale: "Neither the provider nor `terraform validate` checks the naming rules.",
        fix: "Use 3 to 63 characters of `[a-z0-9.-]`, without S3's reserved prefixes and suffixes.",
        source: "S3 User Guide, \"General purpose bucket naming rules\"",
        see: &[("cfn-lint", "E1161")],
        on: &[Subject::Spec],
    },
    Rule {
        id: "CR091",
        name: "guessable-bucket-name",
        level: Level::Warning,
        title: "a bucket name that others can register first",
        rationale: "Names are unique within a partition. A name without the account ID can be registered by anyone who reads or guesses it, also after the bucket is deleted.",
        fix: "Omit `bucket`: the default name contains account, region and a hash.",
        source: "S3 User Guide, \"General purpose buckets overview\"",
        see: &[],
        on: &[Subject::Spec],
    },
    Rule {
        id: "CR096",
        name: "resource-control-policy",
        level: Level::Note,
        title: "the target's own organization may deny access",
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
        rationale: "Without tags, nobody in the target account can tell who created a role and whether it is still needed.",
        fix: "Set `role.tags`, for example once under `defaults`.",
        source: "AWS Well-Architected Framework, SEC03-BP06",
        see: &[],
        on: &[Subject::Spec],
    },
];
