//! Blocks with the values of their arguments, and the blocks that `dynamic` makes among them.

use std::sync::Arc;

use super::names::{Bound, Names};
use super::{convert, evaluate, syntax};
use crate::diagnostic::{Source, Span};
use crate::value::{Data, Entry, Reason, Value};

/// A list that makes more blocks than these is not followed.
const MOST_BLOCKS: usize = 1000;

/// A block, evaluated.
#[derive(Debug, Clone)]
pub struct Block {
    /// The file it stands in.
    pub source: Arc<Source>,
    /// The word that says what it is, such as `resource`.
    pub keyword: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// Keyword and labels.
    pub at: Span,
    /// Its arguments, in the order of the text.
    pub arguments: Vec<Argument>,
    /// The blocks in it, with those that `dynamic` makes.
    pub blocks: Vec<Block>,
    /// Whether Terraform makes it, and for what.
    pub made: Made,
    /// Kinds of blocks in it of which only a run would show how many there are.
    pub open: Vec<(String, Reason)>,
    /// Kinds of blocks of which a `dynamic` makes none, as things are now.
    pub left_out: Vec<String>,
}

/// Whether Terraform makes something of a block, by its `count`, its `for_each`, or a `dynamic`.
#[derive(Debug, Clone)]
pub enum Made {
    /// Once.
    Once,
    /// Once for this key, among others: a text for `for_each`, a number for `count`.
    For(Value),
    /// Not at all, as things are now.
    Never,
    /// Only a run would show.
    Unknown(Reason),
}

/// An argument with its value.
#[derive(Debug, Clone)]
pub struct Argument {
    /// Its name.
    pub key: String,
    /// Where the name stands.
    pub key_at: Span,
    /// What it comes to; for a reference its place is that of the reference.
    pub value: Value,
    /// How its expression is written.
    pub written: String,
    /// Where its expression stands.
    pub expression: Span,
}

impl Block {
    /// An argument by its name.
    #[must_use]
    pub fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.key == name)
    }

    /// The value of an argument that is not `null`, which is the same as leaving it out.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.argument(name).map(|argument| &argument.value).filter(|value| !value.is_null())
    }

    /// The text of an argument, if it is known.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::text)
    }

    /// How the expression of an argument is written; empty where there is none.
    #[must_use]
    pub fn written(&self, name: &str) -> &str {
        self.argument(name).map_or("", |argument| argument.written.as_str())
    }

    /// The blocks in it of a kind.
    pub fn named<'b>(&'b self, keyword: &'b str) -> impl Iterator<Item = &'b Self> {
        self.blocks.iter().filter(move |block| block.keyword == keyword)
    }

    /// Whether only a run would show how many blocks of a kind there are in it.
    #[must_use]
    pub fn is_open(&self, keyword: &str) -> bool {
        self.open.iter().any(|(kind, _)| kind == keyword)
    }

    /// Whether its first label is this one.
    #[must_use]
    pub fn is(&self, kind: &str) -> bool {
        self.labels.first().is_some_and(|label| label == kind)
    }
}

/// Evaluates a block, where names stand for what they do.
pub(super) fn build(
    names: &dyn Names,
    bound: Option<&Bound<'_>>,
    block: &syntax::Block,
    made: Made,
) -> Block {
    let mut built = Block {
        source: Arc::clone(&block.source),
        keyword: block.keyword.clone(),
        labels: block.labels.clone(),
        at: block.at,
        arguments: Vec::new(),
        blocks: Vec::new(),
        made,
        open: Vec::new(),
        left_out: Vec::new(),
    };
    for attribute in &block.body.attributes {
        built.arguments.push(Argument {
            key: attribute.name.clone(),
            key_at: attribute.name_at,
            value: evaluate::evaluate(names, bound, &attribute.expression),
            written: attribute.written.clone(),
            expression: attribute.expression.at,
        });
    }
    for inner in &block.body.blocks {
        match inner.labels.first() {
            Some(kind) if inner.keyword == "dynamic" => dynamic(names, bound, inner, kind, &mut built),
            _ => built.blocks.push(build(names, bound, inner, Made::Once)),
        }
    }
    built
}

/// The blocks that a `dynamic` makes; one that stands for all of them where only a run would show.
fn dynamic(
    names: &dyn Names,
    bound: Option<&Bound<'_>>,
    block: &syntax::Block,
    kind: &str,
    into: &mut Block,
) {
    let Some(content) = block.body.blocks.iter().find(|inner| inner.keyword == "content") else { return };
    let each = block.body.attribute("for_each");
    let each = each.map(|each| evaluate::evaluate(names, bound, &each.expression));
    let each = each.unwrap_or_else(|| Value::unknown(block.at, "a `dynamic` without `for_each`"));
    let iterator = block.body.attribute("iterator").map_or(kind, |iterator| iterator.written.as_str());
    let content = syntax::Block { keyword: kind.to_owned(), at: block.at, ..syntax::Block::clone(content) };
    let pairs = convert::pairs(&each).and_then(|pairs| match pairs.len() {
        0..MOST_BLOCKS => Ok(pairs),
        _ => Err(Reason::new(each.at, "a list of very many blocks")),
    });
    match pairs {
        Ok(pairs) => {
            let is_list = matches!(each.data, Data::List(_));
            if pairs.is_empty() {
                into.left_out.push(kind.to_owned());
            }
            for (key, value) in pairs {
                let key =
                    if is_list && value.text().is_some() && is_set(block) { value.clone() } else { key };
                let item = iteration(block.at, key.clone(), value);
                let inner = Bound { name: iterator, value: &item, outer: bound };
                into.blocks.push(build(names, Some(&inner), &content, Made::For(key)));
            }
        }
        Err(reason) => {
            let unknown = |reason: &Reason| Value::new(block.at, Data::Unknown(reason.clone()));
            let item = iteration(block.at, unknown(&reason), unknown(&reason));
            let inner = Bound { name: iterator, value: &item, outer: bound };
            into.blocks.push(build(names, Some(&inner), &content, Made::Unknown(reason.clone())));
            into.open.push((kind.to_owned(), reason));
        }
    }
}

/// Whether the items are written as a set, whose keys are its items.
fn is_set(block: &syntax::Block) -> bool {
    block.body.attribute("for_each").is_some_and(|each| each.written.trim_start().starts_with("toset"))
}

/// What `each`, or the iterator of a `dynamic`, stands for.
pub(super) fn iteration(at: Span, key: Value, value: Value) -> Value {
    Value::new(at, Data::Object(vec![Entry::new("key", at, key), Entry::new("value", at, value)]))
}
