//! The proof of a merge: the result, read anew, says what ours changed and what theirs changed, each
//! at its own address, and nothing else.
//!
//! It shares the reading of meanings with the merge, but neither its matching nor its edits: it only
//! compares four meanings.

use std::collections::{BTreeMap, BTreeSet};

use super::parsed::Parsed;
use super::semantics::{Meaning, natural_keys};
use crate::hcl::Span;
use crate::sides::Sides;

/// Whose change may have given way where both changed the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Allowed {
    /// Nobody's.
    Neither,
    /// Theirs, so that ours stands.
    Ours,
    /// Ours, so that theirs stands.
    Theirs,
}

/// Whether a result is what the three sides say.
pub(super) fn holds(sides: Sides<&Parsed<'_>>, result: &str, allowed: Allowed) -> bool {
    let Some(result) = Parsed::parse(result) else { return false };
    let meanings = sides.map(|side| Meaning::from_body(side, side.body()));
    let merged = Meaning::from_body(&result, result.body());
    keeps_comments(sides, &result, allowed) && follows(meanings.as_ref().map(Some), Some(&merged), allowed)
}

/// Every comment that ours added is there.
fn keeps_comments(sides: Sides<&Parsed<'_>>, result: &Parsed<'_>, allowed: Allowed) -> bool {
    let all = |side: &Parsed<'_>| -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for comment in side.comments(Span::from(0..side.text().len())) {
            *counts.entry(comment.to_owned()).or_default() += 1;
        }
        counts
    };
    let (base, result) = (all(sides.base), all(result));
    let count =
        |counts: &BTreeMap<String, usize>, comment: &str| counts.get(comment).copied().unwrap_or_default();
    allowed == Allowed::Theirs
        || all(sides.ours).iter().all(|(comment, &wanted)| {
            let added = wanted.saturating_sub(count(&base, comment));
            added == 0 || count(&result, comment) >= added
        })
}

type Said<'m> = Option<&'m Meaning>;

fn follows(sides: Sides<Said<'_>>, result: Said<'_>, allowed: Allowed) -> bool {
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
        (Meaning::Bag(o), Meaning::Bag(t), Some(Meaning::Bag(r))) => {
            let b: &[Meaning] = match base {
                Some(Meaning::Bag(b)) => b,
                _ => &[],
            };
            several([b, o, t, r], allowed, false)
        }
        (Meaning::List(o), Meaning::List(t), Some(Meaning::List(r))) => match base {
            Some(Meaning::List(b)) => several([b, o, t, r], allowed, true),
            _ => false,
        },
        _ => false,
    }
}

/// Several that have one address: by what tells them apart, by their number, or by their place.
fn several(sides: [&[Meaning]; 4], allowed: Allowed, is_ordered: bool) -> bool {
    let [base, ours, theirs, result] = sides;
    if !is_ordered && sides.iter().all(|side| side.len() <= 1) {
        let first = Sides { base, ours, theirs }.map(<[_]>::first);
        return follows(first, result.first(), allowed);
    }
    let by_place = || {
        let is_even = sides.iter().all(|side| side.len() == base.len());
        let at = |index: usize| Sides { base, ours, theirs }.map(|side| side.get(index));
        is_even && (0..base.len()).all(|index| follows(at(index), result.get(index), allowed))
    };
    match natural_keys(sides) {
        Some(keys) if !is_ordered => by_names(sides, &keys, allowed),
        Some(keys) if by_names(sides, &keys, allowed) && keeps_order(&keys[1], &keys[3]) => true,
        _ => counts_are_right(sides) && (!is_ordered || keeps_order(ours, result)) || by_place(),
    }
}

fn by_names(sides: [&[Meaning]; 4], keys: &[Vec<String>; 4], allowed: Allowed) -> bool {
    let of = |side: usize| -> BTreeMap<&String, &Meaning> { keys[side].iter().zip(sides[side]).collect() };
    let (known, result) = (Sides { base: of(0), ours: of(1), theirs: of(2) }, of(3));
    let all: BTreeSet<&String> = keys.iter().flatten().collect();
    let at = |key: &String| known.as_ref().map(|side| side.get(key).copied());
    all.into_iter().all(|key| follows(at(key), result.get(key).copied(), allowed))
}

/// Whether what of ours is in the result stands there in the order that ours has.
fn keeps_order<T: Ord>(ours: &[T], result: &[T]) -> bool {
    let known: BTreeSet<&T> = ours.iter().collect();
    let mut of_ours = ours.iter();
    result.iter().filter(|one| known.contains(one)).all(|one| of_ours.any(|next| next == one))
}

/// Whether there is as much of everything as the changes of both sides make.
fn counts_are_right(sides: [&[Meaning]; 4]) -> bool {
    let mut counts: BTreeMap<Meaning, [usize; 4]> = BTreeMap::new();
    for (side, all) in sides.iter().enumerate() {
        for one in *all {
            counts.entry(one.clone().sorted()).or_default()[side] += 1;
        }
    }
    counts.values().all(|&[base, ours, theirs, result]| {
        let sides = Sides { base, ours, theirs };
        let wanted = sides.trivial().copied().or_else(|| (ours + theirs).checked_sub(base));
        wanted == Some(result)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(name: &str, region: u32, duration: u32) -> String {
        format!("p \"{name}\" {{\n  region   = {region}\n  duration = {duration}\n  tags = [1, 2]\n}}\n")
    }

    #[track_caller]
    fn proves(base: &str, ours: &str, theirs: &str, result: &str) -> bool {
        let side = |text| Parsed::parse(text).expect("valid text");
        let (base, ours, theirs) = (side(base), side(ours), side(theirs));
        holds(Sides { base: &base, ours: &ours, theirs: &theirs }, result, Allowed::Neither)
    }

    /// The wrong results that other tools report as merges.
    #[test]
    fn what_is_lost_moved_or_made_up_is_not_proved() {
        let all = |a: String, b: String| format!("{a}{b}");
        let base = all(block("a", 1, 1), block("b", 1, 1));
        let ours = all(block("a", 1, 1), format!("# mine\n{}", block("b", 2, 1)));
        let theirs = all(block("a", 1, 3), block("b", 1, 3));
        let right = all(block("a", 1, 3), format!("# mine\n{}", block("b", 2, 3)));
        assert!(proves(&base, &ours, &theirs, &right));
        let reordered = all(format!("# mine\n{}", block("b", 2, 3)), block("a", 1, 3));
        assert!(proves(&base, &ours, &theirs, &reordered));
        for wrong in [
            all(block("a", 2, 3), format!("# mine\n{}", block("b", 1, 3))),
            all(block("a", 1, 1), format!("# mine\n{}", block("b", 2, 3))),
            all(block("a", 1, 3), format!("# mine\n{}", block("b", 1, 3))),
            right.replace("# mine\n", ""),
            right.replace("[1, 2]", "[2, 1]"),
            format!("{right}{}", block("a", 1, 3)),
            block("a", 1, 3),
            format!("{right}}}"),
        ] {
            assert!(!proves(&base, &ours, &theirs, &wrong), "{wrong}");
        }
    }
}
