//! Parts that have names: attributes and blocks, entries of objects, and what says itself what it is called, among
//! the blocks of one address and the elements of a list.

use super::container::{Container, ContainerKind, Element, container};
use super::edit::Edit;
use super::expression;
use super::items::{ItemKind, MergeItem, groups, items, meaning, told_apart};
use super::parsed::Parsed;
use crate::hcl::{Attribute, Block, Body, Span, TokenKind};
use crate::merge::matching::{self, Pairing};
use crate::merge::meaning::{Meaning, name_other_accounts, natural};
use crate::merge::renames::{Parts, Rename};
use crate::sides::{Side, Sides};

/// A part that has a name.
pub(super) struct Named<'m> {
    /// What it is known by.
    key: String,
    /// Where its name is written, in one piece or several.
    names: Vec<Span>,
    /// The attribute in it that is its name.
    own: Option<&'static str>,
    span: Span,
    pub(super) inside: Inside<'m>,
}

/// What has the name.
#[derive(Clone, Copy)]
pub(super) enum Inside<'m> {
    Block(&'m Block),
    Expression(Span),
}

/// The parts of one body or container on three sides, and which are the same by their names.
pub(super) struct Level<'m, 't> {
    sides: Sides<&'m Parsed<'t>>,
    parts: Sides<Vec<Named<'m>>>,
    same: Vec<Pairing>,
}

impl<'m, 't> Level<'m, 't> {
    /// What is in three bodies.
    pub(super) fn from_bodies(sides: Sides<&'m Parsed<'t>>, bodies: Sides<&'m Body>) -> Self {
        let all = sides.zip(bodies).map(|(side, body)| {
            let is_said = |item: &MergeItem<'_>| !matches!(item.kind, ItemKind::Comment);
            items(side, body).into_iter().filter(is_said).collect::<Vec<_>>()
        });
        let slices = all.as_ref().map(Vec::as_slice);
        let mut level = Self {
            sides,
            parts: sides
                .zip(slices)
                .map(|(side, items)| items.iter().map(|item| Named::from_item(side, item)).collect()),
            same: Vec::new(),
        };
        for group in groups(slices) {
            let most = group.as_ref().map(Vec::len).into_array().into_iter().max().unwrap_or_default();
            if most * most > matching::MOST_COMPARED {
                continue;
            }
            let indices = group.as_ref().map(Vec::as_slice);
            level.same.extend(told_apart(sides, slices, indices).unwrap_or_default());
            if most > 1 {
                let said = sides.zip(slices.zip(indices)).map(|(side, (items, group))| {
                    group.iter().filter_map(|at| meaning(side, &items[*at])).collect::<Vec<Meaning>>()
                });
                level.know_by_themselves(group, said.as_ref().map(Vec::as_slice));
            }
        }
        level
    }

    /// Notes by which attribute in them parts are known that say this, if there is one that tells them apart.
    fn know_by_themselves(&mut self, group: Sides<Vec<usize>>, said: Sides<&[Meaning]>) {
        let Some((own, [base, ours, theirs])) = natural(said.into_array()) else { return };
        for (side, (group, keys)) in Side::ALL.zip(group.zip(Sides { base, ours, theirs })).into_array() {
            for (at, key) in group.into_iter().zip(keys) {
                self.parts.pick_mut(side)[at].is_called(self.sides.pick(side), own, &key);
            }
        }
    }

    /// What is in three expressions; `None` where they are not of one kind.
    pub(super) fn from_expressions(sides: Sides<&'m Parsed<'t>>, spans: Sides<Span>) -> Option<Self> {
        let all = sides.zip(spans).map(|(side, span)| container(side, span)).all()?;
        if all.base.kind != all.ours.kind || all.base.kind != all.theirs.kind {
            return None;
        }
        let said = sides.zip(all.as_ref()).map(|(side, container)| expression::said(side, container));
        let said = said.as_ref().map(Vec::as_slice);
        let same = expression::matched(all.as_ref(), said).unwrap_or_default();
        let is_list = all.base.kind == ContainerKind::List;
        let group = all.as_ref().map(|container| (0..container.elements.len()).collect::<Vec<_>>());
        let parts = all.map(|container| container.elements.into_iter().map(Named::from_element).collect());
        let mut level = Self { sides, parts, same };
        if is_list {
            level.know_by_themselves(group, said);
        }
        Some(level)
    }

    /// The keys of each side.
    pub(super) fn keys(&self) -> Sides<Vec<String>> {
        self.parts.as_ref().map(|parts| parts.iter().map(|part| part.key.clone()).collect())
    }

    /// What is in parts that are the same, by name or in spite of it, where both sides have changed it.
    pub(super) fn inner(&self, renamed: &[Rename]) -> Vec<Sides<Inside<'m>>> {
        let same = self.same.iter().filter_map(|one| one.all());
        let all = same.chain(renamed.iter().map(|rename| rename.at));
        let parts = all.map(|at| self.parts.as_ref().zip(at).map(|(parts, at)| &parts[at]));
        let is_open = |parts: &Sides<&Named<'_>>| {
            let texts = self.sides.zip(*parts).map(|(side, part)| side.slice(part.span));
            texts.trivial().is_none()
        };
        parts.filter(is_open).map(|parts| parts.map(|part| part.inside)).collect()
    }

    /// The edits that give a part of one side its new name.
    pub(super) fn edits(&self, rename: Rename, of: Side) -> Vec<Edit> {
        let part = |side| &self.parts.as_ref().pick(side)[rename.at.pick(side)];
        let text = |side, span: Span| self.sides.pick(side).slice(span);
        let names = part(of).names.iter().zip(&part(rename.by).names);
        let other = names.filter(|(old, new)| text(of, **old) != text(rename.by, **new));
        other.map(|(old, new)| Edit::replace(*old, text(rename.by, *new).to_owned())).collect()
    }

    fn part(&self, side: Side, at: usize) -> (&Parsed<'t>, &Named<'m>) {
        (self.sides.pick(side), &self.parts.as_ref().pick(side)[at])
    }
}

impl Parts for Level<'_, '_> {
    fn said(&self, side: Side, at: usize) -> Option<Meaning> {
        let (side, part) = self.part(side, at);
        let (mut said, is_line) = match part.inside {
            Inside::Block(block) => (Meaning::from_body(side, &block.body), false),
            Inside::Expression(span) => {
                (Meaning::from_expression(side, span), !side.slice(span).contains('\n'))
            }
        };
        if let Some(own) = part.own {
            said.forget(own);
        }
        // A word is said of much.
        (!is_line || !matches!(said, Meaning::Leaf(_))).then_some(said)
    }

    fn may_be(&self, base: usize, side: Side, at: usize) -> bool {
        let (one, other) = (&self.parts.base[base], &self.parts.as_ref().pick(side)[at]);
        let has_names = !one.names.is_empty() && one.names.len() == other.names.len() && one.own == other.own;
        let is_one = match (one.inside, other.inside) {
            (Inside::Block(one), Inside::Block(other)) => other_labels(one, other).is_some(),
            (Inside::Expression(_), Inside::Expression(_)) => true,
            _ => false,
        };
        has_names && is_one && !name_other_accounts(&one.key, &other.key)
    }

    fn is_near(&self, base: usize, side: Side, at: usize) -> bool {
        let (one, other) = (&self.parts.base[base], &self.parts.as_ref().pick(side)[at]);
        let is_close = match (one.inside, other.inside) {
            (Inside::Block(one), Inside::Block(other)) => other_labels(one, other) <= Some(1),
            _ => true,
        };
        let (Some(was), Some(is)) = (self.said(Side::Base, base), self.said(side, at)) else { return false };
        // Where the name is part of what is said, what says something else besides may be a copy.
        is_close && one.own.is_none() && was.resembles_under_other_names(&is) && was.is_of_the_same(&is)
    }

    fn comments_apart(&self, base: usize, side: Side, at: usize) -> usize {
        let [left, right] =
            [self.part(Side::Base, base), self.part(side, at)].map(|(side, part)| side.comments(part.span));
        left.len() + right.len() - 2 * matching::common(&left, &right).len()
    }
}

/// In how many labels two blocks differ, where that is all that their headers differ in.
pub(super) fn other_labels(one: &Block, other: &Block) -> Option<usize> {
    let labels = one.labels.iter().zip(&other.labels);
    let is_one = one.keyword == other.keyword && one.labels.len() == other.labels.len();
    is_one.then(|| labels.filter(|(one, other)| one != other).count())
}

impl<'m> Named<'m> {
    fn from_item(side: &Parsed<'_>, item: &MergeItem<'m>) -> Self {
        let (names, own, inside) = match item.kind {
            ItemKind::Block(block) => match provider_alias(block) {
                Some(alias) => (vec![alias.expression], Some("alias"), Inside::Block(block)),
                None => (labels(side, block), None, Inside::Block(block)),
            },
            ItemKind::Attribute(attribute) => {
                (vec![attribute.name_span], None, Inside::Expression(attribute.expression))
            }
            ItemKind::Comment => (Vec::new(), None, Inside::Expression(item.span)),
        };
        Self { key: item.key.clone(), names, own, span: item.span, inside }
    }

    fn from_element(element: Element) -> Self {
        let names = element.key.iter().map(|_| element.key_span).collect();
        let inside = Inside::Expression(element.value);
        Self { key: element.key.unwrap_or_default(), names, own: None, span: element.span, inside }
    }

    /// Notes by which attribute in it a part is known.
    fn is_called(&mut self, side: &Parsed<'_>, own: &'static str, key: &str) {
        let name = match self.inside {
            Inside::Block(block) => block.body.attribute(own).map(|attribute| attribute.expression),
            Inside::Expression(span) => container(side, span).and_then(|object| entry(object, own)),
        };
        self.key = format!("{}\0\0\0{key}", self.key);
        self.own = Some(own);
        self.names = name.into_iter().collect();
    }
}

/// What tells a provider from others of its name.
fn provider_alias(block: &Block) -> Option<&Attribute> {
    block.body.attribute("alias").filter(|_| block.keyword == "provider")
}

/// The value of an entry.
fn entry(object: Container, key: &str) -> Option<Span> {
    object.elements.into_iter().find(|entry| entry.key.as_deref() == Some(key)).map(|entry| entry.value)
}

/// Where the labels of a block are written; nowhere if one is empty.
fn labels(side: &Parsed<'_>, block: &Block) -> Vec<Span> {
    let tokens = side.tokens(block.header);
    let brace = tokens.iter().rposition(|token| token.kind == TokenKind::OpenBrace).unwrap_or_default();
    let is_label = |kind: TokenKind| matches!(kind, TokenKind::QuotedLiteral | TokenKind::Identifier);
    let words = tokens[..brace].iter().filter(|token| is_label(token.kind)).skip(1);
    let spans: Vec<Span> = words.map(|token| token.span()).collect();
    if spans.len() == block.labels.len() { spans } else { Vec::new() }
}
