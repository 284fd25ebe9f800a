//! Several texts in one space of places, so that a [`Span`] says which text it is in.
//!
//! What is put together from many files keeps its places that way, and they stay eight bytes.

use std::sync::Arc;

use super::{Place, Source, Span};

/// Texts, one behind the other.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Each with the place of its first byte.
    list: Vec<(u32, Arc<Source>)>,
    end: u32,
}

impl Sources {
    /// A single text, whose places are those in itself.
    #[must_use]
    pub fn of(source: &Arc<Source>) -> Self {
        let mut sources = Self::default();
        sources.add(source);
        sources
    }

    /// Adds a text behind the others, and says where it begins. Places beyond 4 GiB are cut off there.
    pub fn add(&mut self, source: &Arc<Source>) -> u32 {
        let start = self.end;
        self.list.push((start, Arc::clone(source)));
        // One more, or the end of a text would be the beginning of the next.
        let length = u32::try_from(source.text.len()).unwrap_or(u32::MAX).saturating_add(1);
        self.end = start.saturating_add(length);
        start
    }

    /// The place of the first byte of a text, if it was added.
    #[must_use]
    pub fn start(&self, text: &Source) -> Option<u32> {
        let is_same = |source: &Source| source.name == text.name && source.text == text.text;
        self.list.iter().find(|(_, source)| is_same(source)).map(|(start, _)| *start)
    }

    /// The text that a place is in, and where in it; `None` if there are no texts.
    #[must_use]
    pub fn place(&self, span: Span) -> Option<Place> {
        let index = self.list.partition_point(|(start, _)| *start <= span.start).checked_sub(1)?;
        let (start, source) = self.list.get(index)?;
        let span = Span { start: span.start - start, end: span.end.max(span.start) - start };
        Some(Place { source: Arc::clone(source), span })
    }

    /// How a part of a text is written.
    #[must_use]
    pub fn written(&self, span: Span) -> &str {
        let index = self.list.partition_point(|(start, _)| *start <= span.start).checked_sub(1);
        let Some((start, source)) = index.and_then(|index| self.list.get(index)) else { return "" };
        let part = (span.start - start) as usize..(span.end.max(span.start) - start) as usize;
        source.text.get(part).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_in_one_text() {
        let mut sources = Sources::default();
        assert!(sources.place(Span::default()).is_none());
        let first = sources.add(&Source::new("a", "abc"));
        let second = sources.add(&Source::new("b", "xyz"));
        assert_eq!((first, second), (0, 4));
        let end = sources.place(Span { start: 3, end: 3 }).expect("a place");
        assert_eq!((end.source.name.as_str(), end.span.start), ("a", 3));
        let within = sources.place(Span { start: 5, end: 7 }).expect("a place");
        assert_eq!((within.source.name.as_str(), within.span.range()), ("b", 1..3));
        assert_eq!(sources.written(Span { start: 5, end: 7 }), "yz");
        assert_eq!(sources.start(&Source::new("b", "xyz")), Some(4));
        assert_eq!(sources.start(&Source::new("b", "other")), None);
    }
}
