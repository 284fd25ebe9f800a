//! What is found about trust policies of one statement, each kind of weakness beside what is right: `trust.yaml`.

use std::collections::BTreeSet;

use crossrole::diagnostic::{Level, Source};
use crossrole::lint;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{findings, ids};
use crate::support::temporary;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    name: String,
    #[serde(default)]
    effect: Option<String>,
    #[serde(default)]
    principal: Value,
    #[serde(default)]
    action: Option<Value>,
    #[serde(default)]
    condition: Map<String, Value>,
    #[serde(default)]
    oidc: Option<String>,
    #[serde(default)]
    claims: Map<String, Value>,
    found: BTreeSet<String>,
}

impl Example {
    fn policy(&self) -> Value {
        let mut condition = self.condition.clone();
        let mut principal = self.principal.clone();
        if let Some(host) = &self.oidc {
            principal = json!({ "Federated": format!("arn:aws:iam::222222222222:oidc-provider/{host}") });
            let claims = self.claims.iter().map(|(claim, value)| (format!("{host}:{claim}"), value.clone()));
            let claims: Map<String, Value> = claims.collect();
            if !claims.is_empty() {
                condition.insert("StringLike".to_owned(), Value::Object(claims));
            }
        }
        let usual = if self.oidc.is_some() { "sts:AssumeRoleWithWebIdentity" } else { "sts:AssumeRole" };
        let mut statement = json!({
            "Effect": self.effect.as_deref().unwrap_or("Allow"),
            "Principal": principal,
            "Action": self.action.clone().unwrap_or_else(|| json!(usual)),
        });
        if !condition.is_empty() {
            statement["Condition"] = Value::Object(condition);
        }
        json!({ "Version": "2012-10-17", "Statement": [statement] })
    }

    fn found(&self) -> BTreeSet<String> {
        let source = Source::new("policy.json", self.policy().to_string());
        let report = lint::policy(&source).expect("a policy");
        let told = report.findings.iter().filter(|finding| finding.diagnostic.level != Level::Note);
        let ids = told.filter_map(|finding| finding.diagnostic.id);
        ids.filter(|id| !["CR013", "CR018"].contains(id)).map(ToString::to_string).collect()
    }
}

#[test]
fn each_kind_is_told_from_what_is_right() {
    let examples: Vec<Example> = serde_yaml::from_str(include_str!("trust.yaml")).expect("examples");
    assert!(examples.len() > 90, "{} examples", examples.len());
    let mut wrong = Vec::new();
    for example in &examples {
        let found = example.found();
        if found != example.found {
            wrong.push(format!("{}: {found:?}, and not {:?}", example.name, example.found));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// What lets everybody in, and shuts out whoever is not of an account or organization that is named.
#[test]
fn a_deny_for_all_but_some_names_them() {
    for (condition, is_found) in [
        (r#"{"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}"#, false),
        (r#"{"StringNotEqualsIfExists": {"aws:PrincipalAccount": "111111111111"}}"#, false),
        (r#"{"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:*"}}"#, false),
        (r#"{"StringNotLike": {"aws:PrincipalOrgID": "o-*"}}"#, true),
        (r#"{"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ci"}}"#, true),
        (r#"{"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}"#, true),
        (r#"{"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:PrincipalTag/x": "y"}}"#, true),
    ] {
        let policy = format!(
            r#"{{"Version": "2012-10-17", "Statement": [
                {{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}},
                {{"Effect": "Deny", "Principal": "*", "Action": "sts:*", "Condition": {condition}}}]}}"#
        );
        let report = lint::policy(&Source::new("policy.json", policy)).expect("a policy");
        let found = report.findings.iter().any(|finding| finding.diagnostic.id == Some("CR010"));
        assert_eq!(found, is_found, "{condition}");
    }
}

/// What stands in Terraform and is known in part is judged by that part.
#[test]
fn what_is_known_in_part_is_judged_by_that_part() {
    let role = |principal: &str, action: &str, condition: &str| {
        format!(
            r#"variable "other" {{}}
resource "aws_iam_openid_connect_provider" "github" {{
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}}
data "aws_iam_policy_document" "trust" {{
  statement {{
    actions = ["sts:{action}"]
    principals {{
{principal}
    }}
{condition}
  }}
}}
resource "aws_iam_role" "r" {{
  name               = "r"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}}
"#
        )
    };
    let aws = |arn: &str| format!("      type = \"AWS\"\n      identifiers = [\"{arn}\"]");
    let test = |test: &str, variable: &str, value: &str| {
        format!(
            "    condition {{\n      test = \"{test}\"\n      variable = \"{variable}\"\n      values = [{value}]\n    }}"
        )
    };
    let github =
        "      type = \"Federated\"\n      identifiers = [aws_iam_openid_connect_provider.github.arn]";
    let sub = |value: &str| test("StringLike", "token.actions.githubusercontent.com:sub", value);
    let aud = test("StringEquals", "token.actions.githubusercontent.com:aud", "\"sts.amazonaws.com\"");
    let star = "      type = \"*\"\n      identifiers = [\"arn:aws:iam::111111111111:root\"]";
    for (name, text, wanted) in [
        ("an account", role(&aws("arn:aws:iam::${var.other}:root"), "AssumeRole", ""), &["CR011"][..]),
        ("a role of it", role(&aws("arn:aws:iam::${var.other}:role/ci"), "AssumeRole", ""), &[]),
        (
            "a variable of IAM",
            role(
                &aws("111111111111"),
                "AssumeRole",
                &test("StringEquals", "sts:ExternalId", "\"&{aws:PrincipalTag/Id}\""),
            ),
            &[],
        ),
        (
            "any repository",
            role(github, "AssumeRoleWithWebIdentity", &[aud.clone(), sub("\"repo:*\"")].join("\n")),
            &["CR081"],
        ),
        (
            "one branch",
            role(
                github,
                "AssumeRoleWithWebIdentity",
                &[aud.clone(), sub("\"repo:acme@1/app@2:ref:refs/heads/main\"")].join("\n"),
            ),
            &[],
        ),
        ("no subject", role(github, "AssumeRoleWithWebIdentity", &aud), &["CR080"]),
        ("a star with an account", role(star, "AssumeRole", ""), &["CR100"]),
        (
            "everybody of an account that only a run would show",
            role(&aws("*"), "AssumeRole", &test("StringEquals", "aws:PrincipalAccount", "var.other")),
            &[],
        ),
    ] {
        let folder = temporary();
        std::fs::write(folder.path().join("main.tf"), text).expect("written");
        let found: Vec<String> =
            ids(&findings(folder.path(), ".")).into_iter().filter(|id| id != "CR013").collect();
        assert_eq!(found, wanted, "{name}");
    }
}
