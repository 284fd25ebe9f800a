//! The source account and all its targets, as one value with nothing left to decide.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::{
    AccountId, BucketName, CloudName, Description, Duration, ExternalId, Hostname, KeyArn, KeyPrefix,
    OrganizationId, Partition, PolicyArn, PolicyName, PrincipalName, ProfileName, ProjectName, Region,
    RoleArn, RoleName, RolePath, SessionName, SourceIdentity, SourceName, TagKey, TagValue, TargetName,
    VersionConstraint,
};
use crate::diagnostic::Span;

/// Account A, Terraform's settings, and every Account B.
#[derive(Debug, Clone)]
pub struct Fleet {
    /// Account A.
    pub source: SourceAccount,
    /// What every root requires.
    pub terraform: Terraform,
    /// Accounts B, sorted by name.
    pub targets: Vec<Target>,
}

/// Account A.
#[derive(Debug, Clone)]
pub struct SourceAccount {
    /// What it is called in comments.
    pub name: SourceName,
    /// Its id.
    pub account_id: AccountId,
    /// The partition of every account here.
    pub partition: Partition,
    /// Its organization, where trust policies are to demand it.
    pub organization_id: Option<OrganizationId>,
    /// Who assumes the roles; never empty, sorted, without duplicates.
    pub callers: BTreeSet<Caller>,
    /// How Terraform authenticates as A.
    pub credentials: Credentials,
}

/// Someone in A who assumes the roles.
///
/// A caller from outside A (OIDC, SSO) becomes a variant here; `policy::trust` is where it gets its
/// statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Caller {
    /// Everyone in A whose identity policy allows it.
    Account {
        /// Whether MFA is demanded.
        mfa: bool,
    },
    /// One IAM user.
    IamUser {
        /// Path and name.
        name: PrincipalName,
        /// Whether MFA is demanded.
        mfa: bool,
    },
    /// One IAM role. A role's session never carries MFA.
    Role {
        /// Path and name.
        name: PrincipalName,
    },
}

impl Caller {
    /// The ARN that stands for the caller in a trust policy.
    #[must_use]
    pub fn arn(&self, source: &SourceAccount) -> String {
        let (partition, account) = (source.partition, &source.account_id);
        match self {
            Self::Account { .. } => format!("arn:{partition}:iam::{account}:root"),
            Self::IamUser { name, .. } => format!("arn:{partition}:iam::{account}:user/{name}"),
            Self::Role { name } => format!("arn:{partition}:iam::{account}:role/{name}"),
        }
    }

    /// Whether the caller itself asks for MFA.
    #[must_use]
    pub fn mfa(&self) -> bool {
        match self {
            Self::Account { mfa } | Self::IamUser { mfa, .. } => *mfa,
            Self::Role { .. } => false,
        }
    }

    /// Whether its requests can carry MFA at all.
    ///
    /// Source: "temporary credentials returned by `AssumeRole` do not include MFA information"
    /// (IAM User Guide).
    #[must_use]
    pub fn can_carry_mfa(&self) -> bool {
        !matches!(self, Self::Role { .. })
    }
}

/// How Terraform authenticates as A.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// Whatever the AWS SDK finds by itself.
    Environment,
    /// A profile.
    Profile(ProfileName),
}

/// What every root requires of Terraform, and where it keeps its state.
#[derive(Debug, Clone)]
pub struct Terraform {
    /// The versions of Terraform that may run the roots.
    pub required_version: VersionConstraint,
    /// The versions of the AWS provider that may be used.
    pub aws_provider: VersionConstraint,
    /// Where each root keeps its state.
    pub backend: Backend,
}

/// Where each root keeps its state.
#[derive(Debug, Clone)]
pub enum Backend {
    /// A file beside the root.
    Local,
    /// A bucket.
    S3(S3Backend),
    /// HCP Terraform or Terraform Enterprise.
    Cloud(CloudBackend),
}

/// A bucket of states, one key per root.
#[derive(Debug, Clone)]
pub struct S3Backend {
    /// The bucket.
    pub bucket: BucketName,
    /// The bucket's region.
    pub region: Region,
    /// The folder in it.
    pub key_prefix: KeyPrefix,
    /// The key that encrypts the states.
    pub kms_key_id: Option<KeyArn>,
    /// The role that reaches the bucket.
    pub assume_role: Option<BackendRole>,
}

/// The role that reaches the state bucket.
#[derive(Debug, Clone)]
pub struct BackendRole {
    /// Its ARN.
    pub role_arn: RoleArn,
    /// The external id that its trust policy asks for.
    pub external_id: Option<ExternalId>,
}

/// HCP Terraform or Terraform Enterprise, one workspace per root.
#[derive(Debug, Clone)]
pub struct CloudBackend {
    /// The organization.
    pub organization: CloudName,
    /// The host; `None` is HCP Terraform.
    pub hostname: Option<Hostname>,
    /// The project that holds the workspaces.
    pub project: Option<ProjectName>,
    /// What the names of workspaces begin with.
    pub workspace_prefix: CloudName,
}

/// One Account B.
#[derive(Debug, Clone)]
pub struct Target {
    /// Unique; names the folder.
    pub name: TargetName,
    /// Its id.
    pub account_id: AccountId,
    /// The provider's region.
    pub region: Region,
    /// Whether it is somebody else's account.
    pub third_party: bool,
    /// The role that is assumed.
    pub role: Role,
    /// The provider's `assume_role` arguments.
    pub session: Session,
    /// The bucket that proves where things land, if there is to be one.
    pub bucket: Option<BucketName>,
    /// Whose credentials create the role.
    pub bootstrap: Bootstrap,
    /// Whether it is on its way out.
    pub retired: bool,
    /// Where the target stands in the spec.
    pub at: Span,
}

impl Target {
    /// The ARN of the role that is assumed.
    #[must_use]
    pub fn role_arn(&self, partition: Partition) -> String {
        let (account, path, name) = (&self.account_id, &self.role.path, &self.role.name);
        format!("arn:{partition}:iam::{account}:role{path}{name}")
    }
}

/// The role in B.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its name.
    pub name: RoleName,
    /// Its path.
    pub path: RolePath,
    /// Its description.
    pub description: Description,
    /// What the caller must name.
    pub external_id: Option<ExternalId>,
    /// Whether MFA is demanded.
    pub mfa: MfaRule,
    /// The longest session that it allows.
    pub max_session_duration: Duration,
    /// The managed policies attached to it.
    pub policy_arns: BTreeSet<PolicyArn>,
    /// Inline policies.
    pub inline_policies: BTreeMap<PolicyName, Json>,
    /// The managed policy that bounds it.
    pub permissions_boundary: Option<PolicyArn>,
    /// The trust policy of a role that exists already, where it is given.
    pub trust_policy: Option<GivenTrust>,
    /// Its tags.
    pub tags: BTreeMap<TagKey, TagValue>,
}

/// A trust policy that a role has in AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenTrust {
    /// The file that it was read from, relative to the spec.
    pub file: String,
    /// The policy's own text, which IAM accepts.
    pub text: String,
}

/// Whether a role demands MFA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MfaRule {
    /// Of the callers that ask for it themselves.
    AsCallersSay,
    /// Of everyone.
    Always,
    /// Of no one.
    Never,
}

impl Role {
    /// Whether this caller must have used MFA to assume the role.
    #[must_use]
    pub fn demands_mfa_of(&self, caller: &Caller) -> bool {
        match self.mfa {
            MfaRule::AsCallersSay => caller.mfa(),
            MfaRule::Always => true,
            MfaRule::Never => false,
        }
    }
}

/// The provider's `assume_role` arguments.
#[derive(Debug, Clone)]
pub struct Session {
    /// What CloudTrail in B calls the session.
    pub session_name: SessionName,
    /// How long each set of credentials is good for.
    pub duration: Option<Duration>,
    /// A policy that narrows the session.
    pub policy: Option<Json>,
    /// Managed policies of B that narrow the session.
    pub policy_arns: BTreeSet<PolicyArn>,
    /// Who is behind the session.
    pub source_identity: Option<SourceIdentity>,
    /// Session tags.
    pub tags: BTreeMap<TagKey, TagValue>,
    /// The session tags that stay in a chain of roles.
    pub transitive_tag_keys: BTreeSet<TagKey>,
}

/// Whose credentials create the role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bootstrap {
    /// A role that is there already.
    AssumeRole(RoleName),
    /// A profile.
    Profile(ProfileName),
    /// Whatever the AWS SDK finds by itself.
    Environment,
    /// Nobody's: the role exists.
    Existing,
}
