//! What a request is allowed or denied by.

use std::fmt;

use super::call::{Obstacle, obstacle};
use super::policy::Policy;
use super::principal::MatchStrength;
use super::request::Request;
use crate::policy::read::{Case, Condition, Pattern, Statement, StatementId};

/// Whose policy it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The role's: its trust policy.
    Trust,
    /// The caller's: its identity policies.
    Identity,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Trust => "the trust policy",
            Self::Identity => "the caller's identity policies",
        })
    }
}

/// How the caller's own side stands to a request that is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// It is not asked: the trust policy names a principal of the role's own account by itself, or
    /// one that has no identity policies.
    NotNeeded,
    /// It is asked and not known, and taken as allowing.
    Assumed,
    /// A statement of it allows.
    Allows(StatementId),
}

/// Why it is so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Every side that is asked allows.
    Allowed {
        /// The statement of the trust policy.
        statement: StatementId,
        /// The caller's own side.
        identity: Identity,
    },
    /// A statement denies, and nothing can outvote it.
    DeniedBy {
        /// Whose statement.
        side: Side,
        /// Which.
        statement: StatementId,
        /// Its conditions, as they are written.
        conditions: Vec<String>,
    },
    /// No statement of a side allows.
    NotAllowed(Side),
    /// The principal never makes such a call, whatever policies say.
    NoSuchCall(Obstacle),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allowed { statement, identity } => {
                write!(f, "statement {statement} of the trust policy allows it")?;
                match identity {
                    Identity::NotNeeded => Ok(()),
                    Identity::Assumed => f.write_str("; the caller's own policies are taken as allowing it"),
                    Identity::Allows(statement) => {
                        write!(f, ", and {statement} of the caller's identity policies")
                    }
                }
            }
            Self::DeniedBy { side, statement, conditions } => {
                write!(f, "statement {statement} of {side} denies it")?;
                if !conditions.is_empty() {
                    write!(f, ", since {}", conditions.join(" and "))?;
                }
                Ok(())
            }
            Self::NotAllowed(side) => write!(f, "no statement of {side} allows it"),
            Self::NoSuchCall(obstacle) => obstacle.fmt(f),
        }
    }
}

/// The answer with its reason: an explicit deny wins, and otherwise every side that is asked must allow. Conditions on
/// the keys in doubt, in lower case, are taken as they are worst for the caller.
pub(super) fn reason(
    trust: &Policy,
    identity: Option<&[Policy]>,
    request: &Request,
    doubt: &[&str],
) -> Reason {
    if let Some(obstacle) = obstacle(request) {
        return Reason::NoSuchCall(obstacle);
    }
    let own = || identity.unwrap_or_default().iter().flat_map(|policy| &policy.statements);
    if let Some(denied) = denied(Side::Trust, trust.statements.iter(), request, doubt) {
        return denied;
    }
    if let Some(denied) = denied(Side::Identity, own(), request, doubt) {
        return denied;
    }
    let matching = |statement| allows(statement, request, doubt).map(|strength| (strength, statement));
    let Some((strength, statement)) = first_closest(trust.statements.iter().filter_map(matching)) else {
        return Reason::NotAllowed(Side::Trust);
    };
    let statement = statement.id.clone();
    let has_no_policies = request.principal.account().is_none();
    if has_no_policies || request.is_same_account() && strength > MatchStrength::Account {
        return Reason::Allowed { statement, identity: Identity::NotNeeded };
    }
    let identity = match identity {
        None => Identity::Assumed,
        Some(_) => match own().find(|statement| allows(statement, request, doubt).is_some()) {
            Some(statement) => Identity::Allows(statement.id.clone()),
            None => return Reason::NotAllowed(Side::Identity),
        },
    };
    Reason::Allowed { statement, identity }
}

/// The first among those that name the principal most closely.
fn first_closest<'s>(
    found: impl Iterator<Item = (MatchStrength, &'s Statement)>,
) -> Option<(MatchStrength, &'s Statement)> {
    found.reduce(|best, next| if next.0 > best.0 { next } else { best })
}

fn denied<'s>(
    side: Side,
    statements: impl IntoIterator<Item = &'s Statement>,
    request: &Request,
    doubt: &[&str],
) -> Option<Reason> {
    let denies = |statement: &&Statement| statement.denies() && matches(statement, request, doubt).is_some();
    let statement = statements.into_iter().find(denies)?;
    let conditions = statement.conditions.list.iter().map(ToString::to_string).collect();
    Some(Reason::DeniedBy { side, statement: statement.id.clone(), conditions })
}

fn allows(statement: &Statement, request: &Request, doubt: &[&str]) -> Option<MatchStrength> {
    statement.allows().then(|| matches(statement, request, doubt)).flatten()
}

/// How closely a statement that matches the request names the principal.
fn matches(statement: &Statement, request: &Request, doubt: &[&str]) -> Option<MatchStrength> {
    let strength = names(statement, request)?;
    let is_about = covers_action(statement, request) && covers_resource(statement, request);
    let holds = |condition: &Condition| {
        if doubt.contains(&condition.lower_key()) {
            statement.denies()
        } else {
            condition.holds(&request.context)
        }
    };
    (is_about && statement.conditions.list.iter().all(holds)).then_some(strength)
}

/// How a statement names the principal; an identity policy means whoever it is attached to.
pub(super) fn names(statement: &Statement, request: &Request) -> Option<MatchStrength> {
    let Some(listed) = statement.principals.known() else { return Some(MatchStrength::Itself) };
    let principal = &request.principal;
    // A trust policy cannot hold `NotPrincipal`, and no other names principals here.
    listed.values().filter_map(|entry| principal.match_strength(entry)).max()
}

pub(super) fn covers_action(statement: &Statement, request: &Request) -> bool {
    let is_meant = |pattern: &Pattern| pattern.matches(&request.action, Case::Ignored, &request.context);
    statement.actions.known().is_some_and(|listed| listed.values().any(is_meant) != listed.negated)
}

pub(super) fn covers_resource(statement: &Statement, request: &Request) -> bool {
    let is_meant =
        |pattern: &Pattern| pattern.is_all() || pattern.matches_resource(&request.resource, &request.context);
    statement.resources.known().is_none_or(|listed| listed.values().any(is_meant) != listed.negated)
}
