//! A spec says nothing that the source does not say for certain, and everything left out is named, once
//! per kind, with its places.

use serde_json::{Value, json};

use super::terraform::from;
use crate::support::{Case, Ran};

pub(super) const SOURCE: [&str; 2] = ["--set", "source.account_id=111111111111"];

pub(super) fn spec(case: &Case) -> Value {
    serde_yaml::from_str(&case.read("crossrole.yaml")).expect("YAML")
}

/// A role, with `AWS` principals or a whole `Principal`, and more of its one statement.
pub(super) fn role(name: &str, principal: &str, more: &str) -> String {
    let principal =
        if principal.starts_with('{') { principal.to_owned() } else { format!("{{ AWS = {principal} }}") };
    format!(
        "resource \"aws_iam_role\" \"{name}\" {{\n  name = \"{name}\"\n  assume_role_policy = jsonencode({{ Statement = [{{ Effect = \"Allow\", Action = \"sts:AssumeRole\", Principal = {principal}{more} }}] }})\n}}\n"
    )
}

pub(super) fn provider(more: &str) -> String {
    format!("provider \"aws\" {{\n{more}\n}}\n")
}

pub(super) fn guard(account: &str) -> String {
    provider(&format!("  allowed_account_ids = [\"{account}\"]"))
}

pub(super) fn assuming(alias: &str, role_arn: &str) -> String {
    provider(&format!("  alias = \"{alias}\"\n  assume_role {{\n    role_arn = {role_arn}\n  }}"))
}

pub(super) fn arn(account: &str, name: &str) -> String {
    format!("\"arn:aws:iam::{account}:{name}\"")
}

/// `222222222222/Deploy` for each target.
pub(super) fn roles(case: &Case) -> Vec<String> {
    let spec = spec(case);
    let of = |target: &Value| {
        let role = target["role"]["name"].as_str().or(spec["defaults"]["role"]["name"].as_str());
        format!("{}/{}", target["account_id"].as_str().expect("an account"), role.expect("a role"))
    };
    spec["targets"].as_array().expect("targets").iter().map(of).collect()
}

pub(super) fn one(text: &str, arguments: &[&str]) -> (Case, Ran) {
    from(&[("main.tf", text)], arguments)
}

#[test]
fn a_role_of_its_own_account_alone_is_no_target() {
    let own = guard("222222222222") + &role("internal", &arn("222222222222", "root"), "");
    let (case, ran) = one(&(own.clone() + &assuming("c", &arn("444444444444", "role/Deploy"))), &SOURCE);
    ran.exits(0).says("in/main.tf:4:1").says("only its own account is let in");
    assert_eq!(roles(&case), ["444444444444/Deploy"]);

    let foreign = own.replace("222222222222:root", "111111111111:root");
    let (case, ran) = one(&foreign, &SOURCE);
    assert!(!ran.exits(0).stderr.contains("note"), "a role of the source account is carried over in silence");
    assert_eq!(roles(&case), ["222222222222/internal"]);

    // Two of them, alone: not a target that is the source.
    let two = own.clone() + &role("app", &arn("222222222222", "role/job"), "");
    let (case, ran) = one(&two, &[]);
    let ran = ran.exits(1).says("none of 2 roles");
    assert!(!ran.stderr.contains("CR002") && !case.at("crossrole.yaml").exists(), "{}", ran.stderr);
    assert!(ran.stderr.contains("in/main.tf:4") && ran.stderr.contains("in/main.tf:8"), "{}", ran.stderr);
}

#[test]
fn callers_are_those_of_the_source_account() {
    let text = guard("222222222222")
        + &role("one", &arn("222222222222", "role/app"), "")
        + &role("two", &arn("222222222222", "role/job"), "")
        + &role("deploy", &arn("111111111111", "role/ci"), "");
    let (case, ran) = one(&text, &[]);
    ran.exits(0);
    assert_eq!(roles(&case), ["222222222222/deploy"]);
    assert_eq!(spec(&case)["source"]["account_id"], "111111111111");
    assert_eq!(spec(&case)["source"]["callers"], json!([{ "kind": "role", "name": "ci" }]));

    // Callers of two accounts: nobody says which is the source.
    let both = text.clone() + &role("vendor", &arn("999999999999", "role/scan"), "");
    let (case, ran) = one(&both, &[]);
    ran.exits(64).says("callers of 2 accounts").says("111111111111, 999999999999");
    assert!(!case.at("crossrole.yaml").exists());
    let (case, ran) = one(&both, &["--set", "source.account_id=999999999999"]);
    ran.exits(0).says("other accounts than the source account");
    assert_eq!(spec(&case)["source"]["callers"], json!([{ "kind": "role", "name": "scan" }]));

    // Its own account and the source: the source's caller alone.
    let mixed = guard("222222222222")
        + &role("a", "[\"arn:aws:iam::222222222222:root\", \"arn:aws:iam::111111111111:role/ci\"]", "");
    let (case, ran) = one(&mixed, &SOURCE);
    ran.exits(0).says("will be locked out");
    assert_eq!(spec(&case)["source"]["callers"], json!([{ "kind": "role", "name": "ci" }]));
}

#[test]
fn the_source_is_not_taken_from_a_provider_that_may_assume_something() {
    let prod = assuming("prod", &arn("222222222222", "role/Deploy"));
    let accepts = "  alias = \"spoke\"\n  allowed_account_ids = [\"333333333333\"]\n";
    for spoke in [
        "  assume_role {\n    role_arn = \"arn:aws:iam::444444444444:role/Hub\"\n  }\n  assume_role {\n    role_arn = \"arn:aws:iam::333333333333:role/Spoke\"\n  }",
        "  assume_role {\n    role_arn = var.x\n  }",
        "  assume_role = [{ role_arn = var.x }]",
        "  dynamic \"assume_role\" {\n    for_each = var.x\n    content {\n      role_arn = assume_role.value\n    }\n  }",
        "  assume_role_with_web_identity {\n    role_arn = \"arn:aws:iam::333333333333:role/Spoke\"\n  }",
        "  profile = \"spoke\"",
        "  access_key = var.x",
    ] {
        let text = format!("variable \"x\" {{}}\n{prod}{}", provider(&format!("{accepts}{spoke}")));
        let (case, ran) = one(&text, &[]);
        ran.exits(64).says("source.account_id");
        assert!(!case.at("crossrole.yaml").exists(), "{spoke}");
        let (case, ran) = one(&text, &SOURCE);
        ran.exits(0);
        assert!(roles(&case).contains(&"222222222222/Deploy".to_owned()), "{spoke}");
    }
    let plain = prod.clone() + &provider("  alias = \"a\"\n  allowed_account_ids = [\"111111111111\"]");
    let (case, ran) = one(&plain, &[]);
    assert!(!ran.exits(0).stderr.contains("note"));
    assert_eq!(spec(&case)["source"]["account_id"], "111111111111");
    // One of another folder has credentials of its own, for all that is known.
    let (_, ran) = from(&[("a/main.tf", &prod), ("b/main.tf", &guard("111111111111"))], &[]);
    ran.exits(64);
}

#[test]
fn what_count_does_not_make_is_left_out() {
    let base = guard("222222222222") + &role("r", &arn("111111111111", "role/ci"), "");
    let attached = "resource \"aws_iam_role_policy_attachment\" \"a\" {\n  count = COUNT\n  role = aws_iam_role.r.name\n  policy_arn = \"arn:aws:iam::aws:policy/AdministratorAccess\"\n}\nvariable \"admin\" {\n  default = false\n}\nvariable \"open\" {}\n";
    for count in ["0", "var.admin ? 1 : 0", "var.open ? 1 : 0", "var.open"] {
        let (case, ran) = one(&(base.clone() + &attached.replace("COUNT", count)), &[]);
        ran.exits(0).says("in/main.tf:9:3");
        assert!(!case.read("crossrole.yaml").contains("policy_arns"), "{count}");
    }
    let (case, ran) = one(&(base.clone() + &attached.replace("COUNT", "1")), &[]);
    assert!(!ran.exits(0).stderr.contains("note"));
    assert!(case.read("crossrole.yaml").contains("AdministratorAccess"));

    // A role that may not be there is no target.
    let text = base.replace("  name = \"r\"", "  count = var.open ? 1 : 0\n  name = \"r\"")
        + "variable \"open\" {}\n";
    let (case, ran) = one(&text, &[]);
    ran.exits(1)
        .says("in/main.tf:5:3")
        .says("whether it is created is only known at run time")
        .says("--var open=VALUE");
    assert!(!case.at("crossrole.yaml").exists());
    let (case, ran) = one(&text, &["--var", "open=true"]);
    ran.exits(0);
    assert_eq!(roles(&case), ["222222222222/r"]);
}

#[test]
fn whoever_is_let_in_is_carried_over_or_named() {
    let base = guard("222222222222");
    for (principal, more) in [
        ("\"*\"", ""),
        ("\"arn:aws:sts::111111111111:assumed-role/ci/build\"", ""),
        ("\"*\"", ", Condition = { StringEquals = { \"aws:PrincipalOrgID\" = \"o-a1b2c3d4e5\" } }"),
    ] {
        let (_, ran) = one(&(base.clone() + &role("r", principal, more)), &[]);
        let ran = ran.exits(1).says("lets in principals that a spec cannot name");
        assert!(!ran.stderr.contains("no other account"), "{principal}");
        assert!(!ran.stderr.contains("nothing here assumes"), "{principal}");
    }
    let closed = base.clone() + &role("r", "{ Service = \"ec2.amazonaws.com\" }", "");
    one(&closed, &[]).1.exits(1).says("no other account is let in");

    let plain = base.clone() + &role("r", &arn("111111111111", "root"), "");
    for action in ["Action = \"sts:AssumeRole*\"", "Action = \"STS:*\"", "NotAction = \"sts:TagSession\""] {
        let (case, ran) = one(&plain.replace("Action = \"sts:AssumeRole\"", action), &[]);
        assert!(!ran.exits(0).stderr.contains("warning"), "{action}");
        assert_eq!(spec(&case)["source"]["callers"], json!([{ "kind": "account" }]), "{action}");
    }
    let (_, ran) = one(&plain.replace("Action = \"sts:AssumeRole\"", "NotAction = \"sts:*\""), &[]);
    ran.exits(1).says("no other account is let in");

    // One that is not carried over is locked out: nothing is wider.
    let service = "{ AWS = \"arn:aws:iam::111111111111:role/ci\", Service = \"ec2.amazonaws.com\" }";
    let (_, ran) = one(&(base.clone() + &role("r", service, "")), &[]);
    let ran = ran.exits(0).says("will be locked out: `ec2.amazonaws.com`");
    assert!(!ran.stderr.contains("trust widened"), "{}", ran.stderr);
    let lost = ", Condition = { IpAddress = { \"aws:SourceIp\" = \"192.0.2.0/24\" } }";
    let (_, ran) = one(&(base + &role("r", &arn("111111111111", "role/ci"), lost)), &[]);
    ran.exits(0).says("warning: trust widened: the condition `IpAddress` on `aws:SourceIp`");
}

#[test]
fn an_external_id_is_asked_of_those_who_send_it() {
    let id = "0f5b9f4e-55a5-4f6f-9c31-2f4c3c3f9e11";
    let asks = format!(", Condition = {{ StringEquals = {{ \"sts:ExternalId\" = \"{id}\" }} }}");
    let second = format!(
        "}}, {{ Effect = \"Allow\", Action = \"sts:AssumeRole\", Principal = {{ AWS = \"arn:aws:iam::111111111111:role/b\" }}{asks} }}]"
    );
    let base = guard("222222222222") + &role("r", &arn("111111111111", "role/a"), "");
    let (case, ran) = one(&base.replace("}]", &second), &[]);
    ran.exits(0).says("will need one: role `a`").says("in/main.tf:4:1");
    assert_eq!(spec(&case)["targets"][0]["role"]["external_id"], id);
    let both = guard("222222222222") + &role("r", &arn("111111111111", "role/a"), &asks);
    let (case, ran) = one(&both.replacen("}]", &second, 1), &[]);
    assert!(!ran.exits(0).stderr.contains("note"));
    assert_eq!(spec(&case)["targets"][0]["role"]["external_id"], id);
}

#[test]
fn whatever_attaches_policies_is_followed_or_named() {
    let base = guard("222222222222") + &role("r", &arn("111111111111", "role/ci"), "");
    let arn = "arn:aws:iam::aws:policy/PowerUserAccess";
    for more in [
        format!(
            "resource \"aws_iam_policy_attachment\" \"a\" {{\n  roles = [aws_iam_role.r.name]\n  policy_arn = \"{arn}\"\n}}\n"
        ),
        format!(
            "resource \"aws_iam_role_policy_attachments_exclusive\" \"a\" {{\n  role_name = aws_iam_role.r.name\n  policy_arns = [\"{arn}\"]\n}}\n"
        ),
        format!(
            "resource \"aws_iam_role_policy_attachment\" \"a\" {{\n  role = \"r\"\n  policy_arn = \"{arn}\"\n}}\n"
        ),
    ] {
        let (case, ran) = one(&(base.clone() + &more), &[]);
        assert!(!ran.exits(0).stderr.contains("note"), "{more}");
        assert_eq!(spec(&case)["targets"][0]["role"]["policy_arns"], json!([arn]), "{more}");
    }
    let elsewhere = format!(
        "resource \"aws_iam_role_policy_attachment\" \"a\" {{\n  role = \"other\"\n  policy_arn = \"{arn}\"\n}}\n"
    );
    let (_, ran) = one(&(base + &elsewhere), &[]);
    ran.exits(0).says("in/main.tf:9:3").says("nothing here says which role");
}

/// What a provider sends and nobody knows is not said not to be sent.
#[test]
fn an_external_id_that_is_not_known_is_said_once() {
    let asks =
        ", Condition = { StringEquals = { \"sts:ExternalId\" = \"0f5b9f4e-55a5-4f6f-9c31-2f4c3c3f9e11\" } }";
    let text = format!(
        "variable \"id\" {{}}\n{}{}",
        provider(
            "  assume_role {\n    role_arn = \"arn:aws:iam::222222222222:role/r\"\n    external_id = var.id\n  }"
        ),
        role("r", &arn("111111111111", "role/ci"), asks)
    );
    let (_, ran) = one(&text, &[]);
    let ran = ran.exits(0).says("`external_id` is not carried over: it depends on `var.id`");
    assert!(!ran.stderr.contains("does not send"), "{}", ran.stderr);
}

#[test]
fn one_kind_is_said_once_and_the_error_comes_last() {
    let one_provider = |index: usize| {
        format!(
            "variable \"v{index}\" {{}}\nprovider \"aws\" {{\n  alias = \"p{index}\"\n  ignore_tags {{\n    keys = []\n  }}\n  assume_role {{\n    role_arn = \"arn:aws:iam::${{var.v{index}}}:role/x\"\n  }}\n}}\n"
        )
    };
    let text: String = (0..600).map(one_provider).collect();
    let (_, ran) = one(&text, &SOURCE);
    let said = ran.exits(1).stderr;
    assert_eq!(said.lines().filter(|line| line.starts_with("note: ")).count(), 2, "{said}");
    for words in [
        "ignore_tags` is not carried over (600 places)",
        "`var.v0`",
        "and 597 more (600 places)",
        "pass `--var v0=VALUE`, `--var v1=VALUE`, `--var v2=VALUE`, and 597 more",
        "in/main.tf:4:3",
        "and 589 more places",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let last = said.rfind("note: ").expect("notes");
    assert!(said.rfind("error: 600 providers assume roles").is_some_and(|error| error > last), "{said}");
    let (_, ran) = one(&text, &["--set", "source.account_id=111111111111", "--verbose"]);
    ran.exits(1).says("in/main.tf:5994:3");

    // What is not known is not said not to be there.
    let (_, ran) = one(&one_provider(1), &SOURCE);
    let ran = ran.exits(1).says("1 provider assumes a role").says("--var v1=VALUE");
    assert!(!ran.stderr.contains("nothing here assumes"), "{}", ran.stderr);
}

/// What stands in a line that is shown is not for everybody's eyes.
#[test]
fn no_secret_is_printed() {
    let text = assuming("prod", &arn("222222222222", "role/Deploy"))
        + &provider(
            "  alias = \"b\"\n  access_key = \"AKIAIOSFODNN7EXAMPLE\"\n  secret_key = \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"",
        );
    let (case, ran) = one(&text, &SOURCE);
    let said = ran.exits(0).stderr + &case.read("crossrole.yaml");
    assert!(said.contains("`secret_key` is not carried over"), "{said}");
    assert!(!said.contains("AKIAIOSF") && !said.contains("wJalr"), "{said}");
}
