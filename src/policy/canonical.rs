//! The one form in which every JSON text is written.

use serde::Serialize;
use serde_json::Value;

/// The keys of a policy, in the order in which IAM's own documents have them.
pub(super) const POLICY: [&str; 3] = ["Version", "Id", "Statement"];
/// The keys of a statement, in that order; all other keys follow by name.
pub(super) const STATEMENT: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// The same value with its keys in canonical order, at every depth.
#[must_use]
pub fn canonical_json(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(canonical_json).collect(),
        Value::Object(object) => {
            let mut keys: Vec<&String> = object.keys().collect();
            keys.sort_by_key(|key| (rank(key), key.as_str()));
            let entry = |key: &String| Some((key.clone(), canonical_json(object.get(key)?)));
            Value::Object(keys.into_iter().filter_map(entry).collect())
        }
        scalar => scalar.clone(),
    }
}

fn rank(key: &str) -> usize {
    let mut known = POLICY.iter().chain(&STATEMENT);
    known.position(|known| *known == key).unwrap_or(POLICY.len() + STATEMENT.len())
}

/// The canonical text of a value: ordered keys, two blanks of indentation, a line feed at the end.
#[must_use]
pub fn canonical_text(value: &Value) -> String {
    pretty(&canonical_json(value))
}

/// Indented text. Strings, lists and maps with text keys have no way to fail.
pub(super) fn pretty(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// Text without a blank between its parts.
pub(super) fn compact(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_in_the_order_of_iam_and_then_by_name() {
        let value = serde_json::json!({
            "Statement": [{"Resource": "*", "Action": "a:b", "Zebra": 1, "Apple": 2, "Effect": "Allow"}],
            "Version": "2012-10-17",
        });
        let compact = canonical_json(&value).to_string();
        let expected = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"a:b","Resource":"*","Apple":2,"Zebra":1}]}"#;
        assert_eq!(compact, expected);
    }
}
