//! What templates see: one struct per occasion, whose fields are the names.
//!
//! All names are flat, so that a mistyped one is found when the pack is compiled; whatever has no
//! value has no name either, so that printing it is an error and `if` is not.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use crate::model::{
    Backend, Bootstrap, Caller, Credentials, Fleet, PolicyArn, PolicyName, Region, TagKey, TagValue, Target,
    Text,
};
use crate::output::Holds;
use crate::pack::{Each, IntoTemplateValue, TemplateContext, TemplateValue, Values};
use crate::policy::{AssumePolicies, Reach};

/// The names that a template knows, by what it is written for.
#[must_use]
pub fn vocabulary(each: Each) -> BTreeSet<&'static str> {
    let own = match each {
        Each::Once => AllTargets::NAMES.to_vec(),
        Each::AssumePolicy => AssumePolicy::NAMES.to_vec(),
        Each::Target => OneTarget::NAMES.to_vec(),
        Each::InlinePolicy => [OneTarget::NAMES, InlinePolicy::NAMES].concat(),
    };
    // A template may give names of its own to these two before it includes a backend.
    own.into_iter().chain(Common::NAMES.iter().copied()).chain(["state_key", "workspace"]).collect()
}

/// What templates call a document.
pub(super) fn document_name(holds: Holds) -> &'static str {
    match holds {
        Holds::TrustPolicy => "trust_policy",
        Holds::AssumePolicy => "assume_policy",
        Holds::InlinePolicy => "policy_document",
    }
}

/// The names that have the same value everywhere.
pub(super) const COMMON: &[&str] = Common::NAMES;

/// Defines a struct whose fields are names for templates.
macro_rules! names {
    ($(#[$meta:meta])* struct $Name:ident<$life:lifetime> { $($field:ident: $Type:ty,)+ }) => {
        $(#[$meta])*
        struct $Name<$life> { $($field: $Type,)+ }

        impl<$life> TemplateContext<$life> for $Name<$life> {
            const NAMES: &'static [&'static str] = &[$(stringify!($field)),+];

            fn values(self) -> Vec<Option<TemplateValue<$life>>> {
                vec![$(self.$field.into_template_value()),+]
            }
        }
    };
}

names! {
    /// Known everywhere.
    struct Common<'f> {
        spec_file: &'f str,
        source_name: &'f str,
        source_account_id: &'f str,
        source_region: &'f str,
        source_region_is_new: bool,
        partition: &'f str,
        organization_id: Option<&'f str>,
        credentials_profile: Option<&'f str>,
        required_version: &'f str,
        aws_provider: &'f str,
        backend: &'static str,
        backend_bucket: Option<&'f str>,
        backend_region: Option<&'f str>,
        backend_region_is_new: bool,
        backend_kms_key_id: Option<&'f str>,
        backend_role_arn: Option<&'f str>,
        backend_external_id: Option<&'f str>,
        backend_organization: Option<&'f str>,
        backend_hostname: Option<&'f str>,
        backend_project: Option<&'f str>,
        source_state_key: String,
        source_workspace: String,
        mfa: bool,
        mfa_session: bool,
        user_names: TemplateValue<'f>,
        role_names: TemplateValue<'f>,
        attached: bool,
        policy_numbers: TemplateValue<'f>,
        reach: &'static str,
    }
}

names! {
    /// Known to files that are written once.
    struct AllTargets<'f> {
        targets: TemplateValue<'f>,
        bootstrap_by_role: bool,
    }
}

names! {
    /// Known to each identity policy.
    struct AssumePolicy<'f> {
        number: u32,
        assume_policy: TemplateValue<'f>,
    }
}

names! {
    /// Known to files of a target.
    struct OneTarget<'f> {
        target: &'f str,
        account_id: &'f str,
        region: &'f str,
        region_is_new: bool,
        third_party: bool,
        retired: bool,
        role_name: &'f str,
        role_path: &'f str,
        role_arn: String,
        role_description: &'f str,
        max_session_duration: u32,
        permissions_boundary: Option<&'f str>,
        role_tags: TemplateValue<'f>,
        policy_arns: TemplateValue<'f>,
        inline_policy_names: TemplateValue<'f>,
        trust_policy: TemplateValue<'f>,
        external_id: Option<&'f str>,
        session_name: &'f str,
        session_duration: Option<String>,
        session_policy: Option<String>,
        session_policy_arns: TemplateValue<'f>,
        source_identity: Option<&'f str>,
        session_tags: TemplateValue<'f>,
        transitive_tag_keys: TemplateValue<'f>,
        bucket: Option<&'f str>,
        bootstrap: &'static str,
        bootstrap_role_arn: Option<String>,
        bootstrap_profile: Option<&'f str>,
        bootstrap_state_key: String,
        bootstrap_workspace: String,
        workload_state_key: String,
        workload_workspace: String,
    }
}

names! {
    /// Known to each inline policy, beside its target's names.
    struct InlinePolicy<'f> {
        policy_name: &'f str,
        policy_document: TemplateValue<'f>,
    }
}

pub(super) fn common<'f>(fleet: &'f Fleet, assume: &AssumePolicies, spec_file: &'f str) -> Values<'f> {
    let source = &fleet.source;
    let s3 = match &fleet.terraform.backend {
        Backend::S3(s3) => Some(s3),
        Backend::Local | Backend::Cloud(_) => None,
    };
    let cloud = match &fleet.terraform.backend {
        Backend::Cloud(cloud) => Some(cloud),
        Backend::Local | Backend::S3(_) => None,
    };
    let s3_role = s3.and_then(|s3| s3.assume_role.as_ref());
    let mfa = fleet
        .targets
        .iter()
        .any(|target| source.callers.iter().any(|caller| target.role.demands_mfa_of(caller)));
    let names =
        |kind: fn(&Caller) -> Option<&str>| source.callers.iter().filter_map(kind).collect::<Vec<_>>();
    let user_names = names(|caller| match caller {
        Caller::IamUser { name, .. } => Some(name.name()),
        Caller::Account { .. } | Caller::Role { .. } => None,
    });
    let role_names = names(|caller| match caller {
        Caller::Role { name } => Some(name.name()),
        Caller::Account { .. } | Caller::IamUser { .. } => None,
    });
    Values::new(Common {
        spec_file,
        source_name: source.name.as_str(),
        source_account_id: source.account_id.as_str(),
        source_region: source.partition.default_region(),
        source_region_is_new: Region::parse(source.partition.default_region())
            .is_ok_and(|region| region.is_newer_than_terraform()),
        partition: source.partition.as_str(),
        organization_id: source.organization_id.as_ref().map(|id| id.as_str()),
        credentials_profile: profile(fleet),
        required_version: fleet.terraform.required_version.as_str(),
        aws_provider: fleet.terraform.aws_provider.as_str(),
        backend: match &fleet.terraform.backend {
            Backend::Local => "local",
            Backend::S3(_) => "s3",
            Backend::Cloud(_) => "cloud",
        },
        backend_bucket: s3.map(|s3| s3.bucket.as_str()),
        backend_region: s3.map(|s3| s3.region.as_str()),
        backend_region_is_new: s3.is_some_and(|s3| s3.region.is_newer_than_terraform()),
        backend_kms_key_id: s3.and_then(|s3| s3.kms_key_id.as_ref()).map(|key| key.as_str()),
        backend_role_arn: s3_role.map(|role| role.role_arn.as_str()),
        backend_external_id: s3_role.and_then(|role| role.external_id.as_ref()).map(|id| id.as_str()),
        backend_organization: cloud.map(|cloud| cloud.organization.as_str()),
        backend_hostname: cloud.and_then(|cloud| cloud.hostname.as_ref()).map(|host| host.as_str()),
        backend_project: cloud.and_then(|cloud| cloud.project.as_ref()).map(|project| project.as_str()),
        source_state_key: state_key(fleet, "source"),
        source_workspace: workspace(fleet, "source"),
        mfa,
        mfa_session: mfa && profile(fleet).is_none(),
        attached: !user_names.is_empty() || !role_names.is_empty(),
        user_names: texts(user_names),
        role_names: texts(role_names),
        policy_numbers: TemplateValue::Texts(
            assume.documents.keys().map(|number| number.to_string().into()).collect(),
        ),
        reach: match assume.reach {
            Reach::Exact => "exact",
            Reach::Organization => "organization",
        },
    })
}

fn texts<'f>(texts: impl IntoIterator<Item = &'f str>) -> TemplateValue<'f> {
    TemplateValue::Texts(texts.into_iter().map(Cow::Borrowed).collect())
}

fn tags(tags: &BTreeMap<TagKey, TagValue>) -> TemplateValue<'_> {
    TemplateValue::Map(tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect())
}

fn profile(fleet: &Fleet) -> Option<&str> {
    match &fleet.source.credentials {
        Credentials::Environment => None,
        Credentials::Profile(name) => Some(name.as_str()),
    }
}

/// Where a root keeps its state in a bucket.
fn state_key(fleet: &Fleet, root: impl Display) -> String {
    match &fleet.terraform.backend {
        Backend::S3(s3) => format!("{}/{root}/terraform.tfstate", s3.key_prefix),
        Backend::Local | Backend::Cloud(_) => String::new(),
    }
}

/// The workspace of a root.
fn workspace(fleet: &Fleet, root: impl Display) -> String {
    match &fleet.terraform.backend {
        Backend::Cloud(cloud) => format!("{}-{root}", cloud.workspace_prefix),
        Backend::Local | Backend::S3(_) => String::new(),
    }
}

pub(super) fn all_targets(fleet: &Fleet) -> impl TemplateContext<'_> {
    AllTargets {
        targets: TemplateValue::Rows(fleet.targets.iter().map(|target| row(fleet, target)).collect()),
        bootstrap_by_role: fleet
            .targets
            .iter()
            .any(|target| matches!(target.bootstrap, Bootstrap::AssumeRole(_))),
    }
}

/// A line of the table of targets.
fn row<'f>(fleet: &Fleet, target: &'f Target) -> Vec<(&'static str, Cow<'f, str>)> {
    let bootstrap_name = match &target.bootstrap {
        Bootstrap::AssumeRole(role) => role.as_str(),
        Bootstrap::Profile(profile) => profile.as_str(),
        Bootstrap::Environment | Bootstrap::Existing => "",
    };
    vec![
        ("name", target.name.as_str().into()),
        ("account_id", target.account_id.as_str().into()),
        ("region", target.region.as_str().into()),
        ("role_arn", target.role_arn(fleet.source.partition).into()),
        ("bootstrap", bootstrap_source(&target.bootstrap).into()),
        ("bootstrap_name", bootstrap_name.into()),
        ("state", if target.retired { "retired" } else { "active" }.into()),
    ]
}

/// The word of the spec, for conditions of templates.
fn bootstrap_source(bootstrap: &Bootstrap) -> &'static str {
    match bootstrap {
        Bootstrap::AssumeRole(_) => "assume_role",
        Bootstrap::Profile(_) => "profile",
        Bootstrap::Environment => "environment",
        Bootstrap::Existing => "existing",
    }
}

pub(super) fn assume_policy<'f>(number: u32, document: String) -> impl TemplateContext<'f> {
    AssumePolicy { number, assume_policy: TemplateValue::Document(document.into()) }
}

pub(super) fn target<'f>(
    fleet: &'f Fleet,
    target: &'f Target,
    trust_policy: String,
) -> impl TemplateContext<'f> {
    let Target { name, account_id, role, session, .. } = target;
    let partition = fleet.source.partition;
    let state = |root: &str| state_key(fleet, format_args!("accounts/{name}/{root}"));
    let space = |root: &str| workspace(fleet, format_args!("{name}-{root}"));
    OneTarget {
        target: name.as_str(),
        account_id: account_id.as_str(),
        region: target.region.as_str(),
        region_is_new: target.region.is_newer_than_terraform(),
        third_party: target.third_party,
        retired: target.retired,
        role_name: role.name.as_str(),
        role_path: role.path.as_str(),
        role_arn: target.role_arn(partition),
        role_description: role.description.as_str(),
        max_session_duration: role.max_session_duration.seconds(),
        permissions_boundary: role.permissions_boundary.as_ref().map(|arn| arn.as_str()),
        role_tags: tags(&role.tags),
        policy_arns: texts(role.policy_arns.iter().map(PolicyArn::as_str)),
        inline_policy_names: texts(role.inline_policies.keys().map(PolicyName::as_str)),
        trust_policy: TemplateValue::Document(trust_policy.into()),
        external_id: role.external_id.as_ref().map(|id| id.as_str()),
        session_name: session.session_name.as_str(),
        session_duration: session.duration.map(|duration| duration.to_string()),
        session_policy: session
            .policy
            .as_ref()
            .map(|policy| crate::policy::canonical_json(policy).to_string()),
        session_policy_arns: texts(session.policy_arns.iter().map(PolicyArn::as_str)),
        source_identity: session.source_identity.as_ref().map(|identity| identity.as_str()),
        session_tags: tags(&session.tags),
        transitive_tag_keys: texts(session.transitive_tag_keys.iter().map(TagKey::as_str)),
        bucket: target.bucket.as_ref().map(|bucket| bucket.as_str()),
        bootstrap: bootstrap_source(&target.bootstrap),
        bootstrap_role_arn: match &target.bootstrap {
            Bootstrap::AssumeRole(role) => Some(format!("arn:{partition}:iam::{account_id}:role/{role}")),
            Bootstrap::Profile(_) | Bootstrap::Environment | Bootstrap::Existing => None,
        },
        bootstrap_profile: match &target.bootstrap {
            Bootstrap::Profile(name) => Some(name.as_str()),
            Bootstrap::AssumeRole(_) => profile(fleet),
            Bootstrap::Environment | Bootstrap::Existing => None,
        },
        bootstrap_state_key: state("bootstrap"),
        bootstrap_workspace: space("bootstrap"),
        workload_state_key: state("workload"),
        workload_workspace: space("workload"),
    }
}

pub(super) fn inline_policy(name: &PolicyName, document: String) -> impl TemplateContext<'_> {
    InlinePolicy { policy_name: name.as_str(), policy_document: TemplateValue::Document(document.into()) }
}
