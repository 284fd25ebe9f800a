//! The parts of a body, and which parts of the three sides are the same.

use super::address;
use super::meaning::{Meaning, natural_keys};
use super::pair::{self, Triple};
use super::side::Side;
use super::values::Trio;
use crate::hcl::{Attribute, Block, Body, Item};
use crate::hcl::{Span, TokenKind};
use std::collections::BTreeMap;

/// A part of a body.
pub(super) struct Part<'m> {
    /// What it is matched by.
    pub(super) key: String,
    pub(super) kind: Kind<'m>,
    /// Its lines, with the comments directly above.
    pub(super) span: Span,
}

/// What a part is.
#[derive(Clone, Copy)]
pub(super) enum Kind<'m> {
    Attribute(&'m Attribute),
    Block(&'m Block),
    /// Comment lines that stand for themselves.
    Comment,
}

impl Part<'_> {
    /// Its lines without the comments above.
    pub(super) fn own_lines(&self) -> Span {
        match self.kind {
            Kind::Attribute(attribute) => Span::from(attribute.leading.end..attribute.span.end),
            Kind::Block(block) => Span::from(block.leading.end..block.span.end),
            Kind::Comment => self.span,
        }
    }

    fn is_comment(&self) -> bool {
        matches!(self.kind, Kind::Comment)
    }
}

/// The parts of a body in order.
pub(super) fn parts<'m>(side: &Side<'_>, body: &'m Body) -> Vec<Part<'m>> {
    let mut found = Vec::new();
    for item in &body.items {
        match item {
            Item::Attribute(attribute) => found.push(Part {
                key: address::attribute_key(&attribute.name),
                kind: Kind::Attribute(attribute),
                span: attribute.span,
            }),
            Item::Block(block) => found.push(Part {
                key: address::block_key(&side.document, block),
                kind: Kind::Block(block),
                span: block.span,
            }),
            Item::Loose(span) => found.extend(paragraphs(side, *span).into_iter().map(|span| Part {
                key: format!("#{}", trimmed_lines(side.slice(span))),
                kind: Kind::Comment,
                span,
            })),
        }
    }
    found
}

/// Comment lines with nothing between them.
fn paragraphs(side: &Side<'_>, span: Span) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut open: Option<Span> = None;
    let mut is_line_start = true;
    for token in side.tokens(span) {
        if token.kind.is_comment() {
            let line = token.span().start - side.indentation(token.span().start).len();
            let start = open.map_or(line.max(span.start), |open| open.start);
            open = Some(Span { start, end: token.span().end });
            is_line_start = token.kind == TokenKind::LineComment;
        } else if token.kind == TokenKind::Newline && !is_line_start {
            open = open.map(|open| Span { end: token.span().end, ..open });
            is_line_start = true;
        } else {
            found.extend(open.take());
        }
    }
    found.extend(open);
    found
}

/// A text without the blanks around its lines.
pub(super) fn trimmed_lines(text: &str) -> String {
    let lines: Vec<&str> = text.trim().lines().map(str::trim).collect();
    lines.join("\n")
}

/// The parts of three sides, by what belongs together.
pub(super) struct Matched {
    pub(super) triples: Vec<Triple>,
    /// Parts of one address that cannot be told apart, by their indices on each side.
    pub(super) unclear: Vec<[Vec<usize>; 3]>,
}

/// Matches the parts of a body on three sides.
pub(super) fn matched(trio: Trio<'_, '_>, sides: [&[Part<'_>]; 3]) -> Matched {
    let mut groups: BTreeMap<&str, [Vec<usize>; 3]> = BTreeMap::new();
    for (number, parts) in sides.iter().enumerate() {
        for (index, part) in parts.iter().enumerate() {
            groups.entry(&part.key).or_default()[number].push(index);
        }
    }
    let mut matched = Matched { triples: Vec::new(), unclear: Vec::new() };
    for group in groups.into_values() {
        match told_apart(trio, sides, &group) {
            Some(triples) => matched.triples.extend(triples),
            None => matched.unclear.push(group),
        }
    }
    matched
}

/// The triples of parts with equal keys.
fn told_apart(trio: Trio<'_, '_>, sides: [&[Part<'_>]; 3], group: &[Vec<usize>; 3]) -> Option<Vec<Triple>> {
    let [base, ours, theirs] = group;
    let is_single = group.iter().all(|indices| indices.len() <= 1);
    let is_comment = [(0, base), (1, ours), (2, theirs)]
        .iter()
        .any(|(side, indices)| indices.first().is_some_and(|&index| sides[*side][index].is_comment()));
    if is_single || is_comment {
        let longest = base.len().max(ours.len()).max(theirs.len());
        let of = |indices: &[usize], at: usize| indices.get(at).copied();
        let triple = |at| Triple { base: of(base, at), ours: of(ours, at), theirs: of(theirs, at) };
        return Some((0..longest).map(triple).collect());
    }
    let meanings = |side: &Side<'_>, parts: &[Part<'_>], indices: &[usize]| -> Vec<Meaning> {
        indices.iter().filter_map(|&index| meaning(side, &parts[index])).map(Meaning::sorted).collect()
    };
    let b = meanings(trio.base, sides[0], base);
    let o = meanings(trio.ours, sides[1], ours);
    let t = meanings(trio.theirs, sides[2], theirs);
    let triples = match natural_keys([&b, &o, &t]) {
        Some([b, o, t]) => pair::by_key(&b, &o, &t),
        None => pair::by_order(&b, &o, &t)?,
    };
    let of = |indices: &[usize], at: Option<usize>| at.map(|at| indices[at]);
    let triples = triples.into_iter();
    Some(
        triples
            .map(|one| Triple {
                base: of(base, one.base),
                ours: of(ours, one.ours),
                theirs: of(theirs, one.theirs),
            })
            .collect(),
    )
}

/// What a part says; a comment says nothing.
pub(super) fn meaning(side: &Side<'_>, part: &Part<'_>) -> Option<Meaning> {
    match part.kind {
        Kind::Attribute(attribute) => Some(Meaning::of_value(side, attribute.expression)),
        Kind::Block(block) => Some(Meaning::of_body(side, &block.body)),
        Kind::Comment => None,
    }
}
