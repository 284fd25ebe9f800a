//! `explain --terraform`: every role of a folder, as Terraform would make it.

use serde_json::{Value, json};

use crate::support::Case;

fn case(files: &[(&str, &str)]) -> Case {
    let case = Case::new("");
    for (path, text) in files {
        case.write(&format!("infra/{path}"), text);
    }
    case
}

fn shown(case: &Case, code: i32, more: &[&str]) -> Value {
    let fixed = ["explain", "--terraform", "infra", "--format", "json"];
    case.run(&[&fixed, more].concat()).exits(code).json()
}

fn role(name: &str, principal: &str) -> String {
    format!(
        "resource \"aws_iam_role\" \"{name}\" {{\n  name = \"{name}\"\n  assume_role_policy = jsonencode({{ Version = \"2012-10-17\", Statement = {{ Effect = \"Allow\", Principal = {principal}, Action = \"sts:AssumeRole\" }} }})\n}}\n"
    )
}

#[test]
fn whom_each_statement_lets_in_is_said_in_words() {
    let text = r#"
data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "In"
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111111111111:root", "arn:aws:iam::111111111111:user/x"]
    }
    condition {
      test     = "Bool"
      variable = "aws:MultiFactorAuthPresent"
      values   = ["true"]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = ["id-1"]
    }
  }
  statement {
    effect      = "Deny"
    not_actions = ["sts:AssumeRole"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"]
    }
  }
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}
resource "aws_iam_role" "deploy" {
  name                 = "Deploy"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = 14400
  permissions_boundary = "arn:aws:iam::222222222222:policy/B"
  managed_policy_arns  = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
  inline_policy {
    name   = "inside"
    policy = jsonencode({ Version = "2012-10-17", Statement = { Effect = "Allow", Action = "s3:*", Resource = "*" } })
  }
}
resource "aws_iam_policy" "own" {
  name   = "Own"
  policy = jsonencode({ Version = "2012-10-17", Statement = { Effect = "Allow", Action = "s3:*", Resource = "*" } })
}
resource "aws_iam_role_policy_attachment" "own" {
  role       = aws_iam_role.deploy.name
  policy_arn = aws_iam_policy.own.arn
}
"#;
    let case = case(&[("main.tf", text)]);
    let found = shown(&case, 0, &[]);
    let role = &found["roles"][0];
    let said = |index: usize, key: &str| role["trust"][index][key].clone();
    assert_eq!(said(0, "statement"), "In");
    assert_eq!(
        said(0, "who"),
        json!(["anyone in account 111111111111", "`arn:aws:iam::111111111111:user/x`"])
    );
    assert_eq!(said(0, "conditions"), json!(["MFA", "the external ID `id-1`"]));
    assert_eq!((said(1, "effect"), said(1, "who")), (json!("deny"), json!(["anyone in AWS"])));
    assert_eq!(said(1, "actions"), json!(["any action but `sts:AssumeRole`"]));
    let provider = "a user of the identity provider `arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com`";
    assert_eq!(said(2, "who"), json!([provider]));
    assert_eq!(said(3, "who"), json!(["the AWS service `lambda.amazonaws.com`"]));
    assert_eq!(role["name"], "Deploy");
    assert_eq!(
        (&role["longest_session"], &role["permissions_boundary"]),
        (&json!("4h"), &json!("arn:aws:iam::222222222222:policy/B"))
    );
    assert_eq!(
        role["policies"],
        json!([{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, {"name": "inside"}, {"name": "Own"}])
    );
    let text = case.run(&["explain", "--terraform", "infra"]).exits(0).stdout;
    for line in [
        "aws_iam_role.deploy (infra/main.tf:44)",
        "deny  anyone in AWS: any action but `sts:AssumeRole` (statement `Statement[1]`",
        "ok: 1 role, with nothing left unread",
    ] {
        assert!(text.contains(line), "no `{line}` in {text}");
    }
}

/// What Terraform would use is what counts: overrides, the other language, modules as they are called.
#[test]
fn files_are_read_as_terraform_reads_them() {
    let case = case(&[
        ("main.tf", &role("deploy", "{ AWS = \"111111111111\" }")),
        (
            "x_override.tf.json",
            r#"{"resource": {"aws_iam_role": {"deploy": {"assume_role_policy": "${file(\"trust.json\")}"}}}}"#,
        ),
        (
            "trust.json",
            r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}"#,
        ),
        (
            "modules.tf",
            "module \"m\" {\n  source = \"./m\"\n  for_each = toset([\"b\", \"a\"])\n  who = each.key\n}\n",
        ),
        (
            "m/main.tf",
            &format!(
                "variable \"who\" {{}}\n{}",
                role("in-${var.who}", "{ AWS = \"111111111111\" }").replacen("in-${var.who}", "r", 1)
            ),
        ),
    ]);
    let found = shown(&case, 0, &[]);
    let names: Vec<&Value> =
        found["roles"].as_array().expect("a list").iter().map(|role| &role["name"]).collect();
    assert_eq!(names, ["in-a", "in-b", "deploy"]);
    let trust = &found["roles"][2]["trust"][0];
    assert_eq!((&trust["who"], &trust["file"]), (&json!(["anyone in AWS"]), &json!("infra/trust.json")));
}

#[test]
fn what_is_not_known_is_named_with_its_place_and_its_reason() {
    let open = role("open", "{ AWS = \"arn:aws:iam::${var.a}:root\" }");
    let variable = "variable \"a\" {}\n";
    let attached =
        "resource \"aws_iam_role_policy_attachment\" \"x\" {\n  role = \"open\"\n  policy_arn = var.a\n}\n";
    for (text, what) in [
        (format!("{open}{variable}"), "`var.a`, which has no default"),
        (open.replace("{ AWS", "var.b, Ignored = { AWS") + variable + "variable \"b\" {}\n", "`var.b`"),
        (
            role("x", "\"*\"").replace("  name", "  count = var.a\n  name") + variable,
            "whether it is made depends on `var.a`",
        ),
        (
            role("x", "\"*\"").replace("  name", "  permissions_boundary = var.a\n  name") + variable,
            "the permissions boundary depends on `var.a`",
        ),
        (
            role("x", "\"*\"").replace("  name", "  max_session_duration = var.a\n  name") + variable,
            "how long a session may last depends on `var.a`",
        ),
        (role("open", "\"*\"") + variable + attached, "which policy is attached depends on `var.a`"),
        (
            variable.to_owned() + &attached.replace("\"open\"", "var.a"),
            "which role has this policy is not known",
        ),
        ("resource \"aws_iam_role\" \"x\" {}\n".to_owned(), "a role without `assume_role_policy`"),
        (
            "resource \"aws_iam_role\" \"x\" {\n  assume_role_policy = file(\"none.json\")\n}\n".to_owned(),
            "the trust policy depends on",
        ),
        ("resource \"aws_iam_role\" \"x\" {\n  assume_role_policy = \"junk\"\n}\n".to_owned(), "not JSON"),
        (role("x", "{ AWS = \"nobody\" }"), "IAM refuses this policy"),
        (
            "module \"x\" {\n  source = \"terraform-aws-modules/iam/aws\"\n}\n".to_owned(),
            "`module.x` was not read",
        ),
        ("module \"x\" {\n  source = \"./none\"\n}\n".to_owned(), "`module.x` was not read"),
        ("resource \"aws_cloudformation_stack\" \"x\" {}\n".to_owned(), "may make roles"),
        ("resource \"aws_iam_role\" {\n".to_owned(), "this is not Terraform"),
    ] {
        let case = case(&[("main.tf", &text)]);
        let found = shown(&case, 2, &[]);
        assert_eq!(found["ok"], false, "{text}");
        let roles = found["roles"].as_array().expect("a list").iter();
        let lists = roles.map(|role| &role["not_known"]).chain([&found["not_known"]]);
        let gaps: Vec<&Value> = lists.flat_map(|list| list.as_array().expect("a list")).collect();
        let is_said = |gap: &&&Value| gap["what"].as_str().is_some_and(|said| said.contains(what));
        let gap = gaps.iter().find(is_said).unwrap_or_else(|| panic!("no `{what}` in {found:#}"));
        assert_eq!(gap["file"], "infra/main.tf", "{gap}");
        assert!(gap["line"].as_u64().is_some_and(|line| line > 0), "{gap}");
        let text = case.run(&["explain", "--terraform", "infra"]).exits(2).stdout;
        assert!(text.contains("not known: `infra/main.tf:"), "{text}");
    }
    // A value that is given is known.
    let case = case(&[("main.tf", &format!("{open}{variable}"))]);
    let found = shown(&case, 0, &["--var", "a=111111111111"]);
    assert_eq!(found["roles"][0]["trust"][0]["who"], json!(["anyone in account 111111111111"]));
    case.write("a.tfvars", "a = \"222222222222\"\n");
    let found = shown(&case, 0, &["--var-file", "a.tfvars"]);
    assert_eq!(found["roles"][0]["trust"][0]["who"], json!(["anyone in account 222222222222"]));
    case.write("a.tfvars", "a = \n");
    shown(&case, 2, &["--var-file", "a.tfvars"]);
}

/// A file that cannot be read may hold a role.
#[test]
fn a_file_that_is_not_text_is_not_known() {
    let case = case(&[("main.tf", &role("x", "\"*\""))]);
    case.write("infra/latin.tf", b"locals { a = \"caf\xe9\" }\n");
    let found = shown(&case, 2, &[]);
    assert_eq!(found["not_known"][0]["file"], "infra/latin.tf", "{found:#}");
    // What Terraform does not read says nothing.
    let case = self::case(&[("main.tf", &role("x", "\"*\""))]);
    case.write("infra/logo.json", b"\xff");
    shown(&case, 0, &[]);
}

/// A link out of the folder, which Terraform would follow, may hold a role.
#[cfg(unix)]
#[test]
fn a_link_that_is_not_followed_is_not_known() {
    let case = case(&[("main.tf", &role("x", "\"*\""))]);
    case.write("elsewhere.tf", role("y", "\"*\""));
    for name in ["notes.json", "more.tf"] {
        std::os::unix::fs::symlink(case.at("elsewhere.tf"), case.at("infra").join(name)).expect("a link");
        let code = if name == "more.tf" { 2 } else { 0 };
        let found = shown(&case, code, &[]);
        let file = if code == 2 { json!("infra/more.tf") } else { Value::Null };
        assert_eq!(found["not_known"][0]["file"], file, "{found:#}");
    }
}

/// A role of the same name in another root is another role.
#[test]
fn what_is_attached_belongs_to_the_role_of_its_own_root() {
    let root = |policy: &str| {
        role("r", "{ AWS = \"111111111111\" }")
            + &format!(
                "resource \"aws_iam_role_policy_attachment\" \"x\" {{\n  role = aws_iam_role.r.name\n  policy_arn = \"arn:aws:iam::aws:policy/{policy}\"\n}}\n"
            )
    };
    let case = case(&[("a/main.tf", &root("ReadOnlyAccess")), ("b/main.tf", &root("AdministratorAccess"))]);
    let found = shown(&case, 0, &[]);
    for (index, policy) in ["ReadOnlyAccess", "AdministratorAccess"].into_iter().enumerate() {
        let arn = format!("arn:aws:iam::aws:policy/{policy}");
        assert_eq!(found["roles"][index]["policies"], json!([{ "arn": arn }]));
    }
    // A name that only a run would show is that of the resource which is referred to.
    let unnamed = |text: String| text.replace("  name = \"r\"\n", "  name_prefix = \"r-\"\n");
    let case = self::case(&[("main.tf", &unnamed(root("ReadOnlyAccess")))]);
    let found = shown(&case, 0, &[]);
    assert_eq!(found["roles"][0]["name"], Value::Null);
    assert_eq!(found["roles"][0]["policies"], json!([{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]));
}

#[test]
fn a_folder_is_named_that_holds_terraform() {
    let case = case(&[("notes.txt", "x")]);
    case.run(&["explain", "--terraform", "infra"]).exits(1).says("there is no Terraform in `infra`");
    case.run(&["explain", "--terraform", "none"]).exits(1).says("none");
    case.write("infra/main.tf", "locals {}\n");
    let text = case.run(&["explain", "--terraform", "infra"]).exits(0).stdout;
    assert!(text.contains("none makes an `aws_iam_role`"), "{text}");
    case.run(&["explain", "--var", "a=b"]).exits(64).says("--terraform");
    for wrong in [["--target", "x"], ["--principal", "*"], ["-f", "x"], ["--policy", "x"]] {
        case.run(&[&["explain", "--terraform", "infra"][..], &wrong].concat()).exits(64);
    }
}
