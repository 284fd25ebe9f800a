//! The provider's `assume_role` arguments, against what STS and the role allow.

use std::collections::BTreeSet;

use super::place::{Place, lower_policy_arns};
use super::role::lower_tags;
use super::{Check, literal, or_default, policies};
use crate::diagnostic::words::{Count, did_you_mean};
use crate::model::{
    Bootstrap, CallerIdentity, Duration, Partition, Role, Roles, Session, SourceAccount, TagKey,
};
use crate::policy;
use crate::spec::{Field, Located, SessionSpec};

/// Managed session policies. Source: AssumeRole in the STS API reference.
const MOST_POLICIES: usize = 10;
/// Characters of an inline session policy and all ARNs beside it. Source: as above.
const MOST_POLICY_CHARACTERS: usize = 2048;

pub(super) fn lower(
    cx: &mut Check<'_>,
    field: &Field<Box<SessionSpec>>,
    place: &Place<'_>,
    roles: Option<&Roles>,
    bootstrap: Option<&Bootstrap>,
) -> Session {
    let spec = field.value().cloned().unwrap_or_default();
    if let Some(duration) = spec.duration.get() {
        for role in roles.into_iter().flatten() {
            check_duration(cx, duration, place.source, role, bootstrap);
        }
    }
    let tags = lower_tags(cx, &spec.tags, None);
    check_tags_fit_policies(cx, &spec);
    Session {
        session_name: or_default(&spec.session_name, || literal("terraform")),
        duration: spec.duration.value().copied(),
        policy: lower_policy(cx, &spec, place.partition),
        policy_arns: lower_session_policies(cx, &spec, place),
        source_identity: spec.source_identity.value().cloned(),
        transitive_tag_keys: lower_transitive(cx, &spec, tags.keys()),
        tags,
    }
}

fn check_duration(
    cx: &mut Check<'_>,
    duration: &Located<Duration>,
    source: Option<&SourceAccount>,
    role: &Role,
    bootstrap: Option<&Bootstrap>,
) {
    let Located { value, at, .. } = duration;
    if bootstrap != Some(&Bootstrap::Existing) && *value > role.max_session_duration {
        let message =
            format!("the session would last {value}, but the role allows {}", role.max_session_duration);
        cx.error(
            *at,
            "CR040",
            message,
            format!("set `role.max_session_duration: {value}`, or a shorter `duration`"),
        );
    }
    let chained = source.and_then(|source| {
        source.callers_of(role).find(|caller| caller.is_session() || role.demands_mfa_of(caller))
    });
    if let Some(caller) = chained.filter(|_| *value > Duration::HOUR) {
        let why = match &caller.identity {
            CallerIdentity::Role { name, .. } => {
                format!("role `{name}` assumes it with credentials that are a session themselves")
            }
            CallerIdentity::IamUser { .. } | CallerIdentity::Account { .. } => {
                "MFA reaches Terraform only through a session that is made first".to_owned()
            }
            CallerIdentity::PermissionSet { .. } | CallerIdentity::Federated(_) => {
                format!("`{}` assumes it with credentials that are a session themselves", caller.id)
            }
        };
        let help = format!(
            "{why}; STS limits such a chain to 1h and refuses more: leave `duration` out, the provider renews its session by itself"
        );
        cx.error(*at, "CR041", format!("a session of {value} is not possible through another session"), help);
    }
}

/// Conditions of the trust policy name keys and values of session tags.
fn check_tags_fit_policies(cx: &mut Check<'_>, spec: &SessionSpec) {
    for (key, value) in spec.tags.value().into_iter().flatten() {
        if let Some(c) =
            key.chars().chain(value.value.as_str().chars()).find(|c| !policy::is_policy_character(*c))
        {
            let message = format!("the session tag `{key}` holds `{c}`, which an IAM policy cannot contain");
            cx.error(
                value.at,
                "CR065",
                message,
                "the trust policy limits session tags to the declared ones, and policies are Latin-1",
            );
        }
    }
}

fn lower_transitive<'t>(
    cx: &mut Check<'_>,
    spec: &SessionSpec,
    tags: impl Iterator<Item = &'t TagKey>,
) -> BTreeSet<TagKey> {
    let known: Vec<&str> = tags.map(TagKey::as_str).collect();
    let keys = spec.transitive_tag_keys.value().into_iter().flatten();
    keys.map(|key| {
        if !known.contains(&key.value.as_str()) {
            let message = format!("the transitive tag `{}` is not among the session's `tags`", key.value);
            cx.error(key.at, "CR052", message, did_you_mean(key.value.as_str(), &known));
        }
        key.value.clone()
    })
    .collect()
}

fn lower_policy(cx: &mut Check<'_>, spec: &SessionSpec, partition: Partition) -> Option<serde_json::Value> {
    let policy = spec.policy.get()?;
    let document = policies::document(cx, &policy.value, policy.at, partition)?;
    let size = document.to_string().chars().count();
    if size > MOST_POLICY_CHARACTERS {
        let message =
            format!("the session policy has {size} characters, and STS allows {MOST_POLICY_CHARACTERS}");
        cx.error(
            policy.at,
            "CR053",
            message,
            "attach a managed policy of B with `session.policy_arns` instead",
        );
    }
    Some(document)
}

fn lower_session_policies(
    cx: &mut Check<'_>,
    spec: &SessionSpec,
    place: &Place<'_>,
) -> BTreeSet<crate::model::PolicyArn> {
    let arns = lower_policy_arns(cx, &spec.policy_arns, place);
    if let Some(list) = spec.policy_arns.get().filter(|_| arns.len() > MOST_POLICIES) {
        let message = format!(
            "{} narrow the session, and STS allows {MOST_POLICIES}",
            Count(arns.len(), "managed policy")
        );
        cx.error(list.at, "CR053", message, "put several into one policy of B");
    }
    arns
}
