//! The one error this module reports: a place in the text, what is wrong there, and often a hint.
//!
//! It holds no file name and draws no excerpt, because only the caller knows where the text came
//! from and how it is shown. Messages start in lower case, put names in backticks and have no
//! trailing full stop, so they read well after `file:line:column:`.

use std::fmt;

use super::span::Span;

/// Why a text was not formatted, or not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Whether terraform refuses the text too.
    pub kind: ErrorKind,
    /// The bytes of the source the message is about; empty at the end of the text.
    pub span: Span,
    /// What is wrong, in one clause.
    pub message: String,
    /// What might be done about it, in one clause.
    pub hint: Option<String>,
}

/// The reasons to refuse a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The text is not valid HCL; terraform refuses it as well.
    Invalid,
    /// The text is valid, but `terraform fmt` would drop part of it, change its meaning, or make
    /// it invalid. Only [`format()`](super::format()) reports this kind.
    WouldLoseData,
    /// The text may be valid, but goes beyond what this module is willing to handle, such as four
    /// gigabytes.
    LimitExceeded,
}

impl SyntaxError {
    pub(super) fn invalid(span: impl Into<Span>, message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Invalid, span: span.into(), message: message.into(), hint: None }
    }

    pub(super) fn would_lose_data(span: impl Into<Span>, message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::WouldLoseData, ..Self::invalid(span, message) }
    }

    pub(super) fn limit_exceeded(span: impl Into<Span>, message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::LimitExceeded, ..Self::invalid(span, message) }
    }

    pub(super) fn hinted(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for SyntaxError {}
