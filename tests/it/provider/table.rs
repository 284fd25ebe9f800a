//! What may stand in the blocks that are generated, as a table: one line per block.
//!
//! ```text
//! resource aws_iam_role: arn= assume_role_policy! inline_policy{}~ name path
//! resource aws_iam_role.inline_policy: name policy
//! ```
//!
//! `!` must be there, `~` is deprecated, `{}` is a block, and `=` can be read and not be set.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use crate::support::repository;

/// Blocks by kind and type, such as `resource aws_iam_role`, with the blocks in them behind points.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Table {
    /// Where it is from.
    pub(super) head: String,
    pub(super) blocks: BTreeMap<String, Block>,
}

/// What may stand in a block, by name.
pub(crate) type Block = BTreeMap<String, Field>;

/// What has a name in a block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Field {
    pub(crate) kind: Kind,
    pub(crate) required: bool,
    pub(crate) deprecated: bool,
}

/// How a name is used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Argument,
    Block,
    /// It can be read, and not be set.
    Attribute,
}

impl Table {
    /// The table that is committed.
    pub(crate) fn committed() -> Self {
        Self::parse(&fs::read_to_string(Self::path()).expect("the table can be read"))
    }

    /// Every block with its name.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = (&str, &Block)> {
        self.blocks.iter().map(|(name, block)| (name.as_str(), block))
    }

    pub(super) fn path() -> PathBuf {
        repository("tests/it/provider/schema-6.txt")
    }

    /// What may stand in a block.
    pub(crate) fn block(&self, name: &str) -> Option<&Block> {
        self.blocks.get(name)
    }

    pub(super) fn parse(text: &str) -> Self {
        let (head, lines): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with('#'));
        let blocks = lines.into_iter().map(|line| {
            let (name, fields) = line.split_once(':').expect("a name and what is in it");
            (name.to_owned(), fields.split_whitespace().map(Field::parse).collect())
        });
        Self { head: head.join("\n") + "\n", blocks: blocks.collect() }
    }

    pub(super) fn print(&self) -> String {
        let mut text = self.head.clone();
        for (name, fields) in &self.blocks {
            text.push_str(name);
            text.push(':');
            for (name, field) in fields {
                text.push(' ');
                text.push_str(name);
                text.extend(field.marks());
            }
            text.push('\n');
        }
        text
    }
}

impl Field {
    /// What stands behind a name, in this order.
    fn marks(self) -> impl Iterator<Item = &'static str> {
        let marks = [
            (self.kind == Kind::Block, "{}"),
            (self.required, "!"),
            (self.deprecated, "~"),
            (self.kind == Kind::Attribute, "="),
        ];
        marks.into_iter().filter(|(is_set, _)| *is_set).map(|(_, mark)| mark)
    }

    fn parse(word: &str) -> (String, Self) {
        let name = word.trim_end_matches(['{', '}', '!', '~', '=']);
        let is = |mark| word[name.len()..].contains(mark);
        let kind = match (is("{}"), is("=")) {
            (true, _) => Kind::Block,
            (_, true) => Kind::Attribute,
            _ => Kind::Argument,
        };
        (name.to_owned(), Self { kind, required: is("!"), deprecated: is("~") })
    }
}

#[test]
fn a_table_is_printed_as_it_was_read() {
    let text = "# From somewhere.\n\
                resource aws_iam_role: arn= assume_role_policy! inline_policy{}~ name rule{}!\n\
                resource aws_iam_role.inline_policy: name policy\n";
    assert_eq!(Table::parse(text).print(), text);
    let committed = fs::read_to_string(Table::path()).expect("the table can be read");
    assert_eq!(Table::committed().print(), committed);
}
