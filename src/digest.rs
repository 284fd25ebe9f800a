//! Digests: SHA-256 where a name is made of one, BLAKE3 where much is to be compared.
//!
//! A record's digest is computed for every account in every run, and took half of a run's time with
//! SHA-256, which few processors compute by themselves. `b3sum` prints the same.

use sha2::{Digest, Sha256};

/// The digest of parts that follow each other, in 64 hexadecimal digits.
pub(crate) fn sha256<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut hash = Sha256::new();
    parts.into_iter().for_each(|part| hash.update(part));
    let digits = hash.finalize().into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(HEX[usize::from(digit)])).collect()
}

/// The BLAKE3 digest of a text, in 64 hexadecimal digits.
pub(crate) fn blake3(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().as_str().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{blake3, sha256};

    #[test]
    fn digests_are_those_that_b3sum_prints() {
        let abc = "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85";
        assert_eq!(blake3("abc"), abc);
    }

    #[test]
    fn the_digest_is_the_known_one() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256([b"a".as_slice(), b"bc"]), abc);
    }
}
