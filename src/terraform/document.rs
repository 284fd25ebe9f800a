//! `aws_iam_policy_document`: the policy that its blocks make.
//!
//! As the provider renders it: version 2012-10-17 and `Allow` unless something else is said, one value
//! alone and several in a list, `&{…}` for a variable of IAM. Statements of `source_policy_documents`
//! come first; a later statement takes the place of an earlier one with its `sid`. The provider also
//! turns the order of actions around, which has no meaning and is left as it is written.
//!
//! Source: <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document>.

use super::block::{Block, Made};
use crate::diagnostic::Span;
use crate::value::{Data, Entry, Key, Piece, Reason, Text, Value};

/// The data source whose blocks are a policy's statements.
pub const DOCUMENT: &str = "aws_iam_policy_document";

/// A data source as the policy that it makes. What only a run would show is an unknown statement among
/// the others.
#[must_use]
pub fn document(data: &Block) -> Value {
    let Merged { statements, .. } = merged(data);
    let mut entries = vec![match data.argument("version").filter(|version| !version.value.is_null()) {
        Some(version) => Entry::new("Version", version.key_at, version.value.clone()),
        None => made("Version", data.at, Data::Text(Text::known(data.at, "2012-10-17"))),
    }];
    if let Some(id) = data.argument("policy_id").filter(|id| !id.value.is_null()) {
        entries.push(Entry::new("Id", id.key_at, id.value.clone()));
    }
    entries.push(made("Statement", data.at, Data::List(statements)));
    Value::new(data.at, Data::Object(entries))
}

/// Where the statements stand that others of the same `sid` take the place of, so that they are not in the policy.
#[must_use]
pub fn replaced(data: &Block) -> Vec<Span> {
    merged(data).replaced
}

/// The statements of a data source and of its other documents.
#[derive(Default)]
struct Merged {
    statements: Vec<Value>,
    replaced: Vec<Span>,
}

fn merged(data: &Block) -> Merged {
    let mut merged = Merged::default();
    for name in ["source_json", "source_policy_documents"] {
        merged.add_others(data, name);
    }
    data.named("statement").for_each(|block| merged.add(statement(block)));
    for (_, reason) in data.open.iter().filter(|(kind, _)| kind == "statement") {
        merged.statements.push(Value::new(data.at, Data::Unknown(reason.clone())));
    }
    for name in ["override_json", "override_policy_documents"] {
        merged.add_others(data, name);
    }
    merged
}

fn made(key: &str, at: Span, data: Data) -> Entry {
    Entry::new(key, at, Value::new(at, data))
}

impl Merged {
    /// Adds the statements of whole policies.
    fn add_others(&mut self, data: &Block, name: &str) {
        let Some(list) = data.get(name) else { return };
        for text in list.items() {
            let policy = match &text.data {
                Data::Null => continue,
                Data::Text(inner) if inner.as_str() == Some("") => continue,
                Data::Text(inner) => Value::decode(inner).ok(),
                Data::Unknown(_) => None,
                _ => Some(text.clone()),
            };
            match policy.as_ref().and_then(|policy| policy.get("Statement")) {
                Some(list) => list.items().iter().for_each(|item| self.add(item.clone())),
                None => self.statements.push(Value::new(text.at, Data::Unknown(unread(text)))),
            }
        }
    }

    /// Adds a statement, in the place of the one with its `sid`.
    fn add(&mut self, statement: Value) {
        let sid = |statement: &Value| statement.get("Sid").and_then(Value::text).map(str::to_owned);
        let own = sid(&statement).filter(|sid| !sid.is_empty());
        match self.statements.iter_mut().find(|known| own.is_some() && sid(known) == own) {
            Some(known) => self.replaced.push(std::mem::replace(known, statement).at),
            None => self.statements.push(statement),
        }
    }
}

fn unread(text: &Value) -> Reason {
    text.reason().cloned().unwrap_or_else(|| Reason::new(text.at, "a policy that is not one"))
}

fn statement(block: &Block) -> Value {
    let mut entries = Vec::new();
    let argument = |name: &str| block.argument(name).filter(|argument| !is_nothing(&argument.value));
    entries.extend(argument("sid").map(|sid| Entry::new("Sid", sid.key_at, sid.value.clone())));
    entries.push(match argument("effect") {
        Some(effect) => Entry::new("Effect", effect.key_at, effect.value.clone()),
        None => made("Effect", block.at, Data::Text(Text::known(block.at, "Allow"))),
    });
    let lists = [
        ("actions", "Action"),
        ("not_actions", "NotAction"),
        ("resources", "Resource"),
        ("not_resources", "NotResource"),
    ];
    for (name, key) in lists {
        entries.extend(argument(name).map(|found| Entry::new(key, found.key_at, rendered(&found.value))));
    }
    for (name, key) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        entries.extend(principals(block, name, key));
    }
    entries.extend(conditions(block));
    Value::new(block.at, Data::Object(entries))
}

/// What is left out of the policy.
fn is_nothing(value: &Value) -> bool {
    match &value.data {
        Data::Null => true,
        Data::List(items) => items.is_empty(),
        Data::Text(text) => text.as_str() == Some(""),
        _ => false,
    }
}

/// One value alone, several in a list; `&{` is written for what Terraform would take for a template.
fn rendered(value: &Value) -> Value {
    match &value.data {
        Data::List(items) => match items.as_slice() {
            [only] => rendered(only),
            items => Value::new(value.at, Data::List(items.iter().map(rendered).collect())),
        },
        Data::Text(text) => {
            let mut replaced = Text::default();
            for piece in text.pieces() {
                match piece {
                    Piece::Known(known, at) => replaced.push(at, &known.replace("&{", "${")),
                    Piece::Unknown(reason) => replaced.push_unknown(reason.clone()),
                }
            }
            let is_empty = text.as_str() == Some("");
            Value::new(value.at, Data::Text(if is_empty { text.clone() } else { replaced }))
        }
        _ => value.clone(),
    }
}

/// An entry with a key that nobody knows.
fn open(at: Span, reason: &Reason) -> Entry {
    Entry {
        key: Key::Unknown(reason.clone()),
        key_at: at,
        value: Value::new(at, Data::Unknown(reason.clone())),
    }
}

fn principals(block: &Block, name: &str, key: &str) -> Option<Entry> {
    let first = block.named(name).next()?;
    let mut kinds: Vec<Entry> = Vec::new();
    for inner in block.named(name) {
        let identifiers = inner.get("identifiers").cloned();
        let identifiers =
            identifiers.unwrap_or_else(|| Value::unknown(inner.at, "a block without `identifiers`"));
        // `type = "*"` with `*` is the data source's way to write `"Principal": "*"`; with anything else it is a key.
        let is_star = inner.text("type") == Some("*")
            && identifiers.items().iter().all(|one| one.text().is_none_or(|text| text == "*"));
        if is_star && matches!(inner.made, Made::Once | Made::For(_)) {
            let at = identifiers.items().first().map_or(identifiers.at, |item| item.at);
            return Some(Entry::new(key, first.at, Value::of_text(at, "*")));
        }
        let kind = key_of(inner, "type");
        let same = kinds.iter_mut().find(|known| kind.name().is_some() && known.name() == kind.name());
        match same {
            Some(known) => known.value = both(&known.value, &identifiers),
            None => kinds.push(Entry { value: rendered(&identifiers), ..kind }),
        }
    }
    kinds.extend(opened(block, name));
    Some(made(key, first.at, Data::Object(kinds)))
}

/// What stands for the blocks of which only a run would show how many there are.
fn opened(block: &Block, name: &str) -> Option<Entry> {
    let reason = block.open.iter().find(|(kind, _)| kind == name);
    reason.map(|(_, reason)| open(block.at, reason))
}

fn both(first: &Value, second: &Value) -> Value {
    let items = first.items().iter().chain(second.items());
    rendered(&Value::new(first.at, Data::List(items.cloned().collect())))
}

/// The key that an argument names.
fn key_of(block: &Block, name: &str) -> Entry {
    let nothing = Value::new(block.at, Data::Null);
    match block.argument(name).map(|argument| &argument.value) {
        Some(value) => match (value.text(), value.reason()) {
            (Some(text), _) => Entry::new(text, value.at, nothing),
            (None, Some(reason)) => open(value.at, reason),
            (None, None) => open(value.at, &Reason::new(value.at, format!("`{name}`, which is not a text"))),
        },
        None => open(block.at, &Reason::new(block.at, format!("a block without `{name}`"))),
    }
}

/// The `condition` blocks: values by key, keys by operator.
fn conditions(block: &Block) -> Option<Entry> {
    let mut operators: Vec<Entry> = Vec::new();
    for inner in block.named("condition") {
        let values = inner.get("values").cloned();
        let values = values.unwrap_or_else(|| Value::unknown(inner.at, "a block without `values`"));
        let key = Entry { value: rendered(&values), ..key_of(inner, "variable") };
        let operator = key_of(inner, "test");
        let same =
            operators.iter_mut().find(|known| operator.name().is_some() && known.name() == operator.name());
        match same {
            Some(Entry { value: Value { data: Data::Object(keys), .. }, .. }) => merge(keys, key),
            _ => operators.push(Entry { value: Value::new(inner.at, Data::Object(vec![key])), ..operator }),
        }
    }
    operators.extend(opened(block, "condition"));
    (!operators.is_empty()).then(|| made("Condition", block.at, Data::Object(operators)))
}

/// Adds the values of a key to those that are there.
fn merge(keys: &mut Vec<Entry>, key: Entry) {
    match keys.iter_mut().find(|known| key.name().is_some() && known.name() == key.name()) {
        Some(known) => known.value = both(&known.value, &key.value),
        None => keys.push(key),
    }
}
