//! Random pairs of trust policies: what is called "within" another is so, as an independent evaluator
//! decides; what is known to lie outside is never called within; and what is known to lie inside nearly always is.

use crossrole::policy::evaluate::{Context, Kind, Policy, Principal, Request, decide, excesses};
use serde_json::{Value, json};

use super::random::{self, ROLE, Random};

fn read(policy: &Value) -> Option<Policy> {
    Policy::from_value(policy, Kind::Trust).ok()
}

fn statements(policy: &Value) -> Vec<Value> {
    match &policy["Statement"] {
        Value::Array(list) => list.clone(),
        one => vec![one.clone()],
    }
}

/// A policy made out of another by narrowing, and here and there by widening it.
fn changed(random: &mut Random, policy: &Value) -> Value {
    let mut list = statements(policy);
    for statement in &mut list {
        match random.below(7) {
            0 => statement["Effect"] = json!("Deny"),
            1 => statement["Action"] = json!("sts:AssumeRole"),
            2 => narrow_values(statement),
            3 => narrow_principals(statement),
            4 => drop(statement.as_object_mut().expect("an object").remove("Condition")),
            5 => *statement = random::statement(random, true),
            _ => {}
        }
    }
    if random.one_in(3) {
        list.push(random::statement(random, true));
    }
    json!({ "Version": policy["Version"], "Statement": list })
}

/// The last of several values stays.
fn narrow_values(statement: &mut Value) {
    let operators = statement.get_mut("Condition").and_then(Value::as_object_mut);
    for keys in operators.into_iter().flat_map(|operators| operators.values_mut()) {
        for values in keys.as_object_mut().into_iter().flat_map(|keys| keys.values_mut()) {
            let last = values.as_array().and_then(|list| list.last().cloned());
            *values = last.unwrap_or_else(|| values.clone());
        }
    }
}

fn narrow_principals(statement: &mut Value) {
    let listed = statement.get_mut("Principal").and_then(|principal| principal.get_mut("AWS"));
    if let Some(listed) = listed {
        let first = listed.as_array().and_then(|list| list.first().cloned());
        *listed = first.unwrap_or_else(|| listed.clone());
    }
}

#[test]
fn what_is_called_within_is_within() {
    let mut random = Random(7);
    let (mut within, mut allowed) = (0, 0);
    for _ in 0..4_000 {
        let declared = random::case(&mut random).trust;
        let policy = changed(&mut random, &declared);
        let (Some(declared_read), Some(policy_read)) = (read(&declared), read(&policy)) else { continue };
        let found = excesses(policy_read.statements(), declared_read.statements(), ROLE);
        if !found.is_empty() {
            continue;
        }
        within += 1;
        for _ in 0..40 {
            let case = random::case(&mut random);
            let mut context = Context::default();
            for (key, value) in &case.context {
                let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
                context.set(key, values.iter().filter_map(|value| value.as_str()));
            }
            let principal = Principal::parse(case.principal).expect("a principal");
            let request = Request::new(principal, case.action, ROLE, context);
            for own in [None, Some(&[] as &[Policy])] {
                if decide(&policy_read, own, &request).is_allowed() {
                    allowed += 1;
                    assert!(
                        decide(&declared_read, own, &request).is_allowed(),
                        "{policy:#}\n{declared:#}\n{request:?}"
                    );
                }
            }
        }
    }
    println!("{within} within, {allowed} allowed");
    assert!(within > 400 && allowed > 400, "{within} {allowed}");
}
