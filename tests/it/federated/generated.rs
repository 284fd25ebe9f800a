//! The trust policies that the program generates for federated callers are those that are published for each platform, and let
//! in whom they should and nobody else.

use std::collections::{BTreeMap, BTreeSet};

use hcl_edit::structure::Body;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Caller, Case, Job, Project, Repository, Token, Workload, Workspace, disagreements, tokens};
use crate::support::Case as Folder;

const GITHUB: &str = "https://token.actions.githubusercontent.com";
/// The ids of the owner and of the repository.
const IDS: Option<(&str, &str)> = Some(("8261", "730914"));

/// A caller of a spec, and what is published of its platform.
#[derive(Debug, Deserialize)]
struct Published {
    caller: Value,
    url: String,
    client_id: String,
    condition: Value,
}

impl Published {
    fn all() -> Vec<Self> {
        serde_yaml::from_str(include_str!("published.yaml")).expect("a list of callers")
    }

    fn id(&self) -> &str {
        self.caller["id"].as_str().expect("every caller has an id")
    }

    /// The trust policy of the role that it enters through.
    fn trust_policy(&self) -> Value {
        let provider = self.url.strip_prefix("https://").expect("a URL");
        json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Sid": "AssumeRoleWithWebIdentity",
                "Effect": "Allow",
                "Principal": {"Federated": format!("arn:aws:iam::111111111111:oidc-provider/{provider}")},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": self.condition,
            }],
        })
    }
}

/// A folder in which a spec with all these callers has been generated.
fn generated(all: &[Published]) -> Folder {
    let callers: Vec<&Value> = all.iter().map(|published| &published.caller).collect();
    let spec = json!({
        "version": 1,
        "source": {"account_id": "111111111111", "callers": callers},
        "targets": [{"name": "staging", "account_id": "222222222222"}],
    });
    Folder::generated(&spec.to_string())
}

fn trust_policy(folder: &Folder, published: &Published) -> Value {
    let path = format!("source/callers/{}.json", published.id());
    serde_json::from_str(&folder.read(&path)).expect("policies are JSON")
}

/// The same workloads, described to whoever makes up tokens.
fn workload(id: &str) -> Box<dyn Caller> {
    let (platform, what) = id.split_once('-').unwrap_or((id, ""));
    match platform {
        "github" | "enterprise" | "ghe" => Box::new(repository(id)),
        "gitlab" => Box::new(project(what)),
        "hcp" | "terraform" => Box::new(workspace(id)),
        _ => Box::new(other(id)),
    }
}

fn repository(id: &str) -> Repository<'static> {
    let of = |issuer, ids, job| Repository { issuer, owner: "acme", name: "infra", ids, job };
    match id {
        "github-environment" => of(GITHUB, IDS, Job::Environment("production")),
        "github-environment-alone" => of(GITHUB, None, Job::Environment("production")),
        "github-colon" => of(GITHUB, IDS, Job::Environment("prod: eu")),
        "github-branch" => of(GITHUB, IDS, Job::Branch("main")),
        "github-branches" => of(GITHUB, None, Job::Branch("release/*")),
        "github-tags" => of(GITHUB, IDS, Job::Tag("v*")),
        "github-tag" => of(GITHUB, None, Job::Tag("v1")),
        "github-reviews" => of(GITHUB, IDS, Job::PullRequest),
        "github-reviews-alone" => of(GITHUB, None, Job::PullRequest),
        "enterprise" => of("https://token.actions.githubusercontent.com/acme-corp", IDS, Job::Branch("main")),
        "ghe-com" => of("https://token.actions.acme.ghe.com", IDS, Job::Environment("production")),
        "github-server" => of("https://github.example.com/_services/token", None, Job::Branch("main")),
        other => panic!("{other} is not described"),
    }
}

fn project(what: &str) -> Project<'static> {
    let com = |id, job| Project {
        issuer: "https://gitlab.com",
        path: "acme/platform/infra",
        id,
        audience: "https://gitlab.com",
        job,
    };
    let server = |issuer, audience, job| Project { issuer, path: "acme/infra", id: None, audience, job };
    match what {
        "branch" => com(Some("20514"), Job::Branch("main")),
        "tags" => com(Some("20514"), Job::Tag("v*")),
        "environment" => com(Some("20514"), Job::Environment("production")),
        "by-path" => com(None, Job::Branch("main")),
        "server" => server("https://git.example.com", "https://git.example.com", Job::Tag("v1")),
        "audience" => server("https://gitlab.example.org", "sts.amazonaws.com", Job::Branch("main")),
        other => panic!("{other} is not described"),
    }
}

fn workspace(id: &str) -> Workspace<'static> {
    let hcp = |name, phases| Workspace {
        issuer: "https://app.terraform.io",
        organization: "acme",
        project: "Platform Team",
        name,
        phases,
    };
    match id {
        "hcp-apply" => hcp("aws-prod", &["apply"]),
        "hcp-plan" => hcp("aws-*", &["plan"]),
        "hcp-both" => hcp("aws-prod", &["plan", "apply"]),
        "hcp-all" => hcp("aws-*", &["plan", "apply"]),
        "terraform-enterprise" => {
            Workspace { issuer: "https://tfe.example.com", project: "network", ..hcp("aws-*", &["apply"]) }
        }
        other => panic!("{other} is not described"),
    }
}

fn other(id: &str) -> Workload<'static> {
    let of = |issuer, audience, subjects| Workload { issuer, audience, subjects, claims: &[] };
    match id {
        "buildkite" => Workload {
            claims: &[
                ("organization_id", &["0184990a-477b-4fa8-9968-496074483cee"]),
                (
                    "pipeline_id",
                    &["0184990a-4782-42b5-afc1-16715b10b8ff", "0184990a-4782-42b5-afc1-16715b10b900"],
                ),
            ],
            ..of(
                "https://agent.buildkite.com",
                "sts.amazonaws.com",
                &["organization:acme:pipeline:infra:ref:refs/heads/main:commit:*"],
            )
        },
        "cluster" => of(
            "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE",
            "sts.amazonaws.com",
            &["system:serviceaccount:infra:terraform", "system:serviceaccount:infra:terraform-plan"],
        ),
        "spacelift" => of(
            "https://acme.app.spacelift.io",
            "acme.app.spacelift.io",
            &["space:infra-01:stack:network:run_type:*:scope:write"],
        ),
        "env-zero" => {
            of("https://login.app.env0.com/", "hoMiq9PdkRh9LUvVpH4wIErWg50VSG1b", &["auth0|6127a0b9c5d4e3f2"])
        }
        "bitbucket" => of(
            "https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc",
            "ari:cloud:bitbucket::workspace/2f7d1c1a-0b51-4b57-9a50-8c4d54c9a3b1",
            &["{9bd2a5bf-0c3c-4a4f-b9a5-2a7c9f8e7d10}:{5e2f0b9d-77c1-4d0e-8b1c-6a1f0b7d3c22}:*"],
        ),
        other => panic!("{other} is not described"),
    }
}

#[test]
fn generated_policies_are_what_is_published() {
    let all = Published::all();
    let folder = generated(&all);
    for published in &all {
        assert_eq!(trust_policy(&folder, published), published.trust_policy(), "{}", published.id());
    }
}

/// Each issuer is one provider, to which every audience of its callers is known.
#[test]
fn generated_providers_are_what_is_published() {
    let all = Published::all();
    let mut wanted = BTreeMap::<&str, BTreeSet<&str>>::new();
    for published in &all {
        wanted.entry(&published.url).or_default().insert(&published.client_id);
    }
    let body: Body = generated(&all).read("source/callers.tf").parse().expect("Terraform");
    let kind = "aws_iam_openid_connect_provider";
    let providers = body.blocks().filter(|block| block.labels.first().is_some_and(|it| it.as_str() == kind));
    let value = |provider: &Body, name: &str| provider.get_attribute(name).expect(name).value.clone();
    let found: Vec<(String, BTreeSet<String>)> = providers
        .map(|provider| {
            let url = value(&provider.body, "url").as_str().expect("a text").to_owned();
            let ids = value(&provider.body, "client_id_list");
            let ids = ids.as_array().expect("a list").iter();
            (url, ids.map(|id| id.as_str().expect("a text").to_owned()).collect())
        })
        .collect();
    let is_same = found.iter().map(|(url, ids)| (&**url, ids.iter().map(|id| &**id).collect())).eq(wanted);
    assert!(is_same, "{found:#?}");
}

#[test]
fn generated_policies_let_in_whom_they_should_and_nobody_else() {
    let all = Published::all();
    let folder = generated(&all);
    let made_up: Vec<(Value, Vec<Token>)> = all
        .iter()
        .map(|published| (trust_policy(&folder, published), tokens(&*workload(published.id()), 7)))
        .collect();
    let cases: Vec<(String, &(Value, Vec<Token>))> = all
        .iter()
        .map(|published| format!("arn:aws:iam::111111111111:role/crossrole-{}", published.id()))
        .zip(&made_up)
        .collect();
    let cases: Vec<Case<'_>> =
        cases.iter().map(|(role, (trust, tokens))| Case { what: role, role, trust, tokens }).collect();
    let Some(disagreements) = disagreements(&cases) else { return };
    let first = disagreements.iter().take(9).cloned().collect::<Vec<_>>();
    assert!(disagreements.is_empty(), "{} tokens:\n{}", disagreements.len(), first.join("\n"));
}
