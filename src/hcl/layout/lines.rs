//! Lines and their cells.
//!
//! A line ends after a line break token or a line comment. Line breaks in the text of strings and
//! heredocs and in block comments are part of a token, so a heredoc belongs to the line that
//! opens it, with all its text.

use std::ops::Range;

use super::super::token::{Token, TokenKind};

/// A line as three neighbouring cells, given by the token indexes where they begin. Each may be
/// empty, the first only at the end of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    start: u32,
    assign: u32,
    comment: u32,
    end: u32,
}

impl Line {
    /// What stands before the `=`, or everything up to the comment.
    pub(super) fn lead(self) -> Range<usize> {
        self.start as usize..self.assign as usize
    }

    /// The `=` and its value, if the value closes all brackets it opens.
    pub(super) fn assign(self) -> Range<usize> {
        self.assign as usize..self.comment as usize
    }

    /// The comment at the end, if it is not the whole line.
    pub(super) fn comment(self) -> Range<usize> {
        self.comment as usize..self.end as usize
    }

    pub(super) fn has_assign(self) -> bool {
        self.assign < self.comment
    }

    pub(super) fn has_comment(self) -> bool {
        self.comment < self.end
    }
}

/// Cuts the tokens into lines; the end of the text belongs to none.
pub(super) fn split(tokens: &[Token]) -> Vec<Line> {
    let tokens = match tokens {
        [before @ .., end] if end.kind == TokenKind::End => before,
        all => all,
    };
    let mut lines = Vec::with_capacity(tokens.len() / 6 + 1);
    let mut start = 0;
    for (index, token) in tokens.iter().enumerate() {
        let ends_line = matches!(token.kind, TokenKind::Newline | TokenKind::LineComment);
        if ends_line || index + 1 == tokens.len() {
            lines.push(line(tokens, start..index + 1));
            start = index + 1;
        }
    }
    lines
}

fn line(tokens: &[Token], range: Range<usize>) -> Line {
    let last = range.end - 1;
    let commented = range.len() > 1 && tokens[last].kind.is_comment();
    let comment = if commented { last } else { range.end };
    Line {
        start: index(range.start),
        assign: index(assign_cell(tokens, range.start..comment)),
        comment: index(comment),
        end: index(range.end),
    }
}

/// Where the assign cell begins: at the first `=` after the first token, provided the brackets
/// from there on are balanced; otherwise at the end, which makes it empty.
fn assign_cell(tokens: &[Token], range: Range<usize>) -> usize {
    let mut after_first = range.start + 1..range.end;
    let Some(assign) = after_first.find(|&index| tokens[index].kind == TokenKind::Assign) else {
        return range.end;
    };
    let nesting: i32 = tokens[assign..range.end].iter().map(|token| token.kind.nesting()).sum();
    if nesting == 0 { assign } else { range.end }
}

/// Narrows a token index; there are no more tokens than bytes, and no more bytes than `u32` holds.
fn index(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
