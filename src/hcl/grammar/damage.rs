//! Valid text that `terraform fmt` would damage, noted while it is read.
//!
//! Terraform's formatter deletes a literal `true`, `false` or `null` index of a plain reference,
//! and joins `1 .e5` into a number. Neither is a syntax error, so the grammar goes on and only
//! the formatter refuses.

use super::super::error::SyntaxError;
use super::super::token::TokenKind;
use super::Parser;

/// What the operand at hand is, as far as terraform's formatter cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Term {
    /// A name, followed only by names, whole numbers and literal indexes.
    Reference,
    Other,
}

impl Term {
    pub(super) fn from_name(name: &str) -> Self {
        if is_literal_word(name) { Self::Other } else { Self::Reference }
    }

    pub(super) fn after_index(plain: bool) -> Self {
        if plain { Self::Reference } else { Self::Other }
    }
}

impl Parser<'_> {
    /// Looks ahead into an index and says whether the reference stays plain with it.
    pub(super) fn note_index(&mut self, bracket: usize) -> bool {
        if self.term == Term::Other {
            return false;
        }
        let start = self.significant(bracket + 1);
        let end = match self.kind(start) {
            TokenKind::Identifier if is_literal_word(self.text(start)) => start + 1,
            TokenKind::Number => start + 1,
            TokenKind::OpenQuote | TokenKind::HeredocOpen => self.end_of_literal(start),
            _ => return false,
        };
        let plain = self.kind(self.significant(end)) == TokenKind::CloseBracket;
        if plain && self.kind(start) == TokenKind::Identifier {
            self.note_deleted_index(start);
        }
        plain
    }

    fn end_of_literal(&self, start: usize) -> usize {
        let mut end = start + 1;
        while let TokenKind::QuotedLiteral | TokenKind::HeredocLiteral = self.kind(end) {
            end += 1;
        }
        match self.kind(end) {
            TokenKind::CloseQuote | TokenKind::HeredocClose => end + 1,
            _ => end,
        }
    }

    /// The index of the first token from there on that is neither comment nor line break.
    fn significant(&self, mut index: usize) -> usize {
        while self.kind(index).is_comment() || self.kind(index) == TokenKind::Newline {
            index += 1;
        }
        index
    }

    /// Terraform spares the names a `for` binds. They are refused all the same: to tell them apart
    /// would take a table of names, for an index that no file has.
    fn note_deleted_index(&mut self, index: usize) {
        let word = self.text(index);
        self.note_damage(
            index,
            format!("`terraform fmt` may delete the index `{word}` here"),
            format!("write `[({word})]`"),
        );
    }

    /// Notes a dot between a number and what would become part of that number without blanks.
    pub(super) fn note_joined_number(&mut self, dot: usize) {
        let next = self.position;
        let before = dot.checked_sub(1).map(|index| self.kind(index));
        if before != Some(TokenKind::Number) {
            return;
        }
        let joins = match self.kind(next) {
            TokenKind::Number => true,
            TokenKind::Identifier => is_exponent(self.text(next)),
            _ => false,
        };
        if joins {
            self.note_damage(
                next,
                "`terraform fmt` would join this with the number before the dot".to_owned(),
                "put the part before the dot in parentheses".to_owned(),
            );
        }
    }

    fn note_damage(&mut self, index: usize, message: String, hint: String) {
        if self.outline.damage.is_none() {
            let span = self.tokens[index].span();
            let error = SyntaxError::would_lose_data(span, message).hinted(hint);
            self.outline.damage = Some(error);
        }
    }
}

fn is_literal_word(name: &str) -> bool {
    matches!(name, "true" | "false" | "null")
}

fn is_exponent(name: &str) -> bool {
    let digits = name.strip_prefix(['e', 'E']).unwrap_or_default();
    digits.strip_prefix('-').unwrap_or(digits).starts_with(|first: char| first.is_ascii_digit())
}
