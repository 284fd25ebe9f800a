//! Account A: its callers, and how Terraform authenticates there.

use std::fmt::Display;

use super::{
    AccountId, Caller, CallerId, CallerIdentity, Federated, InstanceArn, OrganizationId, Partition,
    ProfileName, Region, Role, RoleMatch, SourceName, StackSet, words,
};

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
    /// The region of the root that runs in A.
    pub region: Region,
    /// Who assumes the roles; never empty, sorted by id, without duplicates.
    pub callers: Vec<Caller>,
    /// The instance of IAM Identity Center whose permission sets are given their policies.
    pub identity_center: Option<InstanceArn>,
    /// Whether the OIDC providers of federated callers are created.
    pub oidc_providers: OidcProviders,
    /// What creates the roles of targets with `bootstrap.from: stack_set`.
    pub stack_set: Option<StackSet>,
    /// How Terraform authenticates as A.
    pub credentials: Credentials,
}

impl SourceAccount {
    /// The caller of an id.
    #[must_use]
    pub fn caller(&self, id: &CallerId) -> Option<&Caller> {
        self.callers.iter().find(|caller| caller.id == *id)
    }

    /// Who can assume a role.
    pub fn callers_of<'s>(&'s self, role: &'s Role) -> impl Iterator<Item = &'s Caller> {
        self.callers.iter().filter(|caller| role.admits(caller))
    }

    /// Whether OIDC providers are created in A.
    #[must_use]
    pub fn makes_oidc_providers(&self) -> bool {
        self.oidc_providers == OidcProviders::Create
            && self.callers.iter().any(|caller| caller.federated().is_some())
    }

    /// The ARN that stands for a caller in a trust policy, alone or with [`SourceAccount::principal_arn_of`].
    #[must_use]
    pub fn arn_of(&self, caller: &Caller) -> String {
        match &caller.identity {
            CallerIdentity::Account { .. }
            | CallerIdentity::PermissionSet { .. }
            | CallerIdentity::Role { match_by: RoleMatch::PrincipalArn, .. } => self.arn("root"),
            CallerIdentity::IamUser { name, .. } => self.arn(format_args!("user/{name}")),
            CallerIdentity::Role { name, .. } => self.arn(format_args!("role/{name}")),
            CallerIdentity::Federated(federated) => self.role_of(federated),
        }
    }

    /// What `aws:PrincipalArn` must be, and the operator that compares it, where the principal is the account.
    ///
    /// Identity Center names its roles itself, with sixteen random characters at the end, and puts its region into
    /// their path unless that is `us-east-1`; nobody else can make roles below `aws-reserved/`.
    #[must_use]
    pub fn principal_arn_of(&self, caller: &Caller) -> Option<(&'static str, String)> {
        match &caller.identity {
            CallerIdentity::Role { name, match_by: RoleMatch::PrincipalArn } => {
                Some(("ArnEquals", self.arn(format_args!("role/{name}"))))
            }
            CallerIdentity::PermissionSet { name, .. } => {
                let path = "role/aws-reserved/sso.amazonaws.com*";
                Some(("ArnLike", self.arn(format_args!("{path}/AWSReservedSSO_{name}_????????????????"))))
            }
            CallerIdentity::Account { .. }
            | CallerIdentity::IamUser { .. }
            | CallerIdentity::Role { .. }
            | CallerIdentity::Federated(_) => None,
        }
    }

    /// The ARN of the role in A that a workload enters through.
    #[must_use]
    pub fn role_of(&self, federated: &Federated) -> String {
        self.arn(format_args!("role/{}", federated.role_name))
    }

    /// The ARN of the provider in A that knows the tokens of a workload.
    #[must_use]
    pub fn provider_of(&self, federated: &Federated) -> String {
        self.arn(format_args!("oidc-provider/{}", federated.issuer.host()))
    }

    fn arn(&self, resource: impl Display) -> String {
        format!("arn:{}:iam::{}:{resource}", self.partition, self.account_id)
    }
}

words! {
    /// Whether the OIDC providers of federated callers are created.
    pub enum OidcProviders: "what becomes of OIDC providers" {
        /// One per issuer.
        Create = "create",
        /// They are in A already.
        Existing = "existing",
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
