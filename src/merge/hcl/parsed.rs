//! One side of a merge: its text, its tokens, its tree, and what a piece of it means.

use crate::hcl::{self, Body, Document, Span, Token, TokenKind};

/// A text that parses.
pub(super) struct Parsed<'t> {
    pub(super) document: Document<'t>,
}

impl<'t> Parsed<'t> {
    /// The side of a text; `None` if it is not HCL.
    pub(super) fn parse(text: &'t str) -> Option<Self> {
        Document::parse(text).ok().map(|document| Self { document })
    }

    /// All of the text.
    pub(super) fn text(&self) -> &'t str {
        self.document.text()
    }

    /// The text of a span.
    pub(super) fn slice(&self, span: Span) -> &'t str {
        self.document.slice(span)
    }

    /// The tree of the text.
    pub(super) fn body(&self) -> &Body {
        self.document.body()
    }

    /// The tokens that begin in a span.
    pub(super) fn tokens(&self, span: Span) -> &[Token] {
        self.document.tokens_in(span)
    }

    /// The comments in a span, without the blanks around them, sorted.
    pub(super) fn comments(&self, span: Span) -> Vec<&'t str> {
        let tokens = self.tokens(span).iter().filter(|token| token.kind.is_comment());
        let mut comments: Vec<&str> = tokens.map(|token| self.text()[token.span()].trim()).collect();
        comments.sort_unstable();
        comments
    }

    /// An expression without blanks, comments and what else formatting may change.
    pub(super) fn canonical(&self, expression: Span) -> String {
        let tokens = self.tokens(expression);
        let pairs = tokens.windows(2);
        let has_lone = pairs
            .into_iter()
            .any(|pair| pair[0].kind == TokenKind::OpenQuote && pair[1].kind == TokenKind::InterpolationOpen);
        let modern = if has_lone { modernized(self.slice(expression)) } else { None };
        modern.unwrap_or_else(|| joined(self.text(), tokens))
    }

    /// Whether a span begins with a line of its own that holds nothing.
    pub(super) fn is_blank_at(&self, offset: usize) -> bool {
        let rest = &self.text()[offset..];
        rest.split_once('\n').is_some_and(|(line, _)| line.trim().is_empty())
    }

    /// Whether the line that ends at an offset holds nothing.
    pub(super) fn is_blank_before(&self, offset: usize) -> bool {
        let before = self.text()[..offset].strip_suffix('\n');
        before.is_some_and(|before| before.rsplit('\n').next().is_some_and(|line| line.trim().is_empty()))
    }

    /// The blanks that the line of an offset begins with.
    pub(super) fn indentation(&self, offset: usize) -> &'t str {
        let start = self.text()[..offset].rfind('\n').map_or(0, |at| at + 1);
        let line = &self.text()[start..];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }
}

/// The canonical form of an expression from which the formatter takes off a lone `"${…}"`.
fn modernized(expression: &str) -> Option<String> {
    // In brackets an expression may span lines wherever it stood.
    let text = hcl::format(&format!("x = [\n{expression}\n]\n")).ok()?;
    let tokens = hcl::scan(&text).ok()?;
    Some(joined(&text, tokens.get(3..tokens.len().checked_sub(3)?)?))
}

/// What a line break means where a token stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Breaks {
    Separate,
    Nothing,
}

/// The tokens, with one separator between the entries of an object.
fn joined(text: &str, tokens: &[Token]) -> String {
    let mut joined = String::new();
    let mut open = Vec::new();
    let mut is_separated = false;
    for (index, token) in tokens.iter().enumerate() {
        let inside = open.last().copied().unwrap_or(Breaks::Nothing);
        match token.kind {
            TokenKind::Comma => is_separated = true,
            TokenKind::Newline | TokenKind::LineComment => is_separated |= inside == Breaks::Separate,
            TokenKind::BlockComment | TokenKind::End => {}
            kind => {
                let is_close = kind.nesting() < 0;
                if is_separated && !is_close && !OPENED.iter().any(|open| joined.ends_with(open)) {
                    joined.push_str(",\0");
                }
                is_separated = false;
                joined.push_str(token.text(text));
                joined.push('\0');
                if kind.nesting() > 0 {
                    let is_object = kind == TokenKind::OpenBrace && !is_for(text, &tokens[index + 1..]);
                    open.push(if is_object { Breaks::Separate } else { Breaks::Nothing });
                } else if is_close {
                    open.pop();
                }
            }
        }
    }
    joined
}

/// What stands before the first entry.
const OPENED: [&str; 3] = ["{\0", "[\0", "(\0"];

/// Whether what is in a bracket is a `for` expression.
pub(super) fn is_for(text: &str, inside: &[Token]) -> bool {
    let mut words =
        inside.iter().filter(|token| !token.kind.is_comment() && token.kind != TokenKind::Newline);
    let is_word = |token: Option<&Token>| token.is_some_and(|token| token.kind == TokenKind::Identifier);
    let first = words.next();
    is_word(first) && first.is_some_and(|token| token.text(text) == "for") && is_word(words.next())
}
