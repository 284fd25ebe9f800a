//! The scanner: text to tokens, without losing a byte and without building anything.
//!
//! It works in modes, as HCL is several languages in one: code, the text of a string, the text of
//! a heredoc; a template sequence in a string is code again. The modes are an explicit stack, so
//! nesting costs memory, never call depth. It refuses what can be judged character by character
//! (an unclosed string, a bad escape, a stray character) and leaves grammar to `grammar`.

mod character;
mod number;
mod template;

use self::template::Marker;
use super::error::SyntaxError;
use super::token::{Token, TokenKind};

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Cuts a text into tokens. They cover it completely: each begins `blanks` bytes after the end of
/// the one before, the first after the start of the text, and the last is
/// [`TokenKind::End`].
///
/// # Errors
///
/// The first place at which no token can be read.
pub fn scan(source: &str) -> Result<Vec<Token>, SyntaxError> {
    if u32::try_from(source.len()).is_err() {
        let message = "the text is larger than 4 GiB";
        return Err(SyntaxError::limit_exceeded(0..0, message));
    }
    let mut scanner = Scanner::new(source);
    while scanner.position < source.len() {
        match scanner.modes.last() {
            None | Some(Mode::Sequence { .. }) => scanner.code()?,
            Some(Mode::Quoted { .. }) => scanner.quoted()?,
            Some(&Mode::Heredoc { marker, .. }) => scanner.heredoc(marker)?,
        }
    }
    scanner.finish()
}

struct Scanner<'source> {
    source: &'source str,
    bytes: &'source [u8],
    /// Where the next token is looked for.
    position: usize,
    /// Where the last token ended.
    covered: usize,
    tokens: Vec<Token>,
    /// How many braces and template sequences are open.
    depth: i32,
    modes: Vec<Mode>,
    /// Where the line at hand ends, if it was looked for in a heredoc. Remembered because a line
    /// may hold millions of tokens.
    line_end: usize,
}

/// What surrounds the code at hand. Offsets are where the construct was opened.
#[derive(Clone, Copy)]
enum Mode {
    Quoted { opened: u32 },
    Heredoc { opened: u32, marker: Marker },
    Sequence { opened: u32, depth: i32 },
}

impl<'source> Scanner<'source> {
    fn new(source: &'source str) -> Self {
        let byte_order_mark = if source.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        Self {
            source,
            bytes: source.as_bytes(),
            position: byte_order_mark,
            covered: 0,
            tokens: Vec::with_capacity(source.len() / 4 + 1),
            depth: 0,
            modes: Vec::new(),
            line_end: 0,
        }
    }

    /// Reads one token of code, or the blanks at the end of the text.
    fn code(&mut self) -> Result<(), SyntaxError> {
        while matches!(self.byte(0), b' ' | b'\t') {
            self.position += 1;
        }
        match self.byte(0) {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.identifier(),
            b'\n' => self.push(TokenKind::Newline, 1),
            b'\r' if self.byte(1) == b'\n' => self.push(TokenKind::Newline, 2),
            b'"' => self.open_quote(),
            b'{' => self.open_brace(),
            b'}' => self.close_brace(),
            b'~' if self.byte(1) == b'}' && self.ends_sequence() => self.close_sequence(2),
            b'0'..=b'9' => self.number()?,
            b'#' => self.line_comment(),
            b'/' if self.byte(1) == b'/' => self.line_comment(),
            b'/' if self.byte(1) == b'*' => self.block_comment()?,
            b'<' if self.byte(1) == b'<' => self.open_heredoc(),
            0x80.. => self.unicode_identifier()?,
            _ if self.position == self.bytes.len() => {}
            _ => self.operator()?,
        }
        Ok(())
    }

    /// The byte some way after the position; NUL, which starts no token, after the end.
    fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.position + ahead).copied().unwrap_or(0)
    }

    /// Adds the token that starts at the position.
    fn push(&mut self, kind: TokenKind, length: usize) {
        let end = self.position + length;
        self.tokens.push(Token {
            kind,
            blanks: offset(self.position - self.covered),
            start: offset(self.position),
            end: offset(end),
        });
        self.position = end;
        self.covered = end;
    }

    fn identifier(&mut self) {
        let rest = &self.bytes[self.position..];
        let ascii =
            rest.iter().position(|&byte| !character::continues_identifier(byte)).unwrap_or(rest.len());
        let length = match rest.get(ascii) {
            Some(0x80..) => character::identifier_length(&self.source[self.position..]),
            _ => ascii,
        };
        self.push(TokenKind::Identifier, length);
    }

    fn unicode_identifier(&mut self) -> Result<(), SyntaxError> {
        match character::identifier_length(&self.source[self.position..]) {
            0 => Err(self.stray_character()),
            length => {
                self.push(TokenKind::Identifier, length);
                Ok(())
            }
        }
    }

    fn line_comment(&mut self) {
        let rest = &self.bytes[self.position..];
        let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |newline| newline + 1);
        self.push(TokenKind::LineComment, length);
    }

    fn block_comment(&mut self) -> Result<(), SyntaxError> {
        let text = &self.bytes[self.position + 2..];
        let Some(length) = memchr::memmem::find(text, b"*/") else {
            return Err(SyntaxError::invalid(
                self.position..self.position + 2,
                "this comment is never closed with `*/`",
            ));
        };
        self.push(TokenKind::BlockComment, length + 4);
        Ok(())
    }

    fn open_brace(&mut self) {
        self.depth = self.depth.saturating_add(1);
        self.push(TokenKind::OpenBrace, 1);
    }

    /// Whether a brace here would end the innermost template sequence.
    fn ends_sequence(&self) -> bool {
        match self.modes.last() {
            Some(&Mode::Sequence { depth, .. }) => depth == self.depth,
            _ => false,
        }
    }

    fn close_brace(&mut self) {
        if self.ends_sequence() {
            self.close_sequence(1);
        } else {
            self.depth = self.depth.saturating_sub(1);
            self.push(TokenKind::CloseBrace, 1);
        }
    }

    fn close_sequence(&mut self, length: usize) {
        self.depth = self.depth.saturating_sub(1);
        self.modes.pop();
        self.push(TokenKind::TemplateClose, length);
    }

    fn operator(&mut self) -> Result<(), SyntaxError> {
        let symbol = [self.byte(0), self.byte(1), self.byte(2)];
        let Some((kind, length)) = operator(symbol) else {
            return Err(self.stray_character());
        };
        self.push(kind, length);
        Ok(())
    }

    fn stray_character(&self) -> SyntaxError {
        let Some(character) = self.source[self.position..].chars().next() else {
            return SyntaxError::invalid(self.position..self.position, "unexpected end of file");
        };
        character::stray(self.position, character)
    }

    /// Ends the list, unless the text ended inside something.
    fn finish(mut self) -> Result<Vec<Token>, SyntaxError> {
        if let Some(mode) = self.modes.last() {
            return Err(template::unclosed(self.source, *mode));
        }
        self.push(TokenKind::End, 0);
        Ok(self.tokens)
    }
}

/// Narrows an offset; `scan` has refused texts for which this would lose anything.
fn offset(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

fn operator(symbol: [u8; 3]) -> Option<(TokenKind, usize)> {
    Some(match symbol {
        [b'.', b'.', b'.'] => (TokenKind::Ellipsis, 3),
        [b':', b':', _] => (TokenKind::DoubleColon, 2),
        [b'=', b'>', _] => (TokenKind::Arrow, 2),
        [b'=', b'=', _] => (TokenKind::Equal, 2),
        [b'!', b'=', _] => (TokenKind::NotEqual, 2),
        [b'<', b'=', _] => (TokenKind::LessOrEqual, 2),
        [b'>', b'=', _] => (TokenKind::GreaterOrEqual, 2),
        [b'&', b'&', _] => (TokenKind::And, 2),
        [b'|', b'|', _] => (TokenKind::Or, 2),
        [b'=', ..] => (TokenKind::Assign, 1),
        [b'.', ..] => (TokenKind::Dot, 1),
        [b',', ..] => (TokenKind::Comma, 1),
        [b'[', ..] => (TokenKind::OpenBracket, 1),
        [b']', ..] => (TokenKind::CloseBracket, 1),
        [b'(', ..] => (TokenKind::OpenParenthesis, 1),
        [b')', ..] => (TokenKind::CloseParenthesis, 1),
        [b':', ..] => (TokenKind::Colon, 1),
        [b'?', ..] => (TokenKind::Question, 1),
        [b'<', ..] => (TokenKind::Less, 1),
        [b'>', ..] => (TokenKind::Greater, 1),
        [b'!', ..] => (TokenKind::Not, 1),
        [b'+', ..] => (TokenKind::Plus, 1),
        [b'-', ..] => (TokenKind::Minus, 1),
        [b'*', ..] => (TokenKind::Star, 1),
        [b'/', ..] => (TokenKind::Slash, 1),
        [b'%', ..] => (TokenKind::Percent, 1),
        _ => return None,
    })
}
