//! Terraform as JSON, `*.tf.json`: which objects are blocks, and which are values.
//!
//! JSON alone does not say. Terraform asks the provider; here the blocks are known that something is
//! read of, and whatever else is an object is a value.

use std::sync::Arc;

use super::expression::Expression;
use super::syntax::{Attribute, Block, Body};
use crate::diagnostic::Source;
use crate::value::{self, Data, Entry, Problem, Value};

/// Whether the strings of an argument are expressions, not templates.
fn is_reference(within: &str, name: &str) -> bool {
    matches!(
        (within, name),
        (_, "provider" | "providers" | "depends_on" | "ignore_changes") | ("variable", "type")
    )
}

/// Reads a file; its places begin where the file does among all.
pub(super) fn read(source: &Arc<Source>, begins: u32) -> Result<Body, Problem> {
    let value = value::parse(&source.text, begins)?;
    Ok(body(source, "", &value))
}

/// Reads a file of variables.
pub(super) fn variables(source: &Arc<Source>, begins: u32) -> Result<Body, Problem> {
    let value = value::parse(&source.text, begins)?;
    // Its strings are texts, whatever stands in them.
    let attribute = |entry: &Entry| {
        let name = entry.name()?.to_owned();
        let expression = Expression::literal(entry.value.clone());
        Some(Attribute { name, name_at: entry.key_at, expression, written: String::new() })
    };
    Ok(Body { attributes: value.entries().iter().filter_map(attribute).collect(), blocks: Vec::new() })
}

/// How many labels a block has that stands in a block of another keyword; `None` for what is a value.
fn labels(within: &str, name: &str) -> Option<usize> {
    match (within, name) {
        ("", "resource" | "data" | "ephemeral") => Some(2),
        ("", "provider" | "variable" | "output" | "module" | "check")
        | ("terraform", "backend")
        | ("resource" | "data" | "provider" | "statement" | "content", "dynamic") => Some(1),
        ("", "locals" | "terraform" | "moved" | "import" | "removed")
        | ("terraform", "cloud" | "required_providers")
        | ("provider", "assume_role" | "assume_role_with_web_identity" | "default_tags")
        | ("resource", "inline_policy")
        | ("resource" | "data", "lifecycle")
        | ("lifecycle", "precondition" | "postcondition")
        | ("check", "assert")
        | ("data", "statement")
        | ("dynamic", "content")
        | ("statement" | "content", "principals" | "not_principals" | "condition") => Some(0),
        _ => None,
    }
}

fn body(source: &Arc<Source>, within: &str, value: &Value) -> Body {
    let mut body = Body::default();
    // A list of objects says what the objects say.
    for entry in value.items().iter().flat_map(Value::entries) {
        let Some(name) = entry.name().filter(|name| *name != "//") else { continue };
        match labels(within, name) {
            Some(count) => blocks(source, name, count, &mut Vec::new(), entry, &mut body.blocks),
            None => body.attributes.push(attribute(within, name, entry)),
        }
    }
    body
}

/// The blocks below a key, once its labels are gone through.
fn blocks(
    source: &Arc<Source>,
    keyword: &str,
    count: usize,
    labels: &mut Vec<String>,
    entry: &Entry,
    found: &mut Vec<Arc<Block>>,
) {
    if count == 0 {
        let of = |value: &Value| Block {
            source: Arc::clone(source),
            keyword: keyword.to_owned(),
            labels: labels.clone(),
            at: entry.key_at,
            body: body(source, keyword, value),
        };
        found.extend(
            entry
                .value
                .items()
                .iter()
                .filter(|value| matches!(value.data, Data::Object(_)))
                .map(|value| Arc::new(of(value))),
        );
        return;
    }
    for inner in entry.value.items().iter().flat_map(Value::entries) {
        let Some(label) = inner.name().filter(|label| *label != "//") else { continue };
        labels.push(label.to_owned());
        blocks(source, keyword, count - 1, labels, inner, found);
        labels.pop();
    }
}

fn attribute(within: &str, name: &str, entry: &Entry) -> Attribute {
    let written = entry.value.text().unwrap_or_default();
    let inner = written.strip_prefix("${").and_then(|inner| inner.strip_suffix('}'));
    let expression = if is_reference(within, name) && entry.value.text().is_some() {
        Expression::native(entry.value.at, inner.unwrap_or(written))
    } else {
        Expression::json(entry.value.clone())
    };
    let written = inner.unwrap_or(written).to_owned();
    Attribute { name: name.to_owned(), name_at: entry.key_at, expression, written }
}
