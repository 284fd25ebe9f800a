//! The words for what the grammar refuses. Only reached once per text, so it may take its time.

use super::super::error::SyntaxError;
use super::super::token::TokenKind;
use super::{Collection, FrameKind, Parser};

impl Parser<'_> {
    /// An error about the next token.
    pub(super) fn complain(&self, message: impl Into<String>) -> SyntaxError {
        let span =
            self.tokens.get(self.position).map_or(self.source.len()..self.source.len(), |token| token.span());
        SyntaxError::invalid(span, message)
    }

    pub(super) fn expected(&self, wanted: &str) -> SyntaxError {
        self.complain(format!("expected {wanted}, found {}", self.found()))
    }

    pub(super) fn expected_item(&self) -> SyntaxError {
        let top = self.top();
        match self.kind(self.position) {
            TokenKind::End => self.never_closed(),
            TokenKind::CloseBrace => self.complain("this `}` closes nothing"),
            TokenKind::OpenQuote => self
                .expected("an argument or a block")
                .hinted("the name of an argument of a body is written without quotes"),
            _ if top.lines => self.expected("an argument or a block"),
            _ => self.unfinished(),
        }
    }

    pub(super) fn expected_block_or_argument(&self, keyword: usize) -> SyntaxError {
        let name = self.text(keyword);
        if self.consumed == keyword + 1 {
            let error = self.expected(&format!("`=` or `{{` after `{name}`"));
            return match self.kind(self.position) {
                TokenKind::Colon => error.hinted("an argument is written `name = value`"),
                _ => error,
            };
        }
        let error = self.expected(&format!("`{{` after the labels of `{name}`"));
        match self.kind(self.position) {
            TokenKind::Newline => error.hinted("the brace must be on the line of the labels"),
            _ => error,
        }
    }

    pub(super) fn expected_operand(&self) -> SyntaxError {
        let error = self.expected("an expression");
        match self.kind(self.position) {
            TokenKind::Newline | TokenKind::LineComment => {
                error.hinted("to continue on the next line, put the expression in parentheses")
            }
            _ => error,
        }
    }

    pub(super) fn duplicate(&self, first: usize, second: usize) -> SyntaxError {
        let name = self.text(first);
        let line = self.line(first);
        SyntaxError::invalid(
            self.tokens[second].span(),
            format!("`{name}` is already set on line {line} of this body"),
        )
        .hinted("remove one of the two")
    }

    pub(super) fn unknown_directive(&self) -> SyntaxError {
        self.expected("`if`, `else`, `endif`, `for` or `endfor` after `%{`")
            .hinted("write `%%{` for the characters themselves")
    }

    pub(super) fn misplaced_directive(&self) -> SyntaxError {
        let word = self.text(self.position);
        let opener = match word {
            "endfor" => "for",
            _ => "if",
        };
        self.complain(format!("this `{word}` belongs to no open `%{{ {opener} }}`"))
    }

    /// The error for a token that neither continues the expression nor ends what is open.
    pub(super) fn unfinished(&self) -> SyntaxError {
        let top = self.top();
        if self.kind(self.position) == TokenKind::End && top.kind != FrameKind::Conditional {
            return self.never_closed();
        }
        let error = self.expected(wanted(top.kind));
        match top.kind {
            FrameKind::Body => error,
            _ => error.hinted(format!(
                "`{}` was opened on line {}",
                self.opening(top.opened),
                self.line(top.opened)
            )),
        }
    }

    fn never_closed(&self) -> SyntaxError {
        let opened = self.top().opened;
        let message = format!("this `{}` is never closed", self.opening(opened));
        SyntaxError::invalid(self.tokens[opened].span(), message)
    }

    fn opening(&self, opened: usize) -> &str {
        self.text(opened).trim_end()
    }

    fn line(&self, index: usize) -> usize {
        let start = self.tokens[index].span().start;
        memchr::memchr_iter(b'\n', &self.source.as_bytes()[..start]).count() + 1
    }

    fn found(&self) -> String {
        match self.kind(self.position) {
            TokenKind::End => "the end of the file".to_owned(),
            TokenKind::Newline | TokenKind::LineComment => "the end of the line".to_owned(),
            TokenKind::OpenQuote => "a string".to_owned(),
            TokenKind::HeredocOpen => "a heredoc".to_owned(),
            TokenKind::HeredocClose | TokenKind::CloseQuote => "the end of the text".to_owned(),
            _ => format!("`{}`", self.text(self.position)),
        }
    }
}

/// What would have ended the thing at hand.
fn wanted(kind: FrameKind) -> &'static str {
    match kind {
        FrameKind::Body => "an operator or the end of the line",
        FrameKind::Inline => "an operator or the `}` of this one-line block",
        FrameKind::Parentheses => "an operator or `)`",
        FrameKind::Call => "an operator, `,` or `)`",
        FrameKind::Tuple => "an operator, `,` or `]`",
        FrameKind::Index { .. } => "an operator or `]`",
        FrameKind::ObjectKey => "`=` or `:` after the key",
        FrameKind::ObjectValue => "an operator, `,`, a line break or `}`",
        FrameKind::Conditional => "the `:` of this condition",
        FrameKind::ForSource(_) => "`:` after the collection of this `for`",
        FrameKind::ForKey => "`=>` after the key of this `for`",
        FrameKind::ForValue(Collection::Tuple) => "`if` or `]`",
        FrameKind::ForValue(Collection::Object) => "`...`, `if` or `}`",
        FrameKind::ForCondition(Collection::Tuple) => "an operator or `]`",
        FrameKind::ForCondition(Collection::Object) => "an operator or `}`",
        FrameKind::Interpolation | FrameKind::IfHeader | FrameKind::ForHeader => "an operator or `}`",
        FrameKind::Template => "the end of the text",
        FrameKind::IfText => "`%{ else }` or `%{ endif }`",
        FrameKind::ElseText => "`%{ endif }`",
        FrameKind::ForText => "`%{ endfor }`",
    }
}
