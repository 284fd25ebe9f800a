//! `--var` and `--var-file`: what they give, in Terraform's order.

use serde_json::Value;

use super::terraform::from;
use crate::support::Case;

const TEXT: &str = "variable \"account\" {\n  default = \"222222222222\"\n}\nprovider \"aws\" {\n  alias = \"prod\"\n  assume_role {\n    role_arn = \"arn:aws:iam::${var.account}:role/Deploy\"\n  }\n}\n";

/// The account of the one target.
#[track_caller]
fn account(files: &[(&str, &str)], arguments: &[&str]) -> String {
    let all: Vec<&str> =
        arguments.iter().copied().chain(["--set", "source.account_id=111111111111"]).collect();
    let files: Vec<(&str, &str)> = [("main.tf", TEXT)].into_iter().chain(files.iter().copied()).collect();
    let (case, ran) = from(&files, &all);
    ran.exits(0);
    let spec: Value = serde_yaml::from_str(&case.read("crossrole.yaml")).expect("YAML");
    spec["targets"][0]["account_id"].as_str().expect("an account").to_owned()
}

#[test]
fn the_last_that_terraform_would_take_counts() {
    let json = ("prod.tfvars.json", "{\"account\": \"333333333333\"}");
    let plain = ("prod.tfvars", "account = \"444444444444\"\n");
    let auto = ("z.auto.tfvars", "account = \"555555555555\"\n");
    let files = [json, plain, auto];
    assert_eq!(account(&[], &[]), "222222222222");
    assert_eq!(account(&files, &[]), "555555555555", "no file but its own is loaded unasked");
    let (json, plain) = ("in/prod.tfvars.json", "in/prod.tfvars");
    assert_eq!(account(&files, &["--var-file", json]), "333333333333");
    assert_eq!(account(&files, &["--var-file", json, "--var-file", plain]), "444444444444");
    assert_eq!(account(&files, &["--var-file", plain, "--var-file", json]), "333333333333");
    let variable = ["--var", "account=666666666666"];
    assert_eq!(account(&files, &["--var-file", json, variable[0], variable[1]]), "666666666666");
    assert_eq!(account(&files, &[variable[0], variable[1], "--var-file", json]), "333333333333");
    assert_eq!(account(&files, &[variable[0], variable[1], "--var", "account=777777777777"]), "777777777777");
}

#[test]
fn values_are_read_as_the_type_says() {
    let text = |of: &str| {
        format!(
            "variable \"accounts\" {{ {of} }}\nprovider \"aws\" {{\n  assume_role {{\n    role_arn = \"arn:aws:iam::${{var.accounts.prod}}:role/Deploy\"\n  }}\n}}\n"
        )
    };
    let arguments =
        ["--var", "accounts={ prod = \"222222222222\" }", "--set", "source.account_id=111111111111"];
    for of in ["type = map(string)", "type = any"] {
        let (case, ran) = from(&[("main.tf", &text(of))], &arguments);
        ran.exits(0);
        assert!(case.read("crossrole.yaml").contains("222222222222"), "{of}");
    }
    // Without a type it is a text.
    let (_, ran) = from(&[("main.tf", &text(""))], &arguments);
    ran.exits(1);
}

#[test]
fn what_terraform_would_refuse_is_refused() {
    let case = |arguments: &[&str]| from(&[("main.tf", TEXT), ("bad.tfvars", "account = \n")], arguments).1;
    case(&["--var", "acount=1"]).exits(64).says("did you mean `account`?");
    case(&["--var", "account"]).exits(64).says("`--var account` has no `=`");
    case(&["--var-file", "nowhere.tfvars"]).exits(1).says("nowhere.tfvars");
    case(&["--var-file", "in/bad.tfvars"]).exits(1).says("in/bad.tfvars:");
    let help = Case::new("").run(&["import", "terraform", "--help"]).exits(0).stdout;
    for words in ["--var NAME=VALUE", "--var-file FILE", "terraform.tfvars", "terraform.workspace"] {
        assert!(help.replace(['<', '>'], "").contains(words), "{words}: {help}");
    }
}
