//! Blocks that may stand only once in a folder: Terraform reads its files as one, and refuses a
//! second block of the same address.

use super::hcl::addressed;
use super::moves::cut;
use crate::hcl::{Document, Span};

/// What Terraform takes no second time. Several `terraform`, `locals` or `moved` blocks are fine.
const UNIQUE: [&str; 8] =
    ["resource", "data", "ephemeral", "provider", "variable", "output", "module", "check"];

/// A block that Terraform reads only once in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UniqueBlock {
    /// What it is called: `resource.aws_iam_role.this`, or `provider.aws.west` with its alias.
    pub address: String,
    /// The line on which it begins, comments above it aside.
    pub line: usize,
    /// All of it, comments included.
    pub span: Span,
}

/// The blocks of a text that may stand only once in its folder; none where it is not HCL.
///
/// ```
/// use crossrole::merge::unique_blocks;
///
/// let text = "# Mine.\nvariable \"a\" {}\n\nterraform {}\n";
/// let blocks = unique_blocks(text);
/// assert_eq!(blocks.len(), 1);
/// assert_eq!((&*blocks[0].address, blocks[0].line), ("variable.a", 2));
/// ```
#[must_use]
pub fn unique_blocks(text: &str) -> Vec<UniqueBlock> {
    let Ok(document) = Document::parse(text) else { return Vec::new() };
    let blocks = document.body().blocks().filter(|block| UNIQUE.contains(&&*block.keyword));
    blocks
        .map(|block| UniqueBlock {
            address: addressed(&document, block),
            line: text[..block.header.start].matches('\n').count() + 1,
            span: block.span,
        })
        .collect()
}

/// A text without these blocks of it, which are in its order.
#[must_use]
pub fn remove_blocks(text: &str, blocks: &[UniqueBlock]) -> String {
    let mut text = text.to_owned();
    for block in blocks.iter().rev() {
        cut(&mut text, block.span);
    }
    text
}
