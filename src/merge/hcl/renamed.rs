//! Items that one side renamed and the other deleted, or renamed as well.
//!
//! Nothing names such an item on all sides. A new item of one side that resembles one which is gone from
//! both is taken for it, so that it is not back under another name after it was deleted.

use super::items::{ItemKind, MergeItem, meaning};
use super::parsed::Parsed;
use crate::merge::matching::Pairing;
use crate::merge::meaning::Meaning;
use crate::sides::{Side, Sides};

/// Pairs what is gone from both sides with what resembles it and is new on either.
pub(super) fn paired(pairings: &mut Vec<Pairing>, sides: Sides<&Parsed<'_>>, all: Sides<&[MergeItem<'_>]>) {
    let gone = |one: &Pairing| one.is_only_of(Side::Base);
    let is_new = |one: &Pairing| one.base.is_none();
    let (mut lost, rest): (Vec<Pairing>, Vec<Pairing>) = pairings.drain(..).partition(gone);
    let (mut new, kept): (Vec<Pairing>, Vec<Pairing>) = rest.into_iter().partition(is_new);
    let said = |one: &Pairing, side: Side| -> Option<(&MergeItem<'_>, Meaning)> {
        let item = &all.pick(side)[one.pick(side)?];
        Some((item, meaning(sides.pick(side), item)?))
    };
    for old in &mut lost {
        let Some((before, was)) = said(old, Side::Base) else { continue };
        for side in [Side::Ours, Side::Theirs] {
            let is_like = |one: &Pairing| {
                said(one, side)
                    .is_some_and(|(item, is)| is_of_one_kind(before, item) && was.is_shaped_like(&is))
            };
            let Some(at) = new.iter().position(is_like) else { continue };
            // What is new on both sides under one name goes together already.
            let found = new[at];
            if !found.is_only_of(side) || old.pick(side).is_some() {
                continue;
            }
            *old.pick_mut(side) = found.pick(side);
            new.remove(at);
        }
    }
    pairings.extend(kept.into_iter().chain(lost).chain(new));
}

/// Whether both are attributes, or blocks with the same keyword and all labels but the last.
fn is_of_one_kind(before: &MergeItem<'_>, after: &MergeItem<'_>) -> bool {
    match (before.kind, after.kind) {
        (ItemKind::Attribute(_), ItemKind::Attribute(_)) => true,
        (ItemKind::Block(before), ItemKind::Block(after)) => {
            let kind = |labels: &[String]| labels.split_last().map_or(Vec::new(), |(_, kind)| kind.to_vec());
            before.keyword == after.keyword && kind(&before.labels) == kind(&after.labels)
        }
        _ => false,
    }
}
