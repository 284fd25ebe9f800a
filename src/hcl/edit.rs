//! A change of text by its place: how everything here rewrites, so that the rest stays as it is.

use super::span::Span;

/// A replacement of part of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) span: Span,
    pub(super) text: String,
}
