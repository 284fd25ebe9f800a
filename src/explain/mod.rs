//! Who can assume the role of a target, and whether the spec says so.
//!
//! Responsible for the callers that matter (each declared one, with and without what the role asks
//! for; those that the role does not list; others of A; strangers), for what the spec expects of each, and for
//! asking the evaluator. The same for the roles in A that workloads enter through, where tokens are what matters.
//! Refuses to read or print: it is given a trust policy as it will stand on disk, and returns rows.

mod callers;
mod documents;
mod entry;
mod matrix;
mod principal;
mod probe;
mod scenario;
mod stack_set;
mod template;

use std::collections::BTreeMap;

use crate::model::{CallerId, Fleet, SourceAccount, TargetRole};
use crate::policy::evaluate::{self, Decision, Excess, Kind, Known, Policy, Principal, excesses};
use crate::policy::{self, assume_policies};
use probe::Probe;
use scenario::Scenario;

pub use documents::{Origin, RoleDocument, Standing, TrustTexts, Unknown, can_hold_role, trust_texts};
pub use entry::Entry;
pub use matrix::{Author, Grant, Judged, Matrix, RoleOf, Row};
pub use principal::{Answer, Asker, Declared};
pub use probe::Attached;
pub use stack_set::stack_set_texts;

/// A fleet whose callers are asked about: A's policies, read once for all targets.
#[derive(Debug)]
pub struct AccessAudit<'f> {
    fleet: &'f Fleet,
    identity: BTreeMap<CallerId, Vec<Policy>>,
}

impl<'f> AccessAudit<'f> {
    /// Reads the identity policies that the callers in A are given.
    #[must_use]
    pub fn new(fleet: &'f Fleet) -> Self {
        // A fleet whose roles fit into no policies was refused before; here it means that nobody is
        // let out of A.
        let policies = assume_policies(fleet).unwrap_or_default();
        let read = |document: &policy::Document| read(document, Kind::Identity);
        let read = policies.iter().map(|(caller, policies)| {
            (caller.clone(), policies.documents.values().filter_map(read).collect())
        });
        Self { fleet, identity: read.collect() }
    }

    /// The trust policy that the spec asks for.
    #[must_use]
    pub fn trust_of(&self, TargetRole { target, role }: TargetRole<'_>) -> Policy {
        let document = policy::trust_policy(&self.fleet.source, &target.session, role);
        read(&document, Kind::Trust).unwrap_or_default()
    }

    /// The answer where no trust policy is known, for these reasons.
    #[must_use]
    pub fn not_known(&self, one: TargetRole<'_>, unknown: Vec<String>) -> Matrix {
        let of = RoleOf::Target(one.target.name.clone(), one.role.key.clone());
        let (account_id, arn) = (one.target.account_id.to_string(), one.arn(self.fleet.source.partition));
        Matrix::not_known(of, account_id, arn, unknown)
    }

    /// Asks about every caller that matters to a role, under a trust policy.
    #[must_use]
    pub fn matrix(&self, one: TargetRole<'_>, trust: &Policy) -> Matrix {
        let source = &self.fleet.source;
        let role_arn = one.arn(source.partition);
        let own = self.identities_about(&role_arn);
        let scenario = Scenario { source, target: one.target, role: one.role, role_arn: &role_arn };
        let ask = |probe: Probe| {
            let request = scenario.request(&probe);
            let identity = match probe.attached {
                Attached::Generated => Some(
                    probe.caller.as_ref().and_then(|caller| own.get(caller)).map_or(&[][..], Vec::as_slice),
                ),
                Attached::Nothing => Some(&[] as &[Policy]),
                Attached::Anything => None,
            };
            Row {
                verdict: evaluate::decide(trust, identity, &request),
                who: probe.who,
                caller: probe.caller,
                request,
                with: probe.with,
                attached: probe.attached,
                expected: probe.expected,
                delegated: probe.delegated,
            }
        };
        let rows = callers::probes(&scenario).into_iter().map(ask).collect();
        Matrix { rows, excesses: self.excesses(one, trust), ..self.not_known(one, Vec::new()) }
    }

    /// How the spec declares a principal.
    #[must_use]
    pub fn declared(&self, principal: &Principal) -> Declared {
        Declared::of(&self.fleet.source, principal)
    }

    /// Asks about one principal, under a trust policy.
    #[must_use]
    pub fn ask(&self, one: TargetRole<'_>, trust: &Policy, asker: &Asker) -> Answer {
        let source = &self.fleet.source;
        let role_arn = one.arn(source.partition);
        let has_generated = self.declared(&asker.principal) == Declared::ByItself;
        let generated = has_generated.then(|| {
            let mut own = self.identities_about(&role_arn);
            let meant =
                principal::callers_meant(source, &asker.principal).filter(|caller| !caller.is_account());
            meant.filter_map(|caller| own.remove(&caller.id)).flatten().collect()
        });
        let identity = asker.own.as_ref().or(generated.as_ref());
        let scenario = Scenario { source, target: one.target, role: one.role, role_arn: &role_arn };
        principal::ask(&scenario, asker, trust, identity.map(Vec::as_slice))
    }

    /// Each caller's generated policies, as far as they can matter to a role.
    fn identities_about(&self, role_arn: &str) -> BTreeMap<&CallerId, Vec<Policy>> {
        let about = |policies: &Vec<Policy>| policies.iter().map(|policy| policy.about(role_arn)).collect();
        self.identity.iter().map(|(caller, policies)| (caller, about(policies))).collect()
    }

    /// What a trust policy of a role allows beyond what the spec asks for.
    #[must_use]
    pub fn excesses(&self, one: TargetRole<'_>, trust: &Policy) -> Vec<Excess> {
        self.beyond(&one.arn(self.fleet.source.partition), trust, &self.trust_of(one))
    }

    /// What a trust policy of a role allows beyond another.
    fn beyond(&self, role: &str, trust: &Policy, asked_for: &Policy) -> Vec<Excess> {
        let SourceAccount { account_id, organization_id, .. } = &self.fleet.source;
        let member = organization_id.as_ref().map(|id| (account_id.as_str(), id.as_str()));
        excesses(trust.statements(), asked_for.statements(), Known { role, member })
    }

    /// The callers that enter A with tokens.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'f>> {
        Entry::all(self.fleet)
    }

    /// The answer about the role in A that a caller enters through where its trust policy is not known.
    #[must_use]
    pub fn entry_not_known(&self, entry: Entry<'_>, unknown: Vec<String>) -> Matrix {
        Matrix::not_known(entry.whose(), self.fleet.source.account_id.to_string(), entry.role_arn(), unknown)
    }

    /// Asks about every token that matters to the role in A that a caller enters through, under a trust policy.
    #[must_use]
    pub fn entry_matrix(&self, entry: Entry<'_>, trust: &Policy) -> Matrix {
        let asked_for = read(&entry.trust_policy(), Kind::Trust).unwrap_or_default();
        let excesses = self.beyond(&entry.role_arn(), trust, &asked_for);
        let rows = entry::rows(entry, trust);
        let is_tried = rows.iter().any(|row| row.expected == Decision::Allow);
        let unknown = (!is_tried).then(|| "no token of this caller can be made up".to_owned());
        Matrix { rows, excesses, ..self.entry_not_known(entry, unknown.into_iter().collect()) }
    }

    /// The same of the policy that a role which exists already is said to have.
    #[must_use]
    pub fn excesses_of_existing(&self, one: TargetRole<'_>) -> Vec<Excess> {
        let given = one.role.trust_policy.as_ref();
        let policy = given.and_then(|given| Policy::parse(&given.text, Kind::Trust).ok());
        policy.map(|policy| self.excesses(one, &policy)).unwrap_or_default()
    }
}

/// A document of our own as the evaluator sees it.
fn read(document: &policy::Document, kind: Kind) -> Option<Policy> {
    Policy::from_value(&serde_json::to_value(document).ok()?, kind).ok()
}
