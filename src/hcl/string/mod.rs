//! String literals: any text into a literal in which it is inert, and back.
//!
//! Text that comes from elsewhere must never act as HCL. So everything that could is escaped:
//! quotes, backslashes, line breaks, template sequences, and every character one cannot see, which
//! could otherwise hide or reorder what a reader sees.

mod invisible;

use std::borrow::Cow;
use std::fmt::Write as _;

use super::error::SyntaxError;
use super::token::TokenKind;

/// The text as a double-quoted literal.
///
/// Terraform reads the literal as exactly this text, except that it normalises strings to Unicode
/// form NFC, as it does with every string.
///
/// ```
/// use crossrole::hcl::string;
///
/// assert_eq!(string::quote("a \"b\"\n"), r#""a \"b\"\n""#);
/// assert_eq!(string::quote("${aws:username}"), r#""$${aws:username}""#);
/// assert_eq!(string::quote("zero\u{200b}width"), r#""zero\u200bwidth""#);
/// ```
#[must_use]
pub fn quote(text: &str) -> String {
    format!("\"{}\"", escape(text))
}

/// The text a double-quoted literal stands for.
///
/// ```
/// use crossrole::hcl::string;
///
/// assert_eq!(string::unquote(r#""$${x} \u00e9""#).unwrap(), "${x} é");
/// assert!(string::unquote(r#""${x}""#).is_err());
/// ```
///
/// # Errors
///
/// What is not a single string, or contains a template sequence.
pub fn unquote(literal: &str) -> Result<String, SyntaxError> {
    let tokens = super::scan(literal)?;
    let [open, pieces @ .., close, end] = &*tokens else {
        return Err(no_string(literal));
    };
    let is_string = open.kind == TokenKind::OpenQuote
        && close.kind == TokenKind::CloseQuote
        && pieces.iter().all(|piece| piece.kind == TokenKind::QuotedLiteral);
    if !is_string || open.start > 0 || end.blanks > 0 {
        return Err(no_string(literal));
    }
    Ok(pieces.iter().map(|piece| decode(piece.text(literal))).collect())
}

fn no_string(literal: &str) -> SyntaxError {
    SyntaxError::invalid(0..literal.len(), "expected one string in double quotes, without template sequences")
}

/// The text as it stands between the quotes of a literal; most texts stay as they are.
///
/// ```
/// use crossrole::hcl::string;
///
/// assert_eq!(string::escape("a \"b\""), r#"a \"b\""#);
/// ```
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if text.bytes().fold(true, |plain, byte| plain & PLAIN[usize::from(byte)]) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(encode(text))
    }
}

/// The bytes that stand for themselves wherever they are: printable ASCII, less what can begin
/// something.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        plain[byte as usize] = !matches!(byte, b'"' | b'\\' | b'$' | b'%');
        byte += 1;
    }
    plain
};

/// The text between the quotes of a literal.
pub(super) fn encode(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            '$' | '%' if characters.peek() == Some(&'{') => {
                literal.push(character);
                literal.push(character);
            }
            _ if invisible::is_invisible(character) => push_code_point(&mut literal, character),
            _ => literal.push(character),
        }
    }
    literal
}

fn push_code_point(literal: &mut String, character: char) {
    let code_point = u32::from(character);
    let written = match code_point {
        0..=0xffff => write!(literal, "\\u{code_point:04x}"),
        _ => write!(literal, "\\U{code_point:08x}"),
    };
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
}

/// The text one literal token of a string stands for. The scanner has judged its escapes.
pub(super) fn decode(piece: &str) -> String {
    if piece.starts_with("$${") || piece.starts_with("%%{") {
        return piece[1..].to_owned();
    }
    let mut text = String::with_capacity(piece.len());
    let mut rest = piece;
    while let Some((before, escape)) = rest.split_once('\\') {
        text.push_str(before);
        let (character, length) = decode_escape(escape);
        text.extend(character);
        rest = escape.get(length..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

/// The character an escape stands for, and how many bytes it takes after its backslash.
fn decode_escape(escape: &str) -> (Option<char>, usize) {
    let code_point = |digits| {
        let digits = escape.get(1..=digits)?;
        char::from_u32(u32::from_str_radix(digits, 16).ok()?)
    };
    match escape.as_bytes().first() {
        Some(b'n') => (Some('\n'), 1),
        Some(b'r') => (Some('\r'), 1),
        Some(b't') => (Some('\t'), 1),
        Some(b'u') => (code_point(4), 5),
        Some(b'U') => (code_point(8), 9),
        _ => (escape.chars().next(), escape.chars().next().map_or(0, char::len_utf8)),
    }
}
