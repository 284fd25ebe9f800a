//! How decisions, reasons and statements are called.

use anstyle::AnsiColor;
use serde_json::Value;

use crate::policy::evaluate::{Decision, NearMiss, Need, Reason, Side, StatementId, Verdict};
use crate::ui::paint;

/// A decision, in its color and as wide as any other.
pub(super) fn decision(decision: Decision) -> String {
    let color = match decision {
        Decision::Allow => AnsiColor::Green,
        Decision::Deny => AnsiColor::Yellow,
    };
    paint(color, &format!("{:5}", decision.as_str()))
}

/// The reason in a few words.
pub(super) fn short(verdict: &Verdict) -> String {
    match &verdict.reason {
        Reason::Allowed { statement, .. } => format!("statement {statement}"),
        Reason::DeniedBy { statement, .. } => {
            format!("statement {statement} denies it{}", with_what(verdict))
        }
        Reason::NotAllowed(Side::Identity) => "A's own policies do not allow it".to_owned(),
        Reason::NotAllowed(Side::Trust) => match verdict.near.first().filter(|near| is_within_reach(near)) {
            Some(near) if near.would_allow => near.to_string(),
            Some(near) if matches!(near.needs.as_slice(), [Need::MfaOfRole]) => {
                "a role's session never carries MFA".to_owned()
            }
            Some(near) if !matches!(near.needs.first(), Some(Need::Principal(_) | Need::Action(_))) => {
                let needs: Vec<String> = near.needs.iter().map(ToString::to_string).collect();
                format!("statement {} asks for {}", near.statement, needs.join(" and "))
            }
            _ => "not named by the trust policy".to_owned(),
        },
        reason @ Reason::NoSuchCall(_) => reason.to_string(),
    }
}

/// Whether somebody could do what a statement asks for: to be somebody else is nothing that anyone can.
fn is_within_reach(near: &NearMiss) -> bool {
    !near.needs.iter().any(|need| match need {
        Need::Condition { key, .. } => key.eq_ignore_ascii_case("aws:PrincipalArn"),
        _ => false,
    })
}

fn with_what(verdict: &Verdict) -> String {
    verdict.near.first().map(|near| format!("; {near}")).unwrap_or_default()
}

/// The reason with what was nearest.
pub(super) fn reason(verdict: &Verdict) -> String {
    match verdict.near.first() {
        Some(near) => format!("{}; {near}", verdict.reason),
        None => verdict.reason.to_string(),
    }
}

pub(super) fn statement_json(statement: &StatementId) -> Value {
    match statement {
        StatementId::Sid(sid) => sid.as_str().into(),
        StatementId::Index(index) => (*index).into(),
    }
}
