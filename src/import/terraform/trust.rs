//! Trust policies as they were written: who is let in, and under which of the conditions that a spec
//! knows.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::answers::CallerAnswer;
use crate::model::{AccountId, ArnParts, ExternalId, OrganizationId, PrincipalName, Text};

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
    for statement in listed(&document["Statement"]) {
        statement_of(statement, &mut trust);
    }
    (!trust.callers.is_empty()).then_some(trust)
}

fn statement_of(statement: &Value, trust: &mut Trust) {
    let actions: Vec<&str> = listed(&statement["Action"]).filter_map(Value::as_str).collect();
    if statement["Effect"] == "Deny" {
        trust.lost.push("a statement that denies".to_owned());
        return;
    }
    // Tags and source identities follow from the session, in statements of their own.
    if !actions.iter().any(|action| ["sts:assumerole", "sts:*", "*"].contains(&&*action.to_lowercase())) {
        return;
    }
    let mut mfa = false;
    for (operator, keys) in statement["Condition"].as_object().into_iter().flatten() {
        for (key, values) in keys.as_object().into_iter().flatten() {
            condition(operator, key, values, &mut mfa, trust);
        }
    }
    let principals = match &statement["Principal"] {
        Value::Object(kinds) => kinds.clone(),
        everyone => Map::from_iter([("AWS".to_owned(), everyone.clone())]),
    };
    for (kind, values) in &principals {
        for principal in listed(values).filter_map(Value::as_str) {
            match caller(principal, mfa).filter(|_| kind == "AWS") {
                Some(caller) => trust.callers.push(caller),
                None => trust.lost.push(format!("the principal `{principal}`")),
            }
        }
    }
}

fn condition(operator: &str, key: &str, values: &Value, mfa: &mut bool, trust: &mut Trust) {
    let texts: Vec<String> =
        listed(values).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect();
    let known = match (operator, &*key.to_lowercase()) {
        ("StringEquals", "sts:externalid") => {
            let ids: Vec<_> = texts.iter().filter_map(|text| ExternalId::parse(text).ok()).collect();
            let all = ids.len() == texts.len();
            trust.external_ids.extend(ids);
            all
        }
        ("StringEquals", "aws:principalorgid") => {
            let ids: Vec<_> = texts.iter().filter_map(|text| OrganizationId::parse(text).ok()).collect();
            let all = ids.len() == texts.len();
            trust.organizations.extend(ids);
            all
        }
        ("Bool", "aws:multifactorauthpresent") if texts.iter().all(|text| text == "true") => {
            *mfa = true;
            true
        }
        _ => false,
    };
    if !known {
        trust.lost.push(format!("the condition `{operator}` on `{key}`"));
    }
}

fn caller(principal: &str, mfa: bool) -> Option<(AccountId, CallerAnswer)> {
    if let Ok(account) = AccountId::parse(principal) {
        return Some((account, CallerAnswer::Account { mfa }));
    }
    let arn = ArnParts::split(principal).filter(|arn| arn.service == "iam")?;
    let account = AccountId::parse(arn.account).ok()?;
    let caller = match arn.resource.split_once('/') {
        None if arn.resource == "root" => CallerAnswer::Account { mfa },
        Some(("user", name)) => CallerAnswer::User { name: PrincipalName::parse(name).ok()?, mfa },
        Some(("role", name)) if !mfa => CallerAnswer::Role { name: PrincipalName::parse(name).ok()? },
        _ => return None,
    };
    Some((account, caller))
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
