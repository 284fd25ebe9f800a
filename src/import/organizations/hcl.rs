//! Account lists in Terraform's language: maps in variables and locals, `aws_organizations_account`
//! resources with their `import` blocks, and requests of Account Factory for Terraform.

use std::sync::Arc;

use super::messages::refused;
use crate::diagnostic::{Error, Source, Span};
use crate::terraform::{self, Argument, Block};
use crate::value::{Data, Entries, Entry, Value};

/// Whether a first line is Terraform's: an assignment, or the beginning of a block.
pub(super) fn is_it(line: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let rest = line.trim_start_matches(is_word);
    if rest.len() == line.len() {
        return false;
    }
    let rest = rest.trim_start();
    let is_block = rest.ends_with('{') || rest.ends_with('}');
    rest.starts_with('=') || ((rest.starts_with('{') || rest.starts_with('"')) && is_block)
}

/// The values that may hold accounts, as one object by name.
pub(super) fn read(source: &Arc<Source>) -> Result<Vec<Value>, Error> {
    let file = terraform::file(source).map_err(|problem| refused(source, problem.at, problem.message))?;
    let mut found = Entries::default();
    insert(&mut found, &file.arguments);
    for locals in file.named("locals") {
        insert(&mut found, &locals.arguments);
    }
    for variable in file.named("variable") {
        let default = variable.argument("default");
        if let (Some(name), Some(default)) = (variable.labels.first(), default) {
            found.insert(Entry::new(name.as_str(), default.key_at, default.value.clone()));
        }
    }
    let resources = file.named("resource").filter(|block| block.is("aws_organizations_account"));
    let made: Vec<Value> = resources.map(|block| resource(&file, block)).collect();
    let requests: Vec<Value> = file.named("module").filter_map(request).collect();
    for (key, list) in [("resources", made), ("requests", requests)] {
        if !list.is_empty() {
            found.insert(Entry::new(key, Span::default(), Value::new(Span::default(), Data::List(list))));
        }
    }
    Ok(vec![Value::new(Span::default(), Data::Object(found.into_list()))])
}

fn insert(found: &mut Entries, arguments: &[Argument]) {
    for argument in arguments {
        found.insert(Entry::new(argument.key.as_str(), argument.key_at, argument.value.clone()));
    }
}

/// An account that Terraform makes: its ID is in the `import` block that took it over, if there is one.
fn resource(file: &Block, block: &Block) -> Value {
    let label = block.labels.get(1).map_or("", String::as_str);
    let address = format!("aws_organizations_account.{label}");
    let taken = file.named("import").find(|import| import.written("to").trim() == address);
    let id = taken.and_then(|import| import.argument("id"));
    let mut entries = Entries::default();
    let name = block.get("name").cloned().unwrap_or_else(|| Value::of_text(block.at, label));
    entries.insert(Entry::new("name", name.at, name));
    if let Some(parent) = block.get("parent_id") {
        entries.insert(Entry::new("parent_id", parent.at, parent.clone()));
    }
    entries.insert(match id {
        Some(id) => Entry::new("id", id.key_at, id.value.clone()),
        None => Entry::new("id", block.at, Value::new(block.at, Data::Null)),
    });
    Value::new(block.at, Data::Object(entries.into_list()))
}

/// A request of Account Factory for Terraform.
fn request(block: &Block) -> Option<Value> {
    let parameters = block.get("control_tower_parameters")?;
    let mut entries: Vec<Entry> = parameters.entries().to_vec();
    entries.push(Entry::new("id", block.at, Value::new(block.at, Data::Null)));
    Some(Value::new(block.at, Data::Object(entries)))
}
