//! Whether the role can do what it is for: its policies exist, there are some, and they reach as far as its bucket.

use super::One;
use crate::diagnostic::{Level, Span};
use crate::lint::finding::Findings;
use crate::lint::known;
use crate::model::{Bootstrap, ManagedPolicy, PolicyArn};
use crate::policy::read::{Case, Kind, Statement, read};
use crate::spec::{Field, Located};
use crate::value::Value;

const CREATE_BUCKET: &str = "s3:CreateBucket";

/// CR103
pub(super) fn unknown_policy(one: &One<'_>, found: &mut Findings) {
    let role = one.spec.role.value();
    let boundary = role.and_then(|role| role.permissions_boundary.get());
    let session = one.spec.session.value().map(|session| &session.policy_arns);
    let lists = role.map(|role| &role.policy_arns).into_iter().chain(session);
    let listed = lists.flat_map(|list: &Field<Vec<Located<PolicyArn>>>| list.value().into_iter().flatten());
    for arn in listed.chain(boundary) {
        if let Some(name) = arn.value.aws_name() {
            known::managed_policy(arn.at, name, found);
        }
    }
}

/// CR104
pub(super) fn nothing(one: &One<'_>, found: &mut Findings) {
    let role = &one.target.role;
    let is_ours = one.target.bootstrap != Bootstrap::Existing && !one.target.retired;
    if is_ours && role.policy_arns.is_empty() && role.inline_policies.is_empty() {
        let message = format!("the role in `{}` may do nothing: it has no policy", one.target.name);
        let help = "list what it needs in `role.policy_arns` or `role.inline_policies`; under `defaults` once for all targets";
        found.add("CR104", one.start(), message, help);
    }
}

/// CR105
pub(super) fn no_bucket(one: &One<'_>, found: &mut Findings) {
    if one.target.bucket.is_none() || one.target.retired {
        return;
    }
    let mut judge = |what: &str, at: Option<Span>, allows: bool| {
        if !allows {
            let message = format!("{what} `{CREATE_BUCKET}`, so the verification bucket cannot be built");
            let help = "allow it, or set `verification.enabled: false`";
            found.add_as(Level::Warning, "CR105", at.unwrap_or_else(|| one.start()), message, help);
        }
    };
    let (role, session) = (&one.target.role, &one.target.session);
    let (role_spec, session_spec) = (one.spec.role.value(), one.spec.session.value());
    let has_policies = !role.policy_arns.is_empty() || !role.inline_policies.is_empty();
    if one.target.bootstrap != Bootstrap::Existing && has_policies {
        let at = role_spec.and_then(|role| {
            role.policy_arns.get().map(|list| list.at).or_else(|| Some(role.inline_policies.get()?.at))
        });
        let allows = role.policy_arns.iter().any(may_allow) || role.inline_policies.values().any(allows);
        judge("no policy of the role allows", at.map(super::first), allows);
    }
    if let Some(boundary) = &role.permissions_boundary {
        let at = role_spec.and_then(|role| Some(role.permissions_boundary.get()?.at));
        judge("the role's permissions boundary does not allow", at, may_allow(boundary));
    }
    if session.policy.is_some() || !session.policy_arns.is_empty() {
        let at = session_spec.and_then(|session| {
            session.policy_arns.get().map(|list| list.at).or_else(|| Some(session.policy.get()?.at))
        });
        let allows = session.policy_arns.iter().any(may_allow) || session.policy.iter().any(allows);
        judge("no session policy allows", at.map(super::first), allows);
    }
}

/// Whether a managed policy allows the bucket; of one that is not AWS's own that is not known.
fn may_allow(arn: &PolicyArn) -> bool {
    arn.aws_name().and_then(ManagedPolicy::find).is_none_or(|policy| policy.creates_buckets)
}

/// Whether some statement of a document allows the bucket, whatever its resources and conditions are.
fn allows(document: &serde_json::Value) -> bool {
    let value = Value::of_json(document, &|_| Span::default());
    let covers = |statement: &Statement| {
        statement.actions.known().is_none_or(|actions| {
            actions.values().any(|action| action.covers(CREATE_BUCKET, Case::Ignored)) != actions.negated
        })
    };
    let statements = read(&value, Kind::Identity).statements;
    statements.iter().any(|statement| statement.allows() && covers(statement))
}
