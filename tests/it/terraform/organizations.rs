//! An organization in the stand-in, listed by the real AWS CLI, imported, and every root valid.

use assert_cmd::Command;
use serde_json::Value;

use super::cloud::Cloud;
use super::validate::is_valid;
use crate::oracle::oracle;
use crate::support::{Case, run};

#[test]
fn the_list_that_the_aws_cli_prints_is_imported() {
    let (Some(aws), Some(moto)) = (oracle("aws"), oracle("moto_server")) else { return };
    let cloud = Cloud::start(&moto);
    let case = Case::new("");
    case.remove("crossrole.yaml");
    let ask = |arguments: &[&str]| {
        let mut command = Command::new(&aws);
        command.env("HOME", case.root()).envs([
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_DEFAULT_REGION", "us-east-1"),
            ("AWS_PAGER", ""),
        ]);
        command
            .args(["--endpoint-url", &cloud.address(), "--output", "json", "organizations"])
            .args(arguments);
        run(&mut command).exits(0).stdout
    };
    ask(&["create-organization", "--feature-set", "ALL"]);
    for name in ["Staging", "Production EU", "production-eu"] {
        ask(&["create-account", "--email", "aws@example.com", "--account-name", name]);
    }
    let list = ask(&["list-accounts"]);
    case.write("accounts.json", &list);
    case.run(&["import", "organizations", "accounts.json"]).exits(0);
    let spec: Value = serde_yaml::from_str(&case.read("crossrole.yaml")).expect("YAML");
    let listed: Value = serde_json::from_str(&list).expect("JSON");
    let master =
        listed["Accounts"].as_array().into_iter().flatten().find(|account| account["Name"] == "master");
    assert_eq!(spec["source"]["account_id"], master.expect("a management account")["Id"]);
    assert_eq!(spec["targets"].as_array().map(Vec::len), Some(3), "{spec:#}");
    case.run(&["generate"]).exits(0);
    is_valid(&case, 7);
}
