//! Digests: SHA-256 where a name is made of one, XXH3 where much is to be compared.
//!
//! A record's digest is computed for every account in every run, and took half of a run's time with
//! SHA-256. It tells whether a text is still the one that we wrote, and protects from nobody: whoever
//! can change a record can change the digest beside it. `xxhsum -H2` prints the same.

use sha2::{Digest, Sha256};
use xxhash_rust::xxh3::xxh3_128;

/// The digest of parts that follow each other, in 64 hexadecimal digits.
pub(crate) fn sha256<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut hash = Sha256::new();
    parts.into_iter().for_each(|part| hash.update(part));
    let digits = hash.finalize().into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(HEX[usize::from(digit)])).collect()
}

/// The XXH3 digest of a text, 128 bits in 32 hexadecimal digits.
pub(crate) fn xxh3(text: &str) -> String {
    format!("{:032x}", xxh3_128(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{sha256, xxh3};

    #[test]
    fn digests_are_those_that_xxhsum_prints() {
        assert_eq!(xxh3("abc"), "06b05ab6733a618578af5f94892f3950");
        assert_eq!(xxh3(""), "99aa06d3014798d86001c324468d497f");
    }

    #[test]
    fn the_digest_is_the_known_one() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256([b"a".as_slice(), b"bc"]), abc);
    }
}
