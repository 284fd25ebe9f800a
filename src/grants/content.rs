//! Values in a form that can be compared and shown, and the policies among them.

use crate::diagnostic::Span;
use crate::diagnostic::words::excerpt;
use crate::value::{Data, Key, Piece, Text, Value};

/// A value as it is compared: two are the same if their texts are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Content {
    /// The whole, with the reasons of what is unknown in its place.
    pub(super) text: String,
    /// Why it is not known, or not as a whole.
    pub(super) unknown: Option<String>,
}

impl Content {
    pub(super) fn of(value: &Value) -> Self {
        let mut text = String::new();
        match &value.data {
            Data::Text(plain) => pieces(plain, &mut text),
            _ => write(value, &mut text),
        }
        Self { text, unknown: value.reason().map(|reason| reason.why.to_string()) }
    }
}

/// A policy whose text is here.
#[derive(Debug, Clone)]
pub(super) struct Document {
    /// The file that holds its text.
    pub(super) path: String,
    /// The policy; null where nothing of it is known.
    pub(super) value: Value,
    /// The whole, to be compared.
    pub(super) content: Content,
}

impl Document {
    /// The policy that an argument comes to, and the place of its text.
    pub(super) fn of(value: &Value) -> (Self, Span) {
        let at = place(value);
        let (read, unread) = match &value.data {
            Data::Text(text) => match Value::decode(text) {
                Ok(policy) => (policy, None),
                Err(problem) => {
                    let why = value.reason().map(|reason| reason.why.to_string());
                    let why = why.unwrap_or_else(|| format!("a text that is not JSON: {}", problem.message));
                    (Value::new(value.at, Data::Null), Some(why))
                }
            },
            Data::Unknown(reason) => (Value::new(value.at, Data::Null), Some(reason.why.to_string())),
            _ => (value.clone(), None),
        };
        let content = match unread {
            Some(why) => Content { text: Content::of(value).text, unknown: Some(why) },
            None => Content::of(&read),
        };
        (Self { path: String::new(), value: read, content }, at)
    }
}

/// Where the text of a value stands, which may be in another file than the argument.
pub(super) fn place(value: &Value) -> Span {
    let Data::Text(text) = &value.data else { return value.at };
    let known = text.pieces().find_map(|piece| match piece {
        Piece::Known(_, at) => Some(at),
        Piece::Unknown(_) => None,
    });
    known.unwrap_or(value.at)
}

fn pieces(text: &Text, into: &mut String) {
    for piece in text.pieces() {
        match piece {
            Piece::Known(known, _) => into.push_str(known),
            Piece::Unknown(reason) => unknown(&reason.why, into),
        }
    }
}

fn unknown(why: &str, into: &mut String) {
    into.push_str("${");
    into.push_str(why);
    into.push('}');
}

fn write(value: &Value, into: &mut String) {
    match &value.data {
        Data::Null => into.push_str("null"),
        Data::Bool(known) => into.push_str(if *known { "true" } else { "false" }),
        Data::Number(number) => into.push_str(number),
        Data::Text(text) => {
            let mut plain = String::new();
            pieces(text, &mut plain);
            into.push_str(&serde_json::Value::String(plain).to_string());
        }
        Data::List(items) => {
            into.push('[');
            for (index, item) in items.iter().enumerate() {
                into.push_str(if index == 0 { "" } else { ", " });
                write(item, into);
            }
            into.push(']');
        }
        Data::Object(entries) => {
            into.push('{');
            for (index, entry) in entries.iter().enumerate() {
                into.push_str(if index == 0 { "" } else { ", " });
                match &entry.key {
                    Key::Known(key) => into.push_str(&serde_json::Value::from(key.as_str()).to_string()),
                    Key::Unknown(reason) => unknown(&reason.why, into),
                }
                into.push_str(": ");
                write(&entry.value, into);
            }
            into.push('}');
        }
        Data::Unknown(reason) => unknown(&reason.why, into),
    }
}

/// A text in ticks, short enough for a sentence.
pub(super) fn ticked(text: &str) -> String {
    format!("`{}`", excerpt(text))
}

/// Seconds as people write them.
pub(super) fn hours(seconds: u32) -> String {
    let parts = [(seconds / 3600, 'h'), (seconds / 60 % 60, 'm'), (seconds % 60, 's')];
    let mut text = String::new();
    for (number, unit) in parts.into_iter().filter(|(number, _)| *number > 0) {
        text.push_str(&number.to_string());
        text.push(unit);
    }
    text
}
