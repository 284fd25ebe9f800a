//! A spec as text: keys in the order of the reference, a word above what needs one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::keys::Keys;
use super::scalar;

/// Where a line ends at the latest, if it can.
const WIDTH: usize = 100;
/// Targets of more lines than this stand apart.
const CLOSE: usize = 3;

/// What is said above a key the first time it is written. Keys of targets are those of `defaults`.
const WORDS: [(&str, &str); 11] = [
    ("source", "Account A: where the callers live and Terraform authenticates."),
    ("source.callers", "Who assumes the roles."),
    ("terraform", "What every root requires of Terraform, and where it keeps its state."),
    ("defaults", "Under every target; what a target says itself has precedence."),
    ("targets", "Accounts B: where a role is created and resources go."),
    ("target.roles", "Roles by key, each with the callers that may assume it."),
    ("target.default_role", "The role that Terraform assumes when nothing is said."),
    ("target.role.external_id", "Must be sent by the caller; unique per customer."),
    ("target.role.policy_arns", "What the role may do in B."),
    ("target.bootstrap", "Whose credentials create the role."),
    ("waivers", "Findings that are accepted for a while."),
];

/// The whole text.
pub(super) fn document(root: &Value, comments: &BTreeMap<String, String>) -> String {
    let mut writer =
        Writer { out: String::new(), comments, said: BTreeSet::new(), nulls: has_defaults(root) };
    if let Some(words) = comments.get("") {
        writer.words(words, 0);
    }
    writer.out.push_str("version: 1\n");
    let none = Map::new();
    for (key, value) in ordered(Some(Keys::root()), root.as_object().unwrap_or(&none)) {
        if key != "version" && writer.is_written(value) {
            writer.out.push('\n');
            writer.entry(Keys::root().key(key), key, value, key, 0);
        }
    }
    writer.out
}

/// One target as an item of a list whose dashes stand in this column.
pub(super) fn target(value: &Value, indent: usize) -> String {
    let comments = BTreeMap::new();
    let mut writer = Writer { out: String::new(), comments: &comments, said: BTreeSet::new(), nulls: true };
    // Whoever has a spec already knows what its keys are for.
    writer.said.extend(WORDS.map(|(_, words)| words));
    let keys = Keys::root().key("targets").and_then(Keys::item);
    writer.item(keys, value, "targets[]", indent);
    writer.out
}

/// Only beneath defaults does a null mean anything.
fn has_defaults(root: &Value) -> bool {
    root.get("defaults").is_some_and(|defaults| !defaults.is_null())
}

/// Known keys in the order of the reference, then others as they come.
fn ordered(keys: Option<Keys>, members: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let known = keys.map(Keys::known).unwrap_or_default();
    let rank = |key: &str| known.iter().position(|known| *known == key).unwrap_or(known.len());
    let mut ordered: Vec<_> = members.iter().map(|(key, value)| (key.as_str(), value)).collect();
    ordered.sort_by_key(|(key, _)| rank(key));
    ordered
}

struct Writer<'w> {
    out: String,
    comments: &'w BTreeMap<String, String>,
    said: BTreeSet<&'static str>,
    nulls: bool,
}

impl Writer<'_> {
    fn is_written(&self, value: &Value) -> bool {
        match value {
            Value::Null => self.nulls,
            Value::Object(members) => {
                members.is_empty() || members.values().any(|value| self.is_written(value))
            }
            _ => true,
        }
    }

    fn words(&mut self, words: &str, indent: usize) {
        for line in words.lines() {
            let line = format!("{:indent$}# {line}", "");
            _ = writeln!(self.out, "{}", line.trim_end());
        }
    }

    /// What stands above a key: the draft's own words, or those that every spec gets once.
    fn above(&mut self, path: &str, indent: usize) {
        if let Some(words) = self.comments.get(path) {
            let words = words.clone();
            self.words(&words, indent);
            return;
        }
        let general = general(path);
        if let Some((_, words)) = WORDS.iter().find(|(known, _)| *known == general)
            && self.said.insert(words)
        {
            self.words(words, indent);
        }
    }

    fn entry(&mut self, keys: Option<Keys>, key: &str, value: &Value, path: &str, indent: usize) {
        self.above(path, indent);
        let key = scalar::text(key);
        if let Some(flow) = short(keys, value, path, indent + key.len() + 2) {
            _ = writeln!(self.out, "{:indent$}{key}: {flow}", "");
            return;
        }
        _ = writeln!(self.out, "{:indent$}{key}:", "");
        self.block(keys, value, path, indent + 2);
    }

    fn block(&mut self, keys: Option<Keys>, value: &Value, path: &str, indent: usize) {
        match value {
            Value::Object(members) => {
                for (key, value) in ordered(keys, members) {
                    if self.is_written(value) {
                        let inner = keys.and_then(|keys| keys.key(key));
                        self.entry(inner, key, value, &format!("{path}.{key}"), indent);
                    }
                }
            }
            Value::Array(items) => self.items(keys.and_then(Keys::item), items, path, indent),
            scalar => {
                _ = writeln!(self.out, "{:indent$}{}", "", flow(keys, scalar));
            }
        }
    }

    fn items(&mut self, keys: Option<Keys>, items: &[Value], path: &str, indent: usize) {
        let mut texts = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let before = std::mem::take(&mut self.out);
            let path = format!("{path}[{index}]");
            self.above(&path, indent);
            match short(keys, item, &path, indent + 2) {
                Some(flow) => {
                    _ = writeln!(self.out, "{:indent$}- {flow}", "");
                }
                None => self.item(keys, item, &path, indent),
            }
            texts.push(std::mem::replace(&mut self.out, before));
        }
        let apart = path == "targets" && texts.iter().any(|text| text.lines().count() > CLOSE);
        self.out.push_str(&texts.join(if apart { "\n" } else { "" }));
    }

    /// An item in block form: its first line carries the dash.
    fn item(&mut self, keys: Option<Keys>, value: &Value, path: &str, indent: usize) {
        let before = std::mem::take(&mut self.out);
        self.block(keys, value, path, indent + 2);
        let text = std::mem::replace(&mut self.out, before);
        // Comments above the first key keep their place below the dash's line only if they follow it.
        let mut lines = text.split_inclusive('\n').peekable();
        while let Some(comment) = lines.next_if(|line| line.trim_start().starts_with('#')) {
            self.out.push_str(&comment[2..]);
        }
        if let Some(first) = lines.next() {
            _ = write!(self.out, "{:indent$}- {}", "", &first[indent + 2..]);
        }
        self.out.extend(lines);
    }
}

/// The value on one line, where a person would write it so.
fn short(keys: Option<Keys>, value: &Value, path: &str, column: usize) -> Option<String> {
    let is_short = match value {
        Value::Object(members) => {
            // Records have their keys on lines of their own, unless they are items of a list.
            let is_item = path.ends_with(']') && !path.starts_with("targets[");
            let is_free = keys.is_none_or(|keys| keys.known().is_empty());
            members.is_empty() || (is_item || is_free) && members.values().all(is_scalar)
        }
        Value::Array(items) => items.iter().all(is_scalar),
        _ => true,
    };
    let text = is_short.then(|| flow(keys, value))?;
    let fits = column + text.chars().count() <= WIDTH;
    (fits || is_scalar(value)).then_some(text)
}

fn is_scalar(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

/// The path with every target's keys as those of any.
fn general(path: &str) -> String {
    if let Some(rest) = path.strip_prefix("defaults.") {
        return format!("target.{rest}");
    }
    match path.strip_prefix("targets[").and_then(|rest| rest.split_once("].")) {
        Some((_, rest)) => format!("target.{rest}"),
        None => path.to_owned(),
    }
}

/// A value on one line.
pub(super) fn flow(keys: Option<Keys>, value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => scalar::text(text),
        Value::Array(items) => {
            let inner = keys.and_then(Keys::item);
            let items: Vec<String> = items.iter().map(|item| flow(inner, item)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let pair = |(key, value): (&str, &Value)| {
                format!("{}: {}", scalar::text(key), flow(keys.and_then(|keys| keys.key(key)), value))
            };
            let members: Vec<String> = ordered(keys, members).into_iter().map(pair).collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}
