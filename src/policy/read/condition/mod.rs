//! Conditions: an operator, a key, and the values that a request is compared with.

mod binary;
mod date;
mod implication;
mod ip;
mod number;
mod operator;

use std::fmt;

use super::context::Context;
use super::glob::Case;
use super::part::{Located, Part, Unknown};
use super::pattern::Pattern;
use crate::diagnostic::Span;
use date::Instant;
use ip::Network;
use number::Number;
pub use operator::{Operator, Order, Set, Test};

/// The conditions of a statement.
#[derive(Debug, Clone)]
pub struct Conditions {
    /// Those that can be read.
    pub list: Vec<Condition>,
    /// What there may be besides: nothing, what only a run would show, or what IAM refuses.
    pub rest: Part<()>,
}

impl Conditions {
    /// Whether nothing of them depends on what only a run would show.
    #[must_use]
    pub fn are_known(&self) -> bool {
        self.are_all_read() && self.list.iter().all(|condition| condition.unknown.is_empty())
    }

    /// Whether there are no others than those in the list.
    #[must_use]
    pub fn are_all_read(&self) -> bool {
        self.rest.is_absent()
    }

    /// Whether they ask for chosen values of a key whose name in lower case begins like one of these.
    #[must_use]
    pub fn demand(&self, names: &[&str]) -> bool {
        let is_named = |key: &str| names.iter().any(|name| key.starts_with(name));
        self.list.iter().any(|condition| condition.demands() && is_named(&condition.lower))
    }
}

/// One key under one operator.
#[derive(Debug, Clone)]
pub struct Condition {
    /// The operator.
    pub operator: Operator,
    /// The operator as it is written.
    pub written: String,
    /// Where the operator stands.
    pub operator_at: Span,
    /// The key as it is written.
    pub key: String,
    lower: String,
    /// Where the key stands.
    pub key_at: Span,
    /// The values that are known.
    pub values: Vec<Operand>,
    /// The values that are not.
    pub unknown: Vec<Unknown>,
}

/// A value of a policy, with what it means to its operator.
#[derive(Debug, Clone)]
pub struct Operand {
    /// The value as it is written.
    pub text: String,
    /// Where it stands.
    pub at: Span,
    meaning: Meaning,
}

impl Operand {
    /// Whether a policy variable stands in it, so that the request decides what it comes to.
    #[must_use]
    pub fn has_variables(&self) -> bool {
        match &self.meaning {
            Meaning::Text(pattern, _) | Meaning::Arn(pattern) => pattern.has_variables(),
            _ => false,
        }
    }
}

/// Values as they stand under a key.
#[derive(Debug)]
pub(super) struct Values {
    pub(super) known: Vec<Located<String>>,
    pub(super) unknown: Vec<Unknown>,
}

/// What a value means to its operator.
#[derive(Debug, Clone, PartialEq)]
enum Meaning {
    Text(Pattern, Case),
    Arn(Pattern),
    Number(Number),
    Date(Instant),
    Network(Network),
    Bytes(Vec<u8>),
    /// Nothing: it is not of the kind that the operator compares.
    Nonsense,
}

impl Condition {
    pub(super) fn new(
        operator: &Located<Operator>,
        written: &str,
        key: &Located<&str>,
        values: Values,
        variables: bool,
    ) -> Self {
        let Located { at: operator_at, value: operator } = *operator;
        let operand = |Located::<String> { at, value: text }| {
            let meaning = Meaning::of(operator.test, &text, variables);
            Operand { text, at, meaning }
        };
        Self {
            operator,
            written: written.to_owned(),
            operator_at,
            key: key.value.to_owned(),
            lower: key.value.to_lowercase(),
            key_at: key.at,
            values: values.known.into_iter().map(operand).collect(),
            unknown: values.unknown,
        }
    }

    /// The values that are not of the kind that the operator compares; what a variable stands for is not looked into.
    pub(super) fn values_of_another_kind(&self) -> impl Iterator<Item = &Operand> {
        let test = self.operator.test;
        let is_known = |value: &Operand| !["${", "{{"].iter().any(|opening| value.text.contains(opening));
        self.values.iter().filter(move |value| is_known(value) && !value.is_of_kind(test))
    }

    /// The key in lower case: keys have no case.
    #[must_use]
    pub fn lower_key(&self) -> &str {
        &self.lower
    }

    /// Whether it holds for chosen values only: a key that is absent or of another value fails it.
    #[must_use]
    pub fn demands(&self) -> bool {
        let Operator { set, test, negated, if_exists, .. } = self.operator;
        let is_of_values = matches!(test, Test::Text(_) | Test::Like | Test::Arn | Test::Bool);
        let is_all = |text: &str| !text.is_empty() && text.chars().all(|c| c == '*');
        let is_open = self.values.iter().any(|value| is_all(&value.text));
        is_of_values && !negated && set != Some(Set::All) && !if_exists && !is_open
    }

    /// Whether it fails every request that does not carry the key.
    #[must_use]
    pub fn needs_key(&self) -> bool {
        match self.operator.test {
            Test::Null => self.unknown.is_empty() && !self.holds_of_presence(false),
            _ => !self.operator.holds_without_key(),
        }
    }

    /// Whether the request fulfils it.
    #[must_use]
    pub fn holds(&self, context: &Context) -> bool {
        let found = context.lower(&self.lower);
        if self.operator.test == Test::Null {
            return self.holds_of_presence(found.is_some_and(|found| !found.is_empty()));
        }
        let Some(found) = found else { return self.operator.holds_without_key() };
        let fits = |found: &String| self.fits(found, context);
        match self.operator.set {
            // What is empty counts for nothing in a set.
            Some(Set::All) => found.iter().filter(|found| !found.is_empty()).all(fits),
            Some(Set::Any) => found.iter().filter(|found| !found.is_empty()).any(fits),
            // AWS does not say what a plain operator makes of several values; one has to fit, and of
            // a negated one all.
            None if self.operator.negated => found.iter().all(fits),
            None => found.iter().any(fits),
        }
    }

    /// Whether a value of the key, taken by itself, is what it asks for.
    #[must_use]
    pub fn accepts(&self, value: &str) -> bool {
        self.fits(value, &Context::default())
    }

    fn holds_of_presence(&self, present: bool) -> bool {
        self.values
            .iter()
            .any(|value| value.text.eq_ignore_ascii_case(if present { "false" } else { "true" }))
    }

    /// Whether a value of the request is one of the wanted, or under a negated operator none of
    /// them. What cannot be compared is neither.
    fn fits(&self, found: &str, context: &Context) -> bool {
        let mut outcomes = self.values.iter().map(|wanted| self.compare(&wanted.meaning, found, context));
        if self.operator.negated {
            outcomes.all(|outcome| outcome == Some(false))
        } else {
            outcomes.any(|outcome| outcome == Some(true))
        }
    }

    fn compare(&self, wanted: &Meaning, found: &str, context: &Context) -> Option<bool> {
        match wanted {
            Meaning::Text(pattern, case) => Some(pattern.matches(found, *case, context)),
            Meaning::Arn(pattern) => is_arn(found).then(|| pattern.matches_arn(found, context)),
            Meaning::Number(number) => Some(self.operator.orders(Number::parse(found)?.cmp(number))),
            Meaning::Date(date) => Some(self.operator.orders(date::parse(found)?.cmp(date))),
            Meaning::Network(network) => Some(network.holds(found.parse().ok()?)),
            Meaning::Bytes(bytes) => Some(binary::decode(found)? == *bytes),
            Meaning::Nonsense => None,
        }
    }

    /// Values of the key that would fulfil the condition, as far as one can be named; `Some` of
    /// nothing is a key that must not be there.
    pub(in crate::policy) fn cure(&self) -> Option<Vec<String>> {
        let first = self.values.first()?;
        match (self.operator.test, self.operator.negated) {
            (Test::Null, _) if first.text.eq_ignore_ascii_case("true") => Some(Vec::new()),
            (_, true) => Some(Vec::new()).filter(|_| self.operator.holds_without_key()),
            (Test::Text(_) | Test::Like | Test::Arn, _) => match &first.meaning {
                Meaning::Text(pattern, _) | Meaning::Arn(pattern) => pattern.sample().map(|text| vec![text]),
                _ => None,
            },
            (Test::Bool | Test::Binary | Test::Null, _) => Some(vec![first.text.clone()]),
            (Test::Ip, _) => match &first.meaning {
                Meaning::Network(network) => Some(vec![network.address().to_string()]),
                _ => None,
            },
            (Test::Number(order) | Test::Date(order), _) => match order {
                Order::Equal | Order::LessOrEqual | Order::GreaterOrEqual => Some(vec![first.text.clone()]),
                Order::Less | Order::Greater => None,
            },
        }
    }

    /// Values of the key under which it would not hold, as far as some can be named.
    pub(in crate::policy) fn escape(&self) -> Option<Vec<String>> {
        let first = self.values.first()?;
        match (self.operator.test, self.operator.negated) {
            (Test::Bool, _) => {
                let other = if first.text.eq_ignore_ascii_case("true") { "false" } else { "true" };
                Some(vec![other.to_owned()])
            }
            (Test::Text(_) | Test::Like | Test::Arn, true) => match &first.meaning {
                Meaning::Text(pattern, _) | Meaning::Arn(pattern) => {
                    pattern.literal().map(|literal| vec![literal.to_owned()])
                }
                _ => None,
            },
            _ => None,
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values: Vec<&str> = self.values.iter().map(|value| value.text.as_str()).collect();
        write!(f, "{} {} {}", self.operator, self.key, values.join(" | "))
    }
}

impl Operand {
    fn is_of_kind(&self, kind: Test) -> bool {
        let text = self.text.as_str();
        match kind {
            Test::Bool | Test::Null => ["true", "false"].iter().any(|known| text.eq_ignore_ascii_case(known)),
            Test::Arn => {
                text.starts_with(['*', '?']) || is_arn(text) || text.starts_with("arn:") && text.contains('*')
            }
            // A time without a zone is read by some; it is a date in any case.
            Test::Date(_) => self.meaning != Meaning::Nonsense || date::parse(&format!("{text}Z")).is_some(),
            Test::Text(_) | Test::Like | Test::Number(_) | Test::Binary | Test::Ip => {
                self.meaning != Meaning::Nonsense
            }
        }
    }
}

impl Meaning {
    fn of(kind: Test, text: &str, variables: bool) -> Self {
        let known = match kind {
            Test::Text(case) => Some(Self::Text(Pattern::exact(text, variables), case)),
            Test::Like => Some(Self::Text(Pattern::wild(text, variables), Case::Sensitive)),
            Test::Bool | Test::Null => Some(Self::Text(Pattern::exact(text, variables), Case::Ignored)),
            Test::Arn => Some(Self::Arn(Pattern::wild(text, variables))),
            Test::Number(_) => Number::parse(text).map(Self::Number),
            Test::Date(_) => date::parse(text).map(Self::Date),
            Test::Ip => Network::parse(text).map(Self::Network),
            Test::Binary => binary::decode(text).map(Self::Bytes),
        };
        known.unwrap_or(Self::Nonsense)
    }
}

fn is_arn(text: &str) -> bool {
    text.starts_with("arn:") && text.splitn(6, ':').count() == 6
}
