//! The proof of a merge: every change of either side is in the result, and nothing else is.

use std::collections::BTreeSet;

use serde_json::Value;

use super::shape::{Shape, elements, meaning};
use super::statement::Keys;
use crate::sides::Sides;

/// Whether a merge did what it should, told from the documents alone.
pub(super) fn holds(shape: Shape, sides: Sides<&Value>, merged: &Value) -> bool {
    let lists = sides.map(|document| document.get("Statement").unwrap_or(&Value::Null));
    let keys = Keys::new(lists.into_array());
    let facts = |document: &Value| {
        let mut facts = BTreeSet::new();
        collect(&mut facts, "", shape, document, &keys);
        facts
    };
    let (Sides { base, ours, theirs }, merged) = (sides.map(facts), facts(merged));
    let is_kept = |side: &BTreeSet<String>| {
        side.difference(&base).all(|added| merged.contains(added))
            && base.difference(side).all(|gone| !merged.contains(gone))
    };
    is_kept(&ours) && is_kept(&theirs) && merged.is_subset(&(&ours | &theirs))
}

/// Everything a document says, each with its place.
fn collect(facts: &mut BTreeSet<String>, place: &str, shape: Shape, value: &Value, keys: &Keys) {
    match (shape, value) {
        (Shape::Statements, value) => {
            for (key, statement) in keys.of(value) {
                let place = format!("{place}/{key:?}");
                collect(facts, &place, Shape::Statement, statement, keys);
            }
        }
        (Shape::Set, value) => match elements(value) {
            Some(elements) => facts.extend(elements.into_iter().map(|element| format!("{place} {element}"))),
            None => drop(facts.insert(format!("{place}={value}"))),
        },
        (shape, Value::Object(object)) => {
            facts.insert(format!("{place}/"));
            for (key, value) in object {
                collect(facts, &format!("{place}/{key:?}"), shape.member(key), value, keys);
            }
        }
        (shape, value) => drop(facts.insert(format!("{place}={}", meaning(shape, value)))),
    }
}
