//! Members to which a side gave another name.

use super::said::said;
use super::shape::Shape;
use super::value::{Merge, ValueSides};
use crate::merge::matching;
use crate::sides::{Side, Sides};

impl Merge {
    /// Whether a member is gone from both sides, and new under another name on one.
    pub(super) fn has_renamed(three: ValueSides<'_>, [base, ours, theirs]: [&[&String]; 3]) -> bool {
        let owned = |keys: &[&String]| keys.iter().map(|key| (*key).clone()).collect::<Vec<String>>();
        let mut pairings = matching::by_key(&owned(base), &owned(ours), &owned(theirs));
        let keys = Sides { base, ours, theirs };
        let member = |side, at: usize| Some(said(Shape::Plain, three.pick(side)?.get(keys.pick(side)[at])?));
        let is_like = |base: usize, side, at: usize| {
            let both = member(Side::Base, base).zip(member(side, at));
            both.is_some_and(|(was, is)| was.is_shaped_like(&is))
        };
        !matching::renamed(&mut pairings, is_like).is_empty()
    }
}
