//! From JSON to a policy: every form that IAM accepts, and what is wrong with any other.

use std::fmt;

use serde_json::{Map, Value};

use super::condition::{Condition, Operator};
use super::pattern::Pattern;
use super::principal::Named;
use crate::diagnostic::words::{did_you_mean, excerpt, one_of};

/// Where a policy is attached, and so what its statements hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// To a role: it names principals and no resources.
    Trust,
    /// To a principal: it names resources and no principals.
    Identity,
}

/// A policy, ready to be evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// The statements, in order.
    pub statements: Vec<Statement>,
}

/// What a statement does to a request that matches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Allow,
    Deny,
}

/// One statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    pub(super) id: StatementId,
    pub(super) effect: Effect,
    /// `None` in an identity policy.
    pub(super) principals: Option<Listed<Named>>,
    pub(super) actions: Listed<Pattern>,
    /// `None` in a trust policy.
    pub(super) resources: Option<Listed<Pattern>>,
    pub(super) conditions: Vec<Condition>,
}

/// A list, or everything but a list: `Action` and `NotAction`, say.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Listed<T> {
    pub(super) negated: bool,
    pub(super) entries: Vec<T>,
}

/// What a statement is called: its `Sid`, or else its place in the list, counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatementId {
    /// Its `Sid`.
    Sid(String),
    /// Its place.
    Index(usize),
}

impl fmt::Display for StatementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sid(sid) => write!(f, "`{}`", excerpt(sid)),
            Self::Index(index) => write!(f, "`Statement[{index}]`"),
        }
    }
}

/// Why a text is not a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError {
    /// What is wrong, and in which statement.
    pub message: String,
    /// Line and column, both counted from 1, where the text is not even JSON.
    pub place: Option<(usize, usize)>,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PolicyError {}

const STATEMENT: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

impl Policy {
    /// The policy of a JSON text.
    ///
    /// # Errors
    /// What is wrong with the text, with its place where it is not JSON.
    pub fn parse(text: &str, kind: Kind) -> Result<Self, PolicyError> {
        let value = crate::policy::unique_json(text).map_err(|error| {
            let message = error.to_string();
            let what = message.split(" at line").next().unwrap_or(&message);
            PolicyError {
                message: format!("the policy is not JSON: {what}"),
                place: Some((error.line(), error.column())),
            }
        })?;
        Self::from_value(&value, kind)
    }

    /// The policy of a JSON value.
    ///
    /// # Errors
    /// What IAM would refuse about it.
    pub fn from_value(value: &Value, kind: Kind) -> Result<Self, PolicyError> {
        policy(value, kind).map_err(|message| PolicyError { message, place: None })
    }

    /// The principals that statements which allow list, as they are written.
    pub fn trusted(&self) -> impl Iterator<Item = &str> {
        let allowing = self.statements.iter().filter(|statement| statement.effect == Effect::Allow);
        let listed = allowing.filter_map(|statement| statement.principals.as_ref());
        listed.filter(|listed| !listed.negated).flat_map(|listed| &listed.entries).map(|entry| entry.as_str())
    }

    /// The part of an identity policy that can matter to one resource: policies of a fleet list
    /// hundreds, and are asked about one at a time.
    #[must_use]
    pub fn about(&self, resource: &str) -> Self {
        let narrowed = |statement: &Statement| {
            let listed = statement.resources.as_ref()?;
            let can_matter = |pattern: &&Pattern| pattern.literal().is_none_or(|literal| literal == resource);
            let entries: Vec<Pattern> = listed.entries.iter().filter(can_matter).cloned().collect();
            let resources = Some(Listed { negated: listed.negated, entries });
            let Statement { id, effect, principals, actions, conditions, .. } = statement;
            let matters =
                listed.negated || resources.as_ref().is_some_and(|listed| !listed.entries.is_empty());
            matters.then(|| Statement {
                id: id.clone(),
                effect: *effect,
                principals: principals.clone(),
                actions: actions.clone(),
                resources,
                conditions: conditions.clone(),
            })
        };
        Self { statements: self.statements.iter().filter_map(narrowed).collect() }
    }
}

fn policy(value: &Value, kind: Kind) -> Result<Policy, String> {
    let object = value.as_object().ok_or("a policy is a JSON object")?;
    let known = ["Version", "Id", "Statement"];
    if let Some(key) = object.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(format!("a policy has no key `{}`: {}", excerpt(key), did_you_mean(key, &known)));
    }
    let variables = match object.get("Version").map(Value::as_str) {
        Some(Some("2012-10-17")) => true,
        // Without a version it is the first, which knows no variables.
        None | Some(Some("2008-10-17")) => false,
        Some(_) => return Err("`Version` is \"2012-10-17\" or \"2008-10-17\"".to_owned()),
    };
    let listed = match object.get("Statement") {
        Some(Value::Array(listed)) => listed.as_slice(),
        Some(one @ Value::Object(_)) => std::slice::from_ref(one),
        _ => return Err("a policy has a `Statement`: an object, or a list of objects".to_owned()),
    };
    let read = |(index, value)| statement(index, value, kind, variables);
    Ok(Policy { statements: listed.iter().enumerate().map(read).collect::<Result<_, _>>()? })
}

fn statement(index: usize, value: &Value, kind: Kind, variables: bool) -> Result<Statement, String> {
    let mut id = StatementId::Index(index);
    let within = |id: &StatementId, message: String| format!("statement {id}: {message}");
    let object = value.as_object().ok_or_else(|| within(&id, "it is no object".to_owned()))?;
    if let Some(sid) = object.get("Sid") {
        let sid = sid.as_str().ok_or_else(|| within(&id, "`Sid` is a text".to_owned()))?;
        if !sid.is_empty() {
            id = StatementId::Sid(sid.to_owned());
        }
    }
    parts(object, id.clone(), kind, variables).map_err(|message| within(&id, message))
}

fn parts(
    object: &Map<String, Value>,
    id: StatementId,
    kind: Kind,
    variables: bool,
) -> Result<Statement, String> {
    if let Some(key) = object.keys().find(|key| !STATEMENT.contains(&key.as_str())) {
        return Err(format!("there is no key `{}`: {}", excerpt(key), did_you_mean(key, &STATEMENT)));
    }
    let effect = match object.get("Effect").and_then(Value::as_str) {
        Some("Allow") => Effect::Allow,
        Some("Deny") => Effect::Deny,
        _ => return Err("`Effect` is \"Allow\" or \"Deny\"".to_owned()),
    };
    let foreign = match kind {
        Kind::Trust => ["Resource", "NotResource"],
        Kind::Identity => ["Principal", "NotPrincipal"],
    };
    if let Some(key) = foreign.into_iter().find(|key| object.contains_key(*key)) {
        return Err(match kind {
            Kind::Trust => format!("a trust policy has no `{key}`: its resource is the role itself"),
            Kind::Identity => {
                format!("an identity policy has no `{key}`: its principal is whoever it is attached to")
            }
        });
    }
    let actions = listed(&either(object, "Action", "NotAction")?, |text| Pattern::wild(text, false))?;
    let (principals, resources) = match kind {
        Kind::Trust => (Some(principals(&either(object, "Principal", "NotPrincipal")?)?), None),
        Kind::Identity => {
            let resource = |text: &str| Pattern::resource(text, variables);
            (None, Some(listed(&either(object, "Resource", "NotResource")?, resource)?))
        }
    };
    let conditions = object.get("Condition").map_or(Ok(Vec::new()), |value| conditions(value, variables))?;
    Ok(Statement { id, effect, principals, actions, resources, conditions })
}

/// The value of the one of two keys that is there.
struct Either<'v> {
    key: &'static str,
    negated: bool,
    value: &'v Value,
}

fn either<'v>(
    object: &'v Map<String, Value>,
    plain: &'static str,
    negated: &'static str,
) -> Result<Either<'v>, String> {
    match (object.get(plain), object.get(negated)) {
        (Some(value), None) => Ok(Either { key: plain, negated: false, value }),
        (None, Some(value)) => Ok(Either { key: negated, negated: true, value }),
        _ => Err(format!("it has either `{plain}` or `{negated}`")),
    }
}

fn listed(found: &Either<'_>, read: impl Fn(&str) -> Pattern) -> Result<Listed<Pattern>, String> {
    let entries = texts(found.key, found.value)?.iter().map(|text| read(text)).collect();
    Ok(Listed { negated: found.negated, entries })
}

fn principals(found: &Either<'_>) -> Result<Listed<Named>, String> {
    let Either { key, negated, value } = *found;
    let entries = match value {
        Value::String(text) if text == "*" => vec![Named::Everyone],
        Value::Object(kinds) => {
            let mut entries = Vec::new();
            for (kind, value) in kinds {
                let named = match kind.as_str() {
                    "AWS" => Named::aws,
                    "Service" => |text: &str| Named::Service(text.to_owned()),
                    "Federated" => |text: &str| Named::Federated(text.to_owned()),
                    "CanonicalUser" => |text: &str| Named::Nobody(text.to_owned()),
                    _ => {
                        let known = ["AWS", "Service", "Federated", "CanonicalUser"];
                        let shown = excerpt(kind);
                        return Err(format!("`{key}` knows no `{shown}`: {}", did_you_mean(kind, &known)));
                    }
                };
                entries.extend(texts(kind, value)?.iter().map(|text| named(text)));
            }
            entries
        }
        _ => return Err(format!("`{key}` is `*` or an object like {{\"AWS\": …}}")),
    };
    Ok(Listed { negated, entries })
}

fn conditions(value: &Value, variables: bool) -> Result<Vec<Condition>, String> {
    let operators = value.as_object().ok_or("`Condition` is an object of operators")?;
    let mut conditions: Vec<Condition> = Vec::new();
    for (name, keys) in operators {
        let operator = Operator::parse(name).map_err(|known| {
            let near = crate::diagnostic::words::nearest(name, &known).map(|near| one_of(&[near]));
            let hint = near.map(|near| format!(": did you mean {near}?")).unwrap_or_default();
            format!("there is no condition operator `{}`{hint}", excerpt(name))
        })?;
        let keys = keys.as_object().ok_or_else(|| format!("`{name}` is an object of condition keys"))?;
        for (key, value) in keys {
            let condition = Condition::new(operator, key, &scalars(key, value)?, variables);
            let twice = |known: &Condition| {
                known.operator() == condition.operator() && known.key().eq_ignore_ascii_case(key)
            };
            if conditions.iter().any(twice) {
                return Err(format!("`{}` stands twice under `{operator}`, in different case", excerpt(key)));
            }
            conditions.push(condition);
        }
    }
    Ok(conditions)
}

/// A text, or a list of texts.
fn texts(key: &str, value: &Value) -> Result<Vec<String>, String> {
    let wrong = || format!("`{}` is a text or a list of texts", excerpt(key));
    let text = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(wrong);
    match value {
        Value::Array(values) if !values.is_empty() => values.iter().map(text).collect(),
        value => text(value).map(|text| vec![text]),
    }
}

/// The values of a condition key: texts, numbers and booleans, one or a list.
fn scalars(key: &str, value: &Value) -> Result<Vec<String>, String> {
    let scalar = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        _ => Err(format!("`{}` is compared with texts, numbers or booleans", excerpt(key))),
    };
    match value {
        Value::Array(values) => values.iter().map(scalar).collect(),
        value => scalar(value).map(|text| vec![text]),
    }
}
