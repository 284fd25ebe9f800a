//! Who can assume a role in B, and under which conditions.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Conditions, Document, Principal, Statement};
use crate::model::{Caller, Role, Session, SourceAccount, TagKey};

/// The trust policy of a role in B: one statement per distinct set of conditions.
#[must_use]
pub fn trust_policy(source: &SourceAccount, session: &Session, role: &Role) -> Document {
    let mut statements = assume_statements(source, role);
    let further: [(_, &[_], _); 2] = [
        ("TagSession", &["sts:TagSession"], tag_conditions(session)),
        ("SetSourceIdentity", &["sts:SetSourceIdentity"], identity_conditions(session)),
    ];
    for (id, actions, conditions) in further {
        let Some(conditions) = conditions else { continue };
        for (by, named) in named(source, role) {
            statements.push(companion((id, actions), source, by, &named, conditions.clone()));
        }
    }
    Document { statements }
}

/// What a trust policy cannot exceed, found without building it: nearly all are far from the quota,
/// and a fleet has thousands.
#[must_use]
pub fn trust_policy_bound(source: &SourceAccount, session: &Session, role: &Role) -> usize {
    /// Everything of a statement but names and values.
    const FRAME: usize = 325;
    let mut callers = 0;
    let mut ways = BTreeSet::new();
    for caller in source.callers_of(role) {
        let by = source.principal_arn_of(caller);
        callers += source.arn_of(caller).len() + by.as_ref().map_or(0, |(_, arn)| arn.len()) + 6;
        ways.insert(by.map(|(operator, _)| operator));
    }
    let Session { tags, transitive_tag_keys, source_identity, .. } = session;
    let tags: usize =
        tags.iter().map(|(key, value)| 2 * key.as_str().len() + value.as_str().len() + 30).sum();
    let transitive: usize = transitive_tag_keys.iter().map(|key| key.as_str().len() + 3).sum();
    let external_id = role.external_id.as_ref().map_or(0, |id| id.as_str().len());
    let identity = source_identity.as_ref().map_or(0, |identity| identity.as_str().len());
    // Callers with and without MFA have statements of their own, and so has each way in which they are named.
    let ways = ways.len();
    (3 * ways + 1) * FRAME + 3 * callers + ways * (tags + transitive + identity) + (ways + 1) * external_id
}

/// How callers are named: alone, or by their account and an operator on `aws:PrincipalArn`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    Principal,
    PrincipalArn(&'static str),
}

/// Callers that are named in one way.
#[derive(Debug, Default)]
struct Named {
    principals: BTreeSet<Principal>,
    /// What `aws:PrincipalArn` may be.
    arns: BTreeSet<String>,
}

impl Named {
    fn add(&mut self, source: &SourceAccount, caller: &Caller) {
        self.principals.insert(Principal::Aws(source.arn_of(caller)));
        self.arns.extend(source.principal_arn_of(caller).map(|(_, arn)| arn));
    }

    fn require(&self, by: By, conditions: &mut Conditions) {
        if let By::PrincipalArn(operator) = by {
            conditions.require(operator, "aws:PrincipalArn", self.arns.iter().map(String::as_str));
        }
    }
}

impl By {
    fn of(source: &SourceAccount, caller: &Caller) -> Self {
        source.principal_arn_of(caller).map_or(Self::Principal, |(operator, _)| Self::PrincipalArn(operator))
    }

    /// What the id of a statement ends with.
    fn suffix(self) -> &'static str {
        match self {
            Self::Principal => "",
            Self::PrincipalArn("ArnLike") => "ByPermissionSet",
            Self::PrincipalArn(_) => "ByPrincipalArn",
        }
    }
}

/// Those who can assume a role, by the way in which they are named.
fn named(source: &SourceAccount, role: &Role) -> BTreeMap<By, Named> {
    let mut named: BTreeMap<By, Named> = BTreeMap::new();
    for caller in source.callers_of(role) {
        named.entry(By::of(source, caller)).or_default().add(source, caller);
    }
    named
}

/// Callers that must show MFA and callers that need not, each under one statement.
fn assume_statements(source: &SourceAccount, role: &Role) -> Vec<Statement> {
    let mut groups: BTreeMap<(By, bool), Named> = BTreeMap::new();
    for caller in source.callers_of(role) {
        let group = (By::of(source, caller), role.demands_mfa_of(caller));
        groups.entry(group).or_default().add(source, caller);
    }
    let statement = |((by, mfa), named): ((By, bool), Named)| {
        let mut conditions = organization_condition(source);
        if let Some(external_id) = &role.external_id {
            conditions.require("StringEquals", "sts:ExternalId", [external_id.as_str()]);
        }
        if mfa {
            // `Bool`, not `BoolIfExists`: a long-term key carries no such key at all, and
            // `…IfExists` would let it pass.
            conditions.require("Bool", "aws:MultiFactorAuthPresent", ["true"]);
        }
        named.require(by, &mut conditions);
        let sid = format!("AssumeRole{}{}", by.suffix(), if mfa { "WithMfa" } else { "" });
        let actions = &["sts:AssumeRole"];
        Statement { sid, principals: named.principals, actions, conditions, ..Statement::default() }
    };
    groups.into_iter().map(statement).collect()
}

/// A right that only counts together with `sts:AssumeRole`. The external ID is not repeated: STS
/// supplies it for `sts:AssumeRole` alone.
fn companion(
    (sid, actions): (&str, &'static [&'static str]),
    source: &SourceAccount,
    by: By,
    named: &Named,
    mut conditions: Conditions,
) -> Statement {
    if let Some(id) = &source.organization_id {
        conditions.require("StringEquals", "aws:PrincipalOrgID", [id.as_str()]);
    }
    named.require(by, &mut conditions);
    let (sid, principals) = (format!("{sid}{}", by.suffix()), named.principals.clone());
    Statement { sid, principals, actions, conditions, ..Statement::default() }
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
