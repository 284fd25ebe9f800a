//! Functions of maps and objects.

use super::{Call, Done, Stop, known, text_of};
use crate::terraform::compare::equal;
use crate::terraform::convert;
use crate::value::{Data, Entries, Entry, Key, Reason, Value};

pub(super) fn call(call: &Call<'_>) -> Option<Done> {
    Some(match call.name {
        "keys" => call.argument(0).and_then(keys),
        "values" => call.argument(0).and_then(values),
        "merge" => merge(call),
        "lookup" => lookup(call),
        "zipmap" => zipmap(call),
        "transpose" => transpose(call),
        "tomap" => call.argument(0).and_then(tomap),
        "length" => length(call),
        "contains" => contains(call),
        _ => return None,
    })
}

/// The entries of an object whose keys are known, in Terraform's order.
fn entries(value: &Value) -> Result<Vec<&Entry>, Stop> {
    let Data::Object(entries) = &value.data else {
        return Err(super::stop(value, convert::not(value, "a map is wanted")));
    };
    for entry in entries {
        if let Key::Unknown(reason) = &entry.key {
            return Err(Stop::Unknown(reason.clone()));
        }
    }
    Ok(convert::sorted(entries))
}

fn keys(value: &Value) -> Done {
    let key = |entry: &Entry| Value::of_text(entry.key_at, entry.name().unwrap_or_default());
    Ok(Data::List(entries(value)?.into_iter().map(key).collect()))
}

fn values(value: &Value) -> Done {
    Ok(Data::List(entries(value)?.into_iter().map(|entry| entry.value.clone()).collect()))
}

fn merge(call: &Call<'_>) -> Done {
    let mut merged = Entries::default();
    for value in call.arguments {
        match &value.data {
            Data::Null => {}
            Data::Object(entries) => entries.iter().for_each(|entry| merged.insert(entry.clone())),
            _ => return Err(super::stop(value, convert::not(value, "a map is wanted"))),
        }
    }
    Ok(Data::Object(merged.into_list()))
}

fn lookup(call: &Call<'_>) -> Done {
    call.at_most(3)?;
    let (map, key) = (call.argument(0)?, call.argument(1)?);
    let entries = entries(map)?;
    let key = call.text(1).map_err(|stop| {
        call.names.keyed(key, map.entries());
        match stop {
            Stop::Unknown(reason) => {
                let mut values = entries.iter().map(|entry| &entry.value).chain(call.arguments.get(2));
                Stop::Unknown(Reason { may_be_nothing: values.any(Value::may_be_nothing), ..reason })
            }
            refused @ Stop::Refused(_) => refused,
        }
    })?;
    let found = entries.into_iter().find(|entry| entry.name() == Some(&key));
    match (found, call.arguments.get(2)) {
        (Some(entry), _) => Ok(entry.value.data.clone()),
        (None, Some(default)) => Ok(default.data.clone()),
        (None, None) => Err(Stop::Refused("the key is not there".to_owned())),
    }
}

fn zipmap(call: &Call<'_>) -> Done {
    call.at_most(2)?;
    let (keys, values) = (call.items(0)?, call.items(1)?);
    if keys.len() != values.len() {
        return Err(Stop::Refused("lists of different lengths".to_owned()));
    }
    let mut made = Entries::default();
    for (key, value) in keys.iter().zip(values) {
        made.insert(Entry::new(text_of(key)?, key.at, value.clone()));
    }
    Ok(Data::Object(made.into_list()))
}

/// A map of lists, turned around.
fn transpose(call: &Call<'_>) -> Done {
    let mut turned: Vec<(String, Vec<Value>)> = Vec::new();
    for entry in entries(known(call.argument(0)?)?)? {
        let key = Value::of_text(entry.key_at, entry.name().unwrap_or_default());
        for item in super::items_of(&entry.value)? {
            let name = text_of(item)?;
            match turned.iter_mut().find(|(known, _)| *known == name) {
                Some((_, keys)) => keys.push(key.clone()),
                None => turned.push((name, vec![key.clone()])),
            }
        }
    }
    let entry =
        |(name, keys): (String, Vec<Value>)| Entry::new(name, call.at, Value::new(call.at, Data::List(keys)));
    Ok(Data::Object(turned.into_iter().map(entry).collect()))
}

fn tomap(value: &Value) -> Done {
    let Data::Object(entries) = &value.data else {
        return Err(super::stop(value, convert::not(value, "a map is wanted")));
    };
    let values = convert::of_one_type(entries.iter().map(|entry| entry.value.clone()).collect());
    let values = values.map_err(|reason| super::stop(value, reason))?;
    let pair = |(entry, value): (&Entry, Value)| Entry { value, ..entry.clone() };
    Ok(Data::Object(entries.iter().zip(values).map(pair).collect()))
}

fn length(call: &Call<'_>) -> Done {
    call.at_most(1)?;
    let value = call.argument(0)?;
    let length = match &value.data {
        Data::List(items) => items.len(),
        Data::Object(_) => entries(value)?.len(),
        // Terraform counts what people see as one character.
        Data::Text(_) => {
            unicode_segmentation::UnicodeSegmentation::graphemes(text_of(value)?.as_str(), true).count()
        }
        _ => return Err(super::stop(value, convert::not(value, "a collection is wanted"))),
    };
    Ok(Data::Number(length.to_string()))
}

fn contains(call: &Call<'_>) -> Done {
    call.at_most(2)?;
    let (items, wanted) = (call.items(0)?, call.argument(1)?);
    let mut unknown = None;
    for item in items {
        match equal(item, wanted) {
            Some(true) => return Ok(Data::Bool(true)),
            Some(false) => {}
            None => unknown = unknown.or_else(|| item.reason().or_else(|| wanted.reason())),
        }
    }
    match unknown {
        Some(reason) => Err(Stop::Unknown(reason.clone())),
        None => Ok(Data::Bool(false)),
    }
}
