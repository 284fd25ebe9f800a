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
        Some((_, first)) if starts(first) => {}
        _ => return 0,
    }
    characters.find(|&(_, next)| !continues(next)).map_or(text.len(), |(length, _)| length)
}

fn starts(character: char) -> bool {
    character == '_' || unicode_ident::is_xid_start(character) || is_only_id(character)
}

/// The excluded characters became part of identifiers in Unicode 15.1; terraform's are older.
fn continues(character: char) -> bool {
    let is_recent = matches!(character, '\u{200c}' | '\u{200d}' | '\u{30fb}' | '\u{ff65}');
    character == '-' || unicode_ident::is_xid_continue(character) && !is_recent || is_only_id(character)
}

/// Whether a character has the property `ID_Start`, which terraform goes by, but not `XID_Start`.
fn is_only_id(character: char) -> bool {
    matches!(
        character,
        '\u{37a}'
            | '\u{e33}'
            | '\u{eb3}'
            | '\u{309b}'..='\u{309c}'
            | '\u{fc5e}'..='\u{fc63}'
            | '\u{fdfa}'..='\u{fdfb}'
            | '\u{fe70}'
            | '\u{fe72}'
            | '\u{fe74}'
            | '\u{fe76}'
            | '\u{fe78}'
            | '\u{fe7a}'
            | '\u{fe7c}'
            | '\u{fe7e}'
            | '\u{ff9e}'..='\u{ff9f}'
    )
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
