//! The beginning of an expression: prefix operators and what stands for a value.

use super::super::error::SyntaxError;
use super::super::token::TokenKind;
use super::damage::Term;
use super::{Collection, Expectation, FrameKind, Parser};

impl Parser<'_> {
    pub(super) fn operand(&mut self) -> Result<Expectation, SyntaxError> {
        while matches!(self.peek(), TokenKind::Minus | TokenKind::Not) {
            self.advance();
        }
        let start = self.position;
        match self.peek() {
            TokenKind::Number => {
                self.advance();
                self.term = Term::Other;
                Ok(Expectation::Operator)
            }
            TokenKind::Identifier => self.name(),
            TokenKind::OpenQuote | TokenKind::HeredocOpen => {
                self.advance();
                self.push(FrameKind::Template, start, false);
                Ok(Expectation::Text)
            }
            TokenKind::OpenParenthesis => {
                self.advance();
                self.push(FrameKind::Parentheses, start, false);
                Ok(Expectation::Operand)
            }
            TokenKind::OpenBracket => self.open_tuple(),
            TokenKind::OpenBrace => self.open_object(),
            _ => Err(self.expected_operand()),
        }
    }

    /// A reference or a function call.
    fn name(&mut self) -> Result<Expectation, SyntaxError> {
        let name = self.position;
        self.advance();
        let mut qualified = false;
        while self.accept(TokenKind::DoubleColon) {
            qualified = true;
            self.expect(TokenKind::Identifier, "a name after `::`")?;
        }
        if self.peek() == TokenKind::OpenParenthesis {
            let opened = self.position;
            self.advance();
            self.push(FrameKind::Call, opened, false);
            return Ok(self.item_or_end(TokenKind::CloseParenthesis));
        }
        if qualified {
            return Err(self.expected("`(` after a name with `::`"));
        }
        self.term = Term::from_name(self.text(name));
        Ok(Expectation::Operator)
    }

    /// What follows an opening bracket or a comma in a list.
    pub(super) fn item_or_end(&mut self, end: TokenKind) -> Expectation {
        if self.peek() == end {
            return self.close(Term::Other);
        }
        Expectation::Operand
    }

    fn open_tuple(&mut self) -> Result<Expectation, SyntaxError> {
        let opened = self.position;
        self.advance();
        self.push(FrameKind::Tuple, opened, false);
        if self.at_word("for") {
            return self.for_expression(Collection::Tuple);
        }
        Ok(self.item_or_end(TokenKind::CloseBracket))
    }

    /// The word `for` makes the difference even after line breaks, so it is looked for before
    /// they begin to count.
    fn open_object(&mut self) -> Result<Expectation, SyntaxError> {
        let opened = self.position;
        self.advance();
        self.push(FrameKind::ObjectKey, opened, false);
        if self.at_word("for") {
            return self.for_expression(Collection::Object);
        }
        self.frames.pop();
        self.push(FrameKind::ObjectKey, opened, true);
        Ok(Expectation::ObjectItem)
    }

    pub(super) fn at_word(&mut self, word: &str) -> bool {
        self.peek() == TokenKind::Identifier && self.text(self.position) == word
    }

    fn for_expression(&mut self, collection: Collection) -> Result<Expectation, SyntaxError> {
        self.become_kind(FrameKind::ForSource(collection));
        self.for_names()
    }

    /// `for name, name in`, also of a directive.
    pub(super) fn for_names(&mut self) -> Result<Expectation, SyntaxError> {
        self.advance();
        self.expect(TokenKind::Identifier, "a name after `for`")?;
        if self.accept(TokenKind::Comma) {
            self.expect(TokenKind::Identifier, "a second name after `,`")?;
        }
        if !self.at_word("in") {
            return Err(self.expected("`in` after the names of this `for`"));
        }
        self.advance();
        Ok(Expectation::Operand)
    }

    pub(super) fn object_item(&mut self) -> Expectation {
        self.become_kind(FrameKind::ObjectKey);
        while self.accept(TokenKind::Newline) {}
        self.item_or_end(TokenKind::CloseBrace)
    }
}
