//! JSON that is read with its places, so that what has not changed can be written as it was.

use serde_json::Value;

use crate::hcl::Span;
use crate::value;

/// So many digits are one number in a float of 64 bits, and more may not be.
const MOST_DIGITS: usize = 15;

/// A text, what it says, and where.
pub(super) struct Document<'t> {
    pub(super) text: &'t str,
    pub(super) value: Value,
    places: value::Value,
}

/// A part of a document.
#[derive(Clone, Copy)]
pub(super) struct Node<'d> {
    text: &'d str,
    pub(super) value: &'d Value,
    places: &'d value::Value,
}

/// A part of an object or a list, from its key on.
#[derive(Clone, Copy)]
pub(super) struct Part<'d> {
    pub(super) key: Option<&'d str>,
    /// The key as it is written; nothing in a list.
    pub(super) key_span: Span,
    pub(super) span: Span,
    pub(super) node: Node<'d>,
}

impl<'t> Document<'t> {
    /// Reads a text. None where it does not parse, repeats a key, or holds what cannot be compared: a
    /// number of more digits than are kept, or half a surrogate pair.
    pub(super) fn read(text: &'t str) -> Option<Self> {
        let places = value::parse(text, 0).ok()?;
        if !is_comparable(&places, text) {
            return None;
        }
        Some(Self { text, value: places.to_json()?, places })
    }

    /// All of it.
    pub(super) fn root(&self) -> Node<'_> {
        Node { text: self.text, value: &self.value, places: &self.places }
    }
}

impl<'d> Node<'d> {
    /// Where it stands.
    pub(super) fn span(self) -> Span {
        span(self.places.at.start, self.places.at.end)
    }

    /// The text of a span.
    pub(super) fn slice(self, span: Span) -> &'d str {
        &self.text[span]
    }

    /// The members of an object, or the elements of a list.
    pub(super) fn parts(self) -> Vec<Part<'d>> {
        let of = |places, value| Node { value, places, ..self };
        match self.value {
            Value::Object(object) => {
                let entries = self.places.entries().iter().zip(object);
                entries
                    .map(|(entry, (key, value))| Part {
                        key: Some(key),
                        key_span: span(entry.key_at.start, entry.key_at.end),
                        span: span(entry.key_at.start, entry.value.at.end),
                        node: of(&entry.value, value),
                    })
                    .collect()
            }
            Value::Array(items) => {
                let elements = self.places.items().iter().zip(items).map(|(places, value)| of(places, value));
                elements.map(Node::whole).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The node as a part that has no key.
    pub(super) fn whole(self) -> Part<'d> {
        let span = self.span();
        Part { key: None, key_span: Span::empty(span.start), span, node: self }
    }

    /// The member of an object.
    pub(super) fn member(self, key: &str) -> Option<Part<'d>> {
        self.parts().into_iter().find(|part| part.key == Some(key))
    }
}

fn span(start: u32, end: u32) -> Span {
    Span { start: start as usize, end: end as usize }
}

/// Whether two values are equal only if they were written to be.
fn is_comparable(value: &value::Value, text: &str) -> bool {
    match &value.data {
        value::Data::Number(number) => is_exact(number),
        value::Data::Text(known) => is_whole(known.as_str(), &text[span(value.at.start, value.at.end)]),
        value::Data::List(items) => items.iter().all(|item| is_comparable(item, text)),
        value::Data::Object(entries) => entries.iter().all(|entry| {
            let key = &text[span(entry.key_at.start, entry.key_at.end)];
            is_whole(entry.name(), key) && is_comparable(&entry.value, text)
        }),
        _ => true,
    }
}

/// Whether a string holds no replacement for what is not a character.
fn is_whole(value: Option<&str>, written: &str) -> bool {
    const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;
    value.is_some_and(|value| !value.contains(REPLACEMENT)) || written.contains(REPLACEMENT)
}

/// Whether no other number reads the same.
fn is_exact(number: &str) -> bool {
    match serde_json::from_str::<Value>(number) {
        Ok(value) if value.is_f64() => {
            let (mantissa, _) = number.split_once(['e', 'E']).unwrap_or((number, ""));
            let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
            let digits = digits.trim_start_matches('0');
            let is_zero = value.as_f64() == Some(0.0);
            digits.len() <= MOST_DIGITS && is_zero == digits.is_empty()
        }
        Ok(_) => true,
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_compared_is_read() {
        let text = r#"{"b": [1, -2, 1.50, "x\u0041", null, true], "a": {}}"#;
        let document = Document::read(text).expect("JSON");
        assert_eq!(document.value.to_string(), r#"{"b":[1,-2,1.5,"xA",null,true],"a":{}}"#);
        let parts = document.root().parts();
        assert_eq!(parts[1].node.slice(parts[1].span), r#""a": {}"#);
        let inner = parts[0].node.parts();
        assert_eq!(inner[2].node.slice(inner[2].span), "1.50");
        let deep = "[".repeat(100_000);
        let many = "1234567890.1234567890";
        for text in ["", "{", "{} {}", r#"{"a":1,"a":1}"#, "1e-999", "1e999", many, r#""\ud800""#, &deep] {
            assert!(Document::read(text).is_none(), "{text:.40}");
        }
    }
}
