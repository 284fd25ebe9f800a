//! Trust policies as they were written: who is let in, and under which of the conditions that a spec
//! knows.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::answers::CallerAnswer;
use crate::diagnostic::Span;
use crate::model::{AccountId, ExternalId, OrganizationId, PrincipalName, Text};
use crate::policy;
use crate::policy::read::{Condition, Kind, PrincipalKind, PrincipalPattern, Statement};

/// What a trust policy says.
#[derive(Debug, Default)]
pub(super) struct Trust {
    /// The callers, each with the account that it is in, and whether it needs MFA.
    pub(super) callers: Vec<(AccountId, CallerAnswer)>,
    pub(super) external_ids: BTreeSet<ExternalId>,
    pub(super) organizations: BTreeSet<OrganizationId>,
    /// What a spec cannot say; without it, more callers are let in than before.
    pub(super) lost: Vec<String>,
}

/// Reads a trust policy; `None` where it lets in no one of another account, but a service, say.
pub(super) fn read(document: &Value) -> Option<Trust> {
    let mut trust = Trust::default();
    let document = crate::value::Value::of_json(document, &|_| Span::default());
    for statement in &policy::read::read(&document, Kind::Trust).statements {
        add(statement, &mut trust);
    }
    (!trust.callers.is_empty()).then_some(trust)
}

fn add(statement: &Statement, trust: &mut Trust) {
    if statement.denies() {
        trust.lost.push("a statement that denies".to_owned());
        return;
    }
    // Tags and source identities follow from the session, in statements of their own.
    if !statement.names_action("sts:AssumeRole") {
        return;
    }
    let mut mfa = false;
    for asked in &statement.conditions.list {
        mfa |= is_mfa(asked);
        if !is_mfa(asked) && !is_known(asked, trust) {
            trust.lost.push(format!("the condition `{}` on `{}`", asked.written, asked.key));
        }
    }
    if !statement.conditions.are_all_read() {
        trust.lost.push("a condition that cannot be read".to_owned());
    }
    for principal in statement.named_principals() {
        match caller(&principal.value, mfa) {
            Some(caller) => trust.callers.push(caller),
            None => trust.lost.push(format!("the principal `{}`", principal.value.text)),
        }
    }
}

fn is_mfa(asked: &Condition) -> bool {
    asked.operator.to_string() == "Bool"
        && asked.lower_key() == "aws:multifactorauthpresent"
        && asked.values.iter().all(|value| value.text == "true")
}

/// Whether a spec can say what a condition asks for, which is noted.
fn is_known(asked: &Condition, trust: &mut Trust) -> bool {
    let is_equality = asked.operator.to_string() == "StringEquals";
    match asked.lower_key() {
        "sts:externalid" if is_equality => parsed(asked, &mut trust.external_ids),
        "aws:principalorgid" if is_equality => parsed(asked, &mut trust.organizations),
        _ => false,
    }
}

/// Adds the values that a spec could hold; whether all could.
fn parsed<T: Text + Ord>(asked: &Condition, known: &mut BTreeSet<T>) -> bool {
    let parsed: Vec<T> = asked.values.iter().filter_map(|value| T::parse(&value.text).ok()).collect();
    let are_all = parsed.len() == asked.values.len();
    known.extend(parsed);
    are_all
}

fn caller(principal: &PrincipalPattern, mfa: bool) -> Option<(AccountId, CallerAnswer)> {
    let resource = || principal.resource()?.1.split_once('/');
    let name = || PrincipalName::parse(resource()?.1).ok();
    let (account, caller) = match &principal.kind {
        PrincipalKind::Account { account, .. } => (account, CallerAnswer::Account { mfa }),
        PrincipalKind::User { account, .. } => (account, CallerAnswer::User { name: name()?, mfa }),
        PrincipalKind::Role { account, .. } if !mfa => (account, CallerAnswer::Role { name: name()? }),
        _ => return None,
    };
    Some((AccountId::parse(account).ok()?, caller))
}

/// A value that may stand alone or in a list.
pub(super) fn listed(value: &Value) -> impl Iterator<Item = &Value> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        Value::Null => &[],
        one => std::slice::from_ref(one),
    };
    items.iter()
}
