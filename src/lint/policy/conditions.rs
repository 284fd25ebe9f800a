//! Conditions that hold always, or never.

use super::Policy;
use crate::diagnostic::Level;
use crate::diagnostic::words::excerpt;
use crate::lint::finding::Findings;
use crate::policy::read::{Case, Condition, Operator, Test};

/// Keys of AWS that may have several values: for these `ForAllValues:` is made.
///
/// Source: "AWS global condition context keys" (IAM User Guide).
const MULTIVALUED: [&str; 7] = [
    "aws:calledvia",
    "aws:principalservicenameslist",
    "aws:resourceorgpaths",
    "aws:sourceorgpaths",
    "aws:tagkeys",
    "sts:identitytokenaudience",
    "sts:transitivetagkeys",
];
/// Claims that have one value or none.
const CLAIMS: [&str; 5] = [":aud", ":sub", ":iss", ":azp", ":oaud"];
/// Keys whose value can be `*` itself: the header of a request that may not replace an object.
const LITERAL: [&str; 2] = ["s3:if-none-match", "s3:if-match"];

/// CR017
pub(super) fn assumed_role_as_principal_arn(policy: &Policy<'_>, found: &mut Findings) {
    for statement in &policy.statements {
        for value in statement.conditions_on("aws:principalarn").flat_map(|condition| &condition.values) {
            if value.text.contains(":sts:") && value.text.contains(":assumed-role/") {
                let message = format!("`aws:PrincipalArn` is never `{}`", excerpt(&value.text));
                found.add(
                    "CR017",
                    value.at,
                    message,
                    "it contains the role's ARN, not the session's: `arn:aws:iam::ACCOUNT:role/PATH/NAME`",
                );
            }
        }
    }
}

fn is_exact(operator: Operator) -> bool {
    !operator.negated && operator.test == Test::Text(Case::Sensitive)
}

/// Whether no value of a key holds a `*`: those of AWS itself, of STS and IAM, and claims of tokens.
fn never_holds_star(key: &str) -> bool {
    ["aws:", "sts:", "iam:"].iter().any(|start| key.starts_with(start))
        || key.split_once(':').is_some_and(|(host, _)| host.contains('.'))
}

/// CR083
pub(super) fn wildcard_compared_literally(policy: &Policy<'_>, found: &mut Findings) {
    for statement in &policy.statements {
        let exact = statement.conditions.list.iter().filter(|condition| is_exact(condition.operator));
        for condition in exact.filter(|condition| !LITERAL.contains(&condition.lower_key())) {
            let is_sure = never_holds_star(condition.lower_key());
            for value in condition.values.iter().filter(|value| value.text.contains('*')) {
                let message = format!(
                    "`{}` compares the `*` in `{}` literally",
                    condition.written,
                    excerpt(&value.text)
                );
                let level = if is_sure { Level::Error } else { Level::Warning };
                let help = "patterns are compared with `StringLike` and `ArnLike`";
                found.add_as(level, "CR083", value.at, message, help);
            }
        }
    }
}

/// CR102: a text is compared with one address, never with a network.
pub(super) fn network_as_text(policy: &Policy<'_>, found: &mut Findings) {
    const ADDRESSES: [&str; 2] = ["aws:sourceip", "aws:vpcsourceip"];
    let conditions = policy.statements.iter().flat_map(|statement| &statement.conditions.list);
    for condition in conditions.filter(|condition| ADDRESSES.contains(&condition.lower_key())) {
        if !matches!(condition.operator.test, Test::Text(_) | Test::Like) {
            continue;
        }
        for value in condition.values.iter().filter(|value| value.text.contains('/')) {
            let message = format!(
                "`{}` compares a text, and `{}` is a network",
                condition.written,
                excerpt(&value.text)
            );
            let help = "networks are compared with `IpAddress` and `NotIpAddress`";
            found.add_as(Level::Warning, "CR102", value.at, message, help);
        }
    }
}

/// CR084
pub(super) fn for_all_values(policy: &Policy<'_>, found: &mut Findings) {
    for statement in policy.allows() {
        let needs = |key: &str| statement.conditions_on(key).any(Condition::needs_key);
        let all = statement.conditions.list.iter().filter(|condition| condition.operator.is_for_all());
        for condition in all.filter(|condition| !needs(condition.lower_key())) {
            let key = condition.lower_key();
            let help = if key == "aws:principalorgpaths" {
                "a caller of no organization has none: write `ForAnyValue:`"
            } else if has_one_value(key) {
                "the key has one value: write the operator without `ForAllValues:`"
            } else {
                continue;
            };
            let message =
                format!("`{}` holds when `{}` is missing", condition.written, excerpt(&condition.key));
            found.add("CR084", condition.operator_at, message, help);
        }
    }
}

fn has_one_value(key: &str) -> bool {
    let is_of_aws = ["aws:", "sts:"].iter().any(|start| key.starts_with(start));
    is_of_aws && !MULTIVALUED.contains(&key) || CLAIMS.iter().any(|claim| key.ends_with(claim))
}

/// CR050
pub(super) fn tags_without_right(policy: &Policy<'_>, found: &mut Findings) {
    let is_tag = |name: &str| {
        name.starts_with("aws:requesttag/") || matches!(name, "aws:tagkeys" | "sts:transitivetagkeys")
    };
    without_right(policy, found, ("CR050", "sts:TagSession", "session tags"), is_tag);
}

/// CR051
pub(super) fn identity_without_right(policy: &Policy<'_>, found: &mut Findings) {
    let is_identity = |name: &str| name == "sts:sourceidentity";
    without_right(policy, found, ("CR051", "sts:SetSourceIdentity", "a source identity"), is_identity);
}

/// Conditions on what a caller may not even send.
fn without_right(
    policy: &Policy<'_>,
    found: &mut Findings,
    (id, action, what): (&'static str, &str, &str),
    is_about: impl Fn(&str) -> bool,
) {
    if policy.allows().any(|statement| statement.names_action(action)) {
        return;
    }
    let conditions = policy.allows().flat_map(|statement| &statement.conditions.list);
    if let Some(condition) =
        conditions.into_iter().find(|condition| condition.demands() && is_about(condition.lower_key()))
    {
        let message = format!("`{}` requires {what}, but `{action}` is not allowed", excerpt(&condition.key));
        found.add(id, condition.key_at, message, format!("allow `{action}` to the same principals"));
    }
}
