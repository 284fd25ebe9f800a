//! The report as Markdown: a comment on a pull request, what changed first.
//!
//! Responsible for staying below what a comment may hold, and for texts that are nothing but text: no markup, no
//! mentions, no references.

use std::fmt::Write as _;

use super::facts::{
    Budget, Changes, Entrant, Facts, FindingFact, RoleGroup, SessionFact, Subject, TriedFact, Verdict,
    WaiverFact,
};
use super::words::{capital, few, kind, listed, parts, place, role_names, sentence, title};
use crate::diagnostic::words::{Count, Number};

/// Rows of a table. A comment on GitHub may have 65,536 characters.
const MOST_ROWS: usize = 50;

/// The report as Markdown.
#[must_use]
pub fn markdown(facts: &Facts) -> String {
    let mut out = String::new();
    head(&mut out, facts);
    facts.changes.iter().for_each(|changes| changed(&mut out, changes));
    strangers(&mut out, facts);
    roles(&mut out, facts);
    not_known(&mut out, facts);
    facts.evidence.iter().for_each(|tried| evidence(&mut out, tried));
    answers(&mut out, facts);
    limits(&mut out, &facts.budgets, &facts.sessions);
    waivers(&mut out, &facts.waivers);
    findings(&mut out, &facts.findings);
    out
}

/// Writing to a string cannot fail.
macro_rules! line {
    ($out:expr, $($words:tt)*) => { _ = writeln!($out, $($words)*) };
}

fn head(out: &mut String, facts: &Facts) {
    line!(out, "# {}\n", text(&title(facts)));
    line!(out, "**{}.** {}\n", capital(facts.verdict.words()), text(&sentence(facts)));
    let version = facts.crossrole;
    match &facts.subject {
        Subject::Spec { file, source, is_generated, .. } => {
            let judged = if *is_generated { "the generated folder" } else { "what the spec would generate" };
            let (file, name, id, made) = (code(file), text(&source.name), &source.account_id, &facts.made);
            line!(
                out,
                "Source account {name} ({id}) of {file}. Judged: {judged}, on {made} by crossrole {version}.\n"
            );
        }
        Subject::Terraform { .. } => {
            line!(out, "Read as Terraform reads it, on {} by crossrole {version}.\n", facts.made);
        }
    }
}

fn changed(out: &mut String, changes: &Changes) {
    line!(out, "## Changes since {} ({})\n", code(&changes.since), code(&changes.commit));
    if changes.are_none() {
        line!(out, "Who can enter, and with which permissions, is the same.\n");
        return;
    }
    let lines = |lines: &[super::facts::ChangedLine]| {
        lines.iter().map(|line| format!("{} – {}", line.what, few_of(&line.places))).collect::<Vec<_>>()
    };
    for (heading, all) in [
        ("Widened", lines(&changes.widened)),
        ("Narrowed: no longer possible", lines(&changes.narrowed)),
        ("New targets", name_list(&changes.added)),
        ("Removed targets", name_list(&changes.removed)),
        ("New callers", changes.callers_added.clone()),
        ("Removed callers", changes.callers_removed.clone()),
        ("Could not be compared", changes.not_known.clone()),
    ] {
        bullets(out, heading, &all);
    }
}

fn name_list(names: &[String]) -> Vec<String> {
    if names.is_empty() { Vec::new() } else { vec![few_of(names)] }
}

fn few_of(names: &[String]) -> String {
    few(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

fn bullets(out: &mut String, heading: &str, all: &[String]) {
    if all.is_empty() {
        return;
    }
    line!(out, "**{heading}**\n");
    for one in all.iter().take(MOST_ROWS) {
        line!(out, "- {}", text(one));
    }
    more(out, all.len());
    out.push('\n');
}

/// Says what a list leaves out.
fn more(out: &mut String, number: usize) {
    if number > MOST_ROWS {
        line!(
            out,
            "\n… and {} more; `--format html` and `--format json` show all.",
            Number(number - MOST_ROWS)
        );
    }
}

fn strangers(out: &mut String, facts: &Facts) {
    let groups = facts.hops.iter().chain(&facts.roles);
    let problems = groups.flat_map(|group| {
        let places = few_of(&group.members.iter().map(place).collect::<Vec<_>>());
        let problems = if facts.verdict == Verdict::Read { &[][..] } else { &group.shape.problems };
        problems.iter().map(move |problem| format!("{places}: {problem}"))
    });
    let problems: Vec<String> = problems.collect();
    if !problems.is_empty() {
        line!(out, "## Not as the spec declares\n");
        bullets(out, "What is different", &problems);
    }
}

fn roles(out: &mut String, facts: &Facts) {
    line!(out, "## Who may enter\n");
    line!(out, "| Verdict | Role | Who may enter, and with what | Permissions | Where |");
    line!(out, "| --- | --- | --- | --- | --- |");
    let all: Vec<&RoleGroup> = facts.hops.iter().chain(&facts.roles).collect();
    for group in all.iter().take(MOST_ROWS) {
        let shape = &group.shape;
        let role = match kind(group).as_str() {
            "" => code(&role_names(group)),
            kind => format!("{} ({})", code(&role_names(group)), text(kind)),
        };
        let entrants: Vec<String> = shape.entrants.iter().map(entrant).collect();
        let entrants = if entrants.is_empty() { "no one".to_owned() } else { entrants.join("<br>") };
        let places = text(&few_of(&group.members.iter().map(place).collect::<Vec<_>>()));
        let class = shape.class.words();
        line!(out, "| {} | {role} | {entrants} | {class} | {places} |", capital(shape.verdict.words()));
    }
    more(out, all.len());
    out.push('\n');
}

fn entrant(entrant: &Entrant) -> String {
    let stranger = if entrant.is_declared { "" } else { "**not in the spec:** " };
    format!("{stranger}{} – {}", text(&entrant.who), text(&listed(&entrant.conditions, "no conditions")))
}

fn not_known(out: &mut String, facts: &Facts) {
    let of_groups = facts.hops.iter().chain(&facts.roles).flat_map(|group| {
        let places = few_of(&group.members.iter().map(place).collect::<Vec<_>>());
        group.shape.not_known.iter().map(move |unknown| format!("{places}: {unknown}"))
    });
    let all: Vec<String> = facts.not_known.iter().cloned().chain(of_groups).collect();
    if !all.is_empty() {
        line!(out, "## Not known\n");
        bullets(out, "What could not be read", &all);
    }
}

fn evidence(out: &mut String, tried: &TriedFact) {
    line!(out, "## What was tried\n");
    tried.remarks.iter().for_each(|remark| line!(out, "> {}\n", text(remark)));
    line!(out, "| Step | Expected | Seen | Outcome | Targets |");
    line!(out, "| --- | --- | --- | --- | --- |");
    for step in tried.steps.iter().take(MOST_ROWS) {
        let [what, expected, seen] = [step.step, step.expected, &step.seen].map(text);
        let targets = text(&few_of(&step.targets));
        line!(out, "| {what} | {expected} | {seen} | {} | {targets} |", step.outcome);
    }
    more(out, tried.steps.len());
    out.push('\n');
    bullets(out, "May still exist", &tried.may_exist);
}

fn answers(out: &mut String, facts: &Facts) {
    let groups = facts.hops.iter().chain(&facts.roles).filter(|group| !group.shape.answers.is_empty());
    let groups: Vec<&RoleGroup> = groups.collect();
    if groups.is_empty() {
        return;
    }
    let requests: usize = groups.iter().map(|group| group.shape.answers.len()).sum();
    line!(out, "<details>\n<summary>{} and their answers</summary>\n", Count(requests, "request"));
    let mut rows = 0;
    for group in &groups {
        let places = few_of(&group.members.iter().map(place).collect::<Vec<_>>());
        if rows >= 2 * MOST_ROWS {
            line!(out, "… and more; `--format html` and `--format json` show all.\n");
            break;
        }
        line!(out, "{} in {}\n", code(&role_names(group)), text(&places));
        line!(out, "| Answer | Caller | With | Why |\n| --- | --- | --- | --- |");
        for answer in &group.shape.answers {
            let word = if answer.is_as_expected() { "" } else { " (**not as declared**)" };
            let (who, with, why) = (text(&answer.who), text(&answer.with.join(", ")), text(&answer.why));
            line!(out, "| {}{word} | {who} | {with} | {why} |", answer.decision);
            rows += 1;
        }
        out.push('\n');
    }
    line!(out, "</details>\n");
}

fn limits(out: &mut String, budgets: &[Budget], sessions: &[SessionFact]) {
    if budgets.is_empty() && sessions.is_empty() {
        return;
    }
    line!(out, "<details>\n<summary>Limits and sessions</summary>\n");
    if !budgets.is_empty() {
        line!(out, "| Limit | Used | Of | Most at |\n| --- | ---: | ---: | --- |");
        for Budget { what, used, limit, unit, place } in budgets {
            line!(out, "| {what} | {} | {} {unit} | {} |", Number(*used), Number(*limit), text(place));
        }
        out.push('\n');
    }
    if !sessions.is_empty() {
        line!(out, "| Caller | Roles on the way | Sessions end after | Why |\n| --- | ---: | --- | --- |");
        for SessionFact { who, roles, longest, why, .. } in sessions.iter().take(MOST_ROWS) {
            line!(out, "| {} | {roles} | {longest} | {why} |", text(who));
        }
        more(out, sessions.len());
    }
    line!(out, "\n</details>\n");
}

fn waivers(out: &mut String, waivers: &[WaiverFact]) {
    if waivers.is_empty() {
        return;
    }
    line!(out, "## Waivers\n\n| Last day | Finding | Target | Reason |\n| --- | --- | --- | --- |");
    for waiver in waivers.iter().take(MOST_ROWS) {
        let over = if waiver.is_over { " (expired)" } else { "" };
        let target = text(waiver.target.as_deref().unwrap_or("all"));
        let (finding, reason) = (text(&format!("{} {}", waiver.id, waiver.title)), text(&waiver.reason));
        line!(out, "| {}{over} | {finding} | {target} | {reason} |", waiver.last_day);
    }
    more(out, waivers.len());
    out.push('\n');
}

fn findings(out: &mut String, findings: &[FindingFact]) {
    if findings.is_empty() {
        return;
    }
    line!(out, "## Findings\n");
    for finding in findings {
        let FindingFact { id, level, title, count, places } = finding;
        line!(out, "- **{level} {id}** {} ({})", text(title), Number(*count));
        for place in places.iter().take(3) {
            let at = place.place.as_ref().map(|at| format!("{}: ", code(at))).unwrap_or_default();
            line!(out, "  - {at}{}", text(&place.message));
        }
        if *count > 3 {
            line!(out, "  - … and {} more", Number(count - 3));
        }
    }
}

/// A name in a typeface of its own. Markup would end a code span, entities do not.
fn code(name: &str) -> String {
    format!("<code>{}</code>", plain(name))
}

/// A sentence, with the names in it.
fn text(text: &str) -> String {
    let part = |(is_name, part)| if is_name { code(part) } else { plain(part) };
    parts(text).into_iter().map(part).collect()
}

/// A text that stays one, whatever is in it.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in crate::diagnostic::words::visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A mention or a reference ends at a comment, which nobody sees.
            '@' | '#' => out.extend([c].iter().chain(&['<', '!', '-', '-', ' ', '-', '-', '>'])),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '$' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    // What begins like a link is one to GitHub, without any brackets.
    out.replace("://", ":<!-- -->//").replace("www.", "www<!-- -->.")
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(text("<b> & @all #1"), "&lt;b&gt; &amp; @<!-- -->all #<!-- -->1");
        assert_eq!(text("[a](b) | `c` *d* _e_"), "\\[a\\](b) \\| <code>c</code> \\*d\\* \\_e\\_");
        assert_eq!(text("https://x\n"), "https:<!-- -->//x\\\\n");
    }
}
