//! Tags, of roles and of sessions.

use super::text::{made_of, text};

/// The characters of tags: `[\p{L}\p{Z}\p{N}_.:/=+\-@]`.
fn is_tag(c: char) -> bool {
    c.is_alphanumeric() || c.is_whitespace() && !c.is_control() || "_.:/=+-@".contains(c)
}

text! {
    /// The key of a tag.
    ///
    /// Source: `tagKeyType` of IAM's and STS's service models, and the reserved prefix `aws:`.
    pub struct TagKey {
        what: "a tag key",
        id: "CR052",
        rule: "1 to 128 letters, digits, blanks and any of `_.:/=+-@`, not beginning with `aws:`",
        pattern: "^[^\\u0000-\\u001f!-*,;<>?\\[-^`{-\\u007f]{1,128}$",
        accepts: |text| {
            made_of(text, 1..=128, is_tag)
                && !text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"))
        },
    }
}

text! {
    /// The value of a tag; it may be empty.
    ///
    /// Source: `tagValueType` of IAM's and STS's service models.
    pub struct TagValue {
        what: "a tag value",
        id: "CR052",
        rule: "at most 256 letters, digits, blanks and any of `_.:/=+-@`",
        pattern: "^[^\\u0000-\\u001f!-*,;<>?\\[-^`{-\\u007f]{0,256}$",
        accepts: |text| made_of(text, 0..=256, is_tag),
    }
}
