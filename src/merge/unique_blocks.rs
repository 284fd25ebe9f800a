//! Blocks that may stand only once in a folder: Terraform reads its files as one, and refuses a
//! second block of the same address.

use super::hcl::addressed;
use super::moves::cut;
use crate::hcl::{Document, Span};
use crate::value::{self, Data, Entry, Value};

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

/// The same for Terraform's JSON; none where it is not JSON.
///
/// ```
/// use crossrole::merge::unique_blocks_in_json;
///
/// let blocks = unique_blocks_in_json("{\n\"provider\": {\"aws\": [{}, {\"alias\": \"west\"}]}\n}");
/// let addresses: Vec<_> = blocks.iter().map(|block| (&*block.address, block.line)).collect();
/// assert_eq!(addresses, [("provider.aws", 2), ("provider.aws.west", 2)]);
/// ```
#[must_use]
pub fn unique_blocks_in_json(text: &str) -> Vec<UniqueBlock> {
    let Ok(document) = value::parse(text, 0) else { return Vec::new() };
    let mut found = Vec::new();
    for (address, bodies) in document.entries().iter().flat_map(blocks) {
        // Several blocks of one address are written as a list.
        let is_list = matches!(bodies.data, Data::List(_));
        for body in if is_list { bodies.items() } else { std::slice::from_ref(bodies) } {
            let alias = body.get("alias").and_then(Value::text).filter(|_| address.starts_with("provider."));
            let span = Span { start: body.at.start as usize, end: body.at.end as usize };
            found.push(UniqueBlock {
                address: alias.map_or_else(|| address.clone(), |alias| format!("{address}.{alias}")),
                line: text[..span.start].matches('\n').count() + 1,
                span,
            });
        }
    }
    found
}

/// The blocks of one keyword by their addresses.
fn blocks(entry: &Entry) -> Vec<(String, &Value)> {
    let Some(keyword) = entry.name().filter(|name| UNIQUE.contains(name)) else { return Vec::new() };
    let outer = named(keyword, &entry.value);
    if !matches!(keyword, "resource" | "data" | "ephemeral") {
        return outer.collect();
    }
    outer.flat_map(|(path, kind)| named(&path, kind).collect::<Vec<_>>()).collect()
}

/// The members of an object, each with its name behind a path.
fn named<'v>(path: &str, value: &'v Value) -> impl Iterator<Item = (String, &'v Value)> {
    let members = value.entries().iter();
    members.filter_map(move |entry| Some((format!("{path}.{}", entry.name()?), &entry.value)))
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
