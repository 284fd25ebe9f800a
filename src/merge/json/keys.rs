//! By what the statements of policies are told apart.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::shape::{Shape, is_same, meaning, statements};

/// The statements of a policy, each by its key.
pub(super) type Keyed<'v> = Vec<(Key, &'v Value)>;

/// By what a statement is told from others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// Its `Sid`, if no other statement of the same policy has it.
    Sid(String),
    /// It is the only one without such a `Sid`, on all three sides, and no other has lost its own.
    Only,
    /// All that it says, and how many before it say the same.
    Whole(String, usize),
}

/// How the statements of three policies are told apart.
pub(super) struct Keys {
    repeated: BTreeSet<String>,
    has_only: bool,
}

impl Keys {
    /// Looks at base and both sides.
    pub(super) fn new(sides: [&Value; 3]) -> Self {
        let mut keys = Self { repeated: BTreeSet::new(), has_only: false };
        for side in sides {
            let mut seen = BTreeSet::new();
            let again = statements(side).into_iter().filter_map(sid).filter(|sid| !seen.insert(*sid));
            keys.repeated.extend(again.map(str::to_owned));
        }
        let unnamed = sides.map(|side| keys.unnamed(side));
        keys.has_only = sides.into_iter().zip(unnamed).all(|(side, only)| {
            // Where a `Sid` is gone, the one without may be another.
            let is_same = || is_same(Shape::Statement, unnamed[0], only);
            let is_gone = |sid: &str| !statements(side).into_iter().any(|one| self::sid(one) == Some(sid));
            let loses_none = || !statements(sides[0]).into_iter().filter_map(self::sid).any(is_gone);
            only.is_some() && (is_same() || loses_none())
        });
        keys
    }

    /// The only statement without a `Sid` of its own, if there is one.
    fn unnamed<'v>(&self, policy: &'v Value) -> Option<&'v Value> {
        let mut unnamed = statements(policy).into_iter().filter(|statement| self.named(statement).is_none());
        unnamed.next().filter(|_| unnamed.next().is_none())
    }

    fn named<'v>(&self, statement: &'v Value) -> Option<&'v str> {
        sid(statement).filter(|sid| !self.repeated.contains(*sid))
    }

    /// The statements of a policy, each by its key.
    pub(super) fn of<'v>(&self, policy: &'v Value) -> Keyed<'v> {
        let mut met: BTreeMap<String, usize> = BTreeMap::new();
        let mut key = |statement: &Value| match self.named(statement) {
            Some(sid) => Key::Sid(sid.to_owned()),
            None if self.has_only => Key::Only,
            None => {
                let text = meaning(Shape::Statement, statement);
                let count = met.entry(text.clone()).or_default();
                *count += 1;
                Key::Whole(text, *count - 1)
            }
        };
        statements(policy).into_iter().map(|statement| (key(statement), statement)).collect()
    }
}

/// What a statement is called, if it is called anything.
pub(super) fn sid(statement: &Value) -> Option<&str> {
    statement.get("Sid").and_then(Value::as_str).filter(|sid| !sid.is_empty())
}
