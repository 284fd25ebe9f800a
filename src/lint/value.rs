//! Values with places, whatever language they stand in: JSON, HCL or YAML.

use crate::diagnostic::Span;

/// A value and its place.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub(super) at: Span,
    pub(super) data: Data,
}

/// What a value holds, as far as it can be known without running anything.
#[derive(Debug, Clone)]
pub(super) enum Data {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Value>),
    Object(Vec<Entry>),
    /// An expression whose value only a run would show.
    Unknown,
}

/// A key, its place, and its value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_at: Span,
    pub(super) value: Value,
}

impl Value {
    pub(super) fn new(at: Span, data: Data) -> Self {
        Self { at, data }
    }

    /// A value that only a run would show.
    pub(super) fn unknown(at: Span) -> Self {
        Self::new(at, Data::Unknown)
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// `true` and `"true"` alike: policies and Terraform take both.
    pub(super) fn is_true(&self) -> bool {
        match &self.data {
            Data::Bool(value) => *value,
            Data::Text(text) => text == "true",
            _ => false,
        }
    }

    pub(super) fn is_known(&self) -> bool {
        !matches!(self.data, Data::Unknown)
    }

    /// The entries of an object; none of anything else.
    pub(super) fn entries(&self) -> &[Entry] {
        match &self.data {
            Data::Object(entries) => entries,
            _ => &[],
        }
    }

    pub(super) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The items of a list, or the one value that stands for such a list.
    pub(super) fn items(&self) -> &[Self] {
        match &self.data {
            Data::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    /// Where it begins: the place to point at for what is missing in it.
    pub(super) fn start(&self) -> Span {
        Span { start: self.at.start, end: self.at.start.saturating_add(1) }
    }

    /// The same value with every place moved.
    pub(super) fn moved(self, to: &dyn Fn(u32) -> u32) -> Self {
        let span = |at: Span| Span { start: to(at.start), end: to(at.end) };
        let data = match self.data {
            Data::List(items) => Data::List(items.into_iter().map(|item| item.moved(to)).collect()),
            Data::Object(entries) => Data::Object(
                entries
                    .into_iter()
                    .map(|Entry { key, key_at, value }| Entry {
                        key,
                        key_at: span(key_at),
                        value: value.moved(to),
                    })
                    .collect(),
            ),
            scalar => scalar,
        };
        Self { at: span(self.at), data }
    }

    /// The same as JSON; `None` when a part of it cannot be known.
    pub(super) fn to_json(&self) -> Option<serde_json::Value> {
        use serde_json::Value as Json;
        Some(match &self.data {
            Data::Null => Json::Null,
            Data::Bool(value) => Json::Bool(*value),
            Data::Number(number) => serde_json::from_str(number).unwrap_or(Json::Null),
            Data::Text(text) => Json::String(text.clone()),
            Data::List(items) => items.iter().map(Self::to_json).collect::<Option<_>>()?,
            Data::Object(entries) => {
                let pair = |entry: &Entry| Some((entry.key.clone(), entry.value.to_json()?));
                Json::Object(entries.iter().map(pair).collect::<Option<_>>()?)
            }
            Data::Unknown => return None,
        })
    }

    /// A JSON value, every part of it at the place that `place` gives it.
    pub(super) fn placed(json: &serde_json::Value, place: &dyn Fn(&str) -> Span) -> Self {
        use serde_json::Value as Json;
        let here = place("");
        match json {
            Json::Null => Self::new(here, Data::Null),
            Json::Bool(value) => Self::new(here, Data::Bool(*value)),
            Json::Number(number) => Self::new(here, Data::Number(number.to_string())),
            Json::String(text) => Self::new(place(text), Data::Text(text.clone())),
            Json::Array(items) => {
                Self::new(here, Data::List(items.iter().map(|item| Self::placed(item, place)).collect()))
            }
            Json::Object(members) => {
                let entry = |(key, value): (&String, &Json)| Entry {
                    key: key.clone(),
                    key_at: place(key),
                    value: Self::placed(value, place),
                };
                Self::new(here, Data::Object(members.iter().map(entry).collect()))
            }
        }
    }
}
