//! Parts that have names: members of objects, elements of lists that say what they are called, and statements,
//! which have a `Sid` or none.

use serde_json::Value;

use super::keys::{Key, Keys, sid};
use super::located::{Node, Part};
use super::said::{but_for, but_for_its_sid, said};
use super::shape::Shape;
use crate::hcl::Span;
use crate::merge::matching::{self, Pairing};
use crate::merge::meaning::{Meaning, name_other_accounts, natural};
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
        let named = natural(said.as_ref().map(Vec::as_slice).into_array());
        let (own, keys, same) = if let Some((own, [base, ours, theirs])) = named {
            let same = matching::by_key(&base, &ours, &theirs);
            (Some(own), Sides { base, ours, theirs }, same)
        } else {
            let same = matching::by_order(&said.base, &said.ours, &said.theirs).unwrap_or_default();
            (None, Sides::default(), same)
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
        let is_one = match self.known {
            // In a policy, another key is another rule.
            Known::Members => self.shape == Shape::Plain,
            Known::Elements(own) => own.is_some(),
            Known::Statements => match self.sid(side, at) {
                Some(sid) => self.keys().pick(side)[at] == format!("{:?}", Key::Sid(sid.to_owned())),
                None => self.sid(Side::Base, base).is_some(),
            },
        };
        let name = |side, at| match self.known {
            Known::Statements => self.sid(side, at).unwrap_or_default(),
            _ => &self.keys().pick(side)[at],
        };
        is_one && !name_other_accounts(name(Side::Base, base), name(side, at))
    }

    fn is_near(&self, base: usize, side: Side, at: usize) -> bool {
        let (Some(was), Some(is)) = (self.said(Side::Base, base), self.said(side, at)) else { return false };
        match self.known {
            Known::Members => was.resembles_under_other_names(&is) && was.is_of_the_same(&is),
            Known::Elements(_) => false,
            Known::Statements => was.is_mostly(&is) && is_about_the_same(&was, &is),
        }
    }

    fn lack_names(&self, at: Sides<usize>) -> bool {
        let is_unnamed = |side| self.sid(side, at.pick(side)).is_none();
        self.known == Known::Statements && is_unnamed(Side::Ours) && is_unnamed(Side::Theirs)
    }

    fn unnamed(&self, base: usize, side: Side) -> Option<usize> {
        if self.known != Known::Statements || self.sid(Side::Base, base).is_some() {
            return None;
        }
        let keys = self.keys();
        let is_free = |of: Side, other: Side, at: usize| {
            self.sid(of, at).is_none() && !keys.pick(other).contains(&keys.pick(of)[at])
        };
        let changed = |of, other| (0..keys.pick(of).len()).filter(move |at| is_free(of, other, *at));
        let was = self.said(Side::Base, base)?;
        let at = nearest(&was, changed(side, Side::Base).map(|at| (at, self.said(side, at))))?;
        let is = self.said(side, at).filter(|is| was.resembles(is) && is_about_the_same(&was, is))?;
        let back = nearest(&is, changed(Side::Base, side).map(|at| (at, self.said(Side::Base, at))));
        (back == Some(base)).then_some(at)
    }
}

/// Whether two statements differ in nothing but what they allow or deny, and under which conditions. One about
/// something else, or somebody else, may be a copy.
fn is_about_the_same(one: &Meaning, other: &Meaning) -> bool {
    let rest = |said: &Meaning| {
        ["Action", "NotAction", "Condition"].into_iter().fold(said.clone(), |said, key| but_for(key, said))
    };
    rest(one) == rest(other)
}

/// Which of these is nearest to what is said, if it is one alone.
fn nearest(said: &Meaning, all: impl Iterator<Item = (usize, Option<Meaning>)>) -> Option<usize> {
    let mut distances: Vec<_> = all.filter_map(|(at, other)| Some((said.distance(&other?), at))).collect();
    distances.sort_unstable();
    let &(distance, at) = distances.first()?;
    distances.get(1).is_none_or(|next| next.0 > distance).then_some(at)
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
