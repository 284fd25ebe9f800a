//! Findings for people, for machines, and for code scanning.

use std::collections::BTreeMap;
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
    /// How many policies and providers were judged, and how much was not; `None` where that is not told.
    pub judged: Option<[usize; 3]>,
}

/// Places of the same finding that are listed.
const MOST_PLACES: usize = 5;

/// The findings with the lines they are about; those that say the same, once with all their places.
#[must_use]
pub fn findings_text(shown: &Shown<'_>) -> String {
    let groups = groups(&shown.findings);
    let mut out = String::new();
    for (found, others) in groups.iter().take(MOST_SHOWN) {
        out.push_str(draw::diagnostic(found).trim_end());
        out.push_str(&also(others));
        out.push_str("\n\n");
    }
    if groups.len() > MOST_SHOWN {
        let more = Count(groups.len() - MOST_SHOWN, "more finding");
        _ = write!(out, "… and {more}: `--format json` prints all\n\n");
    }
    out
}

/// Each finding with those that say no more than it does, in the order of the first.
fn groups<'f>(findings: &[&'f Diagnostic]) -> Vec<(&'f Diagnostic, Vec<&'f Diagnostic>)> {
    let mut groups: Vec<(&Diagnostic, Vec<&Diagnostic>)> = Vec::new();
    let mut known: BTreeMap<(Level, &str, &str), usize> = BTreeMap::new();
    for found in findings {
        // A note is about the rule more than about what it names.
        let said = match found.level {
            Level::Note if found.id != Some("CR110") => "",
            _ => found.message.as_str(),
        };
        let is_alone = found.level == Level::Error || found.place.is_none();
        let index = *known.entry((found.level, found.id.unwrap_or_default(), said)).or_insert(groups.len());
        if is_alone || index == groups.len() {
            groups.push((found, Vec::new()));
        } else {
            groups[index].1.push(found);
        }
    }
    groups
}

/// The other places of a finding.
fn also(others: &[&Diagnostic]) -> String {
    if others.is_empty() {
        return String::new();
    }
    let places = others.iter().filter_map(|found| found.place.as_ref()).take(MOST_PLACES).map(|place| {
        let (line, _) = place.source.line_and_column(place.span.range().start);
        format!("{}:{line}", place.source.name)
    });
    let places = places.collect::<Vec<_>>().join(", ");
    let more = match others.len().saturating_sub(MOST_PLACES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("\n  = {} in all, also at {places}{more}", Count(others.len() + 1, "place"))
}

/// How many there are.
#[must_use]
pub fn findings_verdict(shown: &Shown<'_>) -> String {
    let Shown { findings, accepted, judged } = shown;
    let judged = judged.map(|counts| format!("\n{}", judged_text(counts))).unwrap_or_default();
    let aside = if accepted.is_empty() { String::new() } else { format!(", {} accepted", accepted.len()) };
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
    let policies = if policies == 1 { "1 policy".to_owned() } else { format!("{policies} policies") };
    let not = if not > 0 { format!(", {not} not") } else { String::new() };
    format!("{policies} and {} judged{not}", Count(providers, "provider"))
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
