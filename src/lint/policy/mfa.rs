//! Multi-factor authentication: who can show it, and how it is asked for.

use super::Policy;
use crate::diagnostic::Level;
use crate::diagnostic::words::excerpt;
use crate::lint::finding::Findings;
use crate::policy::read::{Condition, Order, Statement, Test};

const PRESENT: &str = "aws:multifactorauthpresent";
const AGE: &str = "aws:multifactorauthage";
/// Seconds that an apply may easily take, while its session is renewed.
const SHORTEST_AGE: u64 = 3600;

/// Whether a condition tells MFA from none, and which of the two it accepts.
fn accepted(condition: &Condition) -> Option<bool> {
    let [with, without] = ["true", "false"].map(|value| condition.accepts(value));
    (condition.operator.test != Test::Null && with != without).then_some(with)
}

/// Whether a statement lets nobody in without MFA.
pub(super) fn is_demanded(statement: &Statement) -> bool {
    let is_shown = |condition: &Condition| condition.needs_key() && accepted(condition) == Some(true);
    statement.conditions_on(PRESENT).any(is_shown) || statement.conditions_on(AGE).any(Condition::needs_key)
}

/// CR030
pub(super) fn impossible(policy: &Policy<'_>, found: &mut Findings) {
    for statement in policy.allows().filter(|statement| is_demanded(statement)) {
        let known = statement.named_principals().iter().filter(|who| who.value.never_has_mfa());
        let known = known.map(|who| (who.at, who.value.text.as_str()));
        let unknown = statement.principals_by_their_end().filter(|(_, resource)| never_has_mfa(resource));
        for (at, who) in known.chain(unknown) {
            found.add(
                "CR030",
                at,
                format!("`{}` can never have MFA, so this statement never admits it", excerpt(who)),
                "credentials of a role, a service or a federated user carry no MFA information: put such principals into a statement without the condition",
            );
        }
    }
}

/// Whether this is the end of the ARN of a role, or of a provider of identities.
fn never_has_mfa(resource: &str) -> bool {
    ["role/", "saml-provider/", "oidc-provider/"].iter().any(|kind| resource.starts_with(kind))
}

/// CR031
pub(super) fn optional(policy: &Policy<'_>, found: &mut Findings) {
    for statement in policy.allows().filter(|statement| !is_demanded(statement)) {
        for condition in statement.conditions_on(PRESENT) {
            if !condition.needs_key() && accepted(condition) == Some(true) {
                let message = format!("`{}` lets long-term access keys pass without MFA", condition.written);
                found.add(
                    "CR031",
                    condition.operator_at,
                    message,
                    "the condition key is absent for them, and the operator is then true: use plain `Bool`",
                );
            }
        }
    }
}

/// CR032
pub(super) fn deny_that_misses(policy: &Policy<'_>, found: &mut Findings) {
    for statement in policy.statements.iter().filter(|statement| statement.denies()) {
        for condition in statement.conditions_on(PRESENT) {
            let is_null = condition.operator.test == Test::Null;
            if is_null || condition.needs_key() && accepted(condition) == Some(false) {
                let message =
                    format!("a `Deny` with `{}` does not cover all callers without MFA", condition.written);
                found.add(
                    "CR032",
                    condition.operator_at,
                    message,
                    "long-term keys carry no such key, sessions without MFA say `false`: `BoolIfExists` with `false` denies both",
                );
            }
        }
    }
}

/// CR034
pub(super) fn age(policy: &Policy<'_>, found: &mut Findings) {
    for statement in policy.allows() {
        for condition in statement.conditions_on(AGE) {
            if !matches!(condition.operator.test, Test::Number(Order::Less | Order::LessOrEqual)) {
                let message = format!("`{}` does not limit the age of MFA", condition.written);
                let help = "it is a number of seconds: compare it with `NumericLessThan`";
                found.add_as(Level::Error, "CR034", condition.operator_at, message, help);
                continue;
            }
            for value in &condition.values {
                match value.text.parse::<u64>() {
                    Ok(seconds) if seconds >= SHORTEST_AGE => {}
                    Ok(seconds) => found.add(
                        "CR034",
                        value.at,
                        format!("after {seconds} seconds the provider can no longer renew its session"),
                        "the condition is evaluated at every renewal: allow for the longest apply",
                    ),
                    Err(_) => found.add_as(
                        Level::Error,
                        "CR034",
                        value.at,
                        format!("`{}` is not a number of seconds", excerpt(&value.text)),
                        "write whole seconds, such as \"3600\"",
                    ),
                }
            }
        }
    }
}
