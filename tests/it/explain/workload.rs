//! `explain --token` with a spec: the roles in A that a token lets into, and the roles beyond them.

use serde_json::{Value, json};

use super::entries::SPEC;
use crate::support::{Case, Ran};

fn token(subject: &str) -> Value {
    json!({
        "iss": "https://token.actions.githubusercontent.com",
        "aud": "sts.amazonaws.com",
        "sub": subject,
        "repository_id": "123456",
        "repository_owner_id": "7890",
        "jti": "a secret of mine",
    })
}

fn ask(case: &Case, token: &Value, more: &[&str]) -> Ran {
    case.write("token", token.to_string());
    case.run(&[&["explain", "--token", "token"], more].concat())
}

/// The callers by id: whether the token is theirs, and the roles of targets that may be assumed.
fn callers(json: &Value) -> Vec<(String, Value, Vec<String>)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let caller = |caller: &Value| {
        let roles = caller["roles"].as_array().expect("a list").iter();
        let roles = roles.filter(|role| role["decision"] == "allow").map(|role| text(&role["target"]));
        (text(&caller["caller"]), caller["decision"].clone(), roles.collect())
    };
    json["callers"].as_array().expect("a list").iter().map(caller).collect()
}

#[test]
fn a_token_leads_to_the_roles_of_its_caller() {
    let case = Case::new(SPEC);
    let row = |id: &str, decision: &str, roles: &[&str]| {
        (id.to_owned(), json!(decision), roles.iter().map(|role| (*role).to_owned()).collect())
    };
    for (subject, expected) in [
        (
            "repo:acme/infra:environment:production",
            [row("ci-apply", "allow", &["staging, role apply"]), row("ci-plan", "deny", &[])],
        ),
        (
            "repo:acme/infra:pull_request",
            [row("ci-apply", "deny", &[]), row("ci-plan", "allow", &["staging, role plan"])],
        ),
        ("repo:acme/infra:ref:refs/heads/main", [row("ci-apply", "deny", &[]), row("ci-plan", "deny", &[])]),
    ] {
        let json = ask(&case, &token(subject), &["--format", "json"]).exits(0).json();
        assert_eq!(callers(&json), expected, "{subject}");
        assert_eq!(json["ok"], true);
    }
}

#[test]
fn the_condition_that_failed_is_named_and_nothing_of_the_token() {
    let case = Case::new(SPEC);
    let ran = ask(&case, &token("repo:acme/infra:pull_request"), &[]).exits(0);
    for text in [
        "with a token of `token.actions.githubusercontent.com`",
        "would be allowed with `sub` = `repo:acme/infra:environment:production`",
        "as arn:aws:iam::111111111111:role/platform-ci-plan",
        "can assume 1 of 2 roles",
        "signature and times",
    ] {
        assert!(ran.stdout.contains(text), "no `{text}`:\n{}", ran.stdout);
    }
    assert!(!ran.stdout.contains("a secret of mine"), "{}", ran.stdout);
    let nobody = ask(&case, &token("repo:evil/infra:pull_request"), &[]).exits(0);
    assert!(nobody.stdout.contains("lets into no role"), "{}", nobody.stdout);
    let mut other = token("project_path:acme/infra:ref_type:branch:ref:main");
    other["iss"] = json!("https://gitlab.com");
    let ran = ask(&case, &other, &[]).exits(0);
    assert!(ran.stdout.contains("no caller of the spec has tokens of `gitlab.com`"), "{}", ran.stdout);
}

/// The folder is judged as it stands.
#[test]
fn edits_count_and_what_is_not_known_is_said() {
    let case = Case::generated(SPEC);
    case.edit(
        "source/callers/ci-plan.json",
        "\"repo:acme/infra:pull_request\"",
        "[\"repo:acme/infra:pull_request\", \"repo:evil/x:pull_request\"]",
    );
    let json = ask(&case, &token("repo:evil/x:pull_request"), &["--format", "json"]).exits(0).json();
    let plan = &json["callers"][1];
    assert_eq!((&plan["caller"], &plan["decision"]), (&json!("ci-plan"), &json!("allow")), "{json:#}");
    assert_eq!(plan["answers"][0]["file"], "source/callers/ci-plan.json");
    let broken =
        "resource \"aws_iam_role\" \"ci_plan\" {\n  assume_role_policy = var.x\n}\n\nvariable \"x\" {}\n";
    case.write("source/x_override.tf", broken);
    let json = ask(&case, &token("repo:evil/x:pull_request"), &["--format", "json"]).exits(2).json();
    assert_eq!(json["ok"], false);
}

#[test]
fn what_says_nothing_is_refused() {
    let case = Case::new(SPEC);
    let token = token("repo:acme/infra:pull_request");
    ask(&case, &token, &["--action", "sts:AssumeRole"]).exits(64).says("`--action` says nothing");
    ask(&case, &token, &["--policy", "token"]).exits(64).says("does not say which role has it");
    ask(&case, &token, &["--terraform", "."]).exits(64);
    case.run(&["explain", "-f", "-", "--token", "-"]).exits(64).says("cannot both be read from stdin");
    ask(&case, &json!("no token"), &[]).exits(1);
    let one = ask(&case, &token, &["--target", "staging", "--context", "aws:SourceIp=203.0.113.7"]).exits(0);
    assert!(one.stdout.contains("can assume 1 of 2 roles"), "{}", one.stdout);
}
