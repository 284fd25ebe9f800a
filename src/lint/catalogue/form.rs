//! Policies that are none: the catalogue's texts.

use crate::diagnostic::Level;
use crate::lint::rule::{Rule, Subject};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "CR100",
        name: "invalid-policy",
        level: Level::Error,
        title: "a policy has a form that IAM rejects",
        rationale: "A key is unknown or misspelt, an element is missing or empty, a `Sid` holds more than letters and digits, an action or a condition key has no prefix, a resource is not an ARN, or a trust policy speaks of other actions than its own. IAM refuses the policy when it is saved, and that is in the middle of an apply.",
        fix: "Follow the message: element names are case-sensitive, and each statement has `Effect`, an action, and a principal or a resource.",
        source: "IAM User Guide, \"Grammar of the IAM JSON policy language\"",
        see: &[
            ("Access Analyzer", "INVALID_POLICY_ELEMENT"),
            ("Access Analyzer", "INVALID_EFFECT"),
            ("Access Analyzer", "MISSING_EFFECT"),
            ("Access Analyzer", "MISSING_ACTION"),
            ("Access Analyzer", "DATA_TYPE_MISMATCH"),
        ],
        on: &[Subject::Spec, Subject::Policy, Subject::Terraform],
    },
    Rule {
        id: "CR110",
        name: "not-judged",
        level: Level::Note,
        title: "something could not be judged",
        rationale: "A value is known only when Terraform runs, a module or file is not among those that were read, or a text is built in a way that is not followed. Whatever is wrong there has not been found. `--strict` counts such notes as errors, and the last line of a run says how many there are.",
        fix: "Give the value where Terraform reads it by itself (`terraform.tfvars`, a default), lint the folder that holds everything, or save the policy from `terraform show -json` and lint that file.",
        source: "Terraform documentation, \"Input variables\" and \"Data sources\"",
        see: &[],
        on: &[Subject::Terraform],
    },
    Rule {
        id: "CR101",
        name: "unknown-condition-operator",
        level: Level::Error,
        title: "a condition operator is unknown",
        rationale: "IAM knows a fixed list of operators in one spelling each, capital letters included, with `ForAllValues:` or `ForAnyValue:` before them and `IfExists` behind them. It refuses a policy with any other.",
        fix: "Correct the operator. `Null` takes no `IfExists`.",
        source: "IAM User Guide, \"IAM JSON policy elements: Condition operators\"",
        see: &[("Access Analyzer", "INVALID_CONDITION_OPERATOR"), ("Access Analyzer", "NULL_WITH_IF_EXISTS")],
        on: &[Subject::Spec, Subject::Policy, Subject::Terraform],
    },
    Rule {
        id: "CR102",
        name: "wrong-condition-value",
        level: Level::Error,
        title: "a value has the wrong type for its operator",
        rationale: "A date operator compares dates, `IpAddress` networks, `Bool` `true` and `false`, `ArnLike` ARNs. Anything else is refused, or never matches: an `Allow` that lets nobody in, a `Deny` that denies nothing. A network under `StringEquals` is compared letter by letter with one address, which is a warning.",
        fix: "Write the value in the form of its kind, or compare it with another operator.",
        source: "IAM User Guide, \"Access Analyzer policy check reference\", type mismatches",
        see: &[
            ("Access Analyzer", "TYPE_MISMATCH"),
            ("Access Analyzer", "TYPE_MISMATCH_BOOLEAN"),
            ("Access Analyzer", "TYPE_MISMATCH_IP_RANGE"),
            ("Access Analyzer", "TYPE_MISMATCH_NUMBER"),
        ],
        on: &[Subject::Spec, Subject::Policy, Subject::Terraform],
    },
];
