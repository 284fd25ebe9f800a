//! What the permissions of a role come to: the one word that the map and the tables say of them.

use serde::Serialize;
use serde_json::Value as Json;

use crate::model::{PolicyArn, Role};
use crate::policy::evaluate::{Kind, Policy};
use crate::policy::read::Statement;

/// Managed policies of AWS that can give their holder everything.
const ADMINISTRATIVE: [&str; 2] = ["AdministratorAccess", "IAMFullAccess"];
/// How actions begin that change nothing.
///
/// Source: the access levels "List" and "Read" of the Service Authorization Reference, by their usual verbs.
const READING: [&str; 12] = [
    "BatchGet", "Check", "Describe", "Get", "Head", "List", "Lookup", "Query", "Scan", "Search", "Simulate",
    "View",
];

/// What permissions come to; of several policies the last counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// There are none.
    Nothing,
    /// They change nothing.
    Read,
    /// They lead to other roles.
    Assume,
    /// They change something.
    Write,
    /// A policy is not here.
    NotKnown,
    /// They can give their holder any other permission.
    Administer,
}

impl Class {
    /// The class of a role as the spec declares it. Boundaries and session policies only take away, and are not counted.
    #[must_use]
    pub fn of(role: &Role) -> Self {
        let managed = role.policy_arns.iter().map(Self::of_managed);
        let inline = role.inline_policies.values().map(Self::of_document);
        managed.chain(inline).max().unwrap_or(Self::Nothing)
    }

    fn of_managed(arn: &PolicyArn) -> Self {
        arn.aws_name().map_or(Self::NotKnown, Self::of_aws)
    }

    /// The class of a managed policy by its ARN; of one that is not AWS's own nothing is known.
    #[must_use]
    pub fn of_arn(arn: &str) -> Self {
        match arn.split_once(":iam::aws:policy/") {
            Some((_, name)) => Self::of_aws(name),
            None => Self::NotKnown,
        }
    }

    fn of_aws(name: &str) -> Self {
        let name = name.rsplit('/').next().unwrap_or(name);
        if ADMINISTRATIVE.contains(&name) {
            Self::Administer
        } else if name.ends_with("ReadOnlyAccess") || ["ViewOnlyAccess", "SecurityAudit"].contains(&name) {
            Self::Read
        } else {
            Self::Write
        }
    }

    fn of_document(document: &Json) -> Self {
        match Policy::from_value(document, Kind::Identity) {
            Ok(policy) => {
                let allowing = policy.statements().iter().filter(|statement| statement.allows());
                allowing.map(Self::of_statement).max().unwrap_or(Self::Nothing)
            }
            Err(_) => Self::NotKnown,
        }
    }

    fn of_statement(statement: &Statement) -> Self {
        match statement.actions.known() {
            // All actions but a few are nearly all.
            Some(listed) if listed.negated => Self::Administer,
            Some(listed) => {
                listed.values().map(|action| Self::of_action(action.as_str())).max().unwrap_or(Self::Nothing)
            }
            None => Self::NotKnown,
        }
    }

    fn of_action(action: &str) -> Self {
        let (service, name) = action.split_once(':').unwrap_or((action, "*"));
        let reads = READING
            .iter()
            .any(|verb| name.get(..verb.len()).is_some_and(|start| start.eq_ignore_ascii_case(verb)));
        match (service.to_ascii_lowercase().as_str(), reads) {
            (_, true) => Self::Read,
            (service, false) if service.contains(['*', '?']) || service == "iam" => Self::Administer,
            _ => Self::Write,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Class;
    use serde_json::json;

    #[test]
    fn actions_are_classed_by_what_they_can_do() {
        let of = |actions: serde_json::Value| {
            Class::of_document(
                &json!({"Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}),
            )
        };
        assert_eq!(of(json!("s3:GetObject")), Class::Read);
        assert_eq!(of(json!(["s3:GetObject", "s3:PutObject"])), Class::Write);
        assert_eq!(of(json!("s3:*")), Class::Write);
        assert_eq!(of(json!("*")), Class::Administer);
        assert_eq!(of(json!("*:*")), Class::Administer);
        assert_eq!(of(json!("iam:PutRolePolicy")), Class::Administer);
        assert_eq!(of(json!("iam:GetRole")), Class::Read);
    }
}
