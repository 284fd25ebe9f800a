//! The roles of a folder with Terraform.

use std::fmt::Write as _;

use anstyle::AnsiColor;
use serde_json::{Value, json};

use super::words::statement_json;
use crate::diagnostic::words::Count;
use crate::grants::{Gap, SeenPolicy, SeenRole, SeenStatement};
use crate::ui::paint;

/// The roles for people.
#[must_use]
pub fn roles_text(roles: &[SeenRole], gaps: &[Gap]) -> String {
    let mut out: String = roles.iter().map(role_text).collect();
    for gap in gaps {
        write_gap(&mut out, gap, "");
    }
    if !gaps.is_empty() {
        out.push('\n');
    }
    let unknown = gaps.len() + roles.iter().map(|role| role.unknown.len()).sum::<usize>();
    if unknown == 0 {
        return out + &format!("{} {}\n", paint(AnsiColor::Green, "ok:"), all_read(roles));
    }
    let heading = paint(AnsiColor::Red, "not known:");
    out + &format!("{heading} {} in {}\n", Count(unknown, "part"), Count(roles.len(), "role"))
}

fn all_read(roles: &[SeenRole]) -> String {
    match roles.len() {
        0 => "all files were read, and none makes an `aws_iam_role`".to_owned(),
        number => format!("{}, with nothing left unread", Count(number, "role")),
    }
}

fn role_text(role: &SeenRole) -> String {
    let (file, line) = &role.place;
    let name = role.name.as_ref().map_or("known only after apply".to_owned(), |name| format!("`{name}`"));
    let mut out = format!("{} ({file}:{line})\n  name: {name}\n", role.address);
    role.statements.iter().for_each(|statement| write_statement(&mut out, statement, file));
    let policies: Vec<String> = role.policies.iter().map(ToString::to_string).collect();
    let policies = in_a_row(&policies, "none");
    _ = writeln!(out, "  policies: {policies}");
    let boundary = role.boundary.as_ref().map_or("none".to_owned(), |boundary| format!("`{boundary}`"));
    _ = writeln!(out, "  permissions boundary: {boundary}");
    if let Some(longest) = &role.longest_session {
        _ = writeln!(out, "  longest session: {longest}");
    }
    role.unknown.iter().for_each(|gap| write_gap(&mut out, gap, "  "));
    out.push('\n');
    out
}

fn write_statement(out: &mut String, statement: &SeenStatement, file_of_role: &str) {
    let SeenStatement { id, place: (file, line), effect, who, actions, conditions } = statement;
    let place = if file == file_of_role { format!("line {line}") } else { format!("{file}:{line}") };
    let word = match effect {
        Some("allow") => paint(AnsiColor::Green, "allow"),
        Some(other) => paint(AnsiColor::Yellow, &format!("{other:5}")),
        None => paint(AnsiColor::Red, "?    "),
    };
    let when =
        if conditions.is_empty() { String::new() } else { format!(", with {}", conditions.join(" and ")) };
    let (who, actions) = (in_a_row(who, "nobody"), in_a_row(actions, "nothing"));
    _ = writeln!(out, "  {word} {who}: {actions}{when} (statement {id}, {place})");
}

fn in_a_row(all: &[String], none: &str) -> String {
    if all.is_empty() { none.to_owned() } else { all.join(", ") }
}

fn write_gap(out: &mut String, gap: &Gap, indent: &str) {
    let Gap { file, line, what } = gap;
    _ = writeln!(out, "{indent}{} `{file}:{line}`: {what}", paint(AnsiColor::Red, "not known:"));
}

/// The roles for machines.
#[must_use]
pub fn roles_json(roles: &[SeenRole], gaps: &[Gap]) -> Value {
    json!({
        "ok": gaps.is_empty() && roles.iter().all(|role| role.unknown.is_empty()),
        "roles": roles.iter().map(role_json).collect::<Vec<_>>(),
        "not_known": gaps.iter().map(gap_json).collect::<Vec<_>>(),
    })
}

fn role_json(role: &SeenRole) -> Value {
    let statement = |statement: &SeenStatement| {
        json!({
            "statement": statement_json(&statement.id),
            "file": statement.place.0,
            "line": statement.place.1,
            "effect": statement.effect,
            "who": statement.who,
            "actions": statement.actions,
            "conditions": statement.conditions,
        })
    };
    let policy = |policy: &SeenPolicy| match policy {
        SeenPolicy::Elsewhere(arn) => json!({ "arn": arn }),
        SeenPolicy::Here(name) => json!({ "name": name }),
    };
    json!({
        "address": role.address,
        "name": role.name,
        "file": role.place.0,
        "line": role.place.1,
        "trust": role.statements.iter().map(statement).collect::<Vec<_>>(),
        "policies": role.policies.iter().map(policy).collect::<Vec<_>>(),
        "permissions_boundary": role.boundary,
        "longest_session": role.longest_session,
        "not_known": role.unknown.iter().map(gap_json).collect::<Vec<_>>(),
    })
}

fn gap_json(gap: &Gap) -> Value {
    json!({ "file": gap.file, "line": gap.line, "what": gap.what })
}
