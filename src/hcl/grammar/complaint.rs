//! The words for what the grammar refuses. Only reached once per text, so it may take its time.

use super::super::error::SyntaxError;
use super::super::span::Span;
use super::super::token::TokenKind;
use super::{Collection, Frame, FrameKind, Parser};

/// How many characters of a token a message shows.
const LONGEST_EXCERPT: usize = 40;

impl Parser<'_> {
    /// An error about the next token.
    pub(super) fn complain(&self, message: impl Into<String>) -> SyntaxError {
        let end = Span::empty(self.source.len());
        let span = self.tokens.get(self.position).map_or(end, |token| token.span());
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
        let name = shortened(self.text(keyword));
        if self.consumed == keyword + 1 {
            let error = self.expected(&format!("`=` or `{{` after `{name}`"));
            return self.with_brace_hint(error);
        }
        let error = self.expected(&format!("`{{` after the labels of `{name}`"));
        self.with_brace_hint(error)
    }

    fn with_brace_hint(&self, error: SyntaxError) -> SyntaxError {
        match self.kind(self.position) {
            TokenKind::Colon => error.hinted("an argument is written `name = value`"),
            TokenKind::Newline | TokenKind::LineComment => {
                error.hinted("the `{` of a block must be on the same line")
            }
            _ => error,
        }
    }

    pub(super) fn expected_operand(&self) -> SyntaxError {
        let error = self.expected("an expression");
        match self.kind(self.position) {
            TokenKind::Newline | TokenKind::LineComment => {
                error.hinted("to continue on the next line, put the expression in parentheses")
            }
            TokenKind::Less => error.hinted("a heredoc starts with `<<`, a word and directly a line break"),
            _ => self.with_opening(error),
        }
    }

    pub(super) fn duplicate(&self, first: usize, second: usize) -> SyntaxError {
        let name = shortened(self.text(first));
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
        self.with_opening(self.expected(wanted(top.kind)))
    }

    /// Adds where the innermost bracket is, because that is often what is wrong.
    fn with_opening(&self, error: SyntaxError) -> SyntaxError {
        let Frame { kind, opened, .. } = self.top();
        let (opening, line) = (self.opening(opened as usize), self.line(opened as usize));
        match kind {
            FrameKind::Body => error,
            FrameKind::Conditional => error.hinted(format!("its `?` is on line {line}")),
            _ => error.hinted(format!("`{opening}` was opened on line {line}")),
        }
    }

    fn never_closed(&self) -> SyntaxError {
        let opened = self.top().opened as usize;
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
            _ => format!("`{}`", shortened(self.text(self.position))),
        }
    }
}

/// A text that fits into a message.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_EXCERPT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
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
        FrameKind::ObjectKey => "`=` or `:` after the key",
        FrameKind::ObjectValue => "an operator, `,`, a line break or `}`",
        FrameKind::Conditional => "the `:` of this condition",
        FrameKind::ForSource(_) => "`:` after the collection of this `for`",
        FrameKind::ForKey => "`=>` after the key of this `for`",
        FrameKind::ForValue(Collection::Tuple) => "`if` or `]`",
        FrameKind::ForValue(Collection::Object) => "`...`, `if` or `}`",
        FrameKind::Index { .. } | FrameKind::ForCondition(Collection::Tuple) => "an operator or `]`",
        FrameKind::ForCondition(Collection::Object)
        | FrameKind::Interpolation
        | FrameKind::IfHeader
        | FrameKind::ForHeader => "an operator or `}`",
        FrameKind::Template => "the end of the text",
        FrameKind::IfText => "`%{ else }` or `%{ endif }`",
        FrameKind::ElseText => "`%{ endif }`",
        FrameKind::ForText => "`%{ endfor }`",
    }
}
