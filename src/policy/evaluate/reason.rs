//! What a request is allowed or denied by.

use std::fmt;

use super::policy::Policy;
use super::principal::{MatchStrength, is_exempt};
use super::request::Request;
use crate::policy::read::{Case, Listed, Pattern, PrincipalPattern, Statement, StatementId};

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
        /// Whether its `NotPrincipal` lists the caller and lacks the caller's account.
        account_not_listed: bool,
    },
    /// No statement of a side allows.
    NotAllowed(Side),
    /// The root user of an account assumes no roles, whatever policies say.
    ///
    /// Source: "You cannot use AWS account root user credentials to call `AssumeRole`" (STS API
    /// reference).
    RootUser,
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
            Self::DeniedBy { side, statement, conditions, account_not_listed } => {
                write!(f, "statement {statement} of {side} denies it")?;
                if !conditions.is_empty() {
                    write!(f, ", since {}", conditions.join(" and "))?;
                }
                if *account_not_listed {
                    f.write_str(
                        ": `NotPrincipal` exempts a principal only together with its account (and a session only together with its role)",
                    )?;
                }
                Ok(())
            }
            Self::NotAllowed(side) => write!(f, "no statement of {side} allows it"),
            Self::RootUser => f.write_str("the root user of an account cannot assume a role"),
        }
    }
}

/// The answer with its reason: an explicit deny wins, and otherwise every side that is asked must allow.
pub(super) fn reason(trust: &Policy, identity: Option<&[Policy]>, request: &Request) -> Reason {
    if request.principal.is_root() {
        return Reason::RootUser;
    }
    let own = || identity.unwrap_or_default().iter().flat_map(|policy| &policy.statements);
    if let Some(denied) = denied(Side::Trust, trust.statements.iter(), request) {
        return denied;
    }
    if let Some(denied) = denied(Side::Identity, own(), request) {
        return denied;
    }
    let matching = |statement| allows(statement, request).map(|strength| (strength, statement));
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
        Some(_) => match own().find(|statement| allows(statement, request).is_some()) {
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
) -> Option<Reason> {
    let denies = |statement: &&Statement| statement.denies() && matches(statement, request).is_some();
    let statement = statements.into_iter().find(denies)?;
    let conditions = statement.conditions.list.iter().map(ToString::to_string).collect();
    let is_listed = |listed: &Listed<PrincipalPattern>| {
        listed.negated
            && listed
                .values()
                .any(|entry| request.principal.match_strength(entry) == Some(MatchStrength::Itself))
    };
    Some(Reason::DeniedBy {
        side,
        statement: statement.id.clone(),
        conditions,
        account_not_listed: statement.principals.known().is_some_and(is_listed),
    })
}

fn allows(statement: &Statement, request: &Request) -> Option<MatchStrength> {
    statement.allows().then(|| matches(statement, request)).flatten()
}

/// How closely a statement that matches the request names the principal.
fn matches(statement: &Statement, request: &Request) -> Option<MatchStrength> {
    let strength = names(statement, request)?;
    let is_about = covers_action(statement, request) && covers_resource(statement, request);
    let holds = || statement.conditions.list.iter().all(|condition| condition.holds(&request.context));
    (is_about && holds()).then_some(strength)
}

/// How a statement names the principal; an identity policy means whoever it is attached to.
pub(super) fn names(statement: &Statement, request: &Request) -> Option<MatchStrength> {
    let Some(listed) = statement.principals.known() else { return Some(MatchStrength::Itself) };
    let principal = &request.principal;
    let closest = listed.values().filter_map(|entry| principal.match_strength(entry)).max();
    match (listed.negated, statement.denies()) {
        (false, _) => closest,
        (true, false) => closest.is_none().then_some(MatchStrength::Everyone),
        (true, true) => (!is_exempt(principal, listed)).then_some(MatchStrength::Everyone),
    }
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
