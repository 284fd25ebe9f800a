//! Items to which a side gave another name, and nothing says so.
//!
//! - What one side renamed and the other deleted, or renamed as well: a new item that resembles one which
//!   is gone from both is taken for it, so that it is not back under another name after it was deleted.
//! - What one side renamed and the other changed: where a new item says to the letter what a lost one said,
//!   in the same place, it is that one. What only resembles it may be another account's.

use std::collections::BTreeMap;

use super::edit::{self, Edit};
use super::items::{ItemKind, MergeItem, items, meaning};
use super::parsed::Parsed;
use super::rename::label_edit;
use crate::hcl::{Body, Span};
use crate::merge::matching::{self, Pairing};
use crate::merge::meaning::Meaning;
use crate::sides::{Side, Sides};

/// Pairs what is gone from both sides with what resembles it and is new on either.
pub(super) fn paired(pairings: &mut Vec<Pairing>, sides: Sides<&Parsed<'_>>, all: Sides<&[MergeItem<'_>]>) {
    let found = matching::renamed(pairings, |base, side, at| {
        let (before, after) = (&all.base[base], &all.pick(side)[at]);
        let said = || Some((meaning(sides.base, before)?, meaning(sides.pick(side), after)?));
        is_of_one_kind(before, after) && said().is_some_and(|(was, is)| was.is_shaped_like(&is))
    });
    pairings.extend(found);
}

/// Whether both are attributes, or blocks with the same keyword and all labels but the last.
fn is_of_one_kind(before: &MergeItem<'_>, after: &MergeItem<'_>) -> bool {
    match (before.kind, after.kind) {
        (ItemKind::Attribute(_), ItemKind::Attribute(_)) => true,
        (ItemKind::Block(before), ItemKind::Block(after)) => {
            let kind = |labels: &[String]| labels.split_last().map_or(Vec::new(), |(_, kind)| kind.to_vec());
            before.keyword == after.keyword && kind(&before.labels) == kind(&after.labels)
        }
        _ => false,
    }
}

/// The three texts with the names that one side gave, where the other kept the old ones; `None` if there are
/// no such names.
pub(super) fn in_place(sides: Sides<&Parsed<'_>>) -> Option<Sides<String>> {
    let edits = [Side::Ours, Side::Theirs].map(|side| {
        let other = if side == Side::Ours { sides.theirs } else { sides.ours };
        let mut found =
            Renames { base: sides.base, side: sides.pick(side), other, edits: Default::default() };
        found.in_bodies(sides.base.body(), sides.pick(side).body(), other.body());
        found.edits
    });
    let [(by_ours, theirs), (by_theirs, ours)] = edits;
    if theirs.is_empty() && ours.is_empty() {
        return None;
    }
    let written =
        |side: &Parsed<'_>, edits: &[Edit]| edit::apply(side.text(), Span::from(0..side.text().len()), edits);
    Some(Sides {
        base: written(sides.base, &[by_ours, by_theirs].concat())?,
        ours: written(sides.ours, &ours)?,
        theirs: written(sides.theirs, &theirs)?,
    })
}

/// What one side renamed, as edits of base and of the other side.
struct Renames<'m, 't> {
    base: &'m Parsed<'t>,
    side: &'m Parsed<'t>,
    other: &'m Parsed<'t>,
    edits: (Vec<Edit>, Vec<Edit>),
}

impl Renames<'_, '_> {
    fn in_bodies(&mut self, base: &Body, side: &Body, other: &Body) {
        let (bases, news, others) =
            (items(self.base, base), items(self.side, side), items(self.other, other));
        let [in_base, in_side, in_other] = [&bases, &news, &others].map(|items| by_key(items));
        for (at, new) in news.iter().enumerate() {
            let is_new = [&in_base, &in_other].iter().all(|known| !known.contains_key(&*new.key));
            if !is_new || only(&in_side, new) != Some(at) {
                continue;
            }
            // What stands behind the same neighbour, or comes first on both sides.
            let before = news[..at].iter().rev().find_map(|before| only(&in_base, before));
            let old = bases.get(before.map_or(0, |before| before + 1));
            let Some(old) = old else { continue };
            let is_lost = only(&in_base, old).is_some() && !in_side.contains_key(&*old.key);
            let kept = only(&in_other, old).filter(|_| is_lost && self.is_one(old, new));
            if let Some(kept) = kept {
                self.edits.0.extend(named(self.base, old, new));
                self.edits.1.extend(named(self.other, &others[kept], new));
            }
        }
        for old in &bases {
            let same = [&in_base, &in_side, &in_other].map(|known| only(known, old));
            let [Some(_), Some(new), Some(other)] = same else { continue };
            if let (ItemKind::Block(old), ItemKind::Block(new), ItemKind::Block(other)) =
                (old.kind, news[new].kind, others[other].kind)
            {
                self.in_bodies(&old.body, &new.body, &other.body);
            }
        }
    }

    /// Whether both say the same, and more than a word.
    fn is_one(&self, old: &MergeItem<'_>, new: &MergeItem<'_>) -> bool {
        let (Some(was), Some(is)) = (meaning(self.base, old), meaning(self.side, new)) else { return false };
        !matches!(was, Meaning::Leaf(_)) && was.same(&is) && is_of_one_kind(old, new)
    }
}

/// Where the items of each key are; nowhere in particular if there are several.
fn by_key<'i>(items: &'i [MergeItem<'_>]) -> BTreeMap<&'i str, Option<usize>> {
    let mut known = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        known.entry(&*item.key).and_modify(|place| *place = None).or_insert(Some(at));
    }
    known
}

/// Where the only item is that has the key of this one.
fn only(known: &BTreeMap<&str, Option<usize>>, item: &MergeItem<'_>) -> Option<usize> {
    known.get(&*item.key).copied().flatten()
}

/// The edit that gives an item the name of another.
fn named(side: &Parsed<'_>, item: &MergeItem<'_>, like: &MergeItem<'_>) -> Option<Edit> {
    match (item.kind, like.kind) {
        (ItemKind::Attribute(attribute), ItemKind::Attribute(like)) => {
            Some(Edit::replace(attribute.name_span, like.name.clone()))
        }
        (ItemKind::Block(block), ItemKind::Block(like)) => label_edit(side, block, like.labels.last()?),
        _ => None,
    }
}
