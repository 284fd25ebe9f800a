//! Who assumes the roles: users and roles of A, people of IAM Identity Center, and pipelines with OIDC tokens.

use std::collections::{BTreeMap, BTreeSet};

use super::{Audience, CallerId, IssuerUrl, PermissionSetName, PrincipalName, Region, RoleName, words};

/// Someone who assumes the roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// By which roles name it; unique, also without regard to case and punctuation.
    pub id: CallerId,
    /// Who it is to IAM.
    pub identity: CallerIdentity,
}

/// Who a caller is to IAM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallerIdentity {
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
        /// How trust policies name it.
        match_by: RoleMatch,
    },
    /// The people of A who have a permission set of IAM Identity Center.
    PermissionSet {
        /// Its name.
        name: PermissionSetName,
        /// The region of Identity Center, where it is said.
        region: Option<Region>,
    },
    /// A workload with tokens of an OIDC provider, which enters through a role in A.
    Federated(Federated),
}

words! {
    /// How a trust policy names a role.
    pub enum RoleMatch: "a way to name a role" {
        /// By its ARN, which IAM keeps as the id of the role that has it now.
        Arn = "arn",
        /// By its account and `aws:PrincipalArn`, which a recreated role has again.
        PrincipalArn = "principal_arn",
    }
}

words! {
    /// What issues the tokens of a federated caller.
    pub enum Platform: "a platform" {
        /// GitHub Actions: github.com, an enterprise's own issuer, GHE.com, or a server of one's own.
        GithubActions = "github_actions",
        /// GitLab: gitlab.com, or a server of one's own.
        Gitlab = "gitlab",
        /// HCP Terraform, or Terraform Enterprise.
        HcpTerraform = "hcp_terraform",
        /// Any other issuer.
        Oidc = "oidc",
    }
}

/// A workload with tokens of an OIDC provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Federated {
    /// What runs it.
    pub platform: Platform,
    /// What it is, in words: `GitHub Actions, acme/infra, environment production`.
    pub described: String,
    /// Who issues its tokens.
    pub issuer: IssuerUrl,
    /// The audience of its tokens.
    pub audience: Audience,
    /// The subjects of its tokens, any one of which will do; with `*` where a part is open.
    pub subjects: BTreeSet<String>,
    /// Further claims, by the name of the claim, each of which must have one of its values.
    pub claims: BTreeMap<String, BTreeSet<String>>,
    /// The role in A that it enters through.
    pub role_name: RoleName,
}

impl Caller {
    /// Whether it is everyone in A whose identity policy allows it.
    #[must_use]
    pub fn is_account(&self) -> bool {
        matches!(self.identity, CallerIdentity::Account { .. })
    }

    /// The workload that it is, if it is one.
    #[must_use]
    pub fn federated(&self) -> Option<&Federated> {
        match &self.identity {
            CallerIdentity::Federated(federated) => Some(federated),
            _ => None,
        }
    }

    /// Whether the caller itself asks for MFA.
    #[must_use]
    pub fn mfa(&self) -> bool {
        match self.identity {
            CallerIdentity::Account { mfa } | CallerIdentity::IamUser { mfa, .. } => mfa,
            CallerIdentity::Role { .. }
            | CallerIdentity::PermissionSet { .. }
            | CallerIdentity::Federated(_) => false,
        }
    }

    /// Whether its requests can carry MFA at all.
    ///
    /// Source: "temporary credentials returned by `AssumeRole` do not include MFA information"
    /// (IAM User Guide); those of Identity Center and of web identities do not either.
    #[must_use]
    pub fn can_carry_mfa(&self) -> bool {
        matches!(self.identity, CallerIdentity::Account { .. } | CallerIdentity::IamUser { .. })
    }

    /// Whether its own credentials are a session, so that the role is assumed by way of a chain: one hour at most.
    #[must_use]
    pub fn is_session(&self) -> bool {
        !self.can_carry_mfa()
    }

    /// Who it is, in words: `user terraform`.
    #[must_use]
    pub fn described(&self) -> String {
        match &self.identity {
            CallerIdentity::Account { .. } => "anyone in A".to_owned(),
            CallerIdentity::IamUser { name, .. } => format!("user {name}"),
            CallerIdentity::Role { name, .. } => format!("role {name}"),
            CallerIdentity::PermissionSet { name, .. } => format!("people with the permission set {name}"),
            CallerIdentity::Federated(federated) => federated.described.clone(),
        }
    }
}
