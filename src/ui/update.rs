//! What an update came to in each folder, for people and for machines.

use std::fmt::Write as _;
use std::sync::Arc;

use anstyle::AnsiColor;
use serde_json::{Value, json};

use super::changes::{Detail, Tense, changes_text, tally};
use super::paint;
use super::summary::{NO_FILE, changes_json, conflicts_text, diagnostics_json, trust_json};
use crate::diagnostic::words::Count;
use crate::diagnostic::{Diagnostic, Error, Kind, Level};
use crate::grants::{TrustChange, together};
use crate::reconcile::{Leftovers, PackId, Plan};

/// What became of one folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Updated {
    /// It was as it should be.
    Nothing,
    /// Files were written.
    Changed,
    /// What an earlier run had written was committed.
    Committed,
    /// Files would be written.
    WouldChange,
    /// Files were, or would be, written, and a person has conflicts to resolve.
    Conflicts,
    /// A run that waited has ended.
    Settled,
    /// A run that waited was undone.
    Undone,
    /// No run waits there.
    NothingWaits,
}

impl Updated {
    /// The word in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing | Self::NothingWaits => "unchanged",
            Self::Changed => "updated",
            Self::Committed => "committed",
            Self::WouldChange => "would_update",
            Self::Conflicts => "conflicts",
            Self::Settled => "settled",
            Self::Undone => "undone",
        }
    }
}

/// One folder of an update.
#[derive(Debug)]
pub struct UpdateReport {
    /// The folder, as the user would name it.
    pub path: String,
    /// The templates that made it until now.
    pub from: PackId,
    /// The templates now.
    pub to: PackId,
    /// What was to be done.
    pub plan: Arc<Plan>,
    /// What that opens.
    pub trust: Vec<TrustChange>,
    /// What is worth saying about the spec.
    pub warnings: Vec<Diagnostic>,
    /// Files of people's own in folders that it leaves.
    pub leftovers: Vec<Leftovers>,
    /// How files change, if that was asked for.
    pub diff: String,
    /// Whether it was committed.
    pub committed: bool,
    /// What became of it.
    pub result: Result<Updated, Error>,
}

impl UpdateReport {
    /// A folder of which nothing is known yet.
    #[must_use]
    pub fn new(path: String) -> Self {
        Self {
            path,
            from: PackId::default(),
            to: PackId::default(),
            plan: Arc::default(),
            trust: Vec::new(),
            warnings: Vec::new(),
            leftovers: Vec::new(),
            diff: String::new(),
            committed: false,
            result: Ok(Updated::Nothing),
        }
    }

    /// Why this folder alone would end the program with another code than 0, if so.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match &self.result {
            Err(error) => Some(error.kind),
            Ok(Updated::Conflicts) => Some(Kind::Conflict),
            Ok(Updated::WouldChange) => Some(Kind::Differs),
            Ok(
                Updated::Nothing
                | Updated::Changed
                | Updated::Committed
                | Updated::Settled
                | Updated::Undone
                | Updated::NothingWaits,
            ) => None,
        }
    }
}

/// The result for people: a line for each folder, and what is left to do.
#[must_use]
pub fn update_text(reports: &[UpdateReport], detail: Detail) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    for report in reports {
        for change in together(&report.trust).iter().filter(|_| report.result.is_ok()) {
            _ = writeln!(out, "{} {change}", paint(AnsiColor::Yellow, "trust widened:"));
        }
        out.push_str(&heading(report));
        if matches!(report.result, Ok(Updated::Changed | Updated::WouldChange | Updated::Conflicts)) {
            out.push_str(&changes_text(&report.plan, detail));
        }
        for left in report.leftovers.iter().filter(|_| report.result.is_ok()) {
            _ = writeln!(out, "{} {}", paint(AnsiColor::Yellow, "note:"), leftovers_text(left));
        }
        if matches!(report.result, Ok(Updated::Conflicts)) {
            out.push_str(&conflicts_text(&report.plan, false, detail));
        }
    }
    if reports.len() > 1 {
        let failed = reports.iter().filter(|report| report.result.is_err()).count();
        let failed = if failed > 0 { format!(", {failed} of them untouched") } else { String::new() };
        _ = writeln!(out, "\n{}{failed}", Count(reports.len(), "folder"));
    }
    out
}

/// What of it a person has to act on, however quiet it is to be.
#[must_use]
pub fn waiting_text(reports: &[UpdateReport], detail: Detail) -> String {
    let mut out = String::new();
    for report in reports.iter().filter(|report| matches!(report.result, Ok(Updated::Conflicts))) {
        out.push_str(&heading(report));
        out.push_str(&conflicts_text(&report.plan, false, detail));
    }
    out
}

/// A folder's line.
fn heading(report: &UpdateReport) -> String {
    let (color, word, what) = line(report);
    format!("{} `{}`{what}\n", paint(color, word), report.path)
}

/// The heading of a folder's line, and what follows its name.
fn line(report: &UpdateReport) -> (AnsiColor, &'static str, String) {
    let UpdateReport { from, to, plan, committed, .. } = report;
    let templates = if from == to {
        String::new()
    } else {
        format!(" from templates {} {} to {} {}", from.id, from.version, to.id, to.version)
    };
    let tense = if matches!(report.result, Ok(Updated::WouldChange)) { Tense::Planned } else { Tense::Done };
    let done = format!("{templates}: {}", tally(plan, tense).unwrap_or_else(|| NO_FILE.to_owned()));
    let commit = if *committed { ", committed" } else { "" };
    match &report.result {
        Ok(Updated::Nothing) => (AnsiColor::Green, "up to date:", String::new()),
        Ok(Updated::Changed) => (AnsiColor::Green, "updated:", format!("{done}{commit}")),
        Ok(Updated::Committed) => {
            (AnsiColor::Green, "committed:", ": the files that an earlier run wrote".to_owned())
        }
        Ok(Updated::WouldChange) => (AnsiColor::Yellow, "would update:", done),
        Ok(Updated::Conflicts) => (AnsiColor::Red, "conflicts:", done),
        Ok(Updated::Settled) => (AnsiColor::Green, "settled:", " has no conflicts left".to_owned()),
        Ok(Updated::Undone) => {
            (AnsiColor::Green, "undone:", " is restored to its state before that run".to_owned())
        }
        Ok(Updated::NothingWaits) => (AnsiColor::Green, "nothing to do:", " has no pending run".to_owned()),
        Err(error) if error.kind == Kind::Conflict => (AnsiColor::Red, "conflicts:", NOTHING.to_owned()),
        Err(error) if error.kind == Kind::Refused => (AnsiColor::Red, "refused:", NOTHING.to_owned()),
        Err(_) => (AnsiColor::Red, "failed:", String::new()),
    }
}

/// What became of a folder in which nothing did.
const NOTHING: &str = " is untouched";

/// What stays in a folder that nothing is generated into any more.
fn leftovers_text(left: &Leftovers) -> String {
    const SHOWN: usize = 8;
    let Leftovers { folder, to, stays } = left;
    let mut names = stays.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if stays.len() > SHOWN {
        _ = write!(names, " and {}", Count(stays.len() - SHOWN, "more entry"));
    }
    match to {
        Some(to) => format!("`{folder}` moved to `{to}`; your own files were left for you to move: {names}"),
        None => format!("nothing in `{folder}` is generated any more; your own files are kept: {names}"),
    }
}

fn leftovers_json(left: &Leftovers) -> Value {
    json!({ "folder": left.folder, "to": left.to, "stays": left.stays })
}

/// The result for machines.
#[must_use]
pub fn update_json(reports: &[UpdateReport]) -> Value {
    let pack = |pack: &PackId| json!({ "id": pack.id, "version": pack.version });
    let entry = |report: &UpdateReport| {
        let (result, said) = match &report.result {
            Ok(updated) => (updated.as_str(), &[][..]),
            Err(error) => (failure(error.kind), &*error.diagnostics),
        };
        // What is said beside an error, such as how many there are, is none itself.
        let is_error = |found: &&Diagnostic| found.level == Level::Error;
        let errors: Vec<Diagnostic> = said.iter().filter(is_error).cloned().collect();
        let beside = said.iter().filter(|found| !is_error(found));
        let warnings: Vec<Diagnostic> = report.warnings.iter().chain(beside).cloned().collect();
        json!({
            "path": report.path,
            "result": result,
            "exit_code": report.kind().map_or(0, Kind::exit_code),
            "from": pack(&report.from),
            "to": pack(&report.to),
            "changes": changes_json(&report.plan),
            "trust_changes": trust_json(&report.trust),
            "committed": report.committed,
            "left_behind": report.leftovers.iter().map(leftovers_json).collect::<Vec<_>>(),
            "warnings": diagnostics_json(&warnings),
            "errors": diagnostics_json(&errors),
        })
    };
    json!({ "repositories": reports.iter().map(entry).collect::<Vec<_>>() })
}

fn failure(kind: Kind) -> &'static str {
    match kind {
        Kind::Conflict => "conflicts",
        Kind::Refused => "refused",
        Kind::Interrupted => "interrupted",
        Kind::Input | Kind::Io | Kind::Differs | Kind::Usage | Kind::Bug => "failed",
    }
}
