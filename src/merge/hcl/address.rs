//! What the parts of a body are called: keys by which they are matched, addresses for people.

use crate::hcl::{Block, Document, string};

/// Blocks that Terraform itself tells apart by an attribute.
const IDENTIFYING: [(&str, &str); 4] =
    [("provider", "alias"), ("moved", "from"), ("removed", "from"), ("import", "to")];

/// The key of a block: its keyword and labels, and what else Terraform tells it apart by.
pub(super) fn block_key(document: &Document<'_>, block: &Block) -> String {
    let mut key = block.keyword.clone();
    for label in &block.labels {
        key.push('\0');
        key.push_str(label);
    }
    let identifying = IDENTIFYING.iter().find(|(keyword, _)| *keyword == block.keyword);
    let attribute = identifying.and_then(|(_, name)| block.body.attribute(name));
    if let Some(attribute) = attribute {
        key.push_str("\0\0");
        let words = document.slice(attribute.expression);
        // A reference reads the same with blanks or without.
        let compact = || words.split_whitespace().collect();
        key.push_str(&string::unquote(words).unwrap_or_else(|_| compact()));
    }
    key
}

/// A key as people read it, below the address of what it stands in.
pub(super) fn readable(path: &str, key: &str) -> String {
    let words: Vec<&str> = key.trim_start_matches('=').split('\0').filter(|word| !word.is_empty()).collect();
    let separator = if path.is_empty() { "" } else { "." };
    format!("{path}{separator}{}", words.join("."))
}
