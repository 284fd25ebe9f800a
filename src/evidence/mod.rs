//! Evidence of a verification: what was tried in which account, what was expected, and what was seen.
//!
//! Responsible for the file that `crossrole verify` leaves and `crossrole report` reads: its types, its text, its JSON
//! Schema, and a reader that believes nothing. Refuses to hold a credential: no type here has a place for one, and every
//! text from outside goes through [`Step::tell`]. Refuses to read or write a file itself.

mod read;
mod step;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use read::{json_schema, read, to_text};
pub use step::{Expected, Step, StepName, StepOutcome};

/// The version of the format that this program writes, and the newest that it reads.
pub const VERSION: u32 = 1;

/// What one run of `crossrole verify` tried and saw. It is complete only if `complete` is true: a run that was killed
/// leaves what it had seen until then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(expecting = "evidence of `crossrole verify`")]
pub struct Evidence {
    /// Version of this format.
    pub version: u32,
    /// Version of crossrole that wrote it.
    pub crossrole: String,
    /// Versions of the programs that were run.
    pub tools: Tools,
    /// The spec that was verified.
    pub spec: SpecDigest,
    /// Who ran it.
    pub caller: CallerSeen,
    /// When the run began, in UTC (RFC 3339).
    pub started: String,
    /// When the run ended; null while it runs, or if it was killed.
    pub ended: Option<String>,
    /// Whether every target was tried to the end.
    pub complete: bool,
    /// The targets, in the order of their names.
    pub targets: Vec<TargetEvidence>,
}

/// Versions of the programs that were run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tools {
    /// Version of Terraform.
    pub terraform: String,
    /// Version of the AWS CLI.
    pub aws: String,
    /// Version of Terraform's AWS provider, once a root has been initialized; where roots use several, the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aws_provider: Option<String>,
}

/// The spec that was verified.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SpecDigest {
    /// Its name, without folders; `-` is stdin.
    pub file: String,
    /// SHA-256 of its text, in hexadecimal.
    pub sha256: String,
}

/// Who ran a verification, as AWS itself says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CallerSeen {
    /// Its ARN.
    pub arn: String,
    /// The account that its credentials belong to.
    pub account_id: String,
    /// The ID by which the spec declares it.
    pub id: String,
}

/// What was tried of one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TargetEvidence {
    /// Its name.
    pub name: String,
    /// Its account.
    pub account_id: String,
    /// What it came to.
    pub outcome: TargetOutcome,
    /// Why it was not tried, or not to the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The steps, in the order in which they were taken.
    pub steps: Vec<Step>,
    /// What the run may have left behind. Each entry is written before the thing is created, and removed once it is
    /// known to be gone.
    pub may_exist: Vec<Leftover>,
}

/// What a target came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetOutcome {
    /// Every step that was taken saw what was expected, and the role could be assumed.
    AsDeclared,
    /// At least one step saw something else.
    NotAsDeclared,
    /// Nothing is known of it: this caller cannot enter it, or the run ended before.
    NotTried,
    /// The run was interrupted while it was tried.
    Interrupted,
    /// It is being tried; in a file that nobody writes any more, the run was killed there.
    Running,
}

/// Something that a run may have left in an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Leftover {
    /// Its Terraform type: `aws_s3_bucket`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The account that it was meant for. Where the provider works in another account, it is there.
    pub account_id: String,
}

impl TargetEvidence {
    /// A target of which nothing is known yet.
    #[must_use]
    pub fn untried(name: impl Into<String>, account_id: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            account_id: account_id.into(),
            outcome: TargetOutcome::NotTried,
            reason: None,
            steps: Vec::new(),
            may_exist: Vec::new(),
        }
    }

    /// The steps that saw something else than was expected.
    pub fn failures(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.outcome == StepOutcome::Failed)
    }
}

impl Evidence {
    /// How many targets came to this.
    #[must_use]
    pub fn count(&self, outcome: TargetOutcome) -> usize {
        self.targets.iter().filter(|target| target.outcome == outcome).count()
    }

    /// Everything that may have been left in some account.
    pub fn may_exist(&self) -> impl Iterator<Item = &Leftover> {
        self.targets.iter().flat_map(|target| &target.may_exist)
    }
}

impl TargetOutcome {
    /// In words: `as declared`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::AsDeclared => "as declared",
            Self::NotAsDeclared => "not as declared",
            Self::NotTried => "not tried",
            Self::Interrupted => "interrupted",
            Self::Running => "running",
        }
    }
}
