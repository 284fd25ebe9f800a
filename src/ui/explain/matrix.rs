//! The tables of the callers of a spec.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anstyle::AnsiColor;
use dialoguer::console::measure_text_width;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::words::{decision, reason, short, statement_json};
use crate::diagnostic::words::Count;
use crate::explain::{Author, Grant, Judged, Matrix, RoleOf, Row};
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

/// The answers for one role, as they are shown. The matrix it is made of is large, and a fleet has thousands, so none
/// of it is kept.
#[derive(Debug)]
pub struct Answers {
    /// The target, or for a role in A the caller that enters through it.
    whose: String,
    is_entry: bool,
    text: String,
    requests: usize,
    mismatches: usize,
    excesses: usize,
    permissions: usize,
    is_known: bool,
}

impl Answers {
    /// The answers of a matrix, for a terminal of so many columns.
    #[must_use]
    pub fn of(matrix: &Matrix, tables: Tables, columns: usize) -> Self {
        let mismatches = matrix.mismatches().count();
        let text = match tables {
            // The lists that it will stand in are two deep.
            Tables::Json => format!("{:#}", matrix_json(matrix)).replace('\n', "\n    "),
            Tables::Surprises if matrix.is_as_expected() => String::new(),
            Tables::All | Tables::Surprises => format!("{}\n", table(matrix, columns)),
        };
        let (whose, is_entry) = match &matrix.of {
            RoleOf::Target(target, _) => (target.to_string(), false),
            RoleOf::Caller { id, .. } => (id.to_string(), true),
        };
        Self {
            whose,
            is_entry,
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

/// The tables and the final verdict: of the roles in A that callers enter through, and of those of targets.
#[must_use]
pub fn matrices_text(hops: &[Answers], targets: &[Answers]) -> String {
    let all: Vec<&Answers> = hops.iter().chain(targets).collect();
    let tables: String = all.iter().map(|answers| answers.text.as_str()).collect();
    tables + &verdict_on_all(&all)
}

/// The tables for machines.
#[must_use]
pub fn matrices_json(hops: &[Answers], targets: &[Answers]) -> String {
    /// Objects that are texts already.
    #[derive(Serialize)]
    struct Report<'s> {
        ok: bool,
        hops: Vec<&'s RawValue>,
        targets: Vec<&'s RawValue>,
    }
    let ok = hops.iter().chain(targets).all(Answers::is_as_expected);
    let report = raw(hops).and_then(|hops| {
        let targets = raw(targets)?;
        serde_json::to_string_pretty(&Report { ok, hops, targets })
    });
    // The texts are JSON that was written above, and texts and lists have no way to fail.
    report.unwrap_or_default() + "\n"
}

fn raw(all: &[Answers]) -> Result<Vec<&RawValue>, serde_json::Error> {
    all.iter().map(|answers| serde_json::from_str(&answers.text)).collect()
}

/// The verdict on all roles.
fn verdict_on_all(all: &[&Answers]) -> String {
    let is_any = |is_such: fn(&Answers) -> bool| all.iter().any(|answers| is_such(answers));
    let differs = paint(AnsiColor::Red, "differs:");
    let mut verdict = String::new();
    if is_any(|answers| !answers.is_known) {
        let heading = paint(AnsiColor::Red, "not known:");
        let places = places(all, |answers| !answers.is_known).join(" and of ");
        _ = writeln!(verdict, "{heading} who can assume the role of {places}");
    }
    if is_any(|answers| answers.excesses > 0) {
        let places = places(all, |answers| answers.excesses > 0).join(" and ");
        _ = writeln!(verdict, "{differs} trust is wider than the spec at {places}");
    }
    if is_any(|answers| answers.permissions > 0) {
        let places = places(all, |answers| answers.permissions > 0).join(" and ");
        _ = writeln!(verdict, "{differs} the role has more than the spec gives it at {places}");
    }
    let mismatches: usize = all.iter().map(|answers| answers.mismatches).sum();
    if mismatches > 0 {
        let rest = match number(all, |_| true) - number(all, |answers| !answers.is_as_expected()) {
            0 => String::new(),
            others => format!("; {} as it should be", are(others, "target")),
        };
        let (mismatches, places) =
            (are(mismatches, "request"), places(all, |answers| answers.mismatches > 0).join(" and "));
        _ = writeln!(verdict, "{differs} {mismatches} not answered as the spec says, at {places}{rest}");
    }
    if verdict.is_empty() {
        let heading = paint(AnsiColor::Green, "ok:");
        let places = places(all, |_| true).join(", ");
        let requests = Count(all.iter().map(|answers| answers.requests).sum(), "request");
        _ = writeln!(
            verdict,
            "{heading} {places}, {requests}, each answered as the spec says; nobody else is let in"
        );
    }
    verdict
}

/// Where there are such answers: at so many targets, and at so many of the roles through which callers enter A.
fn places(all: &[&Answers], is_such: fn(&Answers) -> bool) -> Vec<String> {
    let targets = number(all, is_such);
    let entries = all.iter().filter(|answers| answers.is_entry && is_such(answers));
    let entries = entries.map(|answers| &answers.whose).collect::<BTreeSet<_>>().len();
    let targets = (targets > 0).then(|| Count(targets, "target").to_string());
    let entries = (entries > 0).then(|| match entries {
        1 => "1 entry into A".to_owned(),
        more => format!("{more} entries into A"),
    });
    targets.into_iter().chain(entries).collect()
}

/// How many targets have such an answer; a target has one for each text that says who can assume its role.
fn number(all: &[&Answers], is_such: fn(&Answers) -> bool) -> usize {
    let targets = all.iter().filter(|answers| !answers.is_entry && is_such(answers));
    targets.map(|answers| &answers.whose).collect::<BTreeSet<_>>().len()
}

fn are(number: usize, noun: &str) -> String {
    format!("{} {}", Count(number, noun), if number == 1 { "is" } else { "are" })
}

fn heading(Matrix { of, account_id, role_arn, .. }: &Matrix) -> String {
    match of {
        RoleOf::Target(target, None) => format!("{target} ({account_id})"),
        RoleOf::Target(target, Some(key)) => format!("{target}, role {key} ({account_id})"),
        RoleOf::Caller { id, described, .. } => {
            let name = role_arn.rsplit('/').next().unwrap_or_default();
            format!("role {name} in A ({account_id}), entered by {id}: {described}")
        }
    }
}

/// Why a row is decided as it is. A token's claims are called so: all are of one issuer.
fn why(row: &Row, of: &RoleOf) -> String {
    if row.delegated && row.verdict.is_allowed() {
        return DELEGATED.to_owned();
    }
    match of {
        RoleOf::Target(..) => short(&row.verdict),
        RoleOf::Caller { issuer, .. } => short(&row.verdict).replace(&format!("`{issuer}:"), "`"),
    }
}

fn table(matrix: &Matrix, columns: usize) -> String {
    let mut out = format!("{}\n{}\n", heading(matrix), matrix.role_arn);
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
        push_rows(&mut out, matrix, columns);
    }
    for excess in &matrix.excesses {
        _ = writeln!(out, "{} {excess}", paint(AnsiColor::Red, "wider:"));
    }
    for Grant { file, what } in &matrix.permissions {
        _ = writeln!(out, "{} `{file}`: {what}", paint(AnsiColor::Red, "more:"));
    }
    out
}

/// The requests, one in each line, or where a line is too long for that, in two.
fn push_rows(out: &mut String, matrix: &Matrix, columns: usize) {
    let rows: Vec<[String; 3]> = matrix.rows.iter().map(|row| cells(row, &matrix.of)).collect();
    let widest =
        |cell: usize| rows.iter().map(|row| measure_text_width(&row[cell])).max().unwrap_or_default();
    let (who, with) = (widest(0).max("CALLER".len()), widest(1).max("WITH".len()));
    let is_narrow = who + with + widest(2) + 14 > columns;
    if !is_narrow {
        _ = writeln!(out, "  {:6}  {:who$}  {:with$}  WHY", "ANSWER", "CALLER", "WITH");
    }
    for (row, [caller, facts, why]) in matrix.rows.iter().zip(&rows) {
        let word = decision(row.verdict.decision);
        if is_narrow {
            let comma = if facts.is_empty() { "" } else { ", with " };
            _ = writeln!(out, "  {word}   {caller}{comma}{facts}\n          {why}");
        } else {
            _ = writeln!(out, "  {word}   {caller:who$}  {facts:with$}  {why}");
        }
    }
}

/// Who asks, with what, and why the answer is as it is.
fn cells(row: &Row, of: &RoleOf) -> [String; 3] {
    let why = why(row, of);
    let why = if row.is_as_expected() {
        why
    } else {
        let wanted = format!("but the spec says {}:", row.expected.as_str());
        format!("{} {why}", paint(AnsiColor::Red, &wanted))
    };
    [row.who.clone(), row.with.join(", "), why]
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
    let mut json = json!({
        "account_id": matrix.account_id,
        "role_arn": matrix.role_arn,
        "edited": matrix.judged.as_ref().filter(|judged| judged.author == Author::Person).map(|judged| &judged.file),
        "file": matrix.judged.as_ref().map(|judged| &judged.file),
        "not_known": matrix.unknown,
        "ok": matrix.is_as_expected(),
        "rows": matrix.rows.iter().map(row).collect::<Vec<_>>(),
        "permissions": matrix.permissions.iter().map(grant_json).collect::<Vec<_>>(),
        "wider": matrix.excesses.iter().map(excess_json).collect::<Vec<_>>(),
    });
    match &matrix.of {
        RoleOf::Target(target, role) => (json["target"], json["role"]) = (json!(target), json!(role)),
        RoleOf::Caller { id, described, .. } => {
            (json["caller"], json["described"]) = (json!(id), json!(described));
        }
    }
    json
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
