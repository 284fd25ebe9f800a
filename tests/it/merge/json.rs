//! Merging JSON: policies by statement and set, other documents by key.

use std::collections::BTreeSet;

use crossrole::merge::{Merged, Resolution, has_markers};
use crossrole::output::FileKind;
use crossrole::policy::canonical_text;
use serde_json::{Value, json};

use super::{MARK, Random, Triple};
use crate::effort::{least, scaled};

fn merged(documents: [&Value; 3], resolution: Resolution) -> Merged {
    let [base, ours, theirs] = documents.map(canonical_text);
    Triple { base, ours, theirs }.merged(FileKind::Json, resolution)
}

/// What a clean merge says, or its conflicts.
fn outcome(base: &Value, ours: &Value, theirs: &Value) -> Result<Value, String> {
    let found = merged([base, ours, theirs], MARK);
    let said: Vec<_> = found.conflicts.iter().map(|found| format!("{} {}", found.at, found.what)).collect();
    let mirrored = merged([base, theirs, ours], MARK);
    assert_eq!(said.is_empty(), mirrored.conflicts.is_empty(), "cleanness is symmetric");
    assert_eq!(has_markers(&found.text), !said.is_empty(), "{}", found.text);
    if said.is_empty() { Ok(value(&found.text)) } else { Err(said.join("; ")) }
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in\n{text}"))
}

/// A policy of these statements.
fn policy(statements: &[Value]) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// A trust policy's statement.
fn callers() -> Value {
    json!({
        "Sid": "Callers",
        "Effect": "Allow",
        "Principal": {"AWS": ["arn:aws:iam::111111111111:user/a", "arn:aws:iam::111111111111:user/b"]},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "one"}, "Bool": {"aws:MultiFactorAuthPresent": "true"}},
    })
}

/// The callers' statement after some edits, each a pointer with its new value; null deletes.
fn edited(edits: &[(&str, Value)]) -> Value {
    let mut statement = callers();
    for (pointer, new) in edits {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer begins with a slash");
        let parent = statement.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
        if new.is_null() {
            parent.remove(key);
        } else {
            parent.insert(key.to_owned(), new.clone());
        }
    }
    policy(&[statement])
}

#[test]
fn sets_take_what_both_sides_add_and_remove() {
    let (a, b, c) =
        ("arn:aws:iam::111111111111:user/a", "arn:aws:iam::111111111111:user/b", "arn:aws:iam::1:user/c");
    let ours = edited(&[("/Principal/AWS", json!([a]))]);
    let theirs = edited(&[
        ("/Principal/AWS", json!([a, b, c])),
        ("/Action", json!(["sts:AssumeRole", "sts:TagSession"])),
    ]);
    let wanted = edited(&[
        ("/Principal/AWS", json!([a, c])),
        ("/Action", json!(["sts:AssumeRole", "sts:TagSession"])),
    ]);
    assert_eq!(outcome(&edited(&[]), &ours, &theirs), Ok(wanted));
    // One text is a list of one.
    let listed = edited(&[("/Action", json!(["sts:AssumeRole"]))]);
    let theirs = edited(&[("/Action", json!(["sts:TagSession", "sts:AssumeRole"]))]);
    assert_eq!(outcome(&edited(&[]), &listed, &theirs), Ok(theirs.clone()));
}

#[test]
fn a_removed_principal_and_a_changed_condition_go_together() {
    let ours = edited(&[("/Principal/AWS", json!("arn:aws:iam::111111111111:user/a"))]);
    let theirs = edited(&[("/Condition/StringEquals/sts:ExternalId", json!("two"))]);
    let wanted = edited(&[
        ("/Principal/AWS", json!("arn:aws:iam::111111111111:user/a")),
        ("/Condition/StringEquals/sts:ExternalId", json!("two")),
    ]);
    assert_eq!(outcome(&edited(&[]), &ours, &theirs), Ok(wanted));
}

#[test]
fn what_cannot_go_together_is_named() {
    let id = "/Condition/StringEquals/sts:ExternalId";
    let c = json!(["arn:aws:iam::111111111111:user/a", "arn:aws:iam::1:user/c"]);
    let d = json!(["arn:aws:iam::111111111111:user/a", "arn:aws:iam::1:user/d"]);
    let more = json!([
        "arn:aws:iam::111111111111:user/a",
        "arn:aws:iam::111111111111:user/b",
        "arn:aws:iam::1:user/c"
    ]);
    let deny = edited(&[("/Effect", json!("Deny"))]);
    let gone = policy(&[]);
    let changed = edited(&[(id, json!("two"))]);
    for (ours, theirs, said) in [
        (
            changed.clone(),
            edited(&[(id, json!("three"))]),
            "statement Callers: Condition.StringEquals.sts:ExternalId changed on both sides",
        ),
        (
            edited(&[("/Principal/AWS", c)]),
            edited(&[("/Principal/AWS", d)]),
            "statement Callers: Principal.AWS changed on both sides",
        ),
        (deny.clone(), changed.clone(), "statement Callers changed on both sides"),
        (gone.clone(), changed.clone(), "statement Callers deleted here, changed there"),
        (changed.clone(), gone, "statement Callers changed here, deleted there"),
        (
            edited(&[("/Principal/AWS", more)]),
            edited(&[("/Condition/Bool", Value::Null)]),
            "statement Callers allows more here, loses a condition there",
        ),
        (
            edited(&[("/Condition", Value::Null)]),
            edited(&[("/Action", json!(["sts:AssumeRole", "sts:TagSession"]))]),
            "statement Callers loses a condition here, allows more there",
        ),
        (
            edited(&[("/Condition/StringLike", json!({"aws:PrincipalArn": "x"}))]),
            edited(&[("/Condition/stringlike", json!({"aws:PrincipalArn": "y"}))]),
            "statement Callers: Condition changed on both sides",
        ),
        (
            edited(&[("/Resource", json!("a"))]),
            edited(&[("/NotResource", json!("b"))]),
            "statement Callers changed on both sides",
        ),
        (
            edited(&[("/Principal/AWS", json!("arn:aws:iam::111111111111:user/a"))]),
            edited(&[("/Principal/AWS", json!("arn:aws:iam::111111111111:user/b"))]),
            "statement Callers: Principal.AWS changed on both sides",
        ),
    ] {
        assert_eq!(outcome(&edited(&[]), &ours, &theirs), Err(said.to_owned()));
        let texts = [&edited(&[]), &ours, &theirs];
        assert_eq!(value(&merged(texts, Resolution::Ours).text), ours);
        assert_eq!(value(&merged(texts, Resolution::Theirs).text), theirs);
    }
}

#[test]
fn marks_show_the_conflict_and_nothing_else() {
    let base =
        policy(&[callers(), json!({"Sid": "More", "Effect": "Allow", "Action": "a:b", "Resource": "*"})]);
    let (mut ours, mut theirs) = (base.clone(), base.clone());
    ours["Statement"][0]["Effect"] = json!("Deny");
    theirs["Statement"][0]["Condition"]["StringEquals"]["sts:ExternalId"] = json!("two");
    theirs["Statement"][1]["Action"] = json!(["a:b", "a:c"]);
    let text = merged([&base, &ours, &theirs], MARK).text;
    // By lines the two would not meet; the whole statement is the conflict, and both are marked.
    assert_eq!(text.matches("<<<<<<< ours\n").count(), 2, "{text}");
    assert!(text.contains("\"a:c\"\n      ],"), "{text}");
    for label in ["||||||| base\n", "=======\n", ">>>>>>> theirs\n"] {
        assert_eq!(text.matches(label).count(), 2, "{text}");
    }
}

/// The actions of merged statements, in their order.
fn actions(base: &[&Value], ours: &[&Value], theirs: &[&Value]) -> Result<String, String> {
    let all = |statements: &[&Value]| policy(&statements.iter().map(|v| (*v).clone()).collect::<Vec<_>>());
    let merged = outcome(&all(base), &all(ours), &all(theirs))?;
    let statements = merged["Statement"].as_array().into_iter().flatten();
    let actions: Vec<_> = statements.filter_map(|statement| statement["Action"].as_str()).collect();
    Ok(actions.join(" "))
}

#[test]
fn statements_without_a_sid_are_told_by_what_they_say() {
    let plain = |action: &str| json!({"Effect": "Allow", "Action": action, "Resource": "*"});
    let [a, b, c, d] = ["a:a", "b:b", "c:c", "d:d"].map(plain);
    assert_eq!(actions(&[&a, &b], &[&a, &c, &b], &[&a, &b, &d]).as_deref(), Ok("a:a c:c b:b d:d"));
    assert_eq!(actions(&[&a, &b], &[&b], &[&a, &b, &d]).as_deref(), Ok("b:b d:d"));
    assert_eq!(actions(&[&a, &b], &[&b, &a], &[&a, &b, &d]).as_deref(), Ok("b:b d:d a:a"));
    let said = "the statements without a Sid of their own changed on both sides";
    assert_eq!(actions(&[&a, &b], &[&c, &b], &[&d, &b]), Err(said.to_owned()));
    assert_eq!(actions(&[&a], &[&c], &[&a, &d]).as_deref(), Ok("d:d c:c"));
    let more =
        json!({"Effect": "Allow", "Action": "a:a", "Resource": "*", "Condition": {"Bool": {"x": "true"}}});
    assert_eq!(actions(&[&a], &[&c], &[&more]).as_deref(), Ok("c:c"));
}

#[test]
fn a_sid_that_stands_twice_tells_nothing() {
    let twice = |action: &str| json!({"Sid": "S", "Effect": "Allow", "Action": action, "Resource": "*"});
    let [s, t, u] = ["s:s", "t:t", "u:u"].map(twice);
    let other = json!({"Effect": "Allow", "Action": "o:o", "Resource": "*"});
    assert_eq!(actions(&[&s, &t], &[&s, &t, &other], &[&s, &u]).as_deref(), Ok("s:s u:u o:o"));
}

#[test]
fn other_documents_are_merged_by_key_and_element() {
    let base = json!({"name": "x", "deep": {"a": 1, "b": [1, 2]}, "old": true});
    let ours = json!({"name": "y", "deep": {"a": 1, "b": [1, 2]}, "old": true});
    let theirs = json!({"name": "x", "deep": {"a": 2, "b": [1, 2], "c": {}}});
    assert_eq!(
        outcome(&base, &ours, &theirs),
        Ok(json!({"name": "y", "deep": {"a": 2, "b": [1, 2], "c": {}}}))
    );
    let list = |items: &[u8]| json!({"b": items});
    assert_eq!(outcome(&list(&[1]), &list(&[1, 3]), &list(&[2, 1])), Ok(list(&[2, 1, 3])));
    let changed = Err("b changed on both sides".to_owned());
    assert_eq!(outcome(&list(&[1, 2]), &list(&[1, 3]), &list(&[1, 4])), changed);
    // What has moved cannot be told from what has changed.
    assert_eq!(outcome(&list(&[1, 2, 3]), &list(&[3, 2, 1]), &list(&[1, 2, 4])), changed);
    assert_eq!(
        outcome(&json!(1), &json!(2), &json!(3)),
        Err("the whole file changed on both sides".to_owned())
    );
    let (ours, theirs) = (json!({"deep": {"a": 1}}), json!({"deep": {"a": 2}}));
    assert_eq!(outcome(&json!({}), &ours, &theirs), Err("deep added on both sides".to_owned()));
}

#[test]
fn our_form_is_kept() {
    let of = |base: &str, ours: &str, theirs: &str| {
        let triple = Triple { base: base.to_owned(), ours: ours.to_owned(), theirs: theirs.to_owned() };
        let merged = triple.merged(FileKind::Json, MARK);
        assert_eq!(merged.conflicts, [], "{triple:#?}");
        merged.text
    };
    let (base, ours) = ("{\"a\": 1, \"b\": 2}", "{\n\t\"b\": 3,\n\t\"a\": 1\n}");
    assert_eq!(of(base, ours, "{\"b\":2,\n\"a\":1}"), ours, "theirs says nothing new");
    assert_eq!(of(base, "{\"b\":2,\n\"a\":1}", ours), "{\"b\":3,\n\"a\":1}", "ours says nothing new");
    assert_eq!(of(base, ours, "{\"a\": 4, \"b\": 2}"), "{\n\t\"b\": 3,\n\t\"a\": 4\n}");
    assert_eq!(of(base, "{\"b\": 3, \"a\": 1}\r\n", "{\"a\": 4, \"b\": 2}"), "{\"b\": 3, \"a\": 4}\r\n");
    let lines = ["{\n    \"z\": 1,\n    \"list\": [1, 2],\n\n    \"a\": 1\n}\n", "\"z\": 1", "\"a\": 1"];
    let [text, z, a] = lines;
    let wanted = text.replace(z, "\"z\": 2").replace(a, "\"a\": 2");
    assert_eq!(of(text, &text.replace(z, "\"z\": 2"), &text.replace(a, "\"a\": 2")), wanted);
}

#[test]
fn what_cannot_be_written_again_is_merged_by_lines() {
    for line in [
        "\"a\": 1,\n\"a\": 2,",
        "\"a\": 1.23456789012345678,",
        "\"a\": 123456789012345678901234567890,",
        "// a",
        "\"a\": [,",
    ] {
        let base = format!("{{\n{line}\n\n\n\"b\": 1\n}}\n");
        let triple = Triple {
            base: base.clone(),
            ours: base.replace("\"b\": 1", "\"b\": 2"),
            theirs: format!("\n{base}"),
        };
        let merged = triple.merged(FileKind::Json, MARK);
        assert_eq!(merged.text, format!("\n{}", triple.ours), "{line}");
        let triple = Triple { theirs: base.replace("\"b\": 1", "\"b\": 3"), ..triple };
        let merged = triple.merged(FileKind::Json, MARK);
        assert_eq!(merged.conflicts[0].at, format!("line {}", 5 + line.matches('\n').count()));
        assert!(has_markers(&merged.text));
    }
}

/// A statement of a few parts that come up all the time.
fn random_statement(random: &mut Random, sid: usize) -> Value {
    let mut statement = json!({"Effect": random.pick(&["Allow", "Allow", "Deny"])});
    if sid < 4 {
        statement["Sid"] = json!(format!("S{sid}"));
    }
    statement["Action"] = random_set(random, "a");
    if random.percent(50) {
        statement["Principal"] = json!({"AWS": random_set(random, "p")});
    }
    if random.percent(50) {
        let operator = *random.pick(&["StringEquals", "StringLike"]);
        statement["Condition"] = json!({operator: {(*random.pick(&["k1", "k2"])): random_set(random, "v")}});
    }
    statement
}

fn random_set(random: &mut Random, prefix: &str) -> Value {
    let elements: BTreeSet<String> =
        (0..=random.below(4)).map(|_| format!("{prefix}{}", random.below(5))).collect();
    if elements.len() == 1 { json!(elements.first()) } else { json!(elements) }
}

fn random_edit(random: &mut Random, policy: &Value) -> Value {
    let mut policy = policy.clone();
    for _ in 0..random.below(3) {
        let sid = random.below(6);
        let statement = random_statement(random, sid);
        let statements = policy["Statement"].as_array_mut().expect("a list");
        let at = random.below(statements.len());
        match random.below(8) {
            0 => statements.insert(at, statement),
            1 if !statements.is_empty() => drop(statements.remove(at)),
            2 => statements.reverse(),
            _ if statements.is_empty() => {}
            n => {
                let key = ["Action", "Principal", "Condition", "Effect", "Action"][n - 3];
                match statement.get(key) {
                    Some(value) => statements[at][key] = value.clone(),
                    None => drop(statements[at].as_object_mut().expect("an object").remove(key)),
                }
            }
        }
    }
    policy
}

/// Everything a policy of distinct Sids says, one line each.
fn facts(place: &str, value: &Value) -> BTreeSet<String> {
    match value {
        Value::Object(object) => {
            object.iter().flat_map(|(key, value)| facts(&format!("{place}/{key}"), value)).collect()
        }
        Value::Array(items) => items
            .iter()
            .flat_map(|item| match item.get("Sid") {
                Some(sid) => facts(&format!("{place}/{sid}"), item),
                None => facts(place, item),
            })
            .collect(),
        scalar => BTreeSet::from([format!("{place} {scalar}")]),
    }
}

#[test]
fn merges_obey_the_laws() {
    let (mut clean, mut judged) = (0, 0);
    for seed in 0..scaled(3000) {
        let mut random = Random::new(seed);
        let first = if seed.is_multiple_of(2) { 0 } else { 3 };
        let statements: Vec<Value> =
            (0..random.below(4)).map(|index| random_statement(&mut random, first + index)).collect();
        let base = policy(&statements);
        let (ours, theirs) = (random_edit(&mut random, &base), random_edit(&mut random, &base));
        for (three, wanted) in [
            ([&base, &base, &theirs], &theirs),
            ([&base, &ours, &base], &ours),
            ([&base, &ours, &ours], &ours),
        ] {
            for resolution in [MARK, Resolution::Ours, Resolution::Theirs] {
                let merged = merged(three, resolution);
                let same = merged.text == canonical_text(wanted);
                assert!(same && merged.conflicts.is_empty(), "{three:#?}\n{merged:#?}");
            }
        }
        let Ok(merged) = outcome(&base, &ours, &theirs) else { continue };
        clean += 1;
        if seed.is_multiple_of(2) && [&base, &ours, &theirs].into_iter().all(has_distinct_sids) {
            judge([&base, &ours, &theirs], &merged);
            judged += 1;
        }
    }
    assert!(
        (least(1000)..scaled(2900)).contains(&clean) && judged >= least(500),
        "{clean} clean, {judged} judged"
    );
}

fn has_distinct_sids(policy: &Value) -> bool {
    let mut seen = BTreeSet::new();
    let mut statements = policy["Statement"].as_array().into_iter().flatten();
    statements.all(|statement| statement["Sid"].as_str().is_some_and(|sid| seen.insert(sid)))
}

/// Every change of either side is in the result, and nothing that neither side says.
fn judge(three: [&Value; 3], merged: &Value) {
    let [base, ours, theirs] = three.map(|document| facts("", document));
    let found = facts("", merged);
    for side in [&ours, &theirs] {
        assert!((side - &base).is_subset(&found), "an addition is lost: {three:#?}\n{merged:#}");
        assert!((&base - side).is_disjoint(&found), "a removal is lost: {three:#?}\n{merged:#}");
    }
    assert!(found.is_subset(&(&ours | &theirs)), "nobody said that: {three:#?}\n{merged:#}");
}
