//! Places where the sides conflict, and what is written there.

use super::edit::{self, Edit};
use super::marks::Marks;
use super::parsed::Parsed;
use crate::hcl::Span;
use crate::merge::Conflict;

/// A place where the changes of both sides do not go together.
#[derive(Debug)]
pub(super) struct ConflictRegion {
    pub(super) at: String,
    pub(super) what: &'static str,
    /// The lines of our text that it is about.
    pub(super) span: Span,
    /// More of them, elsewhere, that go together with these.
    pub(super) also: Vec<Span>,
    pub(super) ours: String,
    pub(super) base: String,
    pub(super) theirs: String,
}

/// What is written where sides conflict.
#[derive(Clone, Copy)]
pub(super) enum Pick<'m> {
    Ours,
    Theirs,
    Marks(&'m Marks<'m>),
}

impl ConflictRegion {
    /// The conflict as people are told of it.
    pub(super) fn report(&self) -> Conflict {
        Conflict { at: self.at.clone(), what: self.what.to_owned() }
    }

    /// The edits that settle it.
    pub(super) fn edits(&self, side: &Parsed<'_>, pick: Pick<'_>) -> Vec<Edit> {
        let text = match pick {
            Pick::Ours => return Vec::new(),
            Pick::Theirs if self.theirs.is_empty() => {
                let spans = std::iter::once(self.span).chain(self.also.iter().copied());
                return spans.map(|span| edit::removal(side, span)).collect();
            }
            Pick::Theirs => self.theirs.clone(),
            Pick::Marks(marks) => marks.mark(&self.ours, &self.base, &self.theirs),
        };
        let is_broken = self.span.start > 0 && !side.text()[..self.span.start].ends_with('\n');
        let text = if is_broken { format!("\n{text}") } else { text };
        let others = self.also.iter().map(|span| edit::removal(side, *span));
        std::iter::once(Edit::replace(self.span, text)).chain(others).collect()
    }
}
