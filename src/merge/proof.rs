//! The proof of a merge: what the result says is what ours changed and what theirs changed, each at its
//! own address, and nothing else.
//!
//! Responsible for comparing four meanings. It shares the reading of meanings with the merges, but not
//! what they take for the same part, nor their edits.

use std::collections::{BTreeMap, BTreeSet};

use super::matching::has_moved;
use super::meaning::{Meaning, natural_keys};
use crate::sides::Sides;

/// Whose change may have given way where both changed the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::merge) enum Allowed {
    /// Nobody's.
    Neither,
    /// Theirs, so that ours stands.
    Ours,
    /// Ours, so that theirs stands.
    Theirs,
}

/// What is said at an address, if anything is.
pub(in crate::merge) type Said<'m> = Option<&'m Meaning>;

/// Whether a result is what the three sides say.
pub(in crate::merge) fn follows(sides: Sides<Said<'_>>, result: Said<'_>, allowed: Allowed) -> bool {
    let is_settled = match allowed {
        Allowed::Neither => false,
        Allowed::Ours => same(result, sides.ours),
        Allowed::Theirs => same(result, sides.theirs),
    };
    if is_settled {
        return true;
    }
    match sides.trivial_by(|left, right| same(*left, *right)) {
        Some(side) if same(result, sides.pick(side)) => true,
        // A side may have changed nothing but a comment in what the other deleted, deeper in here.
        Some(_) => allowed != Allowed::Neither && deeper(sides, result, allowed),
        None => deeper(sides, result, allowed),
    }
}

fn same(left: Said<'_>, right: Said<'_>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => left.same(right),
        (left, right) => left.is_none() && right.is_none(),
    }
}

fn deeper(sides: Sides<Said<'_>>, result: Said<'_>, allowed: Allowed) -> bool {
    if let Some(bags) = bags(sides, result) {
        return several(bags, allowed, false);
    }
    let Sides { base, ours: Some(ours), theirs: Some(theirs) } = sides else { return false };
    match (ours, theirs, result) {
        (Meaning::Map(o), Meaning::Map(t), result) => {
            let none = BTreeMap::new();
            let b = match base {
                Some(Meaning::Map(b)) => b,
                None => &none,
                Some(_) => return false,
            };
            let r = match result {
                Some(Meaning::Map(r)) => r,
                None => &none,
                Some(_) => return false,
            };
            let keys: BTreeSet<&String> = b.keys().chain(o.keys()).chain(t.keys()).chain(r.keys()).collect();
            let of = Sides { base: b, ours: o, theirs: t };
            keys.into_iter().all(|key| follows(of.map(|map| map.get(key)), r.get(key), allowed))
        }
        (Meaning::List(o), Meaning::List(t), Some(Meaning::List(r))) => match base {
            Some(Meaning::List(b)) => several([b, o, t, r], allowed, true),
            _ => false,
        },
        _ => false,
    }
}

/// The blocks of one address on every side; where there are none, that is an empty bag.
fn bags<'m>(sides: Sides<Said<'m>>, result: Said<'m>) -> Option<[&'m [Meaning]; 4]> {
    let Sides { base, ours, theirs } = sides;
    let mut found: [&[Meaning]; 4] = [&[]; 4];
    for (said, bag) in [base, ours, theirs, result].into_iter().zip(&mut found) {
        match said {
            Some(Meaning::Bag(blocks)) => *bag = blocks,
            None => {}
            Some(_) => return None,
        }
    }
    found.iter().any(|bag| !bag.is_empty()).then_some(found)
}

/// Several that have one address: by what tells them apart, by their number, or by their place.
fn several(sides: [&[Meaning]; 4], allowed: Allowed, is_ordered: bool) -> bool {
    let [base, ours, theirs, result] = sides;
    if !is_ordered && sides.iter().all(|side| side.len() <= 1) {
        let first = Sides { base, ours, theirs }.map(<[_]>::first);
        return follows(first, result.first(), allowed);
    }
    match natural_keys(sides) {
        Some(keys) if by_names(sides, &keys, allowed) => {
            !is_ordered || keeps_order(keys.each_ref().map(Vec::as_slice))
        }
        _ => counts_are_right(sides) && (!is_ordered || keeps_order(sides)) || by_place(sides, allowed),
    }
}

/// Elements that nothing tells apart but their places, of which none has moved.
fn by_place(sides: [&[Meaning]; 4], allowed: Allowed) -> bool {
    let [base, ours, theirs, result] = sides;
    let is_even = sides.iter().all(|side| side.len() == base.len());
    let is_one = |at: usize| match (Sides { base, ours, theirs }).map(|side| &side[at]).trivial() {
        Some(_) => true,
        None => [ours, theirs]
            .into_iter()
            .all(|side| base[at].resembles(&side[at]) && base[at].is_called_like(&side[at])),
    };
    let at = |index: usize| Sides { base, ours, theirs }.map(|side| side.get(index));
    is_even
        && [ours, theirs].into_iter().all(|side| stays_in_place(base, side))
        && (0..base.len()).all(|index| is_one(index) && follows(at(index), result.get(index), allowed))
}

/// Whether nothing that a side has at a new place stood elsewhere before.
fn stays_in_place(base: &[Meaning], side: &[Meaning]) -> bool {
    let known: BTreeSet<&Meaning> = base.iter().collect();
    base.iter().zip(side).all(|(before, after)| before == after || !known.contains(after))
}

fn by_names(sides: [&[Meaning]; 4], keys: &[Vec<String>; 4], allowed: Allowed) -> bool {
    let of = |side: usize| -> BTreeMap<&String, &Meaning> { keys[side].iter().zip(sides[side]).collect() };
    let (known, result) = (Sides { base: of(0), ours: of(1), theirs: of(2) }, of(3));
    let all: BTreeSet<&String> = keys.iter().flatten().collect();
    let at = |key: &String| known.as_ref().map(|side| side.get(key).copied());
    all.into_iter().all(|key| follows(at(key), result.get(key).copied(), allowed))
}

/// Whether what is in the result stands there in the order of the side that moved some of it; of ours, if
/// both did or none.
fn keeps_order<T: Ord>([base, ours, theirs, result]: [&[T]; 4]) -> bool {
    is_in_order(ours, result) || !has_moved(base, ours) && is_in_order(theirs, result)
}

/// Whether what of a side is in the result stands there in the same order.
fn is_in_order<T: Ord>(side: &[T], result: &[T]) -> bool {
    let known: BTreeSet<&T> = side.iter().collect();
    let mut of_side = side.iter();
    result.iter().filter(|one| known.contains(one)).all(|one| of_side.any(|next| next == one))
        || !has_moved(side, result)
}

/// How often something may stand in what the sides come to: what both did alike may be one change, or one of each.
pub(in crate::merge) fn wanted(counts: Sides<usize>) -> [usize; 2] {
    let both = (counts.ours + counts.theirs).saturating_sub(counts.base);
    [counts.trivial().copied().unwrap_or(both), both]
}

/// Whether there is as much of everything as the changes of both sides make.
fn counts_are_right(sides: [&[Meaning]; 4]) -> bool {
    let mut counts: BTreeMap<Meaning, [usize; 4]> = BTreeMap::new();
    for (side, all) in sides.iter().enumerate() {
        for one in *all {
            counts.entry(one.clone().sorted()).or_default()[side] += 1;
        }
    }
    counts
        .values()
        .all(|&[base, ours, theirs, result]| wanted(Sides { base, ours, theirs }).contains(&result))
}
