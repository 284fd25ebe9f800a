//! Merging the statements of policies, where two right changes can make a wrong whole.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::keys::{Key, Keys};
use super::renamed;
use super::set;
use super::shape::{Shape, elements, is_same};
use super::value::{Merge, Place, ValueSides};
use crate::sides::Sides;

/// Keys of which a statement has one or the other.
const EITHER: [[&str; 2]; 3] =
    [["Action", "NotAction"], ["Resource", "NotResource"], ["Principal", "NotPrincipal"]];

impl Merge {
    /// Merges the statements of a policy, each with its like on the other sides.
    pub(super) fn statements(&mut self, place: &Place, sides: Sides<&Value>) -> Option<Value> {
        let keys = Keys::new(sides.into_array());
        let of = renamed::under_one_key(sides.map(|side| keys.of(side)));
        let whole = self.whole_statements(of.as_ref().map(Vec::as_slice));
        let known =
            of.as_ref().map(|side| side.iter().map(|(key, value)| (key, *value)).collect::<BTreeMap<_, _>>());
        let orders = of.as_ref().map(|side| side.iter().map(|(key, _)| key).collect::<Vec<_>>());
        let mut merged = Vec::new();
        for key in set::arranged(orders.as_ref().map(Vec::as_slice)) {
            let three = known.as_ref().map(|side| side.get(key).copied());
            let name = match key {
                Key::Sid(sid) => format!("statement {sid}"),
                Key::Only => "the statement without a Sid".to_owned(),
                Key::Whole(..) => {
                    let kept = whole.contains(key);
                    let value = three.ours.or(three.theirs).or(three.base);
                    merged.extend(value.filter(|_| kept).cloned());
                    continue;
                }
            };
            merged.extend(self.value(&Place::statement(name), Shape::Statement, three));
        }
        if merged.is_empty() && !of.ours.is_empty() && !of.theirs.is_empty() {
            return self.conflict(place, sides.map(Some));
        }
        Some(match merged.pop() {
            Some(only) if merged.is_empty() && !sides.ours.is_array() => only,
            last => merged.into_iter().chain(last).collect(),
        })
    }

    /// Which of the statements that are told by all they say are to stay.
    fn whole_statements<'k>(&mut self, sides: Sides<&'k [(Key, &Value)]>) -> BTreeSet<&'k Key> {
        let whole = |side: &'k [(Key, &Value)]| -> BTreeSet<&'k Key> {
            side.iter().map(|(key, _)| key).filter(|key| matches!(key, Key::Whole(..))).collect()
        };
        let sides = sides.map(whole);
        set::merged(sides.as_ref()).unwrap_or_else(|| {
            let place = Place::statement("the statements without a Sid of their own".to_owned());
            self.conflict_about(&place, "changed on both sides");
            self.decided(sides)
        })
    }

    /// Merges one statement that all three sides have, and both have changed.
    pub(super) fn statement(&mut self, place: &Place, three: ValueSides<'_>) -> Option<Value> {
        if three.decided_by(Shape::Statement).is_some() {
            return self.members(place, Shape::Statement, three);
        }
        let effect = three.member("Effect");
        let is_other = |side| !is_same(Shape::Plain, effect.base, side);
        if is_other(effect.ours) || is_other(effect.theirs) {
            return self.conflict(place, three);
        }
        if effect.base.and_then(Value::as_str) != Some("Deny") {
            let here = Difference::new(three.base, three.ours);
            let there = Difference::new(three.base, three.theirs);
            // What is newly allowed was meant to stand under the condition that the other side drops.
            let together = [
                (here.allows_more && there.loses_a_condition, "allows more here, loses a condition there"),
                (here.loses_a_condition && there.allows_more, "loses a condition here, allows more there"),
            ];
            if let Some((_, what)) = together.into_iter().find(|(is_so, _)| *is_so) {
                self.conflict_about(place, what);
                return self.decided(three).cloned();
            }
        }
        let known = self.conflicts.len();
        let merged = self.members(place, Shape::Statement, three);
        let has_both = |statement: Option<&Value>, [plain, negated]: [&str; 2]| {
            statement.is_some_and(|value| value.get(plain).is_some() && value.get(negated).is_some())
        };
        let is_new = |keys: &[&str; 2]| {
            has_both(merged.as_ref(), *keys) && !has_both(three.ours, *keys) && !has_both(three.theirs, *keys)
        };
        if EITHER.iter().any(is_new) {
            self.conflicts.truncate(known);
            return self.conflict(place, three);
        }
        merged
    }
}

/// What a side did to a statement that allows something.
struct Difference {
    allows_more: bool,
    loses_a_condition: bool,
}

impl Difference {
    fn new(base: Option<&Value>, side: Option<&Value>) -> Self {
        let of = |statement: Option<&Value>, key: &str| facts(statement.and_then(|value| value.get(key)));
        let adds = |key: &str| !(&of(side, key) - &of(base, key)).is_empty();
        let drops = |key: &str| !(&of(base, key) - &of(side, key)).is_empty();
        let has =
            |statement: Option<&Value>, key: &str| statement.is_some_and(|value| value.get(key).is_some());
        let is_other = |key: &str| has(base, key) != has(side, key);
        let allows_more = EITHER
            .iter()
            .any(|[plain, negated]| adds(plain) || drops(negated) || is_other(plain) || is_other(negated));
        let (before, after) = (conditions(base), conditions(side));
        Self { allows_more, loses_a_condition: !before.is_subset(&after) }
    }
}

/// The elements of an action, resource or principal, each with its kind where it has one.
fn facts(value: Option<&Value>) -> BTreeSet<String> {
    let of = |kind: &str, value: &Value| -> Vec<String> {
        let elements = elements(value).unwrap_or_else(|| vec![value]);
        elements.into_iter().map(|element| format!("{kind}:{element}")).collect()
    };
    match value {
        None => BTreeSet::new(),
        Some(Value::Object(kinds)) => kinds.iter().flat_map(|(kind, value)| of(kind, value)).collect(),
        Some(value) => of("", value).into_iter().collect(),
    }
}

/// Every operator of a statement's conditions with each of its keys.
fn conditions(statement: Option<&Value>) -> BTreeSet<(&str, &str)> {
    let operators = statement.and_then(|value| value.get("Condition")?.as_object()).into_iter().flatten();
    operators
        .flat_map(|(operator, keys)| {
            let keys = keys.as_object().into_iter().flatten();
            keys.map(move |(key, _)| (operator.as_str(), key.as_str()))
        })
        .collect()
}
