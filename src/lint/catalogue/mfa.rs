//! Multi-factor authentication: the catalogue's texts.

use crate::diagnostic::Level;
use crate::lint::rule::{Rule, Subject};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "CR030",
        name: "impossible-mfa",
        level: Level::Error,
        title: "MFA is required of a principal that can never have it",
        rationale: "Sessions of roles, federated users and services carry no MFA information, so the statement never applies to them.",
        fix: "Require MFA only of IAM users.",
        source: "IAM User Guide, \"Configuring MFA-protected API access\"",
        see: &[],
        on: &[Subject::Spec, Subject::Policy, Subject::Terraform],
    },
    Rule {
        id: "CR031",
        name: "mfa-bypass-long-term-keys",
        level: Level::Error,
        title: "MFA is required, but access keys pass without it",
        rationale: "`BoolIfExists` is true when the key is absent, and requests signed with long-term access keys do not have it.",
        fix: "Use plain `Bool`.",
        source: "IAM User Guide, \"AWS global condition context keys: aws:MultiFactorAuthPresent\"",
        see: &[("parliament", "BAD_PATTERN_FOR_MFA")],
        on: &[Subject::Policy, Subject::Terraform],
    },
    Rule {
        id: "CR032",
        name: "incomplete-mfa-deny",
        level: Level::Warning,
        title: "a `Deny` without MFA does not cover every case",
        rationale: "`Bool` with `false` misses long-term access keys, for which the condition key is absent; `Null` misses sessions without MFA or denies those with it.",
        fix: "Use `BoolIfExists` with `false`.",
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
        title: "Terraform cannot prompt for an MFA code",
        rationale: "The provider cannot prompt. Create an MFA session before running Terraform; every role assumed from it is limited to one hour.",
        fix: "Use `source/mfa-session.sh`, which is generated, or a wrapper such as aws-vault.",
        source: "terraform-provider-aws #2420",
        see: &[],
        on: &[Subject::Spec],
    },
    Rule {
        id: "CR034",
        name: "wrong-mfa-age",
        level: Level::Warning,
        title: "the limit on MFA age is wrong",
        rationale: "The key is a number of seconds and is evaluated at every AssumeRole, including when the provider renews its session during a long apply. Any operator other than `NumericLessThan` is an error.",
        fix: "Compare it with `NumericLessThan`, and allow for a whole apply.",
        source: "IAM User Guide, \"AWS global condition context keys: aws:MultiFactorAuthAge\"",
        see: &[],
        on: &[Subject::Policy, Subject::Terraform],
    },
];
