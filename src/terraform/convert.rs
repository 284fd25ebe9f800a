//! Terraform's conversions: what a value is where a text, a number, a condition or a type is wanted.

use super::compare::equal;
use super::number;
use crate::value::{Data, Entry, Key, Reason, Text, Value};

/// The text that a value is in a template; `Err` says what cannot be one.
pub(super) fn to_text(value: &Value) -> Result<Text, String> {
    match &value.data {
        Data::Text(text) => Ok(text.clone()),
        Data::Bool(is) => Ok(Text::known(value.at, is.to_string())),
        Data::Number(number) => Ok(Text::known(value.at, number.as_str())),
        Data::Unknown(reason) => Ok(Text::unknown(reason.clone())),
        Data::Null => Err("`null` in a text".to_owned()),
        Data::List(_) => Err("a list in a text".to_owned()),
        Data::Object(_) => Err("an object in a text".to_owned()),
    }
}

/// The condition that a value is.
pub(super) fn to_bool(value: &Value) -> Result<bool, Reason> {
    match (&value.data, value.text()) {
        (Data::Bool(is), _) => Ok(*is),
        (_, Some("true")) => Ok(true),
        (_, Some("false")) => Ok(false),
        _ => Err(not(value, "a condition that is neither true nor false")),
    }
}

/// The number that a value is, as Terraform writes it.
pub(super) fn to_number(value: &Value) -> Result<String, Reason> {
    let written = match &value.data {
        Data::Number(number) => Some(number.as_str()),
        _ => value.text(),
    };
    written.and_then(number::canonical).ok_or_else(|| not(value, "what is not a number"))
}

/// The whole number that a value is.
pub(super) fn to_whole(value: &Value) -> Result<i128, Reason> {
    number::whole(&to_number(value)?).ok_or_else(|| not(value, "a number that is not whole"))
}

/// Why a value is not what it has to be: because it is unknown, or is something else.
pub(super) fn not(value: &Value, why: &str) -> Reason {
    value.reason().cloned().unwrap_or_else(|| Reason::new(value.at, why))
}

/// What one goes through in a collection: keys with values, in Terraform's order.
pub(super) fn pairs(collection: &Value) -> Result<Vec<(Value, Value)>, Reason> {
    match &collection.data {
        Data::List(items) => {
            let pair = |(index, item): (usize, &Value)| {
                (Value::new(item.at, Data::Number(index.to_string())), item.clone())
            };
            Ok(items.iter().enumerate().map(pair).collect())
        }
        Data::Object(entries) => {
            let pair = |entry: &Entry| match &entry.key {
                Key::Known(key) => Ok((Value::of_text(entry.key_at, key), entry.value.clone())),
                Key::Unknown(reason) => Err(reason.clone()),
            };
            sorted(entries).into_iter().map(pair).collect()
        }
        _ => Err(not(collection, "what is neither a list nor an object")),
    }
}

/// Entries by key, as Terraform goes through them; those whose key is unknown come last.
pub(super) fn sorted(entries: &[Entry]) -> Vec<&Entry> {
    let mut entries: Vec<&Entry> = entries.iter().collect();
    entries.sort_by_key(|entry| (entry.name().is_none(), entry.name()));
    entries
}

/// What one of two values is that could stand in the same place: both have one type.
pub(super) fn like_both(value: Value, other: &Value) -> Value {
    let (own, others) = (kinds(&value), kinds(other));
    let is_scalar = |value: &Value| matches!(value.data, Data::Bool(_) | Data::Number(_) | Data::Text(_));
    if is_scalar(&value) && is_scalar(other) && own != others {
        let text = to_text(&value);
        return text.map_or(value.clone(), |text| Value::new(value.at, Data::Text(text)));
    }
    let is_collection = |value: &Value| matches!(value.data, Data::List(_) | Data::Object(_));
    let is_mixed = (own | others).count_ones() > 1 && is_collection(&value) && is_collection(other);
    if is_mixed && !same_type(&value, other) {
        return Value::unknown(value.at, "a choice between values of different types");
    }
    value
}

const BOOL: u8 = 1;
const NUMBER: u8 = 2;
const TEXT: u8 = 4;

/// The kinds of what is not a collection in a value.
fn kinds(value: &Value) -> u8 {
    match &value.data {
        Data::Null | Data::Unknown(_) => 0,
        Data::Bool(_) => BOOL,
        Data::Number(_) => NUMBER,
        Data::Text(_) => TEXT,
        Data::List(items) => items.iter().fold(0, |found, item| found | kinds(item)),
        Data::Object(entries) => entries.iter().fold(0, |found, entry| found | kinds(&entry.value)),
    }
}

fn same_type(left: &Value, right: &Value) -> bool {
    match (&left.data, &right.data) {
        (Data::List(left), Data::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same_type(left, right))
        }
        (Data::Object(left), Data::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|entry| {
                    let other = right.iter().find(|other| other.name() == entry.name());
                    other.is_some_and(|other| same_type(&entry.value, &other.value))
                })
        }
        (Data::Null | Data::Unknown(_), _) | (_, Data::Null | Data::Unknown(_)) => true,
        _ => kinds(left) == kinds(right) && kinds(left) != 0,
    }
}

/// A list whose items have one type, as `tolist` and `toset` make it.
pub(super) fn of_one_type(items: Vec<Value>) -> Result<Vec<Value>, Reason> {
    let all = items.iter().fold(0, |found, item| found | kinds(item));
    if all.count_ones() <= 1 {
        return Ok(items);
    }
    let to_text = |item: Value| match &item.data {
        Data::Bool(_) | Data::Number(_) => to_text(&item)
            .map(|text| Value::new(item.at, Data::Text(text)))
            .map_err(|why| Reason::new(item.at, why)),
        Data::Text(_) | Data::Null | Data::Unknown(_) => Ok(item),
        Data::List(_) | Data::Object(_) => Err(Reason::new(item.at, "a list of values of different types")),
    };
    items.into_iter().map(to_text).collect()
}

/// A set: each item once, texts in their order.
pub(super) fn to_set(items: Vec<Value>) -> Result<Vec<Value>, Reason> {
    let items = of_one_type(items)?;
    let mut kept: Vec<Value> = Vec::new();
    for item in items {
        let is_there = |known: &Value| equal(known, &item);
        if !kept.iter().any(|known| is_there(known) == Some(true)) {
            kept.push(item);
        }
    }
    if kept.iter().all(|item| item.text().is_some()) {
        kept.sort_by(|left, right| left.text().cmp(&right.text()));
    } else if kept.iter().all(|item| matches!(item.data, Data::Number(_))) {
        kept.sort_by(|left, right| {
            let pair = to_number(left).ok().zip(to_number(right).ok());
            pair.and_then(|(left, right)| number::compare(&left, &right)).unwrap_or(std::cmp::Ordering::Equal)
        });
    } else if kept.len() > 1 && kept.iter().all(|item| item.reason().is_none()) {
        return Err(Reason::new(kept[0].at, "the order of a set of collections"));
    }
    Ok(kept)
}
