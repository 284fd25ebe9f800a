//! A file's blocks with the values of their arguments.

use std::sync::Arc;

use super::expression;
use crate::diagnostic::{Source, Span};
use crate::hcl::{self, SyntaxError, Token, tree};
use crate::lint::value::{Data, Entry, Value};

/// A block, or a whole file, which is a block without a name.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) source: Arc<Source>,
    pub(super) keyword: String,
    pub(super) labels: Vec<String>,
    /// Keyword and labels.
    pub(super) at: Span,
    pub(super) arguments: Vec<Entry>,
    pub(super) blocks: Vec<Block>,
}

/// Reads a file.
pub(super) fn file(source: &Arc<Source>) -> Result<Block, SyntaxError> {
    let tokens = hcl::scan(&source.text)?;
    let body = tree::parse(&source.text)?;
    Ok(read(source, &tokens, &body, (String::new(), Vec::new(), Span::default())))
}

fn read(
    source: &Arc<Source>,
    tokens: &[Token],
    body: &tree::Body,
    (keyword, labels, at): (String, Vec<String>, Span),
) -> Block {
    let argument = |argument: &tree::Attribute| Entry {
        key: argument.name.clone(),
        key_at: Span::new(argument.name_span.clone()),
        value: expression::read(&source.text, tokens, argument.expression.clone()),
    };
    let inner = |block: &tree::Block| {
        let header = source.text.get(block.header.clone()).unwrap_or_default();
        let header = header.split('{').next().unwrap_or_default();
        let start = block.header.start + (header.len() - header.trim_start().len());
        let at = Span::new(start..start + header.trim().len());
        read(source, tokens, &block.body, (block.keyword.clone(), block.labels.clone(), at))
    };
    Block {
        source: Arc::clone(source),
        keyword,
        labels,
        at,
        arguments: body.attributes().map(argument).collect(),
        blocks: body.blocks().map(inner).collect(),
    }
}

impl Block {
    pub(super) fn argument(&self, name: &str) -> Option<&Entry> {
        self.arguments.iter().find(|argument| argument.key == name)
    }

    /// An argument that is not `null`, which is the same as leaving it out.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.argument(name).map(|argument| &argument.value).filter(|value| !matches!(value.data, Data::Null))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::text)
    }

    pub(super) fn named<'b>(&'b self, keyword: &'b str) -> impl Iterator<Item = &'b Self> {
        self.blocks.iter().filter(move |block| block.keyword == keyword)
    }

    /// Whether such blocks are made by an expression.
    pub(super) fn is_dynamic(&self, keyword: &str) -> bool {
        self.named("dynamic").any(|block| block.labels.first().is_some_and(|label| label == keyword))
    }

    /// How an expression is written.
    pub(super) fn written(&self, value: &Value) -> &str {
        self.source.text.get(value.at.range()).unwrap_or_default()
    }
}
