//! The proof of a merge: the result, read anew, says what ours changed and what theirs changed, each
//! at its own address, and nothing else.
//!
//! It shares the reading of meanings with the merge, but neither its matching nor its edits: it only
//! compares four meanings.

use std::collections::{BTreeMap, BTreeSet};

use super::meaning::{Meaning, natural_keys};
use super::side::Side;

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
pub(super) fn holds(sides: [&Side<'_>; 3], result: &str, allowed: Allowed) -> bool {
    let Some(result) = Side::parse(result) else { return false };
    let [base, ours, theirs] = sides.map(|side| Meaning::of_body(side, &side.body));
    let merged = Meaning::of_body(&result, &result.body);
    keeps_comments(sides, &result, allowed)
        && follows(Some(&base), Some(&ours), Some(&theirs), Some(&merged), allowed)
}

/// Every comment that ours added is there.
fn keeps_comments([base, ours, _]: [&Side<'_>; 3], result: &Side<'_>, allowed: Allowed) -> bool {
    let all = |side: &Side<'_>| -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for comment in side.comments(&(0..side.text.len())) {
            *counts.entry(comment.to_owned()).or_default() += 1;
        }
        counts
    };
    let (base, result) = (all(base), all(result));
    let count =
        |counts: &BTreeMap<String, usize>, comment: &str| counts.get(comment).copied().unwrap_or_default();
    allowed == Allowed::Theirs
        || all(ours).iter().all(|(comment, &wanted)| {
            let added = wanted.saturating_sub(count(&base, comment));
            added == 0 || count(&result, comment) >= added
        })
}

type Said<'m> = Option<&'m Meaning>;

fn follows(base: Said<'_>, ours: Said<'_>, theirs: Said<'_>, result: Said<'_>, allowed: Allowed) -> bool {
    let is_settled = match allowed {
        Allowed::Neither => false,
        Allowed::Ours => same(result, ours),
        Allowed::Theirs => same(result, theirs),
    };
    if is_settled {
        true
    } else if same(ours, base) || same(ours, theirs) {
        same(result, theirs)
    } else if same(theirs, base) {
        same(result, ours)
    } else {
        deeper(base, ours, theirs, result, allowed)
    }
}

fn same(left: Said<'_>, right: Said<'_>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => left.same(right),
        (left, right) => left.is_none() && right.is_none(),
    }
}

fn deeper(base: Said<'_>, ours: Said<'_>, theirs: Said<'_>, result: Said<'_>, allowed: Allowed) -> bool {
    let (Some(ours), Some(theirs)) = (ours, theirs) else { return false };
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
            keys.into_iter().all(|key| follows(b.get(key), o.get(key), t.get(key), r.get(key), allowed))
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
    let [b, o, t, r] = sides;
    if let Some(keys) = natural_keys(sides) {
        let at = |side: usize, key: &String| keys[side].iter().position(|known| known == key);
        let all: BTreeSet<&String> = keys.iter().flatten().collect();
        return all.into_iter().all(|key| {
            let one = |side: usize| at(side, key).map(|index| &sides[side][index]);
            follows(one(0), one(1), one(2), one(3), allowed)
        }) && (!is_ordered || keeps_order(&keys[1], &keys[3]));
    }
    if counts_are_right(sides) && (!is_ordered || keeps_order(o, r)) {
        return true;
    }
    let is_even = b.len() == o.len() && b.len() == t.len() && b.len() == r.len();
    is_even && (0..b.len()).all(|at| follows(Some(&b[at]), Some(&o[at]), Some(&t[at]), Some(&r[at]), allowed))
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
        let wanted = if ours == base || ours == theirs {
            Some(theirs)
        } else if theirs == base {
            Some(ours)
        } else {
            (ours + theirs).checked_sub(base)
        };
        wanted == Some(result)
    })
}
