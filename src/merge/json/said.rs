//! What documents say, as merges of every kind compare it.

use serde_json::Value;

use super::keys::Keys;
use super::shape::{Shape, elements};
use crate::merge::meaning::{Meaning, attribute_key};

/// What a value says.
pub(super) fn said(shape: Shape, value: &Value) -> Meaning {
    said_among(&Keys::new([&Value::Null; 3]), shape, value)
}

/// What a statement says under whatever `Sid`.
pub(super) fn but_for_its_sid(statement: &Value) -> Meaning {
    but_for("Sid", said(Shape::Statement, statement))
}

/// What is said without one member.
pub(super) fn but_for(name: &str, mut said: Meaning) -> Meaning {
    said.forget(name);
    said
}

/// The same as [`said`], where statements are told apart by these keys.
pub(super) fn said_among(keys: &Keys, shape: Shape, value: &Value) -> Meaning {
    match (shape, value) {
        (Shape::Statements, value) => {
            let statement = |value| said_among(keys, Shape::Statement, value);
            let all = keys.of(value).into_iter();
            Meaning::Map(all.map(|(key, value)| (format!("{key:?}"), statement(value))).collect())
        }
        (Shape::Set, value) if elements(value).is_some() => {
            let all = elements(value).unwrap_or_default().into_iter();
            Meaning::Map(all.map(|one| (one.to_string(), Meaning::Leaf(String::new()))).collect())
        }
        (Shape::Plain, Value::Array(items)) => {
            Meaning::List(items.iter().map(|item| said_among(keys, shape, item)).collect())
        }
        (shape, Value::Object(object)) => {
            let member = |(key, value): (&String, &Value)| {
                (attribute_key(key), said_among(keys, shape.member(key), value))
            };
            Meaning::Map(object.iter().map(member).collect())
        }
        (_, value) => Meaning::Leaf(value.to_string()),
    }
}
