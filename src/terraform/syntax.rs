//! Blocks and arguments of a file, whichever of Terraform's two languages it is written in.

use std::sync::Arc;

use super::expression::Expression;
use crate::diagnostic::{Source, Span};
use crate::hcl::{self, Document, SyntaxError};

/// What is between braces, or a whole file.
#[derive(Debug, Clone, Default)]
pub(super) struct Body {
    pub(super) attributes: Vec<Attribute>,
    /// Shared with whoever reads the same file once more.
    pub(super) blocks: Vec<Arc<Block>>,
}

/// An argument.
#[derive(Debug, Clone)]
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) name_at: Span,
    pub(super) expression: Expression,
    /// How the expression is written.
    pub(super) written: String,
}

/// A block.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) source: Arc<Source>,
    pub(super) keyword: String,
    pub(super) labels: Vec<String>,
    /// Keyword and labels.
    pub(super) at: Span,
    pub(super) body: Body,
}

impl Body {
    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

impl Block {
    /// Whether it is of a kind, such as `resource "aws_iam_role"`.
    pub(super) fn is(&self, keyword: &str, labels: &[&str]) -> bool {
        self.keyword == keyword && self.labels.iter().map(String::as_str).eq(labels.iter().copied())
    }
}

/// Reads a file in Terraform's own language; its places begin where the file does among all.
pub(super) fn native(source: &Arc<Source>, begins: u32) -> Result<Body, SyntaxError> {
    Ok(body(source, begins, Document::parse(&source.text)?.body()))
}

fn body(source: &Arc<Source>, begins: u32, tree: &hcl::Body) -> Body {
    let span = |part: hcl::Span| {
        let begins = begins as usize;
        Span::new(begins + part.start..begins + part.end)
    };
    let attribute = |attribute: &hcl::Attribute| {
        let written = &source.text[attribute.expression];
        Attribute {
            name: attribute.name.clone(),
            name_at: span(attribute.name_span),
            expression: Expression::native(span(attribute.expression), written),
            written: written.to_owned(),
        }
    };
    let block = |block: &hcl::Block| {
        let header = &source.text[block.header];
        let header = header.split('{').next().unwrap_or_default();
        let start = block.header.start + (header.len() - header.trim_start().len());
        Block {
            source: Arc::clone(source),
            keyword: block.keyword.clone(),
            labels: block.labels.clone(),
            at: span(hcl::Span { start, end: start + header.trim().len() }),
            body: body(source, begins, &block.body),
        }
    };
    Body {
        attributes: tree.attributes().map(attribute).collect(),
        blocks: tree.blocks().map(|inner| Arc::new(block(inner))).collect(),
    }
}
