//! What holds for every policy and request, and for every spec.

use std::time::{Duration, Instant};

use crossrole::explain::AccessAudit;
use crossrole::policy::evaluate::{Context, Decision, Kind, Policy, Principal, Request, decide};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::case::{Case, ROLE};
use super::fleets::fleets;
use super::random::{self, Random};
use crate::effort::{least, scaled};

const CASES: u64 = 3_000;

fn trust(case: &Case) -> Policy {
    Policy::from_value(&case.trust, Kind::Trust).expect("a trust policy")
}

fn request(case: &Case) -> Request {
    let mut context = Context::default();
    for (key, value) in &case.context {
        let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        context.set(key, values.iter().filter_map(|value| value.as_str()));
    }
    Request::new(Principal::parse(case.principal).expect("a principal"), case.action, ROLE, context)
}

fn with(case: &Case, statement: Value) -> Policy {
    let mut trust = case.trust.clone();
    let statements = &mut trust["Statement"];
    match statements.as_array_mut() {
        Some(list) => list.push(statement),
        None => *statements = json!([statements.clone(), statement]),
    }
    Policy::from_value(&trust, Kind::Trust).expect("a trust policy")
}

#[test]
fn a_deny_outvotes_everything_and_takes_nothing_but_away() {
    let mut random = Random(7);
    for _ in 0..scaled(CASES) {
        let (case, other) = (random::case(&mut random), random::case(&mut random));
        let request = request(&case);
        let before = decide(&trust(&case), None, &request).decision;
        let denied = with(&case, json!({ "Effect": "Deny", "Principal": "*", "Action": "*" }));
        assert_eq!(decide(&denied, None, &request).decision, Decision::Deny);
        let mut statement = trust_statement(&other);
        statement["Effect"] = json!("Deny");
        let after = decide(&with(&case, statement.clone()), None, &request).decision;
        assert!(before == Decision::Allow || after == Decision::Deny, "a deny allows: {case:?}");
        statement["Effect"] = json!("Allow");
        let after = decide(&with(&case, statement), None, &request).decision;
        assert!(before == Decision::Deny || after == Decision::Allow, "an allow denies: {case:?}");
    }
}

fn trust_statement(case: &Case) -> Value {
    let listed = &case.trust["Statement"];
    listed.get(0).unwrap_or(listed).clone()
}

#[test]
fn the_order_of_statements_means_nothing() {
    let mut random = Random(8);
    for _ in 0..scaled(CASES) {
        let case = random::case(&mut random);
        let mut turned = case.trust.clone();
        if let Some(list) = turned["Statement"].as_array_mut() {
            list.reverse();
        }
        let turned = Policy::from_value(&turned, Kind::Trust).expect("a trust policy");
        let request = request(&case);
        let decision = |policy| decide(policy, None, &request).decision;
        assert_eq!(decision(&turned), decision(&trust(&case)));
    }
}

/// What is said to be missing is missing: the words "would be allowed" are tried.
#[test]
fn near_misses_are_near() {
    let mut random = Random(9);
    let (mut near, mut said) = (0, 0);
    for _ in 0..scaled(CASES) {
        let case = random::case(&mut random);
        let verdict = decide(&trust(&case), None, &request(&case));
        assert!(verdict.near.is_empty() || verdict.decision == Decision::Deny);
        near += usize::from(!verdict.near.is_empty());
        said += verdict.near.iter().filter(|near| near.would_allow).count();
    }
    assert!(near > least(500) && said > least(50), "{near} near misses, {said} with a way in");
}

/// Generated policies do what the spec says, for every caller that matters.
#[test]
fn every_spec_does_what_it_says() {
    let mut rows = 0;
    for fleet in fleets(scaled(512)) {
        let judge = AccessAudit::new(&fleet);
        for one in fleet.roles() {
            let matrix = judge.matrix(one, &judge.trust_of(one));
            let mismatch = matrix.mismatches().next();
            assert!(mismatch.is_none(), "{mismatch:#?}");
            assert!(matrix.excesses.is_empty(), "{:#?}", matrix.excesses);
            rows += matrix.rows.len();
        }
        for entry in judge.entries() {
            let declared = Policy::parse(&entry.trust_policy().to_text(), Kind::Trust).expect("a policy");
            let matrix = judge.entry_matrix(entry, &declared);
            let mismatch = matrix.mismatches().next();
            assert!(mismatch.is_none(), "{mismatch:#?}");
            assert!(matrix.excesses.is_empty() && matrix.rows.len() >= 6, "{matrix:#?}");
            rows += matrix.rows.len();
        }
    }
    assert!(rows > least(5_000), "{rows} rows");
}

/// A trust policy that lets everybody in, or nobody, is no longer what the spec says.
#[test]
fn a_policy_that_says_otherwise_is_found_out() {
    let open = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Principal": "*", "Action": "*" },
    ] });
    let shut = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Deny", "Principal": "*", "Action": "*" },
    ] });
    for policy in [open, shut] {
        let policy = Policy::from_value(&policy, Kind::Trust).expect("a trust policy");
        for fleet in fleets(64) {
            let judge = AccessAudit::new(&fleet);
            assert!(fleet.roles().all(|one| judge.matrix(one, &policy).mismatches().count() > 0));
            assert!(judge.entries().all(|entry| judge.entry_matrix(entry, &policy).mismatches().count() > 0));
        }
    }
}

/// No spec makes the matrix grow out of hand.
#[test]
fn every_matrix_is_made_in_time() {
    let fleets = fleets(64);
    let began = Instant::now();
    let mut rows = 0;
    for fleet in &fleets {
        let judge = AccessAudit::new(fleet);
        rows += fleet.roles().map(|one| judge.matrix(one, &judge.trust_of(one)).rows.len()).sum::<usize>();
    }
    let taken = began.elapsed();
    assert!(rows > 500, "{rows} rows");
    // Generous, as machines are busy: it takes less than a second, and anything that grows wildly takes hours.
    assert!(taken < Duration::from_mins(1), "{taken:?} for {rows} decisions");
}

#[test]
fn no_json_makes_it_fail() {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        prop::sample::select(WORDS.to_vec()).prop_map(Value::from),
    ];
    let key = prop_oneof![4 => prop::sample::select(WORDS.to_vec()).prop_map(str::to_owned), 1 => ".{0,4}"];
    let json = leaf.prop_recursive(6, 48, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(key.clone(), inner, 0..5)
                .prop_map(|map| map.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    });
    let config = Config { cases: 2_000, failure_persistence: None, ..Config::default() };
    let run = TestRunner::new(config).run(&(json, ".{0,40}"), |(json, text)| {
        for kind in [Kind::Trust, Kind::Identity] {
            let statement = json!({ "Version": "2012-10-17", "Statement": json });
            for policy in [Policy::from_value(&json, kind), Policy::from_value(&statement, kind)] {
                let mut context = Context::default();
                context.add(&text, text.as_str());
                let principal =
                    Principal::parse(&text).or(Principal::parse("ec2.amazonaws.com")).expect("one");
                let request = Request::new(principal, text.as_str(), text.as_str(), context);
                if let Ok(policy) = policy {
                    _ = decide(&policy, None, &request);
                }
            }
            _ = Policy::parse(&text, kind);
        }
        Ok(())
    });
    run.unwrap_or_else(|error| panic!("{error}"));
    let deep = "[".repeat(100_000);
    assert!(Policy::parse(&deep, Kind::Trust).is_err());
}

const WORDS: [&str; 24] = [
    "Version",
    "2012-10-17",
    "Statement",
    "Effect",
    "Allow",
    "Deny",
    "Principal",
    "NotPrincipal",
    "AWS",
    "*",
    "Action",
    "Resource",
    "Condition",
    "StringLike",
    "ForAllValues:ArnLikeIfExists",
    "DateLessThan",
    "IpAddress",
    "BinaryEquals",
    "Null",
    "${aws:username",
    "${*}",
    "9999999999999999999999999",
    "arn:aws:iam::111111111111:role/",
    "::/0",
];
