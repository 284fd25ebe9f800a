//! The roles of a spec, as one principal finds them.

use std::fmt::Write as _;

use anstyle::AnsiColor;
use serde_json::{Value, json};

use super::request::verdict_json;
use super::words::{decision, short};
use crate::diagnostic::words::Count;
use crate::explain::{Answer, Declared};
use crate::policy::evaluate::{Identity, Principal, Reason};
use crate::ui::paint;

/// The answer about one role.
#[derive(Debug)]
pub struct RoleAnswer {
    /// The target.
    pub target: String,
    /// The ARN of its role.
    pub role_arn: String,
    /// By each text that says who can assume the role: its file, where it is not just what the program built, and the
    /// answer.
    pub answers: Vec<(Option<String>, Answer)>,
    /// What else may say who can assume it.
    pub unknown: Vec<String>,
}

impl RoleAnswer {
    /// Whether the role may be assumed, by one text that is known at least.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.answers.iter().any(|(_, answer)| answer.is_allowed())
    }
}

/// The roles for people.
#[must_use]
pub fn principal_text(principal: &Principal, declared: Declared, roles: &[RoleAnswer]) -> String {
    let mut out = format!("{} is {}\n\n", principal.name(), declared.as_str());
    write_roles(&mut out, "TARGET", roles);
    out + &summary(roles)
}

/// A line for each role, below headers; the second says whose the role is.
pub(super) fn write_roles<'r>(
    out: &mut String,
    whose: &str,
    roles: impl IntoIterator<Item = &'r RoleAnswer> + Clone,
) {
    let wide = |header: &str, cell: fn(&RoleAnswer) -> usize| {
        roles.clone().into_iter().map(cell).max().unwrap_or_default().max(header.len())
    };
    let widths =
        (wide(whose, |role| role.target.chars().count()), wide("ROLE", |role| role.role_arn.chars().count()));
    let (target, arn) = widths;
    _ = writeln!(out, "  ANSWER  {whose:target$}  {:arn$}  WHY", "ROLE");
    for role in roles {
        write_role(out, role, widths);
    }
}

fn write_role(out: &mut String, role: &RoleAnswer, (target, arn): (usize, usize)) {
    for (file, answer) in &role.answers {
        let word = decision(answer.deciding().decision);
        _ = write!(out, "  {word}   {:target$}  {:arn$}  {}", role.target, role.role_arn, why(answer));
        if let Some(file) = file {
            _ = write!(out, " (`{file}`)");
        }
        out.push('\n');
    }
    for unknown in &role.unknown {
        let heading = paint(AnsiColor::Red, "not known:");
        _ = writeln!(out, "  {heading} {}: {unknown}", role.target);
    }
}

fn why(answer: &Answer) -> String {
    let reason = short(answer.deciding());
    if !answer.is_allowed() {
        return reason;
    }
    let with =
        if answer.with.is_empty() { String::new() } else { format!("with {}: ", answer.with.join(", ")) };
    let own = match &answer.verdict.reason {
        Reason::Allowed { identity: Identity::Assumed, .. } => ", if the principal's own policies allow it",
        _ => "",
    };
    let open = match answer.verdict.depends_on.as_slice() {
        [] => String::new(),
        keys => format!("; depends on `{}`", keys.join("` and `")),
    };
    format!("{with}{reason}{own}{open}")
}

pub(super) fn summary(roles: &[RoleAnswer]) -> String {
    let allowed = roles.iter().filter(|role| role.is_allowed()).count();
    let unknown = roles.iter().filter(|role| !role.unknown.is_empty()).count();
    let mut out = format!("\ncan assume {allowed} of {}\n", Count(roles.len(), "role"));
    if unknown > 0 {
        let heading = paint(AnsiColor::Red, "not known:");
        _ = writeln!(out, "{heading} who can assume {}", Count(unknown, "role"));
    }
    out
}

/// The roles for machines.
#[must_use]
pub fn principal_json(principal: &Principal, declared: Declared, roles: &[RoleAnswer]) -> Value {
    json!({
        "principal": principal.name(),
        "declared": declared == Declared::ByItself,
        "ok": roles.iter().all(|role| role.unknown.is_empty()),
        "roles": roles.iter().map(role_json).collect::<Vec<_>>(),
    })
}

pub(super) fn role_json(role: &RoleAnswer) -> Value {
    let answers = role.answers.iter().map(|(file, answer)| {
        let mut json = verdict_json(&answer.request, &answer.verdict, &answer.also);
        json["file"] = json!(file);
        json["with"] = json!(answer.with);
        json["allowed"] = json!(answer.is_allowed());
        json
    });
    let decision = match (role.is_allowed(), role.unknown.is_empty()) {
        (true, _) => json!("allow"),
        (false, true) => json!("deny"),
        (false, false) => Value::Null,
    };
    json!({
        "target": role.target,
        "role_arn": role.role_arn,
        "decision": decision,
        "answers": answers.collect::<Vec<_>>(),
        "not_known": role.unknown,
    })
}
