//! What a run did or would do, for people and for machines.

use std::fmt::Write as _;

use anstyle::AnsiColor;
use serde_json::{Value, json};

use super::changes::{Detail, MOST_LINES, Tense, Word, below, changes_text, lines, tally};
use super::paint;
use crate::diagnostic::words::Count;
use crate::diagnostic::{Diagnostic, Place};
use crate::grants::TrustChange;
use crate::lint;
use crate::output::UnitName;
use crate::reconcile::{Change, Decision, Plan, UnitPlan, alike};

/// What a run of `generate` came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The folder, as the user would name it.
    pub out: String,
    /// Whether nothing was to be written.
    pub dry_run: bool,
    /// Accounts in the spec.
    pub targets: usize,
    /// Whether edits stay that make trust something else than the spec says.
    pub is_trust_kept: bool,
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
pub fn generate_text(plan: &Plan, outcome: &Outcome, detail: Detail) -> String {
    let Outcome { out: folder, dry_run, targets, is_trust_kept, reach, next } = outcome;
    let mut out = kept_text(plan, detail);
    if plan.is_empty() && *is_trust_kept {
        let heading = paint(AnsiColor::Yellow, "nothing to do:");
        return out
            + &format!(
                "{heading} the edits in `{folder}` that trust others than the spec does are kept; `crossrole check` lists them\n"
            );
    }
    if plan.is_empty() {
        let ok = paint(AnsiColor::Green, "ok:");
        return out + &format!("{ok} `{folder}` is up to date: {}\n", Count(*targets, "target"));
    }
    let tense = if *dry_run { Tense::Planned } else { Tense::Done };
    let heading = match (plan.conflicts().next().is_some(), tense) {
        (true, _) => paint(AnsiColor::Red, "conflicts:"),
        (false, Tense::Planned) => paint(AnsiColor::Green, "plan:"),
        (false, Tense::Done) => paint(AnsiColor::Green, "done:"),
    };
    let tally = tally(plan, tense).unwrap_or_else(|| NO_FILE.to_owned());
    // Writing to a string cannot fail.
    _ = writeln!(out, "{heading} {tally} in `{folder}`");
    out.push_str(&changes_text(plan, detail));
    if plan.units.iter().any(|unit| unit.unit == UnitName::Source && unit.is_touched()) {
        out.push_str(&below(reach));
    }
    out.push_str(&conflicts_text(plan, *dry_run, detail));
    out.push_str(&next_text(next));
    out
}

/// What is said where only the record is written.
pub(super) const NO_FILE: &str = "no file changed, only the record";

/// Files that stay as people left them.
fn kept_text(plan: &Plan, detail: Detail) -> String {
    let key = |_: &UnitPlan, change: &Change| {
        let is_shown = matches!(change.decision, Decision::KeepEdited | Decision::KeepDeleted(true));
        is_shown.then_some(change.decision == Decision::KeepEdited)
    };
    let note = |is_edited: bool, path: &str, several: Option<String>| {
        let word = if is_edited { AnsiColor::Cyan } else { AnsiColor::Yellow };
        let of = several.as_ref().map(|several| format!(", in {several}")).unwrap_or_default();
        let what = match (is_edited, several) {
            (true, _) => format!("keeps its edits{of}"),
            (false, None) => format!("stays deleted; restore it with `--restore {path}`"),
            (false, Some(_)) => format!("stays deleted{of}; restore it with `--restore PATH`"),
        };
        format!("{} {path} {what}\n", paint(word, "note:"))
    };
    if detail == Detail::All {
        let all = plan.units.iter().flat_map(|unit| unit.changes.iter().map(move |change| (unit, change)));
        let each = |(unit, change)| Some(note(key(unit, change)?, change.path.as_str(), None));
        return all.filter_map(each).collect();
    }
    let groups = alike(plan, key);
    let mut out: String =
        groups.iter().take(MOST_LINES).map(|one| note(one.key, &one.path, one.several())).collect();
    if groups.len() > MOST_LINES {
        out.push_str(&below(&format!(
            "and {}; `--verbose` lists all",
            Count(groups.len() - MOST_LINES, "more note")
        )));
    }
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
pub fn conflicts_text(plan: &Plan, dry_run: bool, detail: Detail) -> String {
    const WORD: Word = ("conflict", AnsiColor::Red);
    let is_handed = |_: &UnitPlan, change: &Change| change.handed.is_some().then_some(WORD);
    let mut out = lines(plan, detail, is_handed, |change| format!(" {}", how_to_resolve(change, dry_run)));
    if !out.is_empty() && !dry_run {
        out.push_str("\nResolve them, then run `crossrole update --continue`; `crossrole update --abort` undoes this run.\n");
    }
    out
}

/// What a person finds in the folder, or would find.
fn how_to_resolve(change: &Change, dry_run: bool) -> String {
    let (Some(conflict), Some(handed)) = (change.conflict(), &change.handed) else { return String::new() };
    let (is, are) = if dry_run { ("would be", "would be") } else { ("is", "are") };
    match (&handed.beside, &handed.file) {
        (Some(beside), _) => {
            let name = beside.path.as_str().rsplit('/').next().unwrap_or_default();
            format!("{}; the new text {is} in {name}: merge the two and delete that file", conflict.as_str())
        }
        (None, Some(_)) => format!("both sides {are} marked in it"),
        (None, None) => format!("{}: delete it, or keep it as a file of your own", conflict.as_str()),
    }
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
