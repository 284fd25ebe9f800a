//! The policies in Terraform, wherever they stand: texts, heredocs, `jsonencode`, files and data
//! sources.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Root;
use super::block::Block;
use crate::diagnostic::{Diagnostic, Source, Span};
use crate::hcl::string;
use crate::lint::json::{self, Problem};
use crate::lint::value::{Data, Entry, Value};

/// Texts by path.
pub(super) type Texts = BTreeMap<String, Arc<Source>>;

/// A policy, in the file it stands in.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) source: Arc<Source>,
    pub(super) value: Value,
}

/// The policy that an argument holds; `None` when only a run would show it.
pub(super) fn of(root: &Root, texts: &Texts, block: &Block, value: &Value) -> Option<Result<Found, Problem>> {
    let here = |value| Found { source: Arc::clone(&block.source), value };
    match &value.data {
        Data::Object(_) => Some(Ok(here(value.clone()))),
        Data::Text(_) | Data::Unknown => {
            let written = block.written(value);
            if written.starts_with('"') && matches!(value.data, Data::Text(_)) {
                Some(quoted(written, value.at).map(here))
            } else if written.starts_with("<<") {
                let part = heredoc(written, value.at);
                Some(json::read(&block.source.text, part, true).map(here))
            } else {
                referred(root, texts, written)
            }
        }
        _ => None,
    }
}

/// JSON between quotes: it is read as what it stands for, and its places are those of the literal.
fn quoted(literal: &str, at: Span) -> Result<Value, Problem> {
    let mut text = String::new();
    // For each byte of the text, where it is written.
    let mut places: Vec<u32> = Vec::new();
    let inner = literal.get(1..literal.len() - 1).unwrap_or_default();
    let mut offset = 0;
    while let Some(c) = inner[offset..].chars().next() {
        let length = match (c, inner.as_bytes().get(offset + 1)) {
            ('\\', Some(b'u')) => 6,
            ('\\', Some(b'U')) => 10,
            ('\\', _) => 2,
            ('$' | '%', _) if inner[offset..].starts_with("$${") || inner[offset..].starts_with("%%{") => 3,
            _ => c.len_utf8(),
        };
        let piece = inner.get(offset..offset + length).unwrap_or(&inner[offset..]);
        let decoded = string::unquote(&format!("\"{piece}\"")).unwrap_or_default();
        let place = at.start.saturating_add(1).saturating_add(u32::try_from(offset).unwrap_or(u32::MAX));
        places.extend(std::iter::repeat_n(place, decoded.len()));
        text.push_str(&decoded);
        offset += piece.len();
    }
    let end = at.end.saturating_sub(1);
    let place = |offset: u32| places.get(offset as usize).copied().unwrap_or(end);
    let moved = |span: Span| Span { start: place(span.start), end: place(span.end) };
    match json::read(&text, 0..text.len(), false) {
        Ok(value) => Ok(value.moved(&place)),
        Err(problem) => Err(Problem { at: moved(problem.at), ..problem }),
    }
}

/// The lines of a heredoc, without its marker at both ends.
fn heredoc(written: &str, at: Span) -> std::ops::Range<usize> {
    let start = written.find('\n').map_or(written.len(), |newline| newline + 1);
    let end = written.trim_end().rfind('\n').map_or(start, |newline| newline.max(start));
    let base = at.start as usize;
    base + start..base + end
}

fn referred(root: &Root, texts: &Texts, written: &str) -> Option<Result<Found, Problem>> {
    if let Some(rest) = written.strip_prefix("data.aws_iam_policy_document.") {
        let name = rest.strip_suffix(".json").or_else(|| rest.strip_suffix(".minified_json"))?;
        let data = root.blocks.iter().find(|block| {
            block.keyword == "data"
                && block.labels.first().is_some_and(|kind| kind == DOCUMENT)
                && block.labels.get(1).is_some_and(|label| label == name)
        })?;
        return Some(Ok(document(data)));
    }
    let source = texts.get(&root.path(file(written)?))?;
    let value = json::read(&source.text, 0..source.text.len(), false);
    Some(value.map(|value| Found { source: Arc::clone(source), value }))
}

/// The file that an expression reads, seen from its root.
fn file(written: &str) -> Option<&str> {
    let path = written.strip_prefix("file(\"")?.strip_suffix("\")")?;
    let path = path.strip_prefix("${path.module}/").unwrap_or(path);
    (!path.contains(['$', '%', '"', '\\'])).then_some(path)
}

/// What there is to say of policies in files that were not looked at.
pub(super) fn left_out(roots: &[Root], texts: &Texts) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for root in roots {
        let inner = root.blocks.iter().flat_map(|block| &block.blocks);
        let values = root
            .blocks
            .iter()
            .chain(inner)
            .flat_map(|block| block.arguments.iter().map(move |argument| (block, argument)));
        for (block, Entry { key, value, .. }) in values {
            let Some(path) = file(block.written(value)) else { continue };
            let is_policy = key.ends_with("policy") || path.ends_with(".json");
            if is_policy && !texts.contains_key(&root.path(path)) {
                let message = format!("`{}` was not looked at", root.path(path));
                let help = "name the folder that holds both, or the file by itself";
                found.push(Diagnostic::warning(message).at(&block.source, value.at).help(help));
            }
        }
    }
    found
}

/// The data source whose blocks are a policy's statements.
pub(super) const DOCUMENT: &str = "aws_iam_policy_document";

/// A data source as the policy that it makes.
pub(super) fn document(data: &Block) -> Found {
    let mut entries = vec![match data.argument("version") {
        Some(version) => Entry { key: "Version".to_owned(), ..version.clone() },
        None => made("Version", data.at, Data::Text("2012-10-17".to_owned())),
    }];
    let mut statements: Vec<Value> = data.named("statement").map(statement).collect();
    let is_open = ["source_policy_documents", "override_policy_documents", "source_json", "override_json"]
        .iter()
        .any(|name| data.argument(name).is_some());
    if is_open || data.is_dynamic("statement") {
        statements.push(Value::unknown(data.at));
    }
    entries.push(made("Statement", data.at, Data::List(statements)));
    Found { source: Arc::clone(&data.source), value: Value::new(data.at, Data::Object(entries)) }
}

fn made(key: &str, at: Span, data: Data) -> Entry {
    Entry { key: key.to_owned(), key_at: at, value: Value::new(at, data) }
}

fn statement(block: &Block) -> Value {
    let mut entries = Vec::new();
    if block.argument("effect").is_none() {
        entries.push(made("Effect", block.at, Data::Text("Allow".to_owned())));
    }
    let names = [
        ("sid", "Sid"),
        ("effect", "Effect"),
        ("actions", "Action"),
        ("not_actions", "NotAction"),
        ("resources", "Resource"),
        ("not_resources", "NotResource"),
    ];
    for (name, key) in names {
        // What is null or empty is left out of the policy.
        if let Some(argument) = block.argument(name).filter(|argument| !is_nothing(&argument.value)) {
            entries.push(Entry { key: key.to_owned(), ..argument.clone() });
        }
    }
    for (name, key) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        entries.extend(principals(block, name, key));
    }
    let conditions: Vec<Entry> = block.named("condition").map(condition).collect();
    if block.is_dynamic("condition") {
        entries.push(Entry {
            key: "Condition".to_owned(),
            key_at: block.at,
            value: Value::unknown(block.at),
        });
    } else if !conditions.is_empty() {
        entries.push(made("Condition", block.at, Data::Object(conditions)));
    }
    Value::new(block.at, Data::Object(entries))
}

fn is_nothing(value: &Value) -> bool {
    match &value.data {
        Data::Null => true,
        Data::List(items) => items.is_empty(),
        _ => false,
    }
}

fn principals(block: &Block, name: &str, key: &str) -> Option<Entry> {
    if block.is_dynamic(name) {
        return Some(Entry { key: key.to_owned(), key_at: block.at, value: Value::unknown(block.at) });
    }
    let blocks: Vec<&Block> = block.named(name).collect();
    let first = blocks.first()?;
    let kinds = blocks.iter().map(|block| {
        // A kind that only a run would show is nobody's.
        let kind = block.argument("type");
        let value = block.get("identifiers").cloned().unwrap_or_else(|| Value::unknown(block.at));
        Entry {
            key: kind.and_then(|kind| kind.value.text()).unwrap_or_default().to_owned(),
            key_at: kind.map_or(block.at, |kind| kind.value.at),
            value,
        }
    });
    let mut kinds: Vec<Entry> = kinds.collect();
    // `type = "*"` is the data source's way to write `"Principal": "*"`.
    if let Some(anyone) = kinds.iter().position(|kind| kind.key == "*") {
        let anyone = kinds.swap_remove(anyone);
        let at = anyone.value.items().first().map_or(anyone.value.at, |item| item.at);
        return Some(Entry {
            key: key.to_owned(),
            key_at: first.at,
            value: Value::new(at, Data::Text("*".to_owned())),
        });
    }
    Some(made(key, first.at, Data::Object(kinds)))
}

/// One `condition` block. What it leaves open makes its key nobody's.
fn condition(block: &Block) -> Entry {
    let text = |name: &str| {
        let argument = block.argument(name)?;
        Some((argument.value.text()?.to_owned(), argument.value.at))
    };
    let (operator, operator_at) = text("test").unwrap_or_default();
    let (variable, variable_at) = text("variable").unwrap_or_default();
    let values = block.get("values").cloned().unwrap_or_else(|| Value::unknown(block.at));
    let key = Entry { key: variable, key_at: variable_at, value: values };
    Entry { key: operator, key_at: operator_at, value: Value::new(block.at, Data::Object(vec![key])) }
}
