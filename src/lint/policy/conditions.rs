//! Conditions that hold always, or never.

use super::Policy;
use crate::diagnostic::Level;
use crate::diagnostic::words::excerpt;
use crate::lint::finding::Findings;
use crate::policy::read::{Case, Operator, Test};

/// Keys that have one value or none.
const SINGLE: [&str; 9] = [
    "aws:multifactorauthpresent",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceidentity",
    "sts:rolesessionname",
    "sts:sourceidentity",
];
/// Claims that have one value or none.
const CLAIMS: [&str; 5] = [":aud", ":sub", ":iss", ":azp", ":oaud"];

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
                    "it holds the role's own ARN, whatever the session: `arn:aws:iam::ACCOUNT:role/PATH/NAME`",
                );
            }
        }
    }
}

fn is_exact(operator: Operator) -> bool {
    !operator.negated && operator.test == Test::Text(Case::Sensitive)
}

/// CR083
pub(super) fn wildcard_compared_literally(policy: &Policy<'_>, found: &mut Findings) {
    for statement in &policy.statements {
        for condition in statement.conditions.list.iter().filter(|condition| is_exact(condition.operator)) {
            for value in condition.values.iter().filter(|value| value.text.contains('*')) {
                let message = format!(
                    "`{}` compares the `*` in `{}` literally",
                    condition.written,
                    excerpt(&value.text)
                );
                found.add(
                    "CR083",
                    value.at,
                    message,
                    "patterns are compared with `StringLike` and `ArnLike`",
                );
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
    for condition in policy.allows().flat_map(|statement| &statement.conditions.list) {
        let is_single = SINGLE.contains(&condition.lower_key())
            || CLAIMS.iter().any(|claim| condition.lower_key().ends_with(claim));
        if condition.operator.is_for_all() && is_single {
            found.add(
                "CR084",
                condition.operator_at,
                format!("`{}` holds when `{}` is missing", condition.written, excerpt(&condition.key)),
                "the key has one value: write the operator without `ForAllValues:`",
            );
        }
    }
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
        let message = format!(
            "`{}` demands {what}, and nobody may send it: `{action}` is not allowed",
            excerpt(&condition.key)
        );
        found.add(id, condition.key_at, message, format!("allow `{action}` to the same principals"));
    }
}
