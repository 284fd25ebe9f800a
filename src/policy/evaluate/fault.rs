//! What is wrong with the form of a policy.

use std::fmt;

use super::statement::StatementId;

/// The catalogue's ids of what can be wrong with a form.
pub(super) const FOREIGN_ELEMENT: &str = "CR015";
pub(super) const VERSION_OR_SID: &str = "CR069";
pub(super) const FORM: &str = "CR100";
pub(super) const OPERATOR: &str = "CR101";

/// Something for which IAM refuses a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault<P> {
    /// The id in the catalogue of findings.
    pub id: &'static str,
    /// Where it is.
    pub place: P,
    /// The statement that it is in, unless it is about the whole policy.
    pub statement: Option<StatementId>,
    /// What is wrong: lower-case start, no full stop at the end.
    pub message: String,
    /// What to do about it; empty where the message says it.
    pub help: String,
}

impl<P> fmt::Display for Fault<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(statement) = &self.statement {
            write!(f, "statement {statement}: ")?;
        }
        f.write_str(&self.message)?;
        if self.help.is_empty() { Ok(()) } else { write!(f, ": {}", self.help) }
    }
}

/// The faults of a policy while it is read.
pub(super) struct Faults<P> {
    pub(super) list: Vec<Fault<P>>,
    /// The statement that is being read.
    pub(super) statement: Option<StatementId>,
}

impl<P> Faults<P> {
    pub(super) fn add(
        &mut self,
        id: &'static str,
        place: P,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let statement = self.statement.clone();
        self.list.push(Fault { id, place, statement, message: message.into(), help: help.into() });
    }
}
