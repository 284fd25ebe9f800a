//! Functions that look for patterns. Terraform's are those of Go, which the few that policies and names
//! need share with this crate; what it does not take is unknown.

use regex_lite::{Captures, Regex, RegexBuilder};

use super::{Call, Done, Stop, made, unknown};
use crate::value::{Data, Entry, Value};

/// Bytes that a pattern may take when it is ready.
const LARGEST: usize = 1 << 20;

pub(super) fn call(call: &Call<'_>) -> Option<Done> {
    Some(match call.name {
        "replace" => replace(call),
        "regex" => first(call),
        "regexall" => all(call),
        _ => return None,
    })
}

fn pattern(call: &Call<'_>, written: &str) -> Result<Regex, Stop> {
    let ready = RegexBuilder::new(written).size_limit(LARGEST).build();
    ready.map_err(|_| unknown(call, format!("`{}(…)` with a pattern that is not understood", call.name)))
}

fn replace(call: &Call<'_>) -> Done {
    call.at_most(3)?;
    let (text, wanted, other) = (call.text(0)?, call.text(1)?, call.pieces(2)?);
    let inner = wanted.strip_prefix('/').and_then(|inner| inner.strip_suffix('/'));
    let known = other.ends();
    let grown = text.len().saturating_add(1).saturating_mul(known.0.len() + known.1.len());
    if !call.names.work().spend(grown / 16) {
        return Err(unknown(call, "more than can be worked out here"));
    }
    Ok(match inner {
        Some(inner) => {
            let pattern = pattern(call, inner)?;
            made(call, pattern.replace_all(&text, call.text(2)?.as_str()).into_owned())
        }
        None => Data::Text(call.pieces(0)?.replaced(&wanted, &other)),
    })
}

fn first(call: &Call<'_>) -> Done {
    call.at_most(2)?;
    let (pattern, text) = (pattern(call, &call.text(0)?)?, call.text(1)?);
    let found = pattern.captures(&text).map(|found| shown(call, &pattern, &found));
    found.map(|value| value.data).ok_or_else(|| Stop::Refused("the pattern is not found".to_owned()))
}

fn all(call: &Call<'_>) -> Done {
    call.at_most(2)?;
    let (pattern, text) = (pattern(call, &call.text(0)?)?, call.text(1)?);
    let found = pattern.captures_iter(&text).map(|found| shown(call, &pattern, &found));
    Ok(Data::List(found.collect()))
}

/// What was found: the whole, or its groups where there are any.
fn shown(call: &Call<'_>, pattern: &Regex, found: &Captures<'_>) -> Value {
    let group = |index: usize| match found.get(index) {
        Some(group) => Value::of_text(call.at, group.as_str()),
        None => Value::new(call.at, Data::Null),
    };
    let names: Vec<Option<&str>> = pattern.capture_names().skip(1).collect();
    if names.is_empty() {
        return group(0);
    }
    let data = if names.iter().any(Option::is_some) {
        let groups = names
            .iter()
            .enumerate()
            .filter_map(|(index, name)| Some(Entry::new((*name)?, call.at, group(index + 1))));
        Data::Object(groups.collect())
    } else {
        Data::List((1..=names.len()).map(group).collect())
    };
    Value::new(call.at, data)
}
