//! Policies as they are evaluated: statements, as values.

use std::fmt;

use super::condition::Condition;
use super::pattern::Pattern;
use super::principal::Named;
use crate::diagnostic::words::excerpt;

/// Where a policy is attached, and so what its statements hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// To a role: it names principals and no resources.
    Trust,
    /// To a principal: it names resources and no principals.
    Identity,
    /// To another resource, such as a bucket: it names principals, and mostly resources.
    Resource,
}

/// A policy, ready to be evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// The statements, in order.
    pub statements: Vec<Statement>,
}

/// What a statement does to a request that matches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Allow,
    Deny,
}

/// One statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    pub(super) id: StatementId,
    pub(super) effect: Effect,
    /// `None` in an identity policy.
    pub(super) principals: Option<Listed<Named>>,
    pub(super) actions: Listed<Pattern>,
    /// `None` in a trust policy, and where a resource's policy leaves them out.
    pub(super) resources: Option<Listed<Pattern>>,
    pub(super) conditions: Vec<Condition>,
}

/// A list, or everything but a list: `Action` and `NotAction`, say.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Listed<T> {
    pub(super) negated: bool,
    pub(super) entries: Vec<T>,
}

/// What a statement is called: its `Sid`, or else its place in the list, counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatementId {
    /// Its `Sid`.
    Sid(String),
    /// Its place.
    Index(usize),
}

impl fmt::Display for StatementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sid(sid) => write!(f, "`{}`", excerpt(sid)),
            Self::Index(index) => write!(f, "`Statement[{index}]`"),
        }
    }
}

impl Policy {
    /// The principals that statements which allow list, as they are written.
    pub fn trusted(&self) -> impl Iterator<Item = &str> {
        let allowing = self.statements.iter().filter(|statement| statement.effect == Effect::Allow);
        let listed = allowing.filter_map(|statement| statement.principals.as_ref());
        listed.filter(|listed| !listed.negated).flat_map(|listed| &listed.entries).map(|entry| entry.as_str())
    }

    /// The part of an identity policy that can matter to one resource: policies of a fleet list
    /// hundreds, and are asked about one at a time.
    #[must_use]
    pub fn about(&self, resource: &str) -> Self {
        let narrowed = |statement: &Statement| {
            let listed = statement.resources.as_ref()?;
            let can_matter = |pattern: &&Pattern| pattern.literal().is_none_or(|literal| literal == resource);
            let entries: Vec<Pattern> = listed.entries.iter().filter(can_matter).cloned().collect();
            let resources = Some(Listed { negated: listed.negated, entries });
            let Statement { id, effect, principals, actions, conditions, .. } = statement;
            let matters =
                listed.negated || resources.as_ref().is_some_and(|listed| !listed.entries.is_empty());
            matters.then(|| Statement {
                id: id.clone(),
                effect: *effect,
                principals: principals.clone(),
                actions: actions.clone(),
                resources,
                conditions: conditions.clone(),
            })
        };
        Self { statements: self.statements.iter().filter_map(narrowed).collect() }
    }
}
