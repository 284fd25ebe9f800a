//! Callers: which keys a kind has, and whom IAM has to trust for each.

use std::collections::BTreeMap;

use super::{Check, federated, first_line, or_default};
use crate::diagnostic::Span;
use crate::diagnostic::words::one_of;
use crate::model::{Caller, CallerId, CallerIdentity, RoleMatch, SpecName, Text as _};
use crate::spec::{CallerKind, CallerSpec, Field, Located};

const KINDS: &str =
    "`account`, `iam_user`, `role`, `sso`, `github_actions`, `gitlab`, `hcp_terraform` or `oidc`";

/// Every caller, sorted by id.
pub(super) fn lower(
    cx: &mut Check<'_>,
    field: &Field<Vec<Located<CallerSpec>>>,
    name: &SpecName,
) -> Vec<Caller> {
    let Some(list) = field.get() else {
        return CallerId::parse("account").into_iter().map(whole_account).collect();
    };
    if list.value.is_empty() {
        let help = "leave `callers` out to let everyone in A whose identity policy allows it";
        cx.error(list.at, None, "nobody can assume the roles: `callers` is empty", help);
    }
    let mut callers: Vec<(Caller, Span)> = Vec::new();
    for spec in &list.value {
        let Some(caller) = lower_caller(cx, spec, name) else { continue };
        if is_listed_once(cx, &callers, &caller, spec) {
            callers.push((caller, spec.at));
        }
    }
    let mut callers: Vec<Caller> = callers.into_iter().map(|(caller, _)| caller).collect();
    callers.sort_by(|left, right| left.id.cmp(&right.id));
    callers
}

fn whole_account(id: CallerId) -> Caller {
    Caller { id, identity: CallerIdentity::Account { mfa: false } }
}

/// Reports a caller that is there already, or one with an id that is too much like another's.
fn is_listed_once(
    cx: &mut Check<'_>,
    known: &[(Caller, Span)],
    caller: &Caller,
    spec: &Located<CallerSpec>,
) -> bool {
    if let Some((first, _)) = known.iter().find(|(first, _)| are_one(&first.identity, &caller.identity)) {
        let is_alike = first.identity == caller.identity || first.federated().is_some();
        let case = if is_alike { "" } else { ", in different case" };
        cx.error(
            first_line(spec.at),
            None,
            format!("this caller is listed twice{case}"),
            "keep one of the two",
        );
        return false;
    }
    let Some((first, at)) = known.iter().find(|(first, _)| first.id.label() == caller.id.label()) else {
        return true;
    };
    let message = if first.id == caller.id {
        format!("two callers have the ID `{}`", caller.id)
    } else {
        format!("the IDs `{}` and `{}` are too similar: they name files and resources", first.id, caller.id)
    };
    let at_id = spec.value.id.get().map_or_else(|| first_line(spec.at), |id| id.at);
    let diagnostic = crate::diagnostic::Diagnostic::error(message).at(cx.source, at_id).label("second");
    let help = "give one of them another `id`";
    cx.found.push(diagnostic.related(cx.source, first_line(*at), "first").help(help));
    false
}

/// Whether two callers are one principal to IAM, which takes names that differ in case for one.
fn are_one(left: &CallerIdentity, right: &CallerIdentity) -> bool {
    use CallerIdentity::{Account, Federated, IamUser, PermissionSet, Role};
    let same = |left: &str, right: &str| left.eq_ignore_ascii_case(right);
    match (left, right) {
        (Account { .. }, Account { .. }) => true,
        (IamUser { name: left, .. }, IamUser { name: right, .. })
        | (Role { name: left, .. }, Role { name: right, .. }) => same(left.as_str(), right.as_str()),
        (PermissionSet { name: left, .. }, PermissionSet { name: right, .. }) => {
            same(left.as_str(), right.as_str())
        }
        (Federated(left), Federated(right)) => {
            (&left.issuer, &left.audience, &left.subjects, &left.claims)
                == (&right.issuer, &right.audience, &right.subjects, &right.claims)
        }
        _ => false,
    }
}

fn lower_caller(cx: &mut Check<'_>, spec: &Located<CallerSpec>, name: &SpecName) -> Option<Caller> {
    let kind = cx.required(&spec.value.kind, "kind", spec.at, KINDS)?.value;
    refuse_foreign_keys(cx, &spec.value, kind);
    let identity = match kind {
        CallerKind::Account => Some(CallerIdentity::Account { mfa: or_default(&spec.value.mfa, || false) }),
        CallerKind::IamUser | CallerKind::Role => named(cx, spec, kind),
        CallerKind::Sso => {
            let help = "the name of the permission set, as IAM Identity Center lists it";
            let set = cx.required(&spec.value.permission_set, "permission_set", spec.at, help);
            let region = spec.value.region.value().cloned();
            set.map(|set| CallerIdentity::PermissionSet { name: set.value.clone(), region })
        }
        CallerKind::GithubActions | CallerKind::Gitlab | CallerKind::HcpTerraform | CallerKind::Oidc => {
            let help = "its role in A is called after it: give it a short name, as in `id: ci-apply`";
            let id = cx.required(&spec.value.id, "id", spec.at, help).cloned();
            let federated = federated::lower(cx, spec, kind, name, id.as_ref());
            federated.map(CallerIdentity::Federated)
        }
    }?;
    let id = match spec.value.id.get() {
        Some(id) => id.value.clone(),
        None => default_id(cx, &identity, spec.at)?,
    };
    Some(Caller { id, identity })
}

fn named(cx: &mut Check<'_>, spec: &Located<CallerSpec>, kind: CallerKind) -> Option<CallerIdentity> {
    let name =
        cx.required(&spec.value.name, "name", spec.at, "path and name, as in `ci/deployer`")?.value.clone();
    if kind == CallerKind::IamUser {
        return Some(CallerIdentity::IamUser { name, mfa: or_default(&spec.value.mfa, || false) });
    }
    let match_by = or_default(&spec.value.r#match, || RoleMatch::Arn);
    Some(CallerIdentity::Role { name, match_by })
}

/// The id of a caller without one.
fn default_id(cx: &mut Check<'_>, identity: &CallerIdentity, at: Span) -> Option<CallerId> {
    let text = match identity {
        CallerIdentity::Account { .. } => "account".to_owned(),
        CallerIdentity::IamUser { name, .. } | CallerIdentity::Role { name, .. } => name.name().to_owned(),
        CallerIdentity::PermissionSet { name, .. } => name.as_str().to_lowercase(),
        // Without one it has been reported.
        CallerIdentity::Federated(_) => return None,
    };
    CallerId::parse(&text)
        .map_err(|invalid| {
            let help = format!("give the caller an `id`: {}", invalid.help);
            cx.error(first_line(at), None, format!("`{text}` cannot be the caller's ID"), help);
        })
        .ok()
}

/// Keys of other kinds would be ignored, so they are mistakes.
fn refuse_foreign_keys(cx: &mut Check<'_>, spec: &CallerSpec, kind: CallerKind) {
    use CallerKind::{Account, GithubActions, Gitlab, HcpTerraform, IamUser, Oidc, Role, Sso};
    fn place<T>(field: &Field<T>) -> Option<Span> {
        field.get().map(|located| located.at)
    }
    let keys: [(&str, &[CallerKind], Option<Span>); 22] = [
        ("name", &[IamUser, Role], place(&spec.name)),
        ("match", &[Role], place(&spec.r#match)),
        ("permission_set", &[Sso], place(&spec.permission_set)),
        ("region", &[Sso], place(&spec.region)),
        ("repository", &[GithubActions], place(&spec.repository)),
        ("repository_id", &[GithubActions], place(&spec.repository_id)),
        ("owner_id", &[GithubActions], place(&spec.owner_id)),
        ("environment", &[GithubActions, Gitlab], place(&spec.environment)),
        ("branch", &[GithubActions, Gitlab], place(&spec.branch)),
        ("tag", &[GithubActions, Gitlab], place(&spec.tag)),
        ("pull_request", &[GithubActions], place(&spec.pull_request)),
        ("enterprise", &[GithubActions], place(&spec.enterprise)),
        ("host", &[GithubActions, Gitlab, HcpTerraform], place(&spec.host)),
        ("project", &[Gitlab, HcpTerraform], place(&spec.project)),
        ("project_id", &[Gitlab], place(&spec.project_id)),
        ("organization", &[HcpTerraform], place(&spec.organization)),
        ("workspace", &[HcpTerraform], place(&spec.workspace)),
        ("run_phase", &[HcpTerraform], place(&spec.run_phase)),
        ("issuer", &[Oidc], place(&spec.issuer)),
        ("audience", &[Gitlab, Oidc], place(&spec.audience)),
        ("subject", &[Oidc], place(&spec.subject)),
        ("claims", &[Oidc], place(&spec.claims)),
    ];
    for (key, owners, at) in keys {
        if let Some(at) = at.filter(|_| !owners.contains(&kind)) {
            let owners: Vec<&str> = owners.iter().map(|owner| owner.as_str()).collect();
            let message = match (key, kind) {
                ("name", Account) => {
                    "a caller of `kind: account` is the whole account and has no name".to_owned()
                }
                _ => format!("`{key}` is not valid for a caller of `kind: {kind}`"),
            };
            cx.error(
                at,
                None,
                message,
                format!("it belongs to {}: remove it, or correct `kind`", one_of(&owners)),
            );
        }
    }
    if let Some(mfa) = spec.mfa.get().filter(|mfa| mfa.value && !matches!(kind, Account | IamUser)) {
        report_mfa_of_role(cx, mfa.at);
    }
}

/// Of a caller itself, and of `role.require_mfa`, which asks the same of every caller.
pub(super) fn report_mfa_of_role(cx: &mut Check<'_>, at: Span) {
    cx.error(
        at,
        "CR030",
        "a role can never show MFA, so this would lock it out for good",
        "credentials of AssumeRole carry no MFA information; demand MFA of IAM users, or set `role.require_mfa: false`",
    );
}

/// Whether this describes a caller.
pub(crate) fn is_spec_of(spec: &CallerSpec, caller: &Caller) -> bool {
    match &caller.identity {
        CallerIdentity::Account { .. } => spec.kind.value() == Some(&CallerKind::Account),
        CallerIdentity::IamUser { name, .. } => {
            spec.kind.value() == Some(&CallerKind::IamUser) && spec.name.value() == Some(name)
        }
        CallerIdentity::Role { name, .. } => {
            spec.kind.value() == Some(&CallerKind::Role) && spec.name.value() == Some(name)
        }
        CallerIdentity::PermissionSet { name, .. } => spec.permission_set.value() == Some(name),
        CallerIdentity::Federated(_) => spec.id.value() == Some(&caller.id),
    }
}

/// The roles' lists of callers, resolved; what is wrong with them is reported at its place.
pub(super) fn resolve(
    cx: &mut Check<'_>,
    list: &Located<Vec<Located<CallerId>>>,
    known: &[Caller],
) -> std::collections::BTreeSet<CallerId> {
    if list.value.is_empty() {
        let help = "list caller IDs; without the key, every caller can assume the role";
        cx.error(list.at, None, "nobody can assume the role: `callers` is empty", help);
    }
    let ids: BTreeMap<&str, &CallerId> =
        known.iter().map(|caller| (caller.id.as_str(), &caller.id)).collect();
    for id in &list.value {
        if !known.is_empty() && !ids.contains_key(id.value.as_str()) && !list.inherited {
            let names: Vec<&str> = ids.keys().copied().collect();
            let help = crate::diagnostic::words::did_you_mean(id.value.as_str(), &names);
            cx.error(id.at, None, format!("no caller has the ID `{}`", id.value), help);
        }
    }
    list.value.iter().map(|id| id.value.clone()).collect()
}
