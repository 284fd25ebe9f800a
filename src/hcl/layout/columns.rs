//! Columns: the `=` of neighbouring lines stand below each other, then their comments do.
//!
//! A group is a run of lines that all have the cell in question. Nesting and heredocs do not break
//! a group; any line without the cell does. Widths are counted in grapheme clusters, as terraform
//! does, although a terminal may show a cluster two columns wide.

use unicode_segmentation::UnicodeSegmentation;

use super::super::token::{Token, TokenKind};
use super::lines::Line;

/// Sets the blanks before the `=` and before the comment of each line that has one.
pub(super) fn align(source: &str, tokens: &mut [Token], lines: &[Line]) {
    let ruler = Ruler { source, is_ascii: source.is_ascii() };
    for group in groups(lines, Line::has_assign) {
        let width = |tokens: &[Token], line: &Line| ruler.width(&tokens[line.lead()]);
        align_group(tokens, group, width, |line| line.assign().start);
    }
    for group in groups(lines, Line::has_comment) {
        let width = |tokens: &[Token], line: &Line| {
            ruler.width(&tokens[line.lead()]) + ruler.width(&tokens[line.assign()])
        };
        align_group(tokens, group, width, |line| line.comment().start);
    }
}

/// The longest runs of lines that all have the cell.
fn groups(lines: &[Line], has_cell: fn(Line) -> bool) -> impl Iterator<Item = &[Line]> {
    lines
        .chunk_by(move |&above, &below| has_cell(above) && has_cell(below))
        .filter(move |group| group.first().is_some_and(|&line| has_cell(line)))
}

/// Puts the cell that begins at `cell` one blank after the widest of what precedes it.
fn align_group(
    tokens: &mut [Token],
    group: &[Line],
    width: impl Fn(&[Token], &Line) -> u32,
    cell: impl Fn(&Line) -> usize,
) {
    let widest = group.iter().map(|line| width(tokens, line)).max();
    for line in group {
        let blanks = widest.unwrap_or(0) - width(tokens, line) + 1;
        tokens[cell(line)].blanks = blanks;
    }
}

/// Measures tokens.
#[derive(Clone, Copy)]
struct Ruler<'source> {
    source: &'source str,
    /// Whether one byte is one column, except for line breaks of two bytes.
    is_ascii: bool,
}

impl Ruler<'_> {
    fn width(self, tokens: &[Token]) -> u32 {
        tokens.iter().map(|token| token.blanks + self.token_width(*token)).sum()
    }

    fn token_width(self, token: Token) -> u32 {
        let text = token.text(self.source);
        if !self.is_ascii && !text.is_ascii() {
            let clusters = text.graphemes(true).count();
            return u32::try_from(clusters).unwrap_or(u32::MAX);
        }
        let length = token.end - token.start;
        match token.kind {
            TokenKind::BlockComment
            | TokenKind::Newline
            | TokenKind::HeredocOpen
            | TokenKind::HeredocLiteral => length - line_breaks_of_two_bytes(text),
            _ => length,
        }
    }
}

fn line_breaks_of_two_bytes(text: &str) -> u32 {
    let count = memchr::memmem::find_iter(text.as_bytes(), b"\r\n").count();
    u32::try_from(count).unwrap_or(u32::MAX)
}
