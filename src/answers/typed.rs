//! What `init` asks about, in types that cannot hold a mistake.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{CallerAnswer, Draft};
use crate::model::{
    AccountId, BucketName, CallerId, CloudName, Credentials, ExternalId, Hostname, OrganizationId, Partition,
    PolicyArn, ProfileName, ProjectName, Region, RoleArn, RoleKey, RoleName, SourceName, SpecName, TagKey,
    TagValue, TargetName,
};
use crate::spec::Ownership;

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
    /// A CloudFormation stack, from a template.
    CloudFormation,
    /// The stack set of Account A.
    StackSet,
    /// Nobody: the role is there.
    Existing,
}

/// The roles of a target, as they were answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RolesAnswer {
    /// One for all callers, with these policies.
    One(Vec<PolicyArn>),
    /// One that applies, and one that plans.
    ApplyAndPlan {
        /// The one that Terraform uses when nothing is said.
        apply: RoleAnswer,
        /// The one that only reads.
        plan: RoleAnswer,
    },
    /// Those of `defaults`, by their keys.
    Inherited(Vec<RoleKey>),
}

/// One of two roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleAnswer {
    /// Who may assume it.
    pub callers: Vec<CallerId>,
    /// What it may do.
    pub policy_arns: Vec<PolicyArn>,
}

/// Everything, as it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// What everything begins with that is created in A.
    pub name: Option<SpecName>,
    /// Account A.
    pub source: SourceAnswers,
    /// Where Terraform keeps its state.
    pub backend: BackendAnswer,
    /// Tags of everything that is created.
    pub default_tags: BTreeMap<TagKey, TagValue>,
    /// Accounts B.
    pub targets: Vec<TargetAnswers>,
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
    /// Further regions.
    pub regions: Vec<Region>,
    /// What the caller has to name.
    pub external_id: Option<ExternalId>,
    /// Its roles.
    pub roles: RolesAnswer,
    /// Who creates the role.
    pub bootstrap: BootstrapAnswer,
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
        if !self.regions.is_empty() {
            value["regions"] = json!(self.regions);
        }
        self.write_roles(&mut value);
        if let Some(bootstrap) = self.bootstrap() {
            value["bootstrap"] = bootstrap;
        }
        value
    }

    fn write_roles(&self, target: &mut Value) {
        match &self.roles {
            RolesAnswer::One(policy_arns) => {
                let role = self.role(policy_arns);
                if !role.is_empty() {
                    target["role"] = role.into();
                }
            }
            RolesAnswer::ApplyAndPlan { apply, plan } => {
                let named = [("apply", "TerraformApply", apply), ("plan", "TerraformPlan", plan)];
                for (key, name, answer) in named {
                    let mut role = self.role(&answer.policy_arns);
                    role.insert("name".to_owned(), name.into());
                    role.insert("callers".to_owned(), json!(answer.callers));
                    target["roles"][key] = role.into();
                }
                target["default_role"] = "apply".into();
            }
            RolesAnswer::Inherited(keys) if self.external_id.is_some() => {
                let roles = keys.iter().map(|key| (key.to_string(), Value::Object(self.role(&[]))));
                target["roles"] = Value::Object(roles.collect());
            }
            RolesAnswer::Inherited(_) => {}
        }
    }

    /// What a role has that nothing else says.
    fn role(&self, policy_arns: &[PolicyArn]) -> Map<String, Value> {
        let mut role = Map::new();
        if let Some(id) = &self.external_id {
            role.insert("external_id".to_owned(), json!(id));
        }
        if !policy_arns.is_empty() && self.bootstrap != BootstrapAnswer::Existing {
            role.insert("policy_arns".to_owned(), json!(policy_arns));
        }
        role
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
            BootstrapAnswer::CloudFormation => Some(json!({ "from": "cloudformation" })),
            BootstrapAnswer::StackSet => Some(json!({ "from": "stack_set" })),
            BootstrapAnswer::Existing => Some(json!({ "from": "existing" })),
        }
    }
}

impl Answers {
    /// The draft that these answers make.
    #[must_use]
    pub fn draft(&self) -> Draft {
        let targets: Value = self.targets.iter().map(TargetAnswers::to_value).collect();
        let mut root = json!({ "source": self.source.to_value(), "targets": targets });
        if let Some(name) = &self.name {
            root["name"] = json!(name);
        }
        if !self.default_tags.is_empty() {
            let tags = self.default_tags.iter().map(|(key, value)| (key.to_string(), json!(value)));
            root["terraform"] = json!({ "default_tags": tags.collect::<Map<_, _>>() });
        }
        if let Some(backend) = self.backend.to_value() {
            root["terraform"]["backend"] = backend;
        }
        Draft::of(root)
    }
}
