//! What may be so or otherwise: two kinds of choice are taken over with a note; modules and files of other
//! tools are followed or named.

use serde_json::json;

use super::certain::{SOURCE, arn, assuming, guard, one, provider, role, roles, spec};
use super::terraform::from;

#[test]
fn an_arn_or_null_is_taken_over_with_a_note() {
    let role = arn("222222222222", "role/Terraform");
    let ask = "can(regex(\"Admin\", data.aws_caller_identity.me.arn))";
    for choice in
        [format!("{ask} ? null : {role}"), format!("{ask} ? {role} : null"), "local.role".to_owned()]
    {
        let text = format!(
            "data \"aws_caller_identity\" \"me\" {{}}\nlocals {{\n  role = {ask} ? null : {role}\n}}\n{}",
            assuming("prod", &choice)
        );
        let (case, ran) = one(&text, &SOURCE);
        ran.exits(0).says("a role that is not always assumed is carried over").says("in/main.tf:");
        assert_eq!(roles(&case), ["222222222222/Terraform"], "{choice}");
    }
    let other = arn("333333333333", "role/Other");
    for choice in [
        format!("{ask} ? {other} : {role}"),
        format!("{ask} ? null : \"${{null}}\""),
        format!("replace({ask} ? null : {role}, \"222222222222\", \"333333333333\")"),
    ] {
        let text = format!("data \"aws_caller_identity\" \"me\" {{}}\n{}", assuming("prod", &choice));
        let (case, ran) = one(&text, &SOURCE);
        ran.exits(1).says("in/main.tf:5:5");
        assert!(!case.at("crossrole.yaml").exists(), "{choice}");
    }
}

#[test]
fn every_entry_of_a_map_by_workspace_is_a_target() {
    let text = |role_arn: &str| {
        format!(
            "locals {{\n  accounts = {{ prod = \"222222222222\", dev = \"333333333333\" }}\n}}\nprovider \"aws\" {{\n  assume_role {{\n    role_arn = {role_arn}\n  }}\n}}\n"
        )
    };
    for key in ["local.accounts[terraform.workspace]", "lookup(local.accounts, terraform.workspace)"] {
        let (case, ran) = one(&text(&format!("\"arn:aws:iam::${{{key}}}:role/Deploy\"")), &SOURCE);
        ran.exits(0).says("a target for each workspace").says("`prod`; `dev`");
        assert_eq!(roles(&case), ["333333333333/Deploy", "222222222222/Deploy"]);
        let spec = spec(&case);
        assert_eq!(
            (&spec["targets"][0]["name"], &spec["targets"][1]["name"]),
            (&json!("dev"), &json!("prod"))
        );
    }
    // What is the same in all of them is one target, without what is not.
    let same = text(
        "\"arn:aws:iam::222222222222:role/Deploy\"\n    session_name = local.accounts[terraform.workspace]",
    );
    let (case, ran) = one(&same, &SOURCE);
    let ran = ran.exits(0).says("`session_name` is not carried over: it depends on `terraform.workspace`");
    assert!(!ran.stderr.contains("a target for each workspace"), "{}", ran.stderr);
    assert_eq!(roles(&case), ["222222222222/Deploy"]);
    assert!(!case.read("crossrole.yaml").contains("session_name"));
    // Without a map there is nothing to go through.
    let (case, ran) = one(&text("\"arn:aws:iam::222222222222:role/${terraform.workspace}\""), &SOURCE);
    ran.exits(1).says("`terraform.workspace`").says("in/main.tf:6:5");
    assert!(!case.at("crossrole.yaml").exists());
}

#[test]
fn a_module_works_in_the_account_of_the_provider_that_it_is_handed() {
    let module = role("deploy", &arn("111111111111", "role/ci"), "");
    let root = |providers: &str| {
        guard("333333333333")
            + &provider("  alias = \"b\"\n  allowed_account_ids = [\"222222222222\"]")
            + &format!("module \"access\" {{\n  source = \"./role\"\n{providers}}}\n")
    };
    for (providers, account) in
        [("  providers = {\n    aws = aws.b\n  }\n", "222222222222"), ("", "333333333333")]
    {
        let (case, ran) = from(&[("main.tf", &root(providers)), ("role/main.tf", &module)], &[]);
        ran.exits(0);
        assert_eq!(roles(&case), [format!("{account}/deploy")]);
    }
    let (_, ran) = from(&[("main.tf", &root("  providers = var.given\n")), ("role/main.tf", &module)], &[]);
    ran.exits(1).says("nothing says in which account this role is");
}

/// What a module makes is made where the module is.
#[test]
fn a_module_that_may_not_be_called_makes_nothing() {
    let module = guard("222222222222") + &role("deploy", &arn("111111111111", "role/ci"), "");
    let root = |count: &str| {
        format!("variable \"on\" {{}}\nmodule \"m\" {{\n  count = {count}\n  source = \"./m\"\n}}\n")
    };
    for (count, is_made) in [("1", true), ("0", false), ("var.on ? 1 : 0", false)] {
        let (case, ran) = from(&[("main.tf", &root(count)), ("m/main.tf", &module)], &[]);
        if is_made {
            ran.exits(0);
            assert_eq!(roles(&case), ["222222222222/deploy"]);
        } else {
            ran.exits(1).says("in/main.tf:3:3");
            assert!(!case.at("crossrole.yaml").exists(), "{count}");
        }
    }
}

#[test]
fn files_of_other_tools_are_named() {
    let prod = assuming("prod", &arn("222222222222", "role/Deploy"));
    for name in ["terragrunt.hcl", "live/terragrunt.hcl", "main.tfdeploy.hcl"] {
        let (case, ran) = from(&[(name, "inputs = {}\n"), ("main.tf", &prod)], &SOURCE);
        ran.exits(0).says(&format!("in/{name}:1:1"));
        assert_eq!(roles(&case), ["222222222222/Deploy"]);
        let (_, ran) = from(&[(name, "inputs = {}\n")], &SOURCE);
        ran.exits(1).says("nothing that is read here");
    }
    let (_, ran) = from(&[("main.tf", &prod), ("README.md", "# notes\n"), ("x.json", "{}")], &SOURCE);
    assert!(!ran.exits(0).stderr.contains("note"));
    let json = "{\"provider\": {\"aws\": [{\"alias\": \"b\", \"assume_role\": [{\"role_arn\": \"arn:aws:iam::222222222222:role/Deploy\"}]}]}}";
    for name in ["main.tf.json", "main.tofu.json"] {
        let (case, ran) = from(&[(name, json)], &SOURCE);
        ran.exits(0);
        assert_eq!(roles(&case), ["222222222222/Deploy"]);
    }
}

/// Terraform refuses the argument as soon as the provider is used, so a word is said of it.
#[test]
fn assume_role_as_an_argument_is_read_and_named() {
    let text = assuming("prod", &arn("222222222222", "role/Deploy"))
        + &provider(
            "  alias = \"dr\"\n  assume_role = [{ role_arn = \"arn:aws:iam::333333333333:role/Deploy\" }]",
        );
    let (case, ran) = one(&text, &SOURCE);
    ran.exits(0).says("`assume_role` is read as a block").says("in/main.tf:9:3");
    assert_eq!(roles(&case), ["333333333333/Deploy", "222222222222/Deploy"]);
}
