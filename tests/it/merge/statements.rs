//! Merging policies whose statements stand in another order, or share a `Sid`.

use std::collections::BTreeMap;

use crossrole::merge::Resolution;
use crossrole::output::FileKind;
use crossrole::policy::{canonical_json, canonical_text};
use serde_json::{Value, json};

use super::{MARK, Random, Triple};
use crate::effort::{least, scaled};

fn policy(statements: &[Value]) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn merged(documents: [&Value; 3], write: fn(&Value) -> String) -> (String, usize) {
    let [base, ours, theirs] = documents.map(write);
    let merged = Triple { base, ours, theirs }.merged(FileKind::Json, MARK);
    (merged.text, merged.conflicts.len())
}

/// The Sids of a policy, in order.
fn sids(text: &str) -> String {
    let policy: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in\n{text}"));
    let statements = policy["Statement"].as_array().expect("a list");
    statements.iter().filter_map(|statement| statement["Sid"].as_str()).collect()
}

fn named(sid: &str, actions: &[&str]) -> Value {
    json!({"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": "*"})
}

/// Whoever moves statements gives the order, whatever the other side changes.
#[test]
fn the_order_is_that_of_the_side_that_moved() {
    let [a, b, c] = ["A", "B", "C"].map(|sid| named(sid, &["s3:GetObject", "s3:ListBucket"]));
    let base = policy(&[a.clone(), b.clone(), c.clone()]);
    let moved = policy(&[c.clone(), a.clone(), b.clone()]);
    let changed = policy(&[
        a.clone(),
        named("X", &["s3:GetObject"]),
        named("B", &["s3:GetObject", "s3:ListBucket", "s3:PutObject"]),
        c.clone(),
    ]);
    let wide = |value: &Value| {
        let text = format!("{value:#}\n");
        text.replace("  ", "    ")
    };
    for write in [canonical_text, wide] {
        for (ours, theirs) in [(&moved, &changed), (&changed, &moved)] {
            let (text, conflicts) = merged([&base, ours, theirs], write);
            assert_eq!((sids(&text).as_str(), conflicts), ("CAXB", 0), "{text}");
            assert!(text.contains("s3:PutObject"), "{text}");
        }
        let other = policy(&[b.clone(), a.clone(), c.clone()]);
        let (text, conflicts) = merged([&base, &other, &moved], write);
        assert_eq!((sids(&text).as_str(), conflicts), ("BAC", 0), "both moved: {text}");
        let (text, conflicts) = merged([&base, &base, &moved], write);
        assert_eq!((text, conflicts), (write(&moved), 0));
    }
}

#[test]
fn so_is_the_order_in_a_set() {
    let of = |actions: &[&str], effect: &str| {
        let mut statement = named("A", actions);
        statement["Effect"] = json!(effect);
        policy(&[statement])
    };
    let base = of(&["a:a", "b:b", "c:c"], "Allow");
    let moved = of(&["c:c", "a:a", "b:b"], "Allow");
    for (changed, wanted) in [
        (of(&["a:a", "x:x", "b:b", "c:c"], "Allow"), of(&["c:c", "a:a", "x:x", "b:b"], "Allow")),
        (of(&["a:a", "b:b", "c:c"], "Deny"), of(&["c:c", "a:a", "b:b"], "Deny")),
        (of(&[], "Allow"), of(&[], "Allow")),
    ] {
        for (ours, theirs) in [(&moved, &changed), (&changed, &moved)] {
            assert_eq!(merged([&base, ours, theirs], canonical_text), (canonical_text(&wanted), 0));
        }
    }
}

/// Statements, many of which share a Sid, a whole text, or both.
fn random_statement(random: &mut Random) -> Value {
    let action = |random: &mut Random| format!("a:{}", random.below(3));
    let mut statement = json!({"Effect": "Allow", "Action": action(random), "Resource": "*"});
    if random.percent(80) {
        statement["Sid"] = json!(format!("S{}", random.below(3)));
    }
    if random.percent(30) {
        statement["Action"] = json!([action(random), "b:b"]);
    }
    statement
}

fn random_edit(random: &mut Random, policy: &Value) -> Value {
    let mut policy = policy.clone();
    let statements = policy["Statement"].as_array_mut().expect("a list");
    for _ in 0..random.below(3) {
        let at = random.below(statements.len().max(1));
        match random.below(6) {
            0 => statements.insert(at, random_statement(random)),
            _ if statements.is_empty() => {}
            1 => drop(statements.remove(at)),
            2 => statements.insert(at, statements[at].clone()),
            3 => statements.reverse(),
            4 => statements.rotate_left(at),
            _ => statements[at]["Action"] = json!(format!("a:{}", random.below(3))),
        }
    }
    policy
}

/// How often each statement stands in a policy.
fn counts(policy: &Value) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for statement in policy["Statement"].as_array().into_iter().flatten() {
        let mut statement = statement.clone();
        if let Value::String(action) = &statement["Action"] {
            statement["Action"] = json!([action]);
        }
        *counts.entry(canonical_json(&statement).to_string()).or_default() += 1;
    }
    counts
}

/// Whether a Sid stands twice in one of the policies.
fn is_repeated(statement: &Value, policies: [&Value; 3]) -> bool {
    let Some(sid) = statement["Sid"].as_str() else { return false };
    policies.iter().any(|policy| {
        let statements = policy["Statement"].as_array().into_iter().flatten();
        statements.filter(|statement| statement["Sid"] == sid).count() > 1
    })
}

#[test]
fn a_side_that_alone_changed_is_the_result_to_the_letter() {
    for seed in 0..scaled(3000) {
        let mut random = Random::new(seed);
        let statements: Vec<Value> = (0..random.below(6)).map(|_| random_statement(&mut random)).collect();
        let base = policy(&statements);
        let changed = random_edit(&mut random, &base);
        for three in [[&base, &changed, &base], [&base, &base, &changed], [&base, &changed, &changed]] {
            for resolution in [MARK, Resolution::Ours, Resolution::Theirs] {
                let [base, ours, theirs] = three.map(canonical_text);
                let merged = Triple { base, ours, theirs }.merged(FileKind::Json, resolution);
                assert_eq!(
                    (merged.text, merged.conflicts.len()),
                    (canonical_text(&changed), 0),
                    "{three:#?}"
                );
            }
        }
    }
}

/// Of statements that only their whole text tells apart, each stands as often as the side says that
/// changed how often it does.
#[test]
fn statements_of_one_sid_are_neither_lost_nor_doubled() {
    let (mut clean, mut judged) = (0, 0);
    for seed in 0..scaled(4000) {
        let mut random = Random::new(seed);
        let statements: Vec<Value> = (0..random.below(6)).map(|_| random_statement(&mut random)).collect();
        let base = policy(&statements);
        let (ours, theirs) = (random_edit(&mut random, &base), random_edit(&mut random, &base));
        let three = [&base, &ours, &theirs];
        let (text, conflicts) = merged(three, canonical_text);
        let (_, mirrored) = merged([&base, &theirs, &ours], canonical_text);
        assert_eq!(conflicts == 0, mirrored == 0, "{three:#?}");
        if conflicts > 0 {
            continue;
        }
        clean += 1;
        let merged: Value = serde_json::from_str(&text).expect("JSON");
        let [in_base, in_ours, in_theirs] = three.map(counts);
        let in_merged = counts(&merged);
        let all = in_base.keys().chain(in_ours.keys()).chain(in_theirs.keys()).chain(in_merged.keys());
        for statement in all {
            let read: Value = serde_json::from_str(statement).expect("JSON");
            if !is_repeated(&read, three) {
                continue;
            }
            judged += 1;
            let [base, ours, theirs, merged] = [&in_base, &in_ours, &in_theirs, &in_merged]
                .map(|counts| counts.get(statement).copied().unwrap_or_default());
            let wanted = if ours == base { theirs } else { ours };
            let is_one_sided = ours == base || theirs == base || ours == theirs;
            assert!(!is_one_sided || merged == wanted, "{statement}: {merged}\n{three:#?}\n{text}");
            assert!(merged <= ours.max(theirs), "{statement}: {merged}\n{three:#?}\n{text}");
        }
    }
    assert!(clean > least(2000) && judged > least(5000), "{clean} clean, {judged} judged");
}
