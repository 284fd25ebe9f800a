//! Functions of numbers and types.

use std::cmp::Ordering;

use super::{Call, Done, Stop, stop, unknown};
use crate::terraform::{convert, number};
use crate::value::{Data, Value};

/// A list of more numbers than these is not made.
const MOST: i128 = 1024;

pub(super) fn call(call: &Call<'_>) -> Option<Done> {
    Some(match call.name {
        "abs" => call.whole(0).map(|number| Data::Number(number.abs().to_string())),
        "max" => extreme(call, Ordering::Greater),
        "min" => extreme(call, Ordering::Less),
        "range" => range(call),
        "tostring" => one(call).and_then(|value| match value.data {
            Data::Null => Ok(Data::Null),
            _ => convert::to_text(value).map(Data::Text).map_err(Stop::Refused),
        }),
        "tonumber" => one(call).and_then(|value| match value.data {
            Data::Null => Ok(Data::Null),
            _ => convert::to_number(value).map(Data::Number).map_err(|reason| stop(value, reason)),
        }),
        "tobool" => one(call).and_then(|value| match value.data {
            Data::Null => Ok(Data::Null),
            _ => convert::to_bool(value).map(Data::Bool).map_err(|reason| stop(value, reason)),
        }),
        "sensitive" | "nonsensitive" => one(call).map(|value| value.data.clone()),
        _ => return None,
    })
}

fn one<'c>(call: &Call<'c>) -> Result<&'c Value, Stop> {
    call.at_most(1)?;
    call.argument(0)
}

fn extreme(call: &Call<'_>, wanted: Ordering) -> Done {
    let mut best: Option<String> = None;
    for value in call.arguments {
        let number = convert::to_number(value).map_err(|reason| stop(value, reason))?;
        let order = best.as_ref().map(|best| number::compare(&number, best));
        match order {
            Some(None) => return Err(unknown(call, "a comparison of fractions")),
            Some(Some(order)) if order != wanted => {}
            _ => best = Some(number),
        }
    }
    best.map(Data::Number).ok_or_else(|| Stop::Refused("no number".to_owned()))
}

fn range(call: &Call<'_>) -> Done {
    call.at_most(3)?;
    let (start, end) = match call.arguments.len() {
        1 => (0, call.whole(0)?),
        _ => (call.whole(0)?, call.whole(1)?),
    };
    let step = match call.arguments.len() {
        3 => call.whole(2)?,
        _ if end < start => -1,
        _ => 1,
    };
    let is_endless = step == 0 || (end - start).signum() * step.signum() < 0;
    if is_endless || (end - start) / step > MOST {
        return Err(Stop::Refused("too many numbers, or a step in the wrong direction".to_owned()));
    }
    let mut numbers = Vec::new();
    let mut number = start;
    while if step > 0 { number < end } else { number > end } {
        numbers.push(Value::new(call.at, Data::Number(number.to_string())));
        number += step;
    }
    Ok(Data::List(numbers))
}
