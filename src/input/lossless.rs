//! Bytes as a text that gives every one of them back.
//!
//! Files that are UTF-8 but for a comment in Latin-1 are formatted and merged like others. A byte that is
//! not part of a character stands in the text as one of 128 characters at the end of the last private
//! plane; where a file has these themselves, their bytes are taken apart in the same way.

use std::borrow::Cow;

/// What is added to a byte to make its stand-in.
const PLANE: u32 = 0x10_ff00;

/// The text of bytes, where each that is not UTF-8 has a stand-in.
#[must_use]
pub fn lossless(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(text) if !text.contains(is_stand_in) => text,
        Ok(text) => decoded(text.as_bytes()),
        Err(error) => decoded(error.as_bytes()),
    }
}

/// The bytes of such a text.
#[must_use]
pub fn bytes(text: &str) -> Cow<'_, [u8]> {
    if !text.contains(is_stand_in) {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match byte(c) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Cow::Owned(bytes)
}

/// Whether a character stands for a byte that is not UTF-8.
#[must_use]
pub fn is_stand_in(c: char) -> bool {
    byte(c).is_some()
}

fn byte(c: char) -> Option<u8> {
    u8::try_from(u32::from(c).checked_sub(PLANE)?).ok().filter(|byte| !byte.is_ascii())
}

fn decoded(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let stand_ins = |bytes: &[u8]| -> String {
        bytes.iter().filter_map(|byte| char::from_u32(PLANE + u32::from(*byte))).collect()
    };
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if is_stand_in(c) {
                text.push_str(&stand_ins(c.encode_utf8(&mut [0; 4]).as_bytes()));
            } else {
                text.push(c);
            }
        }
        text.push_str(&stand_ins(chunk.invalid()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back() {
        let all: Vec<u8> = (0..=255).collect();
        let private = "\u{10ff7f}\u{10ff80}\u{10ffff}\u{10fffd}é".as_bytes().to_vec();
        let cut = "é😀".as_bytes()[..5].to_vec();
        for known in [all, private, cut, b"caf\xe9 \xc3\xa9 \xed\xa0\x80\xc0\x80".to_vec(), Vec::new()] {
            assert_eq!(bytes(&lossless(known.clone())).as_ref(), known);
        }
        assert_eq!(lossless(b"caf\xe9".to_vec()), "caf\u{10ffe9}");
        assert_eq!(lossless("café".into()), "café");
    }
}
