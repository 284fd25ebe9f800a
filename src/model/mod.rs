//! What the spec means, in types that cannot hold a mistake.
//!
//! Responsible for the newtypes with AWS's own limits and for [`Fleet`], in which every default is
//! filled in and every reference resolved. Refuses to know how any of it was written: nothing here
//! is optional because it "has not been decided yet".

mod arn;
mod aws_config;
mod bucket;
mod caller;
mod caller_name;
mod date;
mod duration;
pub(crate) mod file_name;
mod fleet;
mod layout;
mod managed_policy;
mod name;
mod pipelines;
mod place;
mod role;
mod source;
mod stack_set;
mod tag;
pub(crate) mod text;
pub mod version;

pub use arn::{ArnParts, KeyArn, PolicyArn, RoleArn};
pub use aws_config::{AwsConfig, ConfigName, MfaSerial, RoleProfile, SetProfile, SsoSession, StartUrl};
pub use bucket::{BucketName, BucketPrefix, KeyPrefix};
pub use caller::{Caller, CallerIdentity, Federated, Platform, RoleMatch};
pub use caller_name::{
    Audience, CallerId, ClaimPattern, EnterpriseSlug, InstanceArn, IssuerUrl, PermissionSetName, ProjectPath,
    RefPattern, RepositoryName, RoleKey, SpecName, WorkspacePattern,
};
pub use date::Date;
pub use duration::Duration;
pub use fleet::*;
pub use layout::{Layout, SINGLE_ROOT};
pub use managed_policy::ManagedPolicy;
pub use name::{
    CloudName, Description, ExternalId, Hostname, PolicyName, PrincipalName, ProfileName, ProjectName,
    RoleName, RolePath, SessionName, SourceIdentity, SourceName, TargetName, VersionConstraint,
};
pub use pipelines::{InstallCommand, Pipeline, PipelineCaller, Pipelines};
pub use place::{AccountId, OrganizationId, Partition, Region};
pub use role::{GivenTrust, MfaRule, Role, RoleCallers, Roles};
pub use source::{Credentials, OidcProviders, SourceAccount};
pub use stack_set::{CallAs, OrganizationalUnitId, StackSet};
pub use tag::{TagKey, TagValue};
pub(crate) use text::words;
pub use text::{Invalid, Text};
pub use version::Version;
