//! A thin, lossless tree: bodies, blocks and attributes that know which bytes they are.
//!
//! It is made for editing and judging files, not for evaluating them. Expressions are spans. To
//! edit a file, replace spans of its text; everything else stays as it was, byte for byte. The
//! spans leave no gap: the items of a body cover it exactly, and so do the parts of each item.
//!
//! Comments and blank lines belong somewhere, by the rules of a reader's eye: comment lines
//! directly above an item are its own, as is a comment at its end; what a blank line separates
//! from the next item stands for itself.

mod builder;

use std::ops::Range;

use super::error::SyntaxError;

/// How deep blocks may be nested. No Terraform file comes near it, and it lets every user of a
/// tree follow it recursively without fear.
pub const DEEPEST_NESTING: usize = 200;

/// The content of a file or of a block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// The items in order; their spans cover the body's span without gaps.
    pub items: Vec<Item>,
    /// All bytes of the body: the whole file, or what is between a block's header and footer.
    pub span: Range<usize>,
}

/// A part of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// `name = expression`
    Attribute(Attribute),
    /// `keyword "label" { … }`
    Block(Block),
    /// Blank lines and comments that belong to no attribute or block.
    Loose(Range<usize>),
}

/// `name = expression`, with its comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The name.
    pub name: String,
    /// Where the name stands.
    pub name_span: Range<usize>,
    /// The expression, without blanks and comments around it.
    pub expression: Range<usize>,
    /// The comment lines directly above; empty if there are none.
    pub leading: Range<usize>,
    /// The comment after the expression, without its line break; empty if there is none.
    pub trailing: Range<usize>,
    /// Everything from the leading comments to the line break at the end.
    pub span: Range<usize>,
}

/// `keyword "label" { … }`, with its comments. Its span consists of `leading`, `header`, the
/// body's span and `footer`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The word that says what the block is, such as `resource`.
    pub keyword: String,
    /// The labels, decoded.
    pub labels: Vec<String>,
    /// The comment lines directly above; empty if there are none.
    pub leading: Range<usize>,
    /// The line up to the opening brace, and the rest of it if the body starts on the next line.
    pub header: Range<usize>,
    /// What is between the braces.
    pub body: Body,
    /// From the line of the closing brace, or the brace itself in a block on one line, to the
    /// line break after it.
    pub footer: Range<usize>,
    /// Everything from the leading comments to the line break at the end.
    pub span: Range<usize>,
}

/// Reads a text as a tree.
///
/// ```
/// use crossrole::hcl::tree;
///
/// let text = "# Read only.\nrole \"reader\" {\n  path = \"/\" # default\n}\n";
/// let body = tree::parse(text).unwrap();
///
/// let role = body.blocks().next().unwrap();
/// assert_eq!(role.labels, ["reader"]);
/// assert_eq!(&text[role.leading.clone()], "# Read only.\n");
///
/// let path = role.body.attribute("path").unwrap();
/// assert_eq!(&text[path.expression.clone()], "\"/\"");
/// assert_eq!(&text[path.trailing.clone()], "# default");
/// ```
///
/// # Errors
///
/// The first place that is not HCL, or a block nested more than [`DEEPEST_NESTING`] deep.
pub fn parse(source: &str) -> Result<Body, SyntaxError> {
    let tokens = super::scan(source)?;
    let outline = super::grammar::outline(source, &tokens)?;
    builder::build(source, &tokens, &outline.marks)
}

impl Body {
    /// The attributes, in order.
    pub fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.items.iter().filter_map(|item| match item {
            Item::Attribute(attribute) => Some(attribute),
            Item::Block(_) | Item::Loose(_) => None,
        })
    }

    /// The attribute of this name; there is at most one.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes().find(|attribute| attribute.name == name)
    }

    /// The blocks, in order.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.items.iter().filter_map(|item| match item {
            Item::Block(block) => Some(block),
            Item::Attribute(_) | Item::Loose(_) => None,
        })
    }
}

impl Item {
    /// All bytes of the item.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        match self {
            Self::Attribute(attribute) => attribute.span.clone(),
            Self::Block(block) => block.span.clone(),
            Self::Loose(span) => span.clone(),
        }
    }
}
