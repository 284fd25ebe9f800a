//! Writing a document into a person's text: what has not changed stays as it is written there, and what
//! comes from the other side as it is written there.

use serde::Serialize;
use serde_json::Value;

use super::located::{Document, Node, Part};
use crate::hcl::Span;
use crate::merge::matching;
use crate::policy::canonical_text;
use crate::sides::Sides;

/// What tells one object of a list from the others, the best first.
const NAMES: [&str; 8] = ["Sid", "sid", "id", "Id", "name", "Name", "key", "Key"];

/// How a document is written.
pub(super) struct Form<'d> {
    sides: Sides<&'d Document<'d>>,
    is_canonical: bool,
    /// What one level is indented by; None for a text on one line.
    indent: Option<String>,
    ending: &'static str,
}

/// An element of ours in the result, or a new one.
enum Piece {
    Kept(usize, String),
    New(String),
}

/// Whether a text is as we would write it.
pub(super) fn is_canonical(document: &Document<'_>) -> bool {
    let text = document.text;
    text.ends_with('\n') && canonical_text(&document.value).lines().eq(text.lines())
}

impl<'d> Form<'d> {
    /// The form of our text, which is as we would write it, or would be but for a name.
    pub(super) fn new(sides: Sides<&'d Document<'d>>, is_canonical: bool) -> Self {
        let text = sides.ours.text;
        let blanks = |line: &str| line[..line.len() - line.trim_start().len()].to_owned();
        let indent = text.lines().skip(1).map(blanks).find(|blanks| !blanks.is_empty());
        let is_one_line = text.trim_end().lines().count() <= 1;
        let indent = indent.or_else(|| (!is_one_line).then(String::new));
        Self { sides, is_canonical, indent, ending: if text.contains("\r\n") { "\r\n" } else { "\n" } }
    }

    /// Whether our text is as we would write it.
    pub(super) fn is_canonical(&self) -> bool {
        self.is_canonical
    }

    /// A document in our text.
    pub(super) fn text(&self, document: &Value) -> String {
        if self.is_canonical {
            return canonical_text(document).replace('\n', self.ending);
        }
        let (ours, theirs) = (self.sides.ours.root(), self.sides.theirs.root());
        let (text, span) = (self.sides.ours.text, ours.span());
        let value = self.value(ours, Some(theirs), document);
        format!("{}{value}{}", &text[..span.start], &text[span.end..])
    }

    /// A value where ours has one.
    fn value(&self, ours: Node<'_>, theirs: Option<Node<'_>>, value: &Value) -> String {
        if ours.value == value {
            return ours.slice(ours.span()).to_owned();
        }
        match (ours.value, value) {
            (Value::Object(known), Value::Object(object)) if !known.is_empty() && !object.is_empty() => {
                let parts = ours.parts();
                let member = |(key, value): (&String, &Value)| {
                    let their = theirs.and_then(|theirs| theirs.member(key));
                    match parts.iter().position(|part| part.key == Some(key)) {
                        Some(at) => Piece::Kept(at, self.part(parts[at], their, value)),
                        None => Piece::New(self.new_member(ours, their, key, value)),
                    }
                };
                joined(ours, &parts, object.iter().map(member).collect())
            }
            (Value::Array(known), Value::Array(items)) if !known.is_empty() && !items.is_empty() => {
                let parts = ours.parts();
                let others = theirs.map_or(Vec::new(), Node::parts);
                let there = theirs.and_then(|theirs| theirs.value.as_array()).map_or(&[][..], Vec::as_slice);
                let places = aligned(known, items).into_iter().zip(aligned(there, items));
                let element = |(value, (here, there)): (&Value, (Option<usize>, Option<usize>))| {
                    let their = there.map(|at| others[at].node);
                    match here {
                        Some(at) => Piece::Kept(at, self.value(parts[at].node, their, value)),
                        None => Piece::New(self.new_value(ours, their, value)),
                    }
                };
                joined(ours, &parts, items.iter().zip(places).map(element).collect())
            }
            _ => self.new_value(ours, theirs, value),
        }
    }

    /// A member that ours has.
    fn part(&self, ours: Part<'_>, theirs: Option<Part<'_>>, value: &Value) -> String {
        let key = Span { start: ours.span.start, end: ours.node.span().start };
        format!("{}{}", ours.node.slice(key), self.value(ours.node, theirs.map(|part| part.node), value))
    }

    /// A member that ours has not.
    fn new_member(&self, ours: Node<'_>, theirs: Option<Part<'_>>, key: &str, value: &Value) -> String {
        let key = match theirs {
            Some(part) => part.node.slice(Span { start: part.span.start, end: part.node.span().start }),
            None => &format!("{}: ", Value::from(key)),
        };
        format!("{key}{}", self.new_value(ours, theirs.map(|part| part.node), value))
    }

    /// A value as theirs writes it, or in our form, to stand in this part of ours.
    fn new_value(&self, ours: Node<'_>, theirs: Option<Node<'_>>, value: &Value) -> String {
        let line = ours.parts().first().map_or(ours.span().start, |part| part.span.start);
        let to = indentation(self.sides.ours.text, line);
        let (text, from) = match (theirs.filter(|theirs| theirs.value == value), &self.indent) {
            (Some(theirs), _) => {
                let text = theirs.slice(theirs.span()).to_owned();
                (text, indentation(self.sides.theirs.text, theirs.span().start))
            }
            (None, Some(indent)) => (indented(value, indent), ""),
            (None, None) => (value.to_string(), ""),
        };
        let mut lines = text.lines();
        let mut fitted = lines.next().unwrap_or_default().to_owned();
        for line in lines {
            fitted.push_str(self.ending);
            fitted.push_str(to);
            fitted.push_str(line.strip_prefix(from).unwrap_or_else(|| line.trim_start()));
        }
        fitted
    }
}

/// Pieces between the brackets of ours, with what ours has between its own.
fn joined(ours: Node<'_>, parts: &[Part<'_>], pieces: Vec<Piece>) -> String {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return String::new() };
    let between = |at: usize| ours.slice(Span { start: parts[at - 1].span.end, end: parts[at].span.start });
    let open = ours.slice(Span { start: ours.span().start, end: first.span.start });
    let usual = match parts {
        [_, _, ..] => between(1).to_owned(),
        _ if open.contains('\n') => format!(",{}", &open[1..]),
        _ => ", ".to_owned(),
    };
    let mut text = open.to_owned();
    for (index, piece) in pieces.into_iter().enumerate() {
        let (separator, piece) = match piece {
            Piece::Kept(at, piece) if at > 0 => (between(at), piece),
            Piece::Kept(_, piece) | Piece::New(piece) => (&*usual, piece),
        };
        if index > 0 {
            text.push_str(separator);
        }
        text.push_str(&piece);
    }
    text.push_str(ours.slice(Span { start: last.span.end, end: ours.span().end }));
    text
}

/// Which element of ours each element of a list was.
fn aligned(ours: &[Value], items: &[Value]) -> Vec<Option<usize>> {
    let words = |values: &[Value]| -> Vec<String> { values.iter().map(Value::to_string).collect() };
    let mut places = vec![None; items.len()];
    let (mut left, mut right) = (0, 0);
    let ends = std::iter::once((ours.len(), items.len()));
    for (our, item) in matching::common(&words(ours), &words(items)).into_iter().chain(ends) {
        let is_even = our - left == item - right;
        let mut free: Vec<usize> = (left..our).collect();
        for (number, at) in (right..item).enumerate() {
            let like = free.iter().position(|&one| is_like(&ours[one], &items[at]));
            let like = like.or_else(|| free.iter().position(|&one| is_even && one == left + number));
            places[at] = like.map(|like| free.remove(like));
        }
        if let Some(place) = places.get_mut(item) {
            *place = Some(our);
        }
        (left, right) = (our + 1, item + 1);
    }
    places
}

/// Whether two objects are the same one by what is its name.
fn is_like(left: &Value, right: &Value) -> bool {
    let name = |value: &Value| NAMES.iter().find_map(|name| value.get(name).cloned());
    name(left).is_some_and(|left| name(right) == Some(left))
}

fn indentation(text: &str, offset: usize) -> &str {
    let line = &text[text[..offset].rfind('\n').map_or(0, |at| at + 1)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

fn indented(document: &Value, indent: &str) -> String {
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(indent.as_bytes());
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    // Values have text keys, and memory takes what it is given: there is nothing that could fail.
    _ = document.serialize(&mut serializer);
    String::from_utf8(bytes).unwrap_or_default()
}
