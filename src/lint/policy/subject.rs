//! How wide a pattern of subjects is: whose tokens of a shared provider come in.

use super::Policy;
use super::oidc::trusted;
use crate::diagnostic::words::excerpt;
use crate::lint::finding::Findings;
use crate::policy::read::{Condition, Operand, Test};

const GITHUB: &str = "token.actions.githubusercontent.com";

/// Claims of GitHub whose value the author of a workflow chooses.
const CHOSEN: [&str; 6] = ["workflow:", "environment:", "ref:", "context:", "head_ref:", "base_ref:"];

/// CR081, CR082, CR085, CR086 and CR087
pub(super) fn rules(policy: &Policy<'_>, found: &mut Findings) {
    for (statement, _, host) in trusted(policy) {
        let key = format!("{host}:sub");
        let subjects = statement.conditions_on(&key);
        for condition in subjects.filter(|condition| condition.operator.is_equality()) {
            for value in &condition.values {
                width(condition, value, &host, found);
                if host == GITHUB {
                    github(value, found);
                }
            }
            plan_and_apply(condition, found);
        }
    }
}

/// The parts that say whose tokens they are: owner and project, by the form of the subject.
fn tenant(subject: &str) -> Option<(&str, &str)> {
    if let Some(rest) = subject.strip_prefix("repo:").or_else(|| subject.strip_prefix("project_path:")) {
        let (owner, rest) = rest.split_once('/').unwrap_or((rest, ""));
        return Some((owner, rest));
    }
    let rest = subject.strip_prefix("organization:")?;
    Some(rest.split_once(':').unwrap_or((rest, "")))
}

fn width(condition: &Condition, value: &Operand, host: &str, found: &mut Findings) {
    let is_wild = |text: &str| condition.operator.test == Test::Like && text.contains(['*', '?']);
    if value.text.contains(":pull_request") {
        let message =
            format!("`{}` lets pull requests in, before anyone has reviewed them", excerpt(&value.text));
        found.add("CR082", value.at, message, "give plans of pull requests a role that can only read");
    }
    if !is_wild(&value.text) {
        return;
    }
    let fixed: String = value.text.chars().filter(|c| !matches!(c, '*' | '?')).collect();
    match tenant(&value.text) {
        Some((owner, rest)) if is_wild(owner) || (owner.is_empty() && rest.is_empty()) => {
            foreign(value, host, found);
        }
        Some((_, rest)) if is_wide(rest) => {
            let message =
                format!("`{}` lets in more than one branch, tag or environment", excerpt(&value.text));
            let help = "name the repository or workspace and what runs in it, such as `:ref:refs/heads/main` or `:environment:production`";
            found.add("CR082", value.at, message, help);
        }
        None if fixed.trim_matches([':', '/']).is_empty() || is_only_a_form(&fixed) => {
            foreign(value, host, found);
        }
        _ => {}
    }
}

fn foreign(value: &Operand, host: &str, found: &mut Findings) {
    let message = format!("`{}` lets in tokens of strangers at `{host}`", excerpt(&value.text));
    let help = "name the owner in full, up to the character that ends it: `repo:acme/…`, never `repo:acme*`";
    found.add("CR081", value.at, message, help);
}

/// Whether nothing is left but the words that every subject begins with.
fn is_only_a_form(fixed: &str) -> bool {
    ["repo:", "project_path:", "organization:", "repo", "organization", "project_path"].contains(&fixed)
}

/// Whether, behind the owner, a wildcard stands for the project or for all that runs in it.
fn is_wide(rest: &str) -> bool {
    let (project, run) = rest.split_once(':').unwrap_or((rest, ""));
    if project == "project" {
        // HCP Terraform: `project:P:workspace:W:run_phase:apply`.
        let parts: Vec<&str> = run.split(':').collect();
        return parts.first().is_none_or(|name| name.contains('*'))
            || parts.get(2).is_none_or(|name| name.contains('*'));
    }
    project.contains('*') || run.trim_matches(['*', '?']).is_empty() || run.starts_with("ref_type:*")
}

fn github(value: &Operand, found: &mut Findings) {
    if CHOSEN.iter().any(|claim| value.text.starts_with(claim)) {
        let message =
            format!("`{}` begins with a claim that the author of a workflow chooses", excerpt(&value.text));
        found.add(
            "CR086",
            value.at,
            message,
            "begin the subject with `repo`, and add other claims behind it",
        );
        return;
    }
    let Some(rest) = value.text.strip_prefix("repo:") else { return };
    let repository = rest.split(':').next().unwrap_or_default();
    let Some((owner, name)) = repository.split_once('/') else { return };
    let is_numbered = |part: &str| {
        part.rsplit_once('@').is_some_and(|(_, id)| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()))
    };
    if !owner.contains('*') && !(is_numbered(owner) && (is_numbered(name) || name.contains('*'))) {
        let message =
            format!("`{}` names the repository by names that others can take over", excerpt(&value.text));
        let help = "repositories made, renamed or moved since 2026-07-15 have `repo:OWNER@OWNER_ID/NAME@REPO_ID:…`; a name that was given up can be registered by anyone";
        found.add("CR085", value.at, message, help);
    }
}

/// CR087
fn plan_and_apply(condition: &Condition, found: &mut Findings) {
    const HELP: &str = "a plan runs what nobody has reviewed: give plans a role that can only read, and applies one of their own";
    let any = condition.values.iter().find(|value| value.text.ends_with(":run_phase:*"));
    if let Some(value) = any {
        found.add("CR087", value.at, "plan and apply share this role", HELP);
        return;
    }
    let has = |part: &str| condition.values.iter().find(|value| value.text.contains(part));
    let both = has(":run_phase:plan").zip(has(":run_phase:apply"));
    let request = has(":pull_request").filter(|_| condition.values.len() > 1);
    if let Some(value) = both.map(|(plan, _)| plan).or(request) {
        found.add("CR087", value.at, "plan and apply share this role", HELP);
    }
}
