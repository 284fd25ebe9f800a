//! The roles in B.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::{
    Caller, CallerId, Description, Duration, ExternalId, PolicyArn, PolicyName, RoleKey, RoleName, RolePath,
    TagKey, TagValue,
};

/// A role in B.
#[derive(Debug, Clone)]
pub struct Role {
    /// By which the spec knows it; `None` where a target has one role without a key.
    pub key: Option<RoleKey>,
    /// Its name.
    pub name: RoleName,
    /// Its path.
    pub path: RolePath,
    /// Its description.
    pub description: Description,
    /// Who can assume it.
    pub callers: RoleCallers,
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

/// Who of the source's callers may assume a role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoleCallers {
    /// All of them.
    All,
    /// These.
    Only(BTreeSet<CallerId>),
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
    /// What a CloudFormation template calls it: letters and digits alone.
    #[must_use]
    pub fn logical_id(&self) -> String {
        let Some(key) = &self.key else { return "CrossAccountRole".to_owned() };
        let capital = |part: &str| {
            let mut letters = part.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        };
        key.as_str().split(['-', '_']).map(capital).chain(["Role".to_owned()]).collect()
    }

    /// Whether this caller must have used MFA to assume the role.
    #[must_use]
    pub fn demands_mfa_of(&self, caller: &Caller) -> bool {
        match self.mfa {
            MfaRule::AsCallersSay => caller.mfa(),
            MfaRule::Always => true,
            MfaRule::Never => false,
        }
    }

    /// Whether this caller may assume the role.
    #[must_use]
    pub fn admits(&self, caller: &Caller) -> bool {
        match &self.callers {
            RoleCallers::All => true,
            RoleCallers::Only(ids) => ids.contains(&caller.id),
        }
    }

    /// Whether all that is attached to it are policies of AWS that only read.
    #[must_use]
    pub fn only_reads(&self) -> bool {
        let reads = |arn: &PolicyArn| {
            arn.aws_name().is_some_and(|name| {
                let name = name.rsplit('/').next().unwrap_or(name);
                name.ends_with("ReadOnlyAccess") || ["ViewOnlyAccess", "SecurityAudit"].contains(&name)
            })
        };
        self.inline_policies.is_empty() && !self.policy_arns.is_empty() && self.policy_arns.iter().all(reads)
    }
}

/// The roles of a target: at least one, and one that is assumed when nothing is said.
#[derive(Debug, Clone)]
pub struct Roles {
    list: Vec<Role>,
    default: usize,
}

impl Roles {
    /// One role without a key.
    #[must_use]
    pub fn one(role: Role) -> Self {
        Self { list: vec![role], default: 0 }
    }

    /// Several by key, in the order of their keys; `None` if there is none of that key.
    #[must_use]
    pub fn several(list: Vec<Role>, default: &RoleKey) -> Option<Self> {
        let default = list.iter().position(|role| role.key.as_ref() == Some(default))?;
        Some(Self { list, default })
    }

    /// The one that Terraform assumes when nothing is said.
    #[must_use]
    pub fn default(&self) -> &Role {
        &self.list[self.default]
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Role> {
        self.list.iter()
    }

    /// Whether there is a choice.
    #[must_use]
    pub fn are_several(&self) -> bool {
        self.list.len() > 1
    }
}

impl<'r> IntoIterator for &'r Roles {
    type Item = &'r Role;
    type IntoIter = std::slice::Iter<'r, Role>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
