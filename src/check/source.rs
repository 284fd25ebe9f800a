//! Account A.

use super::place::{check_region, report_partition};
use super::{Check, caller, literal, or_default, stack_set};
use crate::model::{
    ArnParts, Caller, CallerIdentity, Credentials, InstanceArn, OidcProviders, Partition, SourceAccount,
    SpecName,
};
use crate::spec::{CredentialsFrom, CredentialsSpec, Field, IdentityCenterSpec, Located, SourceSpec};

pub(super) fn lower(
    cx: &mut Check<'_>,
    spec: &Located<SourceSpec>,
    name: &SpecName,
) -> Option<SourceAccount> {
    let Located { value: spec, at, .. } = spec;
    let help = "Account A's ID: 12 digits, in quotes";
    let account_id = cx.required(&spec.account_id, "account_id", *at, help).map(|id| id.value.clone());
    let partition = or_default(&spec.partition, || Partition::Aws);
    if let Some(region) = spec.region.get() {
        check_region(cx, region, partition);
    }
    let callers = caller::lower(cx, &spec.callers, name);
    let credentials = lower_credentials(cx, &spec.credentials);
    Some(SourceAccount {
        name: or_default(&spec.name, || literal("source")),
        account_id: account_id?,
        partition,
        organization_id: spec.organization_id.value().cloned(),
        region: or_default(&spec.region, || literal(partition.default_region())),
        identity_center: lower_identity_center(cx, &spec.identity_center, partition, &callers),
        oidc_providers: lower_oidc_providers(cx, &spec.oidc_providers, &callers),
        stack_set: stack_set::lower(cx, &spec.stack_set),
        callers,
        credentials: credentials?,
    })
}

fn lower_identity_center(
    cx: &mut Check<'_>,
    field: &Field<IdentityCenterSpec>,
    partition: Partition,
    callers: &[Caller],
) -> Option<InstanceArn> {
    let spec = field.get()?;
    let help = "`aws sso-admin list-instances` prints it";
    let instance = cx.required(&spec.value.instance_arn, "instance_arn", spec.at, help)?;
    let arn = ArnParts::split(instance.value.as_str());
    if arn.is_some_and(|arn| arn.partition != partition.as_str()) {
        report_partition(cx, instance.at, instance.value.as_str(), partition);
    }
    let is_set = |caller: &Caller| matches!(caller.identity, CallerIdentity::PermissionSet { .. });
    if !callers.iter().any(is_set) {
        let message = "`identity_center` would be ignored: no caller is of `kind: sso`";
        cx.error(spec.at, None, message, "remove it, or add such a caller");
    }
    Some(instance.value.clone())
}

fn lower_oidc_providers(
    cx: &mut Check<'_>,
    field: &Field<OidcProviders>,
    callers: &[Caller],
) -> OidcProviders {
    if let Some(given) = field.get().filter(|_| callers.iter().all(|caller| caller.federated().is_none())) {
        let message = "`oidc_providers` would be ignored: no caller has tokens";
        cx.error(given.at, None, message, "remove it, or add a caller such as `kind: github_actions`");
    }
    or_default(field, || OidcProviders::Create)
}

fn lower_credentials(cx: &mut Check<'_>, field: &Field<CredentialsSpec>) -> Option<Credentials> {
    let Some(spec) = field.get() else {
        return Some(Credentials::Environment);
    };
    let CredentialsSpec { from, profile } = &spec.value;
    match from.value() {
        Some(CredentialsFrom::Profile) => {
            let help = "the profile's name in ~/.aws/config";
            let profile = cx.required(profile, "profile", spec.at, help)?;
            Some(Credentials::Profile(profile.value.clone()))
        }
        Some(CredentialsFrom::Environment) | None => {
            if let Some(profile) = profile.get() {
                let help = "add `from: profile`, or remove the profile";
                cx.error(
                    profile.at,
                    None,
                    "the profile would be ignored: credentials come from the environment",
                    help,
                );
            }
            Some(Credentials::Environment)
        }
    }
}
