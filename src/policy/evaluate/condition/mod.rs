//! Conditions: an operator, a key, and the values that a request is compared with.

mod binary;
mod date;
mod ip;
mod number;
mod operator;

use std::fmt;

use super::pattern::{Case, Pattern};
use super::request::Context;
use date::Instant;
use ip::Network;
use number::Number;
pub(super) use operator::Operator;
use operator::{Set, Test};

/// One key under one operator.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    operator: Operator,
    key: String,
    lower: String,
    values: Vec<Wanted>,
}

/// A value of a policy, with what it means to its operator.
#[derive(Debug, Clone, PartialEq)]
struct Wanted {
    text: String,
    meaning: Meaning,
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
    pub(super) fn new(operator: Operator, key: &str, values: &[String], variables: bool) -> Self {
        let wanted = |text: &String| Wanted {
            text: text.clone(),
            meaning: Meaning::of(operator.test, text, variables),
        };
        let values = values.iter().map(wanted).collect();
        Self { operator, key: key.to_owned(), lower: key.to_lowercase(), values }
    }

    /// The operator as IAM spells it: `ForAllValues:StringEquals`.
    #[must_use]
    pub fn operator(&self) -> String {
        self.operator.to_string()
    }

    /// The condition key, as it is written.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The values, as they are written.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|value| value.text.as_str())
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

    fn holds_of_presence(&self, present: bool) -> bool {
        self.values().any(|value| value.eq_ignore_ascii_case(if present { "false" } else { "true" }))
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
    pub(super) fn cure(&self) -> Option<Vec<String>> {
        let first = self.values.first()?;
        match (self.operator.test, self.operator.negated) {
            (Test::Null, _) if first.text.eq_ignore_ascii_case("true") => Some(Vec::new()),
            (_, true) => Some(Vec::new()).filter(|_| self.operator.holds_without_key()),
            (Test::Text(_) | Test::Like | Test::Arn, _) => match &first.meaning {
                Meaning::Text(pattern, _) | Meaning::Arn(pattern) => {
                    pattern.literal().map(|literal| vec![literal.to_owned()])
                }
                _ => None,
            },
            (Test::Bool | Test::Binary, _) => Some(vec![first.text.clone()]),
            _ => None,
        }
    }

    /// Values of the key under which it would not hold, as far as some can be named.
    pub(super) fn escape(&self) -> Option<Vec<String>> {
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
        let values: Vec<&str> = self.values().collect();
        write!(f, "{} {} {}", self.operator, self.key, values.join(" | "))
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
