//! The items of a body, and which items of the three sides are the same.

use std::collections::BTreeMap;

use super::address;
use super::expression::Trio;
use super::matching::{self, Pairing};
use super::parsed::Parsed;
use super::semantics::{Meaning, natural_keys};
use crate::hcl::{Attribute, Block, Body, Item, Span, TokenKind};

/// A item of a body.
pub(super) struct MergeItem<'m> {
    /// What it is matched by.
    pub(super) key: String,
    pub(super) kind: ItemKind<'m>,
    /// Its lines, with the comments directly above.
    pub(super) span: Span,
}

/// What a item is.
#[derive(Clone, Copy)]
pub(super) enum ItemKind<'m> {
    Attribute(&'m Attribute),
    Block(&'m Block),
    /// Comment lines that stand for themselves.
    Comment,
}

impl MergeItem<'_> {
    /// Its lines without the comments above.
    pub(super) fn own_lines(&self) -> Span {
        match self.kind {
            ItemKind::Attribute(attribute) => Span::from(attribute.leading.end..attribute.span.end),
            ItemKind::Block(block) => Span::from(block.leading.end..block.span.end),
            ItemKind::Comment => self.span,
        }
    }

    fn is_comment(&self) -> bool {
        matches!(self.kind, ItemKind::Comment)
    }
}

/// The items of a body in order.
pub(super) fn items<'m>(side: &Parsed<'_>, body: &'m Body) -> Vec<MergeItem<'m>> {
    let mut found = Vec::new();
    for item in &body.items {
        match item {
            Item::Attribute(attribute) => found.push(MergeItem {
                key: address::attribute_key(&attribute.name),
                kind: ItemKind::Attribute(attribute),
                span: attribute.span,
            }),
            Item::Block(block) => found.push(MergeItem {
                key: address::block_key(&side.document, block),
                kind: ItemKind::Block(block),
                span: block.span,
            }),
            Item::Loose(span) => found.extend(paragraphs(side, *span).into_iter().map(|span| MergeItem {
                key: format!("#{}", trimmed_lines(side.slice(span))),
                kind: ItemKind::Comment,
                span,
            })),
        }
    }
    found
}

/// Comment lines with nothing between them.
fn paragraphs(side: &Parsed<'_>, span: Span) -> Vec<Span> {
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

/// The items of three sides, by what belongs together.
pub(super) struct Matched {
    pub(super) pairings: Vec<Pairing>,
    /// Parts of one address that cannot be told apart, by their indices on each side.
    pub(super) unclear: Vec<[Vec<usize>; 3]>,
}

/// Matches the items of a body on three sides.
pub(super) fn matched(trio: Trio<'_, '_>, sides: [&[MergeItem<'_>]; 3]) -> Matched {
    let mut groups: BTreeMap<&str, [Vec<usize>; 3]> = BTreeMap::new();
    for (number, items) in sides.iter().enumerate() {
        for (index, item) in items.iter().enumerate() {
            groups.entry(&item.key).or_default()[number].push(index);
        }
    }
    let mut matched = Matched { pairings: Vec::new(), unclear: Vec::new() };
    for group in groups.into_values() {
        match told_apart(trio, sides, &group) {
            Some(pairings) => matched.pairings.extend(pairings),
            None => matched.unclear.push(group),
        }
    }
    matched
}

/// The pairings of items with equal keys.
fn told_apart(
    trio: Trio<'_, '_>,
    sides: [&[MergeItem<'_>]; 3],
    group: &[Vec<usize>; 3],
) -> Option<Vec<Pairing>> {
    let [base, ours, theirs] = group;
    let is_single = group.iter().all(|indices| indices.len() <= 1);
    let is_comment = [(0, base), (1, ours), (2, theirs)]
        .iter()
        .any(|(side, indices)| indices.first().is_some_and(|&index| sides[*side][index].is_comment()));
    if is_single || is_comment {
        let longest = base.len().max(ours.len()).max(theirs.len());
        let of = |indices: &[usize], at: usize| indices.get(at).copied();
        let pairing = |at| Pairing { base: of(base, at), ours: of(ours, at), theirs: of(theirs, at) };
        return Some((0..longest).map(pairing).collect());
    }
    let meanings = |side: &Parsed<'_>, items: &[MergeItem<'_>], indices: &[usize]| -> Vec<Meaning> {
        indices.iter().filter_map(|&index| meaning(side, &items[index])).map(Meaning::sorted).collect()
    };
    let b = meanings(trio.base, sides[0], base);
    let o = meanings(trio.ours, sides[1], ours);
    let t = meanings(trio.theirs, sides[2], theirs);
    let pairings = match natural_keys([&b, &o, &t]) {
        Some([b, o, t]) => matching::by_key(&b, &o, &t),
        None => matching::by_order(&b, &o, &t)?,
    };
    let of = |indices: &[usize], at: Option<usize>| at.map(|at| indices[at]);
    let pairings = pairings.into_iter();
    Some(
        pairings
            .map(|one| Pairing {
                base: of(base, one.base),
                ours: of(ours, one.ours),
                theirs: of(theirs, one.theirs),
            })
            .collect(),
    )
}

/// What a item says; a comment says nothing.
pub(super) fn meaning(side: &Parsed<'_>, item: &MergeItem<'_>) -> Option<Meaning> {
    match item.kind {
        ItemKind::Attribute(attribute) => Some(Meaning::from_expression(side, attribute.expression)),
        ItemKind::Block(block) => Some(Meaning::from_body(side, &block.body)),
        ItemKind::Comment => None,
    }
}
