//! What there is to say, as values: made once, and the same in every form of the report.

mod budgets;
mod changes;
mod class;
mod conditions;
mod findings;
mod groups;
mod role;
mod terraform;
mod tried;

use serde::Serialize;

use crate::policy::evaluate::Decision;

pub use budgets::{budgets, sessions};
pub use changes::{ChangedLine, Changes, changed_lines};
pub use class::Class;
pub use findings::{findings, waivers};
pub use groups::{Groups, targets};
pub use role::{RoleRead, entry, role};
pub use terraform::terraform;
pub use tried::tried;

/// The version of the JSON form. A key that is added leaves it as it is.
const VERSION: u32 = 1;

/// Everything that a report says.
#[derive(Debug, Clone, Serialize)]
pub struct Facts {
    /// The version of this form.
    pub version: u32,
    /// The version of the program.
    pub crossrole: &'static str,
    /// The day, in UTC.
    pub made: String,
    /// What was looked at.
    pub subject: Subject,
    /// The worst of all verdicts.
    pub verdict: Verdict,
    /// The verdict on each target.
    pub targets: Vec<TargetFact>,
    /// The roles in A through which callers enter with tokens.
    pub hops: Vec<RoleGroup>,
    /// The roles that are assumed; those with the same trust together.
    pub roles: Vec<RoleGroup>,
    /// What is different from an earlier commit.
    pub changes: Option<Changes>,
    /// What `verify` tried and saw.
    pub evidence: Option<TriedFact>,
    /// What is close to a limit of AWS, or over it.
    pub budgets: Vec<Budget>,
    /// How long the sessions of callers last.
    pub sessions: Vec<SessionFact>,
    /// What is accepted, and until when.
    pub waivers: Vec<WaiverFact>,
    /// What `lint` finds.
    pub findings: Vec<FindingFact>,
    /// What belongs to no role, and could not be read.
    pub not_known: Vec<String>,
}

impl Facts {
    /// A report with nothing in it yet.
    #[must_use]
    pub fn new(subject: Subject, made: String) -> Self {
        Self {
            version: VERSION,
            crossrole: env!("CARGO_PKG_VERSION"),
            made,
            subject,
            verdict: Verdict::AsDeclared,
            targets: Vec::new(),
            hops: Vec::new(),
            roles: Vec::new(),
            changes: None,
            evidence: None,
            budgets: Vec::new(),
            sessions: Vec::new(),
            waivers: Vec::new(),
            findings: Vec::new(),
            not_known: Vec::new(),
        }
    }

    /// Sets the verdict on everything, from all that is there.
    #[must_use]
    pub fn judged(mut self) -> Self {
        let best =
            if matches!(self.subject, Subject::Spec { .. }) { Verdict::AsDeclared } else { Verdict::Read };
        let of_groups = self.hops.iter().chain(&self.roles).map(|group| group.shape.verdict);
        let of_targets = self.targets.iter().map(|target| target.verdict);
        let unread = (!self.not_known.is_empty()).then_some(Verdict::NotKnown);
        self.verdict = of_groups.chain(of_targets).chain(unread).max().unwrap_or(best);
        self
    }

    /// Those who are let in and are not declared, each once.
    pub fn strangers(&self) -> impl Iterator<Item = &Entrant> {
        let groups = self.hops.iter().chain(&self.roles);
        groups.flat_map(|group| &group.shape.entrants).filter(|entrant| !entrant.is_declared)
    }
}

/// What was looked at.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Subject {
    /// A spec, and the folder that is generated from it.
    Spec {
        /// The name of its file.
        file: String,
        /// The name that it gives itself.
        name: String,
        /// Account A.
        source: SourceFact,
        /// The targets that the report is limited to.
        only: Vec<String>,
        /// Whether a generated folder was judged, or what would be generated.
        is_generated: bool,
    },
    /// A folder with Terraform.
    Terraform {
        /// The folder, as it was named.
        folder: String,
    },
}

/// Account A.
#[derive(Debug, Clone, Serialize)]
pub struct SourceFact {
    /// What it is called.
    pub name: String,
    /// Its id.
    pub account_id: String,
    /// The organization that trust policies demand.
    pub organization_id: Option<String>,
}

/// How something stands to what is declared; the last is the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It does what the spec says, and nothing else.
    AsDeclared,
    /// It was read in full; there is no spec to compare it with.
    Read,
    /// Something of it could not be read.
    NotKnown,
    /// It does something else than the spec says.
    Differs,
}

/// A target with its verdict.
#[derive(Debug, Clone, Serialize)]
pub struct TargetFact {
    /// Its name.
    pub name: String,
    /// Its account.
    pub account_id: String,
    /// Whether the account is somebody else's.
    pub third_party: bool,
    /// Whether it is on its way out.
    pub retired: bool,
    /// The worst of its roles, and of what was tried there.
    pub verdict: Verdict,
    /// What `verify` came to, where there is evidence.
    pub tried: Option<&'static str>,
}

/// Roles with the same trust and the same permissions.
#[derive(Debug, Clone, Serialize)]
pub struct RoleGroup {
    /// What they have in common.
    #[serde(flatten)]
    pub shape: RoleShape,
    /// Where they are.
    pub members: Vec<Member>,
}

/// One role of a group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Member {
    /// The target; for a role in A the caller; for Terraform the file and the line.
    pub target: String,
    /// The account, where it is known.
    pub account_id: Option<String>,
    /// The name of the role.
    pub role: String,
}

/// All that is said of a role but where it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RoleShape {
    /// How it stands to what is declared.
    pub verdict: Verdict,
    /// Whether the account is somebody else's.
    pub third_party: bool,
    /// Whether the target is on its way out.
    pub retired: bool,
    /// By which the spec knows it among several.
    pub key: Option<String>,
    /// Who is let in.
    pub entrants: Vec<Entrant>,
    /// What its permissions come to.
    pub class: Class,
    /// The policies that it has.
    pub policies: Vec<String>,
    /// What bounds its permissions.
    pub boundary: Option<String>,
    /// How long its sessions may last.
    pub longest_session: Option<String>,
    /// What was asked, and the answers.
    pub answers: Vec<Answer>,
    /// What is not as the spec says.
    pub problems: Vec<String>,
    /// What could not be read.
    pub not_known: Vec<String>,
}

/// Somebody who is let in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Entrant {
    /// Who, in words.
    pub who: String,
    /// The caller of the spec.
    pub caller: Option<String>,
    /// Whether the spec declares them; always so where there is no spec.
    pub is_declared: bool,
    /// Under which conditions, in words.
    pub conditions: Vec<String>,
    /// The statement that lets them in.
    pub statement: String,
}

/// One request, made up, and how the policies answer it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Answer {
    /// Who asks.
    pub who: String,
    /// The caller of the spec.
    pub caller: Option<String>,
    /// With what.
    pub with: Vec<String>,
    /// What the spec says.
    pub expected: &'static str,
    /// What the policies say.
    pub decision: &'static str,
    /// The statement that decides, or what is missing.
    pub why: String,
}

impl Answer {
    /// Whether the policies do what the spec says.
    #[must_use]
    pub fn is_as_expected(&self) -> bool {
        self.expected == self.decision
    }

    /// Whether the request is allowed.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.decision == Decision::Allow.as_str()
    }
}

/// How much of a limit is used.
#[derive(Debug, Clone, Serialize)]
pub struct Budget {
    /// Of what.
    pub what: String,
    /// How much is used.
    pub used: usize,
    /// The limit of AWS.
    pub limit: usize,
    /// What is counted.
    pub unit: &'static str,
    /// Where it is used most.
    pub place: String,
}

/// How long a caller's sessions last.
#[derive(Debug, Clone, Serialize)]
pub struct SessionFact {
    /// The caller.
    pub caller: String,
    /// Who it is, in words.
    pub who: String,
    /// Roles on the way: one, or two where it enters A through a role.
    pub roles: usize,
    /// The longest that a session can last.
    pub longest: String,
    /// Why.
    pub why: &'static str,
}

/// A finding that is accepted for a while.
#[derive(Debug, Clone, Serialize)]
pub struct WaiverFact {
    /// The finding.
    pub id: String,
    /// What the finding is about.
    pub title: String,
    /// The target, where it is about one.
    pub target: Option<String>,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it is.
    pub last_day: String,
    /// Whether that day is over.
    pub is_over: bool,
}

/// What `lint` finds by one rule.
#[derive(Debug, Clone, Serialize)]
pub struct FindingFact {
    /// The rule.
    pub id: String,
    /// `error`, `warning` or `note`.
    pub level: &'static str,
    /// What the rule is about.
    pub title: String,
    /// How often it was found.
    pub count: usize,
    /// The first of them.
    pub places: Vec<FindingPlace>,
}

/// Where something was found.
#[derive(Debug, Clone, Serialize)]
pub struct FindingPlace {
    /// What.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
    /// The file and the line, where there is one.
    pub place: Option<String>,
}

/// What `verify` tried and saw.
#[derive(Debug, Clone, Serialize)]
pub struct TriedFact {
    /// Evidence files that were read.
    pub files: usize,
    /// Whether all of them are of the present text of the spec.
    pub is_of_this_spec: bool,
    /// Whether all of their runs came to their end.
    pub is_complete: bool,
    /// When the first run began.
    pub started: String,
    /// When the last one ended.
    pub ended: Option<String>,
    /// Who ran them.
    pub callers: Vec<String>,
    /// With which programs.
    pub tools: Vec<String>,
    /// What is to be known before anything of it is believed.
    pub remarks: Vec<String>,
    /// How many targets came to what.
    pub outcomes: Vec<OutcomeCount>,
    /// The steps; those that read the same together.
    pub steps: Vec<StepFact>,
    /// What may have been left in accounts.
    pub may_exist: Vec<String>,
}

/// How many targets came to something.
#[derive(Debug, Clone, Serialize)]
pub struct OutcomeCount {
    /// What.
    pub outcome: &'static str,
    /// How many.
    pub targets: usize,
}

/// One step, and the targets at which it is the same.
#[derive(Debug, Clone, Serialize)]
pub struct StepFact {
    /// What was tried.
    pub step: &'static str,
    /// What was expected.
    pub expected: &'static str,
    /// What was seen.
    pub seen: String,
    /// `ok`, `failed`, `skipped` or `interrupted`.
    pub outcome: &'static str,
    /// Where.
    pub targets: Vec<String>,
}
