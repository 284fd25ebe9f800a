//! Findings for people, for machines, and for code scanning.

use std::fmt::Write as _;

use anstyle::AnsiColor;
use serde_json::{Value, json};

use super::draw;
use super::grouped::{Repeated, grouped};
use super::sarif::{SarifResult, SarifRule, sarif};
use super::summary::diagnostics_json;
use super::{Detail, MOST_SHOWN, paint};
use crate::diagnostic::words::{Count, Number};
use crate::diagnostic::{Diagnostic, Level};

/// What a run of `lint` has to show.
#[derive(Debug)]
pub struct Shown<'s> {
    /// What was found.
    pub findings: Vec<&'s Diagnostic>,
    /// What was found and is accepted, each with the reason.
    pub accepted: Vec<(&'s Diagnostic, &'s str)>,
    /// How many policies and providers were judged, and how much was not; `None` where that is not told.
    pub judged: Option<[usize; 3]>,
}

/// The findings with the lines they are about; those that say the same, once with all their places.
#[must_use]
pub fn findings_text(shown: &Shown<'_>, detail: Detail) -> String {
    let groups = grouped(shown.findings.iter().copied(), detail);
    let mut out = String::new();
    for group in groups.iter().take(MOST_SHOWN) {
        out.push_str(draw::repeated(group).trim_end());
        out.push_str("\n\n");
    }
    if groups.len() > MOST_SHOWN {
        let more = Count(groups.len() - MOST_SHOWN, "more finding");
        _ = write!(out, "… and {more}: `--format json` prints all\n\n");
    }
    out
}

/// Warnings in a line each, where they are not what was asked for: what, and where first.
#[must_use]
pub fn warnings_text(warnings: &[Diagnostic], detail: Detail) -> String {
    let line = |group: &Repeated<'_>| {
        let Repeated { first, others } = group;
        let id = first.id.map(|id| format!("[{}]", draw::called(id))).unwrap_or_default();
        let place = first.place.as_ref().map(|place| {
            let (line, _) = place.source.line_and_column(place.span.range().start);
            let more = match others.len() {
                0 => String::new(),
                more => format!(" and {}", Count(more, "more place")),
            };
            format!(" ({}:{line}{more})", place.source.name)
        });
        let heading = paint(AnsiColor::Yellow, &format!("{}{id}:", first.level.as_str()));
        format!("{heading} {}{}\n", first.message, place.unwrap_or_default())
    };
    grouped(warnings.iter(), detail).iter().map(line).collect()
}

/// How many there are.
#[must_use]
pub fn findings_verdict(shown: &Shown<'_>) -> String {
    let Shown { findings, accepted, judged } = shown;
    let judged = judged.map(|counts| format!("\n{}", judged_text(counts))).unwrap_or_default();
    let aside =
        if accepted.is_empty() { String::new() } else { format!(", {} accepted", Number(accepted.len())) };
    if findings.is_empty() {
        let is_ok =
            shown.judged.is_none_or(|[policies, providers, not]| policies + providers > 0 && not == 0);
        let ok = if is_ok { format!("{} ", paint(AnsiColor::Green, "ok:")) } else { String::new() };
        return format!("{ok}nothing was found{aside}{judged}");
    }
    let of = |level, noun| {
        let count = findings.iter().filter(|found| found.level == level).count();
        (count > 0).then(|| Count(count, noun).to_string())
    };
    let counts = [of(Level::Error, "error"), of(Level::Warning, "warning"), of(Level::Note, "note")];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    format!("{}{aside}; `crossrole lint --explain ID` says why{judged}", counts.join(", "))
}

/// How much was judged: "12 policies and 4 providers judged, 2 not".
fn judged_text([policies, providers, not]: [usize; 3]) -> String {
    let not = if not > 0 { format!(", {} not", Number(not)) } else { String::new() };
    format!("{} and {} judged{not}", Count(policies, "policy"), Count(providers, "provider"))
}

/// The findings for machines.
#[must_use]
pub fn findings_json(shown: &Shown<'_>) -> Value {
    let findings: Vec<Diagnostic> = shown.findings.iter().copied().cloned().collect();
    let mut out = json!({ "findings": diagnostics_json(&findings) });
    if let Some([policies, providers, not]) = shown.judged {
        out["judged"] = json!({ "policies": policies, "providers": providers, "not": not });
    }
    out
}

/// The findings for code scanning, with those that are accepted marked as such.
#[must_use]
pub fn findings_sarif(shown: &Shown<'_>, rules: &[SarifRule]) -> Value {
    let result = |found: &Diagnostic, accepted: Option<&str>| {
        let place = found.place.as_ref();
        let help = found.help.as_ref().map(|help| format!(". {help}")).unwrap_or_default();
        SarifResult {
            rule: found.id.unwrap_or_default().to_owned(),
            level: found.level,
            message: format!("{}{help}", found.message),
            file: place.map(|place| place.source.name.clone()),
            at: place.map(|place| place.source.line_and_column(place.span.range().start)),
            accepted: accepted.map(str::to_owned),
        }
    };
    let open = shown.findings.iter().map(|found| result(found, None));
    let accepted = shown.accepted.iter().map(|(found, reason)| result(found, Some(reason)));
    sarif(rules, &open.chain(accepted).collect::<Vec<_>>())
}
