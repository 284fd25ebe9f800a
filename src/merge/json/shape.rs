//! What the parts of a policy mean: which lists are sets, and which texts are lists of one.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::policy::canonical_json;

/// What a value is in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Plain JSON, where lists have an order.
    Plain,
    /// A policy.
    Policy,
    /// The statements of a policy: a list of them, or one alone.
    Statements,
    /// One statement.
    Statement,
    /// Principals by kind.
    Principal,
    /// Conditions by operator.
    Condition,
    /// The conditions of one operator, by key.
    Operator,
    /// Scalars without an order: a list of them, or one alone.
    Set,
}

impl Shape {
    /// The shape of whole documents: policies only if all three are.
    pub(super) fn from_documents(documents: [&Value; 3]) -> Self {
        if documents.into_iter().all(is_policy) { Self::Policy } else { Self::Plain }
    }

    /// The shape of what stands under a key.
    pub(super) fn member(self, key: &str) -> Self {
        match (self, key) {
            (Self::Policy, "Statement") => Self::Statements,
            (Self::Statement, "Principal" | "NotPrincipal") => Self::Principal,
            (Self::Statement, "Action" | "NotAction" | "Resource" | "NotResource")
            | (Self::Principal | Self::Operator, _) => Self::Set,
            (Self::Statement, "Condition") => Self::Condition,
            (Self::Condition, _) => Self::Operator,
            _ => Self::Plain,
        }
    }
}

fn is_policy(document: &Value) -> bool {
    match document.get("Statement") {
        Some(Value::Array(statements)) => statements.iter().all(Value::is_object),
        Some(statement) => statement.is_object(),
        None => false,
    }
}

/// The statements of a policy.
pub(super) fn statements(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |statements| statements.iter().collect())
}

/// The elements of a set, unless the value is none.
pub(super) fn elements(value: &Value) -> Option<Vec<&Value>> {
    let is_scalar = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
    match value {
        Value::Array(values) => values.iter().all(is_scalar).then(|| values.iter().collect()),
        value => is_scalar(value).then(|| vec![value]),
    }
}

/// A text that values share if and only if they mean the same.
pub(super) fn meaning(shape: Shape, value: &Value) -> String {
    canonical_json(&plain(shape, value)).to_string()
}

pub(super) fn is_same(shape: Shape, left: Option<&Value>, right: Option<&Value>) -> bool {
    left == right
        || match (left, right) {
            (Some(left), Some(right)) => shape != Shape::Plain && plain(shape, left) == plain(shape, right),
            _ => false,
        }
}

/// The same value in the one form that is equal for all values that mean the same.
fn plain(shape: Shape, value: &Value) -> Value {
    match (shape, value) {
        (Shape::Plain, value) => value.clone(),
        (Shape::Set, value) => match elements(value) {
            Some(elements) => {
                let texts: BTreeSet<String> = elements.into_iter().map(Value::to_string).collect();
                texts.into_iter().map(Value::String).collect()
            }
            None => value.clone(),
        },
        (Shape::Statements, value) => {
            let statements = statements(value).into_iter();
            // A statement that stands twice is not the same as one that stands once: people edit either.
            let mut texts: Vec<String> =
                statements.map(|statement| meaning(Shape::Statement, statement)).collect();
            texts.sort();
            texts.into_iter().map(Value::String).collect()
        }
        (shape, Value::Object(object)) => {
            let member = |(key, value): (&String, &Value)| (key.clone(), plain(shape.member(key), value));
            Value::Object(object.iter().map(member).collect::<Map<_, _>>())
        }
        (_, value) => value.clone(),
    }
}
