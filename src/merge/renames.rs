//! Parts to which a side gave another name, whatever language they are in.
//!
//! Responsible for telling a part under a new name from a new part. One that is new is an old one only if that
//! is gone on the same side, stood in the same place, and says the same to the letter, or so nearly that no other
//! part comes as near. What may be a copy, for another account or of a twin, is new. Refuses to know any text.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::matching::MOST_COMPARED;
use super::meaning::Meaning;
use crate::sides::{Side, Sides};

/// What is to be known of parts that have names.
pub(in crate::merge) trait Parts {
    /// What a part says, without its name; `None` if that is not enough to know it by.
    fn said(&self, side: Side, at: usize) -> Option<Meaning>;

    /// Whether a part of base may have the name of a part of this side.
    fn may_be(&self, base: usize, side: Side, at: usize) -> bool;

    /// Whether a part of base may have become a part of this side that says something else.
    fn is_near(&self, base: usize, side: Side, at: usize) -> bool;

    /// How many comments are with one of two parts only.
    fn comments_apart(&self, _base: usize, _side: Side, _at: usize) -> usize {
        0
    }

    /// Whether both sides have taken its name from a part.
    fn lack_names(&self, _at: Sides<usize>) -> bool {
        false
    }

    /// Where a side has a part of base that has no name there.
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
            let is_shared = |there: usize| {
                named == Some(&Some(there)) || parts.lack_names(Sides { base, ours: at, theirs: there })
            };
            let there = match others.get(&base) {
                Some(&there) => Some(there).filter(|there| by == Side::Ours && is_shared(*there)),
                // What else has that name is another part.
                None if named.is_some() => None,
                None => kept(),
            };
            renames.extend(there.map(|there| {
                let mut all = Sides { base, ours: at, theirs: at };
                *all.pick_mut(other) = there;
                Rename { at: all, by, is_shared: others.contains_key(&base) }
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
        let lost = |behind: usize, before: usize| {
            let after = (behind..base.len()).take_while(is_lost);
            let until = (0..before).rev().take_while(is_lost);
            let all: BTreeSet<usize> = after.chain(until).collect();
            let ones = all.into_iter().filter(|old| only(places.base, &base[*old]).is_some());
            ones.take(if is_much { 2 } else { base.len() }).collect::<Vec<usize>>()
        };
        let new = additions.into_iter().map(|(at, behind, before)| (at, lost(behind, before)));
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
        // Of several that may be one, the one that says the same to the letter is, and no other.
        let nearest = |(old, mut claims): (usize, Vec<(usize, usize)>)| {
            claims.sort_unstable();
            let is_alone = claims.get(1).is_none_or(|next| claims[0].0 == 0 && next.0 > 0);
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
        (is_alone && self.parts.is_near(old, self.side, new)).then_some((old, distance))
    }
}

/// The parts that only this side has, each with the place in base behind what stands before it, and with that of what
/// stands behind it: either may have moved.
fn additions(here: &[String], in_base: &Places<'_>, in_side: &Places<'_>) -> Vec<(usize, usize, usize)> {
    let known: Vec<Option<usize>> = here.iter().map(|key| only(in_base, key)).collect();
    let is_new = |at: &usize| !in_base.contains_key(&*here[*at]) && only(in_side, &here[*at]).is_some();
    let mut before = in_base.len();
    let mut found = Vec::new();
    for at in (0..here.len()).rev() {
        before = known[at].unwrap_or(before);
        if is_new(&at) {
            found.push((at, 0, before));
        }
    }
    found.reverse();
    let mut met = known.iter().enumerate().peekable();
    let mut behind = 0;
    for (at, after, _) in &mut found {
        while let Some((_, known)) = met.next_if(|(known, _)| known < at) {
            behind = known.map_or(behind, |known| known + 1);
        }
        *after = behind;
    }
    found
}
