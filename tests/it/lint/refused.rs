//! What IAM refuses when a policy is saved, each with its neighbour that IAM takes; in a file, in Terraform and in a
//! spec it is the same reader that finds it.

use std::fs;

use crossrole::diagnostic::{Level, Source};
use crossrole::lint;
use serde_json::{Value, json};

use super::findings;
use crate::support::{crossrole, run, temporary};

/// The errors that a policy has, each with the text it is about in its message.
fn errors(policy: &Value) -> Vec<(String, String)> {
    let report = lint::policy(&Source::new("policy.json", policy.to_string())).expect("a policy");
    let errors = report.findings.iter().filter(|found| found.diagnostic.level == Level::Error);
    errors
        .map(|found| (found.diagnostic.id.unwrap_or_default().to_owned(), found.diagnostic.message.clone()))
        .collect()
}

fn policy(statement: &Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

fn trust(key: &str, value: &Value) -> Value {
    let mut statement = json!({
        "Effect": "Allow",
        "Principal": { "AWS": "arn:aws:iam::111111111111:role/ci" },
        "Action": "sts:AssumeRole",
    });
    statement[key] = value.clone();
    policy(&statement)
}

fn identity(key: &str, value: &Value) -> Value {
    let mut statement =
        json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme/*" });
    statement[key] = value.clone();
    policy(&statement)
}

#[track_caller]
fn refused(id: &str, policies: impl IntoIterator<Item = Value>) {
    for policy in policies {
        let found = errors(&policy);
        assert!(found.len() == 1 && found[0].0 == id, "{policy} is not refused with {id} alone: {found:?}");
    }
}

#[track_caller]
fn taken(policies: impl IntoIterator<Item = Value>) {
    for policy in policies {
        assert_eq!(errors(&policy), [], "{policy}");
    }
}

#[test]
fn a_sid_has_letters_and_digits() {
    for sid in ["read data", "read-data", "read_data", "read.data", "Größe"] {
        refused("CR100", [trust("Sid", &json!(sid)), identity("Sid", &json!(sid))]);
    }
    for sid in ["", "ReadData1", "7"] {
        taken([trust("Sid", &json!(sid)), identity("Sid", &json!(sid))]);
    }
    let of_key = json!({
        "Sid": "Enable IAM User Permissions", "Effect": "Allow", "Action": "kms:*", "Resource": "*",
        "Principal": { "AWS": "arn:aws:iam::111111111111:root" },
    });
    taken([policy(&of_key)]);
}

#[test]
fn a_principal_is_spelled_as_iam_spells_it() {
    let of = |kind: &str, who: &str| trust("Principal", &json!({ kind: who }));
    let aws = [
        "arn:aws:iam::1234567890:root",
        "arn:aws:iam::1122334455660:root",
        "12345678901",
        "1111-1111-1111",
        "arn:aws::iam::111111111111:root",
        "arn:aws:iam::111111111111/role/x",
        "arn:aws:iam:us-east-1:111111111111:role/x",
        "arn:aws:iam::111111111111:assumed-role/x/y",
        "arn:aws:sts::111111111111:assumed-role/x",
        "arn:aws:sts::111111111111:role/x",
        "arn:aws:iam::111111111111:role/",
        "arn:aws:iam::111111111111:user",
        "arn:aws:iam::111111111111:policy/x",
        "arn:aws:iam::111111111111:group/x",
        "arn:aws:iam::111111111111:oidc-provider/gitlab.com",
        "arn:aws:iam::111111111111:root ",
        " 111111111111",
        "arn:aws:iam::111111111111:role/x\n",
        "arn:awss:iam::111111111111:root",
        "arn:aws:iam::*:root",
        "arn:aws:iam::111111111111:role/*",
        "arn:aws:s3:::bucket",
        "AKIAIOSFODNN7EXAMPLE",
        "ec2.amazonaws.com",
        "79a59df900b949e5",
        "deployer",
    ];
    for who in aws {
        refused("CR012", [of("AWS", who)]);
    }
    for who in
        ["ec2", " lambda.amazonaws.com", "lambda.amazonaws.com ", "arn:aws:lambda:::x", "https://x.com"]
    {
        refused("CR012", [of("Service", who)]);
    }
    refused("CR012", [of("CanonicalUser", "79a59df900b949e5")]);
    let web = |who: &str| {
        let host = if who.starts_with("accounts.") { "accounts.google.com" } else { "gitlab.com" };
        let keys = ["sub", "aud"].map(|key| (format!("{host}:{key}"), json!("x")));
        let claims: serde_json::Map<String, Value> = keys.into_iter().collect();
        policy(&json!({
            "Effect": "Allow", "Principal": { "Federated": who }, "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": { "StringEquals": claims },
        }))
    };
    for who in [
        "*",
        "https://gitlab.com",
        "arn:aws:iam::1111:oidc-provider/gitlab.com",
        "arn:aws:iam::111111111111:role/x",
    ] {
        refused("CR012", [web(who)]);
    }
    taken([
        of("AWS", "111111111111"),
        of("AWS", "arn:aws:iam::111111111111:root"),
        of("AWS", "arn:aws:iam::111111111111:user/ops/terraform"),
        of("AWS", "arn:aws-cn:iam::111111111111:role/service-role/x+=,.@-_"),
        of("AWS", "arn:aws:sts::111111111111:assumed-role/x/y@example.com"),
        of("AWS", "arn:aws:sts::111111111111:federated-user/bob"),
        of("Service", "ec2.amazonaws.com.cn"),
        of("Service", "states.eu-west-1.amazonaws.com"),
        of("Service", "alexa-appkit.amazon.com"),
        web("arn:aws:iam::222222222222:oidc-provider/gitlab.com"),
        web("accounts.google.com"),
    ]);
}

#[test]
fn a_statement_names_somebody_and_a_policy_has_one() {
    refused("CR100", [trust("Principal", &json!({})), trust("Principal", &json!({ "AWS": [] }))]);
    let empty = json!({ "Version": "2012-10-17", "Statement": [] });
    refused("CR100", [empty]);
    taken([json!({ "Version": "2012-10-17", "Statement": identity("Sid", &json!("A"))["Statement"][0] })]);
}

#[test]
fn a_trust_policy_speaks_of_its_own_actions() {
    let wrong = [
        "s3:GetObject",
        "ec2:Describe*",
        "sts:GetCallerIdentity",
        "sts:AssumeRol",
        "sts:Get*",
        "iam:PassRole",
    ];
    for action in wrong {
        refused("CR100", [trust("Action", &json!(["sts:AssumeRole", action]))]);
    }
    let typo = errors(&trust("Action", &json!("sts:AssumeRoles")));
    assert_eq!(typo.len(), 1, "{typo:?}");
    for action in [
        "sts:assumerole",
        "sts:TagSession",
        "STS:SetSourceIdentity",
        "sts:SetContext",
        "sts:*",
        "sts:Assume*",
        "*",
    ] {
        taken([trust("Action", &json!(["sts:AssumeRole", action]))]);
    }
}

#[test]
fn an_action_has_its_service_before_it() {
    for action in
        ["GetObject", "S3-GetObject", "s3*:Get", "s3:", ":GetObject", "s3 :GetObject", "s3: GetObject"]
    {
        refused(
            "CR100",
            [identity("Action", &json!(action)), identity("NotAction", &json!(action))].map(either),
        );
    }
    refused("CR100", [trust("Action", &json!("AssumeRole"))]);
    for action in ["s3:Get*", "ec2:Describe?mages", "execute-api:Invoke", "S3:getobject", "sso-directory:*"] {
        taken([identity("Action", &json!(action))]);
    }
}

/// The same with one of two elements that exclude each other.
fn either(mut policy: Value) -> Value {
    let statement = policy["Statement"][0].as_object_mut().expect("an object");
    if statement.contains_key("NotAction") {
        statement.remove("Action");
    }
    policy
}

#[test]
fn a_resource_is_an_arn() {
    for resource in
        ["acme-data", "s3:::acme", "arn:aws:s3::acme", "arn:aws:s3", "arn:awss:s3:::acme", "Arn:aws:s3:::x"]
    {
        refused("CR100", [identity("Resource", &json!(["arn:aws:s3:::acme", resource]))]);
    }
    let right = [
        "*",
        "arn:aws:s3:::acme",
        "arn:*:s3:::acme",
        "arn:aws-cn:iam::*:role/x",
        "arn:aws:iam::*",
        "arn:${AWS::Partition}:s3:::acme",
        "arn:aws:s3:::acme/${aws:username}/*",
    ];
    for resource in right {
        taken([identity("Resource", &json!(["arn:aws:s3:::acme", resource]))]);
    }
}

#[test]
fn a_condition_key_has_its_service_before_it() {
    let with = |key: &str| json!({ "StringEquals": { key: "5d0e4f439d5c0a4f" } });
    for (key, meant) in [
        ("ExternalId", "sts:ExternalId"),
        ("externalid", "sts:ExternalId"),
        ("PrincipalOrgID", "aws:PrincipalOrgID"),
        ("Frobnicate", "aws:PrincipalOrgID"),
    ] {
        refused("CR100", [trust("Condition", &with(key)), identity("Condition", &with(key))]);
        let policy = Source::new("policy.json", trust("Condition", &with(key)).to_string());
        let report = lint::policy(&policy).expect("a policy");
        assert!(
            report.findings.iter().any(|found| format!("{:?}", found.diagnostic).contains(meant)),
            "{key}"
        );
    }
    for key in ["sts:ExternalId", "STS:EXTERNALID", "aws:PrincipalTag/team", "gitlab.com/x:sub"] {
        taken([identity("Condition", &with(key))]);
    }
}

#[test]
fn operators_have_case() {
    for operator in
        ["stringEquals", "stringequals", "STRINGEQUALS", "StringEqualsIfexists", "forAnyValue:StringEquals"]
    {
        refused(
            "CR101",
            [identity("Condition", &json!({ operator: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }))],
        );
    }
    for operator in ["StringEquals", "StringEqualsIfExists", "ForAnyValue:StringLike"] {
        taken([identity("Condition", &json!({ operator: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }))]);
    }
}

#[test]
fn values_are_of_the_kind_that_is_compared() {
    let with = |operator: &str, key: &str, value: &Value| {
        identity("Condition", &json!({ operator: { key: value } }))
    };
    let date = |value: &str| with("DateGreaterThan", "aws:CurrentTime", &json!(value));
    let network = |value: &str| with("IpAddress", "aws:SourceIp", &json!(value));
    let arn = |value: &str| with("ArnNotEquals", "aws:PrincipalArn", &json!(value));
    let bool = |value: &Value| with("BoolIfExists", "aws:SecureTransport", value);
    let number = |value: &Value| with("NumericEquals", "s3:max-keys", value);
    refused("CR102", ["01/04/2020", "2020-13-01", "yesterday", ""].map(date));
    refused("CR102", ["203.0.113.0/33", "203.0.113.256", "example.com", "2001:db8::/129"].map(network));
    refused("CR102", ["role/x", "deployer", "arn:aws:iam", "111111111111"].map(arn));
    refused("CR102", [json!("yes"), json!(1), json!("")].map(|value| bool(&value)));
    refused("CR102", [json!("ten"), json!(true)].map(|value| number(&value)));
    taken(["2020-04-01T00:00:00Z", "2020-04-01", "1585699200", "2020-04-01T00:00:00"].map(date));
    taken(["203.0.113.0/24", "203.0.113.7", "2001:db8::/32"].map(network));
    taken(["arn:aws:iam::111111111111:role/x", "arn:*", "*", "${aws:PrincipalTag/arn}"].map(arn));
    taken([json!("true"), json!(false), json!("False"), json!("${aws:x}")].map(|value| bool(&value)));
    taken([json!("10"), json!(10), json!("-1.5")].map(|value| number(&value)));
}

/// The policies of repositories of containers name no resource, and are no trust policies for it.
#[test]
fn policies_of_other_services_are_left_to_them() {
    let repository = json!({
        "Sid": "pull images", "Effect": "Allow", "Action": ["ecr:BatchGetImage"],
        "Principal": { "AWS": "arn:aws:iam::111111111111:root" },
    });
    let stack = json!({
        "Effect": "Deny", "Action": "Update:*", "Principal": "*", "Resource": "*",
        "Condition": { "StringEquals": { "ResourceType": ["AWS::RDS::DBInstance"] } },
    });
    taken([policy(&repository), policy(&stack)]);
}

/// What an engine fills in before IAM sees it is not held against a text.
#[test]
fn a_template_is_not_refused_for_what_is_filled_in() {
    taken([
        trust("Principal", &json!({ "AWS": ["arn:aws:iam::${account}:root", "{{ deployer }}"] })),
        trust("Sid", &json!("${name}")),
        identity("Action", &json!(["${service}:Get", "${action}"])),
        identity("Resource", &json!(["${bucket_arn}/*", "{{ arn }}"])),
        identity("Condition", &json!({ "Bool": { "${key}": "${value}" } })),
    ]);
}

#[test]
fn a_policy_that_is_attached_to_somebody_names_nobody() {
    let document = |more: &str| {
        format!(
            r#"jsonencode({{ Version = "2012-10-17", Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Resource = "arn:aws:iam::222222222222:role/x"{more} }}] }})"#
        )
    };
    let folder = temporary();
    let errors = |name: &str, terraform: String| {
        fs::write(folder.path().join(name), terraform).expect("a file");
        let found = findings(folder.path(), name);
        found.iter().filter(|found| found["level"] == "error" && found["id"] == "CR100").count()
    };
    let who = r#", Principal = { AWS = "arn:aws:iam::111111111111:role/x" }"#;
    for kind in ["aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"] {
        let resource = |policy: &str| format!("resource \"{kind}\" \"p\" {{\n  policy = {policy}\n}}\n");
        assert_eq!(errors("wrong.tf", resource(&document(who))), 1, "{kind}");
        assert_eq!(errors("right.tf", resource(&document(""))), 0, "{kind}");
    }
    let inline = |policy: &str| {
        format!("resource \"aws_iam_role\" \"r\" {{\n  inline_policy {{\n    policy = {policy}\n  }}\n}}\n")
    };
    assert_eq!(errors("inline.tf", inline(&document(who))), 1);
    assert_eq!(errors("right.tf", inline(&document(""))), 0);
}

/// `generate` writes nothing of a spec that holds such a policy, in place or in a file, for the role or for its sessions.
#[test]
fn nothing_is_written_that_iam_refuses() {
    let spec = |role: &str, session: &str| {
        format!(
            "version: 1\nsource: {{account_id: \"111111111111\"}}\ntargets:\n  - name: staging\n    account_id: \"222222222222\"\n    role: {{policy_arns: [arn:aws:iam::aws:policy/ReadOnlyAccess]{role}}}\n    session: {{{session}}}\n    verification: {{enabled: false}}\n"
        )
    };
    let wrong = r#"{"Version": "2012-10-17", "Statement": [{"Sid": "Read data", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}"#;
    let right = wrong.replace("Read data", "ReadData");
    for (policy, code) in [(wrong, 1), (&*right, 0)] {
        let in_place = format!(", inline_policies: {{data: {policy}}}");
        for text in [
            spec(&in_place, ""),
            spec(", inline_policies: {data: data.json}", ""),
            spec("", &format!("policy: {policy}")),
        ] {
            let folder = temporary();
            fs::write(folder.path().join("data.json"), policy).expect("a file");
            fs::write(folder.path().join("crossrole.yaml"), &text).expect("a file");
            let ran = run(crossrole().current_dir(folder.path()).args(["generate", "-o", "out"]));
            assert_eq!(ran.code, Some(code), "{text}\n{ran:?}");
            assert_eq!(folder.path().join("out").exists(), code == 0, "{text}");
        }
    }
}
