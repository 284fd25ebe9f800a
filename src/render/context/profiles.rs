//! What files see of the AWS CLI profiles for people.

use super::names::{Row, names, text};
use crate::model::{Fleet, RoleProfile, SetProfile, SsoSession};
use crate::pack::{TemplateContext, TemplateValue};

names! {
    /// Known to files that are written once.
    struct ConfigFile<'f> {
        source_profile: Option<&'f str>,
        role_profiles: TemplateValue<'f>,
        set_profiles: TemplateValue<'f>,
        sso_session: Option<&'f str>,
        sso_start_url: Option<&'f str>,
        sso_region: Option<&'f str>,
        mfa_serial: Option<&'f str>,
        some_profile: Option<String>,
        profiles_need_mfa: bool,
    }
}

pub(in crate::render) fn profiles(fleet: &Fleet) -> impl TemplateContext<'_> {
    let config = fleet.aws_config.as_ref();
    let roles = config.map(|config| config.role_profiles(fleet)).unwrap_or_default();
    let sets = config.map(|config| config.set_profiles(fleet)).unwrap_or_default();
    let session = config.and_then(|config| config.sso_session.as_ref());
    ConfigFile {
        source_profile: config.map(|config| config.source_profile.as_str()),
        some_profile: roles.first().map(|profile| profile.name.clone()),
        profiles_need_mfa: roles.iter().any(|profile| profile.mfa),
        role_profiles: TemplateValue::Rows(roles.into_iter().map(|profile| role(fleet, profile)).collect()),
        set_profiles: TemplateValue::Rows(sets.into_iter().map(set).collect()),
        sso_session: session.map(|session| session.name.as_str()),
        sso_start_url: session.map(|session| session.start_url.as_str()),
        sso_region: session.map(|SsoSession { region, .. }| region.as_str()),
        mfa_serial: config.and_then(|config| config.mfa_serial.as_ref()).map(|serial| serial.as_str()),
    }
}

fn role<'f>(fleet: &'f Fleet, profile: RoleProfile<'f>) -> Row<'f> {
    let RoleProfile { name, role: one, source_profile, mfa } = profile;
    let session = &one.target.session;
    let mut row = vec![
        ("name", text(name)),
        ("role_arn", text(one.arn(fleet.source.partition))),
        ("source_profile", text(source_profile)),
        ("session_name", text(session.session_name.as_str())),
        ("region", text(one.target.region.as_str())),
        ("mfa", TemplateValue::Flag(mfa)),
    ];
    row.extend(one.role.external_id.as_ref().map(|id| ("external_id", text(id.as_str()))));
    let seconds = session.duration.map(crate::model::Duration::seconds);
    row.extend(seconds.map(|seconds| ("duration_seconds", TemplateValue::Number(seconds))));
    row
}

fn set(profile: SetProfile<'_>) -> Row<'_> {
    vec![("name", text(profile.name)), ("permission_set", text(profile.permission_set.as_str()))]
}
