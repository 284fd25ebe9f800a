//! What `init` asks about, in types that cannot hold a mistake.

use serde_json::{Map, Value, json};

use super::Draft;
use crate::model::{
    AccountId, BucketName, CloudName, Credentials, ExternalId, Hostname, OrganizationId, Partition,
    PolicyArn, PrincipalName, ProfileName, ProjectName, Region, RoleArn, RoleName, SourceName, TargetName,
};
use crate::spec::Ownership;

/// A caller, as it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallerAnswer {
    /// Everyone in A whose identity policy allows it.
    Account {
        /// Whether MFA is demanded.
        mfa: bool,
    },
    /// One IAM user.
    User {
        /// Path and name.
        name: PrincipalName,
        /// Whether MFA is demanded.
        mfa: bool,
    },
    /// One IAM role.
    Role {
        /// Path and name.
        name: PrincipalName,
    },
}

/// Account A, as it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceAnswers {
    /// What it is called in comments.
    pub name: Option<SourceName>,
    /// Its id.
    pub account_id: AccountId,
    /// The partition of all accounts.
    pub partition: Partition,
    /// Its organization.
    pub organization_id: Option<OrganizationId>,
    /// Who assumes the roles.
    pub callers: Vec<CallerAnswer>,
    /// How Terraform authenticates as A.
    pub credentials: Credentials,
}

/// Where Terraform keeps its state, as it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BackendAnswer {
    /// In files beside the roots.
    Local,
    /// In a bucket.
    S3 {
        /// The bucket.
        bucket: BucketName,
        /// The bucket's region.
        region: Region,
        /// The role that reaches it, where A's own credentials do not.
        role_arn: Option<RoleArn>,
    },
    /// At HCP Terraform or Terraform Enterprise.
    Cloud {
        /// The organization.
        organization: CloudName,
        /// The host; `None` is HCP Terraform.
        hostname: Option<Hostname>,
        /// The project that holds the workspaces.
        project: Option<ProjectName>,
    },
}

/// Who creates the role, as it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BootstrapAnswer {
    /// A role that is in B already; `None` is the one that Organizations makes.
    AssumeRole(Option<RoleName>),
    /// A profile of the shared configuration files.
    Profile(ProfileName),
    /// What the environment holds.
    Environment,
    /// Nobody: the role is there.
    Existing,
}

/// One target, as it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetAnswers {
    /// Unique; names the folder.
    pub name: TargetName,
    /// Its id.
    pub account_id: AccountId,
    /// Where its resources go.
    pub region: Region,
    /// Whose account it is.
    pub ownership: Ownership,
    /// What the caller has to name.
    pub external_id: Option<ExternalId>,
    /// What the role may do.
    pub policy_arns: Vec<PolicyArn>,
    /// Who creates the role.
    pub bootstrap: BootstrapAnswer,
}

impl CallerAnswer {
    /// The caller as a spec writes it.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut value = match self {
            Self::Account { .. } => json!({ "kind": "account" }),
            Self::User { name, .. } => json!({ "kind": "iam_user", "name": name }),
            Self::Role { name } => json!({ "kind": "role", "name": name }),
        };
        if let Self::Account { mfa: true } | Self::User { mfa: true, .. } = self {
            value["mfa"] = true.into();
        }
        value
    }
}

impl SourceAnswers {
    /// Account A as a spec writes it; what is as it would be anyway is left out.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut value = json!({ "account_id": self.account_id });
        if let Some(name) = &self.name {
            value["name"] = json!(name);
        }
        if self.partition != Partition::Aws {
            value["partition"] = json!(self.partition);
        }
        if let Some(id) = &self.organization_id {
            value["organization_id"] = json!(id);
        }
        if !self.callers.is_empty() {
            value["callers"] = self.callers.iter().map(CallerAnswer::to_value).collect();
        }
        if let Credentials::Profile(profile) = &self.credentials {
            value["credentials"] = json!({ "from": "profile", "profile": profile });
        }
        value
    }
}

impl BackendAnswer {
    /// The backend as a spec writes it; `None` for the one that it would be anyway.
    #[must_use]
    pub fn to_value(&self) -> Option<Value> {
        match self {
            Self::Local => None,
            Self::S3 { bucket, region, role_arn } => {
                let value = json!({ "type": "s3", "bucket": bucket, "region": region });
                let role = role_arn.as_ref().map(|arn| json!({ "role_arn": arn }));
                Some(with(value, "assume_role", role))
            }
            Self::Cloud { organization, hostname, project } => {
                let value = json!({ "type": "cloud", "organization": organization });
                Some(with(with(value, "hostname", hostname.as_ref()), "project", project.as_ref()))
            }
        }
    }
}

/// The mapping with a key more, if there is something to say of it.
fn with(mut value: Value, key: &str, part: Option<impl serde::Serialize>) -> Value {
    if let Some(part) = part {
        value[key] = json!(part);
    }
    value
}

impl TargetAnswers {
    /// The target as a spec writes it; what is as it would be anyway is left out.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut value = json!({ "name": self.name, "account_id": self.account_id, "region": self.region });
        if self.ownership != Ownership::Organization {
            value["ownership"] = json!(self.ownership);
        }
        let mut role = Map::new();
        if let Some(id) = &self.external_id {
            role.insert("external_id".to_owned(), json!(id));
        }
        if !self.policy_arns.is_empty() && self.bootstrap != BootstrapAnswer::Existing {
            role.insert("policy_arns".to_owned(), json!(self.policy_arns));
        }
        if !role.is_empty() {
            value["role"] = role.into();
        }
        if let Some(bootstrap) = self.bootstrap() {
            value["bootstrap"] = bootstrap;
        }
        value
    }

    /// The target with what defaults of a spec could say otherwise: nothing is left out.
    #[must_use]
    pub fn to_full_value(&self) -> Value {
        let mut value = self.to_value();
        value["ownership"] = json!(self.ownership);
        value["bootstrap"] = match &self.bootstrap {
            BootstrapAnswer::AssumeRole(None) => {
                json!({ "from": "assume_role", "role": "OrganizationAccountAccessRole" })
            }
            BootstrapAnswer::Environment => json!({ "from": "environment" }),
            _ => value["bootstrap"].take(),
        };
        value
    }

    /// How the role is created, unless it is as the ownership suggests.
    fn bootstrap(&self) -> Option<Value> {
        match &self.bootstrap {
            BootstrapAnswer::AssumeRole(None) if self.ownership == Ownership::Organization => None,
            BootstrapAnswer::AssumeRole(None) => Some(json!({ "from": "assume_role" })),
            BootstrapAnswer::AssumeRole(Some(role)) => Some(json!({ "from": "assume_role", "role": role })),
            BootstrapAnswer::Profile(profile) => Some(json!({ "from": "profile", "profile": profile })),
            BootstrapAnswer::Environment if self.ownership == Ownership::ThirdParty => None,
            BootstrapAnswer::Environment => Some(json!({ "from": "environment" })),
            BootstrapAnswer::Existing => Some(json!({ "from": "existing" })),
        }
    }
}

impl Draft {
    /// The draft that these answers make.
    #[must_use]
    pub fn answered(source: &SourceAnswers, backend: &BackendAnswer, targets: &[TargetAnswers]) -> Self {
        let targets: Value = targets.iter().map(TargetAnswers::to_value).collect();
        let mut root = json!({ "source": source.to_value(), "targets": targets });
        if let Some(backend) = backend.to_value() {
            root["terraform"] = json!({ "backend": backend });
        }
        Self::of(root)
    }
}
