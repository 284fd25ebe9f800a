//! `docs/reference.md` says what the JSON Schema says, and so what the types say.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

const INTRODUCTION: &str = "\
# Reference of the spec

`crossrole.yaml`, version 1. Unknown keys are errors. Account ids, and everything else that YAML could take for a
number, stand between quotes. This page follows from the schema that `crossrole schema` prints.
";

#[test]
fn the_reference_is_the_schema_in_words() {
    let schema = crossrole::spec::json_schema();
    let mut page = INTRODUCTION.to_owned();
    describe(&schema, "crossrole.yaml", &mut page);
    let defined = schema["$defs"].as_object().expect("definitions");
    for (name, definition) in defined.iter().filter(|(name, _)| *name != "WaiverSpec") {
        describe(definition, name, &mut page);
    }
    describe(&schema["$defs"]["WaiverSpec"], "WaiverSpec", &mut page);
    let rows = page.lines().filter(|line| line.starts_with("| `")).count();
    assert!(rows > 60, "{rows} keys");
    assert_stands_in("docs/reference.md", &page);
}

/// Editors find the schema beside the examples.
#[test]
fn the_examples_have_the_schema_beside_them() {
    assert_stands_in("examples/crossrole.schema.json", &format!("{:#}\n", crossrole::spec::json_schema()));
}

fn assert_stands_in(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, text).expect("the file is written");
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(found == text, "{file} is not what the schema says: BLESS=1 cargo test reference");
}

/// A mapping as a table of its keys.
fn describe(definition: &Value, name: &str, page: &mut String) {
    let Some(properties) = definition["properties"].as_object() else {
        return;
    };
    let required: Vec<&str> =
        definition["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let about = definition["description"].as_str().unwrap_or_default().replace('\n', " ");
    _ = write!(
        page,
        "\n## {}\n\n{about}\n\n| key | value | left out | meaning |\n| --- | --- | --- | --- |\n",
        title(name)
    );
    for (key, property) in properties {
        let default = match property.get("default") {
            Some(default) => format!("`{default}`"),
            None if required.contains(&key.as_str()) => "**required**".to_owned(),
            None => "-".to_owned(),
        };
        let meaning = property["description"].as_str().unwrap_or_default().replace('\n', " ");
        _ = writeln!(page, "| `{key}` | {} | {default} | {meaning} |", value_of(property));
    }
}

/// What a key takes, in a word or two.
fn value_of(property: &Value) -> String {
    let reference = property.get("$ref").unwrap_or(&property["anyOf"][0]["$ref"]);
    if let Some(reference) = reference.as_str() {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return format!("[{}](#{})", title(name), title(name).to_lowercase().replace(' ', "-"));
    }
    if let Some(words) = property["enum"].as_array() {
        let words: Vec<String> =
            words.iter().filter_map(Value::as_str).map(|word| format!("`{word}`")).collect();
        return words.join(", ");
    }
    if let Some(only) = property.get("const") {
        return format!("`{only}`");
    }
    let kind = match &property["type"] {
        Value::Array(kinds) if kinds.len() == 2 => &kinds[0],
        kind => kind,
    };
    match kind {
        Value::String(kind) if kind == "array" => format!("list of {}", value_of(&property["items"])),
        Value::String(kind) if kind == "object" => {
            format!("mapping to {}", value_of(&property["additionalProperties"]))
        }
        Value::String(kind) if kind == "string" => "text".to_owned(),
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) if kinds.iter().any(|kind| kind == "integer") => "digits".to_owned(),
        Value::Array(_) => "path of a JSON file, or a policy document".to_owned(),
        _ => "value".to_owned(),
    }
}

/// The heading of a type: `TargetSpec` is `target`.
fn title(name: &str) -> String {
    let name = name.strip_suffix("Spec").unwrap_or(name);
    let mut words = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}
