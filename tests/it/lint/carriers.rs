//! A policy is judged alike wherever it stands: in a file, a heredoc, a quoted text, `jsonencode` or
//! an argument of Terraform that names the file.

use std::fs;
use std::path::PathBuf;

use crossrole::hcl::string;
use serde_json::Value;

use super::findings;
use crate::support::{cases, temporary};

/// The failing policies of all rules.
fn policies() -> Vec<(PathBuf, String)> {
    let files = cases("snapshots/lint").into_iter().map(|case| case.join("fail.json"));
    let policies: Vec<_> =
        files.filter_map(|file| Some((file.clone(), fs::read_to_string(file).ok()?))).collect();
    assert!(policies.len() >= 30, "{} policies", policies.len());
    policies
}

/// Id and message of each finding.
fn said(findings: &[Value]) -> Vec<(String, String)> {
    let text = |found: &Value, key: &str| found[key].as_str().unwrap_or_default().to_owned();
    let mut said: Vec<_> = findings.iter().map(|found| (text(found, "id"), text(found, "message"))).collect();
    said.sort();
    said
}

/// A JSON value as an HCL expression.
fn hcl(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(hcl).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let member =
                |(key, value): (&String, &Value)| format!("{} = {}\n", string::quote(key), hcl(value));
            format!("{{\n{}}}", members.iter().map(member).collect::<String>())
        }
        Value::String(text) => string::quote(text),
        other => other.to_string(),
    }
}

#[test]
fn a_policy_is_judged_alike_wherever_it_stands() {
    for (file, text) in policies() {
        let folder = temporary();
        let value: Value = serde_json::from_str(&text).expect("JSON");
        let is_trust = text.contains("\"Principal\"");
        let (kind, argument) =
            if is_trust { ("aws_iam_role", "assume_role_policy") } else { ("aws_iam_role_policy", "policy") };
        fs::write(folder.path().join("policy.json"), &text).expect("a file");
        let alone = said(&findings(folder.path(), "policy.json"));
        fs::remove_file(folder.path().join("policy.json")).expect("it goes");
        let escaped = text.replace("${", "$${").replace("%{", "%%{");
        for (carrier, expression) in [
            ("heredoc", format!("<<EOT\n{escaped}EOT\n")),
            ("indented heredoc", format!("<<-EOT\n{escaped}  EOT\n")),
            ("quoted", string::quote(&text)),
            ("jsonencode", format!("jsonencode({})", hcl(&value))),
        ] {
            let terraform = format!("resource \"{kind}\" \"a\" {{\n  {argument} = {expression}\n}}\n");
            fs::write(folder.path().join("main.tf"), &terraform).expect("a file");
            let here = findings(folder.path(), "main.tf");
            assert_eq!(said(&here), alone, "{} as {carrier}", file.display());
        }
    }
}

/// Places are those of the characters themselves, also behind escapes.
#[test]
fn places_are_exact_in_every_carrier() {
    let folder = temporary();
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}"#;
    for expression in [
        format!("<<EOT\n{policy}\nEOT\n"),
        string::quote(policy),
        format!("jsonencode({})", hcl(&serde_json::from_str(policy).expect("JSON"))),
    ] {
        let terraform =
            format!("resource \"aws_iam_role\" \"a\" {{\n  # é\n  assume_role_policy = {expression}\n}}\n");
        fs::write(folder.path().join("main.tf"), &terraform).expect("a file");
        let found = findings(folder.path(), "main.tf");
        assert_eq!(found.len(), 1, "{found:?}");
        let line = usize::try_from(found[0]["line"].as_u64().expect("a line")).expect("small");
        let column = usize::try_from(found[0]["column"].as_u64().expect("a column")).expect("small");
        let rest: String =
            terraform.lines().nth(line - 1).expect("the line").chars().skip(column - 1).collect();
        assert!(rest.starts_with("\"*\"") || rest.starts_with("\\\"*\\\""), "{rest}");
    }
}
