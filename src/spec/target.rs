//! The parts of the spec about Accounts B.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::diagnostic::Diagnostic;
use crate::model::{
    AccountId, BucketName, BucketPrefix, CallerId, Description, Duration, ExternalId, PolicyArn, PolicyName,
    ProfileName, Region, RoleKey, RoleName, RolePath, SessionName, SourceIdentity, TagValue, TargetName,
    Text, words,
};
use crate::yaml::{Data, Decode, Decoder, Located, View, record};

words! {
    /// Whose account a target is.
    pub enum Ownership: "an ownership" {
        /// Ours: a member of our own organization.
        Organization = "organization",
        /// Somebody else's: an external id is expected, and the bootstrap root is handed over.
        ThirdParty = "third_party",
    }
}

words! {
    /// Where a target stands in its life.
    pub enum State: "a state" {
        /// In use.
        Active = "active",
        /// On its way out: resources are dropped, provider and role stay until they are destroyed.
        Retired = "retired",
    }
}

record! {
    /// One account B.
    #[schemars(extend("required" = ["name", "account_id"]))]
    pub struct TargetSpec {
        /// Unique; names the folder.
        pub name: TargetName,
        /// Its twelve digits, between quotes.
        pub account_id: AccountId,
        /// The provider's region; left out, the partition's first.
        pub region: Region,
        /// Further regions, each with a provider of the same role.
        #[schemars(extend("default" = []))]
        pub regions: Vec<Located<Region>>,
        /// Tags of everything that is created there, beside `terraform.default_tags`.
        #[schemars(extend("default" = {}, "maxProperties" = 50))]
        pub tags: BTreeMap<String, Located<TagValue>>,
        /// Whose account it is.
        #[schemars(extend("default" = "organization"))]
        pub ownership: Ownership,
        /// The role that is assumed.
        pub role: Box<RoleSpec>,
        /// Instead of `role`, several by key.
        pub roles: BTreeMap<String, Located<RoleSpec>>,
        /// The key of the role that Terraform assumes when nothing is said; required where there are several.
        pub default_role: RoleKey,
        /// The provider's `assume_role` arguments.
        pub session: Box<SessionSpec>,
        /// The bucket that proves where things land.
        pub verification: VerificationSpec,
        /// B's own credentials, for the root that creates the role.
        pub bootstrap: BootstrapSpec,
        /// `active` or `retired`.
        #[schemars(extend("default" = "active"))]
        pub state: State,
    }
}

record! {
    /// What lies under every target. Names, accounts and states belong to targets alone.
    pub struct TargetDefaults {
        /// The provider's region; left out, the partition's first.
        pub region: Region,
        /// Further regions, each with a provider of the same role.
        #[schemars(extend("default" = []))]
        pub regions: Vec<Located<Region>>,
        /// Tags of everything that is created there, beside `terraform.default_tags`.
        #[schemars(extend("default" = {}, "maxProperties" = 50))]
        pub tags: BTreeMap<String, Located<TagValue>>,
        /// Whose accounts they are.
        #[schemars(extend("default" = "organization"))]
        pub ownership: Ownership,
        /// The role that is assumed.
        pub role: Box<RoleSpec>,
        /// Instead of `role`, several by key.
        pub roles: BTreeMap<String, Located<RoleSpec>>,
        /// The key of the role that Terraform assumes when nothing is said; required where there are several.
        pub default_role: RoleKey,
        /// The provider's `assume_role` arguments.
        pub session: Box<SessionSpec>,
        /// The bucket that proves where things land.
        pub verification: VerificationSpec,
        /// B's own credentials, for the root that creates the role.
        pub bootstrap: BootstrapSpec,
    }
}

record! {
    /// The role in B.
    pub struct RoleSpec {
        /// Its name.
        #[schemars(extend("default" = "TerraformCrossAccount"))]
        pub name: RoleName,
        /// Its path.
        #[schemars(extend("default" = "/"))]
        pub path: RolePath,
        /// Its description; left out, one that names Account A.
        pub description: Description,
        /// Who can assume it, by their ids; left out, every caller.
        #[schemars(extend("minItems" = 1))]
        pub callers: Vec<Located<CallerId>>,
        /// What the caller must name; expected for an account that is not ours.
        pub external_id: ExternalId,
        /// Overrides the callers' `mfa` for this role.
        pub require_mfa: bool,
        /// The longest session that it allows, 1h to 12h.
        #[schemars(extend("default" = "1h"))]
        pub max_session_duration: Duration,
        /// The managed policies attached to it.
        #[schemars(extend("default" = [], "maxItems" = 20))]
        pub policy_arns: Vec<Located<PolicyArn>>,
        /// Inline policies by name: a file beside the spec, or a document in place.
        #[schemars(extend("default" = {}))]
        pub inline_policies: BTreeMap<String, Located<PolicySource>>,
        /// The managed policy that bounds it.
        pub permissions_boundary: PolicyArn,
        /// With `bootstrap: {from: existing}`, a file with its trust policy as AWS has it, relative to this file: the
        /// document, or what `aws iam get-role` prints. `explain` judges the role by it.
        #[schemars(extend("minLength" = 1))]
        pub trust_policy: String,
        /// Its tags.
        #[schemars(extend("default" = {}, "maxProperties" = 50))]
        pub tags: BTreeMap<String, Located<TagValue>>,
    }
}

record! {
    /// The provider's `assume_role` arguments, under the same names.
    pub struct SessionSpec {
        /// What CloudTrail in B calls the session.
        #[schemars(extend("default" = "terraform"))]
        pub session_name: SessionName,
        /// How long each set of credentials is good for; left out, what the provider asks for.
        pub duration: Duration,
        /// A policy that narrows the session: a file beside the spec, or a document in place.
        pub policy: PolicySource,
        /// Managed policies of B that narrow the session.
        #[schemars(extend("default" = [], "maxItems" = 10))]
        pub policy_arns: Vec<Located<PolicyArn>>,
        /// Who is behind the session.
        pub source_identity: SourceIdentity,
        /// Session tags.
        #[schemars(extend("default" = {}, "maxProperties" = 50))]
        pub tags: BTreeMap<String, Located<TagValue>>,
        /// The session tags that stay when the session assumes another role.
        #[schemars(extend("default" = []))]
        pub transitive_tag_keys: Vec<Located<crate::model::TagKey>>,
    }
}

record! {
    /// The bucket that proves where things land.
    pub struct VerificationSpec {
        /// Whether there is one.
        #[schemars(extend("default" = true))]
        pub enabled: bool,
        /// What a derived name begins with: prefix, account, region, hash.
        #[schemars(extend("default" = "crossrole-verify"))]
        pub bucket_prefix: BucketPrefix,
        /// A literal name instead.
        pub bucket: BucketName,
    }
}

words! {
    /// Whose credentials create the role.
    pub enum BootstrapFrom: "a way to bootstrap" {
        /// A role that is there already, such as `OrganizationAccountAccessRole`.
        AssumeRole = "assume_role",
        /// A profile of the shared configuration files.
        Profile = "profile",
        /// Whatever the AWS SDK finds in the environment.
        Environment = "environment",
        /// Those of whoever creates a CloudFormation stack: a template is written instead of a root.
        CloudFormation = "cloudformation",
        /// Nobody's: the stack set of `source.stack_set` creates the role, in every account of its units.
        StackSet = "stack_set",
        /// Nobody's: the role exists, and no bootstrap root is written.
        Existing = "existing",
    }
}

record! {
    /// B's own credentials, for the root that creates the role.
    pub struct BootstrapSpec {
        /// Where they come from; left out, `assume_role`, and `environment` for a third party's.
        pub from: BootstrapFrom,
        /// The role's name, with `from: assume_role`.
        #[schemars(extend("default" = "OrganizationAccountAccessRole"))]
        pub role: RoleName,
        /// The profile's name, with `from: profile`.
        pub profile: ProfileName,
    }
}

/// Large, and left out of most targets of a fleet.
impl Decode for Box<RoleSpec> {
    fn decode(cx: &mut Decoder<'_>, view: View<'_, '_>) -> Option<Self> {
        RoleSpec::decode(cx, view).map(Self::new)
    }
}

/// As above.
impl Decode for Box<SessionSpec> {
    fn decode(cx: &mut Decoder<'_>, view: View<'_, '_>) -> Option<Self> {
        SessionSpec::decode(cx, view).map(Self::new)
    }
}

impl TargetSpec {
    /// The roles that it names, `role` or `roles`.
    pub fn role_specs(&self) -> impl Iterator<Item = &RoleSpec> {
        let several = self.roles.value().into_iter().flatten().map(|(_, role)| &role.value);
        self.role.value().map(|role| &**role).into_iter().chain(several)
    }

    /// The policy files that it names.
    pub(super) fn policy_files(&self) -> impl Iterator<Item = String> {
        let session = self.session.value().and_then(|session| session.policy.value());
        let files = session.and_then(PolicySource::file).map(str::to_owned);
        self.role_specs().flat_map(RoleSpec::policy_files).chain(files)
    }
}

impl RoleSpec {
    /// The policy files that it names.
    fn policy_files(&self) -> impl Iterator<Item = String> {
        let inline = self.inline_policies.value().into_iter().flatten();
        let inline = inline.filter_map(|(_, policy)| policy.value.file()).map(str::to_owned);
        inline.chain(self.trust_policy.value().cloned())
    }
}

impl PolicySource {
    fn file(&self) -> Option<&str> {
        match self {
            Self::File(path) => Some(path),
            Self::Document(_) => None,
        }
    }
}

/// A policy document: in a file beside the spec, or in place.
#[derive(Debug, Clone, PartialEq)]
pub enum PolicySource {
    /// A path, relative to the spec.
    File(String),
    /// The document itself.
    Document(serde_json::Value),
}

impl Decode for PolicySource {
    fn decode(cx: &mut Decoder<'_>, view: View<'_, '_>) -> Option<Self> {
        match &view.node.data {
            Data::Scalar(scalar) if !scalar.text.is_empty() => Some(Self::File(scalar.text.to_string())),
            Data::Mapping(_) => Some(Self::Document(view.node.to_json())),
            Data::Scalar(_) | Data::Sequence(_) => {
                let message = "expected a policy: the path of a JSON file, or a document in place";
                cx.report(view, Diagnostic::error(message));
                None
            }
        }
    }
}

impl JsonSchema for PolicySource {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PolicySource".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "object"], "minLength": 1 })
    }
}

/// Checks the name of an inline policy, which is a key and so no [`Decode`] of its own.
pub(crate) fn policy_name(name: &str) -> Result<PolicyName, crate::model::Invalid> {
    PolicyName::parse(name)
}
