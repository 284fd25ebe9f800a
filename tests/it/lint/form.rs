//! A policy that IAM refuses: `lint` finds all of it where it stands, and whatever `explain` refuses.

use std::fs;

use crossrole::diagnostic::{Level, Source};
use crossrole::lint;
use crossrole::policy::evaluate::{Kind, Policy};
use crossrole::value;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{findings, lint};
use crate::effort::scaled;
use crate::support::temporary;

/// The ids of what is wrong with a form.
const FORM: [&str; 6] = ["CR012", "CR015", "CR069", "CR100", "CR101", "CR102"];

/// Everything that is wrong at once, each at the text that is.
#[test]
fn all_of_it_is_found_in_one_run_where_it_stands() {
    let policy = r#"{
  "Version": "2012-10-7",
  "Statement": [
    {"Sid": "A", "Effect": "Alow", "Principal": {"AWS": "111111111111"}, "Action": "sts:AssumeRole"},
    {"Sid": "A", "Effect": "Allow", "Principle": {"AWS": "111111111111"}, "Action": "sts:AssumeRole",
     "Condition": {"StringEqual": {"sts:ExternalId": "x"}, "BoolIfExist": {"aws:SecureTransport": true}}},
    7
  ]
}
"#;
    let folder = temporary();
    fs::write(folder.path().join("trust.json"), policy).expect("a file");
    let found = findings(folder.path(), "trust.json");
    let errors = found.iter().filter(|found| found["level"] == "error");
    let places: Vec<(u64, u64, &str)> = errors
        .map(|found| {
            let number = |key: &str| found[key].as_u64().expect("a number");
            (number("line"), number("column"), found["id"].as_str().expect("an id"))
        })
        .collect();
    let expected = [
        (2, 14, "CR069"),
        (4, 28, "CR100"),
        (5, 5, "CR100"),
        (5, 13, "CR069"),
        (5, 37, "CR100"),
        (6, 20, "CR101"),
        (6, 60, "CR101"),
        (7, 5, "CR100"),
    ];
    assert_eq!(places, expected, "{found:#?}");
}

/// What Terraform completes is not held against a policy, and neither are blocks made by `dynamic`.
#[test]
fn what_only_a_run_would_show_is_no_fault() {
    let folder = temporary();
    let terraform = r#"data "aws_iam_policy_document" "trust" {
  statement {
    sid     = null
    effect  = var.effect
    actions = ["sts:AssumeRole"]
    resources = []
    dynamic "principals" {
      for_each = var.principals
      content {
        type        = principals.key
        identifiers = principals.value
      }
    }
    condition {
      test     = var.test
      variable = "sts:ExternalId"
      values   = var.ids
    }
    condition {
      test     = "StringLike"
      variable = "aws:PrincipalArn"
      values   = ["arn:aws:iam::111111111111:role/a*"]
    }
    condition {
      test     = "StringLike"
      variable = "aws:PrincipalArn"
      values   = ["arn:aws:iam::111111111111:role/b*"]
    }
  }
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = var.kind
      identifiers = var.principals
    }
  }
}

resource "aws_iam_role" "a" {
  assume_role_policy = jsonencode({
    Version = var.version
    Statement = [
      merge(local.statement, {}),
      { Effect = local.effect, Action = local.actions, (var.key) = "*", Condition = var.conditions },
      { Effect = "Allow", Action = ["sts:AssumeRole", var.action], Principal = { (var.kind) = var.who } },
    ]
  })
  tags = { owner = "platform" }
}
"#;
    fs::write(folder.path().join("main.tf"), terraform).expect("a file");
    let found = findings(folder.path(), "main.tf");
    let faults: Vec<&Value> =
        found.iter().filter(|found| FORM.contains(&found["id"].as_str().unwrap_or_default())).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

/// A spec with such a policy is refused by `generate` and found by `lint`, all of it.
#[test]
fn a_spec_is_refused_for_all_of_it() {
    let spec = r#"version: 1
source: {account_id: "111111111111", callers: [{kind: role, name: ci}]}
targets:
  - name: staging
    account_id: "222222222222"
    role:
      inline_policies:
        read: {Statement: [{Effect: Alow, Action: "s3:*", Resource: "*", Condition: {StringEqual: {"aws:PrincipalArn": x}}}]}
"#;
    let folder = temporary();
    fs::write(folder.path().join("crossrole.yaml"), spec).expect("a file");
    let ran = lint(folder.path(), &["--format", "json"]);
    let ids: Vec<Value> =
        ran.json()["findings"].as_array().expect("a list").iter().map(|found| found["id"].clone()).collect();
    assert_eq!((ran.code, ids), (Some(2), vec![json!("CR100"), json!("CR101")]));
}

fn texts(words: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => prop::sample::select(words).prop_map(Value::from),
        1 => prop::collection::vec(prop::sample::select(words), 0..3).prop_map(Value::from),
        1 => prop_oneof![Just(Value::Null), Just(json!(7)), Just(json!({})), Just(json!([[]]))],
    ]
}

fn statement() -> impl Strategy<Value = Value> {
    let condition = prop_oneof![
        3 => (
            prop::sample::select(&["StringEquals", "stringequals", "Bool", "NullIfExists", "StringEqual"][..]),
            prop::sample::select(&["aws:PrincipalArn", "aws:principalarn", "sts:ExternalId"][..]),
            texts(&["x", "true"]),
        )
            .prop_map(|(operator, key, value)| json!({ operator: { key: value } })),
        1 => texts(&["x"]),
    ];
    let principal = prop_oneof![
        2 => texts(&["*", "x"]),
        3 => (prop::sample::select(&["AWS", "Service", "Aws"][..]), texts(&["*", "111111111111", "11111111111"]))
            .prop_map(|(kind, who)| json!({ kind: who })),
    ];
    let elements = (
        prop::option::weighted(0.5, texts(&["A", "B", ""])),
        prop::option::weighted(0.9, texts(&["Allow", "Deny", "allow"])),
        prop::option::weighted(0.7, principal),
        prop::option::weighted(0.9, texts(&["sts:AssumeRole", "s3:*", ""])),
        prop::option::weighted(0.3, texts(&["*"])),
        prop::option::weighted(0.4, condition),
        prop::option::weighted(0.1, texts(&["x"])),
    );
    elements.prop_map(|(sid, effect, principal, action, resource, condition, other)| {
        let elements = [
            ("Sid", sid),
            ("Effect", effect),
            ("Principal", principal),
            ("Action", action),
            ("Resource", resource),
            ("Condition", condition),
            ("Principle", other),
        ];
        let there = elements.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
        Value::Object(there.collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: scaled(3000), failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever `explain` refuses is an error of `lint`, and the other way round.
    #[test]
    fn lint_and_explain_refuse_the_same(
        statements in prop::collection::vec(statement(), 1..4),
        version in prop::sample::select(&["2012-10-17", "2008-10-17", "2012-10-7"][..]),
    ) {
        let policy = json!({ "Version": version, "Statement": statements });
        let report = lint::policy(&Source::new("policy.json", policy.to_string())).expect("a policy");
        let is_fault = |found: &&lint::Finding| {
            let id = found.diagnostic.id.unwrap_or_default();
            found.diagnostic.level == Level::Error && FORM.contains(&id)
        };
        let faults: Vec<_> = report.findings.iter().filter(is_fault).collect();
        let kind = Kind::of(&value::parse(&policy.to_string(), 0).expect("JSON"));
        let read = Policy::from_value(&policy, kind);
        prop_assert_eq!(faults.is_empty(), read.is_ok(), "{:#} {:#?} {:?}", policy, faults, read);
    }
}
