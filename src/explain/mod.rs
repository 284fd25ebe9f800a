//! Who may assume the role of a target, and whether the spec says so.
//!
//! Responsible for the callers that matter (each declared one, with and without what the role asks
//! for; others of A; strangers), for what the spec expects of each, and for asking the evaluator.
//! Refuses to read or print: it is given a trust policy as it will stand on disk, and returns rows.

mod callers;
mod documents;
mod principal;
mod probe;
mod scenario;

use crate::model::{Fleet, SourceAccount, Target, TargetName};
use crate::policy::evaluate::{
    self, Decision, Excess, Kind, Known, Policy, Principal, Request, Verdict, excesses,
};
use crate::policy::{self, assume_policies};
use probe::Probe;
use scenario::Scenario;

pub use documents::{Origin, Standing, TrustTexts, Unknown, can_hold_role, trust_texts};
pub use principal::{Answer, Asker, Declared};
pub use probe::Attached;

/// What the callers that matter may do with the role of one target.
#[derive(Debug, Clone)]
pub struct Matrix {
    /// The target.
    pub target: TargetName,
    /// Its account.
    pub account_id: String,
    /// The ARN of the role.
    pub role_arn: String,
    /// The file that was judged, where it is not just what the program built.
    pub judged: Option<Judged>,
    /// Where else it is said who may assume the role, in a way that was not followed.
    pub unknown: Vec<String>,
    /// One per caller and circumstances.
    pub rows: Vec<Row>,
    /// What the trust policy allows beyond what the spec asks for: nothing, if it was proven to allow no more.
    pub excesses: Vec<Excess>,
    /// What the role may do beyond what the spec asks for, or for longer.
    pub permissions: Vec<Grant>,
}

/// Something that a file gives to a role.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The file.
    pub file: String,
    /// What.
    pub what: String,
}

/// A trust policy that somebody had a part in.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The file.
    pub file: String,
    /// Who wrote it.
    pub author: Author,
}

/// Who wrote a trust policy that is not just what the program built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// The templates alone.
    Templates,
    /// A person, who edited it or wrote it anew.
    Person,
    /// Nobody here: a role that exists already has it in AWS.
    Aws,
}

/// One caller under given circumstances.
#[derive(Debug, Clone)]
pub struct Row {
    /// Who, in words: `user terraform`.
    pub who: String,
    /// What they ask for, as IAM sees it.
    pub request: Request,
    /// With what, in words: `MFA, external id`.
    pub with: Vec<String>,
    /// What is attached to them.
    pub attached: Attached,
    /// What the spec says.
    pub expected: Decision,
    /// What the policies say.
    pub verdict: Verdict,
    /// Whether A's own policies decide: the trust policy lets in whomever they let out.
    pub delegated: bool,
}

impl Row {
    /// Whether the policies do what the spec says.
    #[must_use]
    pub fn is_as_expected(&self) -> bool {
        self.verdict.decision == self.expected
    }
}

impl Matrix {
    /// Whether the policies are known and do what the spec says, for every caller.
    #[must_use]
    pub fn is_as_expected(&self) -> bool {
        self.unknown.is_empty()
            && self.excesses.is_empty()
            && self.permissions.is_empty()
            && self.rows.iter().all(Row::is_as_expected)
    }

    /// The callers for whom they do not.
    pub fn mismatches(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| !row.is_as_expected())
    }
}

/// A fleet whose callers are asked about: A's policies, read once for all targets.
#[derive(Debug)]
pub struct AccessAudit<'f> {
    fleet: &'f Fleet,
    identity: Vec<Policy>,
}

impl<'f> AccessAudit<'f> {
    /// Reads the identity policies that the callers in A are given.
    #[must_use]
    pub fn new(fleet: &'f Fleet) -> Self {
        // A fleet whose roles fit into no policies was refused before; here it means that nobody is
        // let out of A.
        let documents = assume_policies(fleet).map(|policies| policies.documents).unwrap_or_default();
        let read = |document: &policy::Document| read(document, Kind::Identity);
        Self { fleet, identity: documents.values().filter_map(read).collect() }
    }

    /// The trust policy that the spec asks for.
    #[must_use]
    pub fn trust_of(&self, target: &Target) -> Policy {
        let document = policy::trust_policy(&self.fleet.source, target);
        read(&document, Kind::Trust).unwrap_or_default()
    }

    /// The answer where no trust policy is known, for these reasons.
    #[must_use]
    pub fn not_known(&self, target: &Target, unknown: Vec<String>) -> Matrix {
        Matrix {
            target: target.name.clone(),
            account_id: target.account_id.to_string(),
            role_arn: target.role_arn(self.fleet.source.partition),
            judged: None,
            unknown,
            rows: Vec::new(),
            excesses: Vec::new(),
            permissions: Vec::new(),
        }
    }

    /// Asks about every caller that matters to a target, under a trust policy.
    #[must_use]
    pub fn matrix(&self, target: &Target, trust: &Policy) -> Matrix {
        let source = &self.fleet.source;
        let role_arn = target.role_arn(source.partition);
        let own = self.identity_about(&role_arn);
        let scenario = Scenario { source, target, role_arn: &role_arn };
        let ask = |probe: Probe| {
            let request = scenario.request(&probe);
            let identity = match probe.attached {
                Attached::Generated => Some(own.as_slice()),
                Attached::Nothing => Some(&[] as &[Policy]),
                Attached::Anything => None,
            };
            Row {
                verdict: evaluate::decide(trust, identity, &request),
                who: probe.who,
                request,
                with: probe.with,
                attached: probe.attached,
                expected: probe.expected,
                delegated: probe.delegated,
            }
        };
        let rows = callers::probes(&scenario).into_iter().map(ask).collect();
        Matrix { rows, excesses: self.excesses(target, trust), ..self.not_known(target, Vec::new()) }
    }

    /// How the spec declares a principal.
    #[must_use]
    pub fn declared(&self, principal: &Principal) -> Declared {
        Declared::of(&self.fleet.source, principal)
    }

    /// Asks about one principal, under a trust policy.
    #[must_use]
    pub fn ask(&self, target: &Target, trust: &Policy, asker: &Asker) -> Answer {
        let role_arn = target.role_arn(self.fleet.source.partition);
        let has_generated = self.declared(&asker.principal) == Declared::ByItself;
        let generated = has_generated.then(|| self.identity_about(&role_arn));
        let identity = asker.own.as_ref().or(generated.as_ref());
        let scenario = Scenario { source: &self.fleet.source, target, role_arn: &role_arn };
        principal::ask(&scenario, asker, trust, identity.map(Vec::as_slice))
    }

    /// The callers' generated policies, as far as they can matter to a role.
    fn identity_about(&self, role_arn: &str) -> Vec<Policy> {
        self.identity.iter().map(|policy| policy.about(role_arn)).collect()
    }

    /// What a trust policy of a target's role allows beyond what the spec asks for.
    #[must_use]
    pub fn excesses(&self, target: &Target, trust: &Policy) -> Vec<Excess> {
        let role_arn = target.role_arn(self.fleet.source.partition);
        let SourceAccount { account_id, organization_id, .. } = &self.fleet.source;
        let member = organization_id.as_ref().map(|id| (account_id.as_str(), id.as_str()));
        let known = Known { role: &role_arn, member };
        excesses(trust.statements(), self.trust_of(target).statements(), known)
    }

    /// The same of the policy that a role which exists already is said to have.
    #[must_use]
    pub fn excesses_of_existing(&self, target: &Target) -> Vec<Excess> {
        let given = target.role.trust_policy.as_ref();
        let policy = given.and_then(|given| Policy::parse(&given.text, Kind::Trust).ok());
        policy.map(|policy| self.excesses(target, &policy)).unwrap_or_default()
    }
}

/// A document of our own as the evaluator sees it.
fn read(document: &policy::Document, kind: Kind) -> Option<Policy> {
    Policy::from_value(&serde_json::to_value(document).ok()?, kind).ok()
}
