//! Questions about workloads: what their tokens say of them.

use std::cell::RefCell;
use std::num::NonZeroU64;

use super::ask::{Ask, Question, Stop, optional, required};
use super::offers::list;
use super::state::SourceState;
use crate::answers::pasted;
use crate::answers::{GithubAt, Runs, Who, Workload};
use crate::diagnostic::Error;
use crate::model::{EnterpriseSlug, Hostname, ProjectPath, RefPattern, RepositoryName};
use crate::spec::RunPhase;

pub(super) fn github(ask: &mut dyn Ask, _: &SourceState) -> Result<Who, Stop> {
    let why = "Owner and name, or its URL. Paste the URL if it is not on github.com.";
    let host = RefCell::new(None);
    let repository = required(ask, &Question::new("Repository", why), &|text| {
        host.replace(pasted::other_host(text, "github.com")?);
        pasted::repository(text)
    })?;
    let at = match found(ask, host) {
        Some(host) => GithubAt::Host(host),
        None => enterprise(ask)?.map_or(GithubAt::Usual, GithubAt::Enterprise),
    };
    let runs = github_runs(ask)?;
    // AWS compares IDs in tokens of github.com alone.
    let ids = if at == GithubAt::Usual { github_ids(ask, &repository)? } else { None };
    Ok(Who::Workload(Workload::Github { repository, ids, at, runs }))
}

fn enterprise(ask: &mut dyn Ask) -> Result<Option<EnterpriseSlug>, Stop> {
    let why = "Only if your enterprise has a token issuer of its own, like https://token.actions.githubusercontent.com/acme.";
    optional(ask, &Question::new("Enterprise (optional)", why), &pasted::enterprise)
}

fn github_runs(ask: &mut dyn Ask) -> Result<Runs, Stop> {
    let why = "An environment can require a review before its jobs run.";
    let words = list([
        "jobs in an environment (recommended)",
        "jobs on a branch",
        "jobs on a tag",
        "pull request jobs (unreviewed code)",
    ]);
    Ok(match ask.choose(&Question::new("Which of its jobs?", why), &words, 0)? {
        0 => Runs::Environment(environment(ask)?),
        1 => Runs::Branch(branch(ask)?),
        2 => Runs::Tag(tag(ask)?),
        _ => Runs::PullRequests,
    })
}

fn github_ids(
    ask: &mut dyn Ask,
    repository: &RepositoryName,
) -> Result<Option<(NonZeroU64, NonZeroU64)>, Stop> {
    let why = format!(
        "IDs protect against someone else taking over the name later. This command prints both:\n  gh api repos/{repository} --jq '.id, .owner.id'"
    );
    let Some(id) = number(ask, &Question::new("ID of the repository (optional)", why))? else {
        return Ok(None);
    };
    let owner = loop {
        if let Some(owner) = number(ask, &Question::new("ID of its owner", ""))? {
            break owner;
        }
        ask.say("the two IDs belong together: the owner's is the second number");
    };
    Ok(Some((id, owner)))
}

pub(super) fn gitlab(ask: &mut dyn Ask, _: &SourceState) -> Result<Who, Stop> {
    let why = "Groups and name, or its URL. Paste the URL if it is not on gitlab.com.";
    let host = RefCell::new(None);
    let project: ProjectPath = required(ask, &Question::new("Project", why), &|text| {
        host.replace(pasted::other_host(text, "gitlab.com")?);
        pasted::project(text)
    })?;
    let host = found(ask, host);
    let why = "An environment can be protected, and so can a branch or a tag.";
    let words = list(["jobs on a branch", "jobs on a tag", "jobs in an environment"]);
    let runs = match ask.choose(&Question::new("Which of its jobs?", why), &words, 0)? {
        0 => Runs::Branch(branch(ask)?),
        1 => Runs::Tag(tag(ask)?),
        _ => Runs::Environment(environment(ask)?),
    };
    let why = "Protects against someone else taking over the path later. GitLab shows the ID on the project's page.";
    let project_id = match host {
        None => number(ask, &Question::new("ID of the project (optional)", why))?,
        Some(_) => None,
    };
    Ok(Who::Workload(Workload::Gitlab { project, project_id, host, runs }))
}

pub(super) fn hcp_terraform(ask: &mut dyn Ask, _: &SourceState) -> Result<Who, Stop> {
    let why = "Its name, or the URL of a workspace. Paste the URL if it is not at app.terraform.io.";
    let (host, known) = (RefCell::new(None), RefCell::new(None));
    let organization = required(ask, &Question::new("Organization of the workspaces", why), &|text| {
        host.replace(pasted::other_host(text, "app.terraform.io")?);
        known.replace(pasted::workspace(text));
        pasted::organization(text)
    })?;
    let host = found(ask, host);
    let why = "Workspaces that are not in another project are in `Default Project`.";
    let question = Question::new("Project of the workspaces", why).or(Some("Default Project"));
    let project = required(ask, &question, &pasted::plain)?;
    let why = "One workspace, or a prefix followed by `*`.";
    let question = Question::new("Workspace, like aws-prod or aws-*", why).or(known.into_inner());
    let workspace = required(ask, &question, &pasted::plain)?;
    let words = list(["plans and applies", "only applies", "only plans"]);
    let phase = match ask.choose(&Question::new("Which of its runs?", ""), &words, 0)? {
        0 => None,
        1 => Some(RunPhase::Apply),
        _ => Some(RunPhase::Plan),
    };
    Ok(Who::Workload(Workload::HcpTerraform { organization, project, workspace, phase, host }))
}

pub(super) fn oidc(ask: &mut dyn Ask, _: &SourceState) -> Result<Who, Stop> {
    let why = "The `iss` claim of its tokens, like https://oidc.example.com.";
    let issuer = required(ask, &Question::new("URL of the OIDC provider", why), &pasted::plain)?;
    let question = Question::new("Audience", "The `aud` claim of its tokens.").or(Some("sts.amazonaws.com"));
    let audience = required(ask, &question, &pasted::plain)?;
    let why = "The full `sub` claim of its tokens; `*` matches any text.";
    let subject = required(ask, &Question::new("Subject", why), &pasted::plain)?;
    let why = "Other claims that tokens must have. List a claim twice to allow either value.";
    let question = Question::new("Further claims (optional, like pipeline_id=a1, pipeline_id=b2)", why);
    let claims = ask.text(&question, &|text| pasted::claims(text).map(drop))?;
    let claims = pasted::claims(&claims).map_err(Error::bug)?;
    Ok(Who::Workload(Workload::Oidc { issuer, audience, subject, claims }))
}

/// The host that was found in an address, which is said.
fn found(ask: &mut dyn Ask, host: RefCell<Option<Hostname>>) -> Option<Hostname> {
    let host = host.into_inner();
    if let Some(host) = &host {
        ask.say(&format!("host: `{host}`"));
    }
    host
}

fn environment(ask: &mut dyn Ask) -> Result<RefPattern, Stop> {
    let question = Question::new("Name of the environment", "").or(Some("production"));
    required(ask, &question, &pasted::plain)
}

fn branch(ask: &mut dyn Ask) -> Result<RefPattern, Stop> {
    required(ask, &Question::new("Name of the branch", "").or(Some("main")), &pasted::branch)
}

fn tag(ask: &mut dyn Ask) -> Result<RefPattern, Stop> {
    required(ask, &Question::new("Name of the tag, like v*", ""), &pasted::tag)
}

/// A number, or nothing.
fn number(ask: &mut dyn Ask, question: &Question) -> Result<Option<NonZeroU64>, Stop> {
    let is_fine = |text: &str| if text.trim().is_empty() { Ok(()) } else { pasted::number(text).map(drop) };
    let text = ask.text(question, &is_fine)?;
    Ok(pasted::number(&text).ok())
}
