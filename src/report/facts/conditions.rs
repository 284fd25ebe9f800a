//! Conditions in the words of people, without the values that tell one account from another.

use crate::policy::evaluate::{Need, Reason, Side, Verdict};
use crate::policy::read::{Condition, Statement};

/// What a statement asks of those whom it names, each thing once.
pub(super) fn of(statement: &Statement) -> Vec<String> {
    let mut words: Vec<String> = statement.conditions.list.iter().filter_map(in_words).collect();
    words.extend(statement.conditions.rest.unknown().map(|reason| format!("what depends on {}", reason.why)));
    words.sort();
    words.dedup();
    words
}

/// A condition; nothing for one that only says who is meant.
fn in_words(condition: &Condition) -> Option<String> {
    let values: Vec<&str> = condition.values.iter().map(|value| value.text.as_str()).collect();
    let is_positive = condition.operator.is_equality() || condition.written.starts_with("Bool");
    let key = condition.lower_key();
    if key == "aws:principalarn" {
        return None;
    }
    if !is_positive && !condition.operator.is_for_all() && condition.written != "Null" {
        return Some(condition.to_string());
    }
    Some(match key {
        "aws:multifactorauthpresent" if values == ["true"] => "MFA".to_owned(),
        "sts:externalid" => "external ID".to_owned(),
        "aws:principalorgid" => format!("organization {}", values.join(" or ")),
        "aws:tagkeys" | "sts:transitivetagkeys" => "session tags".to_owned(),
        "sts:sourceidentity" => "source identity".to_owned(),
        _ if key.starts_with("aws:requesttag/") => "session tags".to_owned(),
        _ => claim(key, &values).unwrap_or_else(|| condition.to_string()),
    })
}

/// A claim of a token.
fn claim(key: &str, values: &[&str]) -> Option<String> {
    let (_, claim) = key.rsplit_once(':').filter(|(issuer, _)| issuer.contains('.'))?;
    let name = match claim {
        "sub" => "subject",
        "aud" => "audience",
        other => other,
    };
    Some(format!("{name} {}", values.join(" or ")))
}

/// Why a request is answered as it is: the statement that decides, or what is missing.
pub(super) fn why(verdict: &Verdict) -> String {
    match &verdict.reason {
        Reason::Allowed { statement, .. } => format!("statement {statement}"),
        Reason::DeniedBy { statement, .. } => format!("statement {statement} denies it"),
        Reason::NotAllowed(Side::Identity) => "the caller's own policies do not allow it".to_owned(),
        Reason::NotAllowed(Side::Trust) => missing(verdict),
        reason @ Reason::NoSuchCall(_) => reason.to_string(),
    }
}

fn missing(verdict: &Verdict) -> String {
    let near = verdict.near.first();
    let needs: Option<Vec<String>> = near.and_then(|near| near.needs.iter().map(need).collect());
    match (near, needs) {
        (Some(near), Some(needs)) if !needs.is_empty() => {
            format!("statement {} asks for {}", near.statement, needs.join(" and "))
        }
        _ => "not named by the trust policy".to_owned(),
    }
}

/// Something that could be brought along; to be somebody else cannot.
fn need(need: &Need) -> Option<String> {
    match need {
        Need::Principal(_) | Need::Action(_) | Need::Resource(_) => None,
        Need::MfaOfRole => Some("MFA, which a role's session never carries".to_owned()),
        Need::Condition { key, .. } => match key.to_lowercase().as_str() {
            "aws:principalarn" => None,
            "aws:multifactorauthpresent" => Some("MFA".to_owned()),
            "sts:externalid" => Some("the external ID".to_owned()),
            "aws:principalorgid" => Some("membership of the organization".to_owned()),
            "aws:tagkeys" | "sts:transitivetagkeys" => Some("the declared session tags".to_owned()),
            "sts:sourceidentity" => Some("the declared source identity".to_owned()),
            lower if lower.starts_with("aws:requesttag/") => Some("the declared session tags".to_owned()),
            lower => {
                let claim = lower.rsplit_once(':').filter(|(issuer, _)| issuer.contains('.'));
                Some(match claim {
                    Some((_, "sub")) => "the declared subject".to_owned(),
                    Some((_, "aud")) => "the declared audience".to_owned(),
                    Some((_, claim)) => format!("the declared {claim}"),
                    None => format!("`{key}`"),
                })
            }
        },
    }
}
