//! The text of strings and heredocs, and the template sequences that lead back to code.
//!
//! Text is cut exactly where terraform cuts it: a `$` or `%` that starts nothing is a token of its
//! own. That is invisible in the output but decides which block labels terraform keeps.

use super::super::error::SyntaxError;
use super::super::token::TokenKind;
use super::{Mode, Scanner, character, offset};

/// Where the closing word of a heredoc was announced.
#[derive(Clone, Copy)]
pub(super) struct Marker {
    start: u32,
    end: u32,
}

impl Marker {
    fn text(self, source: &str) -> &str {
        &source[self.start as usize..self.end as usize]
    }
}

impl Scanner<'_> {
    pub(super) fn open_quote(&mut self) {
        self.modes.push(Mode::Quoted { opened: offset(self.position) });
        self.push(TokenKind::OpenQuote, 1);
    }

    /// Reads one token of the text of a string.
    pub(super) fn quoted(&mut self) -> Result<(), SyntaxError> {
        match self.byte(0) {
            b'"' => {
                self.modes.pop();
                self.push(TokenKind::CloseQuote, 1);
            }
            b'$' | b'%' => self.sequence(TokenKind::QuotedLiteral),
            _ => {
                let length = self.quoted_literal()?;
                self.push(TokenKind::QuotedLiteral, length);
            }
        }
        Ok(())
    }

    fn quoted_literal(&self) -> Result<usize, SyntaxError> {
        let mut length = 0;
        while self.position + length < self.bytes.len() {
            match self.byte(length) {
                b'"' | b'$' | b'%' => break,
                b'\n' | b'\r' => return Err(self.line_break_in_string()),
                b'\\' => length += self.escape(length)?,
                _ => length += 1,
            }
        }
        Ok(length)
    }

    /// The length of the escape sequence some way after the position.
    fn escape(&self, ahead: usize) -> Result<usize, SyntaxError> {
        let start = self.position + ahead;
        let digits = match self.byte(ahead + 1) {
            b'n' | b'r' | b't' | b'"' | b'\\' => return Ok(2),
            b'u' => 4,
            b'U' => 8,
            _ => return Err(self.bad_escape(start)),
        };
        let end = start + 2 + digits;
        self.source
            .get(start + 2..end)
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .and_then(char::from_u32)
            .map(|_| end - start)
            .ok_or_else(|| self.bad_escape(start))
    }

    fn bad_escape(&self, start: usize) -> SyntaxError {
        let next = match self.source[start + 1..].chars().next() {
            None | Some('\n' | '\r') => return self.line_break_in_string(),
            Some(next) => next,
        };
        let span = start..start + 1 + next.len_utf8();
        match next {
            'u' | 'U' => SyntaxError::invalid(span, "this escape does not name a character")
                .hinted("`\\u` takes four hexadecimal digits, `\\U` takes eight"),
            _ => SyntaxError::invalid(span, format!("`\\{}` is not an escape sequence", next.escape_debug()))
                .hinted("a backslash is written `\\\\`, a quote `\\\"`, a line break `\\n`"),
        }
    }

    fn line_break_in_string(&self) -> SyntaxError {
        let opened = match self.modes.last() {
            Some(&Mode::Quoted { opened }) => opened as usize,
            _ => self.position,
        };
        SyntaxError::invalid(opened..opened + 1, "this string is not closed on its line")
            .hinted("write `\\n` for a line break, or use a heredoc")
    }

    /// Reads what starts with `$` or `%`: a sequence, its escape, or just the character.
    fn sequence(&mut self, literal: TokenKind) {
        let sign = self.byte(0);
        match (self.byte(1), self.byte(2)) {
            (b'{', after) => self.open_sequence(sign, after),
            (second, b'{') if second == sign => {
                let strip = usize::from(self.byte(3) == b'~');
                self.push(literal, 3 + strip);
            }
            (b'\r', b'\n') if literal == TokenKind::HeredocLiteral && !self.follows_sign() => {
                // Terraform's scanner splits a line break here, which its column counts show.
                self.push(literal, 2);
            }
            _ => self.push(literal, 1),
        }
    }

    fn open_sequence(&mut self, sign: u8, after: u8) {
        self.depth = self.depth.saturating_add(1);
        self.modes.push(Mode::Sequence { opened: offset(self.position), depth: self.depth });
        let kind = match sign {
            b'$' => TokenKind::InterpolationOpen,
            _ => TokenKind::DirectiveOpen,
        };
        self.push(kind, 2 + usize::from(after == b'~'));
    }

    /// Whether the last token is a single `$` or `%` that touches the position.
    fn follows_sign(&self) -> bool {
        self.tokens.last().is_some_and(|token| {
            token.kind == TokenKind::HeredocLiteral
                && token.end as usize == self.position
                && matches!(token.text(self.source), "$" | "%")
        })
    }

    /// Reads what starts with `<<`: a heredoc, or an operator that leads nowhere.
    pub(super) fn open_heredoc(&mut self) {
        let start = self.position + 2 + usize::from(self.byte(2) == b'-');
        let word = self.source.get(start..).unwrap_or_default();
        let end = start + character::identifier_length(word);
        let line_break = match self.bytes.get(end..) {
            Some([b'\n', ..]) => 1,
            Some([b'\r', b'\n', ..]) => 2,
            _ => 0,
        };
        if start == end || line_break == 0 {
            return self.push(TokenKind::Less, 1);
        }
        self.modes.push(Mode::Heredoc {
            opened: offset(self.position),
            marker: Marker { start: offset(start), end: offset(end) },
        });
        self.push(TokenKind::HeredocOpen, end + line_break - self.position);
    }

    /// Reads one token of the text of a heredoc, or the line that ends it.
    pub(super) fn heredoc(&mut self, marker: Marker) -> Result<(), SyntaxError> {
        let end = self.line_end();
        let is_whole = end < self.bytes.len();
        let line = &self.source[self.position..end];
        let starts_line = self.bytes[self.position - 1] == b'\n';
        if starts_line && is_whole && line.trim() == marker.text(self.source) {
            self.refuse_lone_return(line)?;
            self.modes.pop();
            self.push(TokenKind::HeredocClose, line.trim_end_matches('\r').len());
            return Ok(());
        }
        match memchr::memchr2(b'$', b'%', line.as_bytes()) {
            Some(0) => self.sequence(TokenKind::HeredocLiteral),
            Some(length) => self.heredoc_literal(length)?,
            None => self.heredoc_literal(line.len() + usize::from(is_whole))?,
        }
        Ok(())
    }

    /// The offset of the line break that ends the line, or the end of the text.
    fn line_end(&mut self) -> usize {
        if self.line_end <= self.position {
            let rest = &self.bytes[self.position..];
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            self.line_end = self.position + length;
        }
        self.line_end
    }

    fn heredoc_literal(&mut self, length: usize) -> Result<(), SyntaxError> {
        let text = &self.source[self.position..self.position + length];
        self.refuse_lone_return(text)?;
        self.push(TokenKind::HeredocLiteral, length);
        Ok(())
    }

    /// Refuses a carriage return that is not part of a line break, in text that starts at the
    /// position.
    fn refuse_lone_return(&self, text: &str) -> Result<(), SyntaxError> {
        let mut returns = memchr::memchr_iter(b'\r', text.as_bytes());
        match returns.find(|&at| self.byte(at + 1) != b'\n') {
            Some(at) => Err(character::stray(self.position + at, '\r')),
            None => Ok(()),
        }
    }
}

/// The error for a text that ends inside a string, a heredoc or a template sequence.
pub(super) fn unclosed(source: &str, mode: Mode) -> SyntaxError {
    match mode {
        Mode::Quoted { opened } => {
            let opened = opened as usize;
            SyntaxError::invalid(opened..opened + 1, "this string is never closed with `\"`")
        }
        Mode::Heredoc { opened, marker } => {
            let word = marker.text(source);
            SyntaxError::invalid(
                opened as usize..marker.end as usize,
                format!("this heredoc is never closed by a line that is only `{word}`"),
            )
            .hinted("the closing line needs a line break after it, also at the end of the file")
        }
        Mode::Sequence { opened, .. } => {
            let opened = opened as usize;
            SyntaxError::invalid(opened..opened + 2, "this template sequence is never closed with `}`")
        }
    }
}
