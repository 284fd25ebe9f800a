//! What is beside the roles: changes, evidence, limits, waivers, findings, what is not known.

use super::parts::{cells, heading, list, names, number, signed, table};
use crate::diagnostic::words::{Count, Number};
use crate::report::facts::{
    Budget, ChangedLine, Changes, Facts, FindingFact, StepFact, Subject, TriedFact, WaiverFact,
};
use crate::report::markup::Markup;

/// What is different from an earlier commit.
pub(super) fn changes(out: &mut Markup, changes: &Changes) {
    heading(out, "changes", &format!("Changes since {}", changes.since));
    out.sentence("p", &[("class", "muted")], &format!("Compared with commit `{}`.", changes.commit));
    if changes.are_none() {
        out.line("p", &[], "Who can enter, and with which permissions, is the same.");
        return;
    }
    changed(out, "Widened", "What is possible now, and was not.", &changes.widened);
    changed(out, "Narrowed", "What was possible, and no longer is.", &changes.narrowed);
    for (title, all) in [("New targets", &changes.added), ("Removed targets", &changes.removed)] {
        if !all.is_empty() {
            out.line("h3", &[], title);
            out.element("p", &[], |_| {});
            names(out, all, "target");
        }
    }
    for (title, all) in [
        ("New callers", &changes.callers_added),
        ("Removed callers", &changes.callers_removed),
        ("Not known", &changes.not_known),
    ] {
        if !all.is_empty() {
            out.line("h3", &[], title);
            list(out, all);
        }
    }
}

fn changed(out: &mut Markup, title: &str, sentence: &str, lines: &[ChangedLine]) {
    if lines.is_empty() {
        return;
    }
    out.line("h3", &[], title);
    out.line("p", &[], sentence);
    table(out, title, &["What", "Where"], |out| {
        for line in lines {
            out.element("tr", &[], |out| {
                out.sentence("td", &[("class", "wide")], &line.what);
                out.element("td", &[], |out| names(out, &line.places, "target"));
            });
        }
    });
}

/// What `verify` tried and saw.
pub(super) fn evidence(out: &mut Markup, tried: &TriedFact) {
    heading(out, "evidence", "What was tried");
    out.line("p", &[], &tried.sentence());
    let ended = tried.ended.as_ref().map(|ended| format!(" to {ended}")).unwrap_or_default();
    let runs = format!("{}, from {}{ended}.", Count(tried.files, "run"), tried.started);
    out.line("p", &[("class", "muted")], &runs);
    for (title, all) in [("By", &tried.callers), ("With", &tried.tools)] {
        out.line("p", &[("class", "muted")], &format!("{title} {}.", all.join(", ")));
    }
    for remark in &tried.remarks {
        out.element("div", &[("class", "banner warn")], |out| out.sentence("p", &[], remark));
    }
    table(out, "What was tried", &["Outcome", "What was tried", "Expected", "Seen", "Targets"], |out| {
        tried.steps.iter().for_each(|step| tried_step(out, step));
    });
    if !tried.may_exist.is_empty() {
        out.line("h3", &[], "May still exist in accounts");
        list(out, &tried.may_exist);
    }
}

fn tried_step(out: &mut Markup, step: &StepFact) {
    let is_ok = step.outcome == "ok";
    out.element("tr", &[("class", if step.outcome == "failed" { "row-bad" } else { "" })], |out| {
        out.element("td", &[], |out| match step.outcome {
            "ok" => signed(out, "✓", "good", "as expected"),
            "failed" => signed(out, "≠", "bad", "failed"),
            other => signed(out, "?", "warn", other),
        });
        cells(out, &[step.step, step.expected, &step.seen]);
        if is_ok {
            number(out, step.targets.len());
        } else {
            out.element("td", &[], |out| names(out, &step.targets, "target"));
        }
    });
}

/// What is used of limits, and how long sessions last.
pub(super) fn limits(out: &mut Markup, facts: &Facts) {
    if facts.budgets.is_empty() && facts.sessions.is_empty() {
        return;
    }
    heading(out, "limits", "Limits and sessions");
    if !facts.budgets.is_empty() {
        table(out, "Limits", &["Limit", "Used", "Of", "Share", "Most at"], |out| {
            facts.budgets.iter().for_each(|budget| limit(out, budget));
        });
    }
    if facts.sessions.is_empty() {
        return;
    }
    table(out, "Sessions", &["Caller", "Roles on the way", "Sessions end after", "Why"], |out| {
        for session in &facts.sessions {
            out.element("tr", &[], |out| {
                out.line("th", &[("scope", "row")], &session.who);
                number(out, session.roles);
                cells(out, &[&session.longest, session.why]);
            });
        }
    });
}

fn limit(out: &mut Markup, budget: &Budget) {
    let Budget { what, used, limit, unit, place } = budget;
    let share = used * 100 / (*limit).max(1);
    out.element("tr", &[("class", if share >= 90 { "row-warn" } else { "" })], |out| {
        out.line("th", &[("scope", "row")], what);
        number(out, *used);
        out.line("td", &[("class", "number")], &format!("{} {unit}", Number(*limit)));
        out.element("td", &[], |out| {
            let (used, limit, label) = (used.to_string(), limit.to_string(), format!("{what}: {share}%"));
            let meter =
                [("class", "meter"), ("max", limit.as_str()), ("value", &used), ("aria-label", &label)];
            out.element("progress", &meter, |_| {});
            out.text(&format!(" {share}%"));
        });
        cells(out, &[place]);
    });
}

/// What is accepted, and until when.
pub(super) fn waivers(out: &mut Markup, waivers: &[WaiverFact]) {
    if waivers.is_empty() {
        return;
    }
    heading(out, "waivers", "Waivers");
    table(out, "Waivers", &["Last day", "Finding", "Target", "Reason"], |out| {
        for waiver in waivers {
            out.element("tr", &[("class", if waiver.is_over { "row-warn" } else { "" })], |out| {
                out.element("td", &[("class", "id")], |out| {
                    out.text(&waiver.last_day);
                    if waiver.is_over {
                        out.text(" ");
                        signed(out, "!", "warn", "expired");
                    }
                });
                let finding = format!("{} {}", waiver.id, waiver.title);
                cells(out, &[&finding, waiver.target.as_deref().unwrap_or("all"), &waiver.reason]);
            });
        }
    });
}

/// What `lint` finds.
pub(super) fn findings(out: &mut Markup, findings: &[FindingFact]) {
    heading(out, "findings", "Findings");
    if findings.is_empty() {
        out.sentence("p", &[], "`crossrole lint` finds nothing that is not waived.");
        return;
    }
    for finding in findings {
        let FindingFact { id, level, title, count, places } = finding;
        out.element("details", &[("class", "block")], |out| {
            out.element("summary", &[], |out| {
                match *level {
                    "error" => signed(out, "≠", "bad", level),
                    "warning" => signed(out, "!", "warn", level),
                    _ => signed(out, "i", "plain", level),
                }
                out.text(&format!(" {id} {title} ({})", Number(*count)));
            });
            out.element("ul", &[("class", "plain")], |out| {
                for place in places {
                    let at = place.place.as_ref().map(|at| format!("{at}: ")).unwrap_or_default();
                    let help =
                        place.help.as_ref().map(|help| format!(" To fix it: {help}")).unwrap_or_default();
                    out.sentence("li", &[], &format!("{at}{}.{help}", place.message));
                }
            });
            if *count > places.len() {
                let more = Number(count - places.len());
                out.sentence(
                    "p",
                    &[("class", "muted")],
                    &format!("{more} more: `crossrole lint` lists all."),
                );
            }
        });
    }
}

/// What belongs to no role, and could not be read.
pub(super) fn not_known(out: &mut Markup, facts: &Facts) {
    if !facts.not_known.is_empty() {
        heading(out, "not-known", "Not known");
        list(out, &facts.not_known);
    }
}

/// What the owner of an account can do to end the access.
pub(super) fn removal(out: &mut Markup, facts: &Facts) {
    let Subject::Spec { only, .. } = &facts.subject else { return };
    if only.is_empty() {
        return;
    }
    heading(out, "removal", "How to end this access");
    out.line("p", &[], "Delete these roles in the account. Nobody can start a new session from then on; to end sessions at once, choose Revoke active sessions for the role in the IAM console first.");
    let roles = facts.roles.iter().flat_map(|group| &group.members);
    let roles: Vec<String> = roles
        .map(|member| {
            let name = member.role.rsplit('/').next().unwrap_or_default();
            format!("`{name}` in account {}", member.account_id.as_deref().unwrap_or_default())
        })
        .collect();
    list(out, &roles);
    out.line(
        "p",
        &[],
        "Where the role was made with Terraform, terraform destroy in its bootstrap folder does the same.",
    );
}
