//! Expressions that hold others: objects, lists and calls, as elements that know their spans.

use std::collections::BTreeSet;

use super::parsed::{Parsed, is_for};
use crate::hcl::{Span, Token, TokenKind, string};

/// What holds the elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ContainerKind {
    Object,
    List,
    /// The name of the function.
    Call(String),
}

/// An expression that holds others.
#[derive(Debug)]
pub(super) struct Container {
    pub(super) kind: ContainerKind,
    /// From the opening bracket to the closing one.
    pub(super) span: Span,
    pub(super) elements: Vec<Element>,
}

/// An expression in a container, or an entry of an object.
#[derive(Debug)]
pub(super) struct Element {
    /// The key of an entry; equal for `a` and `"a"`.
    pub(super) key: Option<String>,
    /// Where the key is written.
    pub(super) key_span: Span,
    /// The value, without blanks and comments around it.
    pub(super) value: Span,
    /// The key and the value.
    pub(super) span: Span,
    /// Whether a comma follows.
    pub(super) comma: Option<usize>,
}

impl Container {
    /// What is between the brackets.
    pub(super) fn elements_span(&self, side: &Parsed<'_>) -> Span {
        let text = side.slice(self.span);
        let open = text.find(['{', '[', '(']).map_or(0, |at| at + 1);
        Span { start: self.span.start + open, end: self.span.end - 1 }
    }
}

/// What is nested deeper is taken whole, so that every user may follow containers recursively.
const DEEPEST_NESTING: i32 = 64;

/// Takes an expression apart. `None` if it is something else, a `for` expression, an object that has
/// a key twice, or nested too deeply.
pub(super) fn container(side: &Parsed<'_>, expression: Span) -> Option<Container> {
    let tokens = side.tokens(expression);
    let (kind, open) = kind(side.text(), tokens)?;
    let close = tokens.len() - 1;
    if depth(tokens) > DEEPEST_NESTING {
        return None;
    }
    if closing(tokens, open)? != close || is_for(side.text(), &tokens[open + 1..close]) {
        return None;
    }
    let elements = elements(side.text(), &tokens[open + 1..close], kind == ContainerKind::Object)?;
    let keys: BTreeSet<&String> = elements.iter().filter_map(|element| element.key.as_ref()).collect();
    let is_unique = kind != ContainerKind::Object || keys.len() == elements.len();
    let span = Span { start: tokens[open].span().start, end: tokens[close].span().end };
    is_unique.then_some(Container { kind, span, elements })
}

/// The kind of container that tokens begin, and the index of its opening bracket.
fn kind(text: &str, tokens: &[Token]) -> Option<(ContainerKind, usize)> {
    let kind = |index: usize| tokens.get(index).map(|token| token.kind);
    match (kind(0)?, kind(1)?) {
        (TokenKind::OpenBrace, _) => Some((ContainerKind::Object, 0)),
        (TokenKind::OpenBracket, _) => Some((ContainerKind::List, 0)),
        (TokenKind::Identifier, TokenKind::OpenParenthesis) => {
            Some((ContainerKind::Call(tokens[0].text(text).to_owned()), 1))
        }
        _ => None,
    }
}

/// How deep brackets and template sequences are nested.
fn depth(tokens: &[Token]) -> i32 {
    let mut depth = 0;
    let depths = tokens.iter().map(|token| {
        depth += token.kind.nesting();
        depth
    });
    depths.max().unwrap_or_default()
}

/// The index of the bracket that closes the one at `open`.
fn closing(tokens: &[Token], open: usize) -> Option<usize> {
    let mut depth = 0;
    let rest = tokens.iter().enumerate().skip(open);
    rest.map(|(index, token)| {
        depth += token.kind.nesting();
        (index, depth)
    })
    .find_map(|(index, depth)| (depth == 0).then_some(index))
}

fn elements(text: &str, tokens: &[Token], is_object: bool) -> Option<Vec<Element>> {
    let mut found: Vec<Element> = Vec::new();
    let mut current: Vec<Token> = Vec::new();
    let mut depth = 0;
    for token in tokens {
        let ends_line = matches!(token.kind, TokenKind::Newline | TokenKind::LineComment);
        if depth == 0 && (token.kind == TokenKind::Comma || is_object && ends_line) {
            finish(text, &mut current, is_object, &mut found)?;
            if token.kind == TokenKind::Comma {
                found.last_mut()?.comma = Some(token.span().start);
            }
            continue;
        }
        depth += token.kind.nesting();
        if depth > 0 || !(ends_line || token.kind.is_comment()) {
            current.push(*token);
        }
    }
    finish(text, &mut current, is_object, &mut found)?;
    Some(found)
}

/// Adds the element that tokens make up, if there are any.
fn finish(text: &str, tokens: &mut Vec<Token>, is_object: bool, found: &mut Vec<Element>) -> Option<()> {
    let tokens = std::mem::take(tokens);
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return Some(()) };
    let span = Span { start: first.span().start, end: last.span().end };
    if !is_object {
        found.push(Element { key: None, key_span: Span::empty(span.start), value: span, span, comma: None });
        return Some(());
    }
    let mut depth = 0;
    let sign = tokens.iter().position(|token| {
        depth += token.kind.nesting();
        depth == 0 && matches!(token.kind, TokenKind::Assign | TokenKind::Colon)
    })?;
    let value = Span { start: tokens.get(sign + 1)?.span().start, ..span };
    let key_span = Span { end: tokens.get(sign.checked_sub(1)?)?.span().end, ..span };
    let key = key(&text[key_span], &tokens[..sign]);
    found.push(Element { key: Some(key), key_span, value, span, comma: None });
    Some(())
}

fn key(written: &str, tokens: &[Token]) -> String {
    let is_word = matches!(tokens, [word] if word.kind == TokenKind::Identifier);
    match string::unquote(written) {
        Ok(name) => name,
        Err(_) if is_word => written.to_owned(),
        // Apart from every name.
        Err(_) => format!("({written})"),
    }
}
