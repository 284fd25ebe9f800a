//! What is said of places in an account list.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Error, Kind, Place, Source, Span};
use crate::import::notes::Note;

/// What is wanted.
pub(super) const HELP: &str = "`aws organizations list-accounts --output json` prints what is wanted; `crossrole import organizations --help` lists the other forms";

/// An error at a place.
pub(super) fn refused(source: &Arc<Source>, at: Span, message: impl Into<String>) -> Error {
    Error::new(Kind::Input, vec![Diagnostic::error(message).at(source, at).help(HELP)])
}

/// A note at a place.
pub(super) fn note(source: &Arc<Source>, at: Span, subject: impl Into<String>) -> Note {
    Note::new(Some(Place { source: Arc::clone(source), span: at }), subject)
}
