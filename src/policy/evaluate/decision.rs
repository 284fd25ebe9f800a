//! The decision about a request, with its reason and what came closest to another.

use super::nearest::{self, NearMiss};
use super::policy::Policy;
use super::reason::{Reason, reason};
use super::request::Request;
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
            Reason::NotAllowed(_) | Reason::RootUser => None,
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
    let reason = reason(trust, identity, request);
    let decision = if matches!(reason, Reason::Allowed { .. }) { Decision::Allow } else { Decision::Deny };
    let near = match &reason {
        Reason::NotAllowed(_) | Reason::DeniedBy { .. } => nearest::misses(trust, identity, request, &reason),
        Reason::Allowed { .. } | Reason::RootUser => Vec::new(),
    };
    Verdict { decision, reason, near }
}
