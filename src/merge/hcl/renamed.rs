//! Items to which a side gave another name, and nothing says so.
//!
//! - What one side renamed and the other deleted, or renamed as well: a new item that resembles one which
//!   is gone from both is taken for it, so that it is not back under another name after it was deleted.
//! - What one side renamed and the other changed: where a new item says to the letter what a lost one said,
//!   in the same place, it is that one. So is one that says most of it, if it says less of what any other item
//!   of its kind says, and has the lost one's name and accounts in it: else it may be a copy for another account.

use std::collections::BTreeMap;

use super::edit::{self, Edit};
use super::items::{ItemKind, MergeItem, items, meaning};
use super::parsed::Parsed;
use super::rename::label_edit;
use crate::hcl::{Attribute, Body, Span};
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

/// The items of a body on the three sides, and where the only one of each key is.
struct Bodies<'i, 'b> {
    base: &'i [MergeItem<'b>],
    side: &'i [MergeItem<'b>],
    in_base: BTreeMap<&'i str, Option<usize>>,
    in_side: BTreeMap<&'i str, Option<usize>>,
    in_other: BTreeMap<&'i str, Option<usize>>,
}

impl Bodies<'_, '_> {
    /// The items that only this side has.
    fn additions(&self) -> Vec<usize> {
        let is_known = |key: &str| self.in_base.contains_key(key) || self.in_other.contains_key(key);
        let is_new = |at: &usize| {
            let new = &self.side[*at];
            is_said(new) && !is_known(&new.key) && only(&self.in_side, new) == Some(*at)
        };
        (0..self.side.len()).filter(is_new).collect()
    }

    /// The items that this side alone has lost where it has a new one: behind the same neighbour, or first on
    /// both sides, comments aside.
    fn lost_at(&self, new: usize) -> Vec<usize> {
        let neighbours = self.side[..new].iter().rev().filter(|item| is_said(item));
        let before = neighbours.into_iter().find_map(|before| only(&self.in_base, before));
        let behind = before.map_or(0, |before| before + 1)..self.base.len();
        let is_lost = |old: &usize| !self.in_side.contains_key(&*self.base[*old].key);
        let is_one = |old: &usize| {
            [&self.in_base, &self.in_other].iter().all(|all| only(all, &self.base[*old]).is_some())
        };
        behind.filter(|old| is_said(&self.base[*old])).take_while(is_lost).filter(is_one).collect()
    }
}

impl Renames<'_, '_> {
    fn in_bodies(&mut self, base: &Body, side: &Body, other: &Body) {
        let (base, side, other) = (items(self.base, base), items(self.side, side), items(self.other, other));
        let [in_base, in_side, in_other] = [&base, &side, &other].map(|items| by_key(items));
        let bodies = Bodies { base: &base, side: &side, in_base, in_side, in_other };
        for (old, new) in self.found(&bodies) {
            if let Some(kept) = only(&bodies.in_other, &base[old]) {
                self.edits.0.extend(self.named(self.base, &base[old], &side[new]));
                self.edits.1.extend(self.named(self.other, &other[kept], &side[new]));
            }
        }
        for old in &base {
            let same = [&bodies.in_base, &bodies.in_side, &bodies.in_other].map(|known| only(known, old));
            let [Some(_), Some(at_side), Some(at_other)] = same else { continue };
            if let (ItemKind::Block(old), ItemKind::Block(new), ItemKind::Block(kept)) =
                (old.kind, side[at_side].kind, other[at_other].kind)
            {
                self.in_bodies(&old.body, &new.body, &kept.body);
            }
        }
    }

    /// Items of base with what they have become on this side.
    fn found(&self, bodies: &Bodies<'_, '_>) -> Vec<(usize, usize)> {
        let new = bodies.additions();
        let is_much = new.len().saturating_mul(bodies.base.len()) > matching::MOST_COMPARED;
        let mut claims: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for at in new {
            let lost = bodies.lost_at(at);
            let heir = self.same(bodies, &lost, at);
            let heir = heir.or_else(|| if is_much { None } else { self.nearest(bodies, &lost, at) });
            if let Some((old, distance)) = heir {
                claims.entry(old).or_default().push((distance, at));
            }
        }
        let nearest = |(old, mut claims): (usize, Vec<(usize, usize)>)| {
            claims.sort_unstable();
            let is_alone = claims.get(1).is_none_or(|next| next.0 > claims[0].0);
            is_alone.then(|| (old, claims[0].1))
        };
        claims.into_iter().filter_map(nearest).collect()
    }

    /// The first of these lost items, if the new one says the same to the letter, a provider but for its alias.
    fn same(&self, bodies: &Bodies<'_, '_>, lost: &[usize], new: usize) -> Option<(usize, usize)> {
        let first = *lost.first()?;
        let (old, new) = (&bodies.base[first], &bodies.side[new]);
        let [mut was, mut is] = [said(self.base, old)?, said(self.side, new)?];
        if aliases(old, new).is_some() {
            was.forget("alias");
            is.forget("alias");
        }
        (is_of_one_kind(old, new) && was.same(&is)).then_some((first, 0))
    }

    /// Which of these lost items a new one is, with what was changed, and how far it is from that.
    fn nearest(&self, bodies: &Bodies<'_, '_>, lost: &[usize], new: usize) -> Option<(usize, usize)> {
        let new = &bodies.side[new];
        let is = said(self.side, new).filter(|_| !lost.is_empty())?;
        let distance = |at: usize| {
            let old = &bodies.base[at];
            let comments = comments_apart((self.base, old.span), (self.side, new.span));
            Some((said(self.base, old)?.distance(&is) + comments, at))
        };
        let is_alike = |at: &usize| is_of_one_kind(&bodies.base[*at], new);
        let mut near: Vec<_> = (0..bodies.base.len()).filter(is_alike).filter_map(distance).collect();
        near.sort_unstable();
        let (distance, old) = *near.first().filter(|(_, old)| lost.contains(old))?;
        let was = said(self.base, &bodies.base[old])?;
        let is_alone = near.get(1).is_none_or(|next| next.0 > distance);
        (is_alone && was.resembles(&is) && was.is_of_the_same(&is)).then_some((old, distance))
    }

    /// The edit that gives an item the name of another.
    fn named(&self, side: &Parsed<'_>, item: &MergeItem<'_>, like: &MergeItem<'_>) -> Option<Edit> {
        match (item.kind, like.kind) {
            (ItemKind::Attribute(attribute), ItemKind::Attribute(like)) => {
                Some(Edit::replace(attribute.name_span, like.name.clone()))
            }
            (ItemKind::Block(block), ItemKind::Block(like)) if block.labels != like.labels => {
                label_edit(side, block, like.labels.last()?)
            }
            _ => {
                let [old, new] = aliases(item, like)?;
                Some(Edit::replace(old.expression, self.side.slice(new.expression).to_owned()))
            }
        }
    }
}

/// The aliases of two blocks of one provider, where both have one.
fn aliases<'i>(one: &MergeItem<'i>, other: &MergeItem<'i>) -> Option<[&'i Attribute; 2]> {
    match (one.kind, other.kind) {
        (ItemKind::Block(one), ItemKind::Block(other))
            if one.keyword == "provider" && one.labels == other.labels =>
        {
            Some([one.body.attribute("alias")?, other.body.attribute("alias")?])
        }
        _ => None,
    }
}

fn is_said(item: &MergeItem<'_>) -> bool {
    !matches!(item.kind, ItemKind::Comment)
}

/// What an item says, if that is more than a word.
fn said(side: &Parsed<'_>, item: &MergeItem<'_>) -> Option<Meaning> {
    meaning(side, item).filter(|said| !matches!(said, Meaning::Leaf(_)))
}

/// How many comments are in one of two items only.
fn comments_apart(before: (&Parsed<'_>, Span), after: (&Parsed<'_>, Span)) -> usize {
    let [left, right] = [before, after].map(|(side, span)| side.comments(span));
    left.len() + right.len() - 2 * matching::common(&left, &right).len()
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
