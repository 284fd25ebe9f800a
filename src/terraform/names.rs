//! What an expression may ask of where it stands.

use super::work::Work;
use crate::diagnostic::Span;
use crate::value::{Entry, Text, Value};

/// What is behind a name.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// `.name`
    Name(String),
    /// `[index]`
    Index(Value),
    /// `.*`, which goes on with names alone.
    Names,
    /// `[*]`
    Splat,
}

/// What names stand for, where an expression stands.
pub(super) trait Names {
    /// The value of a name with the steps behind it, and how many of those it has used up.
    fn resolve(&self, root: &str, steps: &[Step], at: Span) -> (Value, usize);

    /// The text of a file, by the path that an expression names it with.
    fn file(&self, path: &str) -> Option<Text>;

    /// Keeps the keys of a map that is known, and looked into by a key that is not.
    fn keyed(&self, _key: &Value, _map: &[Entry]) {}

    /// Keeps the name of a file that was wanted at a place and could not be had.
    fn miss(&self, path: &str, at: Span);

    /// What is left to spend.
    fn work(&self) -> &Work;
}

/// A name that an expression binds itself, and those around it.
#[derive(Clone, Copy)]
pub(super) struct Bound<'b> {
    pub(super) name: &'b str,
    pub(super) value: &'b Value,
    pub(super) outer: Option<&'b Bound<'b>>,
}
