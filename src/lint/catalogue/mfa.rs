//! Multi-factor authentication: the catalogue's texts.

use crate::diagnostic::Level;
use crate::lint::rule::{Rule, Subject};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "CR030",
        name: "impossible-mfa",
        level: Level::Error,
        title: "MFA is demanded of one who can never show it",
        rationale: "Sessions of roles, federated users and services carry no MFA information, so the statement locks them out for good.",
        fix: "Demand MFA of IAM users only.",
        source: "IAM User Guide, \"Configuring MFA-protected API access\"",
        see: &[],
        on: &[Subject::Spec, Subject::Policy, Subject::Terraform],
    },
    Rule {
        id: "CR031",
        name: "mfa-bypass-long-term-keys",
        level: Level::Error,
        title: "MFA is demanded, and long-term keys pass without",
        rationale: "`BoolIfExists` holds when the key is absent, and requests signed with long-term keys have none.",
        fix: "Write plain `Bool`.",
        source: "IAM User Guide, \"AWS global condition context keys: aws:MultiFactorAuthPresent\"",
        see: &[("parliament", "BAD_PATTERN_FOR_MFA")],
        on: &[Subject::Policy, Subject::Terraform],
    },
    Rule {
        id: "CR032",
        name: "incomplete-mfa-deny",
        level: Level::Warning,
        title: "a `Deny` that is to catch missing MFA misses some of it",
        rationale: "`Bool false` misses long-term keys, which have no such key; `Null` misses sessions without MFA or hits those with it.",
        fix: "Write `BoolIfExists` with `false`.",
        source: "IAM User Guide, \"AWS global condition context keys: aws:MultiFactorAuthPresent\"",
        see: &[
            ("iam-policy-validator", "mfa_antipattern_bool_false"),
            ("iam-policy-validator", "mfa_antipattern_null_true"),
        ],
        on: &[Subject::Policy, Subject::Terraform],
    },
    Rule {
        id: "CR033",
        name: "mfa-without-prompt",
        level: Level::Warning,
        title: "Terraform cannot ask for an MFA code",
        rationale: "The provider has no prompt. A session with MFA has to be made before Terraform runs, and every role assumed from it lasts an hour at most.",
        fix: "Use `source/mfa-session.sh`, which is generated, or a wrapper such as aws-vault.",
        source: "terraform-provider-aws #2420",
        see: &[],
        on: &[Subject::Spec],
    },
    Rule {
        id: "CR034",
        name: "wrong-mfa-age",
        level: Level::Warning,
        title: "the age of MFA is limited wrongly",
        rationale: "The key is a number of seconds and is judged at every AssumeRole, so also when the provider renews its session in a long apply. An operator other than `NumericLessThan` is an error.",
        fix: "Compare it with `NumericLessThan`, and allow for a whole apply.",
        source: "IAM User Guide, \"AWS global condition context keys: aws:MultiFactorAuthAge\"",
        see: &[],
        on: &[Subject::Policy, Subject::Terraform],
    },
];
