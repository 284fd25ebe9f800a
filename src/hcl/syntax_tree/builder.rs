//! Turns the grammar's outline into a tree, by handing out every byte once from front to back.

use std::ops::Range;

use super::super::error::SyntaxError;
use super::super::outline::Mark;
use super::super::span::Span;
use super::super::string;
use super::super::token::{Token, TokenKind};
use super::{Attribute, Block, Body, DEEPEST_NESTING, Item};

/// Builds the tree of a text from its tokens and outline.
///
/// # Errors
///
/// A block that is nested too deeply.
pub(in crate::hcl) fn build(source: &str, tokens: &[Token], marks: &[Mark]) -> Result<Body, SyntaxError> {
    let mut builder =
        Builder { source, tokens, position: 0, covered: 0, items: Vec::new(), open: Vec::new() };
    for mark in marks {
        match *mark {
            Mark::Argument { name, expression, end } => builder.attribute(name, expression..end),
            Mark::Open { keyword, brace } => builder.open(keyword, brace)?,
            Mark::Close { brace } => builder.close(brace),
        }
    }
    builder.loose(source.len());
    Ok(Body { items: builder.items, span: Span { start: 0, end: source.len() } })
}

struct Builder<'source> {
    source: &'source str,
    tokens: &'source [Token],
    /// The first token not handed out yet, and the first byte.
    position: usize,
    covered: usize,
    /// The items of the innermost open body.
    items: Vec<Item>,
    open: Vec<OpenBlock>,
}

/// A block whose end is still to come.
struct OpenBlock {
    keyword: String,
    labels: Vec<String>,
    leading: Span,
    header: Span,
    /// The items before it in the body around it.
    siblings: Vec<Item>,
}

impl Builder<'_> {
    fn attribute(&mut self, name: usize, expression: Range<usize>) {
        let leading = self.leading(name);
        let trailing = self.rest_of_line(expression.end);
        let name = self.tokens[name];
        self.items.push(Item::Attribute(Attribute {
            name: name.text(self.source).to_owned(),
            name_span: name.span(),
            expression: self.span(expression),
            span: Span { start: leading.start, end: self.covered },
            leading,
            trailing,
        }));
    }

    fn open(&mut self, keyword: usize, brace: usize) -> Result<(), SyntaxError> {
        if self.open.len() == DEEPEST_NESTING {
            let span = self.tokens[keyword].span();
            let message = format!("blocks are nested more than {DEEPEST_NESTING} deep");
            return Err(SyntaxError::limit_exceeded(span, message));
        }
        let leading = self.leading(keyword);
        self.header_end(brace);
        let block = OpenBlock {
            keyword: self.tokens[keyword].text(self.source).to_owned(),
            labels: self.labels(&self.tokens[keyword + 1..brace]),
            header: Span { start: leading.end, end: self.covered },
            leading,
            siblings: std::mem::take(&mut self.items),
        };
        self.open.push(block);
        Ok(())
    }

    /// The header takes its whole line, unless the body starts on that line.
    fn header_end(&mut self, brace: usize) {
        let rest = &self.tokens[brace + 1..];
        let next = rest.iter().find(|token| token.kind != TokenKind::BlockComment);
        let ends_line =
            next.is_some_and(|token| matches!(token.kind, TokenKind::Newline | TokenKind::LineComment));
        if ends_line {
            self.rest_of_line(brace + 1);
        } else {
            self.position = brace + 1;
            self.covered = self.tokens[brace].span().end;
        }
    }

    fn close(&mut self, brace: usize) {
        let Some(block) = self.open.pop() else { return };
        let line = self.line(brace).end;
        self.loose(line);
        self.rest_of_line(brace + 1);
        let items = std::mem::replace(&mut self.items, block.siblings);
        let body = Body { items, span: Span { start: block.header.end, end: line } };
        self.items.push(Item::Block(Block {
            keyword: block.keyword,
            labels: block.labels,
            span: Span { start: block.leading.start, end: self.covered },
            leading: block.leading,
            header: block.header,
            body,
            footer: Span { start: line, end: self.covered },
        }));
    }

    /// Hands out what precedes the line of a token, and returns the comment lines directly above
    /// it; the rest is loose.
    fn leading(&mut self, index: usize) -> Span {
        let comments = self.line(index);
        self.loose(comments.start);
        self.position = index;
        self.covered = comments.end;
        comments
    }

    /// The comment lines directly above the line of a token; they end where that line begins.
    fn line(&self, index: usize) -> Span {
        let mut comments = Span::empty(self.covered);
        let mut is_blank = true;
        for token in &self.tokens[self.position..index] {
            is_blank &= !token.kind.is_comment();
            if matches!(token.kind, TokenKind::Newline | TokenKind::LineComment) {
                comments.end = token.span().end;
                if is_blank {
                    comments.start = comments.end;
                }
                is_blank = true;
            }
        }
        comments
    }

    /// Hands out everything up to an offset as belonging to no attribute or block.
    fn loose(&mut self, end: usize) {
        if self.covered < end {
            self.items.push(Item::Loose(Span { start: self.covered, end }));
        }
        self.covered = end;
    }

    /// Hands out the rest of the line from a token on, with its line break, and returns the
    /// comment in it. In a block on one line it ends before the brace.
    fn rest_of_line(&mut self, index: usize) -> Span {
        let comments =
            self.tokens[index..].iter().take_while(|token| token.kind == TokenKind::BlockComment).count();
        let last = index + comments;
        let end = self.tokens[last];
        let (after, covered) = match end.kind {
            TokenKind::Newline | TokenKind::LineComment => (last + 1, end.span().end),
            _ => (last, end.span().start),
        };
        self.position = after;
        self.covered = covered;
        match end.kind {
            TokenKind::LineComment => self.span(index..last + 1),
            _ => self.span(index..last),
        }
    }

    /// The bytes from the first of these tokens to the last, without a final line break; empty
    /// where they would begin if there are none.
    fn span(&self, range: Range<usize>) -> Span {
        let start = self.tokens[range.start].span().start;
        let end = match range.end.checked_sub(1) {
            Some(last) if last >= range.start => self.tokens[last].span().end,
            _ => start,
        };
        let text = &self.source[start..end];
        Span { start, end: start + text.trim_end_matches(['\r', '\n']).len() }
    }

    fn labels(&self, tokens: &[Token]) -> Vec<String> {
        let mut labels: Vec<String> = Vec::new();
        for token in tokens {
            let text = token.text(self.source);
            match token.kind {
                TokenKind::Identifier => labels.push(text.to_owned()),
                TokenKind::OpenQuote => labels.push(String::new()),
                TokenKind::QuotedLiteral => {
                    if let Some(label) = labels.last_mut() {
                        label.push_str(&string::decode(text));
                    }
                }
                _ => {}
            }
        }
        labels
    }
}
