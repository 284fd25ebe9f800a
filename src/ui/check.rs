//! What `check` found, for people, for machines and for code scanning.

use std::fmt::Write as _;
use std::path::Path;

use anstyle::AnsiColor;
use serde_json::{Value, json};

use super::changes::{Detail, MOST_LINES, Word, below, is_whole, line, lines, targets_line};
use super::paint;
use super::sarif::{SarifResult, SarifRule, sarif};
use super::summary::{changes_json, diagnostics_json};
use crate::diagnostic::words::{Count, Number};
use crate::diagnostic::{Diagnostic, Level};
use crate::grants::{Together, TrustChange, together};
use crate::reconcile::{Change, ChangeKind, Conflict, Decision, Fate, Plan, UnitPlan};

/// What `check` found.
#[derive(Clone, Copy)]
pub struct CheckResult<'c> {
    /// How files differ from what the spec says.
    pub plan: &'c Plan,
    /// What the folder grants beyond the spec.
    pub trust: &'c [TrustChange],
    /// The verdict.
    pub is_clean: bool,
}

/// The summary of `check` for people: what differs, and the verdict with its way out. `way_out` is none
/// where everything is as it should be.
#[must_use]
pub fn check_text(found: &CheckResult<'_>, folder: &str, way_out: Option<&str>, detail: Detail) -> String {
    let plan = found.plan;
    let mut out = differences(plan, detail);
    out.push_str(&trust_lines(found.trust));
    let edits = edits(plan);
    // Writing to a string cannot fail.
    let Some(way_out) = way_out else {
        let note = if edits.is_empty() { String::new() } else { format!(", except {edits}") };
        _ = writeln!(out, "{} `{folder}` is up to date with the spec{note}", paint(AnsiColor::Green, "ok:"));
        return out;
    };
    let edited = plan.count(ChangeKind::Edited);
    let differing = plan.changes().filter(|change| change.kind().is_some()).count() - edited;
    let differing = (differing > 0).then(|| Count(differing, "file").to_string());
    let lost = plan.missing_records().count() + plan.unrecorded().count();
    let lost = (lost > 0).then(|| Count(lost, "lost record").to_string());
    let what = match differing.into_iter().chain(lost).collect::<Vec<_>>().join(" and ") {
        none if none.is_empty() && !found.trust.is_empty() => {
            format!("`{folder}` grants more than the spec in {}", Count(found.trust.len(), "place"))
        }
        none if none.is_empty() && edits.is_empty() => format!("`{folder}`"),
        none if none.is_empty() => format!("{edits} in `{folder}`"),
        differing => format!("{differing} in `{folder}`"),
    };
    _ = writeln!(out, "{} {what}; {way_out}", paint(AnsiColor::Red, "differs:"));
    out
}

/// The targets and files that differ.
fn differences(plan: &Plan, detail: Detail) -> String {
    if detail == Detail::All {
        return lines(plan, detail, |_, change| word(change), why);
    }
    let of = |kind: ChangeKind| (kind.as_str(), color(kind));
    // Files that are there although no record knows them do not make a target a missing one.
    let are_recorded = plan.unrecorded().next().is_none();
    let missing =
        if are_recorded { targets_line(plan, Fate::Added, of(ChangeKind::Missing)) } else { String::new() };
    let orphans = targets_line(plan, Fate::Removed, of(ChangeKind::Orphan));
    let word = |unit: &UnitPlan, change: &Change| {
        let is_said = are_recorded
            && unit.unit.target().is_some()
            && is_whole(unit)
            && matches!(change.kind(), Some(ChangeKind::Missing | ChangeKind::Orphan));
        if is_said { None } else { word(change) }
    };
    missing + &orphans + &lines(plan, detail, word, why)
}

/// What the folder grants beyond the spec, the same in many files as one line.
fn trust_lines(trust: &[TrustChange]) -> String {
    let word = (ChangeKind::Trust.as_str(), AnsiColor::Red);
    let wider = together(trust);
    let each = |wider: &Together<'_>| match wider.path() {
        Some(path) => line(word, &format!("{path}: {}", wider.what)),
        None => line(word, &wider.to_string()),
    };
    let mut out: String = wider.iter().take(MOST_LINES).map(each).collect();
    if wider.len() > MOST_LINES {
        out.push_str(&below(&format!("and {}", Count(wider.len() - MOST_LINES, "more grant"))));
    }
    out
}

/// What of it a person has to decide about, however quiet it is to be.
#[must_use]
pub fn check_conflicts_text(plan: &Plan, detail: Detail) -> String {
    lines(plan, detail, |_, change| word(change).filter(|_| change.conflict().is_some()), why)
}

/// How a file differs.
fn word(change: &Change) -> Option<Word> {
    let kind = change.kind()?;
    // For machines, deleting is an edit like any other.
    Some((if is_deleted(change) { "deleted" } else { kind.as_str() }, color(kind)))
}

fn color(kind: ChangeKind) -> AnsiColor {
    match kind {
        ChangeKind::Missing | ChangeKind::Stale => AnsiColor::Yellow,
        ChangeKind::Edited => AnsiColor::Cyan,
        ChangeKind::Orphan => AnsiColor::Magenta,
        ChangeKind::Conflict | ChangeKind::Trust => AnsiColor::Red,
    }
}

fn why(change: &Change) -> String {
    change.conflict().map(|conflict| format!(": {}", conflict.as_str())).unwrap_or_default()
}

fn is_deleted(change: &Change) -> bool {
    matches!(change.decision, Decision::KeepDeleted(_))
}

/// How many files people edited and deleted, in words.
fn edits(plan: &Plan) -> String {
    let deleted = plan.changes().filter(|change| is_deleted(change)).count();
    let edited = plan.count(ChangeKind::Edited) - deleted;
    match (edited, deleted) {
        (0, 0) => String::new(),
        (edited, 0) => format!("{} edited by hand", Count(edited, "file")),
        (0, deleted) => format!("{} deleted by hand", Count(deleted, "file")),
        (edited, deleted) => {
            format!("{} edited and {} deleted by hand", Count(edited, "file"), Number(deleted))
        }
    }
}

/// The result of `check` for machines.
#[must_use]
pub fn check_json(found: &CheckResult<'_>, warnings: &[Diagnostic]) -> Value {
    let mut changes = changes_json(found.plan);
    changes.extend(found.trust.iter().map(
        |wider| json!({ "path": wider.path, "kind": ChangeKind::Trust.as_str(), "message": wider.what }),
    ));
    json!({ "clean": found.is_clean, "changes": changes, "warnings": diagnostics_json(warnings) })
}

/// The result of `check` for code scanning; an edit is an error only where it is to be one.
#[must_use]
pub fn check_sarif(found: &CheckResult<'_>, out: &Path, strict: bool) -> Value {
    let rule = |kind: ChangeKind| {
        SarifRule {
        id: kind.as_str().to_owned(),
        name: kind.as_str().to_owned(),
        title: kind.meaning().to_owned(),
        help: "`crossrole check --diff` shows the difference, `crossrole generate` or `crossrole update` brings the folder to what the spec says".to_owned(),
    }
    };
    let result = |change: &Change| {
        let kind = change.kind()?;
        let why = if is_deleted(change) {
            "a person deleted it"
        } else {
            change.conflict().map_or(kind.meaning(), Conflict::as_str)
        };
        let is_information = kind == ChangeKind::Edited && !strict;
        Some(SarifResult {
            rule: kind.as_str().to_owned(),
            level: if is_information { Level::Note } else { Level::Error },
            message: format!("`{}`: {why}{}", change.path, places(change)),
            file: Some(out.join(change.path.as_str()).display().to_string()),
            at: None,
            accepted: None,
        })
    };
    let rules: Vec<_> = ChangeKind::ALL.into_iter().map(rule).collect();
    let wider = found.trust.iter().map(|wider| SarifResult {
        rule: ChangeKind::Trust.as_str().to_owned(),
        level: Level::Error,
        message: format!("`{}`: {}", wider.path, wider.what),
        file: Some(out.join(&wider.path).display().to_string()),
        at: None,
        accepted: None,
    });
    sarif(&rules, &found.plan.changes().filter_map(result).chain(wider).collect::<Vec<_>>())
}

/// Where in a file a conflict is, to follow what it is.
fn places(change: &Change) -> String {
    let places: Vec<_> = change.details.iter().map(|found| format!("{} {}", found.at, found.what)).collect();
    if places.is_empty() { String::new() } else { format!(": {}", places.join("; ")) }
}
