//! Conflict markers around whole lines.

use crate::merge::markers::{Markers, Region};
use crate::merge::{Labels, Style};
use crate::sides::Sides;

/// How markers look in one file. Its lines end with line feeds here: what else they end with is put
/// back when all is merged.
pub(super) struct Marks<'m>(Markers<'m>);

impl<'m> Marks<'m> {
    /// Markers that are longer than everything in the three texts that looks like one.
    pub(super) fn new(style: Style, labels: &'m Labels, sides: Sides<&str>) -> Self {
        Self(Markers::new(sides, labels, style))
    }

    /// The three texts between markers.
    pub(super) fn mark(&self, ours: &str, base: &str, theirs: &str) -> String {
        let texts = Sides { base, ours, theirs }.map(ended);
        let mut text = String::new();
        self.0.write(&mut text, Region { texts: texts.as_ref().map(String::as_str), crlf: false });
        text
    }
}

/// With a line break at its end, if it is not empty.
fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}
