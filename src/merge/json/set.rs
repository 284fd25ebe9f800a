//! Sets and orders of three sides.

use std::collections::{BTreeMap, BTreeSet};

/// What is left of a set when both sides' changes are made. None if both sides took the same element
/// out and put different ones in: that may have been a replacement of one and the same.
pub(super) fn merged<'k>(
    base: &BTreeSet<&'k str>,
    ours: &BTreeSet<&'k str>,
    theirs: &BTreeSet<&'k str>,
) -> Option<BTreeSet<&'k str>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn set<'k>(elements: &[&'k str]) -> BTreeSet<&'k str> {
        elements.iter().copied().collect()
    }

    #[test]
    fn both_sides_changes_are_made() {
        let of = |base: &[&'static str], ours: &[&'static str], theirs: &[&'static str]| {
            merged(&set(base), &set(ours), &set(theirs)).map(|merged| merged.into_iter().collect::<String>())
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
}
