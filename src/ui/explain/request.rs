//! The answer to one request.

use std::fmt::Write as _;

use anstyle::AnsiColor;
use serde_json::{Value, json};

use super::words::{reason, statement_json};
use crate::policy::evaluate::{Identity, Reason, Request, Verdict};
use crate::ui::paint;

/// What AWS asks in addition to a request, with the answer and the reason why it asks.
pub type AlsoAsked = (Request, Verdict, &'static str);

/// The answer to one request for people, and to what AWS asks in addition.
#[must_use]
pub fn verdict_text(request: &Request, verdict: &Verdict, also: &[AlsoAsked]) -> String {
    let mut out = one_verdict(request, verdict);
    for (request, verdict, why) in also {
        let heading = paint(AnsiColor::Cyan, "also:");
        _ = writeln!(out, "{heading} AWS asks for `{}` as well: {why}", request.action);
        out.push_str(&one_verdict(request, verdict));
    }
    out
}

fn one_verdict(request: &Request, verdict: &Verdict) -> String {
    let color = if verdict.is_allowed() { AnsiColor::Green } else { AnsiColor::Red };
    let may = if verdict.is_allowed() { "may" } else { "may not" };
    let mut out = format!(
        "{} {} {may} {}\n      on {}\n      {}\n",
        paint(color, &format!("{}:", verdict.decision.as_str())),
        request.principal.name(),
        request.action,
        request.resource,
        verdict.reason,
    );
    // What would let the caller in is all that matters, where there is such a thing.
    let has_way_in = verdict.near.iter().any(|near| near.would_allow);
    for near in verdict.near.iter().filter(|near| near.would_allow || !has_way_in) {
        _ = writeln!(out, "{} {near}", paint(AnsiColor::Cyan, "near:"));
    }
    for key in &verdict.depends_on {
        _ = writeln!(
            out,
            "{} `{key}` is not given, and with some values of it the answer is deny: say it with `--context {key}=…`",
            paint(AnsiColor::Yellow, "open:"),
        );
    }
    out
}

/// The answer to one request for machines, and under `also` those to what AWS asks in addition.
#[must_use]
pub fn verdict_json(request: &Request, verdict: &Verdict, also: &[AlsoAsked]) -> Value {
    let mut json = one_verdict_json(request, verdict);
    json["also"] = also.iter().map(|(request, verdict, _)| one_verdict_json(request, verdict)).collect();
    json
}

fn one_verdict_json(request: &Request, verdict: &Verdict) -> Value {
    let near: Vec<Value> = verdict
        .near
        .iter()
        .map(|near| {
            json!({
                "statement": statement_json(&near.statement),
                "would_allow": near.would_allow,
                "needs": near.needs.iter().map(ToString::to_string).collect::<Vec<_>>(),
            })
        })
        .collect();
    let identity = match &verdict.reason {
        Reason::Allowed { identity: Identity::Assumed, .. } => Some("assumed"),
        Reason::Allowed { identity: Identity::NotNeeded, .. } => Some("not needed"),
        Reason::Allowed { identity: Identity::Allows(_), .. } => Some("allows"),
        _ => None,
    };
    json!({
        "decision": verdict.decision.as_str(),
        "reason": reason(verdict),
        "statement": verdict.statement().map(statement_json),
        "principal": request.principal.name(),
        "action": request.action,
        "role": request.resource,
        "identity": identity,
        "near": near,
        "depends_on": verdict.depends_on,
    })
}
