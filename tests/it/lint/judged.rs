//! What could not be judged is named and counted, and never called ok.

use super::{findings, ids, lint};
use crate::support::Case;

const OPEN: &str = r#"jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = "*" }] })"#;

fn role(name: &str, policy: &str) -> String {
    format!(
        "resource \"aws_iam_role\" \"{name}\" {{\n  name               = \"{name}\"\n  assume_role_policy = {policy}\n}}\n"
    )
}

/// A role that trusts what an expression comes to, under a condition.
fn trusting(principal: &str, condition: &str) -> String {
    let statement = format!(
        r#"{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ AWS = {principal} }}, Condition = {condition} }}"#
    );
    format!(
        "variable \"x\" {{}}\n{}",
        role("r", &format!("jsonencode({{ Version = \"2012-10-17\", Statement = [{statement}] }})"))
    )
}

fn permissions(action: &str, resource: &str) -> String {
    format!(
        "variable \"x\" {{}}\nresource \"aws_iam_role_policy\" \"p\" {{\n  role   = \"r\"\n  policy = jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"Allow\", Action = {action}, Resource = {resource} }}] }})\n}}\n"
    )
}

#[test]
fn a_policy_that_nobody_knows_is_named_and_counted() {
    let case = Case::new("");
    case.write("in/main.tf", format!("variable \"x\" {{}}\n{}{}", role("a", "var.x"), role("b", "var.x")));
    let found = findings(case.root(), "in");
    let place = |found: &serde_json::Value| (found["file"].clone(), found["line"].clone());
    assert_eq!(ids(&found), ["CR110"]);
    assert_eq!(
        found.iter().map(place).collect::<Vec<_>>(),
        [("in/main.tf".into(), 4.into()), ("in/main.tf".into(), 8.into())]
    );
    assert!(found.iter().all(|found| found["level"] == "note"), "{found:?}");
    let text = case.run(&["lint", "in"]).exits(0);
    for said in ["`var.x`, which has no default", "in/main.tf:4", "in/main.tf:8"] {
        assert!(text.stdout.contains(said), "{said}: {}", text.stdout);
    }
    assert_eq!(text.stderr.lines().last(), Some("0 policies and 0 providers judged, 2 not"));
    assert!(!text.stderr.contains("ok"), "{}", text.stderr);
    let json = case.run(&["lint", "in", "--format", "json"]).exits(0).json();
    assert_eq!(json["judged"], serde_json::json!({ "policies": 0, "providers": 0, "not": 2 }));
    let sarif = case.run(&["lint", "in", "--format", "sarif"]).exits(0).json();
    let results = sarif["runs"][0]["results"].as_array().expect("a list");
    let line = |result: &serde_json::Value| {
        result["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64()
    };
    assert_eq!(results.iter().map(line).collect::<Vec<_>>(), [Some(4), Some(8)]);
}

#[test]
fn strict_counts_it_as_an_error() {
    let case = Case::new("");
    case.write("in/main.tf", trusting("var.x", "{}"));
    case.run(&["lint", "in"]).exits(0);
    case.run(&["lint", "in", "--strict"]).exits(2);
    // What somebody has looked at is accepted, as any other note.
    let accepted = "  # crossrole:ignore CR110 2999-01-01 the vendor's accounts\n  assume_role_policy";
    case.write("in/main.tf", trusting("var.x", "{}").replace("  assume_role_policy", accepted));
    let ran = case.run(&["lint", "in", "--strict"]).exits(0);
    assert!(ran.stderr.contains("1 not") && !ran.stderr.contains("ok"), "{}", ran.stderr);
    case.write("in/main.tf", trusting("\"arn:aws:iam::111111111111:role/ci\"", "{}"));
    case.run(&["lint", "in", "--strict"]).exits(0);
}

#[test]
fn a_folder_in_which_nothing_is_judged_is_not_ok() {
    let case = Case::new("");
    case.write("in/main.tf", "locals {\n  a = 1\n}\n");
    let ran = case.run(&["lint", "in"]).exits(0);
    assert_eq!(ran.stderr, "nothing was found\n0 policies and 0 providers judged\n");
    case.write("in/main.tf", "provider \"aws\" {\n  allowed_account_ids = [\"222222222222\"]\n}\n");
    let ran = case.run(&["lint", "in"]).exits(0);
    assert_eq!(ran.stderr, "ok: nothing was found\n0 policies and 1 provider judged\n");
}

/// A part counts where a finding could hide in it, and nowhere else.
#[test]
fn only_what_could_hide_a_finding_is_not_judged() {
    let arn = "\"arn:aws:iam::111111111111:root\"";
    let is_named = |text: &str| {
        let case = Case::new("");
        case.write("in/main.tf", text);
        ids(&findings(case.root(), "in")).contains(&"CR110".to_owned())
    };
    for text in [
        trusting("var.x", "{}"),
        trusting("[\"arn:aws:iam::111111111111:root\", var.x]", "{}"),
        trusting(arn, "var.x"),
        trusting(arn, "{ StringLike = { \"aws:PrincipalArn\" = var.x } }"),
        trusting(arn, "{ Bool = { \"aws:MultiFactorAuthPresent\" = var.x } }"),
        permissions("var.x", "\"*\""),
        permissions("\"sts:AssumeRole\"", "var.x"),
        permissions("[\"iam:PassRole\"]", "\"arn:aws:iam::222222222222:role/${var.x}*\""),
    ] {
        assert!(is_named(&text), "{text}");
    }
    for text in [
        trusting("\"arn:aws:iam::${var.x}:root\"", "{ StringEquals = { \"sts:ExternalId\" = var.x } }"),
        trusting("\"arn:aws:iam::${var.x}:role/${var.x}\"", "{}"),
        permissions("\"s3:GetObject\"", "var.x"),
        permissions("\"s3:${var.x}\"", "\"*\""),
        permissions("\"sts:AssumeRole\"", "\"arn:aws:iam::222222222222:role/${var.x}\""),
        permissions("\"iam:GetRole\"", "var.x"),
    ] {
        assert!(!is_named(&text), "{text}");
    }
}

#[test]
fn a_fragment_between_members_is_not_known() {
    let case = Case::new("");
    let heredoc = |condition: &str| {
        let text = format!(
            "<<EOF\n{{\"Version\": \"2012-10-17\", \"Statement\": [\n{{\"Effect\": \"Allow\", \"Principal\": {{\"AWS\": \"*\"}}, \"Action\": \"sts:AssumeRole\"{condition}}}\n]}}\nEOF\n"
        );
        format!("variable \"x\" {{\n  default = \"\"\n}}\n{}", role("r", &text))
    };
    case.write("in/main.tf", heredoc("${var.x}"));
    assert_eq!(ids(&findings(case.root(), "in")), ["CR110"]);
    case.write("in/main.tf", heredoc(", \"Sid\": \"a${var.x}\""));
    assert_eq!(ids(&findings(case.root(), "in")), ["CR010"]);
}

#[test]
fn modules_and_guards_that_are_not_here_are_named() {
    let case = Case::new("");
    case.write("in/main.tf", "module \"vpc\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\nmodule \"near\" {\n  source = \"./near\"\n}\n");
    case.write("in/near/main.tf", role("a", OPEN));
    let found = findings(case.root(), "in");
    assert_eq!(ids(&found), ["CR010", "CR110"]);
    assert_eq!(found.iter().filter(|found| found["id"] == "CR110" && found["line"] == 1).count(), 1);
    case.write("in/main.tf", "variable \"ids\" {}\nprovider \"aws\" {\n  allowed_account_ids = var.ids\n}\n");
    let ran = lint(case.root(), &["in/main.tf"]);
    assert!(ran.stdout.contains("CR110") && ran.stderr.contains("0 providers judged, 1 not"), "{ran:?}");
}

#[test]
fn notes_that_say_the_same_are_shown_once() {
    let case = Case::new("");
    let provider = |name: &str| {
        format!(
            "provider \"aws\" {{\n  alias               = \"{name}\"\n  allowed_account_ids = [\"222222222222\"]\n  assume_role {{\n    role_arn = \"arn:aws:iam::222222222222:role/{name}\"\n  }}\n}}\n"
        )
    };
    let all: String = (0..8).map(|index| provider(&format!("p{index}"))).collect();
    case.write("in/main.tf", all);
    assert_eq!(findings(case.root(), "in").len(), 8);
    let ran = case.run(&["lint", "in", "--deny", "warning"]).exits(0);
    assert_eq!(ran.stdout.matches("note[CR046 shared-session-name]").count(), 1, "{}", ran.stdout);
    assert!(
        ran.stdout.contains("8 places in all, also at in/main.tf:11, ") && ran.stdout.contains(" and 2 more"),
        "{}",
        ran.stdout
    );
    assert!(ran.stderr.contains("8 notes"), "{}", ran.stderr);
}

/// What is known of a principal is judged, whoever's account it is in.
#[test]
fn a_principal_whose_account_nobody_knows_is_judged() {
    let case = Case::new("");
    let found = |text: String| {
        case.write("in/main.tf", text);
        ids(&findings(case.root(), "in"))
    };
    let root = "\"arn:aws:iam::${var.x}:root\"";
    assert_eq!(found(trusting(root, "{}")), ["CR011"]);
    assert_eq!(found(trusting(root, "{ Bool = { \"aws:MultiFactorAuthPresent\" = \"false\" } }")), ["CR011"]);
    assert_eq!(
        found(trusting(root, "{ StringEquals = { \"sts:ExternalId\" = var.x } }")),
        Vec::<String>::new()
    );
    let provider = "resource \"aws_iam_openid_connect_provider\" \"github\" {\n  url = \"https://token.actions.githubusercontent.com\"\n}\n";
    let statement = |subject: &str| {
        format!(
            r#"{{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = {{ Federated = aws_iam_openid_connect_provider.github.arn }}, Condition = {{ StringLike = {{ "token.actions.githubusercontent.com:sub" = "{subject}" }}, StringEquals = {{ "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }} }} }}"#
        )
    };
    let of = |subject: &str| {
        let policy =
            format!("jsonencode({{ Version = \"2012-10-17\", Statement = [{}] }})", statement(subject));
        found(format!("{provider}{}", role("r", &policy)))
    };
    assert_eq!(of("repo:*"), ["CR081"]);
    assert_eq!(of("repo:acme@1/app@2:ref:refs/heads/main"), Vec::<String>::new());
}
