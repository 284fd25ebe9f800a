//! How wide a pattern of subjects is: whose tokens of a shared provider come in.

use super::Policy;
use super::oidc::{Trusted, trusted};
use crate::diagnostic::Level;
use crate::diagnostic::words::excerpt;
use crate::lint::finding::Findings;
use crate::policy::issuer::{Tenants, Whose, whose};
use crate::policy::read::{Condition, Operand, Test};

const GITHUB: &str = "token.actions.githubusercontent.com";

/// Claims of GitHub whose value the author of a workflow chooses, or that say what is called and not by whom.
const CHOSEN: [&str; 7] =
    ["workflow:", "environment:", "ref:", "context:", "head_ref:", "base_ref:", "job_workflow_ref:"];

/// CR081, CR082, CR085, CR086 and CR087
pub(super) fn rules(policy: &Policy<'_>, found: &mut Findings) {
    for trusted in trusted(policy) {
        for condition in trusted.tests("sub").filter(|condition| condition.operator.is_equality()) {
            for value in &condition.values {
                width(condition, value, &trusted, policy.only_reads, found);
                if trusted.issuer().is_some_and(|issuer| issuer.keys.contains(&"repository_id")) {
                    github(value, &trusted, found);
                }
                if trusted.host == "gitlab.com" {
                    gitlab(value, &trusted, found);
                }
            }
            plan_and_apply(condition, found);
        }
    }
}

fn width(
    condition: &Condition,
    value: &Operand,
    trusted: &Trusted<'_>,
    only_reads: bool,
    found: &mut Findings,
) {
    if value.text.contains(":pull_request") && !only_reads {
        let message =
            format!("`{}` admits pull requests before anyone has reviewed them", excerpt(&value.text));
        found.add("CR082", value.at, message, "give pull request plans a read-only role");
    }
    if condition.operator.test != Test::Like || !value.text.contains(['*', '?']) {
        return;
    }
    let issuer = trusted.issuer();
    match (whose(&value.text, issuer), issuer.map(|issuer| issuer.tenants)) {
        (Whose::Anybodys, Some(Tenants::One { who, .. })) => {
            let message = format!("`{}` lets in {who}", excerpt(&value.text));
            found.add("CR082", value.at, message, "name what runs, as the subject of its tokens says it");
        }
        (Whose::Anybodys, _) => foreign(value, &trusted.host, found),
        // All of a namespace is what a pattern for a cluster's tokens is for.
        (Whose::Owners(_), Some(Tenants::One { is_shared: true, .. })) => {}
        (Whose::Owners(behind), _) if is_wide(behind) => {
            let message =
                format!("`{}` lets in more than one branch, tag or environment", excerpt(&value.text));
            let help = "name the repository or workspace and what runs in it, such as `:ref:refs/heads/main` or `:environment:production`";
            found.add("CR082", value.at, message, help);
        }
        (Whose::Owners(_) | Whose::Somebodys, _) => {}
    }
}

fn foreign(value: &Operand, host: &str, found: &mut Findings) {
    let message = format!("`{}` admits tokens of other tenants of `{host}`", excerpt(&value.text));
    let help = "name the owner in full, up to the character that ends it: `repo:acme/…`, never `repo:acme*`";
    found.add("CR081", value.at, message, help);
}

/// Whether, behind the owner, a wildcard stands for the project or for all that runs in it.
fn is_wide(rest: &str) -> bool {
    let (project, run) = rest.split_once(':').unwrap_or((rest, ""));
    if project == "project" {
        // HCP Terraform: `project:P:workspace:W:run_phase:apply`, or `project:P:stack:S:deployment:D:operation:apply`.
        let parts: Vec<&str> = run.split(':').collect();
        return parts.first().is_none_or(|name| name.contains('*'))
            || parts.get(2).is_none_or(|name| name.contains('*'))
            || parts.get(1) == Some(&"stack") && parts.get(3).is_some_and(|next| next.contains('*'));
    }
    project.contains('*') || run.trim_matches(['*', '?']).is_empty() || run.starts_with("ref_type:*")
}

fn github(value: &Operand, trusted: &Trusted<'_>, found: &mut Findings) {
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
    let is_named = owner.split('@').next().is_some_and(|name| !name.is_empty() && !name.contains('*'));
    let is_pinned = trusted.demands("repository_id")
        || name.contains('*') && !name.contains('@') && trusted.demands("repository_owner_id");
    let is_immutable = is_numbered(owner) && (is_numbered(name) || name == "*");
    if is_named && !is_immutable && !is_pinned && trusted.host.starts_with(GITHUB) {
        let message =
            format!("`{}` names the repository by names that others can take over", excerpt(&value.text));
        let help = "repositories made, renamed or moved since 2026-07-15 have `repo:OWNER@OWNER_ID/NAME@REPO_ID:…`; a name that was given up can be registered by anyone";
        found.add("CR085", value.at, message, help);
    }
}

fn gitlab(value: &Operand, trusted: &Trusted<'_>, found: &mut Findings) {
    let is_by_name = value.text.strip_prefix("project_path:").is_some_and(|rest| !rest.starts_with('*'));
    if is_by_name && !trusted.demands("project_id") && !trusted.demands("namespace_id") {
        let message =
            format!("`{}` names the project by names that others can take over", excerpt(&value.text));
        let help = "demand `gitlab.com:project_id`, too, which stays the project's own";
        found.add_as(Level::Note, "CR085", value.at, message, help);
    }
}

/// CR087
fn plan_and_apply(condition: &Condition, found: &mut Findings) {
    const HELP: &str =
        "a plan runs code that nobody has reviewed: give plans a read-only role, and applies their own role";
    const BOTH: [&str; 2] = [":run_phase:*", ":operation:*"];
    let is_of_run = |text: &str| text.contains(":workspace:") || text.contains(":stack:");
    let is_both = |text: &str| {
        BOTH.iter().any(|end| text.ends_with(end))
            || text.starts_with("organization:")
                && text.strip_suffix(":*").is_some_and(|start| is_of_run(start) && !start.contains('*'))
    };
    if let Some(value) = condition.values.iter().find(|value| is_both(&value.text)) {
        found.add("CR087", value.at, "plan and apply use the same role", HELP);
        return;
    }
    let has = |part: &str| condition.values.iter().find(|value| value.text.contains(part));
    let both = has(":run_phase:plan").zip(has(":run_phase:apply"));
    let is_other = |value: &Operand| !value.text.contains(":pull_request");
    let request = has(":pull_request").filter(|_| condition.values.iter().any(is_other));
    if let Some(value) = both.map(|(plan, _)| plan).or(request) {
        found.add("CR087", value.at, "plan and apply use the same role", HELP);
    }
}
