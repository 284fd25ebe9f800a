//! Who may enter: the table, the matrix of callers by roles, and every request that was asked.

use std::collections::BTreeMap;

use super::parts::{cells, heading, list, members, pill, signed, table};
use crate::diagnostic::words::Count;
use crate::report::facts::{Answer, Entrant, Facts, RoleGroup, Subject};
use crate::report::markup::Markup;
use crate::report::words::{capital, few, kind, listed, role_names};

/// Rows of a matrix, and its columns.
const MOST_ROWS: usize = 200;
const MOST_COLUMNS: usize = 30;
/// Requests that are shown in full, by the roles that they are about.
const MOST_REQUESTED: usize = 200;

/// The table of roles, which says what the map shows.
pub(super) fn table_of_roles(out: &mut Markup, facts: &Facts) {
    heading(out, "roles", "Who may enter");
    out.line("p", &[], "Roles with the same trust and the same permissions are one row.");
    let columns = ["Verdict", "Role", "Who may enter, and with what", "Permissions", "Sessions", "Where"];
    table(out, "Who may enter", &columns, |out| {
        facts.hops.iter().chain(&facts.roles).for_each(|group| row(out, group));
    });
}

fn row(out: &mut Markup, group: &RoleGroup) {
    let shape = &group.shape;
    let class = match super::parts::signs(shape.verdict).1 {
        "bad" => "row-bad",
        "warn" => "row-warn",
        _ => "",
    };
    out.element("tr", &[("class", class)], |out| {
        out.element("td", &[], |out| pill(out, shape.verdict));
        out.element("th", &[("scope", "row")], |out| role(out, group));
        out.element("td", &[("class", "wide")], |out| {
            entrants(out, &shape.entrants);
            list_if_any(out, &shape.problems);
            list_if_any(out, &shape.not_known);
        });
        out.element("td", &[], |out| {
            out.line("strong", &[], &capital(shape.class.words()));
            policies(out, group);
        });
        out.line("td", &[], shape.longest_session.as_deref().unwrap_or("–"));
        out.element("td", &[("class", "where")], |out| members(out, &group.members));
    });
}

fn role(out: &mut Markup, group: &RoleGroup) {
    out.line("code", &[], &role_names(group));
    let kind = kind(group);
    if !kind.is_empty() {
        out.text(" ");
        out.line("span", &[("class", "muted")], &format!("({kind})"));
    }
}

fn entrants(out: &mut Markup, entrants: &[Entrant]) {
    if entrants.is_empty() {
        out.line("span", &[("class", "muted")], "No one");
        return;
    }
    out.element("ul", &[], |out| {
        for entrant in entrants {
            out.element("li", &[], |out| {
                if !entrant.is_declared {
                    signed(out, "!", "bad", "not in the spec");
                    out.text(" ");
                }
                out.named(&entrant.who);
                out.text(": ");
                out.named(&listed(&entrant.conditions, "no conditions"));
                let statement = format!(" (statement {})", entrant.statement);
                out.sentence("span", &[("class", "muted")], &statement);
            });
        }
    });
}

fn list_if_any(out: &mut Markup, sentences: &[String]) {
    if !sentences.is_empty() {
        list(out, sentences);
    }
}

fn policies(out: &mut Markup, group: &RoleGroup) {
    let shape = &group.shape;
    let boundary = shape.boundary.iter().map(|boundary| format!("bounded by {boundary}"));
    let all: Vec<String> = shape.policies.iter().cloned().chain(boundary).collect();
    if all.is_empty() {
        return;
    }
    out.element("details", &[], |out| {
        let policies = if shape.policies.len() == 1 {
            "1 policy".to_owned()
        } else {
            Count(shape.policies.len(), "policy").to_string()
        };
        out.line("summary", &[], &policies);
        list(out, &all);
    });
}

/// Callers by roles: who may enter, by which statement.
pub(super) fn matrix(out: &mut Markup, facts: &Facts) {
    let callers = callers(facts);
    if callers.is_empty() || !matches!(facts.subject, Subject::Spec { .. }) {
        return;
    }
    heading(out, "matrix", "Callers by roles");
    let shown: Vec<(&String, &String)> = callers.iter().take(MOST_COLUMNS).collect();
    let columns: Vec<&str> =
        std::iter::once("Role").chain(shown.iter().map(|(_, who)| who.as_str())).collect();
    let groups: Vec<&RoleGroup> =
        facts.roles.iter().filter(|group| !group.shape.answers.is_empty()).collect();
    table(out, "Callers by roles", &columns, |out| {
        for group in groups.iter().take(MOST_ROWS) {
            out.element("tr", &[], |out| {
                out.element("th", &[("scope", "row")], |out| {
                    role(out, group);
                    let names: Vec<&str> =
                        group.members.iter().map(|member| member.target.as_str()).collect();
                    out.line("span", &[("class", "muted")], &format!(" in {}", few(&names)));
                });
                for (caller, _) in &shown {
                    out.element("td", &[], |out| cell(out, &group.shape.answers, caller));
                }
            });
        }
    });
    let left_out = callers.len().saturating_sub(MOST_COLUMNS) + groups.len().saturating_sub(MOST_ROWS);
    if left_out > 0 {
        out.line(
            "p",
            &[("class", "muted")],
            "Only the first rows and columns are shown; `--format json` has all.",
        );
    }
}

/// The callers that some role was asked about, by their ids, with who they are.
fn callers(facts: &Facts) -> BTreeMap<String, String> {
    let answers = facts.roles.iter().flat_map(|group| &group.shape.answers);
    let mut callers = BTreeMap::new();
    for answer in answers {
        if let Some(caller) = &answer.caller {
            callers.entry(caller.clone()).or_insert_with(|| format!("{caller}: {}", answer.who));
        }
    }
    callers
}

/// Whether a caller may enter: by its first request that is allowed, or why the first one is not.
fn cell(out: &mut Markup, answers: &[Answer], caller: &str) {
    let mut own = answers.iter().filter(|answer| answer.caller.as_deref() == Some(caller));
    let allowed = own.clone().find(|answer| answer.is_allowed());
    match allowed.or_else(|| own.next()) {
        Some(answer) if answer.is_allowed() => {
            signed(out, "✓", "good", "yes");
            out.text(" ");
            let with = if answer.with.is_empty() {
                String::new()
            } else {
                format!("with {}; ", answer.with.join(", "))
            };
            out.named(&format!("{with}{}", answer.why));
        }
        Some(answer) => {
            signed(out, "–", "plain", "no");
            out.text(" ");
            out.named(&answer.why);
        }
        None => out.line("span", &[("class", "muted")], "not asked"),
    }
}

/// Every request and its answer, by roles.
pub(super) fn requests(out: &mut Markup, facts: &Facts) {
    let groups: Vec<&RoleGroup> =
        facts.hops.iter().chain(&facts.roles).filter(|group| !group.shape.answers.is_empty()).collect();
    if groups.is_empty() {
        return;
    }
    heading(out, "requests", "Requests and their answers");
    out.line(
        "p",
        &[],
        "For each role, the declared callers and those who nearly are one were tried on its policies, as IAM evaluates them.",
    );
    for group in groups.iter().take(MOST_REQUESTED) {
        out.element("details", &[("class", "block")], |out| {
            out.element("summary", &[], |out| {
                out.text(&format!("{} to ", Count(group.shape.answers.len(), "request")));
                role(out, group);
                let first = group.members.first().map(|member| member.target.as_str()).unwrap_or_default();
                let more = group.members.len().saturating_sub(1);
                let place = if more == 0 { first.to_owned() } else { format!("{first} and {more} more") };
                out.text(&format!(" in {place}"));
            });
            table(out, "Requests", &["Answer", "Caller", "With", "Why"], |out| {
                group.shape.answers.iter().for_each(|answer| answered(out, answer));
            });
        });
    }
    if groups.len() > MOST_REQUESTED {
        let more = Count(groups.len() - MOST_REQUESTED, "more row");
        out.line("p", &[("class", "muted")], &format!("{more} are in `--format json`."));
    }
}

fn answered(out: &mut Markup, answer: &Answer) {
    let class = if answer.is_as_expected() { "" } else { "row-bad" };
    out.element("tr", &[("class", class)], |out| {
        out.element("td", &[], |out| match (answer.is_allowed(), answer.is_as_expected()) {
            (true, true) => signed(out, "✓", "good", "allowed"),
            (false, true) => signed(out, "–", "plain", "denied"),
            (true, false) => signed(out, "≠", "bad", "allowed, and should not be"),
            (false, false) => signed(out, "≠", "bad", "denied, and should not be"),
        });
        cells(out, &[&answer.who, &listed(&answer.with, "–"), &answer.why]);
    });
}
