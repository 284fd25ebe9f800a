//! Terraform that assumes roles already, in the styles that people write: `snapshots/import/<style>/in`
//! becomes the spec beside it, and every note says where. That what they generate is valid Terraform is
//! looked at in `terraform/imported.rs`.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Case, cases, compare, files, no_complaints};

/// The styles, each imported into a folder of its own and generated there.
pub(crate) fn imported() -> Vec<(String, Case, String)> {
    let styles = cases("snapshots/import");
    assert!(styles.len() >= 5, "only {} styles", styles.len());
    styles.iter().map(|style| import(style)).collect()
}

fn import(style: &Path) -> (String, Case, String) {
    let case = Case::new("");
    case.remove("crossrole.yaml");
    for (path, text) in files(&style.join("in")) {
        case.write(&format!("in/{path}"), text);
    }
    let more = std::fs::read_to_string(style.join("arguments")).unwrap_or_default();
    let arguments: Vec<&str> =
        ["import", "terraform", "in"].into_iter().chain(more.split_whitespace()).collect();
    let said = case.run(&arguments).exits(0).stderr;
    std::fs::remove_dir_all(case.at("in")).expect("folders can be deleted");
    case.run(&["generate"]).exits(0);
    case.run(&["check"]).exits(0);
    (crate::support::name(style), case, said)
}

#[test]
fn styles_become_what_the_snapshots_show() {
    let mut complaints = Vec::new();
    for (style, case, said) in imported() {
        let folder = crate::support::repository("snapshots/import").join(style);
        complaints.extend(compare(&folder.join("crossrole.yaml"), &case.read("crossrole.yaml")).err());
        complaints.extend(compare(&folder.join("stderr.txt"), &said).err());
    }
    no_complaints(&complaints);
}

/// One statement per caller and action, conditions and all, whatever the form.
fn statements(policy: &str) -> Vec<String> {
    let policy: Value = serde_json::from_str(policy).expect("JSON");
    let one_or_more = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    let mut found = Vec::new();
    for statement in one_or_more(&policy["Statement"]) {
        for action in one_or_more(&statement["Action"]) {
            for principal in one_or_more(&statement["Principal"]["AWS"]) {
                found.push(json!([action, principal, statement["Condition"]]).to_string());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn trust_policies_say_the_same_as_before() {
    let imported = imported();
    let trust = |style: &str, target: &str| {
        let (_, case, _) = imported.iter().find(|(name, ..)| name == style).expect("a style");
        case.read(&format!("accounts/{target}/bootstrap/trust-policy.json"))
    };
    for target in ["staging", "production"] {
        let found = statements(&trust("folders", target));
        let organization = json!({ "aws:PrincipalOrgID": "o-a1b2c3d4e5" });
        let user = json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" }, "StringEquals": organization });
        let assume = |principal: &str, condition: &Value| {
            json!(["sts:AssumeRole", format!("arn:aws:iam::111111111111:{principal}"), condition]).to_string()
        };
        for wanted in [
            assume("user/terraform", &user),
            assume("role/ci/deployer", &json!({ "StringEquals": organization })),
        ] {
            assert!(found.contains(&wanted), "{wanted}\n{found:#?}");
        }
    }
    let found = statements(&trust("article", "workload"));
    assert_eq!(found, [json!(["sts:AssumeRole", "arn:aws:iam::111111111111:root", null]).to_string()]);
    let found = statements(&trust("vendor", "customer"));
    let id = json!({ "StringEquals": { "sts:ExternalId": "7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51" } });
    let wanted = json!(["sts:AssumeRole", "arn:aws:iam::111111111111:root", id]).to_string();
    assert!(found.contains(&wanted), "{found:#?}");
}

#[track_caller]
pub(super) fn from(texts: &[(&str, &str)], arguments: &[&str]) -> (Case, crate::support::Ran) {
    let case = Case::new("");
    case.remove("crossrole.yaml");
    for (path, text) in texts {
        case.write(&format!("in/{path}"), text);
    }
    let all: Vec<&str> = ["import", "terraform", "in"].into_iter().chain(arguments.iter().copied()).collect();
    let ran = case.run(&all);
    (case, ran)
}

#[test]
fn what_lets_in_more_than_before_is_a_warning() {
    let role = |name: &str, more: &str| {
        format!(
            "provider \"aws\" {{\n  allowed_account_ids = [\"222222222222\"]\n}}\nresource \"aws_iam_role\" \"a\" {{\n  name = \"{name}\"\n  assume_role_policy = jsonencode({{ Statement = [{{ Effect = \"Allow\", Action = \"sts:AssumeRole\", Principal = {{ AWS = \"arn:aws:iam::111111111111:user/a\" }}{more} }}] }})\n}}\n"
        )
    };
    let (_, ran) = from(
        &[("main.tf", &role("a", ", Condition = { IpAddress = { \"aws:SourceIp\" = \"192.0.2.1\" } }"))],
        &[],
    );
    ran.exits(0).says("the condition `IpAddress` on `aws:SourceIp` is not carried over");
    let mfa = ", Condition = { Bool = { \"aws:MultiFactorAuthPresent\" = \"true\" } }";
    let second = role("second", "").replace("222222222222", "333333333333");
    let (case, ran) = from(&[("a/main.tf", &role("first", mfa)), ("b/main.tf", &second)], &[]);
    assert!(!ran.exits(0).stderr.contains("warning"));
    let spec: Value = serde_yaml::from_str(&case.read("crossrole.yaml")).expect("YAML");
    assert_eq!(spec["source"]["callers"], json!([{ "kind": "iam_user", "name": "a", "mfa": true }]));
    assert_eq!(spec["targets"][1]["role"]["require_mfa"], false);
}

#[test]
fn what_is_nothing_to_import_is_refused() {
    for (text, words) in [
        ("", "nothing here assumes a role"),
        ("provider \"aws\" {}\n", "nothing here assumes a role"),
        ("provider \"aws\" {\n  assume_role {}\n}\n", "names no role"),
        ("provider \"aws\" {\n", "in/main.tf:1:"),
        (
            "provider \"aws\" {\n  assume_role {\n    role_arn = local.a\n  }\n}\nlocals {\n  a = local.b\n  b = local.a\n}\n",
            "refers to itself",
        ),
        ("resource \"aws_iam_role\" \"a\" {\n  name = \"a\"\n  assume_role_policy = \"{\"\n}\n", "not JSON"),
    ] {
        let (case, ran) = from(&[("main.tf", text)], &[]);
        ran.exits(1).says(words);
        assert!(!case.at("crossrole.yaml").exists(), "{text}");
    }
    let case = Case::new("mine\n");
    case.run(&["import", "terraform", "."]).exits(4).says("--force");
    case.run(&["import", "terraform", "nowhere", "--force"]).exits(1).says("nowhere");
    let assumes =
        "provider \"aws\" {\n  assume_role {\n    role_arn = \"arn:aws:iam::222222222222:role/a\"\n  }\n}\n";
    let (_, ran) = from(&[("main.tf", assumes)], &[]);
    ran.exits(64).says("--set source.account_id=");
    let (case, ran) = from(&[("main.tf", assumes)], &["--set", "source.account_id=111111111111"]);
    ran.exits(0);
    case.run(&["generate"]).exits(0);
}

/// What is attached for each of something that nobody knows is nothing, and no policy called `null`.
#[test]
fn an_unknown_for_each_attaches_nothing() {
    let text = r#"provider "aws" {
  allowed_account_ids = ["222222222222"]
}
variable "arns" {}
resource "aws_iam_role" "a" {
  name               = "a"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::111111111111:role/ci" } }] })
}
resource "aws_iam_role_policy_attachment" "a" {
  for_each   = var.arns
  role       = aws_iam_role.a.name
  policy_arn = each.value
}
"#;
    let (case, ran) = from(&[("main.tf", text)], &[]);
    ran.exits(0).says("in/main.tf:10:3").says("whether it is created is only known at run time");
    assert!(!case.read("crossrole.yaml").contains("policy_arns"));
}

/// As terraform does, and no further than the folder that was named.
#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_folder() {
    use std::os::unix::fs::symlink;

    let provider = |account: &str| {
        format!(
            "provider \"aws\" {{\n  assume_role {{\n    role_arn = \"arn:aws:iam::{account}:role/a\"\n  }}\n}}\n"
        )
    };
    let case = Case::new("");
    case.remove("crossrole.yaml");
    case.write("in/sources/providers.tf.txt", provider("222222222222"));
    case.write("out/other.tf", provider("333333333333"));
    case.write("in/root/main.tf", "locals {}\n");
    symlink("../sources/providers.tf.txt", case.at("in/root/providers.tf")).expect("a link");
    symlink("../../out/other.tf", case.at("in/root/other.tf")).expect("a link");
    case.run(&["import", "terraform", "in", "--set", "source.account_id=111111111111"])
        .exits(0)
        .says("the link `in/root/other.tf` is not followed: it leads out of `in`");
    let spec = case.read("crossrole.yaml");
    assert!(spec.contains("222222222222") && !spec.contains("333333333333"), "{spec}");
}
