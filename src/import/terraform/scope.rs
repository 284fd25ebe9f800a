//! The files of one folder, which Terraform takes for one: what names in it stand for.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::expression::{Names, Unknown, value_with, within};
use crate::diagnostic::{Source, Span};
use crate::hcl::tree::{Attribute, Block, Body};

/// A file, read.
pub(super) struct File {
    pub(super) source: Arc<Source>,
    pub(super) body: Body,
}

/// A block, and the file that it is in.
#[derive(Clone, Copy)]
pub(super) struct Found<'s> {
    pub(super) file: &'s File,
    pub(super) block: &'s Block,
}

impl<'s> Found<'s> {
    /// The text of an attribute's expression.
    pub(super) fn text(self, attribute: &Attribute) -> &'s str {
        &self.file.source.text[attribute.expression.clone()]
    }

    /// Where the block begins, for people: file and line.
    fn place(self) -> String {
        let source = &self.file.source;
        let (line, _) = source.line_and_column(self.at().range().start);
        format!("{}:{line}", source.name)
    }

    /// Where the block begins.
    pub(super) fn at(self) -> Span {
        let start = self.block.leading.end;
        let line = self.file.source.text[start..].lines().next().unwrap_or_default();
        Span::new(start..start + line.trim_end().len())
    }
}

/// One folder.
pub(super) struct Scope<'s> {
    pub(super) folder: String,
    pub(super) files: &'s [File],
    /// Files that are no Terraform, by their path from the folder.
    pub(super) texts: BTreeMap<String, Arc<Source>>,
    /// How many references may still be followed.
    pub(super) left: Cell<u32>,
}

/// References that are followed in one folder: two in each of thirty locals that lead to the next would be
/// a billion.
pub(super) const MOST_REFERENCES: u32 = 200_000;

impl Names for Scope<'_> {
    fn resolve(&self, words: &[&str], depth: usize) -> Result<Value, Unknown> {
        let unknown = || format!("`{}`", words.join("."));
        let left = self.left.get().checked_sub(1).ok_or_else(unknown)?;
        self.left.set(left);
        match words {
            ["path", "module" | "root"] => Ok(Value::from(".")),
            ["local", name, rest @ ..] => {
                let value = self.local(name, depth).ok_or_else(unknown)??;
                within(&value, rest).ok_or_else(unknown)
            }
            ["var", name, rest @ ..] => {
                let value = self
                    .variable(name, depth)
                    .ok_or_else(|| format!("`var.{name}`, which has no default"))??;
                within(&value, rest).ok_or_else(unknown)
            }
            ["data", "aws_iam_policy_document", name, "json"] => {
                let blocks = self.blocks("data", "aws_iam_policy_document");
                let document = blocks
                    .into_iter()
                    .find(|found| found.block.labels.get(1).is_some_and(|label| label == name));
                let document = document.ok_or_else(unknown)?;
                self.document(document, depth).map(|document| Value::String(document.to_string()))
            }
            ["aws_iam_role", name, "name" | "id"] => {
                let blocks = self.blocks("resource", "aws_iam_role");
                let role = blocks
                    .into_iter()
                    .find(|found| found.block.labels.get(1).is_some_and(|label| label == name));
                let role = role.ok_or_else(unknown)?;
                self.attribute(role, "name", depth).ok_or_else(unknown)?
            }
            _ => Err(unknown()),
        }
    }

    fn file(&self, path: &str) -> Option<&str> {
        let path = path.trim_start_matches("./");
        self.texts.get(path).map(|source| source.text.as_str())
    }
}

impl<'s> Scope<'s> {
    /// The blocks of a kind, such as `provider "aws"`.
    pub(super) fn blocks(
        &self,
        keyword: &'static str,
        label: &'static str,
    ) -> impl Iterator<Item = Found<'s>> {
        let files = self.files.iter();
        files.flat_map(move |file| {
            let blocks = file.body.blocks().filter(move |block| {
                block.keyword == keyword
                    && (label.is_empty() || block.labels.first().is_some_and(|first| first == label))
            });
            blocks.map(move |block| Found { file, block })
        })
    }

    fn local(&self, name: &str, depth: usize) -> Option<Result<Value, Unknown>> {
        self.blocks("locals", "").find_map(|found| {
            Some(value_with(self, found.text(found.block.body.attribute(name)?), None, depth))
        })
    }

    /// What `terraform.tfvars` says, else the default.
    fn variable(&self, name: &str, depth: usize) -> Option<Result<Value, Unknown>> {
        let given = self.files.iter().filter(|file| file.source.name.ends_with(".tfvars"));
        let mut given = given.filter_map(|file| {
            file.body.attribute(name).map(|attribute| &file.source.text[attribute.expression.clone()])
        });
        if let Some(text) = given.next() {
            return Some(value_with(self, text, None, depth));
        }
        let variable = self
            .blocks("variable", "")
            .find(|found| found.block.labels.first().is_some_and(|label| label == name))?;
        self.attribute(variable, "default", depth)
    }

    fn attribute(&self, found: Found<'_>, name: &str, depth: usize) -> Option<Result<Value, Unknown>> {
        let attribute = found.block.body.attribute(name)?;
        Some(value_with(self, &found.file.source.text[attribute.expression.clone()], None, depth))
    }

    /// A policy that is written in blocks, as JSON.
    fn document(&self, found: Found<'_>, depth: usize) -> Result<Value, Unknown> {
        if found.block.body.attribute("source_policy_documents").is_some()
            || found.block.body.attribute("override_policy_documents").is_some()
        {
            return Err(format!("a policy document made of others ({})", found.place()));
        }
        let blocks = found.block.body.blocks().filter(|block| block.keyword == "statement");
        let statements: Result<Vec<Value>, Unknown> =
            blocks.map(|block| self.statement(Found { block, ..found }, depth)).collect();
        let dynamic = found.block.body.blocks().find(|block| block.keyword == "dynamic");
        if let Some(block) = dynamic {
            return Err(unread(Found { block, ..found }));
        }
        Ok(json!({ "Version": "2012-10-17", "Statement": statements? }))
    }

    fn statement(&self, found: Found<'_>, depth: usize) -> Result<Value, Unknown> {
        let mut statement = Map::new();
        let keys = [
            ("sid", "Sid"),
            ("effect", "Effect"),
            ("actions", "Action"),
            ("not_actions", "NotAction"),
            ("resources", "Resource"),
            ("not_resources", "NotResource"),
        ];
        for (name, key) in keys {
            if let Some(value) = self.attribute(found, name, depth) {
                statement.insert(key.to_owned(), value?);
            }
        }
        statement.entry("Effect").or_insert_with(|| "Allow".into());
        for block in found.block.body.blocks() {
            let inner = Found { block, ..found };
            let value = |name: &str| {
                let missing = || format!("a `{}` without `{name}`", block.keyword);
                self.attribute(inner, name, depth).unwrap_or_else(|| Err(missing()))
            };
            let text = |name: &str| value(name).map(|value| value.as_str().unwrap_or_default().to_owned());
            match block.keyword.as_str() {
                "principals" => {
                    let entry = statement.entry("Principal").or_insert_with(|| json!({}));
                    entry[text("type")?] = value("identifiers")?;
                }
                "condition" => {
                    let entry = statement.entry("Condition").or_insert_with(|| json!({}));
                    entry[text("test")?][text("variable")?] = value("values")?;
                }
                _ => return Err(unread(inner)),
            }
        }
        Ok(Value::Object(statement))
    }
}

/// A block that nobody can read without running Terraform.
fn unread(found: Found<'_>) -> Unknown {
    let label = found.block.labels.first().map(|label| format!(" \"{label}\"")).unwrap_or_default();
    format!("the block `{}{label}` ({})", found.block.keyword, found.place())
}
