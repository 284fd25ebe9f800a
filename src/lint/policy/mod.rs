//! Rules on IAM policies, written once for every place that a policy can stand in.
//!
//! Responsible for taking a located value apart into statements, and for all that one document
//! shows by itself. What cannot be known without a run, or is of a form that IAM has not, is left
//! out of the statements; no rule fires because of it.

mod conditions;
mod escalation;
mod external_id;
mod form;
mod identity;
mod limits;
mod mfa;
mod oidc;
mod principals;
mod statement;
mod subject;

pub(super) use external_id::weakness as guess;
pub(super) use statement::{Condition, Principal, Statement, Word, matches};

use super::finding::Findings;
pub(super) use crate::policy::evaluate::Kind;
use crate::value::{Data, Value};

/// How a permissions policy is kept, which is what its quota depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    Managed,
    Inline,
    /// A file alone does not say.
    Somehow,
}

/// A policy, and what is known about the place it stands in.
pub(super) struct Policy<'v> {
    pub(super) kind: Kind,
    pub(super) value: &'v Value,
    pub(super) statements: Vec<Statement<'v>>,
    pub(super) kept: Kept,
    /// Whether its holder has a permissions boundary.
    pub(super) bounded: bool,
    /// Names that an external id must not be: of the target, the role, the organization.
    pub(super) names: Vec<String>,
    /// Whether its size has been judged already.
    pub(super) measured: bool,
}

type Rule = fn(&Policy<'_>, &mut Findings);

/// Rules for policies of every kind.
const EVERYWHERE: &[Rule] = &[
    form::refused,
    limits::characters,
    limits::version,
    limits::size,
    conditions::assumed_role_as_principal_arn,
    conditions::wildcard_compared_literally,
    mfa::deny_that_misses,
];

/// Rules for trust policies.
const TRUST: &[Rule] = &[
    principals::anyone,
    principals::whole_account,
    principals::wildcard,
    principals::by_unique_id,
    principals::deleted,
    principals::user,
    principals::everyone_but,
    principals::action_of_another_kind,
    principals::service_without_source,
    external_id::invalid,
    external_id::guessable,
    external_id::undermined,
    mfa::impossible,
    mfa::optional,
    mfa::age,
    conditions::for_all_values,
    conditions::tags_without_right,
    conditions::identity_without_right,
    oidc::claims_missing,
    oidc::another_host,
    subject::rules,
];

/// Rules for permissions policies.
const IDENTITY: &[Rule] = &[identity::everything, identity::any_role, escalation::unbounded];

impl<'v> Policy<'v> {
    /// The policy that a value is, if it has the shape of one.
    pub(super) fn of(value: &'v Value) -> Option<Self> {
        let statements = value.get("Statement")?;
        let parts: Vec<&Value> =
            statements.items().iter().filter(|item| matches!(item.data, Data::Object(_))).collect();
        let statements: Vec<_> = parts.iter().map(|part| Statement::of(part)).collect();
        let kind = kind(&statements);
        Some(Self {
            kind,
            value,
            statements,
            kept: Kept::Somehow,
            bounded: false,
            names: Vec::new(),
            measured: false,
        })
    }

    pub(super) fn allows(&self) -> impl Iterator<Item = &Statement<'v>> {
        self.statements.iter().filter(|statement| statement.allows())
    }

    /// Applies every rule for policies of its kind.
    pub(super) fn check(&self, found: &mut Findings) {
        let more = match self.kind {
            Kind::Trust => TRUST,
            Kind::Identity => IDENTITY,
            Kind::Resource => &[],
        };
        for rule in EVERYWHERE.iter().chain(more) {
            rule(self, found);
        }
    }
}

/// A policy that names principals and speaks of nothing but STS is a role's trust policy.
fn kind(statements: &[Statement<'_>]) -> Kind {
    if !statements.iter().any(|statement| statement.has_principal) {
        return Kind::Identity;
    }
    let actions = || statements.iter().flat_map(|statement| &statement.actions);
    let is_trust = actions().any(|action| action.lower().starts_with("sts:"));
    let names_resources = |statement: &Statement<'_>| {
        ["Resource", "NotResource"].iter().any(|element| statement.value.entry(element).is_some())
    };
    let is_bare = !statements.iter().any(names_resources);
    // A resource control policy only refuses, on resources.
    let only_refuses = statements.iter().all(|statement| statement.effect == Some("Deny"));
    // One without resources may be of a repository, which goes without saying.
    let is_of_another = actions().next().is_some() && actions().all(|action| is_foreign(action.text));
    let is_resource = if is_bare { is_of_another } else { only_refuses || !is_trust };
    if is_resource { Kind::Resource } else { Kind::Trust }
}

/// Whether an action is of a service other than STS, whatever its name.
fn is_foreign(action: &str) -> bool {
    action
        .split_once(':')
        .is_some_and(|(service, _)| !service.contains(['*', '?']) && !service.eq_ignore_ascii_case("sts"))
}
