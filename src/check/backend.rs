//! Terraform's own settings: versions, and where each root keeps its state.

use super::place::{check_region, report_partition};
use super::role::lower_tags;
use super::{Check, literal, or_default};
use crate::diagnostic::Span;
use crate::model::version::ends_before;
use crate::model::{
    Backend, BackendRole, CloudBackend, Layout, Partition, S3Backend, SpecName, Terraform, Version,
    VersionConstraint,
};
use crate::spec::{BackendRoleSpec, BackendSpec, BackendType, Field, Located, TerraformSpec};

pub(super) fn lower(
    cx: &mut Check<'_>,
    field: &Field<TerraformSpec>,
    name: &SpecName,
    partition: Partition,
    makes_oidc_providers: bool,
) -> Option<Terraform> {
    let spec = field.value().cloned().unwrap_or_default();
    let backend = match spec.backend.get() {
        Some(backend) => lower_backend(cx, backend, name, partition)?,
        None => Backend::Local,
    };
    let first = Version::first_terraform(&backend, partition);
    let first_provider = Version::first_provider(partition, makes_oidc_providers);
    refuse_too_old(cx, &spec.required_version, "Terraform", first);
    refuse_too_old(cx, &spec.aws_provider, "the AWS provider", first_provider);
    Some(Terraform {
        required_version: or_default(&spec.required_version, || literal(&format!(">= {first}"))),
        aws_provider: or_default(&spec.aws_provider, || literal(&format!(">= {first_provider}, < 7.0.0"))),
        layout: or_default(&spec.layout, || Layout::Roots),
        backend,
        default_tags: lower_tags(cx, &spec.default_tags, None),
    })
}

/// Versions none of which can do what is generated.
fn refuse_too_old(cx: &mut Check<'_>, field: &Field<VersionConstraint>, what: &str, first: Version) {
    let Some(given) = field.get().filter(|given| ends_before(given.value.as_str(), first)) else { return };
    let message = format!("the roots need {what} {first} or later, and `{}` keeps that out", given.value);
    cx.error(given.at, "CR106", message, format!("admit later versions: \">= {first}\""));
}

fn lower_backend(
    cx: &mut Check<'_>,
    spec: &Located<BackendSpec>,
    name: &SpecName,
    partition: Partition,
) -> Option<Backend> {
    let kind = or_default(&spec.value.r#type, || BackendType::Local);
    refuse_foreign_keys(cx, &spec.value, kind);
    match kind {
        BackendType::Local => Some(Backend::Local),
        BackendType::S3 => lower_s3(cx, spec, name, partition).map(Backend::S3),
        BackendType::Cloud => lower_cloud(cx, spec, name).map(Backend::Cloud),
    }
}

/// Keys of one type of backend under another would be ignored, so they are mistakes.
fn refuse_foreign_keys(cx: &mut Check<'_>, spec: &BackendSpec, kind: BackendType) {
    fn place<T>(field: &Field<T>) -> Option<Span> {
        field.get().map(|located| located.at)
    }
    let keys = [
        ("create", BackendType::S3, place(&spec.create)),
        ("bucket", BackendType::S3, place(&spec.bucket)),
        ("region", BackendType::S3, place(&spec.region)),
        ("key_prefix", BackendType::S3, place(&spec.key_prefix)),
        ("kms_key_id", BackendType::S3, place(&spec.kms_key_id)),
        ("assume_role", BackendType::S3, place(&spec.assume_role)),
        ("organization", BackendType::Cloud, place(&spec.organization)),
        ("hostname", BackendType::Cloud, place(&spec.hostname)),
        ("project", BackendType::Cloud, place(&spec.project)),
        ("workspace_prefix", BackendType::Cloud, place(&spec.workspace_prefix)),
    ];
    for (key, owner, at) in keys {
        if let Some(at) = at.filter(|_| owner != kind) {
            let message = format!("`{key}` is not valid for backend type `{kind}`");
            cx.error(at, None, message, format!("set `type: {owner}`, or remove it"));
        }
    }
}

fn lower_s3(
    cx: &mut Check<'_>,
    spec: &Located<BackendSpec>,
    name: &SpecName,
    partition: Partition,
) -> Option<S3Backend> {
    let Located { value: spec, at, .. } = spec;
    let bucket = cx.required(&spec.bucket, "bucket", *at, "the bucket that holds the states");
    let bucket = bucket.map(|bucket| bucket.value.clone());
    let region = cx.required(&spec.region, "region", *at, "the region of the state bucket");
    if let Some(region) = region {
        check_region(cx, region, partition);
    }
    let assume_role = match spec.assume_role.get() {
        Some(role) => Some(lower_role(cx, role, partition)?),
        None => None,
    };
    Some(S3Backend {
        create: or_default(&spec.create, || false),
        bucket: bucket?,
        region: region?.value.clone(),
        key_prefix: or_default(&spec.key_prefix, || literal(name.as_str())),
        kms_key_id: spec.kms_key_id.value().cloned(),
        assume_role,
    })
}

fn lower_role(
    cx: &mut Check<'_>,
    spec: &Located<BackendRoleSpec>,
    partition: Partition,
) -> Option<BackendRole> {
    let BackendRoleSpec { role_arn, external_id } = &spec.value;
    let role_arn = cx.required(role_arn, "role_arn", spec.at, "the role that reaches the state bucket")?;
    if role_arn.value.partition() != Some(partition) {
        report_partition(cx, role_arn.at, role_arn.value.as_str(), partition);
    }
    Some(BackendRole { role_arn: role_arn.value.clone(), external_id: external_id.value().cloned() })
}

fn lower_cloud(cx: &mut Check<'_>, spec: &Located<BackendSpec>, name: &SpecName) -> Option<CloudBackend> {
    let Located { value: spec, at, .. } = spec;
    let help = "the organization's name at HCP Terraform";
    let organization = cx.required(&spec.organization, "organization", *at, help)?.value.clone();
    Some(CloudBackend {
        organization,
        hostname: spec.hostname.value().cloned(),
        project: spec.project.value().cloned(),
        workspace_prefix: or_default(&spec.workspace_prefix, || literal(name.as_str())),
    })
}
