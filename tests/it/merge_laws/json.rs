//! The same for JSON: objects, arrays of objects with and without names, arrays of strings of which some are
//! there twice. Read by `serde_json`, counted by this file.

use std::collections::{BTreeMap, BTreeSet};

use crossrole::output::FileKind;
use serde_json::{Value, json};

use super::judge::{self, Facts, Names};
use super::random::Random;
use super::{Outcome, Triple};
use crate::effort::{least, scaled};

const CASES: u64 = 10_000;

/// A document of near-identical parts.
fn document(random: &mut Random) -> Value {
    let words = ["a", "b", "c", "b", "d"];
    let user = |number: usize| json!({"name": format!("u{number}"), "role": "r", "tags": ["x", "y"]});
    let twin = |number: usize| json!({"from": number / 2, "open": true});
    json!({
        "version": 1,
        "ratio": 1.5,
        "words": words[..3 + random.below(3)],
        "users": (0..=random.below(4)).map(user).collect::<Vec<_>>(),
        "rules": (0..random.below(5)).map(twin).collect::<Vec<_>>(),
        "deep": {"one": {"two": {"three": "x"}}, "none": null},
    })
}

/// Makes one edit anywhere.
fn edit(value: &mut Value, word: &str, random: &mut Random) {
    let new = Value::from(format!("{word}{} é/", random.below(1_000_000)));
    match value {
        Value::Object(object) => {
            let keys: Vec<String> = object.keys().cloned().collect();
            let key = random.pick(&keys).clone();
            match random.below(8) {
                0 => drop(object.insert(format!("{word}{}", random.below(1_000_000)), new)),
                1 if keys.len() > 1 && key != "name" => drop(object.shift_remove(&key)),
                _ if key == "name" => {}
                _ => edit(&mut object[&key], word, random),
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let at = random.below(items.len());
            let is_object = items[at].is_object();
            match random.below(6) {
                0 => drop(items.remove(at)),
                1 => {
                    let moved = items.remove(at);
                    items.insert(random.below(items.len() + 1), moved);
                }
                2 => {
                    let mut copy = items[at].clone();
                    if copy.get("name").is_some() {
                        // With the name alone it would be the old one under another name.
                        copy["role"] = new.clone();
                        copy["name"] = new;
                    }
                    items.insert(random.below(items.len() + 1), copy);
                }
                3 if !is_object => items.insert(at, new),
                _ if is_object => edit(&mut items[at], word, random),
                _ => items[at] = new,
            }
        }
        other => *other = new,
    }
}

fn triple(seed: u64) -> Triple {
    let mut random = Random::new(seed);
    let base = document(&mut random);
    let mut side = |word| {
        let mut value = base.clone();
        for _ in 0..=random.below(3) {
            edit(&mut value, word, &mut random);
        }
        format!("{value:#}\n")
    };
    let (ours, theirs) = (side("ours"), side("theirs"));
    // A layout that is nobody's canonical one.
    let odd = |text: String| {
        if seed.is_multiple_of(2) { text.replace("\": ", "\" : ").replace('é', "\\u00e9") } else { text }
    };
    let base = format!("{base:#}\n");
    Triple { base: odd(base), ours: odd(ours), theirs: odd(theirs), names: Names::new() }
}

/// What a document says: every scalar, object and array at its place; elements by their names.
fn facts(text: &str) -> Facts {
    let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let mut facts = BTreeMap::new();
    collect(&value, "", &mut facts);
    facts
}

fn collect(value: &Value, path: &str, facts: &mut Facts) {
    let mut say = |what: String| *facts.entry((path.to_owned(), what)).or_default() += 1;
    match value {
        Value::Object(object) => {
            say("an object".to_owned());
            object.iter().for_each(|(key, value)| collect(value, &format!("{path}/{key}"), facts));
        }
        Value::Array(items) => {
            say("an array".to_owned());
            for item in items {
                match item.get("name") {
                    Some(name) => collect(item, &format!("{path}/{name}"), facts),
                    None => collect(item, &format!("{path}/[]"), facts),
                }
            }
        }
        scalar => say(scalar.to_string()),
    }
}

fn outcome(triple: &Triple, kind: FileKind) -> (Outcome, String) {
    let merged = triple.merged(kind);
    if !merged.conflicts.is_empty() {
        return (Outcome::Conflict, merged.text);
    }
    // Lines alone may say one key twice, which no reader takes alike.
    if crossrole::policy::unique_json(&merged.text).is_err() {
        return (Outcome::Wrong, merged.text);
    }
    let sides = [&triple.base, &triple.ours, &triple.theirs].map(|side| facts(side));
    let complaints = judge::wrong(sides.each_ref(), &facts(&merged.text));
    let outcome = if complaints.is_empty() { Outcome::Right } else { Outcome::Wrong };
    (outcome, format!("{}\n{}", merged.text, complaints.join("\n")))
}

/// Whether every value that one side alone changed is in a result as that side has it: a member at its name, an
/// element that has a name at that, wherever it stands. The judge counts what stands in an array, and does not see
/// that it was put in another order.
fn holds([base, ours, theirs, result]: [Option<&Value>; 4]) -> bool {
    if ours == theirs || base == theirs {
        return result == ours;
    }
    if base == ours {
        return result == theirs;
    }
    let sides = [base, ours, theirs, result];
    if let Some(members) = members(sides) {
        let names: BTreeSet<&str> = members.iter().flat_map(BTreeMap::keys).copied().collect();
        return names.iter().all(|name| holds(members.each_ref().map(|side| side.get(name).copied())));
    }
    true
}

/// The members of objects, or the elements of arrays in which all have names.
fn members<'v>(sides: [Option<&'v Value>; 4]) -> Option<[BTreeMap<&'v str, &'v Value>; 4]> {
    let of = |value: &'v Value| -> Option<BTreeMap<&'v str, &'v Value>> {
        match value {
            Value::Object(object) => {
                Some(object.iter().map(|(name, value)| (name.as_str(), value)).collect())
            }
            Value::Array(items) => {
                items.iter().map(|item| Some((item.get("name")?.as_str()?, item))).collect()
            }
            _ => None,
        }
    };
    let [base, ours, theirs, result] = sides.map(|side| of(side?));
    Some([base?, ours?, theirs?, result?])
}

/// Whether lines alone kept every change of both sides where it was made.
fn git_holds(triple: &Triple) -> bool {
    let by_git = triple.merged(FileKind::Plain).text;
    let texts = [&triple.base, &triple.ours, &triple.theirs, &by_git];
    let values = texts.map(|text| serde_json::from_str::<Value>(text).expect("JSON"));
    holds(values.each_ref().map(Some))
}

#[test]
fn no_value_is_lost_doubled_revived_or_misplaced_and_git_is_no_better() {
    let (mut clean, mut conflicts, mut ours_alone) = (0, 0, 0);
    for seed in 0..scaled(CASES) {
        let triple = triple(seed);
        let ((outcome, text), (git, by_git)) =
            (self::outcome(&triple, FileKind::Json), self::outcome(&triple, FileKind::Plain));
        let Triple { base, ours, theirs, .. } = &triple;
        let shown = || {
            format!(
                "{seed}\n=== base\n{base}\n=== ours\n{ours}\n=== theirs\n{theirs}\n=== merged\n{text}\n=== git\n{by_git}"
            )
        };
        assert_ne!(outcome, Outcome::Wrong, "{}", shown());
        match (git, outcome) {
            (Outcome::Right, Outcome::Right) => {}
            // Where elements change places, lines give an edit to the one that stands there now.
            (Outcome::Right, _) => assert!(!git_holds(&triple), "{}", shown()),
            (_, Outcome::Right) => ours_alone += 1,
            _ => {}
        }
        clean += usize::from(outcome == Outcome::Right);
        conflicts += usize::from(outcome == Outcome::Conflict);
    }
    assert!(
        clean >= least(4_000) && conflicts >= least(500) && ours_alone >= least(200),
        "{clean} {conflicts} {ours_alone}"
    );
}
