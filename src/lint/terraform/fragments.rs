//! Statements into which a variable puts more than a value: JSON as text, between the members.
//!
//! What a default puts there is not what others put there, so such a statement is not known.

use crate::diagnostic::Span;
use crate::terraform::Argument;
use crate::value::{Data, Entry, Reason, Value};

/// A policy in which such statements are unknown.
pub(super) fn taken_out(argument: &Argument, policy: Value) -> Value {
    let places = places(&argument.written);
    if places.is_empty() {
        return policy;
    }
    let begins = argument.expression.range().start;
    let reasons: Vec<Reason> = places
        .into_iter()
        .map(|(offset, name)| {
            let at = Span::new(begins + offset..begins + offset + name.len());
            Reason::new(at, format!("`{name}`, which stands between the members of a statement"))
        })
        .collect();
    let Data::Object(entries) = policy.data else { return policy };
    let entries = entries.into_iter().map(|entry| match entry.name() {
        Some("Statement") => Entry { value: without(&entry.value, &reasons), ..entry },
        _ => entry,
    });
    Value::new(policy.at, Data::Object(entries.collect()))
}

fn without(statements: &Value, reasons: &[Reason]) -> Value {
    let one = |statement: &Value| {
        let is_in = |reason: &&Reason| statement.at.range().contains(&reason.at.range().start);
        match reasons.iter().find(is_in) {
            Some(reason) => Value::new(statement.at, Data::Unknown(reason.clone())),
            None => statement.clone(),
        }
    };
    let list = statements.items().iter().map(one).collect();
    Value::new(statements.at, Data::List(list))
}

/// Where a template puts a variable between the members of an object: the place of the name, and the
/// name.
fn places(written: &str) -> Vec<(usize, &str)> {
    // In a quoted template the quotes of the JSON are escaped.
    let quote = if written.starts_with("<<") { "\"" } else { "\\\"" };
    let (mut found, mut at, mut is_in_text, mut before) = (Vec::new(), 0, false, None);
    if !written.starts_with("<<") && !written.starts_with('"') {
        return found;
    }
    while let Some(rest) = written.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("${") {
            let length = rest.find('}').unwrap_or(rest.len());
            let inside = rest.get(2..length).unwrap_or_default();
            let name = inside.trim();
            let is_between = !is_in_text && matches!(before, Some('{' | '}' | ']' | ',' | '"'));
            let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
            if is_between && name.starts_with("var.") && name.chars().all(is_name) {
                found.push((at + 2 + inside.len() - inside.trim_start().len(), name));
            }
            at += length.max(1);
            continue;
        }
        let is_quote = rest.starts_with(quote);
        is_in_text ^= is_quote;
        let length = if is_quote { quote.len() } else { rest.chars().next().map_or(1, char::len_utf8) };
        before = rest
            .chars()
            .find(|c| !c.is_whitespace() && *c != '\\')
            .filter(|_| !rest.starts_with(char::is_whitespace))
            .or(before);
        at += length;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::places;

    #[test]
    fn only_what_stands_between_members_is_more_than_a_value() {
        let names = |written| places(written).into_iter().map(|(_, name)| name).collect::<Vec<_>>();
        assert_eq!(names("<<E\n{\"a\": {\n${var.x}\n\"b\": 1}}\nE\n"), ["var.x"]);
        assert_eq!(names("<<E\n{\"a\": 1${ var.x }}\nE\n"), Vec::<&str>::new());
        assert_eq!(names("<<E\n{\"a\": \"b\"${ var.x }}\nE\n"), ["var.x"]);
        assert_eq!(names("\"{\\\"a\\\": \\\"b\\\"${var.x}}\""), ["var.x"]);
        for value in [
            "<<E\n{\"a\": ${var.x}}\nE\n",
            "<<E\n{\"a\": \"${var.x}\"}\nE\n",
            "var.x",
            "<<E\n{\"a\": 1, ${jsonencode(var.x)}}\nE\n",
        ] {
            assert_eq!(names(value), Vec::<&str>::new(), "{value}");
        }
    }
}
