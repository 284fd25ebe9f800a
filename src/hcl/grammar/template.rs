//! The text of strings and heredocs: literals, interpolations and directives.

use super::super::error::SyntaxError;
use super::super::token::TokenKind;
use super::damage::Term;
use super::{Expectation, FrameKind, Parser};

impl Parser<'_> {
    pub(super) fn template_text(&mut self) -> Result<Expectation, SyntaxError> {
        loop {
            let start = self.position;
            match self.kind(start) {
                TokenKind::QuotedLiteral | TokenKind::HeredocLiteral => self.advance(),
                TokenKind::InterpolationOpen => {
                    self.advance();
                    self.push(FrameKind::Interpolation, start, false);
                    return Ok(Expectation::Operand);
                }
                TokenKind::DirectiveOpen => return self.directive(),
                _ if self.top().kind == FrameKind::Template => return Ok(self.close(Term::Other)),
                _ => return Err(self.unfinished()),
            }
        }
    }

    /// Ends an interpolation and returns to the text around it.
    pub(super) fn close_text(&mut self) -> Expectation {
        self.close(Term::Other);
        Expectation::Text
    }

    /// Ends the header of a directive; the text that follows belongs to it.
    pub(super) fn govern_text(&mut self, text: FrameKind) -> Expectation {
        self.become_kind(text);
        self.advance();
        Expectation::Text
    }

    fn directive(&mut self) -> Result<Expectation, SyntaxError> {
        let opened = self.position;
        let around = self.top().kind;
        self.advance();
        self.push(FrameKind::IfHeader, opened, false);
        if self.peek() != TokenKind::Identifier {
            return Err(self.unknown_directive());
        }
        match (self.text(self.position), around) {
            ("if", _) => {
                self.advance();
                Ok(Expectation::Operand)
            }
            ("for", _) => {
                self.become_kind(FrameKind::ForHeader);
                self.for_names()
            }
            ("else", FrameKind::IfText) => self.end_of_text(Some(FrameKind::ElseText)),
            ("endif", FrameKind::IfText | FrameKind::ElseText) | ("endfor", FrameKind::ForText) => {
                self.end_of_text(None)
            }
            ("else" | "endif" | "endfor", _) => Err(self.misplaced_directive()),
            _ => Err(self.unknown_directive()),
        }
    }

    /// Reads the rest of `%{ else }`, `%{ endif }` or `%{ endfor }`.
    fn end_of_text(&mut self, next: Option<FrameKind>) -> Result<Expectation, SyntaxError> {
        let word = self.text(self.position);
        self.advance();
        if self.peek() != TokenKind::TemplateClose {
            return Err(self.expected(&format!("`}}` after `{word}`")));
        }
        self.advance();
        self.frames.pop();
        match next {
            Some(kind) => self.become_kind(kind),
            None => drop(self.frames.pop()),
        }
        Ok(Expectation::Text)
    }
}
