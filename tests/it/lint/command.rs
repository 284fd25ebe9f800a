//! The command itself: exit codes, `--deny`, `--explain`, what stands at a path.

use super::{findings, ids, lint};
use crate::support::{Case, SPEC, cases, crossrole, files, repository, run, temporary};

const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "sts:AssumeRole"}}"#;

#[test]
fn the_level_that_is_denied_decides_the_exit_code() {
    let case = Case::new(SPEC);
    case.run(&["lint"]).exits(0);
    case.run(&["lint", "--deny", "error"]).exits(0);
    case.run(&["lint", "--deny", "warning"]).exits(2);
    case.run(&["lint", "--deny", "note"]).exits(2);
    case.write("trust.json", TRUST);
    case.run(&["lint", "trust.json"]).exits(0);
    case.run(&["lint", "trust.json", "--deny", "warning"]).exits(2);
    case.write("trust.json", TRUST.replace("\"111111111111\"", "\"*\""));
    case.run(&["lint", "trust.json"]).exits(2);
}

#[test]
fn what_cannot_be_looked_at_is_an_error() {
    let case = Case::new("a: [\n");
    for (arguments, said) in [
        (&["lint"][..], "this is not YAML"),
        (&["lint", "-f", "none.yaml"], "cannot read the spec"),
        (&["lint", "none.json"], "cannot read `none.json`"),
        (&["lint", "."], "no Terraform"),
        (&["lint", "-f", "crossrole.yaml", "--format", "json"], "this is not YAML"),
    ] {
        let ran = case.run(arguments).exits(1).says(said);
        assert!(ran.stdout.is_empty(), "{ran:?}");
    }
    case.write("crossrole.yaml", "");
    case.run(&["lint"]).exits(1).says("the spec is empty");
    case.write("a.json", "{\"a\": 1}");
    case.run(&["lint", "a.json"]).exits(1).says("not an IAM policy");
    case.write("a.json", "{\"Statement\": [], \"Statement\": []}");
    case.run(&["lint", "a.json"]).exits(1).says("stands here twice");
}

#[test]
fn wrong_usage_exits_with_64() {
    let case = Case::new(SPEC);
    for arguments in [
        &["lint", "--deny", "nothing"][..],
        &["lint", "--format", "xml"],
        &["lint", "-f", "crossrole.yaml", "more"],
        &["lint", "--explain"],
        &["lint", "--explain", "CR011", "more"],
    ] {
        case.run(arguments).exits(64);
    }
    case.run(&["lint", "--explain", "cr22"]).exits(64).says("did you mean `CR022 guessable-external-id`?");
    case.run(&["lint", "--explain", "nonsense"]).exits(64).says("docs/findings.md");
}

#[test]
fn every_rule_explains_itself() {
    let case = Case::new("");
    for rule in crossrole::lint::rules() {
        let page = case.run(&["lint", "--explain", &rule.id.to_lowercase()]).exits(0).stdout;
        assert_eq!(case.run(&["lint", "--explain", rule.name]).exits(0).stdout, page);
        for part in [rule.id, rule.name, rule.title, rule.rationale, rule.fix, rule.source] {
            assert!(!part.is_empty() && page.contains(part), "{}: {part}", rule.id);
        }
        assert!(rule.see.iter().all(|(tool, id)| page.contains(tool) && page.contains(id)), "{}", rule.id);
    }
}

#[test]
fn a_path_says_what_it_is() {
    let case = Case::new(SPEC);
    case.write("trust.json", TRUST);
    case.write("infra/main.tf", "provider \"aws\" {\n  assume_role {}\n}\n");
    case.write("infra/.terraform/modules/x.tf", "this is not read {");
    assert_eq!(ids(&findings(case.root(), "crossrole.yaml")), ["CR011", "CR097", "CR104"]);
    assert_eq!(ids(&findings(case.root(), "trust.json")), ["CR011"]);
    assert_eq!(ids(&findings(case.root(), "infra")), ["CR046", "CR071", "CR072"]);
    assert_eq!(ids(&findings(case.root(), "infra/main.tf")), ["CR046", "CR071", "CR072"]);
    let all = case.run(&["lint", "crossrole.yaml", "trust.json", "infra", "--format", "json"]).exits(2);
    let files: Vec<_> = all.json()["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|found| found["file"].clone())
        .collect();
    assert!(files.contains(&"trust.json".into()) && files.contains(&"infra/main.tf".into()), "{files:?}");
}

#[test]
fn a_spec_may_come_from_stdin() {
    let mut command = crate::support::crossrole();
    command.args(["lint", "-f", "-"]).write_stdin(SPEC);
    let ran = run(&mut command).exits(0);
    assert!(ran.stdout.contains("<stdin>:3:15"), "{}", ran.stdout);
}

#[test]
fn findings_are_the_product_and_the_verdict_is_conversation() {
    let case = Case::new(SPEC);
    let ran = case.run(&["lint"]).exits(0);
    assert!(
        ran.stdout.contains("warning[CR011 account-root-principal]")
            && ran.stderr.contains("2 warnings, 1 note"),
        "{ran:?}"
    );
    let ran = case.run(&["lint", "--quiet"]).exits(0);
    assert!(ran.stdout.contains("warning[CR011 account-root-principal]") && ran.stderr.is_empty(), "{ran:?}");
    let ran = case.run(&["lint", "--format", "json"]).exits(0);
    assert!(ran.stderr.is_empty());
    let keys: Vec<String> =
        ran.json()["findings"][0].as_object().expect("an object").keys().cloned().collect();
    assert_eq!(keys, ["id", "name", "level", "message", "file", "line", "column", "help"]);
}

/// What is shipped is clean, or says why not.
#[test]
fn shipped_examples_are_clean() {
    let mut count = 0;
    for (path, _) in
        files(&repository("examples")).into_iter().filter(|(path, _)| path.ends_with("crossrole.yaml"))
    {
        lint(&repository("examples"), &["-f", &path, "--deny", "note"]).exits(0);
        count += 1;
    }
    assert!(count >= 1);
}

/// Nothing that is generated has an error, whatever spec it is from.
#[test]
fn generated_terraform_has_no_errors() {
    let mut count = 0;
    for case in cases("snapshots/generate") {
        let folder = temporary();
        let (spec, out) = (case.join("spec.yaml"), folder.path().join("out"));
        run(crossrole().args(["generate", "--spec"]).arg(spec).arg("--out").arg(out)).exits(0);
        lint(folder.path(), &["out"]).exits(0);
        count += 1;
    }
    assert!(count >= 16, "{count} trees");
}

/// Both sides of a generated tree fit, and an edit of either that breaks it is found, in its file.
#[test]
fn both_sides_of_a_tree_are_compared() {
    let case = Case::new("");
    let spec = repository("examples/three-accounts/crossrole.yaml");
    let spec = spec.to_str().expect("a path");
    case.run(&["generate", "--spec", spec, "--out", "out"]).exits(0);
    case.run(&["lint", "out"]).exits(0);
    let provider = "out/accounts/acme-prod/workload/providers.tf";
    let trust = "out/accounts/acme-prod/bootstrap/trust-policy.json";
    for (file, from, to, id, place) in [
        (provider, "external_id     = ", "# external_id = ", "CR026", provider),
        (provider, "7f0c2b1e", "8f0c2b1e", "CR026", provider),
        (trust, "sts:TagSession", "sts:GetCallerIdentity", "CR050", provider),
        (trust, "sts:SetSourceIdentity", "sts:GetCallerIdentity", "CR051", provider),
        (provider, "source_identity = ", "duration = \"2h\"\n    source_identity = ", "CR040", provider),
    ] {
        let before = case.read(file);
        assert!(before.contains(from), "{file} holds no `{from}`:\n{before}");
        case.write(file, before.replace(from, to));
        let found = findings(case.root(), "out");
        let is_it = |found: &serde_json::Value| found["id"] == id && found["file"] == place;
        assert!(found.iter().any(is_it), "{id} of {from}: {:?}", ids(&found));
        case.write(file, before);
    }
    // A role that no caller may assume, in whichever policy it stood.
    for caller in ["terraform", "deployer"] {
        let file = format!("out/source/assume/{caller}-1.json");
        case.write(&file, case.read(&file).replace("333333333333", "999999999999"));
    }
    let found = findings(case.root(), "out");
    assert!(
        found.iter().any(|found| found["id"] == "CR067" && found["file"] == provider),
        "{:?}",
        ids(&found)
    );
}

/// A policy that is referred to and was not read is named, and not taken for a sound one.
#[test]
fn policies_in_files_that_were_not_looked_at_are_named() {
    let case = Case::new(SPEC);
    let role = |file: &str| {
        format!(
            "resource \"aws_iam_role\" \"a\" {{\n  name               = \"a\"\n  assume_role_policy = file(\"{file}\")\n}}\n"
        )
    };
    let open = TRUST.replace("\"111111111111\"", "\"*\"");
    case.write("trust.json", &open);
    case.write("infra/trust.json", &open);
    for (file, named) in [
        ("${path.module}/../trust.json", "`trust.json`, which was not looked at"),
        ("${path.module}/lost.json", "`infra/lost.json`, which was not looked at"),
        ("/etc/trust.json", "`/etc/trust.json`, which was not looked at"),
    ] {
        case.write("infra/main.tf", role(file));
        let ran = case.run(&["lint", "infra/main.tf"]).exits(0);
        assert!(ran.stdout.contains(named), "{}", ran.stdout);
    }
    // What is below the folder is read, and found as open as it is.
    case.write("infra/main.tf", role("${path.module}/trust.json"));
    let ran = case.run(&["lint", "infra/main.tf"]).exits(2);
    assert!(!ran.stdout.contains("not looked at"), "{}", ran.stdout);
    let template = "templatefile(\"${path.module}/../trust.tftpl\", {})";
    case.write("infra/main.tf", role("x").replace("file(\"x\")", template));
    let ran = case.run(&["lint", "infra/main.tf"]).exits(0);
    assert!(ran.stdout.contains("`trust.tftpl`, which was not looked at"), "{}", ran.stdout);
    case.write("infra/main.tf", role("${path.module}/../trust.json"));
    let ran = case.run(&["lint", "infra"]);
    assert!(ran.stdout.contains("`trust.json`, which was not looked at"), "{}", ran.stdout);
    let ran = case.run(&["lint", "."]).exits(2);
    assert!(!ran.stdout.contains("not looked at"), "{}", ran.stdout);
}

/// A list that admits the caller's account guards nothing.
#[test]
fn the_accounts_of_a_provider_are_those_of_its_role() {
    let found = |accounts: &str, account: &str| {
        let case = Case::new(SPEC);
        let hop = format!(
            "  assume_role {{\n    role_arn     = \"arn:aws:iam::{account}:role/R\"\n    session_name = \"a\"\n  }}\n"
        );
        case.write("main.tf", format!("provider \"aws\" {{\n  allowed_account_ids = {accounts}\n{hop}}}\n"));
        ids(&findings(case.root(), "main.tf")).contains(&"CR071".to_owned())
    };
    let (a, b) = ("\"111111111111\"", "\"222222222222\"");
    assert!(found(&format!("[{b}, {a}]"), "222222222222"));
    assert!(found(&format!("[{a}]"), "222222222222"));
    assert!(found("[]", "222222222222"));
    assert!(!found(&format!("[{b}]"), "222222222222"));
    assert!(!found(&format!("[{b}, {b}]"), "222222222222"));
    assert!(!found("[var.account]", "222222222222"));
    assert!(!found(&format!("[{b}, {a}]"), "${var.account}"), "only a run shows the account");
}

/// What only systems with links can show.
#[cfg(unix)]
mod unix {
    use std::os::unix::fs::symlink;

    use crate::lint::{findings, ids, lint};
    use crate::support::Case;

    const PROVIDER: &str =
        "provider \"aws\" {\n  assume_role {\n    role_arn     = \"\"\n    session_name = \"a\"\n  }\n}\n";

    /// As terraform does, and no further than the tree that was named.
    #[test]
    fn links_are_followed_inside_the_tree() {
        let case = Case::new("");
        case.write("in/sources/providers.tf", PROVIDER);
        case.write("out/other.tf", PROVIDER);
        case.write("in/root/main.tf", "locals {}\n");
        let lines = |links: &[(&str, &str)]| {
            for (target, link) in links {
                symlink(target, case.at(&format!("in/root/{link}"))).expect("a link");
            }
            let found = findings(case.root(), "in");
            let files: Vec<String> = found
                .iter()
                .filter(|found| found["id"] == "CR072")
                .map(|found| found["file"].as_str().expect("a file").to_owned())
                .collect();
            (files, lint(case.root(), &["in"]))
        };
        let own = || "in/sources/providers.tf".to_owned();
        assert_eq!(lines(&[]).0, [own()]);
        let (files, ran) = lines(&[("../sources/providers.tf", "providers.tf"), ("../sources", "folder")]);
        assert_eq!(files, ["in/root/providers.tf".to_owned(), own()]);
        assert!(!ran.stderr.contains("link"), "{}", ran.stderr);
        let more = [("../../out/other.tf", "far.tf"), ("nowhere.tf", "lost.tf"), ("../sources", "odd.tf")];
        let (files, ran) = lines(&more);
        assert_eq!(files.len(), 2, "{files:?}");
        for said in [
            "warning: the link `in/root/far.tf` is not followed: it leads out of `in`",
            "warning: the link `in/root/lost.tf` leads nowhere",
            "warning: the link `in/root/odd.tf` does not lead to a file",
        ] {
            assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
        }
        // Whoever names a link means it.
        assert!(ids(&findings(case.root(), "in/root/far.tf")).contains(&"CR072".to_owned()));
        case.write("only/providers.txt", PROVIDER);
        symlink("providers.txt", case.at("only/a.tf")).expect("a link");
        assert!(ids(&findings(case.root(), "only")).contains(&"CR072".to_owned()));
    }
}
