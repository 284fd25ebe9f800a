//! Policies that can be evaluated: nothing in them is unknown, and nothing that IAM would refuse.

use std::fmt;

use crate::diagnostic::Span;
use crate::policy::read::{Kind, Listed, Located, Part, Pattern, Reading, Statement, read};
use crate::value::{self, Value};

/// A policy, ready to be evaluated.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    pub(super) statements: Vec<Statement>,
}

/// Why a text is not a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError {
    /// What is wrong, and in which statement.
    pub message: String,
    /// Where.
    pub at: Span,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PolicyError {}

impl Policy {
    /// The policy of a JSON text.
    ///
    /// # Errors
    /// The first thing that is wrong with the text, and where.
    pub fn parse(text: &str, kind: Kind) -> Result<Self, PolicyError> {
        let value = value::parse(text, 0).map_err(|problem| PolicyError {
            message: format!("the policy is not JSON: {}", problem.message),
            at: problem.at,
        })?;
        Self::read(&value, kind)
    }

    /// The policy of a JSON value, of which no place is known.
    ///
    /// # Errors
    /// What IAM would refuse about it.
    pub fn from_value(json: &serde_json::Value, kind: Kind) -> Result<Self, PolicyError> {
        Self::read(&Value::of_json(json, &|_| Span::default()), kind)
    }

    /// The policy of a value, wherever it comes from.
    ///
    /// # Errors
    /// What IAM would refuse about it, or what of it is not known.
    pub fn read(value: &Value, kind: Kind) -> Result<Self, PolicyError> {
        let Reading { statements, unknown, faults } = read(value, kind);
        if let Some(fault) = faults.first() {
            return Err(PolicyError { message: fault.to_string(), at: fault.at });
        }
        let unknown = unknown.iter().chain(statements.iter().flat_map(Statement::unknown)).next();
        match unknown {
            Some(reason) => {
                let message = format!("the policy is not known: it depends on {}", reason.why);
                Err(PolicyError { message, at: reason.at })
            }
            None => Ok(Self { statements }),
        }
    }

    /// Its statements, in order.
    #[must_use]
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// The principals that statements which allow list, as they are written.
    pub fn trusted(&self) -> impl Iterator<Item = &str> {
        let allowing = self.statements.iter().filter(|statement| statement.allows());
        allowing.flat_map(Statement::named_principals).map(|principal| &*principal.value.text)
    }

    /// The part of an identity policy that can matter to one resource: policies of a fleet list
    /// hundreds, and are asked about one at a time.
    #[must_use]
    pub fn about(&self, resource: &str) -> Self {
        let narrowed = |statement: &Statement| {
            let listed = statement.resources.known()?;
            let can_matter =
                |entry: &&Located<Pattern>| entry.value.literal().is_none_or(|literal| literal == resource);
            let entries: Vec<_> = listed.entries.iter().filter(can_matter).cloned().collect();
            (listed.negated || !entries.is_empty()).then(|| Statement {
                id: statement.id.clone(),
                at: statement.at,
                effect: statement.effect.clone(),
                principals: statement.principals.clone(),
                actions: statement.actions.clone(),
                resources: Part::Known(Listed { entries, unknown: Vec::new(), ..*listed }),
                conditions: statement.conditions.clone(),
            })
        };
        Self { statements: self.statements.iter().filter_map(narrowed).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Data, Entry, Reason, Text};

    #[test]
    fn a_policy_of_which_something_is_unknown_is_not_decided_about() {
        let json = serde_json::json!({"Effect": "Allow", "Principal": "*"});
        let mut statement = Value::of_json(&json, &|_| Span::default());
        let mut action = Text::known(Span::default(), "sts:");
        action.push_unknown(Reason::new(Span::new(3..8), "`var.x`"));
        let action = Value::new(Span::default(), Data::Text(action));
        let Data::Object(entries) = &mut statement.data else { return };
        entries.push(Entry::new("Action", Span::default(), action));
        let policy = Value::new(
            Span::default(),
            Data::Object(vec![Entry::new("Statement", Span::default(), statement)]),
        );
        let error = Policy::read(&policy, Kind::Trust).expect_err("not known");
        assert_eq!(
            (&*error.message, error.at),
            ("the policy is not known: it depends on `var.x`", Span::new(3..8))
        );
    }
}
