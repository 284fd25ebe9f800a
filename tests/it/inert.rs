//! No text of a spec is ever more than a text in what comes out: whatever stands in a field, it is
//! refused, or it changes that one value and nothing of the structure around it.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use crossrole::diagnostic::Kind;
use hcl::eval::{Context, Evaluate};
use hcl::expr::Expression;
use hcl::structure::{Body, Structure};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

use crate::hostile_values::{FIELDS, HOSTILE, spec};
use crate::specs::{Units, generate};
use crate::support::ends_in;

/// What a reader makes of the output: its texts, and everything else.
#[derive(Default)]
struct Read {
    texts: Vec<String>,
    shape: String,
}

impl Read {
    fn units(units: &Units, name: &str) -> Self {
        let mut read = Self::default();
        for (path, text) in units.values().flatten() {
            _ = write!(read.shape, "\n== {}\n", path.replace(&format!("/{name}/"), "/NAME/"));
            match path.rsplit('.').next() {
                Some("tf" | "hcl") => {
                    read.body(&hcl::parse(text).unwrap_or_else(|error| panic!("{path}: {error}\n{text}")));
                }
                Some("json") => {
                    read.json(&serde_json::from_str(text).unwrap_or_else(|error| panic!("{path}: {error}")));
                }
                _ => read.shape.push_str(&text.lines().count().to_string()),
            }
            let hidden = |c: char| {
                c.is_control() && !matches!(c, '\n' | '\t')
                    || ('\u{202a}'..='\u{202e}').contains(&c)
                    || ('\u{2066}'..='\u{2069}').contains(&c)
            };
            assert!(ends_in(path, &["json"]) || !text.contains(hidden), "{path} hides something:\n{text:?}");
        }
        read
    }

    fn body(&mut self, body: &Body) {
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => {
                    _ = write!(self.shape, "{} = ", attribute.key());
                    self.expression(attribute.expr());
                    self.shape.push('\n');
                }
                Structure::Block(block) => {
                    _ = writeln!(self.shape, "{} {:?} {{", block.identifier(), block.labels());
                    self.body(block.body());
                    self.shape.push_str("}\n");
                }
            }
        }
    }

    fn expression(&mut self, expression: &Expression) {
        match expression {
            Expression::Array(items) => {
                self.shape.push('[');
                for item in items {
                    self.expression(item);
                }
                self.shape.push(']');
            }
            Expression::Object(members) => {
                for (key, value) in members {
                    _ = write!(self.shape, "{key}: ");
                    self.expression(value);
                }
            }
            Expression::FuncCall(call) => {
                _ = write!(self.shape, "{}(", call.name.name);
                for argument in &call.args {
                    self.expression(argument);
                }
                self.shape.push(')');
            }
            Expression::String(_) | Expression::TemplateExpr(_) => match expression.evaluate(&Context::new())
            {
                Ok(hcl::Value::String(text)) => {
                    self.texts.push(text);
                    self.shape.push_str("TEXT");
                }
                _ => _ = write!(self.shape, "{expression:?}"),
            },
            Expression::ForExpr(each) => {
                self.shape.push_str("for ");
                self.expression(&each.collection_expr);
            }
            // Account ids and regions are compared with in conditions.
            Expression::Operation(_) | Expression::Conditional(_) => self.shape.push_str("CONDITION"),
            other => _ = write!(self.shape, "{other:?}"),
        }
    }

    fn json(&mut self, value: &Value) {
        match value {
            Value::String(text) => {
                self.texts.push(text.clone());
                self.shape.push_str("TEXT");
            }
            Value::Array(items) => {
                self.shape.push('[');
                for item in items {
                    self.json(item);
                }
                self.shape.push(']');
            }
            Value::Object(members) => {
                for (key, value) in members {
                    _ = write!(self.shape, "{key}: ");
                    self.json(value);
                }
            }
            other => self.shape.push_str(&other.to_string()),
        }
    }
}

/// What [`spec`] becomes as it stands.
static PLAIN: LazyLock<Read> = LazyLock::new(|| {
    let units = generate(&spec().to_string()).expect("the spec is valid");
    Read::units(&units, "staging")
});

/// Fields in which a `*` stands for any text, and so is more than a text, as it should be; GitHub writes `:` as `%3A`.
const PATTERNS: [&str; 3] = ["/branch", "/subject/0", "/claims/email"];

/// Puts a text into a field. `true` if it was accepted; fails if it was more than a text.
fn put(field: &str, comes_out: bool, text: &str) -> bool {
    let is_changed = text.contains('*') || text.contains(':') && field.ends_with("/branch");
    if is_changed && PATTERNS.iter().any(|pattern| field.ends_with(pattern)) {
        return false;
    }
    let mut spec = spec();
    *spec.pointer_mut(field).unwrap_or_else(|| panic!("no field {field}")) = text.into();
    let name = spec["targets"][0]["name"].as_str().expect("a text").to_owned();
    match generate(&spec.to_string()) {
        Err(error) => {
            assert_eq!(error.kind, Kind::Input, "{field} = {text:?}: {error}");
            assert!(!error.diagnostics.is_empty());
            false
        }
        Ok(units) => {
            let read = Read::units(&units, &name);
            let differing = read.shape.lines().zip(PLAIN.shape.lines()).find(|(read, plain)| read != plain);
            assert_eq!(differing, None, "{field} = {text:?}");
            assert_eq!(read.shape.lines().count(), PLAIN.shape.lines().count(), "{field} = {text:?}");
            let inside = |found: &&String| found.contains(text) || found.contains(&*json_inside(text));
            assert!(!comes_out || read.texts.iter().find(inside).is_some(), "{field} = {text:?} is lost");
            true
        }
    }
}

/// A text as it stands in a JSON document that is a text itself: a session policy.
fn json_inside(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[test]
fn known_hostile_values_are_texts() {
    let mut accepted = BTreeMap::new();
    let long = "x".repeat(10_000);
    for (field, comes_out) in FIELDS {
        for text in HOSTILE.iter().copied().chain([&*long]) {
            *accepted.entry(*field).or_insert(0) += usize::from(put(field, *comes_out, text));
        }
    }
    let total: usize = accepted.values().sum();
    assert!(total >= 150, "only {total} were accepted: {accepted:?}");
}

#[test]
fn chance_finds_no_trick() {
    let piece = prop_oneof![
        3 => "[ -~]{1,4}",
        3 => proptest::sample::select(HOSTILE.to_vec()).prop_map(str::to_owned),
        1 => "\\PC{1,3}",
        1 => any::<String>(),
        2 => "[a-z0-9]{1,6}",
    ];
    let text = proptest::collection::vec(piece, 1..4).prop_map(|pieces| pieces.concat());
    let field = proptest::sample::select(FIELDS.to_vec());
    let accepted = Cell::new(0);
    let config = Config { cases: 3000, failure_persistence: None, ..Config::default() };
    let law = |((field, comes_out), text): ((&str, bool), String)| {
        accepted.set(accepted.get() + usize::from(put(field, comes_out, &text)));
        Ok(())
    };
    if let Err(error) = TestRunner::new(config).run(&(field, text), law) {
        panic!("{error}");
    }
    assert!(accepted.get() >= 200, "only {} were accepted", accepted.get());
}

/// A message is one line per thing it says, and nothing in it is invisible.
#[test]
fn messages_show_what_cannot_be_seen() {
    let mut refused = 0;
    for (field, _) in FIELDS {
        for text in HOSTILE {
            let mut spec = spec();
            *spec.pointer_mut(field).unwrap_or_else(|| panic!("no field {field}")) = (*text).into();
            let Err(error) = generate(&spec.to_string()) else { continue };
            refused += 1;
            for found in &error.diagnostics {
                let shown = found.message.contains(char::is_control) || found.message.contains('\u{202e}');
                assert!(!shown, "{field} = {text:?}: {:?}", found.message);
            }
        }
    }
    assert!(refused >= 1000, "only {refused} were refused");
}

/// Keys are the user's as well, where they name tags and policies.
#[test]
fn keys_are_texts_too() {
    let mut accepted = 0;
    for text in HOSTILE {
        for (field, tag) in [
            ("/targets/0/role/tags", "owner"),
            ("/targets/0/session/tags", "team"),
            ("/targets/0/role/inline_policies", "billing"),
        ] {
            let mut spec = spec();
            let map = spec.pointer_mut(field).and_then(Value::as_object_mut).expect("a map");
            let value = map.shift_remove(tag).expect("a member");
            map.insert((*text).to_owned(), value);
            match generate(&spec.to_string()) {
                Err(error) => assert_eq!(error.kind, Kind::Input, "{field} {text:?}: {error}"),
                Ok(units) => {
                    let read = Read::units(&units, "staging");
                    assert!(!read.shape.contains("\nresource \"x\""), "{text:?}");
                    accepted += 1;
                }
            }
        }
    }
    assert!(accepted >= 20, "only {accepted} were accepted");
}
