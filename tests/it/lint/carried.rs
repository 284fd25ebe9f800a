//! An argument says what its policy is, and a file only what it looks like; what is not IAM's is left
//! alone, and one file that cannot be read ends nothing.

use super::{findings, ids};
use crate::support::{Case, crossrole, run};

const OPEN: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}"#;

/// The findings of a resource with one argument, each with its level.
fn said(kind: &str, argument: &str, value: &str) -> Vec<String> {
    let case = Case::new("");
    case.write("in/main.tf", format!("resource \"{kind}\" \"a\" {{\n  {argument} = {value}\n}}\n"));
    let found = findings(case.root(), "in");
    let one = |found: &serde_json::Value| {
        format!("{} {}", found["id"].as_str().expect("an id"), found["level"].as_str().expect("a level"))
    };
    let mut said: Vec<String> = found.iter().map(one).collect();
    said.dedup();
    said
}

fn statement(parts: &str) -> String {
    format!("jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"Allow\", {parts} }}] }})")
}

#[test]
fn policies_of_others_are_left_alone() {
    for (kind, argument, value) in [
        ("vault_policy", "policy", "<<EOT\npath \"secret/*\" {\n}\nEOT\n"),
        ("tfe_sentinel_policy", "policy", "\"main = rule { true }\""),
        ("oci_load_balancer_backend_set", "policy", "\"ROUND_ROBIN\""),
        ("consul_acl_policy", "policy", "\"{\""),
        ("aws_ecr_lifecycle_policy", "policy", "jsonencode({ rules = [] })"),
        ("aws_iot_policy", "policy", &statement("Action = \"iot:*\", Resource = \"*\"")),
        (
            "aws_cloudwatch_log_data_protection_policy",
            "policy_document",
            "jsonencode({ Statement = [{ Sid = \"a\" }] })",
        ),
        ("aws_organizations_policy", "content", &statement("Action = \"*\", Resource = \"*\"")),
        (
            "aws_organizations_policy",
            "content",
            &statement("Principal = \"*\", Action = \"sts:*\", Resource = \"*\""),
        ),
        (
            "aws_ecr_repository_policy",
            "policy",
            &statement("Principal = \"*\", Action = [\"ecr:BatchGetImage\"]"),
        ),
        (
            "aws_s3_bucket_policy",
            "policy",
            &statement("Principal = \"*\", Action = \"s3:GetObject\", Resource = \"*\""),
        ),
        (
            "aws_vpc_endpoint",
            "policy",
            &statement("Principal = \"*\", Action = \"sts:AssumeRole\", Resource = \"*\""),
        ),
        ("aws_s3_bucket_policy", "policy", "var.x"),
    ] {
        assert_eq!(said(kind, argument, value), Vec::<String>::new(), "{kind}");
    }
}

#[test]
fn policies_of_iam_are_judged_as_what_they_are() {
    let principal =
        statement("Principal = { Service = \"ec2.amazonaws.com\" }, Action = \"s3:*\", Resource = \"*\"");
    for (kind, argument, value, expected) in [
        ("aws_iam_policy", "policy", "\"ROUND_ROBIN\"", "CR000 error"),
        ("aws_iam_user_policy", "policy", "jsonencode({ rules = [] })", "CR100 error"),
        ("aws_sqs_queue_policy", "policy", "\"{\"", "CR000 error"),
        ("aws_iam_policy", "policy", &principal, "CR100 error"),
        ("aws_iam_group_policy", "policy", &principal, "CR100 error"),
        ("awscc_iam_managed_policy", "policy_document", &principal, "CR100 error"),
        (
            "awscc_iam_role",
            "assume_role_policy_document",
            &statement("Principal = \"*\", Action = \"sts:AssumeRole\""),
            "CR010 error",
        ),
        (
            "aws_iam_role",
            "assume_role_policy",
            &statement("Principal = \"*\", Action = \"sts:AssumeRole\", Resource = \"*\""),
            "CR010 error",
        ),
    ] {
        assert!(
            said(kind, argument, value).contains(&expected.to_owned()),
            "{kind}: {:?}",
            said(kind, argument, value)
        );
    }
}

/// A data source is judged as what holds it, wherever its text goes.
#[test]
fn a_document_is_what_its_holder_is() {
    let document = "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = [\"*\"]\n    resources = [\"*\"]\n  }\n}\nlocals {\n  text = data.aws_iam_policy_document.d.json\n}\n";
    let found = |holder: &str| {
        let case = Case::new("");
        case.write("in/main.tf", format!("{document}{holder}"));
        ids(&findings(case.root(), "in"))
    };
    assert_eq!(
        found("resource \"aws_organizations_policy\" \"p\" {\n  content = local.text\n}\n"),
        Vec::<String>::new()
    );
    assert_eq!(found("resource \"aws_iam_policy\" \"p\" {\n  policy = local.text\n}\n"), ["CR060"]);
    assert_eq!(found(""), ["CR060"]);
}

#[test]
fn a_service_linked_role_is_written_by_aws() {
    let role = |path: &str| {
        let case = Case::new("");
        let trust =
            statement("Principal = { Service = \"config.amazonaws.com\" }, Action = \"sts:AssumeRole\"");
        case.write("in/main.tf", format!("resource \"aws_iam_role\" \"r\" {{\n  path = \"{path}\"\n  assume_role_policy = {trust}\n}}\n"));
        ids(&findings(case.root(), "in"))
    };
    assert_eq!(role("/aws-service-role/config.amazonaws.com/"), Vec::<String>::new());
    assert_eq!(role("/mine/aws-service-role/"), ["CR089"]);
}

#[test]
fn json_of_a_folder_is_a_policy_if_every_statement_has_an_effect() {
    let case = Case::new("");
    case.write("in/main.tf", "terraform {}\n");
    for other in [
        r#"{"Name": "block", "Statement": {"ByteMatchStatement": {"SearchString": "/a"}}, "Action": {"Block": {}}}"#,
        r#"{"Version": "2021-06-01", "Statement": [{"Sid": "audit", "Operation": {"Audit": {}}}]}"#,
        "{\"Statement\": []}",
        "{\"a\": ",
    ] {
        case.write("in/other.json", other);
        assert_eq!(ids(&findings(case.root(), "in")), Vec::<String>::new(), "{other}");
    }
    case.write("in/other.json", OPEN);
    assert_eq!(ids(&findings(case.root(), "in")), ["CR010"]);
    // A resource control policy only refuses.
    let refuses = OPEN
        .replace("Allow", "Deny")
        .replace("\"sts:AssumeRole\"", "\"sts:AssumeRole\", \"Resource\": \"*\"");
    case.write("in/other.json", refuses);
    assert_eq!(ids(&findings(case.root(), "in")), Vec::<String>::new());
    case.write("in/other.json", "{\"Statement\": {\"Efect\": \"Allow\"}}");
    case.write("in/main.tf", "resource \"aws_iam_policy\" \"p\" {\n  policy = file(\"other.json\")\n}\n");
    assert!(ids(&findings(case.root(), "in")).contains(&"CR100".to_owned()));
}

#[test]
fn a_repository_policy_lets_nobody_assume_a_role() {
    let case = Case::new("");
    for (actions, expected) in [
        ("[\"ecr:BatchGetImage\"]", &[][..]),
        ("\"sts:AssumeRole\"", &["CR010"]),
        ("[\"ecr:BatchGetImage\", \"sts:AssumeRole\"]", &["CR010", "CR100"]),
        ("\"*\"", &["CR010"]),
    ] {
        case.write("policy.json", OPEN.replace("\"sts:AssumeRole\"", actions));
        assert_eq!(ids(&findings(case.root(), "policy.json")), expected, "{actions}");
    }
}

#[test]
fn one_file_that_cannot_be_read_ends_nothing() {
    let role = format!("resource \"aws_iam_role\" \"r\" {{\n  assume_role_policy = <<E\n{OPEN}\nE\n}}\n");
    for (name, bytes, expected) in [
        ("other.json", b"\xff\xfe{\0}\0".to_vec(), &["CR010", "CR110"][..]),
        ("other.json", vec![b' '; (4 << 20) + 1], &["CR010", "CR110"]),
        ("other.tf", b"locals {\n  a = \"caf\xe9\"\n}\n".to_vec(), &["CR010", "CR110"]),
        ("other.tf", b"locals {\n".to_vec(), &["CR000", "CR010"]),
        ("other.tf", b"# caf\xe9\nlocals {}\n".to_vec(), &["CR010"]),
    ] {
        let case = Case::new("");
        case.write("in/main.tf", &role);
        std::fs::write(case.at(&format!("in/{name}")), &bytes).expect("a file");
        let found = findings(case.root(), "in");
        assert_eq!(ids(&found), expected, "{name}");
        let is_named = |found: &serde_json::Value| found["file"] == format!("in/{name}");
        assert_eq!(found.iter().any(is_named), expected != ["CR010"], "{name}: {found:?}");
    }
    let case = Case::new("");
    std::fs::create_dir(case.at("in")).expect("a folder");
    let latin: Vec<u8> = [&b"# caf\xe9\n"[..], role.as_bytes()].concat();
    std::fs::write(case.at("in/main.tf"), latin).expect("a file");
    for path in ["in", "in/main.tf"] {
        assert_eq!(
            ids(&findings(case.root(), path)),
            ["CR010"],
            "what stands below such a comment is judged"
        );
    }
}

/// Locals, variables and override files of the same folder are what Terraform reads with a file.
#[test]
fn a_file_is_read_with_those_beside_it() {
    let case = Case::new("");
    case.write("in/role.tf", "resource \"aws_iam_role\" \"r\" {\n  assume_role_policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"sts:AssumeRole\", Principal = { AWS = local.who } }] })\n}\n");
    case.write("in/locals.tf", "locals {\n  who = \"*\"\n}\nprovider \"aws\" {}\n");
    assert_eq!(ids(&findings(case.root(), "in/role.tf")), ["CR010"]);
    assert_eq!(ids(&findings(case.root(), "in/locals.tf")), ["CR071"]);
    let mut command = crossrole();
    command.current_dir(case.root()).args(["lint", "in/role.tf", "in/locals.tf"]);
    let ran = run(&mut command).exits(2);
    assert!(ran.stderr.ends_with("1 policy and 1 provider judged\n"), "{}", ran.stderr);
    case.write(
        "in/locals_override.tf",
        "provider \"aws\" {\n  allowed_account_ids = [\"222222222222\"]\n}\n",
    );
    assert_eq!(ids(&findings(case.root(), "in/locals.tf")), Vec::<String>::new());
    case.write("in/locals.tf", "locals {\n  who = var.who\n}\nvariable \"who\" {}\nprovider \"aws\" {}\n");
    case.write("in/terraform.tfvars", "who = \"arn:aws:iam::111111111111:role/ci\"\n");
    assert_eq!(ids(&findings(case.root(), "in/role.tf")), ["CR013"]);
}
