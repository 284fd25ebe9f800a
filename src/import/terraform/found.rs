//! Blocks that were found, and notes at their places.

use serde_json::Value;

use crate::diagnostic::{Sources, Span};
use crate::import::notes::Note;
use crate::terraform::{Argument, Block, Made};

/// A block, and the texts that its places are in.
#[derive(Clone, Copy)]
pub(super) struct Found<'s> {
    pub(super) block: &'s Block,
    pub(super) sources: &'s Sources,
}

impl<'s> Found<'s> {
    /// Where the block begins.
    pub(super) fn at(self) -> Span {
        self.block.at
    }

    /// A block in it.
    pub(super) fn inner<'i>(self, block: &'i Block) -> Found<'i>
    where
        's: 'i,
    {
        Found { block, sources: self.sources }
    }

    /// The blocks in it of a kind, but for those of which only a run would show whether they are made.
    pub(super) fn named(self, keyword: &'static str) -> impl Iterator<Item = Self> {
        let made = self.block.named(keyword).filter(|block| !matches!(block.made, Made::Unknown(_)));
        made.map(move |block| self.inner(block))
    }

    /// A note at a place.
    pub(super) fn note(self, at: Span, subject: impl Into<String>) -> Note {
        Note::new(self.sources.place(at), subject)
    }

    /// A note at an argument, or at the block where there is none.
    pub(super) fn note_at(self, name: &str, subject: impl Into<String>) -> Note {
        self.note(self.block.argument(name).map_or_else(|| self.at(), span), subject)
    }
}

/// The whole of an argument.
pub(super) fn span(argument: &Argument) -> Span {
    Span { start: argument.key_at.start, end: argument.expression.end.max(argument.key_at.end) }
}

/// What an argument comes to, or what it depends on.
pub(super) fn value(argument: &Argument) -> Result<Value, String> {
    match (argument.value.reason(), argument.value.to_json()) {
        (None, Some(value)) => Ok(value),
        (Some(reason), _) => Err(reason.why.to_string()),
        (None, None) => Err(format!("`{}`", argument.written)),
    }
}

/// The variable that has to be given, where that is all that something depends on.
pub(super) fn variable(why: &str) -> Option<&str> {
    why.strip_prefix("`var.")?.strip_suffix("`, which has no default")
}

/// A value that may stand alone or in a list.
pub(super) fn listed(value: &Value) -> impl Iterator<Item = &Value> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        Value::Null => &[],
        one => std::slice::from_ref(one),
    };
    items.iter()
}
