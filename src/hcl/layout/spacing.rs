//! Blanks between neighbouring tokens of a cell.
//!
//! The rules are an ordered list; the first that applies decides. They look at the two neighbours
//! and sometimes at the token before them, but never further, which is why a minus sign after a
//! word always counts as a binary one.

use super::super::token::{Token, TokenKind};
use super::lines::Line;

/// Sets the blanks before every token but the first of each line.
pub(super) fn space(source: &str, tokens: &mut [Token], lines: &[Line]) {
    for line in lines {
        space_cell(source, &mut tokens[line.lead()]);
        if line.has_assign() {
            let cell = &mut tokens[line.assign()];
            cell[0].blanks = 1;
            space_cell(source, cell);
        }
    }
}

fn space_cell(source: &str, cell: &mut [Token]) {
    let mut before = None;
    let Some(mut left) = cell.first().copied() else {
        return;
    };
    for right in &mut cell[1..] {
        right.blanks = u32::from(are_apart(source, before, left, right.kind));
        before = Some(left.kind);
        left = *right;
    }
}

/// Whether a blank stands between `left` and `right`; `before` is what precedes `left`.
fn are_apart(source: &str, before: Option<TokenKind>, left: Token, right: TokenKind) -> bool {
    if are_glued(left.kind, right) {
        return false;
    }
    if left.kind == TokenKind::Comma {
        return true;
    }
    if is_text(left.kind, right) {
        return false;
    }
    // The word `in` of a `for` is no reference that the `[` after it would index.
    let is_in = left.kind == TokenKind::Identifier
        && before == Some(TokenKind::Identifier)
        && left.text(source) == "in";
    is_in || are_operands_apart(before, left.kind, right)
}

/// What never has a blank, even after a comma: the ends of lines, calls, names and commas.
fn are_glued(left: TokenKind, right: TokenKind) -> bool {
    matches!(
        (left, right),
        (_, TokenKind::Newline | TokenKind::Dot | TokenKind::Comma | TokenKind::Ellipsis)
            | (TokenKind::Dot, _)
            | (TokenKind::Identifier, TokenKind::OpenParenthesis | TokenKind::DoubleColon)
            | (TokenKind::DoubleColon, TokenKind::Identifier)
    )
}

/// Whether one of the two is the text of a string or heredoc, or its end on this side.
fn is_text(left: TokenKind, right: TokenKind) -> bool {
    matches!(
        left,
        TokenKind::QuotedLiteral | TokenKind::HeredocLiteral | TokenKind::OpenQuote | TokenKind::HeredocOpen
    ) || matches!(
        right,
        TokenKind::QuotedLiteral
            | TokenKind::HeredocLiteral
            | TokenKind::CloseQuote
            | TokenKind::HeredocClose
    )
}

fn are_operands_apart(before: Option<TokenKind>, left: TokenKind, right: TokenKind) -> bool {
    if right == TokenKind::OpenBracket && is_indexable(left) {
        return false;
    }
    match (left, right) {
        (TokenKind::Minus, _) => !before.is_none_or(precedes_sign),
        (TokenKind::Not, _)
        | (TokenKind::OpenBrace, TokenKind::CloseBrace)
        | (TokenKind::TemplateClose, TokenKind::InterpolationOpen | TokenKind::DirectiveOpen) => false,
        (TokenKind::OpenBrace, _)
        | (_, TokenKind::CloseBrace)
        | (TokenKind::InterpolationOpen | TokenKind::DirectiveOpen, TokenKind::OpenBrace)
        | (TokenKind::CloseBrace, TokenKind::TemplateClose) => true,
        (left, right) => left.nesting() <= 0 && right.nesting() >= 0,
    }
}

/// Whether a bracket after this token is taken for an index. A string is not.
fn is_indexable(left: TokenKind) -> bool {
    matches!(left, TokenKind::Identifier | TokenKind::Number) || left.nesting() < 0
}

/// Whether a minus after this token is a sign. Terraform knows neither `=>` nor words nor `${`
/// here, and neither may we.
fn precedes_sign(before: TokenKind) -> bool {
    before.is_binary_operator()
        || matches!(
            before,
            TokenKind::OpenParenthesis
                | TokenKind::OpenBrace
                | TokenKind::OpenBracket
                | TokenKind::Assign
                | TokenKind::Colon
                | TokenKind::Comma
                | TokenKind::Question
                | TokenKind::Not
        )
}
