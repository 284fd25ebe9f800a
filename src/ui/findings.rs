//! Findings for people, for machines, and for code scanning.

use std::fmt::Write as _;

use anstyle::AnsiColor;
use serde_json::{Value, json};

use super::draw;
use super::sarif::{SarifResult, SarifRule, sarif};
use super::summary::diagnostics_json;
use super::{MOST_SHOWN, paint};
use crate::diagnostic::words::Count;
use crate::diagnostic::{Diagnostic, Level};

/// What a run of `lint` has to show.
#[derive(Debug)]
pub struct Shown<'s> {
    /// What was found.
    pub findings: Vec<&'s Diagnostic>,
    /// What was found and is accepted, each with the reason.
    pub accepted: Vec<(&'s Diagnostic, &'s str)>,
}

/// The findings with the lines they are about.
#[must_use]
pub fn findings_text(shown: &Shown<'_>) -> String {
    let findings = &shown.findings;
    let mut out = String::new();
    for found in findings.iter().take(MOST_SHOWN) {
        out.push_str(draw::diagnostic(found).trim_end());
        out.push_str("\n\n");
    }
    if findings.len() > MOST_SHOWN {
        let more = Count(findings.len() - MOST_SHOWN, "more finding");
        _ = write!(out, "… and {more}: `--format json` prints all\n\n");
    }
    out
}

/// How many there are.
#[must_use]
pub fn findings_verdict(shown: &Shown<'_>) -> String {
    let Shown { findings, accepted } = shown;
    let aside = if accepted.is_empty() { String::new() } else { format!(", {} accepted", accepted.len()) };
    if findings.is_empty() {
        return format!("{} nothing was found{aside}", paint(AnsiColor::Green, "ok:"));
    }
    let of = |level, noun| {
        let count = findings.iter().filter(|found| found.level == level).count();
        (count > 0).then(|| Count(count, noun).to_string())
    };
    let counts = [of(Level::Error, "error"), of(Level::Warning, "warning"), of(Level::Note, "note")];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    format!("{}{aside}; `crossrole lint --explain ID` says why", counts.join(", "))
}

/// The findings for machines.
#[must_use]
pub fn findings_json(shown: &Shown<'_>) -> Value {
    let findings: Vec<Diagnostic> = shown.findings.iter().copied().cloned().collect();
    json!({ "findings": diagnostics_json(&findings) })
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
