//! What every template sees.

use super::names::{names, profile, state_key, tags, workspace};
use crate::model::version::oldest;
use crate::model::{Backend, Fleet, VersionConstraint};
use crate::pack::{TemplateValue, Values};

names! {
    /// Known everywhere.
    struct Common<'f> {
        spec_file: &'f str,
        spec_name: &'f str,
        source_name: &'f str,
        source_account_id: &'f str,
        source_region: &'f str,
        source_region_is_new: bool,
        partition: &'f str,
        organization_id: Option<&'f str>,
        credentials_profile: Option<&'f str>,
        required_version: &'f str,
        aws_provider: &'f str,
        oldest_terraform: String,
        oldest_aws_provider: String,
        default_tags: TemplateValue<'f>,
        layout: &'static str,
        backend: &'static str,
        backend_create: bool,
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
    }
}

pub(in crate::render) fn common<'f>(fleet: &'f Fleet, spec_file: &'f str) -> Values<'f> {
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
    let mfa =
        fleet.roles().any(|one| source.callers_of(one.role).any(|caller| one.role.demands_mfa_of(caller)));
    Values::new(Common {
        spec_file,
        spec_name: fleet.name.as_str(),
        source_name: source.name.as_str(),
        source_account_id: source.account_id.as_str(),
        source_region: source.region.as_str(),
        source_region_is_new: source.region.is_newer_than_terraform(),
        partition: source.partition.as_str(),
        organization_id: source.organization_id.as_ref().map(|id| id.as_str()),
        credentials_profile: profile(fleet),
        required_version: fleet.terraform.required_version.as_str(),
        aws_provider: fleet.terraform.aws_provider.as_str(),
        oldest_terraform: from_oldest(&fleet.terraform.required_version),
        oldest_aws_provider: from_oldest(&fleet.terraform.aws_provider),
        default_tags: tags(&fleet.terraform.default_tags),
        layout: fleet.terraform.layout.as_str(),
        backend: match &fleet.terraform.backend {
            Backend::Local => "local",
            Backend::S3(_) => "s3",
            Backend::Cloud(_) => "cloud",
        },
        backend_create: s3.is_some_and(|s3| s3.create),
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
    })
}

/// A constraint without its upper bound: a module leaves that to the roots that call it.
fn from_oldest(constraint: &VersionConstraint) -> String {
    oldest(constraint.as_str())
        .map_or_else(|| constraint.as_str().to_owned(), |oldest| format!(">= {oldest}"))
}
