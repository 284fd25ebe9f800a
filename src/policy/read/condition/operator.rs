//! Condition operators: `[ForAllValues:|ForAnyValue:]Name[IfExists]`.

use std::cmp::Ordering;
use std::fmt;

use crate::policy::read::glob::Case;

/// How several values of a request are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    /// Each has to fit; none does, too.
    All,
    /// One has to fit.
    Any,
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// A text, as a whole.
    Text(Case),
    /// A text, by a pattern.
    Like,
    /// A number.
    Number(Order),
    /// A point in time.
    Date(Order),
    /// `true` or `false`.
    Bool,
    /// Bytes.
    Binary,
    /// An address, by its network.
    Ip,
    /// An ARN, by a pattern for each of its parts.
    Arn,
    /// Whether the key is there.
    Null,
}

/// How a value of the request must lie to one of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// At the same place.
    Equal,
    /// Before it.
    Less,
    /// Not behind it.
    LessOrEqual,
    /// Behind it.
    Greater,
    /// Not before it.
    GreaterOrEqual,
}

impl Order {
    /// How a value lies that does not lie like this; nothing names "not equal".
    fn turned(self) -> Option<Self> {
        match self {
            Self::Equal => None,
            Self::Less => Some(Self::GreaterOrEqual),
            Self::LessOrEqual => Some(Self::Greater),
            Self::Greater => Some(Self::LessOrEqual),
            Self::GreaterOrEqual => Some(Self::Less),
        }
    }
}

/// A condition operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operator {
    name: &'static str,
    /// How several values of a request are taken.
    pub set: Option<Set>,
    /// What is compared.
    pub test: Test,
    /// Whether it holds for what does not fit.
    pub negated: bool,
    /// Whether it holds for a request that does not carry the key, too.
    pub if_exists: bool,
}

/// Every operator with what it compares, and whether it is negated.
///
/// Source: "IAM JSON policy elements: Condition operators" (IAM User Guide).
const OPERATORS: [(&str, Test, bool); 27] = [
    ("StringEquals", Test::Text(Case::Sensitive), false),
    ("StringNotEquals", Test::Text(Case::Sensitive), true),
    ("StringEqualsIgnoreCase", Test::Text(Case::Ignored), false),
    ("StringNotEqualsIgnoreCase", Test::Text(Case::Ignored), true),
    ("StringLike", Test::Like, false),
    ("StringNotLike", Test::Like, true),
    ("NumericEquals", Test::Number(Order::Equal), false),
    ("NumericNotEquals", Test::Number(Order::Equal), true),
    ("NumericLessThan", Test::Number(Order::Less), false),
    ("NumericLessThanEquals", Test::Number(Order::LessOrEqual), false),
    ("NumericGreaterThan", Test::Number(Order::Greater), false),
    ("NumericGreaterThanEquals", Test::Number(Order::GreaterOrEqual), false),
    ("DateEquals", Test::Date(Order::Equal), false),
    ("DateNotEquals", Test::Date(Order::Equal), true),
    ("DateLessThan", Test::Date(Order::Less), false),
    ("DateLessThanEquals", Test::Date(Order::LessOrEqual), false),
    ("DateGreaterThan", Test::Date(Order::Greater), false),
    ("DateGreaterThanEquals", Test::Date(Order::GreaterOrEqual), false),
    ("Bool", Test::Bool, false),
    ("BinaryEquals", Test::Binary, false),
    ("IpAddress", Test::Ip, false),
    ("NotIpAddress", Test::Ip, true),
    ("ArnEquals", Test::Arn, false),
    ("ArnLike", Test::Arn, false),
    ("ArnNotEquals", Test::Arn, true),
    ("ArnNotLike", Test::Arn, true),
    ("Null", Test::Null, false),
];

impl Operator {
    /// Whether a key is absent.
    pub(super) const NULL: Self =
        Self { name: "Null", set: None, test: Test::Null, negated: false, if_exists: false };

    /// The operator that holds for every value for which this one does not.
    pub(super) fn opposite(self) -> Option<Self> {
        let turned = match self.test {
            Test::Number(order) => order.turned().map(Test::Number),
            Test::Date(order) => order.turned().map(Test::Date),
            _ => None,
        };
        let (test, negated) = turned.map_or((self.test, !self.negated), |test| (test, false));
        let entry = OPERATORS.iter().find(|(_, known, is_negated)| *known == test && *is_negated == negated);
        let if_exists = !self.holds_without_key() && !negated;
        entry.map(|&(name, test, negated)| Self { name, set: None, test, negated, if_exists })
    }

    /// The same, and what it makes of a request without the key.
    pub(super) fn with_if_exists(self, if_exists: bool) -> Self {
        Self { if_exists, ..self }
    }

    /// The operator of a name; otherwise the names that are known. IAM takes no other case.
    pub(in crate::policy::read) fn parse(text: &str) -> Result<Self, Vec<&'static str>> {
        Self::parse_in_any_case(text)
            .filter(|operator| operator.to_string() == text)
            .ok_or_else(|| OPERATORS.iter().map(|(name, ..)| *name).collect())
    }

    /// The operator that a name of whatever case means.
    pub(in crate::policy::read) fn parse_in_any_case(text: &str) -> Option<Self> {
        let lower = text.to_lowercase();
        let (set, rest) = match lower.split_once(':') {
            Some(("forallvalues", rest)) => (Some(Set::All), rest),
            Some(("foranyvalue", rest)) => (Some(Set::Any), rest),
            _ => (None, &*lower),
        };
        let (name, if_exists) = match rest.strip_suffix("ifexists") {
            Some(name) => (name, true),
            None => (rest, false),
        };
        OPERATORS
            .iter()
            .find(|(known, ..)| known.eq_ignore_ascii_case(name))
            // "You can add IfExists to the end of any condition operator name except the Null condition".
            .filter(|(_, test, _)| !(if_exists && *test == Test::Null))
            .map(|&(name, test, negated)| Self { name, set, test, negated, if_exists })
    }

    /// Whether it holds for a request that does not carry the key.
    ///
    /// Source: "Condition operators" and "Set operators for multivalued context keys" (IAM User
    /// Guide).
    pub(super) fn holds_without_key(self) -> bool {
        self.if_exists
            || match self.set {
                Some(Set::All) => true,
                Some(Set::Any) => false,
                None => self.negated,
            }
    }

    /// What its values have to be, in words.
    pub(in crate::policy::read) fn compares(self) -> &'static str {
        match self.test {
            Test::Text(_) | Test::Like => "a text",
            Test::Number(_) => "a number",
            Test::Date(_) => "a date, as in `2027-04-01T00:00:00Z`",
            Test::Bool | Test::Null => "`true` or `false`",
            Test::Binary => "Base64",
            Test::Ip => "an address or a network, as in `203.0.113.0/24`",
            Test::Arn => "an ARN",
        }
    }

    /// Whether it holds for texts that are equal to one of the policy's, or fit its pattern.
    #[must_use]
    pub fn is_equality(self) -> bool {
        !self.negated && matches!(self.test, Test::Text(_) | Test::Like)
    }

    /// Whether it holds for what fits a pattern.
    #[must_use]
    pub fn is_pattern(self) -> bool {
        !self.negated && matches!(self.test, Test::Like | Test::Arn)
    }

    /// Whether it holds for each of several values, and so for none, too.
    #[must_use]
    pub fn is_for_all(self) -> bool {
        self.set == Some(Set::All)
    }

    /// Whether a value of the request that lies like this to the policy's is as it should be.
    pub(super) fn orders(self, found: Ordering) -> bool {
        let (Test::Number(order) | Test::Date(order)) = self.test else { return false };
        match order {
            Order::Equal => found.is_eq(),
            Order::Less => found.is_lt(),
            Order::LessOrEqual => found.is_le(),
            Order::Greater => found.is_gt(),
            Order::GreaterOrEqual => found.is_ge(),
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = match self.set {
            Some(Set::All) => "ForAllValues:",
            Some(Set::Any) => "ForAnyValue:",
            None => "",
        };
        write!(f, "{set}{}{}", self.name, if self.if_exists { "IfExists" } else { "" })
    }
}
