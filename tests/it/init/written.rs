//! The text of a draft means the draft, whatever stands in it.

use crossrole::answers::{Draft, append_target};
use crossrole::diagnostic::Source;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::specs::{generate, generated, spec};

fn config(cases: u32) -> Config {
    Config { cases, failure_persistence: None, ..Config::default() }
}

/// The members in order, since only YAML's meaning is compared.
fn meaning(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn drafts_are_read_as_they_were_written() {
    let law = |spec: Value| {
        let text = Draft::of(spec.clone()).write();
        let wanted = without_emptiness(spec);
        prop_assert_eq!(without_emptiness(meaning(&text)), wanted, "{}", text);
        let again = Draft::read(&Source::new("spec", &*text)).expect("it is a spec").write();
        prop_assert_eq!(again, text);
        Ok(())
    };
    if let Err(error) = TestRunner::new(config(256)).run(&spec(), law) {
        panic!("{error}");
    }
}

/// A key of nothing is a key left out.
fn without_emptiness(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .map(|(key, value)| (key, without_emptiness(value)))
            .filter(|(_, value)| !value.is_null() && value.as_object().is_none_or(|inner| !inner.is_empty()))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_emptiness).collect(),
        scalar => scalar,
    }
}

#[test]
fn what_is_said_once_under_defaults_generates_the_same() {
    let law = |spec: Value| {
        let text = Draft::of(spec.clone()).with_defaults().write();
        let found = generate(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        prop_assert_eq!(found, generated(&spec), "{}", text);
        Ok(())
    };
    if let Err(error) = TestRunner::new(config(64)).run(&spec(), law) {
        panic!("{error}");
    }
}

#[test]
fn any_text_stays_the_text_it_is() {
    let law = |text: String| {
        let tags = json!({ text.clone(): text.clone() });
        let targets =
            json!([{ "name": "a", "account_id": "1", "role": { "tags": tags, "description": text } }]);
        let written = Draft::of(json!({ "version": 1, "targets": targets })).write();
        prop_assert_eq!(&meaning(&written)["targets"], &targets, "{}", written);
        Ok(())
    };
    let near_yaml =
        prop_oneof![any::<String>(), "[-?:,\\[\\]{}#&*!|>'\"%@` a~0-9.]{0,6}", "(0x|[+-])?[0-9_.:e]{1,5}"];
    if let Err(error) = TestRunner::new(config(1024)).run(&near_yaml, law) {
        panic!("{error}");
    }
}

#[test]
fn targets_are_added_behind_the_last_of_any_draft() {
    let law = |spec: Value| {
        let text = Draft::of(spec.clone()).write();
        let target = json!({ "name": "one-more", "account_id": "999999999999", "role": { "path": "/x/" } });
        let added = append_target(&Source::new("spec", &*text), &target);
        let added = added.unwrap_or_else(|| panic!("nothing can be added to\n{text}"));
        let kept: Vec<&str> = text.lines().collect();
        let mut lines = added.lines();
        prop_assert!(kept.iter().all(|line| lines.any(|found| found == *line)), "{}", added);
        let found = meaning(&added);
        prop_assert_eq!(found["targets"].as_array().expect("a list").last(), Some(&target));
        Ok(())
    };
    if let Err(error) = TestRunner::new(config(128)).run(&spec(), law) {
        panic!("{error}");
    }
}
