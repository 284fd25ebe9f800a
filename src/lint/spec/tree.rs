//! Policies that stand in a spec, with the places of all their parts.

use crate::diagnostic::Span;
use crate::value::{Data, Entry, Value};
use crate::yaml::{self, Node};

/// The part of a spec at a place.
pub(super) fn at(root: &Node<'_>, place: Span) -> Option<Value> {
    let holds = |node: &&Node<'_>| node.at.start <= place.start && place.end <= node.at.end;
    let mut node = root;
    while node.at != place || !matches!(node.data, yaml::Data::Mapping(_)) {
        node = match &node.data {
            yaml::Data::Scalar(_) => return None,
            yaml::Data::Sequence(items) => items.iter().find(holds)?,
            yaml::Data::Mapping(entries) => entries.iter().map(|entry| &entry.value).find(holds)?,
        };
    }
    Some(value(node))
}

fn value(node: &Node<'_>) -> Value {
    let data = match &node.data {
        yaml::Data::Sequence(items) => Data::List(items.iter().map(value).collect()),
        yaml::Data::Mapping(entries) => {
            let entry = |entry: &yaml::Entry<'_>| Entry::new(&*entry.key, entry.key_at, value(&entry.value));
            Data::Object(entries.iter().map(entry).collect())
        }
        yaml::Data::Scalar(scalar) => match scalar.meaning() {
            yaml::Meaning::Null => Data::Null,
            yaml::Meaning::Bool(value) => Data::Bool(value),
            yaml::Meaning::Integer | yaml::Meaning::Float => Data::Number(scalar.text.to_string()),
            yaml::Meaning::Text => return Value::of_text(node.at, &*scalar.text),
        },
    };
    Value::new(node.at, data)
}
