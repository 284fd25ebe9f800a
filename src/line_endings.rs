//! How the lines of a text end, which git decides for each checkout: layout, and no edit.
//!
//! Responsible for telling a text of which every line ends with CRLF, and for bringing it to LF and back.
//! Refuses to touch one that mixes the two: nobody's settings did that.

use std::borrow::Cow;

/// Whether every line break is CRLF, and nothing else holds a carriage return.
#[must_use]
pub fn is_crlf(text: &[u8]) -> bool {
    if !begins_crlf(text) {
        return false;
    }
    let ends = memchr::memchr_iter(b'\n', text);
    let all = ends.clone().all(|end| end > 0 && text[end - 1] == b'\r');
    all && ends.count() == memchr::memchr_iter(b'\r', text).count()
}

/// Whether the first line ends with CRLF.
#[must_use]
pub fn begins_crlf(text: &[u8]) -> bool {
    memchr::memchr(b'\n', text).is_some_and(|end| end > 0 && text[end - 1] == b'\r')
}

/// The text as every checkout has it: with LF where all its lines end with CRLF.
#[must_use]
pub fn to_lf(text: String) -> String {
    if is_crlf(text.as_bytes()) { text.replace('\r', "") } else { text }
}

/// The text with CRLF, unless it has carriage returns of its own.
#[must_use]
pub fn to_crlf(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\r', text).is_some() {
        return Cow::Borrowed(text);
    }
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    let ended = lines.flat_map(|line| match line.strip_suffix(b"\n") {
        Some(line) => [line, b"\r\n"],
        None => [line, b""],
    });
    Cow::Owned(ended.collect::<Vec<_>>().concat())
}

/// Whether a text on disk is a text, however its lines end.
#[must_use]
pub fn is_same(found: &[u8], text: &[u8]) -> bool {
    found == text || (is_crlf(found) && *to_crlf(text) == *found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_text_of_which_every_line_ends_so_is_a_checkouts() {
        for (text, lf) in [
            ("a\r\nb\r\n", "a\nb\n"),
            ("a\r\nb", "a\nb"),
            ("\r\n", "\n"),
            ("a\r\nb\n", "a\r\nb\n"),
            ("a\nb\r\n", "a\nb\r\n"),
            ("a\rb\r\n", "a\rb\r\n"),
            ("a\r\r\n", "a\r\r\n"),
            ("a\n", "a\n"),
            ("a", "a"),
            ("", ""),
        ] {
            assert_eq!(to_lf(text.to_owned()), lf, "{text:?}");
            assert_eq!(is_crlf(text.as_bytes()), text != lf, "{text:?}");
            assert!(is_same(text.as_bytes(), lf.as_bytes()) && is_same(text.as_bytes(), text.as_bytes()));
        }
        assert!(!is_same(b"a\r\nb\n", b"a\nb\n") && !is_same(b"a\n", b"a\r\n") && !is_same(b"a\r\n", b"b\n"));
    }

    #[test]
    fn what_goes_back_is_what_came() {
        for text in ["a\r\nb\r\n", "a\r\nb", "\r\n\r\n"] {
            assert_eq!(*to_crlf(to_lf(text.to_owned()).as_bytes()), *text.as_bytes());
        }
        assert_eq!(*to_crlf(b"a\r\nb\n"), *b"a\r\nb\n");
    }
}
