//! Places in a text: the bytes from one offset up to another.
//!
//! A range of the standard library would say as much, but cannot be copied, and nearly everything
//! here holds several places and hands them on.

use std::ops::{Index, Range};

/// A piece of a text, by its offsets in bytes.
///
/// ```
/// use crossrole::hcl::Span;
///
/// let span = Span { start: 7, end: 15 };
/// assert_eq!(&"name = \"reader\""[span], "\"reader\"");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// The offset of the first byte.
    pub start: usize,
    /// The offset after the last byte.
    pub end: usize,
}

impl Span {
    /// The empty place at an offset.
    #[must_use]
    pub fn empty(offset: usize) -> Self {
        Self { start: offset, end: offset }
    }

    /// The offsets as a range.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// How many bytes it has.
    #[must_use]
    pub fn len(self) -> usize {
        self.range().len()
    }

    /// Whether there are no bytes in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether the byte at an offset is one of its own.
    #[must_use]
    pub fn contains(self, offset: usize) -> bool {
        self.range().contains(&offset)
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

/// The piece of a text; panics as a range of its offsets would.
impl Index<Span> for str {
    type Output = Self;

    fn index(&self, span: Span) -> &Self {
        &self[span.range()]
    }
}

impl Index<Span> for String {
    type Output = str;

    fn index(&self, span: Span) -> &str {
        &self.as_str()[span]
    }
}
