//! Files of Terraform that are not UTF-8 throughout.
//!
//! Terraform passes over the bytes of a comment, whatever they are, and refuses a file that has anything
//! but UTF-8 elsewhere. Source: `hclsyntax`, which checks the encoding of strings and names alone.

use crate::diagnostic::words::not_utf_8;
use crate::hcl::{self, TokenKind};

/// The text of a file; where a comment is not UTF-8, U+FFFD stands for what cannot be read.
///
/// # Errors
/// That it is not UTF-8 outside its comments.
pub fn text(bytes: Vec<u8>) -> Result<String, String> {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(error) => error.into_bytes(),
    };
    let (mut text, mut replaced) = (String::with_capacity(bytes.len()), Vec::new());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            replaced.push(text.len());
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    let tokens = hcl::scan(&text).unwrap_or_default();
    let comments = || {
        let is_comment = |kind| matches!(kind, TokenKind::LineComment | TokenKind::BlockComment);
        tokens.iter().filter(move |token| is_comment(token.kind))
    };
    let is_read = |at: &usize| !comments().any(|comment| comment.span().contains(*at));
    if replaced.iter().any(is_read) { Err(not_utf_8(&bytes)) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn comments_may_hold_anything() {
        let read = |bytes: &[u8]| text(bytes.to_vec()).ok();
        let expected = "# caf\u{fffd}\nlocals {}\n";
        assert_eq!(read(b"# caf\xe9\nlocals {}\n").as_deref(), Some(expected));
        assert!(read(b"/* \xfc */ locals {}\n").is_some() && read(b"locals {} // \xfc").is_some());
        for bytes in
            [&b"locals { a = \"caf\xe9\" }"[..], b"caf\xe9 {}", b"\xff\xfe{\0}\0", b"# a\nx = <<E\n\xe9\nE\n"]
        {
            assert_eq!(read(bytes), None, "{bytes:?}");
        }
    }
}
