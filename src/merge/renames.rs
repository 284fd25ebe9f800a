//! Parts to which a side gave another name, whatever language they are in.
//!
//! Responsible for telling a part under a new name from a new part. One that is new is an old one only if that
//! is gone on the same side, stood in the same place, and says the same to the letter, or so nearly that no other
//! part comes as near. What may be a copy, for another account or of a twin, is new. Refuses to know any text.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::matching::MOST_COMPARED;
use super::meaning::Meaning;
use crate::sides::{Side, Sides};

/// What is to be known of parts that have names.
pub(in crate::merge) trait Parts {
    /// What a part says, without its name; `None` if that is not enough to know it by.
    fn said(&self, side: Side, at: usize) -> Option<Meaning>;

    /// Whether a part of base may have the name of a part of this side.
    fn may_be(&self, base: usize, side: Side, at: usize) -> bool;

    /// Whether one that says this may say that when it has changed.
    fn is_near(&self, base: usize, was: &Meaning, is: &Meaning) -> bool;

    /// How many comments are with one of two parts only.
    fn comments_apart(&self, _base: usize, _side: Side, _at: usize) -> usize {
        0
    }

    /// Where a side has a part of base of which it has no name.
    fn unnamed(&self, _base: usize, _side: Side) -> Option<usize> {
        None
    }
}

/// A part that has another name on one side, or the same other name on both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::merge) struct Rename {
    /// The part on each side.
    pub(in crate::merge) at: Sides<usize>,
    /// Who gave the name.
    pub(in crate::merge) by: Side,
    /// Whether the other side gave it, too.
    pub(in crate::merge) is_shared: bool,
}

impl Rename {
    /// The sides on which the part has its old name.
    pub(in crate::merge) fn old(&self) -> impl Iterator<Item = Side> {
        let (by, is_shared) = (self.by, self.is_shared);
        Side::ALL
            .into_array()
            .into_iter()
            .filter(move |side| *side == Side::Base || !is_shared && *side != by)
    }
}

/// What each side renamed of these parts, known by keys of which a side may have one twice.
pub(in crate::merge) fn renames(keys: Sides<&[String]>, parts: &impl Parts) -> Vec<Rename> {
    let places = keys.map(places);
    let found = Side::ALL.map(|side| Finder::new(side, keys, places.as_ref(), parts).found());
    let mut renames = Vec::new();
    for (by, other) in [(Side::Ours, Side::Theirs), (Side::Theirs, Side::Ours)] {
        let (mine, others) = (found.as_ref().pick(by), found.as_ref().pick(other));
        for (&base, &at) in mine {
            let named = places.as_ref().pick(other).get(&*keys.pick(by)[at]);
            let kept =
                || only(places.as_ref().pick(other), &keys.base[base]).or_else(|| parts.unnamed(base, other));
            let there = match (named, others.get(&base)) {
                (Some(named), Some(renamed)) if *named == Some(*renamed) && by == Side::Ours => {
                    Some(*renamed)
                }
                (None, None) => kept(),
                // Each gave it a name of its own, or one has something else under that name.
                _ => None,
            };
            renames.extend(there.map(|there| {
                let mut all = Sides { base, ours: at, theirs: at };
                *all.pick_mut(other) = there;
                Rename { at: all, by, is_shared: named.is_some() }
            }));
        }
    }
    renames
}

/// Where the only part of each key is; nowhere in particular if there are several.
type Places<'k> = BTreeMap<&'k str, Option<usize>>;

fn places(keys: &[String]) -> Places<'_> {
    let mut known = Places::new();
    for (at, key) in keys.iter().enumerate() {
        known.entry(key).and_modify(|place| *place = None).or_insert(Some(at));
    }
    known
}

fn only(places: &Places<'_>, key: &str) -> Option<usize> {
    places.get(key).copied().flatten()
}

/// The search for what one side renamed.
struct Finder<'f, P> {
    parts: &'f P,
    side: Side,
    /// How many parts base has.
    count: usize,
    /// Parts that only this side has, each with those of base that are gone where it stands.
    new: Vec<(usize, Vec<usize>)>,
    /// Whether so much came and went that only what is gone alone is known by its place.
    is_much: bool,
    /// What parts of base say, and of this side, as far as that was asked.
    was: Vec<OnceCell<Option<Meaning>>>,
    is: Vec<OnceCell<Option<Meaning>>>,
}

impl<'f, P: Parts> Finder<'f, P> {
    fn new(side: Side, keys: Sides<&[String]>, places: Sides<&Places<'_>>, parts: &'f P) -> Self {
        let (base, here) = (keys.base, keys.pick(side));
        let additions = additions(here, places.base, places.pick(side));
        let is_much = additions.len().saturating_mul(base.len()) > MOST_COMPARED;
        let is_lost = |old: &usize| !places.pick(side).contains_key(&*base[*old]);
        let lost = |behind: usize| {
            let all = (behind..base.len()).take_while(is_lost);
            let ones = all.filter(|old| only(places.base, &base[*old]).is_some());
            ones.take(if is_much { 2 } else { base.len() }).collect::<Vec<usize>>()
        };
        let new = additions.into_iter().map(|(at, behind)| (at, lost(behind)));
        let new = new.filter(|(_, lost)| !lost.is_empty()).collect();
        let unasked = |count| (0..count).map(|_| OnceCell::new()).collect();
        Self {
            parts,
            side,
            count: base.len(),
            new,
            is_much,
            was: unasked(base.len()),
            is: unasked(here.len()),
        }
    }

    /// Parts of base with what they have become on this side.
    fn found(&self) -> BTreeMap<usize, usize> {
        let mut claims: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for (at, lost) in &self.new {
            if let Some((old, distance)) = self.same(lost, *at).or_else(|| self.nearest(lost, *at)) {
                claims.entry(old).or_default().push((distance, *at));
            }
        }
        let nearest = |(old, mut claims): (usize, Vec<(usize, usize)>)| {
            claims.sort_unstable();
            let is_alone = claims.get(1).is_none_or(|next| next.0 > claims[0].0);
            is_alone.then(|| (old, claims[0].1))
        };
        claims.into_iter().filter_map(nearest).collect()
    }

    fn was(&self, at: usize) -> Option<&Meaning> {
        self.was[at].get_or_init(|| self.parts.said(Side::Base, at)).as_ref()
    }

    fn is(&self, at: usize) -> Option<&Meaning> {
        self.is[at].get_or_init(|| self.parts.said(self.side, at)).as_ref()
    }

    /// The only one of these lost parts that says the same to the letter as a new one.
    fn same(&self, lost: &[usize], new: usize) -> Option<(usize, usize)> {
        if self.is_much && lost.len() > 1 {
            return None;
        }
        let is = self.is(new)?;
        let is_same = |old: &usize| {
            self.parts.may_be(*old, self.side, new) && self.was(*old).is_some_and(|was| was.same(is))
        };
        let mut same = lost.iter().copied().filter(is_same);
        let first = same.next()?;
        same.next().is_none().then_some((first, 0))
    }

    /// Which of these lost parts a new one is, with what was changed, and how far it is from that.
    fn nearest(&self, lost: &[usize], new: usize) -> Option<(usize, usize)> {
        let is = self.is(new).filter(|_| !self.is_much)?;
        let distance = |old: usize| {
            Some((self.was(old)?.distance(is) + self.parts.comments_apart(old, self.side, new), old))
        };
        let is_alike = |old: &usize| self.parts.may_be(*old, self.side, new);
        let mut near: Vec<_> = (0..self.count).filter(is_alike).filter_map(distance).collect();
        near.sort_unstable();
        let (distance, old) = *near.first().filter(|(_, old)| lost.contains(old))?;
        let is_alone = near.get(1).is_none_or(|next| next.0 > distance);
        (is_alone && self.parts.is_near(old, self.was(old)?, is)).then_some((old, distance))
    }
}

/// The parts that only this side has, and behind how many of base each stands.
fn additions(here: &[String], in_base: &Places<'_>, in_side: &Places<'_>) -> Vec<(usize, usize)> {
    let mut behind = 0;
    let mut found = Vec::new();
    for (at, key) in here.iter().enumerate() {
        if let Some(known) = only(in_base, key) {
            behind = known + 1;
        } else if !in_base.contains_key(&**key) && only(in_side, key).is_some() {
            found.push((at, behind));
        }
    }
    found
}
