//! The JSON Schema of the spec, draft 2020-12, derived from its types.

use serde_json::{Map, Value, json};

use super::Spec;

/// The JSON Schema of the spec.
#[must_use]
pub fn json_schema() -> Value {
    let mut schema = schemars::schema_for!(Spec).to_value();
    if let Some(root) = schema.as_object_mut() {
        root.insert("title".to_owned(), "crossrole.yaml, version 1".into());
        allow_null(root);
        let defined = root.get_mut("$defs").and_then(Value::as_object_mut);
        for definition in defined.into_iter().flat_map(Map::values_mut) {
            definition.as_object_mut().into_iter().for_each(allow_null);
        }
    }
    schema
}

/// `null` stands for a key that is left out, which is how a target removes a default; so it may
/// stand wherever a key may be left out.
fn allow_null(definition: &mut Map<String, Value>) {
    let required = definition.get("required").cloned().unwrap_or_default();
    let is_required =
        |key: &str| required.as_array().is_some_and(|keys| keys.iter().any(|known| known == key));
    let properties = definition.get_mut("properties").and_then(Value::as_object_mut);
    for (key, property) in properties.into_iter().flatten() {
        if let Some(property) = property.as_object_mut().filter(|_| !is_required(key)) {
            allow_null_for(property);
        }
    }
}

fn allow_null_for(property: &mut Map<String, Value>) {
    if let Some(reference) = property.remove("$ref") {
        property.insert("anyOf".to_owned(), json!([{ "$ref": reference }, { "type": "null" }]));
    }
    if let Some(Value::Object(values)) = property.get_mut("additionalProperties") {
        allow_null_for(values);
    }
    match property.get_mut("type") {
        Some(Value::Array(kinds)) => kinds.push("null".into()),
        Some(kind) => *kind = json!([kind.take(), "null"]),
        None => {}
    }
    if let Some(Value::Array(words)) = property.get_mut("enum") {
        words.push(Value::Null);
    }
}
