//! What may follow an operand: accessors, binary operators, and the end of what is open.

use super::super::error::SyntaxError;
use super::super::token::TokenKind;
use super::damage::Term;
use super::{Collection, Expectation, FrameKind, Parser};

impl Parser<'_> {
    pub(super) fn operator(&mut self) -> Result<Expectation, SyntaxError> {
        let kind = self.peek();
        match kind {
            TokenKind::Dot => self.accessors(),
            TokenKind::OpenBracket => self.index(),
            TokenKind::Question => {
                let (opened, lines) = (self.position, self.top().lines);
                self.advance();
                self.push(FrameKind::Conditional, opened, lines);
                Ok(Expectation::Operand)
            }
            TokenKind::Colon if self.top().kind == FrameKind::Conditional => {
                self.advance();
                self.frames.pop();
                Ok(Expectation::Operand)
            }
            kind if kind.is_binary_operator() => {
                self.advance();
                Ok(Expectation::Operand)
            }
            kind => self.end_of_expression(kind),
        }
    }

    /// `.name`, `.0` and `.*`. After a `.*` only names and numbers may follow, until something
    /// that is no dot comes.
    fn accessors(&mut self) -> Result<Expectation, SyntaxError> {
        let mut splat = false;
        while self.peek() == TokenKind::Dot {
            let dot = self.position;
            self.advance();
            match self.peek() {
                TokenKind::Identifier => {}
                TokenKind::Number if !self.text(self.position).contains('.') => {}
                TokenKind::Star if !splat => {
                    splat = true;
                    self.term = Term::Other;
                }
                TokenKind::Star => return Err(self.complain("a second `.*` in one reference")),
                _ => return Err(self.expected("a name, a whole number or `*` after `.`")),
            }
            self.note_joined_number(dot);
            self.advance();
        }
        Ok(Expectation::Operator)
    }

    fn index(&mut self) -> Result<Expectation, SyntaxError> {
        let opened = self.position;
        self.advance();
        if self.accept(TokenKind::Star) {
            self.expect(TokenKind::CloseBracket, "`]` after `[*`")?;
            self.term = Term::Other;
            return Ok(Expectation::Operator);
        }
        let plain = self.note_index(opened);
        self.push(FrameKind::Index { plain }, opened, false);
        Ok(Expectation::Operand)
    }

    /// A token that does not continue the expression must end what the expression is part of.
    fn end_of_expression(&mut self, kind: TokenKind) -> Result<Expectation, SyntaxError> {
        match self.top().kind {
            FrameKind::Body if matches!(kind, TokenKind::Newline | TokenKind::End) => {
                self.end_argument();
                Ok(Expectation::Item)
            }
            FrameKind::Inline if kind == TokenKind::CloseBrace => {
                self.end_argument();
                self.close_block()
            }
            FrameKind::Parentheses if kind == TokenKind::CloseParenthesis => Ok(self.close(Term::Other)),
            FrameKind::Index { plain } if kind == TokenKind::CloseBracket => {
                Ok(self.close(Term::after_index(plain)))
            }
            FrameKind::Interpolation if kind == TokenKind::TemplateClose => Ok(self.close_text()),
            FrameKind::IfHeader if kind == TokenKind::TemplateClose => {
                Ok(self.govern_text(FrameKind::IfText))
            }
            FrameKind::ForHeader if kind == TokenKind::TemplateClose => {
                Ok(self.govern_text(FrameKind::ForText))
            }
            FrameKind::Call | FrameKind::Tuple => self.end_of_list_item(kind),
            FrameKind::ObjectKey | FrameKind::ObjectValue => self.end_of_object_part(kind),
            _ => self.end_of_for_part(kind),
        }
    }

    fn end_of_list_item(&mut self, kind: TokenKind) -> Result<Expectation, SyntaxError> {
        let end = match self.top().kind {
            FrameKind::Call => TokenKind::CloseParenthesis,
            _ => TokenKind::CloseBracket,
        };
        match kind {
            TokenKind::Comma => {
                self.advance();
                Ok(self.item_or_end(end))
            }
            TokenKind::Ellipsis if self.top().kind == FrameKind::Call => {
                self.advance();
                if self.peek() != end {
                    return Err(self.expected("`)` after `...`"));
                }
                Ok(self.close(Term::Other))
            }
            kind if kind == end => Ok(self.close(Term::Other)),
            _ => Err(self.unfinished()),
        }
    }

    fn end_of_object_part(&mut self, kind: TokenKind) -> Result<Expectation, SyntaxError> {
        match (self.top().kind, kind) {
            (FrameKind::ObjectKey, TokenKind::Assign | TokenKind::Colon) => {
                self.become_kind(FrameKind::ObjectValue);
                self.advance();
                Ok(Expectation::Operand)
            }
            (FrameKind::ObjectValue, TokenKind::Comma | TokenKind::Newline) => {
                self.advance();
                Ok(Expectation::ObjectItem)
            }
            (FrameKind::ObjectValue, TokenKind::CloseBrace) => Ok(self.close(Term::Other)),
            _ => Err(self.unfinished()),
        }
    }

    fn end_of_for_part(&mut self, kind: TokenKind) -> Result<Expectation, SyntaxError> {
        let next = match (self.top().kind, kind) {
            (FrameKind::ForSource(Collection::Object), TokenKind::Colon) => FrameKind::ForKey,
            (FrameKind::ForSource(collection), TokenKind::Colon) => FrameKind::ForValue(collection),
            (FrameKind::ForKey, TokenKind::Arrow) => FrameKind::ForValue(Collection::Object),
            (FrameKind::ForValue(Collection::Object), TokenKind::Ellipsis) => {
                self.advance();
                return self.end_of_for_value(Collection::Object);
            }
            (FrameKind::ForValue(collection), _) => return self.end_of_for_value(collection),
            (FrameKind::ForCondition(collection), _) => return self.end_of_for(collection),
            _ => return Err(self.unfinished()),
        };
        self.become_kind(next);
        self.advance();
        Ok(Expectation::Operand)
    }

    fn end_of_for_value(&mut self, collection: Collection) -> Result<Expectation, SyntaxError> {
        if !self.at_word("if") {
            return self.end_of_for(collection);
        }
        self.become_kind(FrameKind::ForCondition(collection));
        self.advance();
        Ok(Expectation::Operand)
    }

    fn end_of_for(&mut self, collection: Collection) -> Result<Expectation, SyntaxError> {
        let end = match collection {
            Collection::Tuple => TokenKind::CloseBracket,
            Collection::Object => TokenKind::CloseBrace,
        };
        if self.peek() != end {
            return Err(self.unfinished());
        }
        Ok(self.close(Term::Other))
    }
}
