//! Merging lists whose order matters: element by element, each known by a name of its own or by what it says.

use serde_json::Value;

use super::said::said;
use super::set;
use super::shape::Shape;
use super::value::{Merge, Place};
use crate::merge::matching::{self, Pairing};
use crate::merge::meaning::{Meaning, natural_keys};
use crate::sides::{Side, Sides};

impl Merge {
    /// Merges lists. What cannot be told apart on all sides is a conflict.
    pub(super) fn list(&mut self, place: &Place, lists: Sides<&[Value]>) -> Option<Value> {
        let meanings = lists.map(|list| list.iter().map(|one| said(Shape::Plain, one)).collect::<Vec<_>>());
        let Some((pairings, names)) = paired(meanings.as_ref().map(Vec::as_slice)) else {
            return self.conflict(place, lists.map(Value::from).as_ref().map(Some));
        };
        let merged = ordered(&pairings, lists.map(<[Value]>::len)).into_iter().filter_map(|at| {
            let three = lists.zip(pairings[at]).map(|(list, at)| at.map(|at| &list[at]));
            let name = names.as_ref().and_then(|names| {
                let known = names.as_ref().zip(pairings[at]).map(|(names, at)| names.get(at?));
                known.ours.or(known.theirs).or(known.base)
            });
            let inner = name.map_or_else(|| place.clone(), |name| place.member(name.trim_matches('"')));
            self.value(&inner, Shape::Plain, three)
        });
        Some(merged.collect())
    }
}

/// What the elements of each side are called.
type Names = Sides<Vec<String>>;

/// Which elements are the same, and their names if they have any.
fn paired(sides: Sides<&[Meaning]>) -> Option<(Vec<Pairing>, Option<Names>)> {
    match natural_keys(sides.into_array()) {
        Some([base, ours, theirs]) => {
            let mut pairings = matching::by_key_in_order(&base, &ours, &theirs)?;
            let is_like =
                |base: usize, side, at: usize| sides.base[base].is_shaped_like(&sides.pick(side)[at]);
            let has_renamed = !matching::renamed(&mut pairings, is_like).is_empty();
            (!has_renamed).then_some((pairings, Some(Sides { base, ours, theirs })))
        }
        None => Some((matching::by_order(sides.base, sides.ours, sides.theirs)?, None)),
    }
}

/// The pairings in the order of ours, and what ours has not where theirs has it.
fn ordered(pairings: &[Pairing], lengths: Sides<usize>) -> Vec<usize> {
    let numbers: Vec<usize> = (0..pairings.len()).collect();
    let orders = Side::ALL.zip(lengths).map(|(side, length)| {
        let mut order: Vec<Option<&usize>> = vec![None; length];
        for number in &numbers {
            if let Some(at) = pairings[*number].pick(side) {
                order[at] = Some(number);
            }
        }
        order.into_iter().flatten().collect::<Vec<&usize>>()
    });
    set::order([&orders.ours, &orders.theirs, &orders.base]).into_iter().copied().collect()
}
