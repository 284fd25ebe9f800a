//! Decisions that follow from AWS's documentation, checked by hand: `vectors.yaml`.

use crossrole::policy::evaluate::{Context, Kind, Policy, Principal, Request, decide};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::random::everything;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    name: String,
    page: String,
    #[serde(default = "caller")]
    caller: String,
    #[serde(default = "action")]
    action: String,
    #[serde(default = "version")]
    version: String,
    trust: Vec<Map<String, Value>>,
    identity: Option<Vec<Value>>,
    #[serde(default)]
    context: Map<String, Value>,
    expect: String,
}

fn caller() -> String {
    "arn:aws:iam::111111111111:user/terraform".to_owned()
}

fn action() -> String {
    "sts:AssumeRole".to_owned()
}

fn version() -> String {
    "2012-10-17".to_owned()
}

/// A statement with what every statement needs.
fn whole(statement: &Map<String, Value>) -> Value {
    let mut whole = statement.clone();
    let mut otherwise = |keys: [&str; 2], value: &str| {
        if !keys.iter().any(|key| statement.contains_key(*key)) {
            whole.insert(keys[0].to_owned(), json!(value));
        }
    };
    otherwise(["Effect", "Effect"], "Allow");
    otherwise(["Principal", "Principal"], "*");
    otherwise(["Action", "NotAction"], "sts:AssumeRole");
    Value::Object(whole)
}

fn decided(vector: &Vector) -> &'static str {
    let mut context = Context::default();
    for (key, value) in &vector.context {
        let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        context.set(key, values.iter().map(|value| value.as_str().expect("a text").to_owned()));
    }
    let trust: Value = vector.trust.iter().map(whole).collect();
    let trust = json!({ "Version": vector.version, "Statement": trust });
    let Ok(trust) = Policy::from_value(&trust, Kind::Trust) else { return "refused" };
    let identity = match &vector.identity {
        Some(statements) if statements.is_empty() => Vec::new(),
        Some(statements) => vec![json!({ "Version": "2012-10-17", "Statement": statements })],
        None => vec![everything()],
    };
    let read = |policy: &Value| Policy::from_value(policy, Kind::Identity).expect("an identity policy");
    let identity: Vec<Policy> = identity.iter().map(read).collect();
    let principal = Principal::parse(&vector.caller).expect("a principal");
    let role = "arn:aws:iam::222222222222:role/Deploy";
    decide(&trust, Some(&identity), &Request::new(principal, &vector.action, role, context)).decision.as_str()
}

#[test]
fn decisions_are_those_of_the_documentation() {
    let vectors: Vec<Vector> = serde_yaml::from_str(include_str!("vectors.yaml")).expect("vectors");
    assert!(vectors.len() >= 60, "only {} vectors", vectors.len());
    let mut wrong = Vec::new();
    for vector in &vectors {
        assert!(!vector.page.is_empty(), "{} has no source", vector.name);
        let found = decided(vector);
        if found != vector.expect {
            wrong.push(format!("{}: {found}, and {} says {}", vector.name, vector.page, vector.expect));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let allowed = vectors.iter().filter(|vector| vector.expect == "allow").count();
    assert!(allowed * 4 > vectors.len() && allowed * 4 < 3 * vectors.len(), "{allowed} allow");
}
