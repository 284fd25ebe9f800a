//! Specs from what is there already: an account list of AWS Organizations, or Terraform files.
//!
//! Responsible for reading what others wrote and for saying what of it has a place in a spec: text in,
//! a [`Draft`] and notes out. Refuses to invent anything. What was found and could not be carried over
//! is a note at its file and line.

mod names;
pub mod organizations;
pub mod terraform;

use std::sync::Arc;

use crate::answers::Draft;
use crate::diagnostic::{Diagnostic, Level, Source, Span};

/// What an import came to.
#[derive(Debug)]
pub struct Imported {
    /// The spec, as far as it could be told.
    pub draft: Draft,
    /// What was left out, or is worth knowing, at its place.
    pub notes: Vec<Diagnostic>,
}

/// A note at a place.
fn note(source: &Arc<Source>, at: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic { level: Level::Note, ..Diagnostic::error(message) }.at(source, at)
}
