//! Rules on IAM policies, written once for every place that a policy can stand in.
//!
//! Responsible for all that one document shows by itself. Refuses to read statements, which `policy` does: what cannot be
//! known without a run, or is of a form that IAM has not, is no part of them, and no rule fires because of it.

mod conditions;
mod escalation;
mod external_id;
mod form;
mod identity;
mod limits;
mod mfa;
mod narrowing;
mod oidc;
mod principals;
mod subject;

pub(super) use external_id::weakness as guess;

use super::finding::Findings;
use crate::policy::read::{Fault, Kind, Reading, Statement, read};
use crate::value::{Reason, Value};

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
    pub(super) statements: Vec<Statement>,
    /// Why there may be statements besides these.
    pub(super) unknown: Vec<Reason>,
    /// What IAM would refuse.
    faults: Vec<Fault>,
    pub(super) kept: Kept,
    /// Whether its holder has a permissions boundary.
    pub(super) bounded: bool,
    /// Whether those who get in are known to read alone.
    pub(super) only_reads: bool,
    /// Names that an external ID must not be: of the target, the role, the organization.
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
    conditions::network_as_text,
    mfa::deny_that_misses,
];

/// Rules for trust policies.
const TRUST: &[Rule] = &[
    principals::anyone,
    principals::whole_account,
    principals::by_unique_id,
    principals::deleted,
    principals::user,
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
        value.get("Statement").map(|_| Self::of_kind(value, Kind::of(value)))
    }

    fn of_kind(value: &'v Value, kind: Kind) -> Self {
        let Reading { statements, unknown, faults } = read(value, kind);
        Self {
            kind,
            value,
            statements,
            unknown,
            faults,
            kept: Kept::Somehow,
            only_reads: false,
            bounded: false,
            names: Vec::new(),
            measured: false,
        }
    }

    /// Says of which kind it is, whatever it looks like.
    pub(super) fn be(&mut self, kind: Kind) {
        if self.kind != kind {
            *self = Self::of_kind(self.value, kind);
        }
    }

    pub(super) fn allows(&self) -> impl Iterator<Item = &Statement> {
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
