//! What a policy document allows that an earlier one did not, in words.
//!
//! Everything that the later document allows is looked for in the earlier one: each principal, with
//! each action, on each resource. Where a statement allowed it under the same conditions or fewer,
//! nothing is wider. Who can assume a role is compared by its bound (`evaluate::excesses`). Refuses to add statements up: what two of the earlier ones allowed only together counts as new.

use std::collections::{BTreeMap, BTreeSet};

use super::evaluate::{Excess, Known, Lack, excesses};
use super::read::{
    Case, Condition, Kind, Listed, Part, Pattern, PrincipalKind, PrincipalPattern, Statement, read,
};
use crate::value::Value;

/// What the later document allows and the earlier one did not. Where the earlier one is not a policy,
/// everything is new; where the later one is none, nothing is.
#[must_use]
pub fn widenings(before: &Value, after: &Value) -> Vec<String> {
    let is_trust = Kind::of(after) == Kind::Trust;
    let (before, after) = (statements(before), statements(after));
    if is_trust {
        let wider: BTreeSet<_> =
            excesses(&after, &before, Known::default()).iter().flat_map(trust_widenings).collect();
        return wider.into_iter().collect();
    }
    let (before, after) = (sides(&before), sides(&after));
    let mut found = BTreeSet::new();
    for statement in after.iter().filter(|statement| statement.is_allow) {
        for principal in &statement.principals {
            found.extend(wider(*principal, statement, &before));
        }
    }
    let keeps = |denied: &Compared<'_>| after.iter().any(|statement| statement.denies_all_of(denied));
    if !after.is_empty() && before.iter().any(|statement| !statement.is_allow && !keeps(statement)) {
        found.insert("a `Deny` is gone, or denies less".to_owned());
    }
    found.into_iter().collect()
}

/// What a trust policy allows beyond the earlier one, in words.
fn trust_widenings(excess: &Excess) -> Vec<String> {
    let Excess { who, action, .. } = excess;
    match &excess.lack {
        Lack::Principal if action.starts_with("sts:AssumeRole") => {
            vec![format!("{who} may assume the role, and could not")]
        }
        Lack::Principal | Lack::Action => vec![format!("{who} may `{action}`, and could not")],
        Lack::Conditions(lost) => {
            lost.iter().map(|lost| format!("{who} may `{action}` {}", asked_less(excess, lost))).collect()
        }
        Lack::Denied(_) => vec!["a `Deny` is gone, or denies less".to_owned()],
        Lack::Unknown(reason) => vec![format!("{who} may `{action}`: that depends on {}", reason.why)],
    }
}

/// A condition that is not kept, beside what is asked of its key now.
fn asked_less(excess: &Excess, lost: &Condition) -> String {
    let asked = excess.under.iter().find(|condition| condition.lower_key() == lost.lower_key());
    match asked {
        None => format!("without {}", in_words(&lost.key)),
        Some(asked) => {
            let values: Vec<_> = texts(asked).iter().map(|value| format!("`{value}`")).collect();
            format!("with {} {}", in_words(&lost.key), values.join(", "))
        }
    }
}

/// A statement, as it is compared. An element that is left out, or that names what is not meant, is compared like
/// any other.
struct Compared<'s> {
    is_allow: bool,
    principals: Vec<Option<&'s PrincipalPattern>>,
    actions: Vec<Option<&'s Pattern>>,
    resources: Vec<Option<&'s Pattern>>,
    /// By operator and key.
    conditions: BTreeMap<(String, &'s str), &'s Condition>,
    /// What the elements hold that turn the meaning around, such as `NotAction`.
    inverted: [BTreeSet<&'s str>; 3],
}

fn statements(document: &Value) -> Vec<Statement> {
    read(document, Kind::of(document)).statements
}

fn sides(statements: &[Statement]) -> Vec<Compared<'_>> {
    statements.iter().map(Compared::new).collect()
}

/// What a list names, or that there is none.
fn named<T>(part: &Part<Listed<T>>) -> Vec<Option<&T>> {
    match part.known() {
        Some(listed) if !listed.negated => listed.values().map(Some).collect(),
        _ => vec![None],
    }
}

fn inverted<'s, T>(part: &'s Part<Listed<T>>, text: impl Fn(&'s T) -> &'s str) -> BTreeSet<&'s str> {
    let negated = part.known().filter(|listed| listed.negated);
    negated.into_iter().flat_map(Listed::values).map(text).collect()
}

impl<'s> Compared<'s> {
    fn new(statement: &'s Statement) -> Self {
        let Statement { principals, actions, resources, conditions, .. } = statement;
        let key = |condition: &'s Condition| (condition.operator.to_string(), condition.lower_key());
        Self {
            is_allow: statement.allows(),
            principals: named(principals),
            actions: named(actions),
            resources: named(resources),
            conditions: conditions.list.iter().map(|condition| (key(condition), condition)).collect(),
            inverted: [
                inverted(principals, |principal| &principal.text),
                inverted(actions, Pattern::as_str),
                inverted(resources, Pattern::as_str),
            ],
        }
    }

    /// What this statement asks for and the other does not, in words.
    fn asked_beyond(&self, other: &Self) -> Vec<String> {
        let lost = self.conditions.iter().filter_map(|(key, condition)| {
            let Some(others) = other.conditions.get(key) else {
                return Some(format!("without {}", in_words(&condition.key)));
            };
            let (values, others) = (texts(condition), texts(others));
            // Where values are excluded, fewer of them allow more.
            let (fewer, more) = if condition.operator.negated { (values, others) } else { (others, values) };
            let beyond: Vec<_> = fewer.difference(&more).map(|value| format!("`{value}`")).collect();
            (!beyond.is_empty()).then(|| format!("with {} {}", in_words(&condition.key), beyond.join(", ")))
        });
        lost.collect()
    }

    fn denies_all_of(&self, denied: &Self) -> bool {
        let is_kept = |(key, condition): (&(String, &str), &&Condition)| {
            denied.conditions.get(key).is_some_and(|other| texts(condition) == texts(other))
        };
        !self.is_allow
            && self.inverted == denied.inverted
            && denied.principals.iter().all(|principal| self.principals.contains(principal))
            && denied.actions.iter().all(|action| self.actions.contains(action))
            && denied.resources.iter().all(|resource| self.resources.contains(resource))
            && self.conditions.len() == denied.conditions.len()
            && self.conditions.iter().all(is_kept)
    }
}

fn texts(condition: &Condition) -> BTreeSet<&str> {
    condition.values.iter().map(|value| &*value.text).collect()
}

/// What is wider for one principal.
fn wider(
    principal: Option<&PrincipalPattern>,
    statement: &Compared<'_>,
    before: &[Compared<'_>],
) -> Vec<String> {
    let who = principal.map_or_else(|| "it".to_owned(), |principal| format!("`{}`", principal.text));
    let is_about = |known: &Compared<'_>| {
        known.is_allow
            && known.inverted == statement.inverted
            && covers(&known.principals, principal.as_ref(), is_within)
    };
    let known: Vec<_> = before.iter().filter(|known| is_about(known)).collect();
    if known.is_empty() {
        return vec![match principal {
            None => "a statement allows what none did".to_owned(),
            Some(_) => format!("{who} may assume the role, and could not"),
        }];
    }
    statement.actions.iter().flat_map(|action| wider_for(&who, *action, statement, &known)).collect()
}

/// What is wider for one principal and one action, beside the statements that allowed something to that principal.
fn wider_for(
    who: &str,
    action: Option<&Pattern>,
    statement: &Compared<'_>,
    known: &[&Compared<'_>],
) -> Vec<String> {
    let shown = action.map_or("", Pattern::as_str);
    let includes = |known: &Pattern, name: &Pattern| known.includes(name, Case::Ignored);
    let known: Vec<_> =
        known.iter().filter(|known| covers(&known.actions, action.as_ref(), includes)).collect();
    if known.is_empty() {
        return vec![format!("{who} may `{shown}`, and could not")];
    }
    let mut found = Vec::new();
    for resource in &statement.resources {
        let includes = |known: &Pattern, name: &Pattern| known.includes_resource(name);
        let is_on = |known: &&&&Compared<'_>| covers(&known.resources, resource.as_ref(), includes);
        let on: Vec<_> = known.iter().filter(is_on).collect();
        let asked: Vec<_> = on.iter().map(|known| known.asked_beyond(statement)).collect();
        if on.is_empty() {
            let resource = resource.map_or("", Pattern::as_str);
            found.push(format!("{who} may `{shown}` on `{resource}`, and could not"));
        } else if asked.iter().all(|asked| !asked.is_empty()) {
            found.extend(asked.concat().into_iter().map(|lost| format!("{who} may `{shown}` {lost}")));
        }
    }
    found
}

/// Whether a name is among others, or within one of them.
fn covers<T>(known: &[Option<&T>], name: Option<&&T>, includes: impl Fn(&T, &T) -> bool) -> bool {
    known.iter().any(|known| match (known, name) {
        (Some(known), Some(name)) => includes(known, name),
        (known, name) => known.is_none() && name.is_none(),
    })
}

/// Whether whoever a principal names is named by another.
fn is_within(known: &PrincipalPattern, name: &PrincipalPattern) -> bool {
    let is_whole = known.whole_account().is_some() && known.whole_account() == name.whole_account();
    known.kind == PrincipalKind::Everyone || is_whole || (known.key == name.key && known.text == name.text)
}

/// The conditions that people know by another name.
fn in_words(key: &str) -> String {
    match key.to_lowercase().as_str() {
        "sts:externalid" => "the external ID".to_owned(),
        "aws:multifactorauthpresent" => "MFA".to_owned(),
        "aws:principalorgid" => "belonging to the organization".to_owned(),
        _ => format!("the condition on `{key}`"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::diagnostic::Span;

    fn widenings(before: &Json, after: &Json) -> Vec<String> {
        let read = |json: &Json| Value::of_json(json, &|_| Span::default());
        super::widenings(&read(before), &read(after))
    }

    fn trust(principals: &Json, conditions: &Json) -> Json {
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
        let found = |after: &Json| widenings(&before, after);
        assert_eq!(found(&before), Vec::<String>::new());
        assert_eq!(found(&trust(&json!(a), &guarded)), Vec::<String>::new(), "a text is a list of one");
        assert_eq!(
            found(&trust(&json!([a, b]), &guarded)),
            [format!("`{b}` may assume the role, and could not")]
        );
        assert_eq!(
            found(&trust(&json!([a]), &json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}))),
            [format!("`{a}` may `sts:AssumeRole` without the external ID")]
        );
        assert_eq!(
            found(&trust(
                &json!([a]),
                &json!({"StringEquals": {"sts:ExternalId": ["x", "y"]}, "Bool": {"aws:MultiFactorAuthPresent": "true"}})
            )),
            [format!("`{a}` may `sts:AssumeRole` with the external ID `y`")]
        );
        assert_eq!(found(&trust(&json!([a]), &json!({}))).len(), 2);
        assert_eq!(widenings(&trust(&json!([a]), &json!({})), &before), Vec::<String>::new(), "narrower");
    }

    #[test]
    fn permissions_and_denials_count_too() {
        let allow = |actions: Json| json!({"Effect": "Allow", "Action": actions, "Resource": "*"});
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
