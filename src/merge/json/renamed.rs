//! Members, elements and statements to which a side gave another name, where nothing says so.

use super::keys::{Key, Keyed};
use super::located::{Document, Node};
use super::named::{Level, TextEdit};
use super::said::{but_for_its_sid, said};
use super::shape::Shape;
use super::value::{Merge, ValueSides};
use crate::merge::matching;
use crate::merge::renames::renames;
use crate::sides::{Side, Sides};

/// The three texts with the names that one side gave, where the other kept the old ones; `None` if there are
/// no such names.
pub(super) fn in_place(documents: Sides<&Document<'_>>) -> Option<Sides<String>> {
    let shape = Shape::from_documents(documents.map(|document| &document.value).into_array());
    let mut edits = Sides::default();
    collect(shape, documents.map(Document::root), &mut edits);
    if edits.as_ref().into_array().into_iter().all(Vec::is_empty) {
        return None;
    }
    Some(documents.zip(edits).map(|(document, edits)| edited(document.text, edits)))
}

fn collect(shape: Shape, nodes: Sides<Node<'_>>, edits: &mut Sides<Vec<TextEdit>>) {
    let Some(level) = Level::new(shape, nodes) else { return };
    let renamed = renames(level.keys(), &level);
    for rename in &renamed {
        for side in rename.old() {
            edits.pick_mut(side).extend(level.edit(*rename, side));
        }
    }
    for (shape, inner) in level.inner(&renamed) {
        collect(shape, inner, edits);
    }
}

fn edited(text: &str, mut edits: Vec<TextEdit>) -> String {
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let mut edited = text.to_owned();
    for (span, new) in edits {
        edited.replace_range(span.range(), &new);
    }
    edited
}

/// The statements of three sides, where one that is gone from both and those that are most of it, new on either,
/// have one key: whoever deleted it, or gave it another `Sid`, has to be asked.
pub(super) fn under_one_key(mut sides: Sides<Keyed<'_>>) -> Sides<Keyed<'_>> {
    let words = |side: &Keyed<'_>| side.iter().map(|(key, _)| format!("{key:?}")).collect::<Vec<String>>();
    let keys = sides.as_ref().map(words);
    let mut pairings = matching::by_key(&keys.base, &keys.ours, &keys.theirs);
    let is_like = |base: usize, side, at: usize| {
        let (before, after) = (&sides.base[base], &sides.as_ref().pick(side)[at]);
        let is_named = [before, after].into_iter().any(|(key, _)| matches!(key, Key::Sid(_)));
        is_named && but_for_its_sid(before.1).is_mostly(&but_for_its_sid(after.1))
    };
    for pairing in matching::renamed(&mut pairings, is_like) {
        let all = sides.as_ref().zip(pairing).map(|(side, at)| at.map(|at| side[at].0.clone()));
        let Some(key) = all.into_array().into_iter().flatten().find(|key| matches!(key, Key::Sid(_))) else {
            continue;
        };
        for (side, at) in Side::ALL.zip(pairing).into_array() {
            if let Some(at) = at {
                sides.pick_mut(side)[at].0 = key.clone();
            }
        }
    }
    sides
}

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
