//! Whatever stands in a file, `lint` ends with a finding or an error, and never by itself.

use std::collections::BTreeMap;
use std::fs;

use crossrole::diagnostic::Source;
use crossrole::model::{Date, Text};
use crossrole::{lint, spec};
use proptest::prelude::*;

use crate::effort::scaled;
use crate::support::{cases, name};

/// A day on which waivers are judged.
fn day() -> Date {
    Date::parse("2027-06-30").expect("a day")
}

/// Every text of the goldens.
fn seeds() -> Vec<(String, String)> {
    let mut seeds = Vec::new();
    for case in cases("snapshots/lint") {
        for file in ["fail.yaml", "pass.yaml", "fail.json", "pass.json", "fail.tf", "pass.tf"] {
            if let Ok(text) = fs::read_to_string(case.join(file))
                && text.len() < 4000
            {
                seeds.push((format!("{}/{file}", name(&case)), text));
            }
        }
    }
    assert!(seeds.len() > 150, "{} seeds", seeds.len());
    seeds
}

/// A text with some of its characters taken out, doubled, or replaced by ones that mean something.
fn mangled() -> impl Strategy<Value = (String, String)> {
    let seeds = seeds();
    let edit = (any::<prop::sample::Index>(), 0..4_u8, "[\\[\\]{}\"'$%<>,:*&\\\\=\n #é\u{202e}a-z0-9]{0,6}");
    (prop::sample::select(seeds), prop::collection::vec(edit, 1..6)).prop_map(|((name, text), edits)| {
        let mut characters: Vec<char> = text.chars().collect();
        for (index, kind, insert) in edits {
            let at = index.index(characters.len() + 1);
            let end = (at + usize::from(kind) * 3).min(characters.len());
            characters.splice(at..end, insert.chars());
        }
        (name, characters.into_iter().collect())
    })
}

/// Looks at a text in every way there is.
fn look(text: &str) {
    let source = Source::new("text", text);
    drop(lint::policy(&source));
    drop(lint::spec(spec::parse(&source), &BTreeMap::new(), day()));
    let report = {
        let files = BTreeMap::from([("a/main.tf".to_owned(), source)]);
        let tree = lint::Tree { files: &files, lookup: &|_| None, unreadable: &[], named: None };
        lint::terraform(tree, day())
    };
    for found in &report.findings {
        let place = found.diagnostic.place.as_ref().expect("a place");
        assert!(place.span.range().end <= place.source.text.len(), "{found:?}");
        assert!(found.diagnostic.id.is_some());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: scaled(1500), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mangled_texts_end_in_findings((_, text) in mangled()) {
        look(&text);
    }

    #[test]
    fn any_text_ends_in_findings(text in "\\PC{0,200}") {
        look(&text);
    }
}

#[test]
fn deep_and_long_texts_are_no_trouble() {
    for part in ["[", "{\"a\":", "a {\n", "jsonencode(", "\"${", "(", "<<A\n"] {
        look(&part.repeat(20_000));
        look(&format!(
            "resource \"aws_iam_role\" \"a\" {{\n  assume_role_policy = {}\n}}\n",
            part.repeat(5000)
        ));
    }
    let wide = format!(
        "{{\"Statement\": [{}]}}",
        "{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"},".repeat(5000).trim_end_matches(',')
    );
    look(&wide);
    look(&format!(
        "{{\"Statement\": {{\"Effect\": \"Allow\", \"Action\": \"{}\", \"Resource\": \"{}\"}}}}",
        "a*".repeat(500),
        "*a".repeat(2000)
    ));
}
