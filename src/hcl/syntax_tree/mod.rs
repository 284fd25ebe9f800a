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

pub(super) use self::builder::build;
use super::span::Span;

/// How deep blocks may be nested. No Terraform file comes near it, and it lets every user of a
/// tree follow it recursively without fear.
pub const DEEPEST_NESTING: usize = 200;

/// The content of a file or of a block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// The items in order; their spans cover the body's span without gaps.
    pub items: Vec<Item>,
    /// All bytes of the body: the whole file, or what is between a block's header and footer.
    pub span: Span,
}

/// A part of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// `name = expression`
    Attribute(Attribute),
    /// `keyword "label" { … }`
    Block(Block),
    /// Blank lines and comments that belong to no attribute or block.
    Loose(Span),
}

/// `name = expression`, with its comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The name.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// The expression, without blanks and comments around it.
    pub expression: Span,
    /// The comment lines directly above; empty if there are none.
    pub leading: Span,
    /// The comment after the expression, without its line break; empty if there is none.
    pub trailing: Span,
    /// Everything from the leading comments to the line break at the end.
    pub span: Span,
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
    pub leading: Span,
    /// The line up to the opening brace, and the rest of it if the body starts on the next line.
    pub header: Span,
    /// What is between the braces.
    pub body: Body,
    /// From the line of the closing brace, or the brace itself in a block on one line, to the
    /// line break after it.
    pub footer: Span,
    /// Everything from the leading comments to the line break at the end.
    pub span: Span,
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
    pub fn span(&self) -> Span {
        match self {
            Self::Attribute(attribute) => attribute.span,
            Self::Block(block) => block.span,
            Self::Loose(span) => *span,
        }
    }
}
