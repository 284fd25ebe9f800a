//! Blocks that were found, and notes at their places.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Level, Sources, Span};
use crate::terraform::{Argument, Block, Made, Module};

/// A folder, or a module as it is called.
#[derive(Clone, Copy)]
pub(super) struct Root<'s> {
    pub(super) module: &'s Module,
    pub(super) sources: &'s Sources,
}

/// A block, and the texts that its places are in.
#[derive(Clone, Copy)]
pub(super) struct Found<'s> {
    pub(super) block: &'s Block,
    pub(super) sources: &'s Sources,
}

impl<'s> Root<'s> {
    /// The blocks of a kind, such as `provider "aws"`, but for those that are not made.
    pub(super) fn blocks(
        self,
        keyword: &'static str,
        label: &'static str,
    ) -> impl Iterator<Item = Found<'s>> {
        let is_meant =
            move |block: &&Block| !matches!(block.made, Made::Never) && (label.is_empty() || block.is(label));
        self.module.named(keyword).filter(is_meant).map(move |block| self.found(block))
    }

    pub(super) fn found(self, block: &'s Block) -> Found<'s> {
        Found { block, sources: self.sources }
    }
}

impl<'s> Found<'s> {
    /// Where the block begins.
    pub(super) fn at(self) -> Span {
        self.block.at
    }

    /// A block in it.
    pub(super) fn inner(self, block: &'s Block) -> Self {
        Self { block, ..self }
    }

    /// The blocks in it of a kind, but for those of which only a run would show whether they are made.
    pub(super) fn named(self, keyword: &'static str) -> impl Iterator<Item = Self> {
        let made = self.block.named(keyword).filter(|block| !matches!(block.made, Made::Unknown(_)));
        made.map(move |block| self.inner(block))
    }

    /// A note at a place.
    pub(super) fn note(self, at: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { level: Level::Note, ..self.warning(at, message) }
    }

    /// A warning at a place.
    pub(super) fn warning(self, at: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { place: self.sources.place(at), ..Diagnostic::warning(message) }
    }
}

/// The whole of an argument.
pub(super) fn span(argument: &Argument) -> Span {
    Span { start: argument.key_at.start, end: argument.expression.end }
}

/// What an argument comes to, or what it depends on.
pub(super) fn value(argument: &Argument) -> Result<Value, String> {
    match (argument.value.reason(), argument.value.to_json()) {
        (None, Some(value)) => Ok(value),
        (Some(reason), _) => Err(reason.why.to_string()),
        (None, None) => Err(format!("`{}`", argument.written)),
    }
}
