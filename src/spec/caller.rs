//! Callers as they are written: one record, whose keys depend on its `kind`.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::model::{
    Audience, CallerId, ClaimPattern, CloudName, EnterpriseSlug, Hostname, IssuerUrl, PermissionSetName,
    PrincipalName, ProjectPath, RefPattern, Region, RepositoryName, RoleMatch, WorkspacePattern, words,
};
use crate::yaml::{Data, Decode, Decoder, Located, Meaning, View, record};

words! {
    /// What kind of principal a caller is.
    pub enum CallerKind: "a kind of caller" {
        /// Everyone in A whose identity policy allows it.
        Account = "account",
        /// One IAM user.
        IamUser = "iam_user",
        /// One IAM role.
        Role = "role",
        /// The people who have a permission set of IAM Identity Center.
        Sso = "sso",
        /// A workflow of GitHub Actions.
        GithubActions = "github_actions",
        /// A pipeline of GitLab.
        Gitlab = "gitlab",
        /// A workspace of HCP Terraform or Terraform Enterprise.
        HcpTerraform = "hcp_terraform",
        /// A workload with tokens of any other OIDC provider.
        Oidc = "oidc",
    }
}

words! {
    /// What a workspace of HCP Terraform does in a run.
    pub enum RunPhase: "a phase of a run" {
        /// It plans.
        Plan = "plan",
        /// It applies.
        Apply = "apply",
    }
}

record! {
    /// Someone who assumes the roles.
    #[schemars(extend("required" = ["kind"]))]
    pub struct CallerSpec {
        /// What kind of principal it is.
        pub kind: CallerKind,
        /// By which roles name it; left out, the last part of `name`, the permission set in lower case, or `account`.
        /// Kinds with tokens must give one: their role in A is called after it.
        pub id: CallerId,
        /// `iam_user`, `role`: path and name.
        pub name: PrincipalName,
        /// `account`, `iam_user`: whether the caller must have used MFA; nobody else ever can.
        #[schemars(extend("default" = false))]
        pub mfa: bool,
        /// `role`: how trust policies name it. With `principal_arn` a recreated role of the same name may enter again.
        #[schemars(extend("default" = "arn"))]
        pub r#match: RoleMatch,
        /// `sso`: the permission set.
        pub permission_set: PermissionSetName,
        /// `sso`: the region of IAM Identity Center; left out, that of `source`.
        pub region: Region,
        /// `github_actions`: owner and name.
        pub repository: RepositoryName,
        /// `github_actions`: the repository's id, which stays when it is renamed; with `owner_id`.
        pub repository_id: NumericId,
        /// `github_actions`: the id of the repository's owner; with `repository_id`.
        pub owner_id: NumericId,
        /// `github_actions`, `gitlab`: the environment of the job.
        pub environment: RefPattern,
        /// `github_actions`, `gitlab`: the branch.
        pub branch: RefPattern,
        /// `github_actions`, `gitlab`: the tag.
        pub tag: RefPattern,
        /// `github_actions`: pull requests, whose code nobody has reviewed.
        #[schemars(extend("default" = false))]
        pub pull_request: bool,
        /// `github_actions`: the enterprise that has an issuer of its own.
        pub enterprise: EnterpriseSlug,
        /// `github_actions`: the host at GHE.com or of GitHub Enterprise Server; `gitlab`, `hcp_terraform`: that of your own
        /// server.
        pub host: Hostname,
        /// `gitlab`: groups and name of the project; `hcp_terraform`: the project.
        pub project: ProjectSpec,
        /// `gitlab`: the project's id, which stays when it is renamed.
        pub project_id: NumericId,
        /// `hcp_terraform`: the organization.
        pub organization: CloudName,
        /// `hcp_terraform`: the workspace, or the beginning of its name and a `*`.
        pub workspace: WorkspacePattern,
        /// `hcp_terraform`: `plan` or `apply`; left out, both.
        pub run_phase: RunPhase,
        /// `oidc`: the URL of the provider.
        pub issuer: IssuerUrl,
        /// `gitlab`: left out, the URL of the provider; `oidc`: required.
        pub audience: Audience,
        /// `oidc`: subjects, any one of which will do; a `*` stands for any text.
        pub subject: OneOrMore,
        /// `oidc`: further claims that AWS compares, each with its values.
        #[schemars(extend("default" = {}))]
        pub claims: BTreeMap<String, Located<OneOrMore>>,
    }
}

/// An id that is a number, with or without quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumericId(String);

impl NumericId {
    /// Its digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Decode for NumericId {
    fn decode(cx: &mut Decoder<'_>, view: View<'_, '_>) -> Option<Self> {
        match &view.node.data {
            Data::Scalar(scalar)
                if matches!(scalar.meaning(), Meaning::Integer | Meaning::Text) && is_id(&scalar.text) =>
            {
                Some(Self(scalar.text.to_string()))
            }
            _ => {
                cx.expected(view, "an id of digits, without a leading zero", "it looks like `123456789`");
                None
            }
        }
    }
}

fn is_id(text: &str) -> bool {
    (1..=20).contains(&text.len()) && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl JsonSchema for NumericId {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "NumericId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "integer"], "pattern": "^[1-9][0-9]{0,19}$", "minimum": 1 })
    }
}

/// A project of GitLab or of HCP Terraform; which of the two, its caller's `kind` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectSpec(String);

impl ProjectSpec {
    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Decode for ProjectSpec {
    fn decode(cx: &mut Decoder<'_>, view: View<'_, '_>) -> Option<Self> {
        use crate::model::{ProjectName, Text as _};
        let text = String::decode(cx, view)?;
        if ProjectPath::parse(&text).is_ok() || ProjectName::parse(&text).is_ok() {
            return Some(Self(text));
        }
        let help = "for GitLab groups and name, as in `acme/infra`; for HCP Terraform the project's name";
        cx.expected(view, "a project", help);
        None
    }
}

impl JsonSchema for ProjectSpec {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ProjectSpec".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "minLength": 1 })
    }
}

/// Values of a claim: one, or a list.
#[derive(Debug, Clone)]
pub struct OneOrMore(pub Vec<Located<ClaimPattern>>);

impl Decode for OneOrMore {
    fn decode(cx: &mut Decoder<'_>, view: View<'_, '_>) -> Option<Self> {
        if matches!(view.node.data, Data::Sequence(_)) {
            return Decode::decode(cx, view).map(Self);
        }
        let value = ClaimPattern::decode(cx, view)?;
        Some(Self(vec![Located { value, at: view.node.at, inherited: false }]))
    }
}

impl JsonSchema for OneOrMore {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "OneOrMore".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = ClaimPattern::json_schema(generator);
        json_schema!({ "oneOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
    }
}
