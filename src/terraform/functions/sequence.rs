//! Functions of lists and sets.

use super::{Call, Done, Stop, known, stop, text_of, unknown};
use crate::terraform::compare::equal;
use crate::terraform::convert;
use crate::value::{Data, Value};

pub(super) fn call(call: &Call<'_>) -> Option<Done> {
    Some(match call.name {
        "concat" => concat(call),
        "flatten" => flatten(call),
        "element" => element(call),
        "index" => index(call),
        "slice" => slice(call),
        "reverse" => call.items(0).map(|items| Data::List(items.iter().rev().cloned().collect())),
        "sort" => sort(call),
        "distinct" => call.argument(0).and_then(|list| distinct(call, list)),
        "compact" => compact(call),
        "coalesce" => coalesce(call),
        "coalescelist" => coalescelist(call),
        "one" => one(call),
        "chunklist" => chunklist(call),
        "toset" => call.argument(0).and_then(|list| set(call, super::items_of(list)?.to_vec())),
        "tolist" => call.items(0).and_then(|items| {
            let list = convert::of_one_type(items.to_vec());
            list.map(Data::List).map_err(Stop::Unknown)
        }),
        "setunion" => setunion(call),
        "setintersection" => sets(call, |first, others| others.iter().all(|other| has(other, first))),
        "setsubtract" => sets(call, |first, others| !others.iter().any(|other| has(other, first))),
        "setproduct" => setproduct(call),
        "alltrue" => every(call, true),
        "anytrue" => every(call, false),
        "sum" => sum(call),
        _ => return None,
    })
}

fn concat(call: &Call<'_>) -> Done {
    let mut items = Vec::new();
    for list in call.arguments {
        items.extend_from_slice(super::items_of(list)?);
    }
    Ok(Data::List(items))
}

fn flatten(call: &Call<'_>) -> Done {
    fn add(item: &Value, flat: &mut Vec<Value>) {
        match &item.data {
            Data::List(items) => items.iter().for_each(|item| add(item, flat)),
            _ => flat.push(item.clone()),
        }
    }
    let mut flat = Vec::new();
    call.items(0)?.iter().for_each(|item| add(item, &mut flat));
    // Whether it is a list, and of how many, only a run would show.
    match flat
        .iter()
        .find_map(|item| if let Data::Unknown(reason) = &item.data { Some(reason) } else { None })
    {
        Some(reason) => Err(Stop::Unknown(reason.clone())),
        None => Ok(Data::List(flat)),
    }
}

fn element(call: &Call<'_>) -> Done {
    call.at_most(2)?;
    let (items, index) = (call.items(0)?, call.whole(1)?);
    let length = i128::try_from(items.len()).unwrap_or(i128::MAX);
    if length == 0 {
        return Err(Stop::Refused("an item of an empty list".to_owned()));
    }
    if index < 0 {
        return Err(unknown(call, "`element(…)` with a negative index, which only newer versions take"));
    }
    let index = usize::try_from(index % length).unwrap_or(0);
    Ok(items[index].data.clone())
}

fn index(call: &Call<'_>) -> Done {
    let (items, wanted) = (known(call.argument(0)?)?.items(), known(call.argument(1)?)?);
    let found = items.iter().position(|item| equal(item, wanted) == Some(true));
    found
        .map(|index| Data::Number(index.to_string()))
        .ok_or_else(|| Stop::Refused("the item is not there".to_owned()))
}

fn slice(call: &Call<'_>) -> Done {
    let (items, start, end) = (call.items(0)?, call.whole(1)?, call.whole(2)?);
    let part = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    let part = part.filter(|(start, end)| start <= end).and_then(|(start, end)| items.get(start..end));
    part.map(|part| Data::List(part.to_vec())).ok_or_else(|| Stop::Refused("beyond the list".to_owned()))
}

fn sort(call: &Call<'_>) -> Done {
    let mut items: Vec<(String, Value)> =
        call.items(0)?.iter().map(|item| Ok((text_of(item)?, item.clone()))).collect::<Result<_, Stop>>()?;
    items.sort_by(|left, right| left.0.cmp(&right.0));
    let text = |(text, item): (String, Value)| match item.data {
        Data::Text(_) => item,
        _ => Value::of_text(item.at, text),
    };
    Ok(Data::List(items.into_iter().map(text).collect()))
}

fn distinct(call: &Call<'_>, list: &Value) -> Done {
    known(list)?;
    let items = super::items_of(list)?;
    compared(call, items.len())?;
    let mut kept: Vec<Value> = Vec::new();
    for item in items {
        if !has(&kept, item) {
            kept.push(item.clone());
        }
    }
    Ok(Data::List(kept))
}

/// Pays for comparing each item with each.
fn compared(call: &Call<'_>, items: usize) -> Result<(), Stop> {
    let is_paid = call.names.work().spend(items.saturating_mul(items) / 8);
    is_paid.then_some(()).ok_or_else(|| unknown(call, "more than can be worked out here"))
}

fn has(items: &[Value], wanted: &Value) -> bool {
    items.iter().any(|item| equal(item, wanted) == Some(true))
}

/// The texts of a list that are neither empty nor `null`.
fn compact(call: &Call<'_>) -> Done {
    let mut kept = Vec::new();
    for item in call.items(0)? {
        match &item.data {
            Data::Null => {}
            Data::Unknown(reason) => return Err(Stop::Unknown(reason.clone())),
            Data::Text(text) if text.as_str() == Some("") => {}
            Data::Text(text) => match text.reason() {
                // It is not empty, whatever is missing of it.
                Some(reason) if text.ends() == ("", "") => return Err(Stop::Unknown(reason.clone())),
                _ => kept.push(item.clone()),
            },
            _ => kept.push(Value::of_text(item.at, text_of(item)?)),
        }
    }
    Ok(Data::List(kept))
}

/// The first value that is neither `null` nor an empty text.
fn coalesce(call: &Call<'_>) -> Done {
    for value in call.arguments {
        match &value.data {
            Data::Unknown(reason) => return Err(Stop::Unknown(reason.clone())),
            Data::Null => {}
            Data::Text(text) if text.as_str() == Some("") => {}
            Data::Text(text) if text.reason().is_some() && text.ends() == ("", "") => {
                let reason = text.reason().cloned();
                return Err(reason.map_or_else(|| unknown(call, "a text"), Stop::Unknown));
            }
            // All of them get one type, and a text is the one that fits the others.
            data => {
                let has_text = call.arguments.iter().any(|other| matches!(other.data, Data::Text(_)));
                let is_scalar = matches!(data, Data::Bool(_) | Data::Number(_));
                return if has_text && is_scalar {
                    crate::terraform::convert::to_text(value).map(Data::Text).map_err(Stop::Refused)
                } else {
                    Ok(data.clone())
                };
            }
        }
    }
    Err(Stop::Refused("every value is `null` or empty".to_owned()))
}

fn coalescelist(call: &Call<'_>) -> Done {
    for value in call.arguments {
        let items = super::items_of(value)?;
        if !items.is_empty() {
            return Ok(Data::List(items.to_vec()));
        }
    }
    Err(Stop::Refused("every list is empty".to_owned()))
}

fn one(call: &Call<'_>) -> Done {
    match call.items(0)? {
        [] => Ok(Data::Null),
        [only] => Ok(only.data.clone()),
        _ => Err(Stop::Refused("more than one item".to_owned())),
    }
}

fn chunklist(call: &Call<'_>) -> Done {
    let size = usize::try_from(call.whole(1)?).ok().filter(|size| *size > 0);
    let size = size.ok_or_else(|| unknown(call, "`chunklist(…)` by nothing"))?;
    let chunk = |items: &[Value]| Value::new(call.at, Data::List(items.to_vec()));
    Ok(Data::List(call.items(0)?.chunks(size).map(chunk).collect()))
}

fn set(call: &Call<'_>, items: Vec<Value>) -> Done {
    if let Some(reason) = items.iter().find_map(Value::reason) {
        // Two that differ in what is unknown may be the same.
        if items.len() > 1 {
            return Err(Stop::Unknown(reason.clone()));
        }
    }
    compared(call, items.len())?;
    convert::to_set(items).map(Data::List).map_err(Stop::Unknown)
}

fn setunion(call: &Call<'_>) -> Done {
    let Data::List(items) = concat(call)? else { return Err(unknown(call, "a set")) };
    set(call, items)
}

/// The items of the first set that stand in a relation to the others.
fn sets(call: &Call<'_>, keeps: fn(&Value, &[Vec<Value>]) -> bool) -> Done {
    let mut lists: Vec<Vec<Value>> = Vec::new();
    for list in call.arguments {
        let Data::List(items) = set(call, super::items_of(known(list)?)?.to_vec())? else { continue };
        lists.push(items);
    }
    let Some((first, others)) = lists.split_first() else { return Err(unknown(call, "a set")) };
    let kept = first.iter().filter(|item| keeps(item, others));
    Ok(Data::List(kept.cloned().collect()))
}

/// Every way to take one item of each list.
fn setproduct(call: &Call<'_>) -> Done {
    let mut ways: Vec<Vec<Value>> = vec![Vec::new()];
    for list in call.arguments {
        let items = super::items_of(list)?;
        let count = ways.len().saturating_mul(items.len());
        if !call.names.work().spend(count.saturating_mul(call.arguments.len())) {
            return Err(unknown(call, "more than can be worked out here"));
        }
        let longer = |way: &Vec<Value>, item: &Value| [way.as_slice(), std::slice::from_ref(item)].concat();
        ways = ways.iter().flat_map(|way| items.iter().map(move |item| longer(way, item))).collect();
    }
    Ok(Data::List(ways.into_iter().map(|way| Value::new(call.at, Data::List(way))).collect()))
}

/// `alltrue` and `anytrue`: one item may decide alone.
fn every(call: &Call<'_>, wanted: bool) -> Done {
    let mut undecided = None;
    for item in call.items(0)? {
        match convert::to_bool(item) {
            Ok(is) if is != wanted => return Ok(Data::Bool(!wanted)),
            Ok(_) => {}
            Err(reason) => undecided = Some(stop(item, reason)),
        }
    }
    undecided.map_or(Ok(Data::Bool(wanted)), Err)
}

fn sum(call: &Call<'_>) -> Done {
    let mut sum: i128 = 0;
    for item in call.items(0)? {
        let number = convert::to_whole(item).map_err(Stop::Unknown)?;
        sum = sum.checked_add(number).ok_or_else(|| unknown(call, "a sum of large numbers"))?;
    }
    Ok(Data::Number(sum.to_string()))
}
