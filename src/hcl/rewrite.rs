//! The few things `terraform fmt` changes besides blanks, as edits of the text.
//!
//! - A lone interpolation, `"${x}"`, becomes `x`.
//! - The type of a variable loses its quotes and gains an element type: `"list"` becomes
//!   `list(string)`, `list` becomes `list(any)`.
//! - Block labels become quoted strings.
//!
//! Edits are found in one pass over the outline and never overlap. Nothing here decides whether
//! the edited text is still valid; the formatter reads it again and refuses if it is not.

use super::edit::Edit;
use super::error::SyntaxError;
use super::label;
use super::outline::Mark;
use super::span::Span;
use super::token::{Token, TokenKind};

/// The edits terraform makes, in the order of the text.
///
/// # Errors
///
/// A label or comment that terraform would delete.
pub(super) fn edits(source: &str, tokens: &[Token], marks: &[Mark]) -> Result<Vec<Edit>, SyntaxError> {
    let mut edits = Vec::new();
    let mut depth = 0_usize;
    let mut in_variable = false;
    for mark in marks {
        match *mark {
            Mark::Open { keyword, brace } => {
                depth += 1;
                if depth == 1 {
                    in_variable = tokens[keyword].text(source) == "variable";
                }
                let labels = &tokens[keyword + 1..brace];
                label::quote_all(source, labels, &mut edits)?;
            }
            Mark::Close { .. } => depth -= 1,
            Mark::Argument { name, expression, end } => {
                let is_type = in_variable && depth == 1 && tokens[name].text(source) == "type";
                edits.extend(if is_type {
                    modern_type(source, &tokens[expression..end])
                } else {
                    unwrapped(source, &tokens[expression..end], tokens[end])
                });
            }
        }
    }
    Ok(edits)
}

/// The text with all edits made.
pub(super) fn apply(source: &str, edits: &[Edit]) -> String {
    let mut text = String::with_capacity(source.len());
    let mut copied = 0;
    for edit in edits {
        text.push_str(&source[copied..edit.span.start]);
        text.push_str(&edit.text);
        copied = edit.span.end;
    }
    text.push_str(&source[copied..]);
    text
}

/// The span of the text before these edits from which a span of the text after them came.
pub(super) fn before(edits: &[Edit], span: Span) -> Span {
    Span { start: origin(edits, span.start).start, end: origin(edits, span.end).end }
}

/// Where an offset came from: a place in unchanged text, or the whole of what was replaced.
fn origin(edits: &[Edit], offset: usize) -> Span {
    let mut place = offset;
    for edit in edits {
        if place < edit.span.start {
            break;
        }
        let inside = place - edit.span.start;
        if inside <= edit.text.len() {
            return edit.span;
        }
        place = inside - edit.text.len() + edit.span.end;
    }
    Span::empty(place)
}

fn modern_type(source: &str, expression: &[Token]) -> Option<Edit> {
    let (name, quoted) = match expression {
        [name] if name.kind == TokenKind::Identifier => (name, false),
        [open, name, _] if open.kind == TokenKind::OpenQuote => (name, true),
        _ => return None,
    };
    let modern = match (name.text(source), quoted) {
        ("string", true) => "string",
        ("list", true) => "list(string)",
        ("map", true) => "map(string)",
        ("list", false) => "list(any)",
        ("map", false) => "map(any)",
        ("set", false) => "set(any)",
        _ => return None,
    };
    Some(Edit { span: span(expression), text: modern.to_owned() })
}

/// The edit that takes the expression out of `"${…}"`, if that is all there is.
fn unwrapped(source: &str, expression: &[Token], next: Token) -> Option<Edit> {
    let [open, start, inner @ .., end, close] = expression else {
        return None;
    };
    let wrapped = open.kind == TokenKind::OpenQuote
        && start.kind == TokenKind::InterpolationOpen
        && end.kind == TokenKind::TemplateClose
        && close.kind == TokenKind::CloseQuote;
    if !wrapped || !is_single(inner) {
        return None;
    }
    let inner = without_outer_newlines(inner);
    let text = &source[span(inner)];
    // A heredoc that now ends the line must not take the line's trailing blanks into its own end.
    let end = match next.kind {
        TokenKind::Newline => next.span().start,
        _ => close.span().end,
    };
    Some(Edit {
        span: Span { start: open.span().start, end },
        text: if needs_parentheses(inner) { format!("({text})") } else { text.to_owned() },
    })
}

/// Whether the string holds nothing but the interpolation: outside nested strings there is neither
/// text nor another sequence.
fn is_single(inner: &[Token]) -> bool {
    let mut strings = 0_usize;
    for token in inner {
        match token.kind {
            TokenKind::OpenQuote => strings += 1,
            TokenKind::CloseQuote if strings == 0 => return false,
            TokenKind::CloseQuote => strings -= 1,
            TokenKind::InterpolationOpen | TokenKind::TemplateClose | TokenKind::QuotedLiteral
                if strings == 0 =>
            {
                return false;
            }
            _ => {}
        }
    }
    !inner.is_empty()
}

fn without_outer_newlines(mut tokens: &[Token]) -> &[Token] {
    while let [first, rest @ ..] = tokens
        && first.kind == TokenKind::Newline
    {
        tokens = rest;
    }
    while let [rest @ .., last] = tokens
        && last.kind == TokenKind::Newline
    {
        tokens = rest;
    }
    tokens
}

/// Whether the expression spans lines and is not in parentheses. Like terraform, this does not
/// look whether the parentheses at its ends are a pair.
fn needs_parentheses(tokens: &[Token]) -> bool {
    let parenthesized = tokens.first().is_some_and(|first| first.kind == TokenKind::OpenParenthesis)
        && tokens.last().is_some_and(|last| last.kind == TokenKind::CloseParenthesis);
    !parenthesized && tokens.iter().any(|token| token.kind == TokenKind::Newline)
}

fn span(tokens: &[Token]) -> Span {
    match tokens {
        [first, .., last] => Span { start: first.span().start, end: last.span().end },
        [only] => only.span(),
        [] => Span::default(),
    }
}
