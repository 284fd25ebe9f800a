//! Parts that have names: members of objects, elements of lists that say what they are called, and statements,
//! which have a `Sid` or none.

use serde_json::Value;

use super::keys::{Key, Keys, sid};
use super::located::{Node, Part};
use super::said::{but_for, but_for_its_sid, said};
use super::shape::Shape;
use crate::hcl::Span;
use crate::merge::matching::{self, Pairing};
use crate::merge::meaning::{Meaning, natural};
use crate::merge::renames::{Parts, Rename};
use crate::sides::{Side, Sides};

/// What stands in the place of a span of text.
pub(super) type TextEdit = (Span, String);

/// By what parts are known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    /// Their keys.
    Members,
    /// A member that all of them have, or nothing.
    Elements(Option<&'static str>),
    /// Their `Sid`.
    Statements,
}

/// The parts of one object or list on three sides, and which are the same by their names.
pub(super) struct Level<'d> {
    shape: Shape,
    known: Known,
    parts: Sides<Vec<Part<'d>>>,
    keys: Sides<Vec<String>>,
    same: Vec<Pairing>,
}

impl<'d> Level<'d> {
    /// What is in three values; `None` where they are not of one kind.
    pub(super) fn new(shape: Shape, nodes: Sides<Node<'d>>) -> Option<Self> {
        let values = nodes.map(|node| node.value);
        let is_all = |is_kind: fn(&Value) -> bool| values.into_array().into_iter().all(is_kind);
        match shape {
            Shape::Statements => Some(Self::from_statements(nodes)),
            Shape::Plain if is_all(Value::is_array) => Some(Self::from_elements(nodes)),
            Shape::Plain | Shape::Policy if is_all(Value::is_object) => {
                let parts = nodes.map(Node::parts);
                let keys = parts.as_ref().map(|parts| {
                    parts.iter().filter_map(|part| part.key.map(str::to_owned)).collect::<Vec<_>>()
                });
                let same = matching::by_key(&keys.base, &keys.ours, &keys.theirs);
                Some(Self { shape, known: Known::Members, parts, keys, same })
            }
            _ => None,
        }
    }

    fn from_elements(nodes: Sides<Node<'d>>) -> Self {
        let parts = nodes.map(Node::parts);
        let said = parts.as_ref().map(|parts| {
            parts.iter().map(|part| said(Shape::Plain, part.node.value)).collect::<Vec<Meaning>>()
        });
        let (own, keys, same) = match natural(said.as_ref().map(Vec::as_slice).into_array()) {
            Some((own, [base, ours, theirs])) => {
                let same = matching::by_key(&base, &ours, &theirs);
                (Some(own), Sides { base, ours, theirs }, same)
            }
            None => {
                let same = matching::by_order(&said.base, &said.ours, &said.theirs).unwrap_or_default();
                (None, Sides::default(), same)
            }
        };
        Self { shape: Shape::Plain, known: Known::Elements(own), parts, keys, same }
    }

    fn from_statements(nodes: Sides<Node<'d>>) -> Self {
        let known = Keys::new(nodes.map(|node| node.value).into_array());
        let keys = nodes.map(|node| known.of(node.value).iter().map(|(key, _)| format!("{key:?}")).collect());
        let parts = nodes.map(|node| match node.value {
            Value::Array(_) => node.parts(),
            _ => vec![node.whole()],
        });
        Self { shape: Shape::Statement, known: Known::Statements, parts, keys, same: Vec::new() }
    }

    /// What the parts of each side are known by.
    pub(super) fn keys(&self) -> Sides<&[String]> {
        self.keys.as_ref().map(Vec::as_slice)
    }

    /// What is in parts that are the same, by name or in spite of it, where both sides have changed it.
    pub(super) fn inner(&self, renamed: &[Rename]) -> Vec<(Shape, Sides<Node<'d>>)> {
        let same = self.same.iter().filter_map(|one| one.all());
        let all = same.chain(renamed.iter().map(|rename| rename.at));
        let parts = all.map(|at| self.parts.as_ref().zip(at).map(|(parts, at)| parts[at]));
        let changed = parts.filter(|parts| parts.map(|part| part.node.value).trivial().is_none());
        let inner = changed.map(|parts| {
            let shape = parts.base.key.map_or(self.shape, |key| self.shape.member(key));
            (shape, parts.map(|part| part.node))
        });
        inner.collect()
    }

    /// The edit that gives a part of one side its new name.
    pub(super) fn edit(&self, rename: Rename, of: Side) -> Option<TextEdit> {
        let (old, new) = (self.part(of, rename.at.pick(of)), self.part(rename.by, rename.at.pick(rename.by)));
        let member = |part: Part<'d>, own: &str| part.node.member(own).map(|own| own.node);
        match self.known {
            Known::Members => Some((old.key_span, new.node.slice(new.key_span).to_owned())),
            Known::Elements(own) => {
                let (old, new) = (member(old, own?)?, member(new, own?)?);
                Some((old.span(), new.slice(new.span()).to_owned()))
            }
            Known::Statements => sid_edit(old.node, new.node),
        }
    }

    fn part(&self, side: Side, at: usize) -> Part<'d> {
        self.parts.as_ref().pick(side)[at]
    }

    fn sid(&self, side: Side, at: usize) -> Option<&'d str> {
        sid(self.part(side, at).node.value)
    }

    /// What a statement says under whatever `Sid`.
    fn statements(&self, side: Side) -> Vec<Meaning> {
        let count = self.parts.as_ref().pick(side).len();
        (0..count).filter_map(|at| self.said(side, at)).collect()
    }
}

impl Parts for Level<'_> {
    fn said(&self, side: Side, at: usize) -> Option<Meaning> {
        let value = self.part(side, at).node.value;
        let said = match self.known {
            Known::Members | Known::Elements(None) => said(self.shape, value),
            Known::Elements(Some(own)) => but_for(own, said(self.shape, value)),
            Known::Statements => but_for_its_sid(value),
        };
        (!matches!(said, Meaning::Leaf(_))).then_some(said)
    }

    fn may_be(&self, base: usize, side: Side, at: usize) -> bool {
        match self.known {
            // In a policy, another key is another rule.
            Known::Members => self.shape == Shape::Plain,
            Known::Elements(own) => own.is_some(),
            Known::Statements => match self.sid(side, at) {
                Some(sid) => self.keys().pick(side)[at] == format!("{:?}", Key::Sid(sid.to_owned())),
                None => self.sid(Side::Base, base).is_some(),
            },
        }
    }

    fn is_near(&self, _base: usize, was: &Meaning, is: &Meaning) -> bool {
        let is_alike = match self.known {
            Known::Members => was.resembles(is),
            Known::Elements(_) | Known::Statements => was.is_mostly(is),
        };
        is_alike && was.is_of_the_same(is)
    }

    fn unnamed(&self, base: usize, side: Side) -> Option<usize> {
        if self.known != Known::Statements || self.sid(Side::Base, base).is_some() {
            return None;
        }
        let (before, after) = (self.statements(Side::Base), self.statements(side));
        let at = matching::aligned(&before, &after).into_iter().find(|(was, _)| *was == Some(base))?.1?;
        (self.sid(side, at).is_none() && before[base].is_mostly(&after[at])).then_some(at)
    }
}

/// The edit that gives a statement the `Sid` of another, or takes it from it.
fn sid_edit(statement: Node<'_>, like: Node<'_>) -> Option<TextEdit> {
    let parts = statement.parts();
    let at = parts.iter().position(|part| part.key == Some("Sid"));
    match (at, like.member("Sid")) {
        (Some(at), Some(new)) => Some((parts[at].node.span(), new.node.slice(new.node.span()).to_owned())),
        (None, Some(new)) => {
            let first = parts.first()?.span.start;
            let open = statement.slice(Span { start: statement.span().start + 1, end: first });
            Some((Span::empty(first), format!("{},{open}", like.slice(new.span))))
        }
        (Some(at), None) => {
            let gone = match (parts.get(at + 1), at.checked_sub(1)) {
                (Some(next), _) => Span { start: parts[at].span.start, end: next.span.start },
                (None, Some(before)) => Span { start: parts[before].span.end, end: parts[at].span.end },
                (None, None) => return None,
            };
            Some((gone, String::new()))
        }
        (None, None) => None,
    }
}
