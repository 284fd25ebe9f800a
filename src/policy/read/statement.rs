//! Statements, as values: every part of one with its place, known or not.

use std::fmt;

use super::condition::{Condition, Conditions};
use super::glob::Case;
use super::part::{Listed, Located, Part};
use super::pattern::Pattern;
use super::principal::PrincipalPattern;
use crate::diagnostic::Span;
use crate::diagnostic::words::excerpt;
use crate::value::{Reason, Value};

/// Services whose resources are what their policies are about, without saying so.
const WITHOUT_RESOURCE: [&str; 4] = ["ecr:", "ecr-public:", "elasticfilesystem:", "serverlessrepo:"];

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

impl Kind {
    /// The kind that a policy is by what it holds: one that names principals and speaks of STS, or of no
    /// resource, is a role's trust policy.
    #[must_use]
    pub fn of(policy: &Value) -> Self {
        let statements = || policy.get("Statement").map(Value::items).unwrap_or_default().iter();
        let has = |keys: [&str; 2]| {
            statements().any(|statement| keys.iter().any(|key| statement.entry(key).is_some()))
        };
        if !has(["Principal", "NotPrincipal"]) {
            return Self::Identity;
        }
        let actions = || {
            let values = statements().filter_map(|statement| statement.get("Action")).flat_map(Value::items);
            values.filter_map(Value::text).map(str::to_lowercase)
        };
        let is_of_sts = || actions().any(|action| action.starts_with("sts:"));
        let is_resource = if has(["Resource", "NotResource"]) {
            // A resource control policy only refuses.
            let mut effects = statements().map(|statement| statement.get("Effect").and_then(Value::text));
            effects.all(|effect| effect == Some("Deny")) || !is_of_sts()
        } else {
            let is_of_service =
                |action: String| WITHOUT_RESOURCE.iter().any(|service| action.starts_with(service));
            !is_of_sts() && actions().any(is_of_service)
        };
        if is_resource { Self::Resource } else { Self::Trust }
    }
}

/// What a statement does to a request that matches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It allows it.
    Allow,
    /// It denies it.
    Deny,
}

/// One statement.
#[derive(Debug, Clone)]
pub struct Statement {
    /// What it is called.
    pub id: StatementId,
    /// Where it begins.
    pub at: Span,
    /// What it does.
    pub effect: Part<Effect>,
    /// Whom it is about; an identity policy has none.
    pub principals: Part<Listed<PrincipalPattern>>,
    /// What they want to do.
    pub actions: Part<Listed<Pattern>>,
    /// On what; a trust policy has none, and where a resource's policy leaves them out it goes without saying.
    pub resources: Part<Listed<Pattern>>,
    /// Under which conditions, all of which must hold.
    pub conditions: Conditions,
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

/// The entries of a list that names what it is about, and not what it is not about.
fn named<T>(part: &Part<Listed<T>>) -> &[Located<T>] {
    part.known().filter(|listed| !listed.negated).map_or(&[], |listed| &listed.entries)
}

impl Statement {
    /// Whether it does the same as another, whatever they are called and wherever they stand.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        fn texts<T>(part: &Part<Listed<T>>, text: impl Fn(&T) -> &str) -> Option<(bool, Vec<&str>)> {
            part.known().map(|listed| (listed.negated, listed.values().map(text).collect()))
        }
        let conditions = |statement: &Self| -> Vec<String> {
            statement.conditions.list.iter().map(ToString::to_string).collect()
        };
        self.effect.known() == other.effect.known()
            && texts(&self.principals, |entry| &entry.text) == texts(&other.principals, |entry| &entry.text)
            && texts(&self.actions, Pattern::as_str) == texts(&other.actions, Pattern::as_str)
            && conditions(self) == conditions(other)
    }

    /// Whether it is known to allow.
    #[must_use]
    pub fn allows(&self) -> bool {
        self.effect.known() == Some(&Effect::Allow)
    }

    /// Whether it is known to deny.
    #[must_use]
    pub fn denies(&self) -> bool {
        self.effect.known() == Some(&Effect::Deny)
    }

    /// Those whom `Principal` names, as far as they are known.
    #[must_use]
    pub fn named_principals(&self) -> &[Located<PrincipalPattern>] {
        named(&self.principals)
    }

    /// The principals of which only the end of the ARN is known, by that end, as in `role/ci`, and their places.
    pub fn principals_by_their_end(&self) -> impl Iterator<Item = (Span, &str)> {
        let unknown = self.principals.known().into_iter().flat_map(|listed| &listed.unknown);
        unknown.filter_map(|who| Some((who.at, who.arn().1?)))
    }

    /// What `Action` names, as far as it is known.
    #[must_use]
    pub fn named_actions(&self) -> &[Located<Pattern>] {
        named(&self.actions)
    }

    /// What `Resource` names, as far as it is known.
    #[must_use]
    pub fn named_resources(&self) -> &[Located<Pattern>] {
        named(&self.resources)
    }

    /// Whether `Action` names an action, itself or by a pattern.
    #[must_use]
    pub fn names_action(&self, action: &str) -> bool {
        self.named_actions().iter().any(|named| named.value.covers(action, Case::Ignored))
    }

    /// Why parts of it are not known.
    pub fn unknown(&self) -> impl Iterator<Item = &Reason> {
        let parts = [
            self.effect.unknown(),
            self.principals.unknown(),
            self.actions.unknown(),
            self.resources.unknown(),
            self.conditions.rest.unknown(),
        ];
        let principals = self.principals.known().into_iter().flat_map(|listed| &listed.unknown);
        let actions = self.actions.known().into_iter().flat_map(|listed| &listed.unknown);
        let resources = self.resources.known().into_iter().flat_map(|listed| &listed.unknown);
        let values = self.conditions.list.iter().flat_map(|condition| &condition.unknown);
        let entries = principals.chain(actions).chain(resources).chain(values);
        parts.into_iter().flatten().chain(entries.map(|entry| &entry.reason))
    }

    /// Its conditions on a key, which is written in lower case.
    pub fn conditions_on(&self, key: &str) -> impl Iterator<Item = &Condition> {
        self.conditions.list.iter().filter(move |condition| condition.lower_key() == key)
    }
}
