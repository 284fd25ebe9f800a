//! The decision about a request, with its reason and what came closest to another.

use super::doubt;
use super::nearest::{self, NearMiss};
use super::policy::Policy;
use super::reason::{Reason, reason};
use super::request::{PRINCIPAL_ARN, Request};
use crate::policy::read::StatementId;

/// What IAM answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Yes.
    Allow,
    /// No.
    Deny,
}

impl Decision {
    /// The word for people and machines.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
        }
    }
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Yes or no.
    pub decision: Decision,
    /// Why.
    pub reason: Reason,
    /// What a denied request came closest to, nearest first.
    pub near: Vec<NearMiss>,
    /// The condition keys that an allowed request does not give, and under some value of which it is denied.
    pub depends_on: Vec<String>,
}

impl Verdict {
    /// Whether the request is allowed.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.decision == Decision::Allow
    }

    /// The statement that decided; none does where nothing matches.
    #[must_use]
    pub fn statement(&self) -> Option<&StatementId> {
        match &self.reason {
            Reason::Allowed { statement, .. } | Reason::DeniedBy { statement, .. } => Some(statement),
            Reason::NotAllowed(_) | Reason::NoSuchCall(_) => None,
        }
    }
}

/// Decides a request. `identity` is what is attached to the caller; without it, the caller's own side
/// is taken as allowing.
///
/// Source: "Policy evaluation logic" (IAM User Guide): an explicit deny wins; across accounts both
/// sides must allow; a trust policy must allow even within one account, and there suffices where it
/// names the principal itself and not its account.
#[must_use]
pub fn decide(trust: &Policy, identity: Option<&[Policy]>, request: &Request) -> Verdict {
    let reason = reason(trust, identity, request, &[]);
    let verdict = verdict(trust, identity, request, reason);
    let differs = |other: &Verdict| other.is_allowed() != verdict.is_allowed();
    let others = request.other_readings().map(|other| {
        let reason = super::reason::reason(trust, identity, &other, &[]);
        self::verdict(trust, identity, &other, reason)
    });
    let other = others.into_iter().find(differs);
    let Some(other) = other else { return verdict };
    let mut open = if verdict.is_allowed() { verdict } else { other };
    open.depends_on.push(PRINCIPAL_ARN.to_owned());
    open
}

fn verdict(trust: &Policy, identity: Option<&[Policy]>, request: &Request, reason: Reason) -> Verdict {
    let is_allowed = matches!(reason, Reason::Allowed { .. });
    let near = match &reason {
        Reason::NotAllowed(_) | Reason::DeniedBy { .. } => nearest::misses(trust, identity, request, &reason),
        Reason::Allowed { .. } | Reason::NoSuchCall(_) => Vec::new(),
    };
    let keys = if is_allowed { doubt::keys(trust, identity, request) } else { Vec::new() };
    let depends_on = keys.into_iter().map(|condition| condition.key.clone()).collect();
    let decision = if is_allowed { Decision::Allow } else { Decision::Deny };
    Verdict { decision, reason, near, depends_on }
}
