//! How a policy is come by: from text, from a value, from a tree that knows its places.

use std::fmt;

use serde_json::Value;

use super::fault::Fault;
use super::node::Node;
use super::read::read;
use super::statement::{Kind, Policy};

/// Why a text is not a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError {
    /// What is wrong, and in which statement.
    pub message: String,
    /// Line and column, both counted from 1, where the text is not even JSON.
    pub place: Option<(usize, usize)>,
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
    /// What is wrong with the text, with its place where it is not JSON.
    pub fn parse(text: &str, kind: Kind) -> Result<Self, PolicyError> {
        let value = crate::policy::unique_json(text).map_err(|error| {
            let message = error.to_string();
            let what = message.split(" at line").next().unwrap_or(&message);
            PolicyError {
                message: format!("the policy is not JSON: {what}"),
                place: Some((error.line(), error.column())),
            }
        })?;
        Self::from_value(&value, kind)
    }

    /// The policy of a JSON value.
    ///
    /// # Errors
    /// What IAM would refuse about it.
    pub fn from_value(value: &Value, kind: Kind) -> Result<Self, PolicyError> {
        let (policy, faults) = read(value, kind);
        match faults.first() {
            None => Ok(policy),
            Some(fault) => Err(PolicyError { message: fault.to_string(), place: None }),
        }
    }
}

/// All that IAM would refuse about a policy, whatever it is read from.
pub fn faults<N: Node>(policy: &N, kind: Kind) -> Vec<Fault<N::Place>> {
    read(policy, kind).1
}
