//! Parts of a statement, each as far as it can be known.

use crate::diagnostic::Span;
use crate::value::{Reason, Text};

/// A part of a statement.
#[derive(Debug, Clone)]
pub enum Part<T> {
    /// It is not there.
    Absent,
    /// It is of a form that IAM refuses, and a fault.
    Refused,
    /// What only a run would show.
    Unknown(Reason),
    /// It is there.
    Known(T),
}

impl<T> Part<T> {
    /// What is there.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(part) => Some(part),
            Self::Absent | Self::Refused | Self::Unknown(_) => None,
        }
    }

    /// Why it is not known, if only a run would show it.
    pub fn unknown(&self) -> Option<&Reason> {
        match self {
            Self::Unknown(reason) => Some(reason),
            Self::Absent | Self::Refused | Self::Known(_) => None,
        }
    }

    /// Whether there is nothing, and nothing could turn up.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

/// A value and its place.
#[derive(Debug, Clone)]
pub struct Located<T> {
    /// Where it stands.
    pub at: Span,
    /// The value.
    pub value: T,
}

/// An entry of a list that is not known, or known at its ends alone.
#[derive(Debug, Clone)]
pub struct Unknown {
    /// Where it stands.
    pub at: Span,
    /// Why it is not known.
    pub reason: Reason,
    /// What is known of its beginning.
    pub first: String,
    /// What is known of its end.
    pub last: String,
}

impl Unknown {
    /// Something of which nothing is known.
    pub(super) fn whole(at: Span, reason: &Reason) -> Self {
        Self { at, reason: reason.clone(), first: String::new(), last: String::new() }
    }

    /// A text of which some piece is not known.
    pub(super) fn text(at: Span, text: &Text, reason: &Reason) -> Self {
        let (first, last) = text.ends();
        Self { at, reason: reason.clone(), first: first.to_owned(), last: last.to_owned() }
    }

    /// The account and the resource of an ARN, as far as its end shows them: `arn:aws:iam::${var.x}:root` is an
    /// account's root, whatever `x` may be.
    #[must_use]
    pub fn arn(&self) -> (Option<&str>, Option<&str>) {
        let mut behind = self.last.rsplit(':');
        let (resource, account) = (behind.next(), behind.next());
        match (account, behind.next()) {
            (None, _) => (None, None),
            (Some(account), Some(_)) => (Some(account), resource),
            (Some(_), None) => (None, resource),
        }
    }
}

/// A list, or everything but a list: `Action` and `NotAction`, say.
#[derive(Debug, Clone)]
pub struct Listed<T> {
    /// Whether it stands for everything but its entries.
    pub negated: bool,
    /// Where its key stands.
    pub key_at: Span,
    /// What it holds, in order.
    pub entries: Vec<Located<T>>,
    /// What it may hold besides.
    pub unknown: Vec<Unknown>,
}

impl<T> Listed<T> {
    /// What it holds.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.entries.iter().map(|entry| &entry.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_known_from_its_end() {
        let unknown = |last: &str| Unknown {
            last: last.to_owned(),
            ..Unknown::whole(Span::default(), &Reason::new(Span::default(), "`var.x`"))
        };
        assert_eq!(unknown(":root").arn(), (None, Some("root")));
        assert_eq!(unknown("22:role/a").arn(), (None, Some("role/a")));
        assert_eq!(unknown(":iam::111111111111:root").arn(), (Some("111111111111"), Some("root")));
        assert_eq!(unknown("root").arn(), (None, None));
        assert_eq!(unknown("").arn(), (None, None));
    }
}
