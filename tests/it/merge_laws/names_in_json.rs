//! The same for JSON: keys of objects, names of elements, and the `Sid` of statements.

use std::collections::BTreeMap;

use crossrole::output::FileKind;
use serde_json::{Map, Value, json};

use super::judge::{self, Facts, Names};
use super::random::Random;
use super::{Outcome, Triple};
use crate::effort::{least, scaled};

const CASES: u64 = 6_000;

/// Statements without a `Sid` are told by all that they say, so that one of two that has changed is another.
const UNNAMED: &str = "the statements without a Sid of their own";

/// A policy whose statements are known by their resources, whatever their `Sid`.
fn policy(random: &mut Random) -> Value {
    let unnamed = random.below(8);
    let statement = |number: usize| {
        let mut statement =
            json!({"Sid": format!("S{number}"), "Effect": "Allow", "Action": ["a:a", "b:b", "c:c"]});
        if unnamed & (1 << number) > 0 {
            statement.as_object_mut().expect("an object").shift_remove("Sid");
        }
        statement["Resource"] = Value::from(format!("arn:{number}"));
        statement
    };
    json!({"Version": "2012-10-17", "Statement": (0..=random.below(4)).map(statement).collect::<Vec<_>>()})
}

/// Objects in objects, near-identical.
fn plain(random: &mut Random) -> Value {
    let account = |number: usize| {
        let object = json!({"id": number, "email": "x", "owner": "x", "team": "x", "tags": ["a", "b", "c"]});
        (format!("a{number}"), object)
    };
    let user =
        |number: usize| json!({"name": format!("u{number}"), "role": "r", "team": "t", "more": number / 2});
    json!({
        "accounts": (0..2 + random.below(3)).map(account).collect::<Map<_, _>>(),
        "settings": {"one": {"a": 1, "b": 1, "c": 1}, "two": {"a": 1, "b": 1, "c": 1}, "three": [1, 2, 3]},
        "users": (0..=random.below(4)).map(user).collect::<Vec<_>>(),
        "version": 1,
    })
}

/// One side at work.
struct Editor<'r> {
    word: &'static str,
    random: &'r mut Random,
    names: Names,
}

impl Editor<'_> {
    fn word(&mut self) -> String {
        format!("{}{}", self.word, self.random.below(1_000_000))
    }

    fn policy(&mut self, document: &mut Value) {
        let new = self.word();
        let statements = document["Statement"].as_array_mut().expect("a list");
        let at = self.random.below(statements.len());
        let count = statements.len();
        let Some(statement) = statements.get_mut(at) else { return };
        // What both sides change of a statement without a name is a conflict.
        let is_others = self.word == "ours" && statement.get("Sid").is_none();
        match self.random.below(if is_others { 3 } else { 9 }) {
            0..=2 => set_first(statement, "Sid", &new),
            3 => drop(statement.as_object_mut().expect("an object").shift_remove("Sid")),
            4 | 5 => {
                let actions = statement["Action"].as_array_mut().expect("a list");
                actions.insert(self.random.below(actions.len() + 1), Value::from(format!("new:{new}")));
            }
            6 => statement["Condition"] = json!({"StringEquals": {"aws:PrincipalOrgID": new}}),
            7 if count > 1 => drop(statements.remove(at)),
            _ => {
                let mut copy = statement.clone();
                set_first(&mut copy, "Sid", &new);
                copy["Resource"] = Value::from(format!("arn:{new}"));
                statements.insert(at + self.random.below(2), copy);
            }
        }
    }

    fn plain(&mut self, value: &mut Value) {
        let new = self.word();
        match value {
            Value::Object(object) => {
                let at = self.random.below(object.len());
                let key = object.keys().nth(at).cloned().unwrap_or_default();
                match self.random.below(9) {
                    0 | 1 if key != "name" => self.rename(object, at, new),
                    2 if key != "name" && object.len() > 1 => drop(object.shift_remove(&key)),
                    3 => drop(object.shift_insert(at, new.clone(), Value::from(new))),
                    4 if object[&key].is_object() => {
                        let mut copy = object[&key].clone();
                        copy[&format!("{new}x")] = json!(1);
                        drop(object.shift_insert(at + self.random.below(2), new, copy));
                    }
                    _ if key == "name" && self.random.one_in(3) => {
                        let old = object["name"].as_str().unwrap_or_default().to_owned();
                        self.names.insert(new.clone(), self.first(&old));
                        object["name"] = Value::from(new);
                    }
                    _ if key == "name" => {}
                    _ => self.plain(&mut object[&key]),
                }
            }
            Value::Array(items) if !items.is_empty() => {
                let at = self.random.below(items.len());
                if items[at].is_object() {
                    self.plain(&mut items[at]);
                } else {
                    items.insert(at, Value::from(new));
                }
            }
            other => *other = Value::from(new),
        }
    }

    fn rename(&mut self, object: &mut Map<String, Value>, at: usize, new: String) {
        let old = object.keys().nth(at).cloned().unwrap_or_default();
        self.names.insert(new.clone(), self.first(&old));
        let value = object.shift_remove(&old).unwrap_or_default();
        object.shift_insert(at, new, value);
    }

    fn first(&self, name: &str) -> String {
        self.names.get(name).map_or(name, String::as_str).to_owned()
    }
}

/// Sets a member, in the first place if it is new.
fn set_first(value: &mut Value, key: &str, new: &str) {
    let object = value.as_object_mut().expect("an object");
    match object.get_mut(key) {
        Some(known) => *known = Value::from(new),
        None => drop(object.shift_insert(0, key.to_owned(), Value::from(new))),
    }
}

fn triple(seed: u64) -> Triple {
    let mut random = Random::new(seed);
    let is_policy = seed.is_multiple_of(2);
    let base = if is_policy { policy(&mut random) } else { plain(&mut random) };
    let mut names = Names::new();
    let mut side = |word| {
        let mut value = base.clone();
        let count = 1 + random.below(2);
        let mut editor = Editor { word, random: &mut random, names: Names::new() };
        for _ in 0..count {
            if is_policy { editor.policy(&mut value) } else { editor.plain(&mut value) }
        }
        names.append(&mut editor.names);
        format!("{value:#}\n")
    };
    let (ours, theirs) = (side("ours"), side("theirs"));
    Triple { base: format!("{base:#}\n"), ours, theirs, names }
}

/// What a document says: every name, scalar, object and array at its place, under the first name of that.
fn facts(text: &str, names: &Names) -> Facts {
    let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let mut facts = BTreeMap::new();
    collect(&value, "", names, &mut facts);
    facts
}

fn collect(value: &Value, path: &str, names: &Names, facts: &mut Facts) {
    let mut say = |what: String| *facts.entry((path.to_owned(), what)).or_default() += 1;
    let below = |name: &str| format!("{path}/{}", names.get(name).map_or(name, String::as_str));
    match value {
        Value::Object(object) => {
            say("an object".to_owned());
            object.keys().for_each(|key| say(format!("key {key}")));
            object.iter().for_each(|(key, value)| collect(value, &below(key), names, facts));
        }
        Value::Array(items) => {
            say("an array".to_owned());
            for item in items {
                let name = item.get("name").or(item.get("Resource")).and_then(Value::as_str);
                collect(item, &below(name.unwrap_or("[]")), names, facts);
            }
        }
        scalar => say(scalar.to_string()),
    }
}

fn outcome(triple: &Triple, kind: FileKind) -> (Outcome, String) {
    let merged = triple.merged(kind);
    if !merged.conflicts.is_empty() {
        return (Outcome::Conflict, format!("{:?}\n{}", merged.conflicts, merged.text));
    }
    // Lines alone may say one key twice.
    if crossrole::policy::unique_json(&merged.text).is_err() {
        return (Outcome::Wrong, merged.text);
    }
    let sides = [&triple.base, &triple.ours, &triple.theirs].map(|side| facts(side, &triple.names));
    let complaints = judge::wrong(sides.each_ref(), &facts(&merged.text, &triple.names));
    let outcome = if complaints.is_empty() { Outcome::Right } else { Outcome::Wrong };
    (outcome, format!("{}\n{}", merged.text, complaints.join("\n")))
}

#[test]
fn a_new_name_is_followed_and_no_copy_is_taken_for_one() {
    let (mut both, mut ours_alone, mut conflicts) = (0, 0, 0);
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
        match (git, outcome) {
            (_, Outcome::Wrong) => panic!("{}", shown()),
            (Outcome::Right, Outcome::Right) => both += 1,
            (Outcome::Right, Outcome::Conflict) => {
                assert!(text.contains(UNNAMED), "git has no conflict: {}", shown());
                conflicts += 1;
            }
            (_, Outcome::Right) => ours_alone += 1,
            (_, Outcome::Conflict) => conflicts += 1,
        }
    }
    assert!(
        both >= least(2_000) && ours_alone >= least(500) && conflicts >= least(300),
        "{both} both, {ours_alone} only ours, {conflicts} conflicts"
    );
}
