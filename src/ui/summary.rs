//! What a run did or would do, for people and for machines.

use std::fmt::Write as _;

use anstyle::AnsiColor;
use serde_json::{Value, json};

use super::paint;
use crate::diagnostic::words::Count;
use crate::diagnostic::{Diagnostic, Place};
use crate::grants::TrustChange;
use crate::lint;
use crate::reconcile::{Change, ChangeKind, Decision, Plan};

/// What a run of `generate` came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The folder, as the user would name it.
    pub out: String,
    /// Whether nothing was to be written.
    pub dry_run: bool,
    /// Accounts in the spec.
    pub targets: usize,
    /// How callers' policies name the roles, and in how many policies.
    pub reach: String,
    /// What to do next, in order.
    pub next: Vec<NextSteps>,
}

/// What the same people do next.
#[derive(Debug, Clone)]
pub struct NextSteps {
    /// Who does it; `None` for what is said to whoever runs this.
    pub who: Option<String>,
    /// Commands, or what to read.
    pub lines: Vec<String>,
}

/// The summary of `generate` for people.
#[must_use]
pub fn generate_text(plan: &Plan, outcome: &Outcome) -> String {
    let mut out = String::new();
    let Outcome { out: folder, dry_run, targets, reach, next } = outcome;
    for change in plan.changes() {
        match change.decision {
            Decision::KeepDeleted(true) => {
                let hint = format!("bring it back with `--restore {}`", change.path);
                _ = writeln!(
                    out,
                    "{} {} stays deleted; {hint}",
                    paint(AnsiColor::Yellow, "note:"),
                    change.path
                );
            }
            Decision::KeepEdited => {
                _ = writeln!(out, "{} {} keeps its edits", paint(AnsiColor::Cyan, "note:"), change.path);
            }
            _ => {}
        }
    }
    let written = plan.count(ChangeKind::Missing) + plan.count(ChangeKind::Stale);
    let deleted = plan.count(ChangeKind::Orphan);
    if written + deleted == 0 && plan.is_empty() {
        _ = writeln!(
            out,
            "{} `{folder}` is up to date: {}",
            paint(AnsiColor::Green, "ok:"),
            Count(*targets, "target")
        );
        return out;
    }
    let (verb, gone) = if *dry_run { ("would write", "would delete") } else { ("wrote", "deleted") };
    let has_conflicts = plan.conflicts().next().is_some();
    let heading = match (has_conflicts, *dry_run) {
        (true, _) => paint(AnsiColor::Red, "conflicts:"),
        (false, true) => paint(AnsiColor::Green, "plan:"),
        (false, false) => paint(AnsiColor::Green, "done:"),
    };
    _ = write!(
        out,
        "{heading} {verb} {} for {} in `{folder}`",
        Count(written, "file"),
        Count(*targets, "target")
    );
    if deleted > 0 {
        _ = write!(out, ", {gone} {}", Count(deleted, "file"));
    }
    _ = writeln!(out, "\n      {reach}");
    out.push_str(&conflicts_text(plan, *dry_run));
    out.push_str(&next_text(next));
    out
}

/// The steps, numbered through, below those who take them.
fn next_text(next: &[NextSteps]) -> String {
    let mut out = String::new();
    let mut number = 1;
    for NextSteps { who, lines } in next {
        _ = write!(out, "{}", if out.is_empty() { "\nNext:\n" } else { "" });
        if let Some(who) = who {
            _ = writeln!(out, "  {who}:");
        }
        let indent = if who.is_some() { 4 } else { 2 };
        for line in lines {
            _ = writeln!(out, "{:indent$}{number}. {line}", "");
            number += 1;
        }
    }
    out
}

/// What a person is left to resolve, and how.
#[must_use]
pub fn conflicts_text(plan: &Plan, dry_run: bool) -> String {
    let mut out = String::new();
    for (change, conflict) in plan.conflicts() {
        let Some(handed) = &change.handed else { continue };
        let (is, would) = if dry_run { ("would be", "would stand") } else { ("are", "stands") };
        let how = match (&handed.beside, &handed.file) {
            (Some(beside), _) => {
                format!(
                    "{}; the new text {would} beside it in {}: merge the two, and delete that",
                    conflict.as_str(),
                    beside.path
                )
            }
            (None, Some(_)) => format!("both sides {is} marked in it"),
            (None, None) => format!("{}: delete it, or keep it as a file of your own", conflict.as_str()),
        };
        _ = writeln!(out, "{} {} {how}", paint(AnsiColor::Red, "conflict:"), change.path);
        for found in &change.details {
            _ = writeln!(out, "          {} {}", found.at, found.what);
        }
    }
    if !out.is_empty() && !dry_run {
        out.push_str("\nResolve them, then run `crossrole update --continue`; `crossrole update --abort` undoes this run.\n");
    }
    out
}

/// The result of `generate` for machines.
#[must_use]
pub fn generate_json(plan: &Plan, outcome: &Outcome, trust: &[TrustChange], warnings: &[Value]) -> Value {
    json!({
        "out": outcome.out,
        "dry_run": outcome.dry_run,
        "targets": outcome.targets,
        "changes": changes_json(plan),
        "trust_changes": trust_json(trust),
        "next": outcome.next.iter().flat_map(|steps| &steps.lines).collect::<Vec<_>>(),
        "warnings": warnings,
    })
}

/// What a plan opens, for machines.
#[must_use]
pub fn trust_json(trust: &[TrustChange]) -> Vec<Value> {
    let entry = |change: &TrustChange| json!({ "path": change.path, "message": change.what });
    trust.iter().map(entry).collect()
}

/// Every file that differs, for machines.
#[must_use]
pub fn changes_json(plan: &Plan) -> Vec<Value> {
    let entry = |change: &Change| {
        let kind = change.kind()?;
        let mut entry = json!({ "path": change.path.as_str(), "kind": kind.as_str() });
        if let Some(conflict) = change.conflict() {
            entry["message"] = conflict.as_str().into();
            let details = change.details.iter().map(|found| json!({ "at": found.at, "what": found.what }));
            entry["conflicts"] = details.collect();
        }
        Some(entry)
    };
    plan.changes().filter_map(entry).collect()
}

/// Diagnostics for machines, in the form that `lint` shares.
#[must_use]
pub fn diagnostics_json(diagnostics: &[Diagnostic]) -> Vec<Value> {
    let entry = |found: &Diagnostic| {
        let (file, line, column) = match &found.place {
            Some(Place { source, span }) => {
                let (line, column) = source.line_and_column(span.range().start);
                (Some(source.name.as_str()), Some(line), Some(column))
            }
            None => (None, None, None),
        };
        json!({
            "id": found.id,
            "name": found.id.and_then(lint::rule).map(|rule| rule.name),
            "level": found.level.as_str(),
            "message": found.message,
            "file": file,
            "line": line,
            "column": column,
            "help": found.help,
        })
    };
    diagnostics.iter().map(entry).collect()
}
