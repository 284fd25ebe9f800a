//! Columns: the `=` of neighbouring lines stand below each other, then their comments do.
//!
//! A group is a run of lines that all have the cell in question. Nesting and heredocs do not break
//! a group; any line without the cell does. Widths are counted in grapheme clusters, as terraform
//! does, although a terminal may show a cluster two columns wide.

use memchr::memmem;
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
    width: impl Fn(&[Token], &Line) -> u64,
    cell: impl Fn(&Line) -> usize,
) {
    let widths = group.iter().map(|line| width(tokens, line));
    let widest = widths.max().unwrap_or(0);
    for line in group {
        let blanks = widest - width(tokens, line) + 1;
        tokens[cell(line)].blanks = u32::try_from(blanks).unwrap_or(u32::MAX);
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
    fn width(self, tokens: &[Token]) -> u64 {
        tokens.iter().map(|&token| u64::from(token.blanks) + self.token_width(token)).sum()
    }

    fn token_width(self, token: Token) -> u64 {
        let text = token.text(self.source);
        if !self.is_ascii && !text.is_ascii() {
            return text.graphemes(true).count() as u64;
        }
        let may_hold_line_breaks = matches!(
            token.kind,
            TokenKind::BlockComment | TokenKind::HeredocOpen | TokenKind::HeredocLiteral
        );
        if may_hold_line_breaks {
            return (text.len() - memmem::find_iter(text.as_bytes(), b"\r\n").count()) as u64;
        }
        text.len() as u64
    }
}
