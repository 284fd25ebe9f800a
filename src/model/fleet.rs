//! The source account and all its targets, as one value with nothing left to decide.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value as Json;

use super::{
    AccountId, ArnParts, AwsConfig, BucketName, CloudName, Duration, ExternalId, Hostname, KeyArn, KeyPrefix,
    Layout, Partition, Pipelines, PolicyArn, ProfileName, ProjectName, Region, Role, RoleArn, RoleName,
    Roles, SessionName, SourceAccount, SourceIdentity, SpecName, TagKey, TagValue, TargetName,
    VersionConstraint,
};
use crate::diagnostic::Span;

/// Account A, Terraform's settings, and every Account B.
#[derive(Debug, Clone)]
pub struct Fleet {
    /// What everything begins with that is created in A.
    pub name: SpecName,
    /// Account A.
    pub source: SourceAccount,
    /// What every root requires.
    pub terraform: Terraform,
    /// Accounts B, sorted by name.
    pub targets: Vec<Target>,
    /// What runs the roots.
    pub pipelines: Pipelines,
    /// AWS CLI profiles for people, where they are asked for.
    pub aws_config: Option<AwsConfig>,
}

/// What every root requires of Terraform, and where it keeps its state.
#[derive(Debug, Clone)]
pub struct Terraform {
    /// The versions of Terraform that may run the roots.
    pub required_version: VersionConstraint,
    /// The versions of the AWS provider that may be used.
    pub aws_provider: VersionConstraint,
    /// How many roots build in the targets.
    pub layout: Layout,
    /// Where each root keeps its state.
    pub backend: Backend,
    /// Tags of everything that is created.
    pub default_tags: BTreeMap<TagKey, TagValue>,
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
    /// Whether a root creates the bucket, and the role that reaches it.
    pub create: bool,
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
    /// The external ID that its trust policy asks for.
    pub external_id: Option<ExternalId>,
}

impl BackendRole {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.split().1
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &str {
        self.split().0
    }

    fn split(&self) -> (&str, &str) {
        let resource = ArnParts::split(self.role_arn.as_str()).map_or("", |arn| arn.resource);
        let resource = resource.strip_prefix("role").unwrap_or(resource);
        resource.split_at(resource.rfind('/').map_or(0, |slash| slash + 1))
    }
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
    /// Further regions, each with a provider of its own; none twice.
    pub regions: Vec<Region>,
    /// Tags of everything that is created there.
    pub tags: BTreeMap<TagKey, TagValue>,
    /// Whether it is somebody else's account.
    pub third_party: bool,
    /// The roles that are assumed.
    pub roles: Roles,
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
    /// Every role with its target.
    pub fn each_role(&self) -> impl Iterator<Item = TargetRole<'_>> {
        self.roles.iter().map(move |role| TargetRole { target: self, role })
    }

    /// The ARN of one of its roles.
    #[must_use]
    pub fn arn_of(&self, role: &Role, partition: Partition) -> String {
        let (account, Role { path, name, .. }) = (&self.account_id, role);
        format!("arn:{partition}:iam::{account}:role{path}{name}")
    }
}

/// One role of a target.
#[derive(Debug, Clone, Copy)]
pub struct TargetRole<'f> {
    /// The target.
    pub target: &'f Target,
    /// The role.
    pub role: &'f Role,
}

impl Fleet {
    /// Every role of every target.
    pub fn roles(&self) -> impl Iterator<Item = TargetRole<'_>> {
        self.targets.iter().flat_map(Target::each_role)
    }

    /// The targets whose roles the stack set creates: the same roles in all of them.
    pub fn stack_set_targets(&self) -> impl Iterator<Item = &Target> {
        self.targets.iter().filter(|target| target.bootstrap == Bootstrap::StackSet)
    }
}

impl TargetRole<'_> {
    /// Its ARN.
    #[must_use]
    pub fn arn(&self, partition: Partition) -> String {
        self.target.arn_of(self.role, partition)
    }
}

impl fmt::Display for TargetRole<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.role.key {
            Some(key) => write!(f, "{}, role {key}", self.target.name),
            None => self.target.name.fmt(f),
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
    /// Those of whoever creates a CloudFormation stack from a template, which is handed over.
    CloudFormation,
    /// CloudFormation's own, by the stack set of Account A.
    StackSet,
    /// Nobody's: the role exists.
    Existing,
}

impl Bootstrap {
    /// Whether a Terraform root of the target creates the roles.
    #[must_use]
    pub fn has_root(&self) -> bool {
        !matches!(self, Self::CloudFormation | Self::StackSet | Self::Existing)
    }
}
