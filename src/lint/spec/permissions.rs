//! Whether the role can do what it is for: its policies exist, there are some, and they reach as far as its bucket.

use super::{One, OneRole};
use crate::diagnostic::{Level, Span};
use crate::lint::finding::Findings;
use crate::lint::known;
use crate::model::{Bootstrap, ManagedPolicy, PolicyArn};
use crate::policy::read::{Case, Kind, Statement, read};
use crate::spec::Located;
use crate::value::Value;

const CREATE_BUCKET: &str = "s3:CreateBucket";

/// CR103
pub(super) fn unknown_policy(of: &OneRole<'_>, found: &mut Findings) {
    let listed = of.spec.policy_arns.value().into_iter().flatten();
    listed.chain(of.spec.permissions_boundary.get()).for_each(|arn| judge(arn, found));
}

/// CR103, for policies that narrow sessions
pub(super) fn unknown_session_policy(one: &One<'_>, found: &mut Findings) {
    let listed = one.spec.session.value().and_then(|session| session.policy_arns.value());
    listed.into_iter().flatten().for_each(|arn| judge(arn, found));
}

fn judge(arn: &Located<PolicyArn>, found: &mut Findings) {
    if let Some(name) = arn.value.aws_name() {
        known::managed_policy(arn.at, name, found);
    }
}

/// CR104
pub(super) fn nothing(of: &OneRole<'_>, found: &mut Findings) {
    let OneRole { one, role, .. } = of;
    let is_ours = one.target.bootstrap != Bootstrap::Existing && !one.target.retired;
    if is_ours && role.policy_arns.is_empty() && role.inline_policies.is_empty() {
        let message = format!("role in `{}` has no permissions: no policy is attached", of.name());
        let help =
            "set `role.policy_arns` or `role.inline_policies`; under `defaults` they apply to all targets";
        found.add("CR104", one.start(), message, help);
    }
}

/// CR105
pub(super) fn no_bucket(of: &OneRole<'_>, found: &mut Findings) {
    let OneRole { one, role, spec } = of;
    // Another role than the default one may well be for plans alone.
    let is_default = std::ptr::eq(*role, one.target.roles.default());
    if one.target.bucket.is_none() || one.target.retired || !is_default {
        return;
    }
    let mut judge = |what: &str, at: Option<Span>, allows: bool| {
        if !allows {
            let message = format!("{what} `{CREATE_BUCKET}`, so the verification bucket cannot be created");
            let help = "allow it, or set `verification.enabled: false`";
            found.add_as(Level::Warning, "CR105", at.unwrap_or_else(|| one.start()), message, help);
        }
    };
    let session = &one.target.session;
    let session_spec = one.spec.session.value();
    let has_policies = !role.policy_arns.is_empty() || !role.inline_policies.is_empty();
    if one.target.bootstrap != Bootstrap::Existing && has_policies {
        let at = spec.policy_arns.get().map(|list| list.at).or_else(|| Some(spec.inline_policies.get()?.at));
        let allows = role.policy_arns.iter().any(may_allow) || role.inline_policies.values().any(allows);
        judge("no policy of the role allows", at.map(super::first), allows);
    }
    if let Some(boundary) = &role.permissions_boundary {
        let at = spec.permissions_boundary.get().map(|boundary| boundary.at);
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
