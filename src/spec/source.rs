//! The parts of the spec about Account A and about Terraform itself.

use std::collections::BTreeMap;

use super::CallerSpec;
use crate::model::{
    AccountId, BucketName, CallAs, CloudName, ExternalId, Hostname, InstanceArn, KeyArn, KeyPrefix, Layout,
    OidcProviders, OrganizationId, OrganizationalUnitId, Partition, ProfileName, ProjectName, Region,
    RoleArn, SourceName, TagValue, VersionConstraint, words,
};
use crate::yaml::{Located, record};

record! {
    /// Account A.
    #[schemars(extend("required" = ["account_id"]))]
    pub struct SourceSpec {
        /// What the account is called in comments.
        #[schemars(extend("default" = "source"))]
        pub name: SourceName,
        /// Its twelve digits, between quotes.
        pub account_id: AccountId,
        /// The partition of every account here.
        #[schemars(extend("default" = "aws"))]
        pub partition: Partition,
        /// Its organization; if given, every trust policy demands it (`aws:PrincipalOrgID`).
        pub organization_id: OrganizationId,
        /// The region of the root that runs in A; left out, the partition's first.
        pub region: Region,
        /// Who assumes the roles.
        #[schemars(extend("default" = [{"kind": "account"}], "minItems" = 1))]
        pub callers: Vec<Located<CallerSpec>>,
        /// IAM Identity Center, where the permission sets of `sso` callers are to be given their policies.
        pub identity_center: IdentityCenterSpec,
        /// Whether the OIDC providers of federated callers are created, one per issuer, or exist already.
        #[schemars(extend("default" = "create"))]
        pub oidc_providers: OidcProviders,
        /// The stack set that creates the roles of targets with `bootstrap: {from: stack_set}`.
        pub stack_set: StackSetSpec,
        /// How Terraform authenticates as A.
        pub credentials: CredentialsSpec,
    }
}

record! {
    /// IAM Identity Center.
    #[schemars(extend("required" = ["instance_arn"]))]
    pub struct IdentityCenterSpec {
        /// Its instance, which has to be Account A's to manage.
        pub instance_arn: InstanceArn,
    }
}

record! {
    /// A CloudFormation stack set, which creates the same roles in every account of the organization's units.
    #[schemars(extend("required" = ["organizational_units"]))]
    pub struct StackSetSpec {
        /// The units, such as `ou-ab12-c3d4e5f6`, or `r-ab12` for the whole organization. Accounts that join them later get
        /// the roles, too; the management account never does.
        #[schemars(extend("minItems" = 1, "uniqueItems" = true))]
        pub organizational_units: Vec<Located<OrganizationalUnitId>>,
        /// `self` where A is the management account, `delegated_admin` where it is a member that may manage stack sets.
        #[schemars(extend("default" = "self"))]
        pub call_as: CallAs,
        /// Whether the roles stay in an account that leaves the units. A could then still enter it.
        #[schemars(extend("default" = false))]
        pub retain_on_removal: bool,
    }
}

words! {
    /// Where Terraform finds the credentials of A.
    pub enum CredentialsFrom: "a source of credentials" {
        /// Environment variables, or whatever else the AWS SDK finds by itself.
        Environment = "environment",
        /// A profile of the shared configuration files.
        Profile = "profile",
    }
}

record! {
    /// How Terraform authenticates as A. Never with keys in a file.
    pub struct CredentialsSpec {
        /// `environment` or `profile`.
        #[schemars(extend("default" = "environment"))]
        pub from: CredentialsFrom,
        /// The profile's name, with `from: profile`.
        pub profile: ProfileName,
    }
}

record! {
    /// What every generated root requires of Terraform, and where it keeps its state.
    pub struct TerraformSpec {
        /// The versions of Terraform that may run the roots; `>= 1.11.0` where the backend is `s3`, `>= 1.14.0` where it is in
        /// `aws-eusc`.
        #[schemars(extend("default" = ">= 1.7.0"))]
        pub required_version: VersionConstraint,
        /// The versions of the AWS provider that may be used; `>= 6.16.0, < 7.0.0` in `aws-eusc`.
        #[schemars(extend("default" = ">= 5.67.0, < 7.0.0"))]
        pub aws_provider: VersionConstraint,
        /// Whether each account has a workload root, `accounts/<target>/workload`, or all share one, `workload`, with an aliased
        /// provider per account.
        #[schemars(extend("default" = "roots"))]
        pub layout: Layout,
        /// Where each root keeps its state.
        pub backend: BackendSpec,
        /// Tags of everything that is created, in every account.
        #[schemars(extend("default" = {}, "maxProperties" = 50))]
        pub default_tags: BTreeMap<String, Located<TagValue>>,
    }
}

words! {
    /// A kind of state storage.
    pub enum BackendType: "a backend" {
        /// A file beside the root.
        Local = "local",
        /// A bucket.
        S3 = "s3",
        /// HCP Terraform or Terraform Enterprise.
        Cloud = "cloud",
    }
}

record! {
    /// Where each root keeps its state: one state per root, whatever the type.
    pub struct BackendSpec {
        /// `local`, `s3` or `cloud`.
        #[schemars(extend("default" = "local"))]
        pub r#type: BackendType,
        /// s3: whether a root, `state/`, creates the bucket and the role of `assume_role` in Account A.
        #[schemars(extend("default" = false))]
        pub create: bool,
        /// s3: the bucket.
        pub bucket: BucketName,
        /// s3: the bucket's region.
        pub region: Region,
        /// s3: the folder in the bucket; left out, keys begin with the spec's `name`.
        pub key_prefix: KeyPrefix,
        /// s3: the key that encrypts the states; left out, the bucket's own default does.
        pub kms_key_id: KeyArn,
        /// s3: a role that may reach the bucket, where A's own credentials may not.
        pub assume_role: BackendRoleSpec,
        /// cloud: the organization.
        pub organization: CloudName,
        /// cloud: the host of Terraform Enterprise; left out, HCP Terraform.
        pub hostname: Hostname,
        /// cloud: the project that holds the workspaces.
        pub project: ProjectName,
        /// cloud: what the names of workspaces begin with; left out, the spec's `name`.
        pub workspace_prefix: CloudName,
    }
}

record! {
    /// The role that reaches the state bucket.
    #[schemars(extend("required" = ["role_arn"]))]
    pub struct BackendRoleSpec {
        /// Its ARN.
        pub role_arn: RoleArn,
        /// The external id that its trust policy asks for.
        pub external_id: ExternalId,
    }
}
