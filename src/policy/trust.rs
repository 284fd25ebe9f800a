//! Who may assume the role of a target, and under which conditions.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Conditions, Document, Principal, Statement};
use crate::model::{Session, SourceAccount, TagKey, Target};

/// The trust policy of a target's role: one statement per distinct set of conditions.
#[must_use]
pub fn trust_policy(source: &SourceAccount, target: &Target) -> Document {
    let mut statements = assume_statements(source, target);
    if let Some(conditions) = tag_conditions(&target.session) {
        statements.push(companion("TagSession", "sts:TagSession", source, conditions));
    }
    if let Some(conditions) = identity_conditions(&target.session) {
        statements.push(companion("SetSourceIdentity", "sts:SetSourceIdentity", source, conditions));
    }
    Document { statements }
}

/// What a trust policy cannot exceed, found without building it: nearly all are far from the quota,
/// and a fleet has thousands.
#[must_use]
pub fn trust_policy_bound(source: &SourceAccount, target: &Target) -> usize {
    /// Everything but names and values, in four statements.
    const FRAME: usize = 1300;
    let callers: usize = source.callers.iter().map(|caller| caller.arn(source).len() + 3).sum();
    let Session { tags, transitive_tag_keys, source_identity, .. } = &target.session;
    let tags: usize =
        tags.iter().map(|(key, value)| 2 * key.as_str().len() + value.as_str().len() + 30).sum();
    let transitive: usize = transitive_tag_keys.iter().map(|key| key.as_str().len() + 3).sum();
    let external_id = target.role.external_id.as_ref().map_or(0, |id| id.as_str().len());
    let identity = source_identity.as_ref().map_or(0, |identity| identity.as_str().len());
    FRAME + 3 * callers + tags + transitive + external_id + identity
}

/// Callers that must show MFA and callers that need not, each under one statement.
fn assume_statements(source: &SourceAccount, target: &Target) -> Vec<Statement> {
    let mut groups: BTreeMap<bool, BTreeSet<Principal>> = BTreeMap::new();
    for caller in &source.callers {
        let mfa = target.role.demands_mfa_of(caller);
        groups.entry(mfa).or_default().insert(Principal::Aws(caller.arn(source)));
    }
    let statement = |(mfa, principals)| {
        let mut conditions = organization_condition(source);
        if let Some(external_id) = &target.role.external_id {
            conditions.require("StringEquals", "sts:ExternalId", [external_id.as_str()]);
        }
        if mfa {
            // `Bool`, not `BoolIfExists`: a long-term key carries no such key at all, and
            // `…IfExists` would let it pass.
            conditions.require("Bool", "aws:MultiFactorAuthPresent", ["true"]);
        }
        let sid = if mfa { "AssumeRoleWithMfa" } else { "AssumeRole" };
        Statement {
            sid: sid.to_owned(),
            principals,
            action: "sts:AssumeRole",
            conditions,
            ..Statement::default()
        }
    };
    groups.into_iter().map(statement).collect()
}

/// A right that only counts together with `sts:AssumeRole`. The external id is not repeated: STS
/// supplies it for `sts:AssumeRole` alone.
fn companion(
    sid: &str,
    action: &'static str,
    source: &SourceAccount,
    mut conditions: Conditions,
) -> Statement {
    if let Some(id) = &source.organization_id {
        conditions.require("StringEquals", "aws:PrincipalOrgID", [id.as_str()]);
    }
    Statement {
        sid: sid.to_owned(),
        principals: source.callers.iter().map(|caller| Principal::Aws(caller.arn(source))).collect(),
        action,
        conditions,
        ..Statement::default()
    }
}

fn organization_condition(source: &SourceAccount) -> Conditions {
    let mut conditions = Conditions::default();
    if let Some(id) = &source.organization_id {
        conditions.require("StringEquals", "aws:PrincipalOrgID", [id.as_str()]);
    }
    conditions
}

/// Exactly the declared session tags, and of these only the declared ones transitive; `None` for a
/// session without tags.
pub(super) fn tag_conditions(session: &Session) -> Option<Conditions> {
    if session.tags.is_empty() {
        return None;
    }
    let mut conditions = Conditions::default();
    for (key, value) in &session.tags {
        conditions.require("StringEquals", format!("aws:RequestTag/{key}"), [value.as_str()]);
    }
    // `ForAllValues` holds for a request without tags, too; the equalities above demand them.
    let keys = session.tags.keys().map(TagKey::as_str);
    conditions.require("ForAllValues:StringEquals", "aws:TagKeys", keys);
    if session.transitive_tag_keys.is_empty() {
        conditions.require("Null", "sts:TransitiveTagKeys", ["true"]);
    } else {
        let keys = session.transitive_tag_keys.iter().map(TagKey::as_str);
        conditions.require("ForAllValues:StringEquals", "sts:TransitiveTagKeys", keys);
    }
    Some(conditions)
}

/// Exactly the declared source identity; `None` for a session without one.
pub(super) fn identity_conditions(session: &Session) -> Option<Conditions> {
    let identity = session.source_identity.as_ref()?;
    let mut conditions = Conditions::default();
    conditions.require("StringEquals", "sts:SourceIdentity", [identity.as_str()]);
    Some(conditions)
}
