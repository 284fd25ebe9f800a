//! What a policy document allows that an earlier one did not, in words.
//!
//! Everything that the later document allows is looked for in the earlier one: each principal, with
//! each action, on each resource. Where a statement allowed it under the same conditions or fewer,
//! nothing is wider. Refuses to judge what wildcards in the middle of a name cover: only `*` alone
//! and a `*` at the end are understood, and anything else counts as new.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// A statement, as far as widening can tell.
#[derive(Debug)]
struct Statement {
    is_allow: bool,
    principals: BTreeSet<String>,
    actions: BTreeSet<String>,
    resources: BTreeSet<String>,
    /// Values by operator and key.
    conditions: BTreeMap<(String, String), BTreeSet<String>>,
    /// Elements that turn the meaning around, such as `NotAction`, as they are.
    inverted: BTreeMap<String, String>,
}

/// What the later document allows and the earlier one did not. Where the earlier one is not a policy,
/// everything is new; where the later one is none, nothing is.
#[must_use]
pub fn widenings(before: &Value, after: &Value) -> Vec<String> {
    let Some(after) = statements(after) else {
        return Vec::new();
    };
    let before = statements(before).unwrap_or_default();
    let mut found = BTreeSet::new();
    for statement in after.iter().filter(|statement| statement.is_allow) {
        for principal in &statement.principals {
            found.extend(wider(principal, statement, &before));
        }
    }
    let keeps = |denied: &Statement| after.iter().any(|statement| statement.denies_all_of(denied));
    if before.iter().any(|statement| !statement.is_allow && !keeps(statement)) {
        found.insert("a `Deny` is gone, or denies less".to_owned());
    }
    found.into_iter().collect()
}

/// What is wider for one principal.
fn wider(principal: &str, statement: &Statement, before: &[Statement]) -> Vec<String> {
    let who = if principal.is_empty() { "it".to_owned() } else { format!("`{principal}`") };
    let known: Vec<&Statement> = before
        .iter()
        .filter(|known| {
            known.is_allow && known.inverted == statement.inverted && covers(&known.principals, principal)
        })
        .collect();
    if known.is_empty() {
        return vec![match principal {
            "" => "a statement allows what none did".to_owned(),
            _ => format!("{who} may assume the role, and could not"),
        }];
    }
    let mut found = Vec::new();
    for action in &statement.actions {
        let known: Vec<_> = known.iter().filter(|known| covers(&known.actions, action)).collect();
        if known.is_empty() {
            found.push(format!("{who} may `{action}`, and could not"));
            continue;
        }
        for resource in &statement.resources {
            let known: Vec<_> = known.iter().filter(|known| covers(&known.resources, resource)).collect();
            if known.is_empty() {
                found.push(format!("{who} may `{action}` on `{resource}`, and could not"));
            } else if !known.iter().any(|known| known.asks_no_more_than(statement)) {
                let asked = known.iter().flat_map(|known| known.asked_beyond(statement));
                found.extend(asked.map(|lost| format!("{who} may `{action}` {lost}")));
            }
        }
    }
    found
}

impl Statement {
    /// Whether every condition of this one is kept by the other.
    fn asks_no_more_than(&self, other: &Self) -> bool {
        self.asked_beyond(other).is_empty()
    }

    /// What this statement asks for and the other does not, in words.
    fn asked_beyond(&self, other: &Self) -> Vec<String> {
        let lost = self.conditions.iter().filter_map(|((operator, key), values)| {
            let Some(others) = other.conditions.get(&(operator.clone(), key.clone())) else {
                return Some(format!("without {}", in_words(key)));
            };
            // Where values are excluded, fewer of them allow more.
            let (fewer, more) = if operator.contains("Not") { (values, others) } else { (others, values) };
            let beyond: Vec<_> = fewer.difference(more).map(|value| format!("`{value}`")).collect();
            (!beyond.is_empty()).then(|| format!("with {} {}", in_words(key), beyond.join(", ")))
        });
        lost.collect()
    }

    fn denies_all_of(&self, denied: &Self) -> bool {
        !self.is_allow
            && self.inverted == denied.inverted
            && denied.principals.is_subset(&self.principals)
            && denied.actions.is_subset(&self.actions)
            && denied.resources.is_subset(&self.resources)
            && self.conditions == denied.conditions
    }
}

/// The conditions that people know by another name.
fn in_words(key: &str) -> String {
    match key.to_lowercase().as_str() {
        "sts:externalid" => "the external id".to_owned(),
        "aws:multifactorauthpresent" => "MFA".to_owned(),
        "aws:principalorgid" => "belonging to the organization".to_owned(),
        _ => format!("the condition on `{key}`"),
    }
}

/// Whether a name is in a set, or fits an entry that ends with `*`.
fn covers(known: &BTreeSet<String>, name: &str) -> bool {
    known.contains(name)
        || known.iter().any(|known| {
            known.strip_suffix('*').is_some_and(|start| name.starts_with(start) && !start.contains('*'))
        })
}

fn statements(document: &Value) -> Option<Vec<Statement>> {
    let written = document.get("Statement")?;
    let list = match written {
        Value::Array(list) => list.iter().collect(),
        one => vec![one],
    };
    list.into_iter().map(statement).collect()
}

fn statement(value: &Value) -> Option<Statement> {
    let written = value.as_object()?;
    let mut principals = BTreeSet::new();
    match written.get("Principal") {
        None => drop(principals.insert(String::new())),
        Some(Value::Object(kinds)) => principals.extend(kinds.values().flat_map(texts)),
        Some(other) => principals.extend(texts(other)),
    }
    // An action is the same in upper and lower case.
    let actions = written.get("Action").map(texts).unwrap_or_default();
    let mut conditions = BTreeMap::new();
    for (operator, keys) in written.get("Condition").and_then(Value::as_object).into_iter().flatten() {
        for (key, values) in keys.as_object().into_iter().flatten() {
            conditions.insert((operator.clone(), key.clone()), texts(values).into_iter().collect());
        }
    }
    let inverted = written.iter().filter(|(name, _)| name.starts_with("Not"));
    Some(Statement {
        is_allow: written.get("Effect").and_then(Value::as_str) == Some("Allow"),
        principals,
        actions: or_nothing(actions),
        resources: or_nothing(written.get("Resource").map(texts).unwrap_or_default()),
        conditions,
        inverted: inverted.map(|(name, value)| (name.clone(), value.to_string())).collect(),
    })
}

/// An element that is left out is compared like any other.
fn or_nothing(texts: Vec<String>) -> BTreeSet<String> {
    if texts.is_empty() { [String::new()].into() } else { texts.into_iter().collect() }
}

/// A text, or a list of them.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn trust(principals: &Value, conditions: &Value) -> Value {
        json!({"Statement": [{
            "Sid": "Callers", "Effect": "Allow", "Principal": {"AWS": principals},
            "Action": "sts:AssumeRole", "Condition": conditions,
        }]})
    }

    #[test]
    fn what_is_wider_is_said_and_what_is_not_is_not() {
        let (a, b) = ("arn:aws:iam::111111111111:user/a", "arn:aws:iam::111111111111:user/b");
        let guarded =
            json!({"StringEquals": {"sts:ExternalId": "x"}, "Bool": {"aws:MultiFactorAuthPresent": "true"}});
        let before = trust(&json!([a]), &guarded);
        let found = |after: &Value| widenings(&before, after);
        assert_eq!(found(&before), Vec::<String>::new());
        assert_eq!(found(&trust(&json!(a), &guarded)), Vec::<String>::new(), "a text is a list of one");
        assert_eq!(
            found(&trust(&json!([a, b]), &guarded)),
            [format!("`{b}` may assume the role, and could not")]
        );
        assert_eq!(
            found(&trust(&json!([a]), &json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}))),
            [format!("`{a}` may `sts:AssumeRole` without the external id")]
        );
        assert_eq!(
            found(&trust(
                &json!([a]),
                &json!({"StringEquals": {"sts:ExternalId": ["x", "y"]}, "Bool": {"aws:MultiFactorAuthPresent": "true"}})
            )),
            [format!("`{a}` may `sts:AssumeRole` with the external id `y`")]
        );
        assert_eq!(found(&trust(&json!([a]), &json!({}))).len(), 2);
        assert_eq!(widenings(&trust(&json!([a]), &json!({})), &before), Vec::<String>::new(), "narrower");
    }

    #[test]
    fn permissions_and_denials_count_too() {
        let allow = |actions: Value| json!({"Effect": "Allow", "Action": actions, "Resource": "*"});
        let deny = json!({"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"});
        let before = json!({"Statement": [allow(json!(["s3:Get*"])), deny]});
        let after = json!({"Statement": [allow(json!(["s3:GetObject", "s3:PutObject"]))]});
        assert_eq!(
            widenings(&before, &after),
            ["a `Deny` is gone, or denies less", "it may `s3:PutObject`, and could not"]
        );
        assert_eq!(widenings(&after, &json!({"a": 1})), Vec::<String>::new());
        assert_eq!(widenings(&json!({"a": 1}), &after), ["a statement allows what none did"]);
    }
}
