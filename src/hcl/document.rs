//! A text that was read once: its tokens and its tree, from which all questions are answered.
//!
//! A document exists only of a text that [`check`](super::check()) accepts, so whoever holds one need
//! not ask again. It borrows the text and copies none of it but names and labels.

use std::borrow::Cow;

use super::error::SyntaxError;
use super::outline::Outline;
use super::span::Span;
use super::syntax_tree::{self, Body};
use super::token::Token;
use super::{format, grammar, scan};

/// A text in Terraform's language, scanned and parsed.
///
/// ```
/// use crossrole::hcl::{Document, TokenKind};
///
/// let document = Document::parse("# Read only.\nrole \"reader\" {\n  path=\"/\"\n}\n").unwrap();
///
/// let role = document.body().blocks().next().unwrap();
/// assert_eq!(role.labels, ["reader"]);
/// assert_eq!(document.slice(role.leading), "# Read only.\n");
///
/// let path = role.body.attribute("path").unwrap().expression;
/// assert_eq!(document.tokens_in(path)[0].kind, TokenKind::OpenQuote);
/// assert_eq!(document.format().unwrap(), "# Read only.\nrole \"reader\" {\n  path = \"/\"\n}\n");
/// ```
#[derive(Debug)]
pub struct Document<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    outline: Outline,
    body: Body,
}

impl<'t> Document<'t> {
    /// Reads a text.
    ///
    /// # Errors
    ///
    /// The first place that is not HCL, or a block nested more than
    /// [`DEEPEST_NESTING`](super::DEEPEST_NESTING) deep.
    pub fn parse(text: &'t str) -> Result<Self, SyntaxError> {
        let tokens = scan(text)?;
        let outline = grammar::outline(text, &tokens)?;
        let body = syntax_tree::build(text, &tokens, &outline.marks)?;
        Ok(Self { text, tokens, outline, body })
    }

    /// The text itself.
    #[must_use]
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The text of a span.
    ///
    /// # Panics
    ///
    /// If the span is not one of this text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &'t str {
        &self.text[span]
    }

    /// All tokens, as [`scan`](super::scan()) returns them.
    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The tokens that begin in a span.
    #[must_use]
    pub fn tokens_in(&self, span: Span) -> &[Token] {
        let start = self.tokens.partition_point(|token| token.span().start < span.start);
        let count = self.tokens[start..].partition_point(|token| token.span().start < span.end);
        &self.tokens[start..start + count]
    }

    /// The tree of the text.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The tree alone, for those who have the text elsewhere.
    #[must_use]
    pub fn into_body(self) -> Body {
        self.body
    }

    /// The text as `terraform fmt` writes it; see [`format()`](super::format()).
    ///
    /// # Errors
    ///
    /// What [`format()`](super::format()) refuses, but for what is not HCL.
    pub fn format(&self) -> Result<String, SyntaxError> {
        format::format_parsed(self.text, Cow::Borrowed(&self.tokens), &self.outline)
    }
}
