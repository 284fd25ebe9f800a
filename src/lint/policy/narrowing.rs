//! Conditions that say who the caller is, or for whom a service acts: whether strangers can meet them.

use crate::policy::read::{Condition, Operand, PrincipalKind, Statement, Test};

/// Keys that hold the number of an account.
const ACCOUNTS: [&str; 2] = ["aws:principalaccount", "aws:sourceaccount"];
/// Keys that hold an ARN.
const ARNS: [&str; 2] = ["aws:principalarn", "aws:sourcearn"];
/// Keys that hold an organization, or a path that begins with one.
const ORGANIZATIONS: [&str; 4] =
    ["aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid", "aws:sourceorgpaths"];

/// Whether a statement can be met by callers of certain accounts or organizations alone.
pub(super) fn names_caller(statement: &Statement) -> bool {
    statement.conditions.list.iter().any(|condition| {
        is_about(condition, &["aws:principal", "aws:userid", "aws:source"]) && excludes_strangers(condition)
    })
}

/// Whether a statement lets services act for certain accounts or organizations alone.
pub(super) fn names_source(statement: &Statement) -> bool {
    let is_source = |condition: &&Condition| is_about(condition, &["aws:source"]);
    statement.conditions.list.iter().filter(is_source).any(excludes_strangers)
}

/// Whether a statement is for services, and for no account.
pub(super) fn is_of_services(statement: &Statement) -> bool {
    let is_service = statement
        .conditions_on("aws:principalisawsservice")
        .any(|condition| condition.needs_key() && condition.accepts("true") && !condition.accepts("false"));
    is_service || statement.conditions.demand(&["aws:principalservicename"])
}

fn is_about(condition: &Condition, names: &[&str]) -> bool {
    names.iter().any(|name| condition.lower_key().starts_with(name))
}

/// Whether each value that a condition accepts is that of an account or organization which is named. What is not known
/// is taken to name one.
fn excludes_strangers(condition: &Condition) -> bool {
    condition.demands() && all_are_fixed(condition)
}

fn all_are_fixed(condition: &Condition) -> bool {
    let has_values = !condition.values.is_empty() || !condition.unknown.is_empty();
    has_values
        && condition
            .values
            .iter()
            .all(|value| is_fixed(condition.lower_key(), value, condition.operator.test))
}

/// Whether a `Deny` shuts out every caller but those of certain accounts or organizations.
pub(super) fn shuts_strangers_out<'s>(mut statements: impl Iterator<Item = &'s Statement>) -> bool {
    statements.any(|statement| {
        let conditions = &statement.conditions;
        let [only] = conditions.list.as_slice() else { return false };
        let is_everybody =
            statement.named_principals().iter().any(|who| who.value.kind == PrincipalKind::Everyone);
        statement.denies()
            && is_everybody
            && statement.names_action("sts:AssumeRole")
            && conditions.are_all_read()
            && is_about(only, &["aws:principal", "aws:userid"])
            && only.operator.negated
            && !only.needs_key()
            && !only.operator.is_for_all()
            && all_are_fixed(only)
    })
}

fn is_fixed(key: &str, value: &Operand, by: Test) -> bool {
    let text = value.text.as_str();
    let wildcards: &[char] = if matches!(by, Test::Like | Test::Arn) { &['*', '?'] } else { &[] };
    let is_literal = |part: &str| !part.contains("${") && !part.contains(wildcards);
    if ACCOUNTS.contains(&key) {
        return is_literal(text);
    }
    if ORGANIZATIONS.contains(&key) {
        return text.split('/').next().is_some_and(is_literal);
    }
    if key == "aws:userid" {
        let (id, _) = text.split_once(':').unwrap_or((text, ""));
        return is_literal(id);
    }
    ARNS.contains(&key) && (is_literal(text) || value.account_of_arns().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;
    use crate::policy::read::{Kind, read};
    use crate::value::Value;

    /// Whether strangers are kept out by one test.
    fn is_fixed(operator: &str, key: &str, text: &str) -> bool {
        let policy = serde_json::json!({ "Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Condition": { operator: { key: text } },
        } });
        let policy = Value::of_json(&policy, &|_| Span::default());
        let reading = read(&policy, Kind::Trust);
        let [condition] = reading.statements[0].conditions.list.as_slice() else { return false };
        all_are_fixed(condition)
    }

    #[test]
    fn strangers_meet_what_names_no_account() {
        let arn = |text| is_fixed("ArnLike", "aws:PrincipalArn", text);
        assert!(arn("arn:aws:iam::111111111111:role/*") && arn("arn:*:iam::111111111111:*"));
        assert!(!arn("arn:aws:iam::*:role/admin") && !arn("arn:aws:iam::11111111111?:root") && !arn("arn*"));
        let like = |text| is_fixed("StringLike", "aws:PrincipalArn", text);
        assert!(like("arn:aws:iam::111111111111:role/*"));
        assert!(!like("arn:*:iam::111111111111:role/*") && !like("*:111111111111:role/x"));
        let user = |text| is_fixed("StringLike", "aws:userid", text);
        assert!(user("AROAEXAMPLEEXAMPLE12:*") && !user("AROA*") && !user("A*:*") && !user("*"));
        let organization = |text| is_fixed("StringLike", "aws:PrincipalOrgPaths", text);
        assert!(organization("o-a1b2c3d4e5/*") && !organization("o-*/*") && !organization("*"));
        assert!(!is_fixed("StringLike", "aws:PrincipalOrgID", "${aws:PrincipalOrgID}"));
    }
}
