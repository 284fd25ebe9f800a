//! Waivers silence one finding until a day, never an error, and say so when they are of no use.

use super::{findings, ids};
use crate::support::Case;

fn spec(waivers: &str) -> Case {
    Case::new(&format!(
        "version: 1\nsource: {{account_id: \"111111111111\", organization_id: o-a1b2c3d4e5}}\ndefaults: {{role: {{tags: {{owner: a}}, policy_arns: [\"arn:aws:iam::aws:policy/PowerUserAccess\"]}}}}\ntargets:\n  - {{name: one, account_id: \"222222222222\", region: af-south-1}}\n  - {{name: two, account_id: \"333333333333\", region: af-south-1}}\n{waivers}"
    ))
}

fn waiver(id: &str, more: &str, expires: &str) -> String {
    format!("  - {{id: {id}, reason: \"checked by hand\", expires: {expires}{more}}}\n")
}

#[test]
fn a_waiver_silences_its_finding_until_its_last_day() {
    let lines = |waivers: &str| {
        let case = spec(waivers);
        let found = findings(case.root(), "crossrole.yaml");
        found
            .iter()
            .map(|found| format!("{} {}", found["id"].as_str().expect("id"), found["line"]))
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(""), ["CR006 5", "CR006 6"]);
    let all = format!("waivers:\n{}", waiver("CR006", "", "2999-12-31"));
    assert!(lines(&all).is_empty());
    let one = format!("waivers:\n{}", waiver("CR006", ", target: one", "2999-12-31"));
    assert_eq!(lines(&one), ["CR006 6"]);
    let named = format!("waivers:\n{}", waiver("opt-in-region", "", "2999-12-31"));
    assert!(lines(&named).is_empty());
    let over = format!("waivers:\n{}", waiver("CR006", "", "2020-02-29"));
    assert_eq!(lines(&over), ["CR006 5", "CR006 6", "CR098 8"]);
}

#[test]
fn a_waiver_of_no_use_is_a_finding() {
    let useless = [
        waiver("CR011", "", "2999-12-31"),
        waiver("CR006", ", target: one", "2999-12-31"),
        waiver("CR006", ", target: one", "2999-12-31"),
        waiver("CR998", "", "2999-12-31"),
    ];
    let case = spec(&format!("waivers:\n{}", useless.concat()));
    let ran = case.run(&["lint", "--deny", "warning"]).exits(2);
    for said in [
        "this waiver of CR011 has no effect",
        "this waiver of CR006 has no effect",
        "there is no finding CR998",
    ] {
        assert!(ran.stdout.contains(said), "{said}:\n{}", ran.stdout);
    }
}

#[test]
fn no_waiver_silences_an_error() {
    let case = spec(&format!("waivers:\n{}", waiver("CR004", "", "2999-12-31")));
    case.edit("crossrole.yaml", "af-south-1", "cn-north-1");
    assert_eq!(ids(&findings(case.root(), "crossrole.yaml")), ["CR004"]);
    case.run(&["generate"]).exits(1);
}

/// What is waived is silent in `generate` as well.
#[test]
fn generate_knows_waivers_too() {
    let text = "version: 1\nsource: {account_id: \"111111111111\"}\nterraform: {backend: {type: s3, bucket: acme-state, region: us-east-1}}\ntargets:\n  - {name: one, account_id: \"222222222222\", bootstrap: {from: environment}}\n";
    let case = Case::new(text);
    case.run(&["generate"]).exits(0).says("CR076");
    case.write("crossrole.yaml", format!("{text}waivers:\n{}", waiver("CR076", "", "2999-12-31")));
    let ran = case.run(&["generate"]).exits(0);
    assert!(!ran.stderr.contains("CR076"), "{}", ran.stderr);
    case.write("crossrole.yaml", format!("{text}waivers:\n{}", waiver("CR076", "", "2020-12-31")));
    case.run(&["generate"]).exits(0).says("CR076");
}

/// The ids that are found in Terraform, and how many are accepted.
fn found_in(terraform: &str) -> (Vec<String>, String) {
    let case = Case::new("");
    case.write("main.tf", terraform);
    let text = case.run(&["lint", "main.tf"]);
    assert!(!text.stdout.contains("hunter2"), "{}", text.stdout);
    (ids(&findings(case.root(), "main.tf")), text.stderr)
}

/// A comment is about what it stands above, or at the end of, and about nothing else.
#[test]
fn comments_in_terraform_are_waivers() {
    let role = |above: &str, at: &str, inside: &str| {
        format!(
            "{above}\nresource \"aws_iam_role\" \"a\" {{\n  assume_role_policy = jsonencode({{\n    Version = \"2012-10-17\"\n    Statement = [{{\n      Effect = \"Allow\"\n      Action = \"sts:AssumeRole\"\n{inside}\n      Principal = {{ AWS = \"arn:aws:iam::111111111111:role/ci\" }} {at}\n    }}]\n  }})\n}}\n"
        )
    };
    let ignore = "# crossrole:ignore CR013 2999-12-31 it is there, and stays";
    assert_eq!(found_in(&role("", "", "")).0, ["CR013"]);
    for (above, at, inside) in [
        (ignore, "", ""),
        ("", ignore, ""),
        ("", "", ignore),
        ("", "// crossrole:ignore CR013 2999-12-31 it is there", ""),
        (&*format!("# Deploys.\n{ignore}\n# By hand."), "", ""),
        (&format!("{ignore}\r"), "", ""),
    ] {
        let (ids, said) = found_in(&role(above, at, inside));
        assert!(ids.is_empty() && said.contains("1 accepted"), "{above}{at}{inside}: {ids:?} {said}");
    }
    let apart = format!("{ignore}\n\n");
    for (above, at, inside) in [
        (&*apart, "", ""),
        ("# crossrole:ignore CR013", "", ""),
        ("# crossrole:ignore CR013 2999-02-30 no such day", "", ""),
        ("# crossrole:ignore CR013 2999-12-31", "", ""),
        ("# crossrole:ignoreCR013 2999-12-31 a reason", "", ""),
    ] {
        let (ids, _) = found_in(&role(above, at, inside));
        assert_eq!(ids, ["CR013", "CR099"], "{above}{at}{inside}");
    }
    assert_eq!(found_in(&role("# see crossrole:ignore CR013 2999-12-31 above", "", "")).0, ["CR013"]);
    let over = ignore.replace("2999", "2020");
    assert_eq!(found_in(&role(&over, "", "")).0, ["CR013", "CR098"]);
}

/// An error stays, and a credential is not shown for the comment beside it.
#[test]
fn a_comment_silences_no_error_and_shows_no_secret() {
    let text = "provider \"aws\" {\n  allowed_account_ids = [\"111111111111\"]\n  secret_key = \"KEY\" # crossrole:ignore CR070 2999-12-31 it is a test\n}\n";
    let (ids, said) = found_in(&text.replace("KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMAAAKEY"));
    assert!(ids == ["CR070", "CR099"] && !said.contains("wJalr"), "{ids:?} {said}");
    // A word that an emulator takes is not a secret.
    assert!(found_in(&text.replace("KEY", "test")).0.is_empty());
}
