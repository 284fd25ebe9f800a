//! Workloads with tokens: the issuer, audience and subjects of each platform.
//!
//! Sources of the forms: "`OpenID` Connect reference" (GitHub), "ID token authentication" (GitLab), "Workload identity
//! tokens" (HCP Terraform), "Available keys for AWS OIDC federation" (IAM User Guide).

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, first_line};
use crate::diagnostic::Span;
use crate::model::{
    Audience, CallerId, Federated, IssuerUrl, Platform, ProjectName, ProjectPath, RefPattern, RoleName,
    SpecName, Text,
};
use crate::policy::issuer::{Issuer, Whose, compared_everywhere, is_built_in, whose};
use crate::spec::{CallerKind, CallerSpec, Field, Located, NumericId, OneOrMore, RunPhase};

/// What a platform's tokens have to say.
struct Tokens {
    issuer: IssuerUrl,
    audience: Audience,
    subjects: BTreeSet<String>,
    claims: BTreeMap<String, BTreeSet<String>>,
    described: String,
}

pub(super) fn lower(
    cx: &mut Check<'_>,
    spec: &Located<CallerSpec>,
    kind: CallerKind,
    name: &SpecName,
    id: Option<&Located<CallerId>>,
) -> Option<Federated> {
    let (platform, tokens) = match kind {
        CallerKind::GithubActions => (Platform::GithubActions, github(cx, spec)),
        CallerKind::Gitlab => (Platform::Gitlab, gitlab(cx, spec)),
        CallerKind::HcpTerraform => (Platform::HcpTerraform, hcp(cx, spec)),
        _ => (Platform::Oidc, oidc(cx, spec)),
    };
    let role_name = id.and_then(|id| role_name(cx, name, id));
    let Tokens { issuer, audience, subjects, claims, described } = tokens?;
    Some(Federated { platform, described, issuer, audience, subjects, claims, role_name: role_name? })
}

/// The role in A: the spec's name and the caller's id.
fn role_name(cx: &mut Check<'_>, name: &SpecName, id: &Located<CallerId>) -> Option<RoleName> {
    let role = RoleName::parse(&format!("{name}-{}", id.value));
    if role.is_err() {
        let message = format!("the role `{name}-{}` would have more than 64 characters", id.value);
        cx.error(id.at, "CR007", message, "shorten the caller's `id`, or the spec's `name`");
    }
    role.ok()
}

fn literal<T: Text>(text: &str) -> Option<T> {
    T::parse(text).ok()
}

/// A key of which one has to be there.
type Choice<'c> = (&'static str, &'c Field<RefPattern>);

/// The one key of several that is there.
fn the_one<'c>(
    cx: &mut Check<'_>,
    choices: &[Choice<'c>],
    at: Span,
    also: bool,
    help: &str,
) -> Option<(&'static str, &'c Located<RefPattern>)> {
    let given: Vec<_> = choices.iter().filter_map(|(key, field)| Some((*key, field.get()?))).collect();
    let is_broken = choices.iter().any(|(_, field)| field.get().is_none() && !field.is_absent());
    match given.as_slice() {
        [one] if !also => Some(*one),
        [] if !also && !is_broken => {
            let message = "no run is named: runs of every branch could assume the role";
            cx.error(first_line(at), "CR082", message, help);
            None
        }
        [] => None,
        [.., (_, last)] => {
            cx.error(last.at, None, "set only one of these: a token's subject names one", help);
            None
        }
    }
}

fn github(cx: &mut Check<'_>, spec: &Located<CallerSpec>) -> Option<Tokens> {
    const HELP: &str = "give one of `environment`, `branch`, `tag` and `pull_request: true`; `environment` is the safest, because a protected one only admits approved deployments";
    let CallerSpec { repository, environment, branch, tag, pull_request, .. } = &spec.value;
    let repository = cx.required(repository, "repository", spec.at, "owner and name, as in `acme/infra`");
    let asks = pull_request.get().is_some_and(|asked| asked.value);
    let choices = [("environment", environment), ("branch", branch), ("tag", tag)];
    let one = the_one(cx, &choices, spec.at, asks, HELP);
    let issuer = github_issuer(cx, spec);
    let ids = github_ids(cx, spec, issuer.as_ref());
    let (repository, issuer) = (&repository?.value, issuer?);
    let encoded = |value: &RefPattern| value.as_str().replace(':', "%3A");
    let (context, words) = match one {
        Some(("environment", name)) => {
            (format!("environment:{}", encoded(&name.value)), format!("environment {}", name.value))
        }
        Some(("branch", name)) => {
            (format!("ref:refs/heads/{}", encoded(&name.value)), format!("branch {}", name.value))
        }
        Some((_, name)) => (format!("ref:refs/tags/{}", encoded(&name.value)), format!("tag {}", name.value)),
        None if asks => ("pull_request".to_owned(), "pull requests".to_owned()),
        None => return None,
    };
    let mut subjects = BTreeSet::from([format!("repo:{repository}:{context}")]);
    let mut claims = BTreeMap::new();
    if let Some((repository_id, owner_id)) = ids
        && let Some((owner, name)) = repository.as_str().split_once('/')
    {
        let (repository_id, owner_id) = (repository_id.as_str(), owner_id.as_str());
        subjects.insert(format!("repo:{owner}@{owner_id}/{name}@{repository_id}:{context}"));
        claims.insert("repository_id".to_owned(), BTreeSet::from([repository_id.to_owned()]));
        claims.insert("repository_owner_id".to_owned(), BTreeSet::from([owner_id.to_owned()]));
    }
    let described = format!("GitHub Actions, {repository}, {words}");
    Some(Tokens { issuer, audience: literal("sts.amazonaws.com")?, subjects, claims, described })
}

/// Who issues the tokens of GitHub: github.com, an enterprise of it, GHE.com, or a server.
fn github_issuer(cx: &mut Check<'_>, spec: &Located<CallerSpec>) -> Option<IssuerUrl> {
    const GITHUB: &str = "token.actions.githubusercontent.com";
    let CallerSpec { enterprise, host, .. } = &spec.value;
    match (enterprise.get(), host.get()) {
        (Some(_), Some(host)) => {
            let help = "`enterprise` is for an enterprise's own issuer at github.com, `host` for GHE.com or a server";
            cx.error(host.at, None, "`enterprise` and `host` name two issuers", help);
            None
        }
        (Some(slug), None) => literal(&format!("https://{GITHUB}/{}", slug.value)),
        (None, Some(host)) => match host.value.as_str().strip_suffix(".ghe.com") {
            Some(subdomain) => literal(&format!("https://token.actions.{subdomain}.ghe.com")),
            None => issuer_of(cx, host.value.as_str(), "/_services/token", host.at),
        },
        (None, None) => literal(&format!("https://{GITHUB}")),
    }
}

/// Both ids, where AWS compares them.
fn github_ids<'s>(
    cx: &mut Check<'_>,
    spec: &'s Located<CallerSpec>,
    issuer: Option<&IssuerUrl>,
) -> Option<(&'s NumericId, &'s NumericId)> {
    let CallerSpec { repository_id, owner_id, .. } = &spec.value;
    let is_broken = |field: &Field<NumericId>| field.get().is_none() && !field.is_absent();
    if is_broken(repository_id) || is_broken(owner_id) {
        return None;
    }
    let (repository, owner) = match (repository_id.get(), owner_id.get()) {
        (Some(repository), Some(owner)) => (repository, owner),
        (Some(one), None) | (None, Some(one)) => {
            let help = "`gh api repos/OWNER/NAME --jq '.id, .owner.id'` prints both";
            cx.error(one.at, None, "`repository_id` and `owner_id` belong together", help);
            return None;
        }
        (None, None) => return None,
    };
    let compares = issuer.is_some_and(|issuer| is_compared(issuer, "repository_id"));
    if issuer.is_some() && !compares {
        let message = "AWS does not compare IDs in this issuer's tokens, and their subjects have none";
        cx.error(repository.at, None, message, "leave `repository_id` and `owner_id` out");
        return None;
    }
    Some((&repository.value, &owner.value))
}

/// Whether AWS lists a claim as a condition key of an issuer.
fn is_compared(issuer: &IssuerUrl, claim: &str) -> bool {
    Issuer::of(&issuer.host().to_lowercase()).is_some_and(|known| known.keys.contains(&claim))
}

fn issuer_of(cx: &mut Check<'_>, host: &str, path: &str, at: Span) -> Option<IssuerUrl> {
    let url = IssuerUrl::of_host(&format!("{host}{path}"));
    url.map_err(|invalid| cx.error(at, invalid.id, invalid.message, invalid.help)).ok()
}

fn gitlab(cx: &mut Check<'_>, spec: &Located<CallerSpec>) -> Option<Tokens> {
    const HELP: &str = "give one of `branch`, `tag` and `environment`";
    let CallerSpec { project, project_id, environment, branch, tag, host, audience, .. } = &spec.value;
    let project = cx.required(project, "project", spec.at, "groups and name, as in `acme/infra`");
    let project = project.and_then(|project| match ProjectPath::parse(project.value.as_str()) {
        Ok(path) => Some(path),
        Err(invalid) => {
            cx.error(project.at, None, invalid.message, invalid.help);
            None
        }
    });
    let choices = [("environment", environment), ("branch", branch), ("tag", tag)];
    let one = the_one(cx, &choices, spec.at, false, HELP);
    let issuer = match host.get() {
        Some(host) => issuer_of(cx, host.value.as_str(), "", host.at),
        None => literal("https://gitlab.com"),
    };
    let (project, (key, name), issuer) = (project?, one?, issuer?);
    let context = match key {
        "environment" => format!("environment:{}", name.value),
        kind => format!("ref_type:{kind}:ref:{}", name.value),
    };
    let mut claims = BTreeMap::new();
    if let Some(id) = project_id.get() {
        if is_compared(&issuer, "project_id") {
            claims.insert("project_id".to_owned(), BTreeSet::from([id.value.as_str().to_owned()]));
        } else {
            let message = "AWS compares the project's ID for gitlab.com only";
            cx.error(id.at, None, message, "leave `project_id` out");
        }
    }
    let audience = match audience.value() {
        Some(audience) => audience.clone(),
        None => literal(issuer.as_str())?,
    };
    let described = format!("GitLab, {project}, {key} {}", name.value);
    let subjects = BTreeSet::from([format!("project_path:{project}:{context}")]);
    Some(Tokens { issuer, audience, subjects, claims, described })
}

fn hcp(cx: &mut Check<'_>, spec: &Located<CallerSpec>) -> Option<Tokens> {
    let CallerSpec { organization, project, workspace, run_phase, host, .. } = &spec.value;
    let organization =
        cx.required(organization, "organization", spec.at, "the organization's name at HCP Terraform");
    let project = cx.required(project, "project", spec.at, "the project that holds the workspace");
    let project = project.and_then(|project| match ProjectName::parse(project.value.as_str()) {
        Ok(name) => Some(name),
        Err(invalid) => {
            cx.error(project.at, None, invalid.message, invalid.help);
            None
        }
    });
    let help = "its name, or the beginning of several names and a `*`, as in `aws-*`";
    let workspace = cx.required(workspace, "workspace", spec.at, help);
    let issuer = match host.get() {
        Some(host) => issuer_of(cx, host.value.as_str(), "", host.at),
        None => literal("https://app.terraform.io"),
    };
    let (organization, project, workspace) = (&organization?.value, project?, &workspace?.value);
    let phases = match run_phase.value() {
        Some(phase) => vec![*phase],
        None => RunPhase::ALL.to_vec(),
    };
    let subject = |phase: &RunPhase| {
        format!("organization:{organization}:project:{project}:workspace:{workspace}:run_phase:{phase}")
    };
    let words = phases.iter().map(|phase| phase.as_str()).collect::<Vec<_>>().join(" and ");
    Some(Tokens {
        issuer: issuer?,
        audience: literal("aws.workload.identity")?,
        subjects: phases.iter().map(subject).collect(),
        claims: BTreeMap::new(),
        described: format!("HCP Terraform, {organization}/{project}/{workspace}, {words}"),
    })
}

fn oidc(cx: &mut Check<'_>, spec: &Located<CallerSpec>) -> Option<Tokens> {
    let CallerSpec { issuer, audience, subject, claims, .. } = &spec.value;
    let issuer = cx.required(issuer, "issuer", spec.at, "the URL of the provider, as its tokens name it");
    let audience = cx.required(audience, "audience", spec.at, "the audience that the tokens are issued for");
    let help = "the subjects of the tokens that may enter, each in full";
    let subject = cx.required(subject, "subject", spec.at, help);
    let (issuer, audience, subject) = (&issuer?.value, &audience?.value, &subject?.value);
    let known = Issuer::of(&issuer.host().to_lowercase());
    if is_built_in(&issuer.host().to_lowercase()) {
        let message = format!("AWS supports `{}` without an OIDC provider in the account", issuer.host());
        let help = "its principal is the host and no ARN, which no caller here can have: use tokens of another issuer";
        cx.error(spec.at, None, message, help);
    }
    for value in &subject.0 {
        refuse_anybody(cx, value.value.as_str(), value.at, known);
    }
    if subject.0.is_empty() {
        cx.error(spec.at, "CR080", "`subject` is empty, and nobody can enter", help);
    }
    let claims = lower_claims(cx, claims, known);
    let subjects: BTreeSet<String> = subject.0.iter().map(|value| value.value.to_string()).collect();
    let described =
        format!("{}, {}", issuer.host(), subjects.iter().cloned().collect::<Vec<_>>().join(" or "));
    Some(Tokens { issuer: issuer.clone(), audience: audience.clone(), subjects, claims, described })
}

/// A pattern that tokens of strangers have, too.
fn refuse_anybody(cx: &mut Check<'_>, pattern: &str, at: Span, known: Option<&Issuer>) {
    let is_open = pattern.chars().all(|c| c == '*');
    if is_open || pattern.contains('*') && matches!(whose(pattern, known), Whose::Anybodys) {
        let message = format!("`{pattern}` lets in anyone with a token of this issuer");
        let help = "name the owner in full, up to the character that ends it, as in `repo:acme/…`";
        cx.error(at, "CR081", message, help);
    }
}

fn lower_claims(
    cx: &mut Check<'_>,
    field: &Field<BTreeMap<String, Located<OneOrMore>>>,
    known: Option<&Issuer>,
) -> BTreeMap<String, BTreeSet<String>> {
    let mut claims = BTreeMap::new();
    for (claim, values) in field.value().into_iter().flatten() {
        let compares =
            compared_everywhere(claim) || known.is_some_and(|known| known.keys.contains(&claim.as_str()));
        if ["aud", "sub"].contains(&claim.as_str()) {
            cx.error(
                values.at,
                None,
                format!("`{claim}` has a key of its own"),
                "use `audience` and `subject`",
            );
        } else if !compares {
            let message = format!("AWS does not compare the claim `{claim}` in this issuer's tokens");
            let help = "a condition on it would never hold; see \"Available keys for AWS OIDC federation\" in the IAM User Guide";
            cx.error(values.at, "CR088", message, help);
        } else {
            let values = values.value.0.iter().map(|value| value.value.to_string()).collect();
            claims.insert(claim.clone(), values);
        }
    }
    claims
}
