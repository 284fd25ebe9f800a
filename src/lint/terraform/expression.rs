//! Expressions as values, as far as they are literal.
//!
//! Follows HCL's grammar only where a value can be told without running anything; whatever else
//! stands there is unknown, and skipped to where the surrounding list or object goes on.

use std::ops::Range;

use crate::diagnostic::Span;
use crate::hcl::{Token, TokenKind, string};
use crate::lint::value::{Data, Entry, Value};

/// Lists and objects inside each other; more than that is unknown.
const DEEPEST: usize = 64;

/// Reads the expression in a part of a text.
pub(super) fn read(text: &str, tokens: &[Token], part: Range<usize>) -> Value {
    let from = tokens.partition_point(|token| (token.start as usize) < part.start);
    let to = tokens.partition_point(|token| (token.start as usize) < part.end);
    let mut reader = Reader { text, tokens: tokens.get(from..to).unwrap_or_default(), at: 0, depth: 0 };
    let value = reader.value();
    reader.breaks();
    if reader.at < reader.tokens.len() { Value::unknown(Span::new(part)) } else { value }
}

struct Reader<'t> {
    text: &'t str,
    tokens: &'t [Token],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn kind(&self) -> TokenKind {
        self.tokens.get(self.at).map_or(TokenKind::End, |token| token.kind)
    }

    fn token(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    /// Skips line breaks and comments.
    fn breaks(&mut self) {
        while matches!(self.kind(), TokenKind::Newline | TokenKind::LineComment | TokenKind::BlockComment) {
            self.at += 1;
        }
    }

    fn from(&self, start: usize) -> Span {
        let place = |index: usize| self.tokens.get(index).map(|token| token.span());
        let begin = place(start).map_or(0, |span| span.start);
        let end = self.at.checked_sub(1).and_then(place).map_or(begin, |span| span.end);
        Span::new(begin..end.max(begin))
    }

    /// A value, and behind it whatever makes it an expression that cannot be known.
    fn value(&mut self) -> Value {
        self.breaks();
        let start = self.at;
        let value = if self.depth < DEEPEST { self.operand() } else { None };
        let value = value.filter(|_| self.is_at_end());
        value.unwrap_or_else(|| {
            self.skip();
            Value::unknown(self.from(start))
        })
    }

    fn is_at_end(&self) -> bool {
        use TokenKind::{
            BlockComment, CloseBrace, CloseBracket, CloseParenthesis, Comma, End, LineComment, Newline,
        };
        matches!(
            self.kind(),
            Newline | LineComment | BlockComment | Comma | CloseBrace | CloseBracket | CloseParenthesis | End
        )
    }

    /// Goes on to where the surrounding list or object does.
    fn skip(&mut self) {
        let mut open = 0_usize;
        while self.at < self.tokens.len() && (open > 0 || !self.is_at_end()) {
            match self.kind() {
                TokenKind::OpenBrace
                | TokenKind::OpenBracket
                | TokenKind::OpenParenthesis
                | TokenKind::InterpolationOpen
                | TokenKind::DirectiveOpen => open += 1,
                TokenKind::CloseBrace
                | TokenKind::CloseBracket
                | TokenKind::CloseParenthesis
                | TokenKind::TemplateClose => open = open.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
        }
    }

    fn operand(&mut self) -> Option<Value> {
        let start = self.at;
        let token = self.token()?;
        let data = match token.kind {
            TokenKind::OpenQuote => self.quoted()?,
            TokenKind::HeredocOpen => self.heredoc()?,
            TokenKind::Number => {
                self.at += 1;
                Data::Number(token.text(self.text).to_owned())
            }
            TokenKind::OpenBracket => self.nested(Self::list)?,
            TokenKind::OpenBrace => self.nested(Self::object)?,
            TokenKind::Identifier => return self.word(token, start),
            _ => return None,
        };
        Some(Value::new(self.from(start), data))
    }

    fn word(&mut self, token: Token, start: usize) -> Option<Value> {
        self.at += 1;
        let data = match token.text(self.text) {
            "true" => Data::Bool(true),
            "false" => Data::Bool(false),
            "null" => Data::Null,
            // What it encodes is what the policy will be.
            "jsonencode" if self.kind() == TokenKind::OpenParenthesis => {
                self.at += 1;
                self.depth += 1;
                let value = self.value();
                self.depth -= 1;
                self.breaks();
                let is_closed = self.kind() == TokenKind::CloseParenthesis;
                self.at += usize::from(is_closed);
                return is_closed.then_some(value);
            }
            _ => return None,
        };
        Some(Value::new(self.from(start), data))
    }

    fn nested(&mut self, read: fn(&mut Self) -> Option<Data>) -> Option<Data> {
        self.at += 1;
        self.depth += 1;
        let start = self.at;
        let data = read(self);
        self.depth -= 1;
        if data.is_none() {
            // Back to the bracket, so that what is skipped is the whole of it.
            self.at = start - 1;
        }
        data
    }

    fn list(&mut self) -> Option<Data> {
        let mut items = Vec::new();
        loop {
            self.breaks();
            if self.kind() == TokenKind::CloseBracket {
                self.at += 1;
                return Some(Data::List(items));
            }
            if self.token()?.text(self.text) == "for" {
                return None;
            }
            items.push(self.value());
            self.breaks();
            match self.kind() {
                TokenKind::Comma => self.at += 1,
                TokenKind::CloseBracket => {}
                _ => return None,
            }
        }
    }

    fn object(&mut self) -> Option<Data> {
        let mut entries = Vec::new();
        loop {
            self.breaks();
            if self.kind() == TokenKind::CloseBrace {
                self.at += 1;
                return Some(Data::Object(entries));
            }
            let (key, key_at) = self.key()?;
            if !matches!(self.kind(), TokenKind::Assign | TokenKind::Colon) {
                return None;
            }
            self.at += 1;
            let value = self.value();
            entries.push(Entry { key, key_at, value });
            if self.kind() == TokenKind::Comma {
                self.at += 1;
            }
        }
    }

    /// A key; one that only a run would show is empty, and so nobody's.
    fn key(&mut self) -> Option<(String, Span)> {
        let start = self.at;
        let token = self.token()?;
        let key = match token.kind {
            TokenKind::Identifier if token.text(self.text) == "for" => return None,
            TokenKind::Identifier => {
                self.at += 1;
                token.text(self.text).to_owned()
            }
            TokenKind::OpenQuote => match self.quoted()? {
                Data::Text(text) => text,
                _ => String::new(),
            },
            TokenKind::OpenParenthesis => {
                self.at += 1;
                self.depth += 1;
                _ = self.value();
                self.depth -= 1;
                self.breaks();
                if self.kind() != TokenKind::CloseParenthesis {
                    return None;
                }
                self.at += 1;
                String::new()
            }
            _ => return None,
        };
        Some((key, self.from(start)))
    }

    fn quoted(&mut self) -> Option<Data> {
        let start = self.at;
        self.at += 1;
        let mut is_known = true;
        let mut open = 0_usize;
        while open > 0 || self.kind() != TokenKind::CloseQuote {
            match self.token()?.kind {
                TokenKind::InterpolationOpen | TokenKind::DirectiveOpen => {
                    is_known = false;
                    open += 1;
                }
                TokenKind::TemplateClose => open = open.saturating_sub(1),
                TokenKind::End => return None,
                _ => {}
            }
            self.at += 1;
        }
        self.at += 1;
        if !is_known {
            return Some(Data::Unknown);
        }
        let literal = self.text.get(self.from(start).range())?;
        Some(string::unquote(literal).map_or(Data::Unknown, Data::Text))
    }

    /// The text of a heredoc; what a template completes is unknown as a text.
    fn heredoc(&mut self) -> Option<Data> {
        self.at += 1;
        let mut text = String::new();
        let mut is_known = true;
        let mut open = 0_usize;
        loop {
            let token = self.token()?;
            self.at += 1;
            match token.kind {
                TokenKind::HeredocClose if open == 0 => break,
                TokenKind::InterpolationOpen | TokenKind::DirectiveOpen => {
                    is_known = false;
                    open += 1;
                }
                TokenKind::TemplateClose => open = open.saturating_sub(1),
                TokenKind::HeredocLiteral if open == 0 => text.push_str(token.text(self.text)),
                TokenKind::End => return None,
                _ => {}
            }
        }
        Some(if is_known { Data::Text(text) } else { Data::Unknown })
    }
}
