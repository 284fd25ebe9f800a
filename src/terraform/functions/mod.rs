//! Terraform's functions, as far as they need neither the clock nor a file outside the folder.
//!
//! A function that is not here is unknown by name. What Terraform refuses is refused, so that `try` and
//! `can` go on as they would.

mod collection;
mod encode;
mod file;
mod format;
mod number;
mod regex;
mod sequence;
mod text;
mod yaml;

use std::sync::Arc;

use super::convert;
use super::names::Names;
use crate::diagnostic::Span;
use crate::value::{Data, Reason, Text, Value};

pub(super) use self::encode::{json_in_order, json_of};

/// Functions that make nothing of nothing: of `null` or an empty text.
const KEEP_NOTHING: [&str; 7] =
    ["lookup", "lower", "nonsensitive", "sensitive", "tostring", "trimspace", "upper"];

/// Why a function has no value.
enum Stop {
    /// It depends on what only a run would show.
    Unknown(Reason),
    /// Terraform would refuse it, for this reason.
    Refused(String),
}

type Done = Result<Data, Stop>;

/// A call: its arguments, and where it stands.
struct Call<'c> {
    names: &'c dyn Names,
    name: &'c str,
    arguments: &'c [Value],
    at: Span,
}

/// The value of a call.
pub(super) fn call(names: &dyn Names, name: &str, arguments: &[Value], at: Span) -> Value {
    let size: usize = arguments.iter().map(Value::size).sum();
    if !names.work().spend(size) {
        return Value::unknown(at, "more than can be worked out here");
    }
    let call = Call { names, name, arguments, at };
    let rooms = [
        text::call,
        regex::call,
        format::call,
        number::call,
        collection::call,
        sequence::call,
        encode::call,
        yaml::call,
        file::call,
    ];
    match rooms.iter().find_map(|room| room(&call)) {
        Some(Ok(data)) => Value::new(at, data),
        Some(Err(Stop::Unknown(reason))) => {
            let may_be_nothing = match name {
                "one" => true,
                name => reason.may_be_nothing && KEEP_NOTHING.contains(&name),
            };
            Value::new(at, Data::Unknown(Reason { may_be_nothing, ..reason }))
        }
        Some(Err(Stop::Refused(why))) => {
            names.work().fail();
            Value::unknown(at, format!("`{name}(…)`: {why}"))
        }
        None => Value::unknown(at, format!("`{name}(…)`")),
    }
}

impl<'c> Call<'c> {
    /// An argument by its number, from zero.
    fn argument(&self, index: usize) -> Result<&'c Value, Stop> {
        self.arguments.get(index).ok_or_else(|| Stop::Refused("an argument is missing".to_owned()))
    }

    /// Refuses more arguments than there may be.
    fn at_most(&self, count: usize) -> Result<(), Stop> {
        if self.arguments.len() > count {
            return Err(Stop::Refused(format!(
                "{} arguments, where {count} are taken",
                self.arguments.len()
            )));
        }
        Ok(())
    }

    /// A text that is known.
    fn text(&self, index: usize) -> Result<String, Stop> {
        text_of(self.argument(index)?)
    }

    /// A text that may be known in part.
    fn pieces(&self, index: usize) -> Result<Text, Stop> {
        convert::to_text(self.argument(index)?).map_err(Stop::Refused)
    }

    fn whole(&self, index: usize) -> Result<i128, Stop> {
        let value = self.argument(index)?;
        convert::to_whole(value).map_err(|reason| stop(value, reason))
    }

    /// The items of a list.
    fn items(&self, index: usize) -> Result<&'c [Value], Stop> {
        items_of(self.argument(index)?)
    }
}

fn items_of(value: &Value) -> Result<&[Value], Stop> {
    match &value.data {
        Data::List(items) => Ok(items),
        Data::Unknown(reason) => Err(Stop::Unknown(reason.clone())),
        _ => Err(Stop::Refused("a list is wanted".to_owned())),
    }
}

fn text_of(value: &Value) -> Result<String, Stop> {
    let text = convert::to_text(value).map_err(Stop::Refused)?;
    match (text.as_str(), text.reason()) {
        (Some(text), _) => Ok(text.to_owned()),
        (None, Some(reason)) => Err(Stop::Unknown(reason.clone())),
        (None, None) => Ok(String::new()),
    }
}

/// What is wrong with a value is known, unless the value is not.
fn stop(value: &Value, reason: Reason) -> Stop {
    if value.reason().is_some() { Stop::Unknown(reason) } else { Stop::Refused(reason.why.to_string()) }
}

/// Stops at whatever is unknown in a value.
fn known(value: &Value) -> Result<&Value, Stop> {
    match value.reason() {
        Some(reason) => Err(Stop::Unknown(reason.clone())),
        None => Ok(value),
    }
}

/// A text at the place of the call.
fn made(call: &Call<'_>, text: impl Into<String>) -> Data {
    Data::Text(Text::known(call.at, text))
}

/// What depends on something that is not followed here.
fn unknown(call: &Call<'_>, why: impl Into<Arc<str>>) -> Stop {
    Stop::Unknown(Reason::new(call.at, why))
}
