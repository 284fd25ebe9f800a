//! Changes of our text by their places, and pieces of another text made to fit in there.

use super::parsed::Parsed;
use crate::hcl::{self, Span, TokenKind};

/// On which side of a place a text that is put there belongs, where several meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bias {
    After,
    Before,
    /// It belongs to what follows, like a comment above it.
    Above,
}

/// A replacement of part of our text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) span: Span,
    pub(super) text: String,
    pub(super) bias: Bias,
}

impl Edit {
    /// Puts a text in the place of another.
    pub(super) fn replace(span: Span, text: String) -> Self {
        Self { span, text, bias: Bias::After }
    }

    /// Puts a text in the place of the lines directly above something.
    pub(super) fn above(span: Span, text: String) -> Self {
        Self { span, text, bias: Bias::Above }
    }

    /// Puts a text behind what ends at an offset.
    pub(super) fn after(offset: usize, text: String) -> Self {
        Self { span: Span::empty(offset), text, bias: Bias::After }
    }

    /// Puts a text before what begins at an offset.
    pub(super) fn before(offset: usize, text: String) -> Self {
        Self { span: Span::empty(offset), text, bias: Bias::Before }
    }
}

/// A part of a text with the edits that lie in it. `None` if two of them touch the same bytes.
pub(super) fn apply(text: &str, part: Span, edits: &[Edit]) -> Option<String> {
    let mut inside: Vec<&Edit> =
        edits.iter().filter(|edit| part.start <= edit.span.start && edit.span.end <= part.end).collect();
    inside.sort_by_key(|edit| (edit.span.start, edit.span.end, edit.bias));
    let mut result = String::with_capacity(part.len());
    let mut at = part.start;
    let mut was_removal = false;
    for edit in inside {
        let is_removal = edit.text.is_empty();
        // Two neighbours that go may both take the blank line between them.
        if edit.span.start < at && !(is_removal && was_removal) {
            return None;
        }
        result.push_str(&text[at.min(edit.span.start)..edit.span.start][..]);
        result.push_str(&edit.text);
        at = at.max(edit.span.end);
        was_removal = is_removal;
    }
    result.push_str(&text[at..part.end]);
    Some(result)
}

/// Whole lines of another text, indented as the place where they go.
pub(super) fn lines(side: &Parsed<'_>, span: Span, indentation: &str) -> String {
    let start = span.start + side.slice(span).len() - side.slice(span).trim_start_matches([' ', '\t']).len();
    let mut text = indentation.to_owned();
    text.push_str(&fitted(side, Span::from(start..span.end), side.indentation(start), indentation));
    let text = text.trim_end_matches([' ', '\t']);
    if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

/// A piece of another text with its lines after the first indented anew. Lines within strings stay.
pub(super) fn fitted(side: &Parsed<'_>, span: Span, from: &str, to: &str) -> String {
    let text = side.slice(span);
    if from == to || !text.contains('\n') {
        return text.to_owned();
    }
    let fixed = inside_strings(side, span);
    let mut offset = span.start;
    let mut result = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let is_fixed = offset == span.start || fixed.binary_search(&offset).is_ok() || line.trim().is_empty();
        match line.strip_prefix(from) {
            Some(rest) if !is_fixed => {
                result.push_str(to);
                result.push_str(rest);
            }
            _ => result.push_str(line),
        }
        offset += line.len();
    }
    result
}

/// Where lines begin whose blanks are text.
fn inside_strings(side: &Parsed<'_>, span: Span) -> Vec<usize> {
    let is_text = |kind: hcl::TokenKind| {
        matches!(kind, TokenKind::HeredocLiteral | TokenKind::HeredocClose | TokenKind::BlockComment)
    };
    let tokens = side.tokens(span).iter().filter(|token| is_text(token.kind));
    let mut found: Vec<usize> = tokens
        .flat_map(|token| {
            let line = side.text()[..token.span().start].rfind('\n').map_or(0, |at| at + 1);
            let breaks = side.text()[token.span()].match_indices('\n');
            std::iter::once(line).chain(breaks.map(move |(at, _)| token.span().start + at + 1))
        })
        .collect();
    found.sort_unstable();
    found
}

/// The edit that takes out a part of a body, and a blank line that would then be one too many.
pub(super) fn removal(side: &Parsed<'_>, span: Span) -> Edit {
    let (blank_before, blank_after) = (side.is_blank_before(span.start), side.is_blank_at(span.end));
    let is_first = matches!(side.text()[..span.start].trim_end().chars().next_back(), None | Some('{'));
    let is_last = matches!(side.text()[span.end..].trim_start().chars().next(), None | Some('}'));
    let mut span = span;
    if blank_after && (blank_before || is_first) {
        span.end += side.text()[span.end..].find('\n').map_or(0, |at| at + 1);
    } else if blank_before && is_last {
        span.start = side.text()[..span.start - 1].rfind('\n').map_or(0, |at| at + 1);
    }
    Edit::replace(span, String::new())
}
