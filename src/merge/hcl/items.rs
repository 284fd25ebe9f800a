//! The items of a body, and which items of the three sides are the same.

use std::collections::BTreeMap;

use super::address;
use super::parsed::Parsed;
use crate::hcl::{Attribute, Block, Body, Item, Span, TokenKind};
use crate::merge::matching::{self, Pairing};
use crate::merge::meaning::{Meaning, attribute_key, natural_keys};
use crate::sides::{Side, Sides};

/// An item of a body.
pub(super) struct MergeItem<'m> {
    /// What it is matched by.
    pub(super) key: String,
    pub(super) kind: ItemKind<'m>,
    /// Its lines, with the comments directly above.
    pub(super) span: Span,
}

/// What an item is.
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
                key: attribute_key(&attribute.name),
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
    /// Items of one address that cannot be told apart, by their indices on each side.
    pub(super) unclear: Vec<Sides<Vec<usize>>>,
}

/// Matches the items of a body on three sides.
pub(super) fn matched(sides: Sides<&Parsed<'_>>, all: Sides<&[MergeItem<'_>]>) -> Matched {
    let mut matched = Matched { pairings: Vec::new(), unclear: Vec::new() };
    for group in groups(all) {
        match told_apart(sides, all, group.as_ref().map(Vec::as_slice)) {
            Some(pairings) => matched.pairings.extend(pairings),
            None => matched.unclear.push(group),
        }
    }
    matched
}

/// The items of each key, by their indices on each side.
pub(super) fn groups(all: Sides<&[MergeItem<'_>]>) -> impl Iterator<Item = Sides<Vec<usize>>> {
    let mut groups: BTreeMap<&str, Sides<Vec<usize>>> = BTreeMap::new();
    for (items, side) in all.zip(Side::ALL).into_array() {
        for (index, item) in items.iter().enumerate() {
            groups.entry(&item.key).or_default().pick_mut(side).push(index);
        }
    }
    groups.into_values()
}

/// The pairings of items with equal keys.
pub(super) fn told_apart(
    sides: Sides<&Parsed<'_>>,
    all: Sides<&[MergeItem<'_>]>,
    group: Sides<&[usize]>,
) -> Option<Vec<Pairing>> {
    let items = all.zip(group);
    let most = group.map(<[usize]>::len).into_array().into_iter().max().unwrap_or_default();
    let mut firsts = items.into_array().into_iter().filter_map(|(all, indices)| all.get(*indices.first()?));
    if most <= 1 || firsts.any(MergeItem::is_comment) {
        return Some((0..most).map(|at| group.map(|indices| indices.get(at).copied())).collect());
    }
    let meanings = |(side, (all, indices)): (&Parsed<'_>, (&[MergeItem<'_>], &[usize]))| -> Vec<Meaning> {
        indices.iter().filter_map(|&index| meaning(side, &all[index])).map(Meaning::sorted).collect()
    };
    let [base, ours, theirs] = sides.zip(items).map(meanings).into_array();
    let pairings = match natural_keys([&base, &ours, &theirs]) {
        Some([base, ours, theirs]) => matching::by_key(&base, &ours, &theirs),
        None => matching::by_order(&base, &ours, &theirs)
            .or_else(|| matching::whatever_the_order(&base, &ours, &theirs))?,
    };
    let in_body = |one: Pairing| one.zip(group).map(|(at, indices)| at.map(|at| indices[at]));
    Some(pairings.into_iter().map(in_body).collect())
}

/// What an item says; a comment says nothing.
pub(super) fn meaning(side: &Parsed<'_>, item: &MergeItem<'_>) -> Option<Meaning> {
    match item.kind {
        ItemKind::Attribute(attribute) => Some(Meaning::from_expression(side, attribute.expression)),
        ItemKind::Block(block) => Some(Meaning::from_body(side, &block.body)),
        ItemKind::Comment => None,
    }
}
