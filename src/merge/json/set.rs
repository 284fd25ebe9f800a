//! Sets and orders of three sides.

use std::collections::{BTreeMap, BTreeSet};

use crate::sides::Sides;

/// What is left of a set when both sides' changes are made. None if both sides took the same element
/// out and put different ones in: that may have been a replacement of one and the same.
pub(super) fn merged<'k, K: Ord + ?Sized>(
    Sides { base, ours, theirs }: Sides<&BTreeSet<&'k K>>,
) -> Option<BTreeSet<&'k K>> {
    let is_replaced = base.iter().any(|element| !ours.contains(element) && !theirs.contains(element));
    let (added, other): (BTreeSet<_>, BTreeSet<_>) = (ours - base, theirs - base);
    if is_replaced && added != other {
        return None;
    }
    let kept = &(base & ours) & theirs;
    Some(&(&kept | &added) | &other)
}

/// The keys of all sides, each once: in the order of the first, those of the others after the one
/// that stands before them on their side.
pub(super) fn order<'k, K: Ord + ?Sized>(sides: [&[&'k K]; 3]) -> Vec<&'k K> {
    let mut followers: BTreeMap<Option<&K>, Vec<&K>> = BTreeMap::new();
    let mut known = BTreeSet::new();
    for side in sides {
        let mut last = None;
        for key in side {
            if known.insert(*key) {
                followers.entry(last).or_default().push(*key);
            }
            last = Some(*key);
        }
    }
    // Each key follows one that was known before it, so all are reached from the start. Of several
    // that follow the same one, ours are last: theirs stand between two of ours, not after all.
    let mut ordered = Vec::with_capacity(known.len());
    let mut waiting = followers.remove(&None).unwrap_or_default();
    while let Some(key) = waiting.pop() {
        ordered.push(key);
        waiting.extend(followers.remove(&Some(key)).unwrap_or_default());
    }
    ordered
}

/// The keys of all sides in the order of the side that moved some; of ours, if both did or none.
pub(super) fn arranged<'k, K: Ord + ?Sized>(Sides { base, ours, theirs }: Sides<&[&'k K]>) -> Vec<&'k K> {
    if !is_moved(base, ours) && is_moved(base, theirs) {
        order([theirs, ours, base])
    } else {
        order([ours, theirs, base])
    }
}

/// Whether what both have stands in another order.
fn is_moved<K: Ord + ?Sized>(base: &[&K], side: &[&K]) -> bool {
    let in_base: BTreeSet<&K> = base.iter().copied().collect();
    let in_side: BTreeSet<&K> = side.iter().copied().collect();
    let kept = base.iter().filter(|key| in_side.contains(*key));
    !kept.eq(side.iter().filter(|key| in_base.contains(*key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set<'k>(elements: &[&'k str]) -> BTreeSet<&'k str> {
        elements.iter().copied().collect()
    }

    #[test]
    fn both_sides_changes_are_made() {
        let of = |base: &[&'static str], ours: &[&'static str], theirs: &[&'static str]| {
            let sides = Sides { base, ours, theirs }.map(set);
            merged(sides.as_ref()).map(|merged| merged.into_iter().collect::<String>())
        };
        assert_eq!(of(&["a"], &["a", "b"], &["a", "c"]).as_deref(), Some("abc"));
        assert_eq!(of(&["a", "b"], &["b"], &["a", "b", "c"]).as_deref(), Some("bc"));
        assert_eq!(of(&["a", "b"], &["x", "b"], &["a", "y"]).as_deref(), Some("xy"));
        assert_eq!(of(&["a"], &["b"], &["b"]).as_deref(), Some("b"));
        assert_eq!(of(&["a"], &["b"], &["c"]), None);
        assert_eq!(of(&["a", "z"], &["z"], &["c", "z"]), None);
    }

    #[test]
    fn orders_begin_with_the_first_side() {
        let of = |ours: &[&'static str], theirs: &[&'static str], base: &[&'static str]| {
            order([ours, theirs, base]).concat()
        };
        assert_eq!(of(&["a", "b"], &["b", "c"], &[]), "abc");
        assert_eq!(of(&["a", "b"], &["x", "a", "y", "z", "b"], &["b", "o"]), "xayzbo");
        assert_eq!(of(&[], &["b", "a"], &["a", "c"]), "bac");
    }

    #[test]
    fn the_side_that_moves_gives_the_order() {
        let of = |base: &[&'static str], ours: &[&'static str], theirs: &[&'static str]| {
            arranged(Sides { base, ours, theirs }).concat()
        };
        assert_eq!(of(&["a", "b", "c"], &["c", "a", "b"], &["a", "b", "x", "c"]), "cabx");
        assert_eq!(of(&["a", "b", "c"], &["a", "b", "x", "c"], &["c", "a", "b"]), "cabx");
        assert_eq!(of(&["a", "b"], &["b", "a"], &["b", "a"]), "ba");
        assert_eq!(of(&["a", "b", "c"], &["b", "a", "c"], &["a", "c", "b"]), "bac");
        assert_eq!(of(&["a", "b"], &["a", "x", "b"], &["y", "a", "b"]), "yaxb");
    }
}
