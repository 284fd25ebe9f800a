//! Reading JSON that can be written again without loss.

use serde_json::Value;

use crate::policy::unique_json;

/// The value of a text. None where it does not parse, repeats a key, or holds a number that would
/// not be written as it was read.
pub(super) fn read(text: &str) -> Option<Value> {
    unique_json(text).ok().filter(|value| !has_fraction(value))
}

/// Whether a number in it was read as a fraction, which is also what numbers of many digits are.
fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(has_fraction),
        Value::Object(members) => members.values().any(has_fraction),
        value => value.is_f64(),
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn only_what_can_be_written_again_is_read() {
        let text = r#"{"b":[1,-2,"x\u0041",null,true],"a":{}}"#;
        assert_eq!(read(text).map(|value| value.to_string()), Some(text.replace("\\u0041", "A")));
        let deep = "[".repeat(100_000);
        for text in ["", "{", "{} {}", r#"{"a":1,"a":1}"#, "1.50", "123456789012345678901234567890", &deep] {
            assert_eq!(read(text), None, "{text:.40}");
        }
    }
}
