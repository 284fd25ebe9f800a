//! What a spec may hold at a place, as its JSON Schema says: the one list of keys.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::{Path, Step};
use crate::diagnostic::words::{did_you_mean, excerpt};
use crate::diagnostic::{Diagnostics, Source};
use crate::spec::json_schema;
use crate::yaml;

static SCHEMA: LazyLock<Value> = LazyLock::new(json_schema);

/// A part of the schema.
#[derive(Clone, Copy)]
pub(super) struct Keys(&'static Value);

/// An answer that is needed and not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Where it belongs.
    pub path: Path,
    /// What it is, in the schema's words.
    pub meaning: String,
}

/// Why a value has no place where it was to go.
pub(super) struct Unfit {
    pub(super) message: String,
    pub(super) help: String,
}

impl Keys {
    /// The whole spec.
    pub(super) fn root() -> Self {
        Self(&SCHEMA)
    }

    /// The same with references followed, and without the leave to be null.
    fn resolved(self) -> Self {
        let choice = self.0["anyOf"].get(0).unwrap_or(self.0);
        match choice["$ref"].as_str().and_then(|reference| SCHEMA.pointer(&reference[1..])) {
            Some(definition) => Self(definition).resolved(),
            None => Self(choice),
        }
    }

    fn properties(self) -> Option<&'static Map<String, Value>> {
        self.resolved().0["properties"].as_object()
    }

    /// The keys that are known here, in the order of the reference; none where any key may stand.
    pub(super) fn known(self) -> Vec<&'static str> {
        self.properties().into_iter().flatten().map(|(key, _)| key.as_str()).collect()
    }

    fn required(self) -> impl Iterator<Item = &'static str> {
        self.resolved().0["required"].as_array().into_iter().flatten().filter_map(Value::as_str)
    }

    /// What a key may hold, if it is one.
    pub(super) fn key(self, key: &str) -> Option<Self> {
        if let Some(properties) = self.properties() {
            return properties.get(key).map(Self);
        }
        Some(&self.resolved().0["additionalProperties"]).filter(|values| values.is_object()).map(Self)
    }

    /// What the items of a list may be.
    pub(super) fn item(self) -> Option<Self> {
        let items = self.forms().find_map(|form| Some(&form.0["items"]).filter(|items| items.is_object()));
        items.map(Self)
    }

    /// What may stand here: one form, or one of several.
    fn forms(self) -> impl Iterator<Item = Self> {
        let whole = self.resolved();
        let several = whole.0["oneOf"].as_array().map_or(std::slice::from_ref(whole.0), Vec::as_slice);
        several.iter().map(Self)
    }

    fn is(self, kind: &str) -> bool {
        self.forms().any(|form| match &form.0["type"] {
            Value::Array(kinds) => kinds.iter().any(|known| known == kind),
            known => known == kind,
        })
    }

    fn is_text(self) -> bool {
        self.is("string") || self.resolved().0["enum"].is_array()
    }

    fn meaning(self) -> &'static str {
        let own = self.0["description"].as_str();
        own.or_else(|| self.resolved().0["description"].as_str()).unwrap_or_default()
    }
}

/// The value that a flag gives to the key at a path.
pub(super) fn value_at(path: &Path, text: &str) -> Result<Value, Unfit> {
    let mut keys = Keys::root();
    let mut way = Path::default();
    for step in path.steps() {
        keys = match step {
            Step::Key(key) => keys.key(key).ok_or_else(|| unknown_key(keys, &way, key))?,
            Step::Index(_) => keys.item().ok_or_else(|| no_list(&way))?,
        };
        way = match step {
            Step::Key(key) => way.key(key),
            Step::Index(index) => way.index(*index),
        };
    }
    read(keys, text)
}

fn unknown_key(keys: Keys, way: &Path, key: &str) -> Unfit {
    let known = keys.known();
    let place = if way.steps().is_empty() { "a spec".to_owned() } else { format!("`{way}`") };
    if keys.item().is_some() {
        return Unfit {
            message: format!("`{way}` is a list"),
            help: format!("name an item, as in `{way}[0].{key}`"),
        };
    }
    if known.is_empty() {
        return Unfit { message: format!("`{way}` has no keys"), help: String::new() };
    }
    Unfit { message: format!("{place} has no key `{key}`"), help: did_you_mean(key, &known) }
}

fn no_list(way: &Path) -> Unfit {
    Unfit { message: format!("`{way}` is not a list"), help: String::new() }
}

/// A flag's text as a value: texts as they are, anything else as YAML writes it. An empty text leaves
/// the key out.
fn read(keys: Keys, text: &str) -> Result<Value, Unfit> {
    if text.is_empty() {
        return Ok(Value::Null);
    }
    let is_flow = keys.is("object") && text.starts_with('{') || keys.is("array") && text.starts_with('[');
    if keys.is_text() && !is_flow {
        return Ok(Value::from(text));
    }
    let source = Source::new("--set", text);
    let mut found = Diagnostics::default();
    let value = yaml::load(&source, &mut found).map(|node| node.to_json());
    let fits = |value: &Value| match value {
        Value::Bool(_) => keys.is("boolean"),
        Value::Number(_) => keys.is("integer"),
        Value::Array(_) => keys.item().is_some(),
        Value::Object(_) => keys.is("object") || keys.properties().is_some(),
        Value::Null | Value::String(_) => false,
    };
    value.filter(fits).ok_or_else(|| {
        let (wanted, help) = if keys.is("boolean") {
            ("`true` or `false`", String::new())
        } else if keys.item().is_some() {
            ("a list", "write it as in `[first, second]`, or one item at a time with `[0]`".to_owned())
        } else if keys.is("integer") {
            ("a whole number", String::new())
        } else {
            ("a mapping", format!("set one of its keys: {}", keys.known().join(", ")))
        };
        Unfit { message: format!("expected {wanted}, found `{}`", excerpt(text)), help }
    })
}

/// Every key that the schema requires and a spec does not have. Where there is no target, what the
/// first would need is missing.
pub(super) fn missing(root: &Value) -> Vec<Missing> {
    let mut found = Vec::new();
    missing_in(Keys::root(), root, &Path::default(), &mut found);
    found
}

fn missing_in(keys: Keys, value: &Value, way: &Path, found: &mut Vec<Missing>) {
    for required in keys.required().filter(|key| *key != "version") {
        if value.get(required).is_none_or(Value::is_null)
            && let Some(inner) = keys.key(required)
        {
            add_missing(inner, &way.key(required), found);
        }
    }
    match value {
        Value::Object(members) => {
            for (key, value) in members.iter().filter(|(_, value)| !value.is_null()) {
                if let Some(inner) = keys.key(key) {
                    missing_in(inner, value, &way.key(key), found);
                }
            }
        }
        Value::Array(items) => {
            if let Some(inner) = keys.item() {
                if items.is_empty() && keys.resolved().0["minItems"] == 1 {
                    add_missing(inner, &way.index(0), found);
                }
                for (index, item) in items.iter().enumerate() {
                    missing_in(inner, item, &way.index(index), found);
                }
            }
        }
        _ => {}
    }
}

/// A required key that is not there: itself if it holds a text, otherwise what it would require.
fn add_missing(keys: Keys, way: &Path, found: &mut Vec<Missing>) {
    match keys.item() {
        Some(item) => add_missing(item, &way.index(0), found),
        None if keys.properties().is_some() => missing_in(keys, &Value::Null, way, found),
        None => found.push(Missing { path: way.clone(), meaning: keys.meaning().replace('\n', " ") }),
    }
}
