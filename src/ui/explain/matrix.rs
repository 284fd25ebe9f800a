//! The tables of the callers of a spec.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anstyle::AnsiColor;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::words::{decision, reason, short, statement_json};
use crate::diagnostic::words::Count;
use crate::explain::{Author, Grant, Judged, Matrix, Row};
use crate::policy::evaluate::{Excess, Lack};
use crate::ui::paint;

/// Why a caller gets in whom the trust policy does not name by itself.
const DELEGATED: &str = "where A's own policies allow it";

/// How much is shown of every target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tables {
    /// Its table.
    All,
    /// Its table if it surprises; of many, nobody reads the others.
    Surprises,
    /// Everything, for machines.
    Json,
}

/// The answers for one target, as they are shown. The matrix it is made of is large, and a fleet has thousands, so none
/// of it is kept.
#[derive(Debug)]
pub struct Answers {
    target: String,
    text: String,
    requests: usize,
    mismatches: usize,
    excesses: usize,
    permissions: usize,
    is_known: bool,
}

impl Answers {
    /// The answers of a matrix.
    #[must_use]
    pub fn of(matrix: &Matrix, tables: Tables) -> Self {
        let mismatches = matrix.mismatches().count();
        let text = match tables {
            // The lists that it will stand in are two deep.
            Tables::Json => format!("{:#}", matrix_json(matrix)).replace('\n', "\n    "),
            Tables::Surprises if matrix.is_as_expected() => String::new(),
            Tables::All | Tables::Surprises => format!("{}\n", table(matrix)),
        };
        Self {
            target: matrix.target.to_string(),
            text,
            requests: matrix.rows.len(),
            mismatches,
            excesses: matrix.excesses.len(),
            permissions: matrix.permissions.len(),
            is_known: matrix.unknown.is_empty(),
        }
    }

    /// Whether the policies are known, and do what the spec says.
    #[must_use]
    pub fn is_as_expected(&self) -> bool {
        self.is_known && self.mismatches + self.excesses + self.permissions == 0
    }
}

/// The tables and the final verdict.
#[must_use]
pub fn matrices_text(all: &[Answers]) -> String {
    let tables: String = all.iter().map(|answers| answers.text.as_str()).collect();
    tables + &verdict_on_all(all)
}

/// The tables for machines.
#[must_use]
pub fn matrices_json(all: &[Answers]) -> String {
    /// Objects that are texts already.
    #[derive(Serialize)]
    struct Report<'s> {
        ok: bool,
        targets: Vec<&'s RawValue>,
    }
    let targets = all.iter().map(|answers| serde_json::from_str(&answers.text));
    let report = targets.collect::<Result<_, _>>().and_then(|targets| {
        serde_json::to_string_pretty(&Report { ok: all.iter().all(Answers::is_as_expected), targets })
    });
    // The texts are JSON that was written above, and texts and lists have no way to fail.
    report.unwrap_or_default() + "\n"
}

/// The verdict on all targets.
fn verdict_on_all(all: &[Answers]) -> String {
    let unknown = targets(all, |answers| !answers.is_known);
    let mismatches: usize = all.iter().map(|answers| answers.mismatches).sum();
    let differing = targets(all, |answers| answers.mismatches > 0);
    let wider = targets(all, |answers| answers.excesses > 0);
    let mut verdict = String::new();
    if unknown > 0 {
        let heading = paint(AnsiColor::Red, "not known:");
        _ = writeln!(verdict, "{heading} who may assume the role of {}", Count(unknown, "target"));
    }
    if wider > 0 {
        let heading = paint(AnsiColor::Red, "differs:");
        _ = writeln!(verdict, "{heading} trust is wider than the spec at {}", Count(wider, "target"));
    }
    let stronger = targets(all, |answers| answers.permissions > 0);
    if stronger > 0 {
        let heading = paint(AnsiColor::Red, "differs:");
        _ = writeln!(
            verdict,
            "{heading} the role has more than the spec gives it at {}",
            Count(stronger, "target")
        );
    }
    if mismatches > 0 {
        let heading = paint(AnsiColor::Red, "differs:");
        let mismatches = are(mismatches, "request");
        let rest = match targets(all, |_| true) - targets(all, |answers| !answers.is_as_expected()) {
            0 => String::new(),
            others => format!("; {} as it should be", are(others, "target")),
        };
        let targets = Count(differing, "target");
        _ = writeln!(verdict, "{heading} {mismatches} not answered as the spec says, at {targets}{rest}");
    }
    if verdict.is_empty() {
        let heading = paint(AnsiColor::Green, "ok:");
        let targets = Count(targets(all, |_| true), "target");
        let requests = Count(all.iter().map(|answers| answers.requests).sum(), "request");
        _ = writeln!(
            verdict,
            "{heading} {targets}, {requests}, each answered as the spec says; nobody else is let in"
        );
    }
    verdict
}

/// How many targets have such an answer; a target has one for each text that says who may assume its role.
fn targets(all: &[Answers], is_such: fn(&Answers) -> bool) -> usize {
    all.iter()
        .filter(|answers| is_such(answers))
        .map(|answers| &answers.target)
        .collect::<BTreeSet<_>>()
        .len()
}

fn are(number: usize, noun: &str) -> String {
    format!("{} {}", Count(number, noun), if number == 1 { "is" } else { "are" })
}

fn table(matrix: &Matrix) -> String {
    let mut out = format!("{} ({})\n{}\n", matrix.target, matrix.account_id, matrix.role_arn);
    if let Some(Judged { file, author }) = &matrix.judged {
        let how = match author {
            Author::Templates => "as the templates write it",
            Author::Person => "as it was edited",
            Author::Aws => "as the role has it in AWS",
        };
        _ = writeln!(out, "{} `{file}`, {how}", paint(AnsiColor::Cyan, "judged:"));
    }
    for unknown in &matrix.unknown {
        _ = writeln!(out, "{} {unknown}", paint(AnsiColor::Red, "not known:"));
    }
    if !matrix.rows.is_empty() {
        out.push('\n');
    }
    let width = |cell: fn(&Row) -> usize| matrix.rows.iter().map(cell).max().unwrap_or_default();
    let who = width(|row| row.who.chars().count());
    let facts = width(|row| row.with.join(", ").chars().count());
    for row in &matrix.rows {
        let word = decision(row.verdict.decision);
        let circumstances = row.with.join(", ");
        _ = write!(out, "  {word}  {:who$}  {circumstances:facts$}  ", row.who);
        if !row.is_as_expected() {
            let wanted = format!("but the spec says {}:", row.expected.as_str());
            _ = write!(out, "{} ", paint(AnsiColor::Red, &wanted));
        }
        let why = if row.delegated && row.verdict.is_allowed() {
            DELEGATED.to_owned()
        } else {
            short(&row.verdict)
        };
        _ = writeln!(out, "{why}");
    }
    for excess in &matrix.excesses {
        _ = writeln!(out, "{} {excess}", paint(AnsiColor::Red, "wider:"));
    }
    for Grant { file, what } in &matrix.permissions {
        _ = writeln!(out, "{} `{file}`: {what}", paint(AnsiColor::Red, "more:"));
    }
    out
}

fn matrix_json(matrix: &Matrix) -> Value {
    let row = |row: &Row| {
        json!({
            "who": row.who,
            "principal": row.request.principal.name(),
            "with": row.with,
            "action": row.request.action,
            "decision": row.verdict.decision.as_str(),
            "expected": row.expected.as_str(),
            "ok": row.is_as_expected(),
            "delegated": row.delegated,
            "reason": reason(&row.verdict),
            "statement": row.verdict.statement().map(statement_json),
        })
    };
    json!({
        "target": matrix.target,
        "account_id": matrix.account_id,
        "role_arn": matrix.role_arn,
        "edited": matrix.judged.as_ref().filter(|judged| judged.author == Author::Person).map(|judged| &judged.file),
        "file": matrix.judged.as_ref().map(|judged| &judged.file),
        "not_known": matrix.unknown,
        "ok": matrix.is_as_expected(),
        "rows": matrix.rows.iter().map(row).collect::<Vec<_>>(),
        "permissions": matrix.permissions.iter().map(grant_json).collect::<Vec<_>>(),
        "wider": matrix.excesses.iter().map(excess_json).collect::<Vec<_>>(),
    })
}

fn grant_json(Grant { file, what }: &Grant) -> Value {
    json!({ "file": file, "message": what })
}

fn excess_json(excess: &Excess) -> Value {
    json!({
        "statement": statement_json(&excess.statement),
        "who": excess.who,
        "action": excess.action,
        "message": excess.to_string(),
        "known": !matches!(excess.lack, Lack::Unknown(_)),
        "request": excess.shown.as_ref().map(|request| json!({
            "principal": request.principal.name(),
            "action": request.action,
            "context": request.context.iter().collect::<BTreeMap<_, _>>(),
        })),
    })
}
