//! Values as JSON and back, and other spellings of texts.

use std::fmt::Write as _;

use super::{Call, Done, Stop, made};
use crate::terraform::convert;
use crate::value::{Data, Entry, Key, Piece, Text, Value};

pub(super) fn call(call: &Call<'_>) -> Option<Done> {
    Some(match call.name {
        "jsonencode" => {
            call.at_most(1).and_then(|()| call.argument(0)).map(|value| Data::Text(json_of(value)))
        }
        "jsondecode" => call.pieces(0).and_then(|text| match Value::decode(&text) {
            Ok(value) => Ok(value.data),
            Err(problem) => Err(match text.reason() {
                Some(reason) => Stop::Unknown(reason.clone()),
                None => Stop::Refused(problem.message),
            }),
        }),
        "urlencode" => call.text(0).map(|text| made(call, percent(&text))),
        _ => return None,
    })
}

/// The JSON of a value, as Terraform writes it: each piece where the value stands that it is of.
pub(in crate::terraform) fn json_of(value: &Value) -> Text {
    let mut text = Text::default();
    write(value, &convert::sorted, &mut text);
    text
}

/// The JSON of a value whose keys stay in their order, as the provider writes policies.
pub(in crate::terraform) fn json_in_order(value: &Value) -> Text {
    let mut text = Text::default();
    write(value, &|entries| entries.iter().collect(), &mut text);
    text
}

fn write(value: &Value, order: &dyn Fn(&[Entry]) -> Vec<&Entry>, text: &mut Text) {
    match &value.data {
        Data::Null => text.push(value.at, "null"),
        Data::Bool(is) => text.push(value.at, if *is { "true" } else { "false" }),
        Data::Number(number) => text.push(value.at, number),
        Data::Unknown(reason) => text.push_unknown(reason.clone()),
        Data::Text(inner) => string(inner, value, text),
        Data::List(items) => {
            text.push(value.at, "[");
            for (index, item) in items.iter().enumerate() {
                text.push(value.at, if index > 0 { "," } else { "" });
                write(item, order, text);
            }
            text.push(value.at, "]");
        }
        Data::Object(entries) => {
            text.push(value.at, "{");
            for (index, entry) in order(entries).into_iter().enumerate() {
                text.push(value.at, if index > 0 { "," } else { "" });
                match &entry.key {
                    Key::Known(key) => text.push(entry.key_at, &format!("\"{}\"", escaped(key))),
                    Key::Unknown(reason) => text.push_unknown(reason.clone()),
                }
                text.push(entry.key_at, ":");
                write(&entry.value, order, text);
            }
            text.push(value.at, "}");
        }
    }
}

fn string(inner: &Text, value: &Value, text: &mut Text) {
    if let Some(known) = inner.as_str() {
        return text.push(value.at, &format!("\"{}\"", escaped(known)));
    }
    text.push(value.at, "\"");
    for piece in inner.pieces() {
        match piece {
            Piece::Known(known, at) => text.push(at, &escaped(known)),
            Piece::Unknown(reason) => text.push_unknown(reason.clone()),
        }
    }
    text.push(value.at, "\"");
}

/// Text between the quotes of JSON. Go escapes what could end a script in a web page, too.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '\u{8}' => escaped.push_str("\\b"),
            '\u{c}' => escaped.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..=' ' if c != ' ' => {
                _ = write!(escaped, "\\u{:04x}", u32::from(c));
            }
            _ => escaped.push(c),
        }
    }
    escaped
}

/// A text as part of an address, blanks as `+`.
fn percent(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            b' ' => encoded.push('+'),
            _ => {
                _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}
