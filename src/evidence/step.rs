//! One step of a verification.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::secrets;
use crate::diagnostic::words::one_line;

/// The most characters of what a program said.
const LONGEST_DETAIL: usize = 1000;

/// One step: a request or a run of Terraform, with what was expected and what was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// What was tried.
    pub step: StepName,
    /// The role that it is about.
    pub role_arn: String,
    /// What the spec lets one expect.
    pub expected: Expected,
    /// What was seen, in the words of `expected`, or what happened instead; null if the step was not taken.
    #[serde(default)]
    pub seen: Option<String>,
    /// Whether that is what was expected.
    pub outcome: StepOutcome,
    /// What the program said, or why the step was not taken. Never a credential.
    #[serde(default)]
    pub detail: Option<String>,
    /// The ID that AWS gave the request, where there is one request and its ID is known.
    #[serde(default)]
    pub request_id: Option<String>,
    /// When it began, in UTC (RFC 3339).
    pub started: String,
    /// How long it took, retries included.
    pub duration_ms: u64,
}

/// What a step tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    /// The role is assumed with everything that the spec declares.
    Assume,
    /// The session is in the target account.
    Identity,
    /// The role is assumed as declared, but by a session without MFA.
    WithoutMfa,
    /// The role is assumed without its external ID.
    WithoutExternalId,
    /// The role is assumed with another external ID.
    OtherExternalId,
    /// The role is assumed with a session tag that is not declared.
    UndeclaredTag,
    /// The role is assumed by a principal that the spec does not declare: its own session.
    Stranger,
    /// A role that does not list this caller is assumed.
    NotListed,
    /// A role that only reads creates a bucket.
    ReadOnly,
    /// `terraform init` in a copy of the workload root.
    Init,
    /// `terraform test` in it.
    Test,
    /// `terraform apply` of the verification bucket.
    Apply,
    /// The bucket is in the target account.
    FoundInTarget,
    /// The bucket is not in the source account.
    NotFoundInSource,
    /// `terraform destroy` of the verification bucket.
    Destroy,
}

/// What the spec lets one expect of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// AWS allows the request.
    Allowed,
    /// AWS refuses the request.
    Refused,
    /// The thing is there.
    Found,
    /// The thing is not there.
    NotFound,
    /// The program succeeds.
    Passes,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    /// What was expected was seen.
    Ok,
    /// Something else was seen, or nothing that decides it.
    Failed,
    /// It was not taken, for the reason in `detail`.
    Skipped,
    /// The run was interrupted.
    Interrupted,
}

impl Step {
    /// Says what a program said: on one line, not too long, and without credentials.
    pub fn tell(&mut self, said: &str) {
        let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = one_line(secrets::hide(&line).into_owned());
        let mut short: String = line.chars().take(LONGEST_DETAIL).collect();
        if short.len() < line.len() {
            short.push('…');
        }
        self.detail = Some(short).filter(|text| !text.is_empty());
    }
}

impl StepName {
    /// What is tried, for people: `assume the role as declared`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Assume => "assume the role as declared",
            Self::Identity => "the session is in the target account",
            Self::WithoutMfa => "refused without MFA",
            Self::WithoutExternalId => "refused without the external ID",
            Self::OtherExternalId => "refused with another external ID",
            Self::UndeclaredTag => "refused with an undeclared session tag",
            Self::Stranger => "refused to a principal that is not declared",
            Self::NotListed => "refused by a role that does not list this caller",
            Self::ReadOnly => "a read-only role cannot create a bucket",
            Self::Init => "terraform init",
            Self::Test => "terraform test",
            Self::Apply => "terraform apply of the verification bucket",
            Self::FoundInTarget => "the bucket is in the target account",
            Self::NotFoundInSource => "the bucket is not in the source account",
            Self::Destroy => "terraform destroy of the verification bucket",
        }
    }

    /// The word of the evidence file: `without_external_id`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Assume => "assume",
            Self::Identity => "identity",
            Self::WithoutMfa => "without_mfa",
            Self::WithoutExternalId => "without_external_id",
            Self::OtherExternalId => "other_external_id",
            Self::UndeclaredTag => "undeclared_tag",
            Self::Stranger => "stranger",
            Self::NotListed => "not_listed",
            Self::ReadOnly => "read_only",
            Self::Init => "init",
            Self::Test => "test",
            Self::Apply => "apply",
            Self::FoundInTarget => "found_in_target",
            Self::NotFoundInSource => "not_found_in_source",
            Self::Destroy => "destroy",
        }
    }

    /// What is expected of it.
    #[must_use]
    pub fn expected(self) -> Expected {
        match self {
            Self::Assume => Expected::Allowed,
            Self::WithoutMfa
            | Self::WithoutExternalId
            | Self::OtherExternalId
            | Self::UndeclaredTag
            | Self::Stranger
            | Self::NotListed
            | Self::ReadOnly => Expected::Refused,
            Self::FoundInTarget => Expected::Found,
            Self::NotFoundInSource => Expected::NotFound,
            Self::Identity | Self::Init | Self::Test | Self::Apply | Self::Destroy => Expected::Passes,
        }
    }
}

impl Expected {
    /// The word of the evidence file: `not_found`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Refused => "refused",
            Self::Found => "found",
            Self::NotFound => "not_found",
            Self::Passes => "passes",
        }
    }
}
