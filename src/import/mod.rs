//! Specs from what is there already: an account list, or Terraform files.
//!
//! Responsible for reading what others wrote and for saying what of it has a place in a spec: text in,
//! a [`Draft`] and notes out. Refuses to invent anything. What was found and could not be carried over
//! is noted, once per kind, with its files and lines.

mod notes;
pub mod organizations;
pub mod terraform;

use crate::answers::Draft;
use crate::diagnostic::Diagnostic;

/// What an import came to.
#[derive(Debug)]
pub struct Imported {
    /// The spec, as far as it could be told.
    pub draft: Draft,
    /// What was left out, or is worth knowing, at its places.
    pub notes: Vec<Diagnostic>,
    /// How much was carried over, where that is not everything; may be empty.
    pub summary: String,
}
