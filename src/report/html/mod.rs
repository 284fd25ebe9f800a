//! The report as one page: no script, nothing loaded, readable on any screen and on paper.
//!
//! Responsible for the order of the page and for its look. Refuses to write markup that is not its own: everything goes
//! through [`Markup`].

mod parts;
mod rest;
mod roles;

use super::facts::{Facts, Subject, Verdict};
use super::map;
use super::markup::Markup;
use super::words::{capital, count, sentence, title};
use crate::diagnostic::words::Number;

/// How everything looks.
const STYLE: &str = include_str!("style.css");
/// What a browser may do for the page: apply its own style, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The report as a page.
#[must_use]
pub fn page(facts: &Facts) -> String {
    let mut out = Markup::default();
    out.own("<!doctype html>\n");
    out.element("html", &[("lang", "en")], |out| {
        out.element("head", &[], |out| head(out, facts));
        out.element("body", &[], |out| body(out, facts));
    });
    out.into_text()
}

fn head(out: &mut Markup, facts: &Facts) {
    out.element("meta", &[("charset", "utf-8")], |_| {});
    out.element("meta", &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)], |_| {});
    out.element("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")], |_| {});
    out.element("meta", &[("name", "color-scheme"), ("content", "light dark")], |_| {});
    out.element("meta", &[("name", "referrer"), ("content", "no-referrer")], |_| {});
    out.line("title", &[], &title(facts));
    out.element("style", &[], |out| out.own(STYLE));
}

fn body(out: &mut Markup, facts: &Facts) {
    out.line("a", &[("class", "skip"), ("href", "#main")], "Skip to the report");
    out.element("header", &[], |out| top(out, facts));
    out.element("main", &[("id", "main")], |out| {
        facts.changes.iter().for_each(|changes| rest::changes(out, changes));
        parts::heading(out, "map", "Map");
        map::draw(out, facts);
        roles::table_of_roles(out, facts);
        rest::not_known(out, facts);
        roles::matrix(out, facts);
        facts.evidence.iter().for_each(|tried| rest::evidence(out, tried));
        rest::limits(out, facts);
        rest::waivers(out, &facts.waivers);
        rest::findings(out, &facts.findings);
        roles::requests(out, facts);
        rest::removal(out, facts);
    });
    out.element("footer", &[], |out| foot(out, facts));
}

fn top(out: &mut Markup, facts: &Facts) {
    out.line("h1", &[], &title(facts));
    out.sentence("p", &[("class", "muted")], &subject(facts));
    let (sign, color) = parts::signs(facts.verdict);
    out.element("div", &[("class", &format!("banner {color}"))], |out| {
        out.element("p", &[("class", "word")], |out| {
            out.line("span", &[("aria-hidden", "true")], sign);
            out.text(&format!(" {}", capital(facts.verdict.words())));
        });
        out.sentence("p", &[], &sentence(facts));
        differing(out, facts);
    });
    numbers(out, facts);
    contents(out, facts);
}

/// The targets with the worst verdict, by name.
fn differing(out: &mut Markup, facts: &Facts) {
    let worst = facts.targets.iter().filter(|target| target.verdict == facts.verdict);
    if facts.verdict >= Verdict::NotKnown {
        let names: Vec<String> = worst.map(|target| target.name.clone()).collect();
        if !names.is_empty() {
            out.element("div", &[], |out| parts::names(out, &names, "target"));
        }
    }
}

fn subject(facts: &Facts) -> String {
    match &facts.subject {
        Subject::Spec { file, source, is_generated, .. } => {
            let judged = if *is_generated {
                "the generated folder, edits included"
            } else {
                "what the spec would generate"
            };
            format!("Source account {} ({}) of `{file}`. Judged: {judged}.", source.name, source.account_id)
        }
        Subject::Terraform { folder } => format!("Roles in `{folder}`, read as Terraform reads them."),
    }
}

fn numbers(out: &mut Markup, facts: &Facts) {
    let roles = facts.hops.iter().chain(&facts.roles).map(|group| group.members.len()).sum();
    let mut numbers = vec![("Roles", roles)];
    if matches!(facts.subject, Subject::Spec { .. }) {
        numbers.insert(0, ("Targets", facts.targets.len()));
        numbers.push(("Ways in that are not declared", facts.strangers().count()));
        numbers.push(("Differ from the spec", count(facts, Verdict::Differs)));
    }
    numbers.push(("Not known", count(facts, Verdict::NotKnown) + facts.not_known.len()));
    numbers.push(("Findings", facts.findings.iter().map(|finding| finding.count).sum()));
    out.element("dl", &[("class", "numbers")], |out| {
        for (name, number) in numbers {
            out.element("div", &[], |out| {
                out.line("dt", &[], name);
                out.line("dd", &[], &Number(number).to_string());
            });
        }
    });
}

fn contents(out: &mut Markup, facts: &Facts) {
    let is_spec = matches!(facts.subject, Subject::Spec { .. });
    let is_limited = matches!(&facts.subject, Subject::Spec { only, .. } if !only.is_empty());
    let sections = [
        ("#changes", "Changes", facts.changes.is_some()),
        ("#map", "Map", true),
        ("#roles", "Who may enter", true),
        ("#not-known", "Not known", !facts.not_known.is_empty()),
        ("#matrix", "Callers by roles", is_spec),
        ("#evidence", "What was tried", facts.evidence.is_some()),
        ("#limits", "Limits and sessions", !facts.sessions.is_empty()),
        ("#waivers", "Waivers", !facts.waivers.is_empty()),
        ("#findings", "Findings", true),
        ("#requests", "Requests", is_spec),
        ("#removal", "How to end this access", is_limited),
    ];
    out.element("nav", &[("aria-label", "Contents")], |out| {
        out.element("ul", &[], |out| {
            for (id, name, _) in sections.iter().filter(|(.., is_there)| *is_there) {
                out.element("li", &[], |out| out.line("a", &[("href", id)], name));
            }
        });
    });
}

fn foot(out: &mut Markup, facts: &Facts) {
    let made = format!("Made by crossrole {} on {} (UTC).", facts.crossrole, facts.made);
    out.line("p", &[], &made);
    out.line(
        "p",
        &[],
        "Policies are evaluated as written. Service and resource control policies, permissions boundaries and session policies can take away more; they are not evaluated here.",
    );
}
