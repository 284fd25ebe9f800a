//! Digests, where a name is made of one or a text is told from another without being kept.

use sha2::{Digest, Sha256};

/// The digest of parts that follow each other, in 64 hexadecimal digits.
pub(crate) fn sha256<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut hash = Sha256::new();
    parts.into_iter().for_each(|part| hash.update(part));
    let digits = hash.finalize().into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(HEX[usize::from(digit)])).collect()
}

#[cfg(test)]
mod tests {
    use super::sha256;

    #[test]
    fn the_digest_is_the_known_one() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256([b"a".as_slice(), b"bc"]), abc);
    }
}
