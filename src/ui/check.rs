//! What `check` found, for people, for machines and for code scanning.

use std::fmt::Write as _;
use std::path::Path;

use anstyle::AnsiColor;
use serde_json::{Value, json};

use super::paint;
use super::sarif::{SarifResult, SarifRule, sarif};
use super::summary::{changes_json, diagnostics_json};
use crate::diagnostic::words::Count;
use crate::diagnostic::{Diagnostic, Level};
use crate::grants::{Together, TrustChange, together};
use crate::reconcile::{Change, ChangeKind, Conflict, Decision, Plan};

/// Lines of changes shown before the rest is only counted.
const MOST_LINES: usize = 40;

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
pub fn check_text(found: &CheckResult<'_>, folder: &str, way_out: Option<&str>) -> String {
    let plan = found.plan;
    let mut out = String::new();
    let changes: Vec<&Change> = plan.changes().filter(|change| change.kind().is_some()).collect();
    for change in changes.iter().take(MOST_LINES) {
        out.push_str(&line(change));
    }
    if changes.len() > MOST_LINES {
        _ = writeln!(out, "          and {}", Count(changes.len() - MOST_LINES, "more file"));
    }
    out.push_str(&trust_lines(found.trust));
    let edits = edits(plan);
    let Some(way_out) = way_out else {
        let note = if edits.is_empty() { String::new() } else { format!(", with {edits}") };
        _ = writeln!(out, "{} `{folder}` is what the spec says{note}", paint(AnsiColor::Green, "ok:"));
        return out;
    };
    let differing = changes.len() - plan.count(ChangeKind::Edited);
    let lost = plan.missing_records().count();
    let what = match (differing, lost) {
        (0, 0) if !found.trust.is_empty() => {
            format!("`{folder}` grants more than the spec in {}", Count(found.trust.len(), "place"))
        }
        (0, 0) if edits.is_empty() => format!("`{folder}`"),
        (0, 0) => format!("{edits} in `{folder}`"),
        (0, lost) => format!("{} in `{folder}`", Count(lost, "lost record")),
        (differing, 0) => format!("{} in `{folder}`", Count(differing, "file")),
        (differing, lost) => {
            format!("{} and {} in `{folder}`", Count(differing, "file"), Count(lost, "lost record"))
        }
    };
    _ = writeln!(out, "{} {what}; {way_out}", paint(AnsiColor::Red, "differs:"));
    out
}

/// What the folder grants beyond the spec, the same in many files as one line.
fn trust_lines(trust: &[TrustChange]) -> String {
    let word = paint(AnsiColor::Red, &format!("{:>8}", ChangeKind::Trust.as_str()));
    let line = |wider: &Together<'_>| match wider.path() {
        Some(path) => format!("{word}  {path}: {}\n", wider.what),
        None => format!("{word}  {wider}\n"),
    };
    let wider = together(trust);
    let mut out: String = wider.iter().take(MOST_LINES).map(line).collect();
    if wider.len() > MOST_LINES {
        // Writing to a string cannot fail.
        _ = writeln!(out, "          and {}", Count(wider.len() - MOST_LINES, "more grant"));
    }
    out
}

/// What of it a person has to decide about, however quiet it is to be.
#[must_use]
pub fn check_conflicts_text(plan: &Plan) -> String {
    plan.conflicts().map(|(change, _)| line(change)).collect()
}

/// A file that differs, how, and where its conflicts are.
fn line(change: &Change) -> String {
    let Some(kind) = change.kind() else { return String::new() };
    let color = match kind {
        ChangeKind::Missing | ChangeKind::Stale => AnsiColor::Yellow,
        ChangeKind::Edited => AnsiColor::Cyan,
        ChangeKind::Orphan => AnsiColor::Magenta,
        ChangeKind::Conflict | ChangeKind::Trust => AnsiColor::Red,
    };
    // For machines, deleting is an edit like any other.
    let word = if is_deleted(change) { "deleted" } else { kind.as_str() };
    let why = change.conflict().map(|conflict| format!(": {}", conflict.as_str())).unwrap_or_default();
    let mut out = format!("{}  {}{why}\n", paint(color, &format!("{word:>8}")), change.path);
    for found in &change.details {
        _ = writeln!(out, "          {} {}", found.at, found.what);
    }
    out
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
        (edited, 0) => format!("{} edited by people", Count(edited, "file")),
        (0, deleted) => format!("{} deleted by people", Count(deleted, "file")),
        (edited, deleted) => format!("{} edited and {deleted} deleted by people", Count(edited, "file")),
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
