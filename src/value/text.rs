//! Texts made of pieces: each knows where it is written, and some may be unknown.
//!
//! A template such as `arn:aws:iam::${var.x}:root` is an account's root whatever `x` is, and JSON that
//! is put together from several places is wrong, where it is wrong, in one of them.

use std::ops::Range;

use super::Reason;
use crate::diagnostic::Span;

/// A text.
#[derive(Debug, Clone, Default)]
pub struct Text {
    /// All that is known, one piece behind the other.
    known: String,
    pieces: Vec<Part>,
}

#[derive(Debug, Clone)]
struct Part {
    /// Where it ends in what is known; an unknown piece is empty there.
    end: usize,
    at: Span,
    unknown: Option<Reason>,
}

/// A piece of a text.
#[derive(Debug, Clone, Copy)]
pub enum Piece<'t> {
    /// Text that is known, and where it is written.
    Known(&'t str, Span),
    /// Text that only a run would show, of any length.
    Unknown(&'t Reason),
}

impl Text {
    /// A text that is known, as it is written at one place.
    pub fn known(at: Span, text: impl Into<String>) -> Self {
        let known = text.into();
        Self { pieces: vec![Part { end: known.len(), at, unknown: None }], known }
    }

    /// A text of which nothing is known.
    #[must_use]
    pub fn unknown(reason: Reason) -> Self {
        let mut text = Self::default();
        text.push_unknown(reason);
        text
    }

    /// Adds text that is known.
    pub fn push(&mut self, at: Span, text: &str) {
        if !text.is_empty() {
            self.known.push_str(text);
            self.pieces.push(Part { end: self.known.len(), at, unknown: None });
        }
    }

    /// Adds a piece that only a run would show.
    pub fn push_unknown(&mut self, reason: Reason) {
        self.pieces.push(Part { end: self.known.len(), at: reason.at, unknown: Some(reason) });
    }

    /// Adds all pieces of another text.
    pub fn append(&mut self, other: &Self) {
        let before = self.known.len();
        self.known.push_str(&other.known);
        self.pieces.extend(other.pieces.iter().map(|part| Part { end: before + part.end, ..part.clone() }));
    }

    /// The whole, if every piece is known.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.reason().is_none().then_some(&self.known)
    }

    /// Why the first unknown piece cannot be known.
    #[must_use]
    pub fn reason(&self) -> Option<&Reason> {
        self.pieces.iter().find_map(|part| part.unknown.as_ref())
    }

    /// The pieces in order.
    pub fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        let starts = std::iter::once(0).chain(self.pieces.iter().map(|part| part.end));
        starts.zip(&self.pieces).map(|(start, part)| match &part.unknown {
            Some(reason) => Piece::Unknown(reason),
            None => Piece::Known(&self.known[start..part.end], part.at),
        })
    }

    /// What is known of its beginning, and of its end.
    #[must_use]
    pub fn ends(&self) -> (&str, &str) {
        let (known, gaps) = self.with_gaps();
        match (gaps.first(), gaps.last()) {
            (Some((first, _)), Some((last, _))) => (&known[..*first], &known[*last..]),
            _ => (known, known),
        }
    }

    /// The same without the blanks at its ends, as far as what is known there goes.
    #[must_use]
    pub fn trimmed(&self, start: bool, end: bool) -> Self {
        let (first, last) = self.ends();
        let from = if start { first.len() - first.trim_start().len() } else { 0 };
        let to = self.known.len() - if end { last.len() - last.trim_end().len() } else { 0 };
        let mut text = Self::default();
        let mut offset = 0;
        for piece in self.pieces() {
            match piece {
                Piece::Unknown(reason) => text.push_unknown(reason.clone()),
                Piece::Known(known, _) => {
                    let part = offset.max(from)..(offset + known.len()).min(to);
                    offset += known.len();
                    if part.start < part.end {
                        text.push(self.place(part.clone()), &self.known[part]);
                    }
                }
            }
        }
        text
    }

    /// The same with other text for each occurrence of some text, which is looked for in what is known; what stays keeps its
    /// place.
    #[must_use]
    pub fn replaced(&self, wanted: &str, other: &Self) -> Self {
        let mut text = Self::default();
        let mut from = 0;
        for (start, found) in self.known.match_indices(wanted) {
            text.push(self.place(from..start), &self.known[from..start]);
            text.append(other);
            from = start + found.len();
        }
        text.push(self.place(from..self.known.len()), &self.known[from..]);
        text
    }

    /// All that is known, and where in it something unknown stands.
    pub(super) fn with_gaps(&self) -> (&str, Vec<(usize, &Reason)>) {
        let gaps = self.pieces.iter().filter_map(|part| Some((part.end, part.unknown.as_ref()?)));
        (&self.known, gaps.collect())
    }

    /// Where a part of what is known is written.
    #[must_use]
    pub fn place(&self, part: Range<usize>) -> Span {
        let start = self.place_of(part.start, false);
        let end = if part.is_empty() { start } else { self.place_of(part.end - 1, true) };
        if end.end < start.start { start } else { Span { start: start.start, end: end.end } }
    }

    /// The place of a byte.
    fn place_of(&self, offset: usize, is_last: bool) -> Span {
        let index = self.pieces.partition_point(|part| part.end <= offset);
        let Some(part) = self.pieces.get(index) else {
            let end = self.pieces.last().map_or(0, |part| part.at.end);
            return Span { start: end, end };
        };
        let start =
            index.checked_sub(1).and_then(|before| self.pieces.get(before)).map_or(0, |part| part.end);
        // A piece that is written otherwise than it reads is one place.
        if part.at.range().len() != part.end - start {
            return part.at;
        }
        let within = part.at.range().start + (offset - start);
        let length = usize::from(is_last || offset < part.end);
        Span::new(within..within + length)
    }

    /// How much there is to copy.
    pub(super) fn size(&self) -> usize {
        self.pieces.len() + self.known.len() / 16
    }
}

impl FromIterator<Self> for Text {
    fn from_iter<I: IntoIterator<Item = Self>>(texts: I) -> Self {
        let mut whole = Self::default();
        texts.into_iter().for_each(|text| whole.append(&text));
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arn() -> Text {
        let mut text = Text::known(Span::new(10..23), "arn:aws:iam::");
        text.push_unknown(Reason::new(Span::new(23..31), "`var.x`"));
        text.push(Span::new(31..36), ":root");
        text
    }

    #[test]
    fn what_is_known_of_a_text_is_kept_with_its_places() {
        let text = arn();
        assert_eq!(text.as_str(), None);
        assert_eq!(text.ends(), ("arn:aws:iam::", ":root"));
        assert_eq!(text.place(14..18), Span::new(32..36));
        assert_eq!(text.place(0..3), Span::new(10..13));
        let written_otherwise = Text::known(Span::new(5..9), "a\"");
        assert_eq!(written_otherwise.place(1..2), Span::new(5..9));
        assert_eq!(Text::known(Span::default(), "x").ends(), ("x", "x"));
        let replaced = Text::known(Span::new(10..15), "a-B-c").replaced("B", &arn());
        assert_eq!(replaced.ends(), ("a-arn:aws:iam::", ":root-c"));
        assert_eq!(replaced.place(0..2), Span::new(10..12));
        assert_eq!(replaced.place(21..22), Span::new(14..15));
        assert_eq!(Text::unknown(Reason::new(Span::default(), "y")).ends(), ("", ""));
    }
}
