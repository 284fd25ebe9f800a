//! The judge, judged: under trust policies that are met and should not be, it says who gets in, and who is kept out.

use serde_json::{Value, json};

use super::right::{GITHUB, ROLE, github, trust, workspace};
use super::{Caller, Case, disagreements, tokens};

/// A trust policy, with some of the tokens about which it is wrong.
type Wrong = (&'static str, Value, &'static [&'static str]);

/// For a repository's environment.
fn of_github() -> Vec<Wrong> {
    let by_name = "repo:acme/infra:environment:production";
    let of = |operator: &str, key: &str, value: &str| {
        let mut condition = json!({"StringEquals": {format!("{GITHUB}:aud"): "sts.amazonaws.com"}});
        condition[operator][format!("{GITHUB}:{key}")] = json!(value);
        trust(GITHUB, &condition)
    };
    let optional = json!({
        "StringEqualsIfExists": {format!("{GITHUB}:aud"): "sts.amazonaws.com"},
        "StringEquals": {format!("{GITHUB}:sub"): by_name},
    });
    vec![
        (
            "an audience alone",
            of("StringEquals", "aud", "sts.amazonaws.com"),
            &[
                "a fork",
                "a fork's pull request",
                "no subject",
                "both names used again",
                "nothing but an audience",
            ],
        ),
        (
            "an owner without its end",
            of("StringLike", "sub", "repo:acme*"),
            &[
                "the owner's name with the repository's in it",
                "another repository of the owner",
                "a pull request",
            ],
        ),
        (
            "names alone",
            of("StringEquals", "sub", by_name),
            &["its own", "both names used again", "no id of the owner"],
        ),
        (
            "any ids",
            of("StringLike", "sub", "repo:acme@*/infra@*:environment:production"),
            &["its own", "names used again, with their new ids"],
        ),
        (
            "a subject in any case",
            of("StringEqualsIgnoreCase", "sub", by_name),
            &["a subject in capitals", "the environment in other case"],
        ),
        (
            "an id alone",
            of("StringEquals", "repository_id", "730914"),
            &["a pull request", "another environment", "no subject"],
        ),
        ("an audience that may be missing", trust(GITHUB, &optional), &["no audience"]),
        ("a star that is compared", of("StringEquals", "sub", "repo:acme/infra:*"), &["its own"]),
    ]
}

/// For the runs of a workspace that apply.
fn of_terraform() -> Vec<Wrong> {
    let of = |subject: &str| {
        let condition = json!({
            "StringEquals": {"app.terraform.io:aud": "aws.workload.identity"},
            "StringLike": {"app.terraform.io:sub": subject},
        });
        trust("app.terraform.io", &condition)
    };
    vec![
        (
            "an organization",
            of("organization:acme:*"),
            &["a Stack", "a test of a module", "another phase", "the workspace in another project"],
        ),
        (
            "a workspace in any project",
            of("organization:acme:project:*:workspace:aws-prod:run_phase:*"),
            &["another phase", "the workspace in another project", "a project whose name is like it"],
        ),
    ]
}

#[test]
fn what_wrong_policies_let_in_is_seen() {
    let callers: [(&dyn Caller, Vec<Wrong>); 2] = [(&github(), of_github()), (&workspace(), of_terraform())];
    let callers = callers.map(|(caller, wrong)| (tokens(caller, 2), wrong));
    let mut cases = Vec::new();
    for (tokens, wrong) in &callers {
        cases.extend(wrong.iter().map(|(what, trust, _)| Case { what, role: ROLE, trust, tokens }));
    }
    let Some(disagreements) = disagreements(&cases) else { return };
    for (what, _, wanted) in callers.iter().flat_map(|(_, wrong)| wrong) {
        for why in *wanted {
            let is_of =
                |one: &&String| one.starts_with(&format!("{what}: ")) && one.contains(&format!("({why})"));
            assert!(disagreements.iter().any(|one| is_of(&one)), "{what}: nothing is said of {why}");
        }
    }
}
