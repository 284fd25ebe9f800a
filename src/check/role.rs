//! The role in B: what may be attached to it, and who could ever assume it.

use std::collections::{BTreeMap, BTreeSet};

use super::place::{Place, check_policy_arn, lower_policy_arns};
use super::{Check, caller, existing, literal, or_default, policies};
use crate::diagnostic::Span;
use crate::diagnostic::words::Count;
use crate::model::{
    Bootstrap, Caller, Description, Duration, MfaRule, Role, RoleCallers, RoleKey, RoleName, RolePath,
    SourceAccount, TagKey, TagValue, Text,
};
use crate::spec::{Field, Located, RoleSpec};

/// Managed policies that a role can hold at the most, with every quota raised. Source: IAM quotas.
const MOST_POLICIES: usize = 20;
/// Tags of a role or a session. Source: IAM quotas.
const MOST_TAGS: usize = 50;

pub(super) fn lower(
    cx: &mut Check<'_>,
    key: Option<RoleKey>,
    spec: &RoleSpec,
    place: &Place<'_>,
    bootstrap: Option<&Bootstrap>,
) -> Role {
    let known = place.source.map_or(&[][..], |source| &source.callers);
    let callers = match spec.callers.get() {
        Some(list) => RoleCallers::Only(caller::resolve(cx, list, known)),
        None => RoleCallers::All,
    };
    let exists = bootstrap == Some(&Bootstrap::Existing);
    if exists {
        refuse_creation_keys(cx, spec);
    } else if bootstrap.is_some() {
        existing::refuse(cx, &spec.trust_policy);
    }
    if let Some(required) = spec.require_mfa.get().filter(|required| required.value) {
        check_mfa_possible(cx, required.at, known, &callers);
    }
    if let Some(duration) = spec.max_session_duration.get()
        && duration.value < Duration::HOUR
    {
        let message =
            format!("`max_session_duration` is {}, and no role allows less than 1h", duration.value);
        cx.error(duration.at, "CR040", message, "write 1h to 12h; shorter sessions are `session.duration`'s");
    }
    let policy_arns = lower_policy_arns(cx, &spec.policy_arns, place);
    if let Some(list) = spec.policy_arns.get().filter(|_| policy_arns.len() > MOST_POLICIES) {
        let message = format!(
            "{} are attached, and a role holds at most {MOST_POLICIES}",
            Count(policy_arns.len(), "managed policy")
        );
        cx.error(
            list.at,
            "CR062",
            message,
            "put several into one customer managed policy, or use `inline_policies`",
        );
    }
    if let Some(boundary) = spec.permissions_boundary.get() {
        check_policy_arn(cx, boundary, place);
    }
    let name: RoleName = or_default(&spec.name, || literal("TerraformCrossAccount"));
    let path: RolePath = or_default(&spec.path, || literal("/"));
    let trust_policy = spec.trust_policy.get().filter(|_| exists);
    let trust_policy =
        trust_policy.and_then(|file| existing::trust(cx, file, place.role_arn(&path, &name).as_deref()));
    Role {
        key,
        name,
        path,
        callers,
        trust_policy,
        description: or_default(&spec.description, || describe(place.source)),
        external_id: spec.external_id.value().cloned(),
        mfa: match spec.require_mfa.value() {
            None => MfaRule::AsCallersSay,
            Some(true) => MfaRule::Always,
            Some(false) => MfaRule::Never,
        },
        max_session_duration: or_default(&spec.max_session_duration, || Duration::HOUR),
        policy_arns,
        inline_policies: policies::lower_inline(cx, &spec.inline_policies, place.partition),
        permissions_boundary: spec.permissions_boundary.value().cloned(),
        tags: lower_tags(cx, &spec.tags, None),
    }
}

fn describe(source: Option<&SourceAccount>) -> Description {
    let text =
        source.map(|source| format!("Assumed from {} ({}) by Terraform", source.name, source.account_id));
    let description = text.and_then(|text| Description::parse(&text).ok());
    description.unwrap_or_else(|| literal("Assumed from another account by Terraform"))
}

/// Keys that only the creation of a role can honour. What `defaults` holds does no harm.
fn refuse_creation_keys(cx: &mut Check<'_>, spec: &RoleSpec) {
    fn own<T>(field: &Field<T>) -> Option<Span> {
        field.get().filter(|located| !located.inherited).map(|located| located.at)
    }
    let keys = [
        ("description", own(&spec.description)),
        ("require_mfa", own(&spec.require_mfa)),
        ("max_session_duration", own(&spec.max_session_duration)),
        ("policy_arns", own(&spec.policy_arns)),
        ("inline_policies", own(&spec.inline_policies)),
        ("permissions_boundary", own(&spec.permissions_boundary)),
        ("tags", own(&spec.tags)),
    ];
    for (key, at) in keys {
        if let Some(at) = at {
            let message =
                format!("`{key}` cannot take effect: the role exists already (`bootstrap.from: existing`)");
            cx.error(at, None, message, "remove it, or let a bootstrap root create the role");
        }
    }
}

fn check_mfa_possible(cx: &mut Check<'_>, at: Span, known: &[Caller], callers: &RoleCallers) {
    let admits = |caller: &&Caller| match callers {
        RoleCallers::All => true,
        RoleCallers::Only(ids) => ids.contains(&caller.id),
    };
    if known.iter().filter(admits).any(|caller| !caller.can_carry_mfa()) {
        caller::report_mfa_of_role(cx, at);
    }
}

/// Tags with their keys checked; IAM compares the keys of a role's tags without regard to case.
pub(super) fn lower_tags(
    cx: &mut Check<'_>,
    field: &Field<BTreeMap<String, Located<TagValue>>>,
    id: Option<&'static str>,
) -> BTreeMap<TagKey, TagValue> {
    let Some(tags) = field.get() else {
        return BTreeMap::new();
    };
    if tags.value.len() > MOST_TAGS {
        let message = format!("{}, and AWS allows at most {MOST_TAGS}", Count(tags.value.len(), "tag"));
        cx.error(tags.at, id.unwrap_or("CR052"), message, "remove some");
    }
    let mut lowered = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (key, value) in &tags.value {
        match TagKey::parse(key) {
            Err(invalid) => cx.error(value.at, invalid.id, invalid.message, invalid.help),
            Ok(_) if !seen.insert(key.to_lowercase()) => {
                let message = format!("the tag `{key}` is listed twice, in different case");
                cx.error(value.at, "CR052", message, "AWS treats the two as one: keep one of them");
            }
            Ok(key) => {
                lowered.insert(key, value.value.clone());
            }
        }
    }
    lowered
}
