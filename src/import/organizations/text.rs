//! From a text to values, whatever it is written in: JSON, YAML, Terraform's language, or a table.

use std::sync::Arc;

use super::messages::refused;
use super::{hcl, table};
use crate::diagnostic::{Diagnostics, Error, Source, Span};
use crate::value::{self, Data, Entries, Entry, Value};
use crate::yaml;

/// Values of a text.
pub(super) struct Pages {
    pub(super) values: Vec<Value>,
    /// Whether they are rows of a table.
    pub(super) is_table: bool,
}

/// Reads a text in whatever it is written.
pub(super) fn read(source: &Arc<Source>) -> Result<Pages, Error> {
    let text = source.text.trim_start_matches('\u{feff}');
    let first = text.lines().map(str::trim).find(|line| !is_comment(line)).unwrap_or_default();
    if first.starts_with(['{', '[']) {
        return Ok(Pages { values: json(source)?, is_table: false });
    }
    if hcl::is_it(first) {
        return Ok(Pages { values: hcl::read(source)?, is_table: false });
    }
    if table::is_it(first) {
        return Ok(Pages { values: table::read(source)?, is_table: true });
    }
    Ok(Pages { values: yaml(source)?, is_table: false })
}

fn is_comment(line: &str) -> bool {
    line.is_empty() || line == "---" || ["#", "//", "/*"].iter().any(|start| line.starts_with(start))
}

/// One JSON text after the other: `--no-paginate` and shell loops print several.
fn json(source: &Arc<Source>) -> Result<Vec<Value>, Error> {
    let skipped = source.text.len() - source.text.trim_start_matches('\u{feff}').len();
    let text = &source.text[skipped..];
    let mut pages = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
    let mut values = Vec::new();
    let mut start = 0;
    while let Some(page) = pages.next() {
        if let Err(error) = page {
            let message = error.to_string();
            let message = message.split(" at line").next().unwrap_or_default();
            let at = skipped + source.offset(error.line(), error.column()).min(text.len());
            return Err(refused(source, Span::new(at..at), format!("this is not JSON: {message}")));
        }
        let end = pages.byte_offset();
        let part = text.get(start..end).unwrap_or_default();
        let begins = Span::new(skipped + start..skipped + end).start;
        values.push(value::parse(part, begins).map_err(|problem| {
            refused(source, problem.at, format!("this is not JSON: {}", problem.message))
        })?);
        start = end;
    }
    Ok(values)
}

fn yaml(source: &Arc<Source>) -> Result<Vec<Value>, Error> {
    let mut found = Diagnostics::default();
    let root = yaml::load_tagged(source, &mut found);
    found.finish(())?;
    Ok(root.iter().map(of_node).collect())
}

fn of_node(node: &yaml::Node<'_>) -> Value {
    let data = match &node.data {
        yaml::Data::Sequence(items) => Data::List(items.iter().map(of_node).collect()),
        yaml::Data::Mapping(members) => {
            let mut entries = Entries::default();
            for member in members.iter() {
                entries.insert(Entry::new(&*member.key, member.key_at, of_node(&member.value)));
            }
            Data::Object(entries.into_list())
        }
        yaml::Data::Scalar(scalar) => match scalar.meaning() {
            yaml::Meaning::Null => Data::Null,
            yaml::Meaning::Bool(is) => Data::Bool(is),
            // As it is written: an ID may begin with zeros.
            yaml::Meaning::Integer => Data::Number(scalar.text.to_string()),
            yaml::Meaning::Float | yaml::Meaning::Text => return Value::of_text(node.at, &*scalar.text),
        },
    };
    Value::new(node.at, data)
}
