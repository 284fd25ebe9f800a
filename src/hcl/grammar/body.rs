//! Bodies: arguments and blocks, one a line.

use super::super::error::SyntaxError;
use super::super::outline::Mark;
use super::super::token::TokenKind;
use super::{Expectation, FrameKind, Parser};

impl Parser<'_> {
    /// Reads the beginning of an argument or block, or the end of the body.
    pub(super) fn item(&mut self) -> Result<Expectation, SyntaxError> {
        while self.accept(TokenKind::Newline) {}
        match self.peek() {
            TokenKind::Identifier => self.argument_or_block(),
            TokenKind::CloseBrace if self.frames.len() > 1 => self.close_block(),
            TokenKind::End if self.frames.len() == 1 => {
                self.refuse_duplicates()?;
                Ok(Expectation::Nothing)
            }
            _ => Err(self.expected_item()),
        }
    }

    fn argument_or_block(&mut self) -> Result<Expectation, SyntaxError> {
        let name = self.position;
        self.advance();
        if self.peek() == TokenKind::Assign {
            return Ok(self.argument(name));
        }
        self.block(name)
    }

    fn argument(&mut self, name: usize) -> Expectation {
        self.advance();
        self.peek();
        self.argument = (name, self.position);
        self.names.push(name);
        Expectation::Operand
    }

    /// Ends the argument whose expression was read; line break or brace stay for the body.
    pub(super) fn end_argument(&mut self) {
        let (name, expression) = self.argument;
        self.outline.marks.push(Mark::Argument { name, expression, end: self.consumed });
    }

    fn block(&mut self, keyword: usize) -> Result<Expectation, SyntaxError> {
        loop {
            match self.peek() {
                TokenKind::Identifier => self.advance(),
                TokenKind::OpenQuote => self.quoted_label()?,
                TokenKind::OpenBrace => return self.open_block(keyword),
                _ => return Err(self.expected_block_or_argument(keyword)),
            }
        }
    }

    fn quoted_label(&mut self) -> Result<(), SyntaxError> {
        self.advance();
        while self.kind(self.position) == TokenKind::QuotedLiteral {
            self.advance();
        }
        if self.kind(self.position) != TokenKind::CloseQuote {
            return Err(self
                .complain("a block label cannot contain a template sequence")
                .hinted("write `$${` or `%%{` for the characters themselves"));
        }
        self.advance();
        Ok(())
    }

    fn open_block(&mut self, keyword: usize) -> Result<Expectation, SyntaxError> {
        let brace = self.position;
        self.advance();
        self.outline.marks.push(Mark::Open { keyword, brace });
        self.bodies.push(self.names.len());
        self.push(FrameKind::Body, brace, true);
        match self.peek() {
            TokenKind::Newline => Ok(Expectation::Item),
            TokenKind::CloseBrace => self.close_block(),
            TokenKind::Identifier => self.inline_argument(),
            _ => Err(self.expected("a line break, an argument or `}` after `{`")),
        }
    }

    fn inline_argument(&mut self) -> Result<Expectation, SyntaxError> {
        let name = self.position;
        self.become_kind(FrameKind::Inline);
        self.advance();
        if self.peek() == TokenKind::Assign {
            return Ok(self.argument(name));
        }
        let error = self.expected("`=` after the name of an argument");
        Err(error.hinted("a block on one line can hold one argument only"))
    }

    pub(super) fn close_block(&mut self) -> Result<Expectation, SyntaxError> {
        self.outline.marks.push(Mark::Close { brace: self.position });
        self.advance();
        self.refuse_duplicates()?;
        self.frames.pop();
        match self.peek() {
            TokenKind::Newline | TokenKind::End => Ok(Expectation::Item),
            _ => Err(self.expected("a line break after the block")),
        }
    }

    /// Ends the innermost body's list of names, in which none may occur twice.
    fn refuse_duplicates(&mut self) -> Result<(), SyntaxError> {
        let first = self.bodies.pop().unwrap_or(0);
        let (source, tokens) = (self.source, self.tokens);
        let text = |name: usize| tokens[name].text(source);
        let names = &mut self.names[first..];
        names.sort_unstable_by(|&left, &right| text(left).cmp(text(right)).then(left.cmp(&right)));
        let twice = names
            .windows(2)
            .filter(|pair| text(pair[0]) == text(pair[1]))
            .min_by_key(|pair| pair[1])
            .map(|pair| (pair[0], pair[1]));
        self.names.truncate(first);
        match twice {
            Some((first, second)) => Err(self.duplicate(first, second)),
            None => Ok(()),
        }
    }
}
