//! What AWS makes of a token: the provider that asks, and the condition keys.

use std::collections::BTreeMap;

use serde_json::Value;

use super::token::Claims;

/// Claims that AWS compares of every issuer's tokens, beside the audience.
///
/// Source: "Available keys for AWS OIDC federation" (IAM User Guide).
const OF_EVERY_ISSUER: &[&str] = &["amr", "email", "sub"];
/// Those of GitHub's issuers alone.
const OF_GITHUB: &[&str] = &[
    "actor",
    "actor_id",
    "enterprise_id",
    "environment",
    "job_workflow_ref",
    "ref",
    "repository",
    "repository_id",
    "repository_owner_id",
    "workflow",
];
const OF_GITLAB: &[&str] = &[
    "namespace_id",
    "pipeline_source",
    "project_id",
    "ref_protected",
    "runner_environment",
    "user_access_level",
    "user_email",
    "user_id",
    "user_login",
];
const OF_BUILDKITE: &[&str] = &[
    "build_branch",
    "cluster_id",
    "cluster_name",
    "organization_id",
    "organization_slug",
    "pipeline_id",
    "pipeline_slug",
];

/// A request with a token, as far as a trust policy can tell it from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Request {
    /// The issuer's URL without `https://`.
    pub(super) provider: String,
    /// Texts by condition key.
    pub(super) context: BTreeMap<String, Vec<String>>,
}

/// The request that a token makes.
pub(super) fn request(claims: &Claims) -> Request {
    let issuer = claims.get("iss").and_then(Value::as_str).unwrap_or_default();
    let provider = issuer.trim_start_matches("https://").to_owned();
    let mut context = BTreeMap::new();
    let mut add = |key: &str, claim: &str| {
        let values = claims.get(claim).map(texts).unwrap_or_default();
        if !values.is_empty() {
            context.insert(format!("{provider}:{key}"), values);
        }
    };
    for claim in OF_EVERY_ISSUER.iter().chain(of_issuer(&provider)) {
        add(claim, claim);
    }
    // The audience is the authorized party, where the token names one, and its own list has a key of its own.
    add("aud", if claims.contains_key("azp") { "azp" } else { "aud" });
    add("oaud", "aud");
    Request { provider, context }
}

/// Claims that AWS compares of one issuer's tokens alone.
fn of_issuer(provider: &str) -> &'static [&'static str] {
    const GITHUB: &str = "token.actions.githubusercontent.com";
    let is_enterprise = provider.strip_prefix(GITHUB).is_some_and(|rest| {
        rest.is_empty() || rest.strip_prefix('/').is_some_and(|slug| !slug.contains('/'))
    });
    let is_ghe = provider.strip_prefix("token.actions.").and_then(|rest| rest.strip_suffix(".ghe.com"));
    if is_enterprise || is_ghe.is_some_and(|subdomain| !subdomain.contains(['.', '/'])) {
        return OF_GITHUB;
    }
    match provider {
        "gitlab.com" => OF_GITLAB,
        "agent.buildkite.com" => OF_BUILDKITE,
        _ => &[],
    }
}

/// The texts that a claim is compared by.
fn texts(claim: &Value) -> Vec<String> {
    match claim {
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Null | Value::Object(_) => Vec::new(),
        Value::Bool(_) | Value::Number(_) => vec![claim.to_string()],
    }
}

#[test]
fn a_request_has_what_aws_compares() {
    let claims = |value: Value| match value {
        Value::Object(claims) => claims,
        other => panic!("{other}"),
    };
    let github = |issuer: &str| {
        claims(serde_json::json!({
            "iss": issuer, "aud": "sts.amazonaws.com", "sub": "repo:acme/infra:ref:refs/heads/main",
            "repository_id": 12, "run_id": "7", "repository_owner": "acme",
        }))
    };
    for (issuer, is_known) in [
        ("https://token.actions.githubusercontent.com", true),
        ("https://token.actions.githubusercontent.com/acme", true),
        ("https://token.actions.acme.ghe.com", true),
        ("https://token.actions.githubusercontent.com/acme/x", false),
        ("https://github.example.com/_services/token", false),
    ] {
        let request = request(&github(issuer));
        assert_eq!(request.provider, issuer["https://".len()..]);
        let id = is_known.then(|| format!("{}:repository_id", request.provider));
        let keys = ["aud", "oaud", "sub"].map(|key| format!("{}:{key}", request.provider));
        let mut wanted: Vec<String> = keys.into_iter().chain(id).collect();
        wanted.sort();
        assert_eq!(request.context.keys().cloned().collect::<Vec<_>>(), wanted);
    }
    let gitlab = serde_json::json!({"iss": "https://gitlab.com", "aud": "a", "azp": "b", "sub": "s", "ref_protected": true});
    let context = request(&claims(gitlab)).context;
    let value = |key: &str| context[&format!("gitlab.com:{key}")].join(" ");
    assert_eq!(["aud", "oaud", "sub", "ref_protected"].map(value), ["b", "a", "s", "true"]);
}
