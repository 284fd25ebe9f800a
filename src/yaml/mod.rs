//! YAML as it stands in the file: a tree in which every key and value knows its place.
//!
//! Responsible for reading text into [`Node`]s, with YAML's own rules (anchors, merge keys, plain
//! and quoted scalars) and with limits that keep a hostile file from costing time or memory, and
//! for decoding nodes into types. Serves what people write: the spec and the manifest of a pack.
//! Refuses to know what any key means. `serde_yaml` is not used here: it forgets places, keeps the
//! last of two equal keys in silence, and expands aliases without a bound.

mod decode;
mod load;
mod record;

use std::borrow::Cow;
use std::sync::Arc;

use crate::diagnostic::Span;

pub(crate) use decode::{Decode, Decoder, View};
pub use decode::{Field, Located};
pub(crate) use load::{load, load_tagged};
pub(crate) use record::{key, record};

/// A value and its place. Children are shared, so that an alias costs a pointer.
#[derive(Debug, Clone)]
pub(crate) struct Node<'s> {
    pub(crate) at: Span,
    pub(crate) data: Data<'s>,
}

/// What a node holds.
#[derive(Debug, Clone)]
pub(crate) enum Data<'s> {
    Scalar(Scalar<'s>),
    Sequence(Arc<Vec<Node<'s>>>),
    Mapping(Arc<Vec<Entry<'s>>>),
}

/// A key, its place, and its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry<'s> {
    pub(crate) key: Cow<'s, str>,
    pub(crate) key_at: Span,
    pub(crate) value: Node<'s>,
}

/// The text of a scalar; `plain` when it was written without quotes and so may be no string at all.
#[derive(Debug, Clone)]
pub(crate) struct Scalar<'s> {
    pub(crate) text: Cow<'s, str>,
    pub(crate) plain: bool,
}

/// What a scalar means under YAML 1.2's core schema.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Meaning {
    Null,
    Bool(bool),
    Integer,
    Float,
    Text,
}

impl Scalar<'_> {
    pub(crate) fn meaning(&self) -> Meaning {
        if !self.plain {
            return Meaning::Text;
        }
        match &*self.text {
            "" | "~" | "null" | "Null" | "NULL" => Meaning::Null,
            "true" | "True" | "TRUE" => Meaning::Bool(true),
            "false" | "False" | "FALSE" => Meaning::Bool(false),
            text if is_integer(text) => Meaning::Integer,
            text if is_float(text) => Meaning::Float,
            _ => Meaning::Text,
        }
    }
}

fn is_integer(text: &str) -> bool {
    let all = |digits: &str, base| !digits.is_empty() && digits.chars().all(|c| c.is_digit(base));
    if let Some(octal) = text.strip_prefix("0o") {
        return all(octal, 8);
    }
    if let Some(hexadecimal) = text.strip_prefix("0x") {
        return all(hexadecimal, 16);
    }
    all(text.strip_prefix(['-', '+']).unwrap_or(text), 10)
}

fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && unsigned.contains(|c: char| c.is_ascii_digit())
        && unsigned.chars().all(|c| c.is_ascii_digit() || ".eE+-".contains(c))
        && unsigned.parse::<f64>().is_ok()
}

/// A number as JSON; one that JSON has no form for (hexadecimal, infinite, with leading zeros, a whole one
/// beyond 64 bits, which would be rounded) stays the text it was.
fn json_number(text: &str) -> serde_json::Value {
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    let is_whole = is_integer(text);
    let number = match serde_json::from_str::<serde_json::Number>(unsigned) {
        Ok(number) if is_whole && number.is_f64() => None,
        Ok(number) => Some(number),
        Err(_) if unsigned.contains('.') => unsigned.parse().ok().and_then(serde_json::Number::from_f64),
        Err(_) => None,
    };
    number.map_or_else(|| text.into(), serde_json::Value::Number)
}

impl Node<'_> {
    /// `null` in any of its spellings, or nothing at all.
    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.data, Data::Scalar(scalar) if scalar.meaning() == Meaning::Null)
    }

    /// The text of a plain scalar, as it is written.
    pub(crate) fn plain(&self) -> Option<&str> {
        match &self.data {
            Data::Scalar(scalar) if scalar.plain => Some(&scalar.text),
            _ => None,
        }
    }

    /// The items of a sequence; none of anything else.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.data {
            Data::Sequence(items) => items,
            Data::Scalar(_) | Data::Mapping(_) => &[],
        }
    }

    /// What it is, for a message: `a list`, `a number`.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.data {
            Data::Sequence(_) => "a list",
            Data::Mapping(_) => "a mapping",
            Data::Scalar(scalar) => match scalar.meaning() {
                Meaning::Null => "nothing",
                Meaning::Bool(_) => "a boolean",
                Meaning::Integer | Meaning::Float => "a number",
                Meaning::Text => "a text",
            },
        }
    }

    /// The same value as JSON, numbers and booleans as YAML's core schema reads them.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.data {
            Data::Sequence(items) => items.iter().map(Node::to_json).collect(),
            Data::Mapping(entries) => {
                let pair = |entry: &Entry| (entry.key.to_string(), entry.value.to_json());
                Value::Object(entries.iter().map(pair).collect())
            }
            Data::Scalar(scalar) => match scalar.meaning() {
                Meaning::Null => Value::Null,
                Meaning::Bool(value) => Value::Bool(value),
                Meaning::Integer | Meaning::Float => json_number(&scalar.text),
                Meaning::Text => Value::String(scalar.text.to_string()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::load;
    use crate::diagnostic::{Diagnostics, Source};

    /// Two independent readers must agree on what a text means.
    #[test]
    fn values_are_those_that_serde_yaml_reads() {
        let texts = [
            "a: 1\nb: -2\nc: +3\n",
            "a: 1.5\nb: 1e3\nc: .5\n",
            "a: true\nb: False\nc: yes\nd: no\ne: on\n",
            "a: null\nb: ~\nc:\nd: ''\n",
            "a: \"012345678901\"\nb: 012345678901\nc: 222222222222\n",
            "a: [1, two, {three: 3}]\n",
            "- a\n- - b\n  - c\n- {}\n- []\n",
            "a: |\n  text\n  more\nb: >-\n  folded\n  text\n",
            "a: 'it''s'\nb: \"\\u00e9\\n\"\n",
            "base: &base {x: 1}\nuse: *base\n",
            "a: !!str 12\nb: 2027-06-30\nc: 1:30\n",
            "# only\na: x # comment\n...\n",
            "a: 0x10\n",
        ];
        for text in texts {
            let source = Source::new("text", text);
            let mut found = Diagnostics::default();
            let ours = load(&source, &mut found).map(|node| node.to_json());
            let theirs: serde_json::Value = serde_yaml::from_str(text).expect(text);
            // Hexadecimal has no form in JSON, so ours stays the text it was.
            let theirs = if text.contains("0x10") { serde_json::json!({"a": "0x10"}) } else { theirs };
            assert_eq!(ours, Some(theirs), "{text:?}");
        }
    }
}
