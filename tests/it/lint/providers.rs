//! Where a provider builds, with whose keys, and which one a block means.

use super::findings;
use crate::support::Case;

/// The findings of files, each with its level, in order.
fn said(files: &[(&str, &str)]) -> Vec<String> {
    let case = Case::new("");
    for (name, text) in files {
        case.write(name, text);
    }
    let found = findings(case.root(), "in");
    let one = |found: &serde_json::Value| {
        format!("{} {}", found["id"].as_str().expect("an id"), found["level"].as_str().expect("a level"))
    };
    found.iter().map(one).collect()
}

fn main(text: &str) -> Vec<String> {
    said(&[("in/main.tf", text)])
}

const ARN: &str = "\"arn:aws:iam::222222222222:role/Deploy\"";

/// A provider that assumes a role, in a file of its own.
fn assuming(role_arn: &str, more: &str) -> String {
    format!(
        "variable \"x\" {{}}\nprovider \"aws\" {{\n{more}  assume_role {{\n    role_arn     = {role_arn}\n    session_name = \"ci\"\n  }}\n}}\n"
    )
}

#[test]
fn a_role_that_can_be_empty_is_an_error_and_no_other() {
    for role in [
        "var.x",
        "\"${var.x}\"",
        "lower(var.x)",
        &format!("var.x ? null : {ARN}"),
        &format!("var.x ? {ARN} : \"\""),
        &format!("lookup({{ a = {ARN} }}, var.x, \"\")"),
        &format!("{{ a = {ARN}, b = null }}[var.x]"),
        "try(var.x.arn, null)",
    ] {
        assert_eq!(main(&assuming(role, "")), ["CR071 error"], "{role}");
    }
    for role in [
        ARN,
        "\"arn:aws:iam::${var.x}:role/Deploy\"",
        &format!("var.x ? {ARN} : \"arn:aws:iam::333333333333:role/Deploy\""),
        &format!("lookup({{ a = {ARN} }}, var.x, {ARN})"),
        &format!("{{ a = {ARN}, b = {ARN} }}[var.x]"),
        "format(\"arn:aws:iam::%s:role/Deploy\", var.x)",
    ] {
        assert_eq!(main(&assuming(role, "")), ["CR071 warning"], "{role}");
    }
    let guard = "  allowed_account_ids = [\"222222222222\"]\n";
    assert_eq!(main(&assuming("var.x", guard)), Vec::<String>::new());
    assert_eq!(main(&assuming(ARN, "  allowed_account_ids = []\n")), ["CR071 error"]);
    assert_eq!(main("provider \"aws\" {}\n"), ["CR071 note"]);
}

#[test]
fn a_dynamic_role_can_be_none() {
    let provider = |default: &str| {
        format!(
            "variable \"r\" {{\n  default = {default}\n}}\nprovider \"aws\" {{\n  dynamic \"assume_role\" {{\n    for_each = var.r == null ? [] : [var.r]\n    content {{\n      role_arn     = assume_role.value\n      session_name = \"ci\"\n    }}\n  }}\n}}\n"
        )
    };
    assert_eq!(main(&provider("null")), ["CR071 error"]);
    assert_eq!(main(&provider(ARN)), ["CR071 warning"]);
}

#[test]
fn keys_of_an_emulator_are_not_credentials() {
    let provider =
        |key: &str, more: &str| format!("provider \"aws\" {{\n  access_key = \"{key}\"\n{more}}}\n");
    let guard = "  allowed_account_ids = [\"222222222222\"]\n";
    for word in ["test", "mock_access_key", "fake", "AKIAIOSFODNN7EXAMPLE"] {
        assert_eq!(main(&provider(word, guard)), ["CR070 note"], "{word}");
        assert_eq!(main(&provider(word, "")), ["CR070 note"], "an emulator has no account: {word}");
    }
    assert_eq!(main(&provider("0123456789abcdef0123", guard)), ["CR070 warning"]);
    let local = "  endpoints {\n    s3 = \"http://localhost:4566\"\n  }\n";
    // Put together here, so that no scanner of secrets stops at this file.
    let key = format!("AKIA{}", "IOSFODNN7EXAMAAA");
    assert_eq!(main(&provider(&key, local)), ["CR070 error"]);
    assert_eq!(main(&format!("provider \"aws\" {{\n{local}}}\n")), Vec::<String>::new());
}

#[test]
fn a_key_is_found_wherever_it_stands() {
    let key = format!("ASIA{}", "IOSFODNN7EXAMAAA");
    for text in [
        "resource \"aws_instance\" \"i\" {\n  user_data = <<E\nexport AWS_ACCESS_KEY_ID=KEY\nE\n}\n",
        "locals {\n  a = \"https://KEY:${var.x}@example.com\"\n}\n",
        "output \"o\" {\n  value = jsonencode({ a = [\"id=KEY\"] })\n}\n",
        "# was KEY\n",
    ] {
        let case = Case::new("");
        case.write("in/main.tf", text.replace("KEY", &key));
        let ran = case.run(&["lint", "in"]).exits(2);
        assert!(
            ran.stdout.contains("error[CR070 hardcoded-credential]") && !ran.stdout.contains(&key),
            "{}",
            ran.stdout
        );
        for other in ["AIDAIOSFODNN7EXAMAAA", "AKIA0123", "XAKIAIOSFODNN7EXAMAAA", "akiaiosfodnn7examaaa"] {
            assert!(!main(&text.replace("KEY", other)).iter().any(|said| said.contains("CR070")), "{other}");
        }
    }
}

#[test]
fn a_backend_that_is_completed_elsewhere_is_not_judged() {
    let backend = |settings: &str| format!("terraform {{\n  backend \"s3\" {{\n{settings}  }}\n}}\n");
    assert_eq!(main(&backend("")), Vec::<String>::new());
    assert_eq!(main(&backend("    key = \"k\"\n")), Vec::<String>::new());
    assert_eq!(main(&backend("    bucket = \"b\"\n    key = \"k\"\n")), ["CR077 warning"]);
    assert_eq!(
        main(&backend("    bucket = \"b\"\n    key = \"k\"\n    use_lockfile = true\n")),
        Vec::<String>::new()
    );
}

#[test]
fn an_external_id_of_a_provider_can_be_guessed() {
    let provider = |id: &str| {
        let more = "  allowed_account_ids = [\"222222222222\"]\n";
        main(
            &assuming(ARN, more)
                .replace("    session_name", &format!("    external_id  = {id}\n    session_name")),
        )
    };
    for id in ["\"demo\"", "\"222222222222\"", "\"Deploy\""] {
        assert_eq!(provider(id), ["CR022 warning"], "{id}");
    }
    for id in ["\"7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51\"", "var.x"] {
        assert_eq!(provider(id), Vec::<String>::new(), "{id}");
    }
}

#[test]
fn a_block_may_mean_an_instance_or_what_the_caller_hands_in() {
    let with = |required: &str, provider: &str| {
        format!(
            "{required}provider \"aws\" {{\n  alias               = \"by_region\"\n  for_each            = var.regions\n  allowed_account_ids = [\"222222222222\"]\n}}\nvariable \"regions\" {{\n  type = set(string)\n}}\nresource \"aws_sns_topic\" \"t\" {{\n  provider = {provider}\n}}\n"
        )
    };
    let required = "terraform {\n  required_providers {\n    aws = {\n      source                = \"hashicorp/aws\"\n      configuration_aliases = [aws.dst]\n    }\n  }\n}\n";
    for (required, provider) in [
        ("", "aws.by_region[each.key]"),
        ("", "aws.by_region[\"eu-west-1\"]"),
        ("", "aws"),
        (required, "aws.dst"),
    ] {
        assert_eq!(main(&with(required, provider)), Vec::<String>::new(), "{provider}");
    }
    for (required, provider) in [("", "aws.by_zone[each.key]"), ("", "aws.dst"), (required, "aws.src")] {
        assert_eq!(main(&with(required, provider)), ["CR079 warning"], "{provider}");
    }
}

const ROLE: &str = "resource \"aws_iam_role\" \"r\" {\n  name = \"Deploy\"\n  assume_role_policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"sts:AssumeRole\", Principal = { AWS = \"arn:aws:iam::111111111111:root\" }, Condition = { StringEquals = { \"sts:ExternalId\" = \"7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51\" } } }] })\n}\n";

fn in_account(id: &str) -> String {
    format!("provider \"aws\" {{\n  allowed_account_ids = [\"{id}\"]\n}}\n")
}

/// Two accounts may have a role of one name, and only one of them is the provider's.
#[test]
fn a_role_of_another_account_is_not_compared() {
    let caller = assuming(ARN, "  allowed_account_ids = [\"222222222222\"]\n");
    let other = ROLE.replace("sts:ExternalId", "aws:PrincipalTag/team");
    let said = |a: &str, b: &str| {
        let (a, b) = (format!("{a}{ROLE}"), format!("{b}{other}"));
        said(&[("in/a/main.tf", &a), ("in/b/main.tf", &b), ("in/caller/main.tf", &caller)])
    };
    assert_eq!(said("", ""), Vec::<String>::new());
    assert_eq!(said(&in_account("222222222222"), &in_account("333333333333")), ["CR026 error"]);
    assert_eq!(said(&in_account("333333333333"), &in_account("222222222222")), Vec::<String>::new());
}

/// A module uses the providers of whoever calls it.
#[test]
fn a_module_inherits_its_providers() {
    let caller = assuming(ARN, "  allowed_account_ids = [\"222222222222\"]\n");
    let call = |providers: &str| format!("module \"m\" {{\n  source = \"./m\"\n{providers}}}\n");
    let other = "provider \"aws\" {\n  alias               = \"other\"\n  allowed_account_ids = [\"333333333333\"]\n}\n";
    for (call, account, is_compared) in [
        (call(""), "222222222222", true),
        (call(""), "333333333333", false),
        (call("  providers = {\n    aws = aws.other\n  }\n"), "222222222222", false),
    ] {
        let root = format!("{}{other}{call}", in_account(account));
        let said = said(&[("in/b/main.tf", &root), ("in/b/m/main.tf", ROLE), ("in/caller/main.tf", &caller)]);
        assert_eq!(said == ["CR026 error"], is_compared, "{call}: {said:?}");
    }
}
