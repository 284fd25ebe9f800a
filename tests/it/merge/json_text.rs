//! Merged JSON as a text: what nobody changed is as ours has it, what theirs changed as theirs has it.

use crossrole::output::FileKind;
use serde_json::Value;

use super::{MARK, Triple};

/// The merge of a base with two replacements in it, of which each stands there once.
fn merged(base: &str, ours: [&str; 2], theirs: [&str; 2]) -> Result<String, Vec<String>> {
    let replaced = |[from, to]: [&str; 2]| {
        assert_eq!(base.matches(from).count(), 1, "`{from}`");
        base.replace(from, to)
    };
    let triple = Triple { base: base.to_owned(), ours: replaced(ours), theirs: replaced(theirs) };
    let found = triple.merged(FileKind::Json, MARK);
    if found.conflicts.is_empty() {
        let read: Result<Value, _> = serde_json::from_str(&found.text);
        assert!(read.is_ok(), "{}", found.text);
        return Ok(found.text);
    }
    Err(found.conflicts.into_iter().map(|one| format!("{} {}", one.at, one.what)).collect())
}

/// Odd in every way that JSON allows.
const ODD: &str = r#"{
    "name" : "x",
    "deps" : [ "a", "b" ],
    "obj"  : { "k" : 1, "l" : [1, 2] },

    "text" : "caf\u00e9 \/", "ratio": 1.50
}
"#;

#[test]
fn only_the_line_that_changed_differs() {
    for (ours, theirs, line) in [
        (["\"k\" : 1", "\"k\" : 5"], ["[1, 2]", "[1, 2, 3]"], "\"obj\"  : { \"k\" : 5, \"l\" : [1, 2, 3] },"),
        (["\"k\" : 1", "\"k\" : 5"], ["[1, 2]", "[2]"], "\"obj\"  : { \"k\" : 5, \"l\" : [2] },"),
        (["\"k\" : 1", "\"k\" : 5"], ["[1, 2]", "[]"], "\"obj\"  : { \"k\" : 5, \"l\" : [] },"),
        (
            ["\"k\" : 1, ", ""],
            ["[1, 2] }", "[1, 2], \"m\":\t{\"e\" : \"\\u00e9\"} }"],
            "\"obj\"  : { \"l\" : [1, 2], \"m\":\t{\"e\" : \"\\u00e9\"} },",
        ),
    ] {
        let wanted = ODD.replace("\"obj\"  : { \"k\" : 1, \"l\" : [1, 2] },", line);
        assert_eq!(merged(ODD, ours, theirs), Ok(wanted));
    }
    let wanted = ODD.replace("caf\\u00e9 \\/", "caf\\u00E9").replace("1.50", "1.750");
    assert_eq!(merged(ODD, ["caf\\u00e9 \\/", "caf\\u00E9"], ["1.50", "1.750"]), Ok(wanted));
}

#[test]
fn the_same_value_changed_by_both_is_a_conflict() {
    let found = merged(ODD, ["\"k\" : 1", "\"k\" : 5"], ["\"k\" : 1", "\"k\" : 6"]);
    assert_eq!(found, Err(vec!["obj.k changed on both sides".to_owned()]));
}

const USERS: &str = r#"{
  "users": [
    {"name": "a", "role": "r"},
    {"name": "b", "role": "r"},

    {"name": "c", "role": "r"}
  ]
}
"#;

#[test]
fn elements_are_known_by_their_names() {
    let a = "{\"name\": \"a\", \"role\": \"r\"},\n";
    let with = |new: &str| format!("{a}    {new}\n");
    let (x, y) = ("{\"name\": \"x\", \"role\": \"s\"},", "{\"name\":\"y\"},");
    let both = merged(USERS, [a, &with(x)], [a, &with(y)]).expect("both are new");
    assert_eq!(both, USERS.replace(a, &format!("{a}    {y}\n    {x}\n")));
    let changed = ["\"b\", \"role\": \"r\"", "\"b\", \"role\": \"w\""];
    let gone = ["    {\"name\": \"a\", \"role\": \"r\"},\n", ""];
    let wanted = USERS.replace(gone[0], gone[1]).replace(changed[0], changed[1]);
    assert_eq!(merged(USERS, gone, changed), Ok(wanted));
    let gone = ["    {\"name\": \"b\", \"role\": \"r\"},\n", ""];
    assert_eq!(merged(USERS, gone, changed), Err(vec!["users.b deleted here, changed there".to_owned()]));
    let new = ["\"users\": [\n", "\"users\": [\n    {\"name\": \"x\", \"role\": \"s\"},\n"];
    let other = ["\"users\": [\n", "\"users\": [\n    {\"name\": \"x\", \"role\": \"t\"},\n"];
    assert_eq!(merged(USERS, new, other), Err(vec!["users.x added on both sides".to_owned()]));
}

/// Elements that only their places tell apart are merged as lines are, and a key is never there twice.
#[test]
fn lines_decide_where_elements_have_no_names() {
    let twins: Vec<String> =
        [1, 1, 3, 4, 5, 5, 7].map(|n| format!("  {{\"from\": {n}, \"note\": \"x\"}}")).into();
    let text = |twins: &[String]| format!("[\n{}\n]\n", twins.join(",\n"));
    let noted = |at: usize, note: &str| {
        let mut twins = twins.clone();
        twins[at] = twins[at].replace("\"x\"", note);
        twins
    };
    let of = |ours: &[String], theirs: &[String]| {
        Triple { base: text(&twins), ours: text(ours), theirs: text(theirs) }.merged(FileKind::Json, MARK)
    };
    let found = of(&noted(0, "\"first\""), &noted(6, "\"last\""));
    let mut wanted = noted(0, "\"first\"");
    wanted[6] = noted(6, "\"last\"")[6].clone();
    assert_eq!((found.text, found.conflicts), (text(&wanted), vec![]));
    assert_eq!(of(&noted(0, "\"first\""), &noted(0, "\"one\"")).conflicts.len(), 1);
    let base = "{\n  \"a\": 1,\n  \"b\": 1,\n  \"c\": 1,\n  \"d\": 1\n}\n";
    let found =
        merged(base, ["\"a\": 1,", "\"a\": 1,\n  \"new\": 1,"], ["\"d\": 1", "\"d\": 1,\n  \"new\": 2"]);
    assert_eq!(found, Err(vec!["new added on both sides".to_owned()]));
}
