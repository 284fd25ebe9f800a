//! Account A and its callers.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, literal, or_default};
use crate::diagnostic::Span;
use crate::model::{Caller, Credentials, Partition, SourceAccount};
use crate::spec::{CallerKind, CallerSpec, CredentialsFrom, CredentialsSpec, Field, Located, SourceSpec};

pub(super) fn lower(cx: &mut Check<'_>, spec: &Located<SourceSpec>) -> Option<SourceAccount> {
    let Located { value: spec, at, .. } = spec;
    let help = "the twelve digits of Account A, between quotes";
    let account_id = cx.required(&spec.account_id, "account_id", *at, help).map(|id| id.value.clone());
    let callers = lower_callers(cx, &spec.callers);
    let credentials = lower_credentials(cx, &spec.credentials);
    Some(SourceAccount {
        name: or_default(&spec.name, || literal("source")),
        account_id: account_id?,
        partition: or_default(&spec.partition, || Partition::Aws),
        organization_id: spec.organization_id.value().cloned(),
        callers,
        credentials: credentials?,
    })
}

fn lower_callers(cx: &mut Check<'_>, field: &Field<Vec<Located<CallerSpec>>>) -> BTreeSet<Caller> {
    let Some(list) = field.get() else {
        return BTreeSet::from([Caller::Account { mfa: false }]);
    };
    if list.value.is_empty() {
        let help = "leave `callers` out to let everyone in A whose identity policy allows it";
        cx.error(list.at, None, "nobody may assume the roles: `callers` is empty", help);
    }
    let mut callers = BTreeSet::new();
    let mut seen = BTreeMap::new();
    for spec in &list.value {
        let Some(caller) = lower_caller(cx, spec) else { continue };
        let (kind, name) = match &caller {
            Caller::Account { .. } => ("account", String::new()),
            Caller::IamUser { name, .. } => ("user", name.to_string()),
            Caller::Role { name } => ("role", name.to_string()),
        };
        // IAM takes names that differ in case for one.
        if let Some(first) = seen.insert((kind, name.to_lowercase()), name.clone()) {
            let case = if first == name { "" } else { ", in different case" };
            let message = format!("this caller is listed twice{case}");
            cx.error(super::first_line(spec.at), None, message, "keep one of the two");
        }
        callers.insert(caller);
    }
    callers
}

fn lower_caller(cx: &mut Check<'_>, spec: &Located<CallerSpec>) -> Option<Caller> {
    let Located { value: CallerSpec { kind, name, mfa }, at, .. } = spec;
    let kind = cx.required(kind, "kind", *at, "`account`, `iam_user` or `role`")?.value;
    let demands_mfa = or_default(mfa, || false);
    if kind == CallerKind::Account {
        if let Some(name) = name.get() {
            let help = "name a user with `kind: iam_user`, a role with `kind: role`";
            cx.error(name.at, None, "a caller of `kind: account` is the whole account and has no name", help);
        }
        return Some(Caller::Account { mfa: demands_mfa });
    }
    let name = cx.required(name, "name", *at, "path and name, as in `ci/deployer`")?.value.clone();
    match kind {
        CallerKind::Role => {
            if let Some(mfa) = mfa.get().filter(|mfa| mfa.value) {
                report_mfa_of_role(cx, mfa.at);
            }
            Some(Caller::Role { name })
        }
        CallerKind::Account | CallerKind::IamUser => Some(Caller::IamUser { name, mfa: demands_mfa }),
    }
}

/// Also for `role.require_mfa`, which asks the same of every caller.
pub(super) fn report_mfa_of_role(cx: &mut Check<'_>, at: Span) {
    cx.error(
        at,
        "CR030",
        "a role can never show MFA, so this would lock it out for good",
        "credentials of AssumeRole carry no MFA information; demand MFA of IAM users, or set `role.require_mfa: false`",
    );
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
