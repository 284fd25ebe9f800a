//! Which characters make identifiers, and what to say about one that starts no token.

use super::super::error::SyntaxError;

/// Whether an ASCII byte may stand inside an identifier.
pub(super) fn continues_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// The length in bytes of the identifier a text begins with; zero if there is none.
pub(super) fn identifier_length(text: &str) -> usize {
    let mut characters = text.char_indices();
    match characters.next() {
        Some((_, first)) if first == '_' || unicode_ident::is_xid_start(first) => {}
        _ => return 0,
    }
    characters
        .find(|&(_, next)| next != '-' && !unicode_ident::is_xid_continue(next))
        .map_or(text.len(), |(length, _)| length)
}

/// The error for a character that starts no token.
pub(super) fn stray(position: usize, character: char) -> SyntaxError {
    let span = position..position + character.len_utf8();
    let error = match character {
        ' '..='~' => SyntaxError::invalid(span, format!("unexpected character `{character}`")),
        _ => SyntaxError::invalid(span, format!("unexpected character U+{:04X}", u32::from(character))),
    };
    match hint(character) {
        Some(hint) => error.hinted(hint),
        None => error,
    }
}

fn hint(character: char) -> Option<&'static str> {
    Some(match character {
        '\'' => "strings are written with double quotes",
        '“' | '”' | '„' | '«' | '»' => "strings are written with plain double quotes",
        ';' => "arguments are separated by line breaks",
        '&' => "the logical operator is `&&`",
        '|' => "the logical operator is `||`",
        '^' => "there is no power operator; use `pow()`",
        '`' => "for text over several lines, use a heredoc",
        '\r' => "a carriage return must be followed by a line feed",
        '\u{a0}' => "this is a no-break space; use a plain one",
        _ => return None,
    })
}
