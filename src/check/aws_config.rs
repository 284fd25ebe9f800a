//! AWS CLI profiles for people: that there are some, and that no two have one name.

use std::collections::BTreeSet;

use super::place::{check_region, report_partition};
use super::{Check, literal};
use crate::diagnostic::Span;
use crate::model::{
    ArnParts, AwsConfig, CallerIdentity, ConfigName, Fleet, MfaSerial, SourceAccount, SpecName, SsoSession,
};
use crate::spec::{AwsConfigSpec, Field, Located, SsoSessionSpec};

pub(super) fn lower(
    cx: &mut Check<'_>,
    field: &Field<AwsConfigSpec>,
    name: &SpecName,
    source: &SourceAccount,
) -> Option<AwsConfig> {
    let Located { value: spec, at, .. } = field.get()?;
    let help = "the profile with credentials of Account A, from which the profiles of the targets start";
    let source_profile = cx.required(&spec.source_profile, "source_profile", *at, help);
    let mfa_serial = spec.mfa_serial.get().map(|serial| {
        check_device(cx, serial, source);
        serial.value.clone()
    });
    let sso_session = match spec.sso_session.get() {
        Some(session) => Some(lower_session(cx, session, name, source)?),
        None => None,
    };
    Some(AwsConfig { source_profile: source_profile?.value.clone(), sso_session, mfa_serial, at: *at })
}

fn lower_session(
    cx: &mut Check<'_>,
    session: &Located<SsoSessionSpec>,
    name: &SpecName,
    source: &SourceAccount,
) -> Option<SsoSession> {
    let SsoSessionSpec { name: own, start_url, region } = &session.value;
    let help = "`aws configure sso` asks for the same, and the access portal shows it";
    let start_url = cx.required(start_url, "start_url", session.at, help);
    let region = cx.required(region, "region", session.at, "the region of IAM Identity Center");
    if let Some(region) = region {
        check_region(cx, region, source.partition);
    }
    let is_set = |identity: &CallerIdentity| matches!(identity, CallerIdentity::PermissionSet { .. });
    if !source.callers.iter().any(|caller| is_set(&caller.identity)) {
        let message = "`sso_session` would be ignored: no caller is of `kind: sso`";
        cx.error(session.at, None, message, "remove it, or add such a caller to `source.callers`");
    }
    let name = own.value().cloned().unwrap_or_else(|| literal::<ConfigName>(name.as_str()));
    Some(SsoSession { name, start_url: start_url?.value.clone(), region: region?.value.clone() })
}

/// A device belongs to a user of A; serial numbers of hardware say nothing of an account.
fn check_device(cx: &mut Check<'_>, serial: &Located<MfaSerial>, source: &SourceAccount) {
    let Some(arn) = ArnParts::split(serial.value.as_str()) else { return };
    if arn.partition != source.partition.as_str() {
        report_partition(cx, serial.at, serial.value.as_str(), source.partition);
    } else if arn.account != source.account_id.as_str() {
        let message = format!("`{}` is not a device of account {}", serial.value, source.account_id);
        let help = "people use MFA in Account A: name a device of one of its users";
        cx.error(serial.at, None, message, help);
    }
}

/// What only shows once roles and callers are known.
pub(super) fn check(cx: &mut Check<'_>, fleet: &Fleet) {
    let Some(config) = &fleet.aws_config else { return };
    let profiles = config.role_profiles(fleet);
    // With an SSO session and no caller of its kind, that has been said.
    if profiles.is_empty() && config.sso_session.is_none() {
        let message = "`aws_config` would have no profiles: no role is for people";
        let help = "remove it, or add a caller that is a person, such as `kind: sso` or `kind: iam_user`";
        cx.error(config.at, None, message, help);
    }
    if config.mfa_serial.is_some() && !profiles.iter().any(|profile| profile.mfa) {
        let message = "`mfa_serial` would be ignored: no profile's role requires MFA";
        cx.error(config.at, None, message, "remove it, or set `mfa: true` for the callers");
    }
    let sources = match &config.sso_session {
        Some(_) => config.set_profiles(fleet).into_iter().map(|set| set.name).collect(),
        None => vec![config.source_profile.to_string()],
    };
    let mut names: BTreeSet<String> = sources.into_iter().collect();
    for profile in profiles {
        if !names.insert(profile.name.clone()) {
            report_twice(cx, config.at, &profile.name);
        }
    }
}

fn report_twice(cx: &mut Check<'_>, at: Span, name: &str) {
    let message = format!("two AWS CLI profiles would be called `{name}`");
    let help = "profiles are named after targets and the keys of their roles: rename one of them, or `source_profile`";
    cx.error(at, "CR003", message, help);
}
