//! External ids, and whether they protect anything.

use super::Policy;
use crate::diagnostic::words::excerpt;
use crate::lint::finding::Findings;
use crate::model::{ExternalId, Text};
use crate::policy::read::{Condition, Test};

/// Fewer characters than this can be tried one by one.
const SHORTEST: usize = 16;
/// Texts that people put in until they think of something better.
const COMMON: [&str; 12] = [
    "changeme",
    "default",
    "example",
    "externalid",
    "external-id",
    "external_id",
    "password",
    "placeholder",
    "secret",
    "terraform",
    "crossrole",
    "test",
];

fn conditions<'p>(policy: &'p Policy<'_>) -> impl Iterator<Item = &'p Condition> {
    policy.allows().flat_map(|statement| statement.conditions_on("sts:externalid"))
}

/// CR021
pub(super) fn invalid(policy: &Policy<'_>, found: &mut Findings) {
    for condition in conditions(policy).filter(|condition| condition.operator.is_equality()) {
        for value in &condition.values {
            let is_pattern = condition.operator.is_pattern() && value.text.contains(['*', '?']);
            if let Err(invalid) = ExternalId::parse(&value.text)
                && !is_pattern
                && !value.text.contains('*')
                && !value.has_variables()
            {
                found.add("CR021", value.at, invalid.message, invalid.help);
            }
        }
    }
}

/// CR022
pub(super) fn guessable(policy: &Policy<'_>, found: &mut Findings) {
    for condition in conditions(policy).filter(|condition| condition.demands()) {
        for value in
            condition.values.iter().filter(|value| !value.text.contains('*') && !value.has_variables())
        {
            if let Some(why) = weakness(&value.text, &policy.names) {
                let message = format!("the external ID `{}` can be guessed: {why}", excerpt(&value.text));
                found.add("CR022", value.at, message, "use a random one, such as a UUID, for each customer");
            }
        }
    }
}

/// Why an external ID is easily guessed.
pub(in crate::lint) fn weakness(id: &str, names: &[String]) -> Option<String> {
    let lower = id.to_lowercase();
    if names.iter().any(|name| name.to_lowercase() == lower) {
        return Some("it is the name or id of something that others know".to_owned());
    }
    if id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some("it looks like an account ID".to_owned());
    }
    let plain: String = lower.chars().filter(|c| c.is_ascii_alphabetic()).collect();
    let is_common = COMMON
        .iter()
        .any(|word| plain == word.chars().filter(|c| c.is_ascii_alphabetic()).collect::<String>());
    if is_common {
        return Some("it is what many people take first".to_owned());
    }
    (id.chars().count() < SHORTEST).then(|| format!("it has fewer than {SHORTEST} characters"))
}

/// CR025
pub(super) fn undermined(policy: &Policy<'_>, found: &mut Findings) {
    for condition in conditions(policy) {
        let open = condition.values.iter().find(|value| value.text.contains(['*', '?']));
        if let Some(value) = open.filter(|_| condition.operator.is_pattern()) {
            let message = format!("`{}` accepts external ids that nobody agreed on", excerpt(&value.text));
            found.add("CR025", value.at, message, "compare the whole id with `StringEquals`");
        } else if condition.operator.if_exists || condition.operator.is_for_all() {
            let message = format!("`{}` lets a caller without any external ID pass", condition.written);
            found.add("CR025", condition.operator_at, message, "compare it with plain `StringEquals`");
        } else if condition.operator.negated && matches!(condition.operator.test, Test::Text(_) | Test::Like)
        {
            let message = format!("`{}` accepts every external ID but one", condition.written);
            found.add(
                "CR025",
                condition.operator_at,
                message,
                "demand the one agreed on with `StringEquals`",
            );
        }
    }
}
