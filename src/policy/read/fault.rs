//! What is wrong with the form of a policy.

use std::fmt;

use super::statement::StatementId;
use crate::diagnostic::Span;

/// What can be wrong with a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// A key, a value or the lack of one that IAM's grammar does not have.
    Form,
    /// An element of which a trust policy has none.
    NotInTrust,
    /// A version that IAM does not know.
    Version,
    /// A `Sid` that another statement has.
    Sid,
    /// A condition operator that does not exist.
    Operator,
    /// A principal that nobody can be.
    Principal,
    /// A value that is not of the kind that its operator compares.
    Value,
}

/// Something for which IAM refuses a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What it is about.
    pub kind: FaultKind,
    /// Where it is.
    pub at: Span,
    /// The statement that it is in, unless it is about the whole policy.
    pub statement: Option<StatementId>,
    /// What is wrong: lower-case start, no full stop at the end.
    pub message: String,
    /// What to do about it; empty where the message says it.
    pub help: String,
}

impl Fault {
    /// In which statement, and what.
    #[must_use]
    pub fn without_help(&self) -> String {
        match &self.statement {
            Some(statement) => format!("statement {statement}: {}", self.message),
            None => self.message.clone(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.without_help())?;
        if self.help.is_empty() { Ok(()) } else { write!(f, ": {}", self.help) }
    }
}

/// The faults of a policy while it is read.
#[derive(Debug, Default)]
pub(super) struct Faults {
    pub(super) list: Vec<Fault>,
    /// The statement that is being read.
    pub(super) statement: Option<StatementId>,
}

impl Faults {
    pub(super) fn add(
        &mut self,
        kind: FaultKind,
        at: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let statement = self.statement.clone();
        self.list.push(Fault { kind, at, statement, message: message.into(), help: help.into() });
    }
}
