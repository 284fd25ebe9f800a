//! The judge, judged: under a right trust policy for each issuer it agrees with every token's label.
//!
//! The policies are written out, so that a mistake in what makes up tokens cannot be in them as well.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::context::{Request, request};
use super::{Caller, Case, Job, Project, Repository, Token, Workload, Workspace, disagreements, tokens};

pub(super) const ROLE: &str = "arn:aws:iam::111111111111:role/ci";
pub(super) const GITHUB: &str = "token.actions.githubusercontent.com";

/// A workload, and a trust policy for it.
type Known = (&'static str, Box<dyn Caller>, Value);

/// A trust policy with one statement: who its provider is, and what else has to be.
pub(super) fn trust(provider: &str, condition: &Value) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"Federated": format!("arn:aws:iam::111111111111:oidc-provider/{provider}")},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": condition,
        }],
    })
}

fn repository(issuer: &'static str, job: Job<'static>) -> Repository<'static> {
    Repository { issuer, owner: "acme", name: "infra", ids: Some(("8261", "730914")), job }
}

pub(super) fn github() -> Repository<'static> {
    repository("https://token.actions.githubusercontent.com", Job::Environment("production"))
}

pub(super) fn workspace() -> Workspace<'static> {
    Workspace {
        issuer: "https://app.terraform.io",
        organization: "acme",
        project: "network",
        name: "aws-prod",
        phases: &["apply"],
    }
}

/// Workloads of every issuer with the trust policy that each of them should have.
fn right() -> Vec<Known> {
    let mut right = of_github();
    right.extend(of_gitlab());
    right.extend(of_terraform());
    right.extend(of_others());
    right
}

fn of_github() -> Vec<Known> {
    let with_ids = |provider: &str, operator: &str, end: &str| {
        let (name, ids) = (format!("repo:acme/infra:{end}"), format!("repo:acme@8261/infra@730914:{end}"));
        let mut condition = json!({"StringEquals": {
            format!("{provider}:aud"): "sts.amazonaws.com",
            format!("{provider}:repository_id"): "730914", format!("{provider}:repository_owner_id"): "8261",
        }});
        condition[operator][format!("{provider}:sub")] = json!([name, ids]);
        trust(provider, &condition)
    };
    let enterprise = repository("https://token.actions.githubusercontent.com/acme-corp", Job::Branch("main"));
    let ghe = repository("https://token.actions.acme.ghe.com", Job::Tag("v*"));
    let encoded = repository("https://token.actions.githubusercontent.com", Job::Environment("prod:eu"));
    let reviews = repository("https://token.actions.githubusercontent.com", Job::PullRequest);
    let releases = repository("https://token.actions.githubusercontent.com", Job::Branch("release/*"));
    let nameless =
        Repository { ids: None, ..repository("https://token.actions.githubusercontent.com", Job::Tag("v1")) };
    let server = "github.example.com/_services/token";
    let own_server = Repository {
        ids: None,
        ..repository("https://github.example.com/_services/token", Job::Branch("main"))
    };
    let by_name = |provider: &str, subject: &str| {
        trust(
            provider,
            &json!({"StringEquals": {
                format!("{provider}:aud"): "sts.amazonaws.com", format!("{provider}:sub"): subject,
            }}),
        )
    };
    vec![
        ("github.com", Box::new(github()), with_ids(GITHUB, "StringEquals", "environment:production")),
        (
            "github.com, a name with a colon",
            Box::new(encoded),
            with_ids(GITHUB, "StringEquals", "environment:prod%3Aeu"),
        ),
        ("github.com, pull requests", Box::new(reviews), with_ids(GITHUB, "StringEquals", "pull_request")),
        (
            "github.com, branches",
            Box::new(releases),
            with_ids(GITHUB, "StringLike", "ref:refs/heads/release/*"),
        ),
        ("github.com, no ids", Box::new(nameless), by_name(GITHUB, "repo:acme/infra:ref:refs/tags/v1")),
        (
            "an enterprise",
            Box::new(enterprise),
            with_ids("token.actions.githubusercontent.com/acme-corp", "StringEquals", "ref:refs/heads/main"),
        ),
        ("GHE.com", Box::new(ghe), with_ids("token.actions.acme.ghe.com", "StringLike", "ref:refs/tags/v*")),
        ("a server of GitHub", Box::new(own_server), by_name(server, "repo:acme/infra:ref:refs/heads/main")),
    ]
}

fn of_gitlab() -> Vec<Known> {
    let project =
        |issuer, audience, id, job| Project { issuer, path: "acme/platform/infra", id, audience, job };
    let com = project("https://gitlab.com", "https://gitlab.com", Some("20514"), Job::Branch("main"));
    let environment = Project { job: Job::Environment("production"), ..com.clone() };
    let own = project("https://git.example.com", "aws", None, Job::Tag("v*"));
    let by_id = |end: &str| {
        trust(
            "gitlab.com",
            &json!({"StringEquals": {
                "gitlab.com:aud": "https://gitlab.com", "gitlab.com:project_id": "20514",
                "gitlab.com:sub": format!("project_path:acme/platform/infra:{end}"),
            }}),
        )
    };
    let like = json!({
        "StringEquals": {"git.example.com:aud": "aws"},
        "StringLike": {"git.example.com:sub": "project_path:acme/platform/infra:ref_type:tag:ref:v*"},
    });
    vec![
        ("gitlab.com", Box::new(com), by_id("ref_type:branch:ref:main")),
        ("gitlab.com, an environment", Box::new(environment), by_id("environment:production")),
        ("a server of GitLab", Box::new(own), trust("git.example.com", &like)),
    ]
}

fn of_terraform() -> Vec<Known> {
    let many = Workspace {
        issuer: "https://tfe.example.com",
        name: "aws-*",
        phases: &["plan", "apply"],
        ..workspace()
    };
    let exact = json!({"StringEquals": {
        "app.terraform.io:aud": "aws.workload.identity",
        "app.terraform.io:sub": "organization:acme:project:network:workspace:aws-prod:run_phase:apply",
    }});
    let like = json!({
        "StringEquals": {"tfe.example.com:aud": "aws.workload.identity"},
        "StringLike": {"tfe.example.com:sub": [
            "organization:acme:project:network:workspace:aws-*:run_phase:plan",
            "organization:acme:project:network:workspace:aws-*:run_phase:apply",
        ]},
    });
    vec![
        ("HCP Terraform", Box::new(workspace()), trust("app.terraform.io", &exact)),
        ("Terraform Enterprise", Box::new(many), trust("tfe.example.com", &like)),
    ]
}

fn of_others() -> Vec<Known> {
    let cluster = Workload {
        issuer: "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE",
        audience: "sts.amazonaws.com",
        subjects: &["system:serviceaccount:infra:terraform", "system:serviceaccount:infra:terraform-plan"],
        claims: &[],
    };
    let pipeline = Workload {
        issuer: "https://agent.buildkite.com",
        audience: "sts.amazonaws.com",
        subjects: &["organization:acme:pipeline:infra:ref:refs/heads/main:commit:*:step:deploy"],
        claims: &[
            ("organization_id", &["0184990a-477b-4fa8-9968-496074483cee"]),
            (
                "pipeline_id",
                &["0184990a-4782-42b5-afc1-16715b10b8ff", "0184990a-4782-42b5-afc1-16715b10b900"],
            ),
        ],
    };
    let key =
        |key: &str| format!("oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE{key}");
    let exact = json!({"StringEquals": {
        key(":aud"): "sts.amazonaws.com",
        key(":sub"): ["system:serviceaccount:infra:terraform", "system:serviceaccount:infra:terraform-plan"],
    }});
    let with_ids = json!({
        "StringEquals": {
            "agent.buildkite.com:aud": "sts.amazonaws.com",
            "agent.buildkite.com:organization_id": "0184990a-477b-4fa8-9968-496074483cee",
            "agent.buildkite.com:pipeline_id":
                ["0184990a-4782-42b5-afc1-16715b10b8ff", "0184990a-4782-42b5-afc1-16715b10b900"],
        },
        "StringLike": {"agent.buildkite.com:sub":
            "organization:acme:pipeline:infra:ref:refs/heads/main:commit:*:step:deploy"},
    });
    vec![
        ("a cluster", Box::new(cluster), trust(&key(""), &exact)),
        ("Buildkite", Box::new(pipeline), trust("agent.buildkite.com", &with_ids)),
    ]
}

#[test]
fn tokens_are_of_many_kinds_and_always_the_same() {
    let mut kinds = BTreeSet::new();
    for (what, caller, _) in right() {
        let made_up = tokens(&*caller, 3);
        assert_eq!(made_up, tokens(&*caller, 3), "{what}");
        assert_ne!(made_up, tokens(&*caller, 4), "{what}");
        let own = made_up.iter().filter(|token| token.is_right).count();
        assert!(own >= 50 && made_up.len() - own >= 150, "{what}: {own} of {}", made_up.len());
        kinds.extend(made_up.into_iter().map(|token| token.why));
    }
    assert!(kinds.len() >= 80, "{} kinds: {kinds:#?}", kinds.len());
}

/// Whatever the names are, no two labels contradict each other.
#[test]
fn tokens_can_be_made_up_for_any_names() {
    for name in ["a", "7", "A.B_c", "prod é", "x*", "*", "a*b*"] {
        let plain = name.replace('*', "x");
        for job in [Job::Branch(name), Job::Tag(name), Job::Environment(name)] {
            let issuer = "https://token.actions.githubusercontent.com";
            let (owner, ids) = (&*plain, Some(("1", "2")));
            tokens(&Repository { issuer, owner, name: &plain, ids, job: job.clone() }, 6);
            let path = format!("{plain}/{plain}");
            let (issuer, audience) = ("https://gitlab.com", &*plain);
            tokens(&Project { issuer, path: &path, id: Some("1"), audience, job }, 6);
        }
        let (issuer, organization, project) = ("https://app.terraform.io", &*plain, &*plain);
        tokens(&Workspace { issuer, organization, project, name, phases: &["plan"] }, 6);
        let (subject, value) = (format!("user/{name}/{plain}-z"), [&*plain]);
        let (subjects, claims) = ([&*subject], [("email", &value[..])]);
        let issuer = "https://id.example.com/a";
        tokens(&Workload { issuer, audience: "B", subjects: &subjects, claims: &claims }, 6);
    }
}

#[test]
fn right_policies_let_in_whom_they_should_and_nobody_else() {
    let right = right();
    let made_up: Vec<Vec<Token>> = right.iter().map(|(_, caller, _)| tokens(&**caller, 1)).collect();
    let cases: Vec<Case<'_>> = right
        .iter()
        .zip(&made_up)
        .map(|((what, _, trust), tokens)| Case { what, role: ROLE, trust, tokens })
        .collect();
    let Some(disagreements) = disagreements(&cases) else { return };
    let first = disagreements.iter().take(9).cloned().collect::<Vec<_>>();
    assert!(disagreements.is_empty(), "{} tokens:\n{}", disagreements.len(), first.join("\n"));
}

/// What `explain --token` asks is what AWS is asked.
#[test]
fn the_program_makes_the_same_request_of_a_token() {
    for (what, caller, _) in right() {
        for token in tokens(&*caller, 5) {
            let text = Value::Object(token.claims.clone()).to_string();
            let read = crossrole::policy::Token::parse(&text).expect("a token");
            let Request { provider, context } = request(&token.claims);
            let lower = |(key, values): (&str, &[String])| (key.to_lowercase(), values.to_vec());
            let theirs: BTreeMap<String, Vec<String>> = read.context().iter().map(lower).collect();
            let ours: BTreeMap<String, Vec<String>> =
                context.iter().map(|(key, values)| lower((key, values))).collect();
            assert_eq!((read.issuer(), theirs), (&*provider, ours), "{what}: {token:?}");
        }
    }
}
