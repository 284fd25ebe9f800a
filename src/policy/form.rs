//! The form of a permissions policy that a user wrote, as far as IAM would refuse it.

use serde_json::{Map, Value};

use crate::diagnostic::words::did_you_mean;

/// Keys of a statement in a permissions policy.
const STATEMENT: [&str; 7] = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/// Checks the form of a permissions policy: what it holds, not what it allows.
///
/// # Errors
/// The first thing that IAM would refuse, in words. Source: "Grammar of the IAM JSON policy
/// language" (IAM User Guide).
pub fn check_permissions(document: &Value) -> Result<(), String> {
    let document = document.as_object().ok_or("a policy is a JSON object")?;
    for key in document.keys() {
        let known = ["Version", "Id", "Statement"];
        if !known.contains(&key.as_str()) {
            return Err(format!("a policy has no key `{key}`: {}", did_you_mean(key, &known)));
        }
    }
    match document.get("Version").map(Value::as_str) {
        None | Some(Some("2012-10-17" | "2008-10-17")) => {}
        Some(_) => return Err("`Version` is \"2012-10-17\"".to_owned()),
    }
    match document.get("Statement") {
        Some(Value::Array(statements)) if !statements.is_empty() => {
            statements.iter().try_for_each(check_statement)
        }
        Some(statement @ Value::Object(_)) => check_statement(statement),
        _ => Err("a policy needs at least one `Statement`".to_owned()),
    }
}

fn check_statement(statement: &Value) -> Result<(), String> {
    let statement = statement.as_object().ok_or("a statement is a JSON object")?;
    for key in statement.keys() {
        if key == "Principal" || key == "NotPrincipal" {
            return Err(format!("a permissions policy has no `{key}`: its principal is the role itself"));
        }
        if !STATEMENT.contains(&key.as_str()) {
            return Err(format!("a statement has no key `{key}`: {}", did_you_mean(key, &STATEMENT)));
        }
    }
    if !matches!(statement.get("Effect").and_then(Value::as_str), Some("Allow" | "Deny")) {
        return Err("`Effect` is \"Allow\" or \"Deny\"".to_owned());
    }
    exactly_one(statement, "Action", "NotAction")?;
    exactly_one(statement, "Resource", "NotResource")
}

fn exactly_one(statement: &Map<String, Value>, plain: &str, negated: &str) -> Result<(), String> {
    let ((Some(value), None) | (None, Some(value))) = (statement.get(plain), statement.get(negated)) else {
        return Err(format!("a statement has either `{plain}` or `{negated}`"));
    };
    let is_text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    let texts = match value {
        Value::Array(values) => !values.is_empty() && values.iter().all(is_text),
        value => is_text(value),
    };
    if texts { Ok(()) } else { Err(format!("`{plain}` is a text or a list of texts")) }
}
