//! Items to which a side gave another name, and nothing says so.
//!
//! - What one side renamed and the other deleted, or renamed as well: a new item that resembles one which
//!   is gone from both is taken for it, so that it is not back under another name after it was deleted.
//! - What one side renamed and the other changed is followed: all sides get the new name, and are merged anew. What is
//!   taken for renamed is said in [`crate::merge::renames`].

use super::edit::{self, Edit};
use super::items::{ItemKind, MergeItem, meaning};
use super::named::{self, Inside, Level};
use super::parsed::Parsed;
use crate::hcl::{Body, Span};
use crate::merge::matching::{self, Pairing};
use crate::merge::renames::renames;
use crate::sides::Sides;

/// Pairs what is gone from both sides with what resembles it and is new on either.
pub(super) fn paired(pairings: &mut Vec<Pairing>, sides: Sides<&Parsed<'_>>, all: Sides<&[MergeItem<'_>]>) {
    let found = matching::renamed(pairings, |base, side, at| {
        let (before, after) = (&all.base[base], &all.pick(side)[at]);
        let said = || Some((meaning(sides.base, before)?, meaning(sides.pick(side), after)?));
        match other_names(before, after) {
            Some(0 | 1) => said().is_some_and(|(was, is)| was.is_shaped_like(&is)),
            Some(_) => said().is_some_and(|(was, is)| was.resembles(&is)),
            None => false,
        }
    });
    pairings.extend(found);
}

/// In how many names two attributes or blocks differ, where they are of one kind.
fn other_names(before: &MergeItem<'_>, after: &MergeItem<'_>) -> Option<usize> {
    match (before.kind, after.kind) {
        (ItemKind::Attribute(_), ItemKind::Attribute(_)) => Some(1),
        (ItemKind::Block(before), ItemKind::Block(after)) => named::other_labels(before, after),
        _ => None,
    }
}

/// The three texts with the names that one side gave, where the other kept the old ones; `None` if there are
/// no such names.
pub(super) fn in_place(sides: Sides<&Parsed<'_>>) -> Option<Sides<String>> {
    let mut found = Renames { sides, edits: Sides::default() };
    found.in_bodies(sides.map(Parsed::body));
    if found.edits.as_ref().into_array().into_iter().all(Vec::is_empty) {
        return None;
    }
    let written = |(side, edits): (&Parsed<'_>, Vec<Edit>)| {
        edit::apply(side.text(), Span::from(0..side.text().len()), &edits)
    };
    sides.zip(found.edits).map(written).all()
}

/// What was renamed, as edits of the sides on which it has its old name.
struct Renames<'m, 't> {
    sides: Sides<&'m Parsed<'t>>,
    edits: Sides<Vec<Edit>>,
}

impl<'m> Renames<'m, '_> {
    fn in_bodies(&mut self, bodies: Sides<&'m Body>) {
        self.in_level(&Level::from_bodies(self.sides, bodies));
    }

    fn in_level(&mut self, level: &Level<'m, '_>) {
        let keys = level.keys();
        let renamed = renames(keys.as_ref().map(Vec::as_slice), level);
        for rename in &renamed {
            for side in rename.old() {
                self.edits.pick_mut(side).extend(level.edits(*rename, side));
            }
        }
        for inside in level.inner(&renamed) {
            match inside {
                Sides {
                    base: Inside::Block(base),
                    ours: Inside::Block(ours),
                    theirs: Inside::Block(theirs),
                } => {
                    self.in_bodies(Sides { base, ours, theirs }.map(|block| &block.body));
                }
                Sides {
                    base: Inside::Expression(base),
                    ours: Inside::Expression(ours),
                    theirs: Inside::Expression(theirs),
                } => {
                    let level = Level::from_expressions(self.sides, Sides { base, ours, theirs });
                    if let Some(level) = level {
                        self.in_level(&level);
                    }
                }
                _ => {}
            }
        }
    }
}
