//! Trust policies as they were written: who is let in, and under which of the conditions that a spec
//! knows.

use std::collections::BTreeSet;

use glob::Pattern;
use serde_json::{Map, Value};

use crate::answers::CallerAnswer;
use crate::model::{AccountId, ArnParts, ExternalId, OrganizationId, PrincipalName, Text};

/// What a trust policy says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Trust {
    pub(super) callers: Vec<Caller>,
    /// What a spec cannot say; without it, more callers are let in than before.
    pub(super) lost: Vec<String>,
    /// Principals that a spec cannot name; without them, fewer are let in.
    pub(super) locked_out: Vec<String>,
    /// Those among them that may be in any account.
    pub(super) outsiders: Vec<String>,
}

/// Somebody who is let in.
#[derive(Debug, PartialEq)]
pub(super) struct Caller {
    pub(super) account: AccountId,
    /// Who it is, and whether MFA is needed.
    pub(super) answer: CallerAnswer,
    /// The external ids of which one has to be sent; none where that is not asked for.
    pub(super) external_ids: BTreeSet<ExternalId>,
    /// The organizations of which it has to be.
    pub(super) organizations: BTreeSet<OrganizationId>,
}

/// Reads a trust policy.
pub(super) fn read(document: &Value) -> Trust {
    let mut trust = Trust::default();
    for statement in listed(&document["Statement"]) {
        statement_of(statement, &mut trust);
    }
    trust
}

/// Whether a statement is about an action.
fn is_about(statement: &Value, action: &str) -> bool {
    let matches = |key: &str| {
        let pattern =
            |value: &Value| Some(Pattern::new(&value.as_str()?.to_lowercase()).ok()?.matches(action));
        listed(&statement[key]).filter_map(pattern).any(|is_it| is_it)
    };
    match statement.get("NotAction") {
        Some(_) => !matches("NotAction"),
        None => matches("Action"),
    }
}

fn statement_of(statement: &Value, trust: &mut Trust) {
    if statement["Effect"] == "Deny" {
        trust.lost.push("a statement that denies".to_owned());
        return;
    }
    let is_assumed = is_about(statement, "sts:assumerole");
    // Tags and source identities follow from the session, in statements of their own.
    let others = ["sts:assumerolewithwebidentity", "sts:assumerolewithsaml"];
    if !is_assumed && !others.iter().any(|action| is_about(statement, action)) {
        return;
    }
    let mut wanted = Wanted::default();
    let mut lost = Vec::new();
    for (operator, keys) in statement["Condition"].as_object().into_iter().flatten() {
        for (key, values) in keys.as_object().into_iter().flatten() {
            if !condition(operator, key, values, &mut wanted) {
                lost.push(format!("the condition `{operator}` on `{key}`"));
            }
        }
    }
    if statement.get("NotPrincipal").is_some() {
        trust.locked_out.push("everyone but some (`NotPrincipal`)".to_owned());
        trust.outsiders.push("everyone but some (`NotPrincipal`)".to_owned());
    }
    let before = trust.callers.len();
    for (kind, principal) in principals(statement) {
        let caller = caller(&principal, wanted.mfa).filter(|_| is_assumed && kind == "AWS");
        if let Some((account, answer)) = caller {
            let (external_ids, organizations) = (wanted.external_ids.clone(), wanted.organizations.clone());
            trust.callers.push(Caller { account, answer, external_ids, organizations });
            continue;
        }
        trust.locked_out.push(format!("`{principal}`"));
        if is_assumed && kind == "AWS" {
            trust.outsiders.push(format!("`{principal}`"));
        }
    }
    // Conditions on those who are not carried over are not missed.
    if trust.callers.len() > before {
        trust.lost.extend(lost);
    }
}

/// The principals of a statement, each with its kind.
fn principals(statement: &Value) -> Vec<(String, String)> {
    let kinds = match &statement["Principal"] {
        Value::Object(kinds) => kinds.clone(),
        everyone => Map::from_iter([("AWS".to_owned(), everyone.clone())]),
    };
    let named = kinds.iter().flat_map(|(kind, values)| {
        listed(values).filter_map(Value::as_str).map(|name| (kind.clone(), name.to_owned()))
    });
    named.collect()
}

/// What a statement demands that a spec knows.
#[derive(Default)]
struct Wanted {
    mfa: bool,
    external_ids: BTreeSet<ExternalId>,
    organizations: BTreeSet<OrganizationId>,
}

/// Takes over a condition; `false` for one that a spec cannot say.
fn condition(operator: &str, key: &str, values: &Value, wanted: &mut Wanted) -> bool {
    let texts: Vec<String> =
        listed(values).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect();
    match (operator, &*key.to_lowercase()) {
        ("StringEquals", "sts:externalid") => {
            let ids: Vec<_> = texts.iter().filter_map(|text| ExternalId::parse(text).ok()).collect();
            let all = ids.len() == texts.len();
            wanted.external_ids.extend(ids);
            all
        }
        ("StringEquals", "aws:principalorgid") => {
            let ids: Vec<_> = texts.iter().filter_map(|text| OrganizationId::parse(text).ok()).collect();
            let all = ids.len() == texts.len();
            wanted.organizations.extend(ids);
            all
        }
        ("Bool", "aws:multifactorauthpresent") if texts.iter().all(|text| text == "true") => {
            wanted.mfa = true;
            true
        }
        _ => false,
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
