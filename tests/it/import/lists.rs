//! Account lists in the forms in which people keep them: told by their content, and never read in part
//! without a word.

use serde_json::Value;

use crate::support::{Case, Ran};

#[track_caller]
fn list(text: &str, arguments: &[&str]) -> (Case, Ran) {
    let case = Case::new("");
    case.remove("crossrole.yaml");
    case.write("list", text);
    let all: Vec<&str> =
        ["import", "organizations", "list"].into_iter().chain(arguments.iter().copied()).collect();
    let ran = case.run(&all);
    (case, ran)
}

/// Source, and names with IDs.
#[track_caller]
fn read(text: &str, arguments: &[&str]) -> (String, Vec<(String, String)>) {
    let (case, ran) = list(text, arguments);
    ran.exits(0);
    let spec: Value = serde_yaml::from_str(&case.read("crossrole.yaml")).expect("YAML");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let targets = spec["targets"].as_array().expect("targets").iter();
    let targets = targets.map(|target| (text(&target["name"]), text(&target["account_id"]))).collect();
    (text(&spec["source"]["account_id"]), targets)
}

const SOURCE: [&str; 2] = ["--set", "source.account_id=111111111111"];

#[test]
fn names_and_ids_are_read_in_any_form() {
    let both =
        [("prod".to_owned(), "222222222222".to_owned()), ("dev".to_owned(), "333333333333".to_owned())];
    for text in [
        // Maps, either way round, alone or inside something.
        "{\"prod\": \"222222222222\", \"dev\": \"333333333333\"}",
        "{\"222222222222\": \"Prod\", \"333333333333\": \"Dev\"}",
        "{\"accounts\": {\"prod\": \"222222222222\", \"dev\": 333333333333}, \"region\": \"eu-west-1\"}",
        "{\"prod\": {\"account_id\": \"222222222222\"}, \"dev\": {\"account_id\": \"333333333333\", \"name\": \"D\"}}",
        "prod: \"222222222222\"\ndev: 333333333333\n",
        "# ours\naccounts:\n  prod: {id: '222222222222', email: a@example.com}\n  dev: {id: '333333333333'}\n",
        "accounts = {\n  prod = \"222222222222\"\n  dev  = \"333333333333\" # of all\n}\n",
        "# who is who\nregion = \"eu-west-1\"\naccounts = {\n  prod = { id = \"222222222222\" }\n  dev = { id = \"333333333333\" }\n}\n",
        "locals {\n  org = \"x\"\n  accounts = { prod = \"222222222222\", dev = \"333333333333\" }\n}\n",
        "variable \"accounts\" {\n  default = { prod = \"222222222222\", dev = \"333333333333\" }\n}\n",
        // Rows.
        "[[\"222222222222\", \"Prod\"], [\"333333333333\", \"Dev\"]]",
        "[[\"Prod\", 222222222222], [\"Dev\", 333333333333]]",
        "- [\"222222222222\", Prod]\n- [\"333333333333\", Dev]\n",
        // Lists of objects.
        "[{\"Id\": \"222222222222\", \"Name\": \"Prod\"}, {\"Id\": 333333333333, \"Name\": \"Dev\"}]",
        "- account_id: \"222222222222\"\n  name: prod\n- account_id: \"333333333333\"\n  name: dev\n",
        // Tables.
        "Account ID,Name,Email\n222222222222,Prod,a@example.com\n333333333333,Dev,b@example.com\n",
        "name;id\n\"Prod\";\"222222222222\"\nDev;333333333333\n",
        "222222222222\tProd\n333333333333\tDev\n",
        "Account,Number\nProd,222222222222\nDev,333333333333\n",
        "[[\"222222222222\", \"a@example.com\", \"Prod\", \"ACTIVE\"], [\"333333333333\", \"b@example.com\", \"Dev\", \"ACTIVE\"], [\"444444444444\", \"c@example.com\", \"Old\", \"SUSPENDED\"]]",
        // Terraform, its state, and what it took over.
        "resource \"aws_organizations_account\" \"a\" {\n  name = \"Prod\"\n  email = \"a@example.com\"\n}\nimport {\n  to = aws_organizations_account.a\n  id = \"222222222222\"\n}\nresource \"aws_organizations_account\" \"b\" {\n  name = \"Dev\"\n}\nimport {\n  to = aws_organizations_account.b\n  id = \"333333333333\"\n}\n",
        "{\"version\": 4, \"terraform_version\": \"1.9.0\", \"resources\": [{\"type\": \"aws_x\", \"instances\": [{\"attributes\": {\"id\": \"444444444444\", \"name\": \"x\"}}]}, {\"type\": \"aws_organizations_account\", \"instances\": [{\"attributes\": {\"id\": \"222222222222\", \"name\": \"Prod\"}}, {\"attributes\": {\"id\": \"333333333333\", \"name\": \"Dev\"}}]}]}",
    ] {
        let (source, found) = read(text, &SOURCE);
        assert_eq!(source, "111111111111", "{text}");
        assert_eq!(found, both, "{text}");
        let (case, ran) = list(text, &[]);
        ran.exits(64).says("does not say which account the callers are in").says("list:");
        assert!(!case.at("crossrole.yaml").exists(), "{text}");
    }
}

const YAML: &str = "Accounts:\n- Arn: arn:aws:organizations::111111111111:account/o-a1b2c3d4e5/111111111111\n  Id: '111111111111'\n  Name: mgmt\n  Status: ACTIVE\n- Arn: arn:aws:organizations::111111111111:account/o-a1b2c3d4e5/222222222222\n  Id: '222222222222'\n  Name: Prod\n  Status: ACTIVE\n";

#[test]
fn the_cli_s_yaml_is_read_as_its_json() {
    let prod = [("prod".to_owned(), "222222222222".to_owned())];
    assert_eq!(read(YAML, &[]), ("111111111111".to_owned(), prod.to_vec()));
    let (_, ran) = list(&YAML.replacen("Prod\n  Status: ACTIVE", "Prod\n  Status: SUSPENDED", 1), &[]);
    ran.exits(1).says("left out: suspended").says("none of 1 member account");
    // A source that is not the management account is no target, and nor is the management account.
    let third = "- Arn: arn:aws:organizations::111111111111:account/o-a1b2c3d4e5/333333333333\n  Id: '333333333333'\n  Name: tools\n";
    let (case, ran) = list(&format!("{YAML}{third}"), &["--set", "source.account_id=333333333333"]);
    ran.exits(0).says("the management account is left out");
    let spec = case.read("crossrole.yaml");
    assert!(
        spec.contains("name: prod") && !spec.contains("name: mgmt") && !spec.contains("name: tools\n    "),
        "{spec}"
    );
}

#[test]
fn files_of_tools_that_make_accounts_are_read() {
    let formation = "AWSTemplateFormatVersion: '2010-09-09-OC'\nOrganization:\n  Root:\n    Type: OC::ORG::MasterAccount\n    Properties:\n      AccountName: Root\n      AccountId: '111111111111'\n  Unit:\n    Type: OC::ORG::OrganizationalUnit\n    Properties:\n      OrganizationalUnitName: workloads\n      Accounts: !Ref Prod\n  Prod:\n    Type: OC::ORG::Account\n    Properties:\n      AccountName: Prod\n      AccountId: '222222222222'\n      RootEmail: a@example.com\n  Dev:\n    Type: OC::ORG::Account\n    Properties:\n      AccountName: Dev\n      AccountId: '333333333333'\n";
    let (source, found) = read(formation, &[]);
    assert_eq!((source.as_str(), found.len()), ("111111111111", 2));
    let (_, found) = read(formation, &["--ou", "workloads"]);
    assert_eq!(found, [("prod".to_owned(), "222222222222".to_owned())]);

    let zone = "mandatoryAccounts:\n  - name: Management\n    email: m@example.com\n    organizationalUnit: Root\n  - name: Audit\n    email: a@example.com\n    organizationalUnit: Security\nworkloadAccounts:\n  - name: Prod\n    email: P@example.com\n    organizationalUnit: Workloads/Prod\n  - name: New\n    email: n@example.com\naccountIds:\n  - email: m@example.com\n    accountId: '111111111111'\n  - email: a@example.com\n    accountId: '222222222222'\n  - email: p@example.com\n    accountId: '333333333333'\n";
    let (source, found) = read(zone, &["--ou", "Workloads"]);
    assert_eq!((source.as_str(), found.len()), ("111111111111", 1));
    let (_, ran) = list(zone, &[]);
    ran.exits(0).says("accounts without an ID are left out: `New`");
}

#[test]
fn accounts_without_ids_are_named_and_no_targets() {
    for (text, name) in [
        ("workloadAccounts:\n  - name: Prod\n    email: p@example.com\n", "Prod"),
        (
            "module \"prod\" {\n  source = \"./modules/aft-account-request\"\n  control_tower_parameters = {\n    AccountName = \"Prod\"\n    ManagedOrganizationalUnit = \"Workloads\"\n  }\n}\n",
            "Prod",
        ),
        (
            "resource \"aws_organizations_account\" \"prod\" {\n  name = \"Prod\"\n  email = \"p@example.com\"\n}\n",
            "Prod",
        ),
        (
            "Organization:\n  Prod:\n    Type: OC::ORG::Account\n    Properties:\n      AccountName: Prod\n",
            "Prod",
        ),
    ] {
        let (case, ran) = list(text, &SOURCE);
        ran.exits(1).says(&format!("1 account (`{name}` first) without an ID")).says("list:");
        assert!(!case.at("crossrole.yaml").exists(), "{text}");
    }
}

#[test]
fn a_list_that_goes_on_is_an_error() {
    let page = |more: &str| {
        format!(
            "{{\"Accounts\": [{{\"Id\": \"222222222222\", \"Name\": \"a\", \"Arn\": \"arn:aws:organizations::111111111111:account/o-a1b2c3d4e5/222222222222\"}}]{more}}}\n"
        )
    };
    let open = page(",\n \"NextToken\": \"abc\"");
    for text in [open.clone(), page("") + &open, YAML.to_owned() + "NextToken: abc\n"] {
        let (case, ran) = list(&text, &[]);
        ran.exits(1).says("this page is not the last").says("NextToken");
        assert!(!case.at("crossrole.yaml").exists(), "{text}");
    }
    for text in [open + &page(""), page(", \"NextToken\": null"), page(", \"NextToken\": \"\"")] {
        list(&text, &[]).1.exits(0);
    }
}

#[test]
fn what_is_wrong_is_said_where_it_is() {
    for (text, words) in [
        ("{\"prod\": \"2222\", \"dev\": \"333333333333\"}", "list:1:10"),
        ("{\"prod\": 22222222222, \"dev\": \"333333333333\"}", "a number loses its leading zeros"),
        ("{\"Accounts\": [{\"Id\": 22222222222, \"Name\": \"a\"}]}", "list:1:22"),
        ("[[\"Prod\", \"eu\"]]", "this row has no account ID"),
        (
            "{\"Accounts\": [{\"Id\": \"222222222222\", \"Arn\": \"arn:aws-xx:organizations::111111111111:account/o-a1b2c3d4e5/222222222222\"}]}",
            "the partition `aws-xx` is not known",
        ),
        ("ACCOUNTS\tarn:x\ta@example.com\t222222222222\tCREATED\t1\tProd\tACTIVE\n", "--output text"),
        ("{\"version\": 3, \"settings\": {\"region\": \"us-east-1\"}}", "no account in it"),
        ("region = \"us-east-1\"\n", "no account in it"),
        ("region: us-east-1\n", "no account in it"),
        ("a,b\n1,2\n", "no account in it"),
        ("accounts = {\n", "list:"),
    ] {
        let (case, ran) = list(text, &SOURCE);
        ran.exits(1).says(words);
        assert!(!case.at("crossrole.yaml").exists(), "{text}");
    }
    let alone = YAML.split("- Arn").take(2).collect::<Vec<_>>().join("- Arn");
    list(&alone, &[]).1.exits(1).says("no account besides the source account, 111111111111");
}

/// One account under two names is one target.
#[test]
fn an_account_is_one_target() {
    let (case, ran) = list("{\"prod\": \"222222222222\", \"live\": \"222222222222\"}", &SOURCE);
    ran.exits(0).says("the same account under another name");
    assert_eq!(case.read("crossrole.yaml").matches("222222222222").count(), 1);
}
