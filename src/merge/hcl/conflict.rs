//! Places where the sides conflict, and what is written there.

use super::edit::{self, Edit};
use super::parsed::Parsed;
use crate::hcl::Span;
use crate::merge::Conflict;
use crate::merge::markers::Markers;
use crate::sides::Sides;

/// A place where the changes of both sides do not go together.
#[derive(Debug)]
pub(super) struct ConflictRegion {
    pub(super) at: String,
    pub(super) what: &'static str,
    /// The lines of our text that it is about.
    pub(super) span: Span,
    /// More of them, elsewhere, that go together with these.
    pub(super) also: Vec<Span>,
    /// What each side has there, as lines of ours.
    pub(super) texts: Sides<String>,
}

/// What is written where sides conflict.
#[derive(Clone, Copy)]
pub(super) enum Pick<'m> {
    Ours,
    Theirs,
    Marks(&'m Markers<'m>),
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
            Pick::Theirs if self.texts.theirs.is_empty() => {
                let spans = std::iter::once(self.span).chain(self.also.iter().copied());
                return spans.map(|span| edit::removal(side, span)).collect();
            }
            Pick::Theirs => self.texts.theirs.clone(),
            Pick::Marks(markers) => markers.marked(self.texts.as_ref().map(String::as_str)),
        };
        let is_broken = self.span.start > 0 && !side.text()[..self.span.start].ends_with('\n');
        let text = if is_broken { format!("\n{text}") } else { text };
        let others = self.also.iter().map(|span| edit::removal(side, *span));
        std::iter::once(Edit::replace(self.span, text)).chain(others).collect()
    }
}
