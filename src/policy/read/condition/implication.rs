//! What one condition says about another: whether every request that fulfils it fulfils the other,
//! what it fixes, and what remains where it denies.
//!
//! Every answer is on the safe side: `false` and `None` also mean "cannot be told".

use super::operator::{Operator, Order, Set, Test};
use super::{Condition, Meaning, Operand};

/// Keys of AWS that can have several values in one request.
///
/// Source: "Multivalued context keys" (IAM User Guide) and the pages of the single keys.
const MULTIVALUED: [&str; 6] = [
    "aws:calledvia",
    "aws:principalorgpaths",
    "aws:principalservicenameslist",
    "aws:tagkeys",
    "sts:transitivetagkeys",
    "sts:requestcontextproviders",
];

/// Keys whose values can always be compared as ARNs, addresses or dates, since AWS sets them.
const COMPARABLE: [&str; 6] = [
    "aws:currenttime",
    "aws:epochtime",
    "aws:principalarn",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:tokenissuetime",
];

impl Condition {
    /// Whether a request without the key can fulfil it.
    fn admits_absence(&self) -> bool {
        match self.operator.test {
            Test::Null => self.holds_of_presence(false),
            _ => self.operator.holds_without_key(),
        }
    }

    /// Whether its meaning depends on other keys of the request.
    pub(in crate::policy) fn has_variables(&self) -> bool {
        self.values.iter().any(|value| match &value.meaning {
            Meaning::Text(pattern, _) | Meaning::Arn(pattern) => pattern.has_variables(),
            _ => false,
        })
    }

    /// The one value that the key has in every request that fulfils the condition.
    pub(in crate::policy) fn fixed(&self) -> Option<&str> {
        let [value] = self.values.as_slice() else { return None };
        let is_demand = self.operator.set.is_none() && !self.operator.negated && !self.admits_absence();
        let is_single = (self.lower.starts_with("aws:") || self.lower.starts_with("sts:"))
            && !MULTIVALUED.contains(&&*self.lower);
        match &value.meaning {
            _ if !is_demand || !is_single => None,
            Meaning::Text(pattern, case) if case.is_sensitive() => pattern.literal(),
            Meaning::Text(pattern, _) if self.operator.test == Test::Bool => {
                pattern.literal().filter(|text| matches!(*text, "true" | "false"))
            }
            Meaning::Arn(pattern) => pattern.literal(),
            _ => None,
        }
    }

    /// The account that every ARN belongs to which fulfils the condition.
    pub(in crate::policy) fn account_of_arns(&self) -> Option<&str> {
        let is_demand = self.operator.set.is_none() && !self.operator.negated && !self.admits_absence();
        let mut accounts = self.values.iter().map(Operand::account_of_arns);
        let first = accounts.next()??;
        (is_demand && accounts.all(|account| account == Some(first))).then_some(first)
    }

    /// The condition once for each of its values, where one of them is enough.
    pub(in crate::policy) fn alternatives(&self) -> Vec<Self> {
        let is_any = !self.operator.negated && self.operator.set != Some(Set::All);
        if !is_any || self.values.len() < 2 || self.operator.test == Test::Null {
            return vec![self.clone()];
        }
        let of = |value: &Operand| Self { values: vec![value.clone()], ..self.clone() };
        self.values.iter().map(of).collect()
    }

    /// What is fulfilled exactly where this condition is not.
    pub(in crate::policy) fn opposite(&self) -> Option<Vec<Self>> {
        if self.operator.set.is_some() || self.values.iter().any(|value| value.meaning == Meaning::Nonsense) {
            return None;
        }
        let is_comparable = COMPARABLE.contains(&&*self.lower);
        let turned = match self.operator.test {
            Test::Bool | Test::Null => self.with_other_truth()?,
            Test::Text(_) | Test::Like => self.with_operator(self.operator.opposite()?),
            // "Less than one of these" has no such opposite.
            _ if is_comparable && (self.values.len() == 1 || !self.operator.test.is_ordered()) => {
                self.with_operator(self.operator.opposite()?)
            }
            _ => return None,
        };
        // Where the key may be absent here, it may not be there, and the other way round.
        let must_be_there = self.admits_absence() && turned.admits_absence();
        Some(if must_be_there { vec![turned.with_key_demanded(), turned] } else { vec![turned] })
    }

    fn with_operator(&self, operator: Operator) -> Self {
        Self { operator, ..self.clone() }
    }

    /// The same test for the other of two truth values.
    fn with_other_truth(&self) -> Option<Self> {
        let [value] = self.values.as_slice() else { return None };
        let other = match value.text.to_ascii_lowercase().as_str() {
            "true" => "false",
            "false" => "true",
            _ => return None,
        };
        let operator = match self.operator.test {
            Test::Null => self.operator,
            _ => self.operator.with_if_exists(!self.operator.holds_without_key()),
        };
        Some(self.with_text(operator, other))
    }

    fn with_key_demanded(&self) -> Self {
        self.with_text(Operator::NULL, "false")
    }

    fn with_text(&self, operator: Operator, text: &str) -> Self {
        let meaning = Meaning::of(operator.test, text, false);
        Self {
            operator,
            values: vec![Operand { text: text.to_owned(), at: self.key_at, meaning }],
            ..self.clone()
        }
    }

    /// Whether every request that fulfils this condition fulfils the other.
    pub(in crate::policy) fn implies(&self, other: &Self) -> bool {
        if self.lower != other.lower {
            return false;
        }
        match (self.operator.test, other.operator.test) {
            (Test::Null, Test::Null) => [true, false]
                .into_iter()
                .all(|present| !self.holds_of_presence(present) || other.holds_of_presence(present)),
            // That a key is there says nothing of its values.
            (Test::Null, _) => false,
            (_, Test::Null) => {
                let demands_key = !self.admits_absence() && self.operator.set != Some(Set::All);
                demands_key && other.holds_of_presence(true)
            }
            _ => {
                let absence = !self.admits_absence() || other.admits_absence();
                absence && self.quantity_implies(other) && self.values_imply(other)
            }
        }
    }

    /// Whether what is said of each or any value serves the other.
    fn quantity_implies(&self, other: &Self) -> bool {
        match (self.operator.set, other.operator.set) {
            (one, two) if one == two => true,
            (None, Some(Set::Any)) => !self.operator.negated,
            (None, Some(Set::All)) => self.fixed().is_some(),
            _ => false,
        }
    }

    fn values_imply(&self, other: &Self) -> bool {
        match (self.operator.negated, other.operator.negated) {
            (true, true) => {
                self.operator.test == other.operator.test
                    && other
                        .values
                        .iter()
                        .all(|value| self.values.iter().any(|own| own.meaning == value.meaning))
            }
            (false, false) => self
                .values
                .iter()
                .all(|value| other.values.iter().any(|wider| self.lies_in(value, wider, other))),
            _ => false,
        }
    }

    /// Whether everything that one value stands for, another does, too.
    fn lies_in(&self, value: &Operand, wider: &Operand, other: &Self) -> bool {
        let is_same_test = self.operator.test == other.operator.test;
        match (&value.meaning, &wider.meaning) {
            (Meaning::Nonsense, _) | (_, Meaning::Nonsense) => false,
            (one, two) if is_same_test && one == two => true,
            (Meaning::Text(inner, case), Meaning::Text(outer, outer_case)) => {
                (case == outer_case || !outer_case.is_sensitive()) && outer.includes(inner, *outer_case)
            }
            (Meaning::Arn(inner), Meaning::Text(outer, case)) => outer.includes(inner, *case),
            (Meaning::Arn(inner), Meaning::Arn(outer)) => outer.includes_arns(inner),
            (Meaning::Text(inner, case), Meaning::Arn(outer)) => {
                case.is_sensitive() && inner.literal().is_some() && outer.includes_arns(inner)
            }
            (Meaning::Network(inner), Meaning::Network(outer)) => outer.includes(*inner),
            (Meaning::Number(inner), Meaning::Number(outer)) => {
                is_same_test && self.operator.test.is_no_wider(inner.cmp(outer))
            }
            (Meaning::Date(inner), Meaning::Date(outer)) => {
                is_same_test && self.operator.test.is_no_wider(inner.cmp(outer))
            }
            _ => false,
        }
    }
}

impl Operand {
    /// The account that every ARN belongs to which the value stands for.
    #[must_use]
    pub fn account_of_arns(&self) -> Option<&str> {
        match &self.meaning {
            Meaning::Arn(pattern) if !pattern.has_variables() => account_at(pattern.as_str(), true),
            Meaning::Text(pattern, case) if case.is_sensitive() && !pattern.has_variables() => {
                account_at(pattern.as_str(), false)
            }
            _ => None,
        }
    }
}

impl Test {
    /// Whether it compares a number or a date with a limit.
    fn is_ordered(self) -> bool {
        matches!(self, Self::Number(order) | Self::Date(order) if order != Order::Equal)
    }

    /// Whether a limit that lies like this to another of the same test lets through no more.
    fn is_no_wider(self, limit: std::cmp::Ordering) -> bool {
        match self {
            Self::Number(Order::Less | Order::LessOrEqual) | Self::Date(Order::Less | Order::LessOrEqual) => {
                limit.is_le()
            }
            Self::Number(Order::Greater | Order::GreaterOrEqual)
            | Self::Date(Order::Greater | Order::GreaterOrEqual) => limit.is_ge(),
            _ => limit.is_eq(),
        }
    }
}

/// The account of an ARN's text, where no wildcard can shift it: in the parts before it, and in it, there
/// is none. Wildcards of a plain text run over colons, those of an ARN do not.
fn account_at(text: &str, by_part: bool) -> Option<&str> {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let is_account = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_plain = |part: &&str| !part.contains(['*', '?']);
    let [before @ .., account, _] = parts.as_slice() else { return None };
    (parts.len() == 6 && is_account(account) && (by_part || before.iter().all(is_plain))).then_some(account)
}
