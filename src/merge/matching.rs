//! Which parts of the three sides are the same part.

use std::collections::{BTreeMap, BTreeSet};

use super::meaning::Meaning;
use crate::sides::{Side, Sides};

/// A part, by its index on each side that has it.
pub(in crate::merge) type Pairing = Sides<Option<usize>>;

impl Pairing {
    /// Whether the part is on one side alone.
    pub(in crate::merge) fn is_only_of(&self, side: Side) -> bool {
        Side::ALL.zip(*self).into_array().into_iter().all(|(one, at)| (one == side) == at.is_some())
    }
}

/// Where more came and went than this, as products of their numbers, nothing is taken for renamed.
pub(in crate::merge) const MOST_COMPARED: usize = 20_000;

/// Takes out what is gone from both sides together with what is like it and new on one side, or on each: it
/// may be the same part under another name, and whoever deleted or renamed it, too, has to be asked.
pub(in crate::merge) fn renamed(
    pairings: &mut Vec<Pairing>,
    is_like: impl Fn(usize, Side, usize) -> bool,
) -> Vec<Pairing> {
    let mut found: Vec<Pairing> = pairings.iter().copied().filter(|one| one.is_only_of(Side::Base)).collect();
    let new = pairings.iter().filter(|one| one.base.is_none()).count();
    if found.len().saturating_mul(new) > MOST_COMPARED {
        return Vec::new();
    }
    for old in &mut found {
        let Some(base) = old.base else { continue };
        for side in [Side::Ours, Side::Theirs] {
            let is_new = |one: &Pairing| {
                one.is_only_of(side) && one.pick(side).is_some_and(|at| is_like(base, side, at))
            };
            if let Some(at) = pairings.iter().position(is_new) {
                *old.pick_mut(side) = pairings.remove(at).pick(side);
            }
        }
    }
    found.retain(|one| !one.is_only_of(Side::Base));
    let is_found = |one: &Pairing| found.iter().any(|old| old.base == one.base);
    pairings.retain(|one| !(one.is_only_of(Side::Base) && is_found(one)));
    found
}

/// Sequences whose lengths have a larger product are compared at their ends only.
const LARGEST_TABLE: usize = 1_000_000;

/// Pairs parts by keys, of which no side has one twice.
pub(in crate::merge) fn by_key(base: &[String], ours: &[String], theirs: &[String]) -> Vec<Pairing> {
    indexed(Sides { base, ours, theirs }).into_values().collect()
}

/// Each part with its index on every side.
fn indexed<T: Ord>(sides: Sides<&[T]>) -> BTreeMap<&T, Pairing> {
    let mut found: BTreeMap<&T, Pairing> = BTreeMap::new();
    for (parts, side) in sides.zip(Side::ALL).into_array() {
        for (index, part) in parts.iter().enumerate() {
            *found.entry(part).or_default().pick_mut(side) = Some(index);
        }
    }
    found
}

/// Pairs parts of a list by keys, of which no side has one twice. `None` where both sides say where
/// something is to stand.
pub(in crate::merge) fn by_key_in_order(
    base: &[String],
    ours: &[String],
    theirs: &[String],
) -> Option<Vec<Pairing>> {
    if !has_moved(base, theirs) {
        return Some(by_key(base, ours, theirs));
    }
    // What has moved is another part at its new place.
    (ours == base).then(|| {
        let known: BTreeMap<usize, usize> = common(base, theirs).into_iter().collect();
        let kept = (0..base.len()).map(|at| pairing(Some(at), Some(at), known.get(&at).copied()));
        let met: BTreeSet<usize> = known.values().copied().collect();
        let new = (0..theirs.len()).filter(|at| !met.contains(at));
        kept.chain(new.map(|at| pairing(None, None, Some(at)))).collect()
    })
}

/// Pairs parts that have nothing but their content and order. `None` where that would be a guess.
pub(in crate::merge) fn by_order(
    base: &[Meaning],
    ours: &[Meaning],
    theirs: &[Meaning],
) -> Option<Vec<Pairing>> {
    let pairings = one_sided(base, ours, theirs);
    if pairings.is_some() {
        return pairings;
    }
    // Where something has moved, its place tells nothing of what stands there now.
    if has_moved(base, ours) || has_moved(base, theirs) {
        return None;
    }
    if [base, ours, theirs].into_iter().any(has_twice) {
        return positions(base, ours, theirs);
    }
    let mut found = Vec::new();
    for chunk in chunks(base, ours, theirs) {
        let [b, o, t] = chunk;
        let pairs = within(&base[b.0..b.1], &ours[o.0..o.1], &theirs[t.0..t.1])?;
        let shift = |index: Option<usize>, by: usize| index.map(|index| index + by);
        found.extend(
            pairs
                .iter()
                .map(|pair| pairing(shift(pair.base, b.0), shift(pair.ours, o.0), shift(pair.theirs, t.0))),
        );
    }
    Some(found)
}

/// Pairs parts of which one side at most has changed anything.
fn one_sided<T: Ord>(base: &[T], ours: &[T], theirs: &[T]) -> Option<Vec<Pairing>> {
    if ours == base {
        return Some(aligned(base, theirs).into_iter().map(|(b, t)| pairing(b, b, t)).collect());
    }
    if theirs == base {
        return Some(aligned(base, ours).into_iter().map(|(b, o)| pairing(b, o, b)).collect());
    }
    None
}

/// Pairs parts whose order says nothing, where two sides have the same ones.
pub(in crate::merge) fn whatever_the_order<T: Ord>(
    base: &[T],
    ours: &[T],
    theirs: &[T],
) -> Option<Vec<Pairing>> {
    if let Some(in_ours) = places(base, ours) {
        let pairs = aligned(base, theirs).into_iter();
        return Some(pairs.map(|(b, t)| pairing(b, b.map(|b| in_ours[b]), t)).collect());
    }
    if let Some(in_theirs) = places(base, theirs) {
        let pairs = aligned(base, ours).into_iter();
        return Some(pairs.map(|(b, o)| pairing(b, o, b.map(|b| in_theirs[b]))).collect());
    }
    let in_theirs = places(ours, theirs)?;
    let pairs = aligned(base, ours).into_iter();
    Some(pairs.map(|(b, o)| pairing(b, o, o.map(|o| in_theirs[o]))).collect())
}

/// Where each of one side's parts is on another, if that has the same ones.
fn places<T: Ord>(from: &[T], to: &[T]) -> Option<Vec<usize>> {
    let [sorted_from, sorted_to] = [from, to].map(|parts| {
        let mut places: Vec<usize> = (0..parts.len()).collect();
        places.sort_by_key(|at| &parts[*at]);
        places
    });
    let mut pairs: Vec<(usize, usize)> = sorted_from.into_iter().zip(sorted_to).collect();
    let is_same = from.len() == to.len() && pairs.iter().all(|(one, other)| from[*one] == to[*other]);
    pairs.sort_unstable();
    is_same.then(|| pairs.into_iter().map(|(_, other)| other).collect())
}

fn pairing(base: Option<usize>, ours: Option<usize>, theirs: Option<usize>) -> Pairing {
    Pairing { base, ours, theirs }
}

fn has_twice<T: Ord>(parts: &[T]) -> bool {
    parts.iter().collect::<BTreeSet<_>>().len() < parts.len()
}

/// Pairs by position, where each position was changed by one side at most.
fn positions(base: &[Meaning], ours: &[Meaning], theirs: &[Meaning]) -> Option<Vec<Pairing>> {
    let is_even = base.len() == ours.len() && base.len() == theirs.len();
    let is_plain = |index: usize| {
        let sides = Sides { base, ours, theirs }.map(|side| &side[index]);
        let is_one = || sides.base.resembles(sides.ours) && sides.base.resembles(sides.theirs);
        sides.trivial().is_some() || base.len() == 1 && is_one()
    };
    let all = 0..base.len();
    (is_even && all.clone().all(is_plain))
        .then(|| all.map(|at| pairing(Some(at), Some(at), Some(at))).collect())
}

/// Whether a side has something elsewhere than base.
pub(in crate::merge) fn has_moved<T: Ord>(base: &[T], side: &[T]) -> bool {
    let mut counts: BTreeMap<&T, usize> = BTreeMap::new();
    for part in base {
        *counts.entry(part).or_default() += 1;
    }
    let is_kept = |part: &T, counts: &mut BTreeMap<&T, usize>| {
        let left = counts.get_mut(part).filter(|count| **count > 0);
        left.map(|count| *count -= 1).is_some()
    };
    let kept = side.iter().filter(|part| is_kept(part, &mut counts)).count();
    common(base, side).len() < kept
}

/// A range of each side.
type Chunk = [(usize, usize); 3];

/// Cuts the sides where all of them have the same part; each such part is a chunk of its own.
fn chunks<T: Ord>(base: &[T], ours: &[T], theirs: &[T]) -> Vec<Chunk> {
    let of = |side: &[T]| -> BTreeMap<usize, usize> { common(base, side).into_iter().collect() };
    let (in_ours, in_theirs) = (of(ours), of(theirs));
    let mut found = Vec::new();
    let mut from = (0, 0, 0);
    for (b, o) in in_ours {
        let Some(&t) = in_theirs.get(&b) else { continue };
        found.push([(from.0, b), (from.1, o), (from.2, t)]);
        found.push([(b, b + 1), (o, o + 1), (t, t + 1)]);
        from = (b + 1, o + 1, t + 1);
    }
    found.push([(from.0, base.len()), (from.1, ours.len()), (from.2, theirs.len())]);
    found
}

/// Pairs what stands between two parts that all sides have.
fn within(base: &[Meaning], ours: &[Meaning], theirs: &[Meaning]) -> Option<Vec<Pairing>> {
    let pairings = one_sided(base, ours, theirs);
    if pairings.is_some() {
        return pairings;
    }
    if ours == theirs {
        let removed = (0..base.len()).map(|at| pairing(Some(at), None, None));
        return Some((0..ours.len()).map(|at| pairing(None, Some(at), Some(at))).chain(removed).collect());
    }
    positions(base, ours, theirs).or_else(|| independent(base, ours, theirs))
}

/// Pairs equal parts where no part is gone from both sides, so that nothing may have become two
/// different things.
fn independent<T: Ord>(base: &[T], ours: &[T], theirs: &[T]) -> Option<Vec<Pairing>> {
    let found = indexed(Sides { base, ours, theirs });
    let is_gone = |pair: &Pairing| pair.ours.is_none() && pair.theirs.is_none();
    if found.values().any(is_gone) {
        return None;
    }
    let kept: Vec<usize> = ours.iter().filter_map(|part| found[part].theirs).collect();
    // What both sides have must stand in the same order, or one of them has moved something.
    kept.is_sorted().then(|| found.into_values().collect())
}

/// Pairs two sides: equal parts with each other, and what was changed in its place.
fn aligned<T: Ord>(left: &[T], right: &[T]) -> Vec<(Option<usize>, Option<usize>)> {
    let mut found = Vec::new();
    let mut from = (0, 0);
    let ends = [(left.len(), right.len())];
    for (l, r) in common(left, right).into_iter().chain(ends) {
        let (lefts, rights) = (from.0..l, from.1..r);
        if lefts.len() == rights.len() {
            found.extend(lefts.zip(rights).map(|(l, r)| (Some(l), Some(r))));
        } else {
            found.extend(lefts.map(|l| (Some(l), None)));
            found.extend(rights.map(|r| (None, Some(r))));
        }
        if l < left.len() {
            found.push((Some(l), Some(r)));
        }
        from = (l + 1, r + 1);
    }
    found
}

/// A longest sequence of equal parts.
pub(in crate::merge) fn common<T: Ord>(left: &[T], right: &[T]) -> Vec<(usize, usize)> {
    let shorter = left.len().min(right.len());
    let head = (0..shorter).take_while(|&at| left[at] == right[at]).count();
    let is_tail = |at: &usize| left[left.len() - 1 - at] == right[right.len() - 1 - at];
    let tail = (0..shorter - head).take_while(is_tail).count();
    let (l, r) = (left.len() - tail, right.len() - tail);
    let middle = table(&left[head..l], &right[head..r]);
    let heads = (0..head).map(|at| (at, at));
    let middles = middle.into_iter().map(|(a, b)| (a + head, b + head));
    heads.chain(middles).chain((0..tail).map(|at| (l + at, r + at))).collect()
}

/// The same, by the table of all lengths.
fn table<T: Ord>(left: &[T], right: &[T]) -> Vec<(usize, usize)> {
    if left.len().saturating_mul(right.len()) > LARGEST_TABLE {
        return Vec::new();
    }
    let width = right.len() + 1;
    let mut lengths = vec![0_u32; (left.len() + 1) * width];
    for l in (0..left.len()).rev() {
        for r in (0..right.len()).rev() {
            lengths[l * width + r] = if left[l] == right[r] {
                lengths[(l + 1) * width + r + 1] + 1
            } else {
                lengths[(l + 1) * width + r].max(lengths[l * width + r + 1])
            };
        }
    }
    let mut found = Vec::new();
    let (mut l, mut r) = (0, 0);
    while l < left.len() && r < right.len() {
        if left[l] == right[r] {
            found.push((l, r));
            (l, r) = (l + 1, r + 1);
        } else if lengths[(l + 1) * width + r] >= lengths[l * width + r + 1] {
            l += 1;
        } else {
            r += 1;
        }
    }
    found
}
