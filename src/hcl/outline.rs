//! What the grammar remembers of a text it accepted: where arguments and blocks begin and end.
//!
//! Everything the rest of the module needs (the rewrites and the tree) is a list of these marks in
//! the order of the text, so neither needs a parser of its own.

use super::error::SyntaxError;

/// The structure of an accepted text.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) marks: Vec<Mark>,
    /// The first place where `terraform fmt` would damage the text, if there is one.
    pub(super) damage: Option<SyntaxError>,
}

/// A mark refers to tokens by their index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// `name = expression`; `end` is the index after the last token of the expression.
    Argument { name: usize, expression: usize, end: usize },
    /// The header of a block, up to its brace.
    Open { keyword: usize, brace: usize },
    /// The end of the block that was opened last.
    Close { brace: usize },
}
