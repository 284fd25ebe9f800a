//! Callers and their roles in one line each, as the review shows them.

use super::state::{SourceState, Uses};
use crate::answers::{CallerAnswer, GithubAt, Runs, Who, Workload};
use crate::model::{CallerId, Hostname, RoleMatch};

/// A caller; its ID comes first where it was given one.
pub(super) fn caller(caller: &CallerAnswer) -> String {
    let who = match &caller.who {
        Who::Account { .. } => "any principal in account A".to_owned(),
        Who::User { name, .. } => format!("user {name}"),
        Who::Role { name, match_by: RoleMatch::Arn } => format!("role {name}"),
        Who::Role { name, match_by: RoleMatch::PrincipalArn } => format!("role {name}, also when recreated"),
        Who::PermissionSet { name } => format!("people of permission set {name}"),
        Who::Workload(workload) => described(workload),
    };
    let mfa = if caller.who.demands_mfa() { ", with MFA" } else { "" };
    match &caller.id {
        Some(id) => format!("{id}: {who}{mfa}"),
        None => format!("{who}{mfa}"),
    }
}

fn described(workload: &Workload) -> String {
    let at = |usual: &str, host: &Option<Hostname>| match host {
        Some(host) => format!("{usual} ({host})"),
        None => usual.to_owned(),
    };
    match workload {
        Workload::Github { repository, at: place, runs: which, .. } => {
            let place = match place {
                GithubAt::Usual => "GitHub Actions".to_owned(),
                GithubAt::Enterprise(slug) => format!("GitHub Actions (enterprise {slug})"),
                GithubAt::Host(host) => format!("GitHub Actions ({host})"),
            };
            format!("{place}, {repository}, {}", runs(which))
        }
        Workload::Gitlab { project, host, runs: which, .. } => {
            format!("{}, {project}, {}", at("GitLab", host), runs(which))
        }
        Workload::HcpTerraform { organization, project, workspace, phase, host } => {
            let phase = phase.map_or("plan and apply", |phase| phase.as_str());
            format!("{}, {organization}/{project}/{workspace}, {phase}", at("HCP Terraform", host))
        }
        Workload::Oidc { issuer, subject, claims, .. } => {
            let names: Vec<&str> = claims.keys().map(String::as_str).collect();
            let claims = if names.is_empty() { String::new() } else { format!(", by {}", names.join(", ")) };
            format!("{}, {subject}{claims}", issuer.host())
        }
    }
}

fn runs(runs: &Runs) -> String {
    match runs {
        Runs::Environment(name) => format!("environment {name}"),
        Runs::Branch(name) => format!("branch {name}"),
        Runs::Tag(name) => format!("tag {name}"),
        Runs::PullRequests => "pull requests".to_owned(),
    }
}

/// Which roles there are, and for whom.
pub(super) fn roles(source: &SourceState) -> String {
    if !source.has_two_roles {
        return "one for all callers".to_owned();
    }
    let ids = |others| {
        let ids = source.callers_but(others);
        ids.iter().map(CallerId::as_str).collect::<Vec<_>>().join(", ")
    };
    format!("apply ({}), plan ({})", ids(Uses::Plan), ids(Uses::Apply))
}
