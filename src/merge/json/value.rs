//! Merging values: members by key, sets by element, everything else whole.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::super::Conflict;
use super::set;
use super::shape::{Shape, elements, is_same};
use crate::sides::{Side, Sides};

/// What the three sides have at one place.
pub(super) type ValueSides<'v> = Sides<Option<&'v Value>>;

impl ValueSides<'_> {
    pub(super) fn member(self, key: &str) -> Self {
        self.map(|value| value?.get(key))
    }

    /// The side that is right about what is said, where the other says nothing new, or the same.
    pub(super) fn decided_by(self, shape: Shape) -> Option<Side> {
        self.trivial_by(|left, right| is_same(shape, *left, *right))
    }

    fn what(self) -> &'static str {
        match (self.base, self.ours, self.theirs) {
            (None, _, _) => "added on both sides",
            (_, None, _) => "deleted here, changed there",
            (_, _, None) => "changed here, deleted there",
            _ => "changed on both sides",
        }
    }
}

/// The name of a place: a statement, the way to a value in it, or in the document.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    name: String,
    is_statement: bool,
}

impl Place {
    pub(super) fn statement(name: String) -> Self {
        Self { name, is_statement: true }
    }

    pub(super) fn member(&self, key: &str) -> Self {
        let name = match (self.name.as_str(), self.is_statement) {
            ("", _) => key.to_owned(),
            (name, true) => format!("{name}: {key}"),
            (name, false) => format!("{name}.{key}"),
        };
        Self { name, is_statement: false }
    }
}

/// A merge under way: conflicts are noted, and decided for one side.
pub(super) struct Merge {
    decided_for: Side,
    pub(super) conflicts: Vec<Conflict>,
}

impl Merge {
    pub(super) fn new(decided_for: Side) -> Self {
        Self { decided_for, conflicts: Vec::new() }
    }

    /// What is to stand at a place; None for nothing.
    pub(super) fn value(&mut self, place: &Place, shape: Shape, three: ValueSides<'_>) -> Option<Value> {
        if let Some(value) = three.trivial() {
            return value.cloned();
        }
        // A side that says the same may still say it in another order, so what has one is looked into.
        let Some(all) = three.all() else {
            return match three.decided_by(shape) {
                Some(side) => three.pick(side).cloned(),
                None => self.conflict(place, three),
            };
        };
        match shape {
            Shape::Set => self.set(place, all),
            Shape::Statements => self.statements(place, all),
            Shape::Plain if all.into_array().into_iter().all(Value::is_array) => {
                self.list(place, all.map(|value| value.as_array().map_or(&[][..], Vec::as_slice)))
            }
            _ if !all.into_array().into_iter().all(Value::is_object) => self.conflict(place, three),
            Shape::Statement => self.statement(place, three),
            _ => self.members(place, shape, three),
        }
    }

    pub(super) fn conflict(&mut self, place: &Place, three: ValueSides<'_>) -> Option<Value> {
        self.conflict_about(place, three.what());
        self.decided(three).cloned()
    }

    pub(super) fn conflict_about(&mut self, place: &Place, what: &str) {
        let at = if place.name.is_empty() { "the whole file" } else { &place.name };
        self.conflicts.push(Conflict { at: at.to_owned(), what: what.to_owned() });
    }

    /// What the side has for which conflicts are decided.
    pub(super) fn decided<T>(&self, sides: Sides<T>) -> T {
        sides.pick(self.decided_for)
    }

    /// Merges objects key by key.
    pub(super) fn members(&mut self, place: &Place, shape: Shape, three: ValueSides<'_>) -> Option<Value> {
        let keys = [three.ours, three.theirs, three.base].map(keys);
        let is_policy = shape != Shape::Plain && three.decided_by(shape).is_none();
        if is_policy && are_spelled_differently(&keys[0], &keys[1]) {
            return self.conflict(place, three);
        }
        if shape == Shape::Plain && Self::has_renamed(three, [&keys[2], &keys[0], &keys[1]]) {
            return self.conflict(place, three);
        }
        let mut object = Map::new();
        for key in set::order([&keys[0], &keys[1], &keys[2]]) {
            let member = self.value(&place.member(key), shape.member(key), three.member(key));
            object.extend(member.map(|value| (key.clone(), value)));
        }
        Some(Value::Object(object))
    }

    fn set(&mut self, place: &Place, all: Sides<&Value>) -> Option<Value> {
        let three = all.map(Some);
        let decided_by = three.decided_by(Shape::Set);
        let Some(texts) = all.map(texts).all() else {
            return match decided_by {
                Some(side) => three.pick(side).cloned(),
                None => self.conflict(place, three),
            };
        };
        let orders = texts.as_ref().map(|texts| texts.iter().map(String::as_str).collect::<Vec<_>>());
        let sets = orders.as_ref().map(|order| order.iter().copied().collect::<BTreeSet<_>>());
        let merged = match decided_by {
            Some(side) => Some(sets.pick(side)),
            // What both sides only took from is not emptied: nothing at all means something else.
            None => set::merged(sets.as_ref()).filter(|merged| !merged.is_empty()),
        };
        let Some(merged) = merged else { return self.conflict(place, three) };
        let values: BTreeMap<&str, &Value> = [(&texts.ours, all.ours), (&texts.theirs, all.theirs)]
            .into_iter()
            .flat_map(|(texts, value)| {
                texts.iter().map(String::as_str).zip(elements(value).unwrap_or_default())
            })
            .collect();
        let order = set::arranged(orders.as_ref().map(Vec::as_slice));
        let mut kept: Vec<Value> = order
            .into_iter()
            .filter(|text| merged.contains(text))
            .filter_map(|text| values.get(text).map(|value| (*value).clone()))
            .collect();
        Some(match kept.pop() {
            Some(only) if kept.is_empty() && !all.ours.is_array() => only,
            last => kept.into_iter().chain(last).collect(),
        })
    }
}

fn keys(value: Option<&Value>) -> Vec<&String> {
    value.and_then(Value::as_object).map(|object| object.keys().collect()).unwrap_or_default()
}

/// The elements of a set, each as its text.
fn texts(value: &Value) -> Option<Vec<String>> {
    Some(elements(value)?.into_iter().map(Value::to_string).collect())
}

/// Whether two sides have the same key in different letter case: one key for IAM, two for JSON.
fn are_spelled_differently(ours: &[&String], theirs: &[&String]) -> bool {
    let spelled: BTreeMap<String, &String> =
        ours.iter().map(|key| (key.to_ascii_lowercase(), *key)).collect();
    theirs.iter().any(|key| {
        spelled.get(&key.to_ascii_lowercase()).is_some_and(|known| known != key && !ours.contains(key))
    })
}
