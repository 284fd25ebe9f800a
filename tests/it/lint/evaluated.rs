//! Rules see through what Terraform evaluates: locals, variables, functions, files, `dynamic`.

use super::{findings, ids};
use crate::support::{Case, SPEC, repository};

/// The ids of what is found in files.
#[track_caller]
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let case = Case::new(SPEC);
    for (path, text) in files {
        case.write(&format!("in/{path}"), text);
    }
    ids(&findings(case.root(), "in"))
}

fn role(policy: &str) -> String {
    format!("resource \"aws_iam_role\" \"r\" {{\n  name = \"r\"\n  assume_role_policy = {policy}\n}}\n")
}

const EVERYONE: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}]}"#;

#[test]
fn an_account_may_be_a_local() {
    let text = std::fs::read_to_string(repository("snapshots/lint/CR026/fail.tf")).expect("a text");
    let account = "222222222222";
    assert!(text.contains(&format!("iam::{account}:role")), "{text}");
    let literal = found(&[("main.tf", &text)]);
    let named = text.replace(&format!("iam::{account}:role"), "iam::${local.target}:role");
    let locals = format!("locals {{\n  target = \"{account}\"\n}}\n");
    assert!(literal.contains(&"CR026".to_owned()), "{literal:?}");
    assert_eq!(found(&[("main.tf", &named), ("locals.tf", &locals)]), literal);
}

#[test]
fn everyone_is_found_wherever_it_comes_from() {
    let object = r#"{ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" } }] }"#;
    let template = EVERYONE.replace('*', "${who}");
    for (policy, more) in [
        ("jsonencode(local.trust)", ("locals.tf", format!("locals {{\n  trust = {object}\n}}\n"))),
        ("local.text", ("locals.tf", format!("locals {{\n  text = jsonencode({object})\n}}\n"))),
        ("file(\"trust.pol\")", ("trust.pol", EVERYONE.to_owned())),
        ("file(\"${path.module}/trust.pol\")", ("trust.pol", EVERYONE.to_owned())),
        ("templatefile(\"trust.tpl\", { who = \"*\" })", ("trust.tpl", template)),
        (
            "true ? local.text : \"\"",
            ("locals.tf", format!("locals {{\n  text = jsonencode({object})\n}}\n")),
        ),
    ] {
        let found = found(&[("main.tf", &role(policy)), (more.0, &more.1)]);
        assert!(found.contains(&"CR010".to_owned()), "{policy}: {found:?}");
    }
}

#[test]
fn what_only_a_run_would_show_is_not_everyone() {
    let variable = "variable \"who\" {}\n";
    for policy in
        ["templatefile(\"trust.tpl\", { who = var.who })", "replace(var.who, \"a\", \"b\")", "file(var.who)"]
    {
        let files = [
            ("main.tf", &*role(policy)),
            ("variables.tf", variable),
            ("trust.tpl", &EVERYONE.replace('*', "${who}")),
        ];
        let found = found(&files);
        assert!(
            !found.contains(&"CR010".to_owned()) && !found.contains(&"CR000".to_owned()),
            "{policy}: {found:?}"
        );
    }
}

#[test]
fn a_statement_that_dynamic_makes_is_read() {
    let document = |each: &str, who: &str| {
        format!(
            "variable \"open\" {{}}\n\ndata \"aws_iam_policy_document\" \"trust\" {{\n  dynamic \"statement\" {{\n    for_each = {each}\n    content {{\n      actions = [\"sts:AssumeRole\"]\n      principals {{\n        type        = \"AWS\"\n        identifiers = [{who}]\n      }}\n    }}\n  }}\n}}\n{}",
            role("data.aws_iam_policy_document.trust.json")
        )
    };
    for (each, who, is_found) in [
        ("[1]", "\"*\"", true),
        ("var.open ? [1] : []", "\"*\"", true),
        ("[\"*\"]", "statement.value", true),
        ("[]", "\"*\"", false),
        ("var.open", "statement.value", false),
    ] {
        let found = found(&[("main.tf", &document(each, who))]);
        assert_eq!(found.contains(&"CR010".to_owned()), is_found, "{each} {who}: {found:?}");
    }
}

#[test]
fn an_override_file_overrides() {
    let backend =
        "terraform {\n  backend \"s3\" {\n    bucket       = \"state\"\n    use_lockfile = true\n  }\n}\n";
    let cloud = "terraform {\n  cloud {\n    organization = \"acme\"\n  }\n}\n";
    let both = found(&[("main.tf", backend), ("overrides.tf", cloud)]);
    assert!(both.contains(&"CR078".to_owned()), "{both:?}");
    for name in ["override.tf", "cloud_override.tf"] {
        let one = found(&[("main.tf", backend), (name, cloud)]);
        assert!(!one.contains(&"CR078".to_owned()), "{name}: {one:?}");
    }
}

#[test]
fn part_of_json_may_be_filled_in() {
    let json = EVERYONE.replace("\"Action\"", "${var.more} \"Action\"");
    let text = format!("variable \"more\" {{}}\n{}", role(&format!("<<JSON\n{json}\nJSON")));
    let found_filled = found(&[("main.tf", &text)]);
    assert!(!found_filled.contains(&"CR000".to_owned()), "{found_filled:?}");
    let broken = EVERYONE.replace("\"Allow\",", "\"Allow\"");
    let found_broken = found(&[("main.tf", &role(&format!("<<JSON\n{broken}\nJSON")))]);
    assert!(found_broken.contains(&"CR000".to_owned()), "{found_broken:?}");
}

#[test]
fn terraform_as_json_is_read() {
    let text = format!(
        "{{\"locals\": {{\"who\": \"*\"}}, \"resource\": {{\"aws_iam_role\": {{\"r\": {{\"name\": \"r\", \"assume_role_policy\": {}}}}}}}}}",
        serde_json::to_string(&EVERYONE.replace('*', "${local.who}")).expect("JSON")
    );
    let found = found(&[("main.tf.json", &text)]);
    assert!(found.contains(&"CR010".to_owned()), "{found:?}");
}
