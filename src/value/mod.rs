//! Values that know where they stand, whatever language they were written in.
//!
//! Responsible for one type that JSON, YAML and Terraform are read into, and that policies are read
//! from: every part has its place, and what only a run would show is unknown for a reason. Refuses to
//! evaluate anything, and to guess: nothing here stands for a value that is not there.

mod entries;
mod json;
mod text;

use std::sync::Arc;

use crate::diagnostic::Span;

pub use self::entries::Entries;
pub use self::json::{Problem, parse};
pub use self::text::{Piece, Text};

/// A value and its place.
#[derive(Debug, Clone)]
pub struct Value {
    /// Where it is written, or where something that is not written would have been.
    pub at: Span,
    /// What it is.
    pub data: Data,
    /// For a choice between `null` and a value that is known, where only a run would show which it is: that
    /// value.
    pub unless_null: Option<Arc<Value>>,
}

/// What a value holds, as far as it can be known without running anything.
#[derive(Debug, Clone)]
pub enum Data {
    /// `null`, or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// A text, which may be known in part.
    Text(Text),
    /// Values in order.
    List(Vec<Value>),
    /// Values by key, in the order in which they are written.
    Object(Vec<Entry>),
    /// What only a run would show.
    Unknown(Reason),
}

/// Why a value cannot be known, and where that begins.
#[derive(Debug, Clone)]
pub struct Reason {
    /// In words that fit behind "it depends on", as in `` `var.x`, which has no default ``.
    pub why: Arc<str>,
    /// The place of what it depends on.
    pub at: Span,
    /// Whether it may come to `null` or an empty text.
    pub may_be_nothing: bool,
}

impl Reason {
    /// A reason at a place.
    pub fn new(at: Span, why: impl Into<Arc<str>>) -> Self {
        Self { why: why.into(), at, may_be_nothing: false }
    }

    /// The same, of what may come to `null` or an empty text.
    #[must_use]
    pub fn or_nothing(self) -> Self {
        Self { may_be_nothing: true, ..self }
    }
}

/// A key, its place, and its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key, which may be unknown.
    pub key: Key,
    /// Where the key stands.
    pub key_at: Span,
    /// The value.
    pub value: Value,
}

/// The key of an object.
#[derive(Debug, Clone)]
pub enum Key {
    /// A key that is known.
    Known(String),
    /// A key that only a run would show; or several, or none, where a template makes part of an object.
    Unknown(Reason),
}

impl Entry {
    /// An entry with a key that is known.
    pub fn new(key: impl Into<String>, key_at: Span, value: Value) -> Self {
        Self { key: Key::Known(key.into()), key_at, value }
    }

    /// The key, if it is known.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match &self.key {
            Key::Known(key) => Some(key),
            Key::Unknown(_) => None,
        }
    }
}

impl Value {
    /// A value at a place.
    #[must_use]
    pub fn new(at: Span, data: Data) -> Self {
        Self { at, data, unless_null: None }
    }

    /// A text that is known.
    pub fn of_text(at: Span, text: impl Into<String>) -> Self {
        Self::new(at, Data::Text(Text::known(at, text)))
    }

    /// A value that only a run would show.
    pub fn unknown(at: Span, why: impl Into<Arc<str>>) -> Self {
        Self::new(at, Data::Unknown(Reason::new(at, why)))
    }

    /// The same, where what it may be besides `null` says nothing of what is made of it.
    #[must_use]
    pub fn without_choice(self) -> Self {
        Self { unless_null: None, ..self }
    }

    /// The text, if it is one that is known as a whole.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => text.as_str(),
            _ => None,
        }
    }

    /// `true` and `"true"` alike: policies and Terraform take both.
    #[must_use]
    pub fn is_true(&self) -> bool {
        match &self.data {
            Data::Bool(value) => *value,
            _ => self.text() == Some("true"),
        }
    }

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.data, Data::Null)
    }

    /// Whether it is `null` or an empty text, or may come to that.
    #[must_use]
    pub fn may_be_nothing(&self) -> bool {
        match &self.data {
            Data::Null => true,
            Data::Unknown(reason) => reason.may_be_nothing,
            Data::Text(text) => text.pieces().all(|piece| match piece {
                Piece::Known(known, _) => known.is_empty(),
                Piece::Unknown(reason) => reason.may_be_nothing,
            }),
            Data::Bool(_) | Data::Number(_) | Data::List(_) | Data::Object(_) => false,
        }
    }

    /// Whether anything is known of it: a text must be known as a whole, a collection only as one.
    #[must_use]
    pub fn is_known(&self) -> bool {
        match &self.data {
            Data::Unknown(_) => false,
            Data::Text(text) => text.as_str().is_some(),
            _ => true,
        }
    }

    /// Why it, or the first part of it that is unknown, cannot be known.
    #[must_use]
    pub fn reason(&self) -> Option<&Reason> {
        match &self.data {
            Data::Unknown(reason) => Some(reason),
            Data::Text(text) => text.reason(),
            Data::List(items) => items.iter().find_map(Self::reason),
            Data::Object(entries) => entries.iter().find_map(|entry| match &entry.key {
                Key::Unknown(reason) => Some(reason),
                Key::Known(_) => entry.value.reason(),
            }),
            Data::Null | Data::Bool(_) | Data::Number(_) => None,
        }
    }

    /// The entries of an object; none of anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.data {
            Data::Object(entries) => entries,
            _ => &[],
        }
    }

    /// The entry of a key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.name() == Some(key))
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The items of a list, or the one value that stands for such a list.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.data {
            Data::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    /// Where it begins: the place to point at for what is missing in it.
    #[must_use]
    pub fn start(&self) -> Span {
        Span { start: self.at.start, end: self.at.start.saturating_add(1) }
    }

    /// The same value at another place; its parts stay where they are.
    #[must_use]
    pub fn placed(self, at: Span) -> Self {
        Self { at, ..self }
    }

    /// How many values it is made of, and how long their texts are: the work of a copy.
    #[must_use]
    pub fn size(&self) -> usize {
        match &self.data {
            Data::Text(text) => 1 + text.size(),
            Data::List(items) => 1 + items.iter().map(Self::size).sum::<usize>(),
            Data::Object(entries) => 1 + entries.iter().map(|entry| 1 + entry.value.size()).sum::<usize>(),
            Data::Null | Data::Bool(_) | Data::Number(_) | Data::Unknown(_) => 1,
        }
    }

    /// Whether collections lie in it deeper than this.
    #[must_use]
    pub fn is_deeper_than(&self, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return true };
        match &self.data {
            Data::List(items) => items.iter().any(|item| item.is_deeper_than(depth)),
            Data::Object(entries) => entries.iter().any(|entry| entry.value.is_deeper_than(depth)),
            Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) | Data::Unknown(_) => false,
        }
    }

    /// The same as JSON; `None` when a part of it cannot be known.
    #[must_use]
    pub fn to_json(&self) -> Option<serde_json::Value> {
        use serde_json::Value as Json;
        Some(match &self.data {
            Data::Null => Json::Null,
            Data::Bool(value) => Json::Bool(*value),
            Data::Number(number) => serde_json::from_str(number).ok()?,
            Data::Text(text) => Json::String(text.as_str()?.to_owned()),
            Data::List(items) => items.iter().map(Self::to_json).collect::<Option<_>>()?,
            Data::Object(entries) => {
                let pair = |entry: &Entry| Some((entry.name()?.to_owned(), entry.value.to_json()?));
                Json::Object(entries.iter().map(pair).collect::<Option<_>>()?)
            }
            Data::Unknown(_) => return None,
        })
    }

    /// A JSON value, every part of it at the place that `place` gives it.
    #[must_use]
    pub fn of_json(json: &serde_json::Value, place: &dyn Fn(&str) -> Span) -> Self {
        use serde_json::Value as Json;
        let here = place("");
        match json {
            Json::Null => Self::new(here, Data::Null),
            Json::Bool(value) => Self::new(here, Data::Bool(*value)),
            Json::Number(number) => Self::new(here, Data::Number(number.to_string())),
            Json::String(text) => Self::of_text(place(text), text),
            Json::Array(items) => {
                Self::new(here, Data::List(items.iter().map(|item| Self::of_json(item, place)).collect()))
            }
            Json::Object(members) => {
                let entry = |(key, value): (&String, &Json)| {
                    Entry::new(key.as_str(), place(key), Self::of_json(value, place))
                };
                Self::new(here, Data::Object(members.iter().map(entry).collect()))
            }
        }
    }

    /// The value that a text of JSON stands for, each part of it where it is written.
    ///
    /// # Errors
    /// Where the text is not JSON, whatever its unknown pieces may be.
    pub fn decode(text: &Text) -> Result<Self, Problem> {
        json::read(text)
    }
}
