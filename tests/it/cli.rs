//! The command line as people and scripts meet it: help, exit codes, streams, colour, and the
//! commands that print what they know.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Case, Ran, SPEC, compare, crossrole, no_complaints, program, repository, run};

/// The names of all commands, as the help lists them.
fn commands() -> Vec<String> {
    let help = run(crossrole().arg("--help")).exits(0).stdout;
    let listed = help.split("\nCommands:\n").nth(1).expect("a list of commands");
    let names = listed.lines().take_while(|line| line.starts_with("  "));
    let names: Vec<String> = names
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .filter(|name| name != "help")
        .collect();
    assert!(names.len() >= 7, "{names:?}");
    names
}

#[test]
fn help_is_as_the_snapshots_show() {
    let mut pages = vec![("crossrole".to_owned(), vec!["--help".to_owned()])];
    for name in commands() {
        pages.push((format!("crossrole-{name}"), vec![name.clone(), "--help".to_owned()]));
    }
    for name in ["list", "test", "eject"] {
        pages.push((
            format!("crossrole-templates-{name}"),
            ["templates", name, "--help"].map(str::to_owned).to_vec(),
        ));
    }
    for name in ["organizations", "terraform"] {
        pages.push((
            format!("crossrole-import-{name}"),
            ["import", name, "--help"].map(str::to_owned).to_vec(),
        ));
    }
    let mut complaints = Vec::new();
    for (name, arguments) in &pages {
        let Ran { stdout, stderr, .. } = run(crossrole().args(arguments).env("COLUMNS", "100")).exits(0);
        assert!(stderr.is_empty() && stdout.contains("Usage: "), "{name}: {stderr}");
        assert!(stdout.lines().all(|line| line.chars().count() <= 100), "{name} fits into 100 columns");
        complaints.extend(compare(&repository("snapshots/help").join(format!("{name}.txt")), &stdout).err());
    }
    no_complaints(&complaints);
    let shown = std::fs::read_dir(repository("snapshots/help")).expect("snapshots").count();
    assert_eq!(shown, pages.len(), "a page is of no command, or missing");
}

#[test]
fn wrong_usage_exits_with_64() {
    let case = Case::new(SPEC);
    for arguments in [
        &[][..],
        &["generat"],
        &["--nonsense"],
        &["generate", "--nonsense"],
        &["generate", "more"],
        &["generate", "--jobs", "0"],
        &["generate", "--jobs", "many"],
        &["generate", "--color", "sometimes"],
        &["generate", "--format", "xml"],
        &["generate", "--only", "nobody"],
        &["generate", "-q", "-v"],
        &["check", "--dry-run"],
        &["completions", "tcsh"],
        &["templates"],
        &["templates", "eject"],
    ] {
        let ran = case.run(arguments).exits(64);
        assert!(ran.stdout.is_empty() && !ran.stderr.is_empty(), "{arguments:?}: {ran:?}");
    }
    assert_eq!(case.files().len(), 1, "nothing was written");
}

#[test]
fn the_version_is_the_package_s() {
    let ran = run(crossrole().arg("--version")).exits(0);
    assert_eq!(ran.stdout, concat!("crossrole ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn a_spec_may_come_from_stdin() {
    let case = Case::generated(SPEC);
    let mut command = crossrole();
    command.current_dir(case.root()).args(["generate", "--spec", "-", "--out", "out"]).write_stdin(SPEC);
    run(&mut command).exits(0);
    let mut out = crate::support::files(&case.at("out"));
    let lock = out.get_mut(".crossrole/lock.yaml").expect("the lock");
    *lock = lock.replace("spec: \"-\"\n", "spec: \"crossrole.yaml\"\n");
    assert!(out.iter().all(|(path, text)| case.read(path) == *text), "it is as from a file");
    let broken =
        run(crossrole().current_dir(case.root()).args(["check", "-f", "-"]).write_stdin("version: 2\n"));
    broken.exits(1).says("--> <stdin>:1:10");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    for arguments in
        [&["schema"][..], &["man"], &["completions", "bash"], &["templates", "list"], &["--help"]]
    {
        let mut child = Command::new(program())
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*stderr), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn colour_is_as_it_is_wished() {
    let case = Case::new("version: 2\n");
    let coloured = |ran: Ran| ran.exits(1).stderr.contains('\u{1b}');
    assert!(!coloured(case.run(&["generate"])), "no terminal, no colour");
    assert!(coloured(case.run(&["generate", "--color", "always"])));
    assert!(!coloured(case.run(&["generate", "--color", "never"])));
    let with = |name: &str, arguments: &[&str]| {
        run(crossrole().current_dir(case.root()).args(arguments).env(name, "1"))
    };
    assert!(!coloured(with("NO_COLOR", &["generate"])));
    assert!(!coloured(with("CLICOLOR_FORCE", &["generate", "--color", "never"])));
    assert!(coloured(with("NO_COLOR", &["generate", "--color", "always"])), "a flag is stronger");
}

#[test]
fn quiet_says_nothing_but_errors() {
    let case = Case::new(SPEC);
    let ran = case.run(&["generate", "--quiet"]).exits(0);
    assert_eq!((&*ran.stdout, &*ran.stderr), ("", ""));
    let ran = case.run(&["check", "-q"]).exits(0);
    assert_eq!((&*ran.stdout, &*ran.stderr), ("", ""));
    case.write("crossrole.yaml", "version: 2\n");
    let ran = case.run(&["generate", "-q"]).exits(1);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("version 2"), "{ran:?}");
}

#[test]
fn the_product_goes_to_stdout_and_the_conversation_to_stderr() {
    let case = Case::new(SPEC);
    let ran = case.run(&["generate"]).exits(0);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("Next:"), "{ran:?}");
    let ran = case.run(&["generate", "--format", "json"]).exits(0);
    assert!(ran.stderr.is_empty(), "{ran:?}");
    let json = ran.json();
    assert_eq!(json["out"], ".", "a path is a path");
    assert_eq!(json["targets"], 1);
    assert_eq!(json["changes"], serde_json::json!([]));
}

#[test]
fn roots_are_listed_in_the_order_to_apply_them() {
    let more = "  - {name: alpha, account_id: \"333333333333\", state: retired}\n  - {name: beta, account_id: \"444444444444\", bootstrap: {from: existing}}\n";
    let case = Case::new(&format!("{SPEC}{more}"));
    let json = case.run(&["list", "--format", "json"]).exits(0).json();
    let roots = json["roots"].as_array().expect("a list");
    let paths: Vec<&str> = roots.iter().filter_map(|root| root["path"].as_str()).collect();
    let wanted = [
        "source",
        "accounts/staging/bootstrap",
        "accounts/alpha/workload",
        "accounts/beta/workload",
        "accounts/staging/workload",
        // What is retired is destroyed last: until then its workload has to be entered.
        "accounts/alpha/bootstrap",
    ];
    assert_eq!(paths, wanted);
    let steps: Vec<u64> = roots.iter().filter_map(|root| root["step"].as_u64()).collect();
    assert_eq!(steps, [1, 2, 3, 3, 3, 4]);
    assert_eq!((&roots[5]["state"], &roots[5]["account_id"]), (&"retired".into(), &"333333333333".into()));
    let text = case.run(&["list"]).exits(0).stdout;
    let rows = text.lines().filter(|line| line.starts_with(char::is_numeric));
    assert!(rows.zip(wanted).all(|(line, path)| line.contains(path)), "{text}");
    case.run(&["generate"]).exits(0);
    case.edit(
        "crossrole.yaml",
        "\"222222222222\"",
        "\"222222222222\"\n    verification: {bucket: acme-check}",
    );
    let changed = case.run(&["list", "--changed"]).exits(0).stdout;
    assert!(changed.lines().count() == 4 && changed.contains("accounts/staging/workload"), "{changed}");
}

#[test]
fn completions_are_there_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = run(crossrole().args(["completions", shell])).exits(0);
        assert!(ran.stderr.is_empty() && commands().iter().all(|name| ran.stdout.contains(name)), "{shell}");
        if shell == "bash" {
            let case = Case::new("");
            case.write("completions.bash", &ran.stdout);
            let read = Command::new("bash").arg("-n").arg(case.at("completions.bash")).status();
            assert!(read.expect("there is a bash").success());
        }
    }
}

#[test]
fn the_manual_page_is_one() {
    let page = run(crossrole().arg("man")).exits(0).stdout;
    assert!(page.contains(".TH crossrole 1"), "{page:.200}");
    for name in commands() {
        assert!(page.contains(&format!(".SH \"CROSSROLE {}\"", name.to_uppercase())), "{name}");
    }
}

#[test]
fn every_command_has_a_manual_page_of_its_own() {
    let case = Case::new("");
    case.run(&["man", "--out", "share/man1"]).exits(0);
    for page in commands().iter().map(String::as_str).chain(["import-terraform", "templates-eject"]) {
        let text = case.read(&format!("share/man1/crossrole-{page}.1"));
        assert!(text.contains(&format!(".TH crossrole-{page} 1")), "{page}: {text:.200}");
    }
    assert!(case.read("share/man1/crossrole.1").contains("crossrole\\-generate(1)"));
    case.run(&["man", "--out", "crossrole.yaml"])
        .exits(1)
        .says("cannot write manual pages to `crossrole.yaml`");
}

#[test]
fn templates_are_listed_with_the_names_they_know() {
    let text = run(crossrole().args(["templates", "list"])).exits(0).stdout;
    for word in ["workload/providers.tf", "for_each: target", "external_id", "pack crossrole version"] {
        assert!(text.contains(word), "no {word} in\n{text}");
    }
}

#[test]
fn the_ejected_pack_writes_what_the_built_in_one_does() {
    let built_in = Case::generated(SPEC);
    let case = Case::new(SPEC);
    case.run(&["templates", "eject", "pack"]).exits(0);
    case.run(&["generate", "--templates", "pack", "--out", "out"]).exits(0);
    let lock = ".crossrole/lock.yaml";
    for (path, text) in crate::support::files(&case.at("out")) {
        let (found, wanted) = if path == lock {
            (without_origin(&text), without_origin(&built_in.read(lock)))
        } else {
            (text, built_in.read(&path))
        };
        assert_eq!(found, wanted, "{path}");
    }
    case.write("with.yaml", format!("{SPEC}templates: ./pack\n"));
    case.run(&["check", "--spec", "with.yaml", "--out", "out"]).exits(2).says("CROSSROLE.md");
    case.run(&["templates", "eject", "pack"]).exits(4).says("not empty");
    case.run(&["templates", "list", "--templates", "pack"]).exits(0);
    case.run(&["templates", "test", "pack"]).exits(0).says("canonical form");
    case.run(&["templates", "test", "pack", "--spec", "with.yaml"]).exits(0).says("ok: 2");
    case.edit("pack/partials/backend.tf.tera", "bucket", "= bucket");
    case.run(&["templates", "test", "pack"]).exits(1).says("backend.tf");
}

/// A lock without what it says of templates and spec.
fn without_origin(lock: &str) -> String {
    lock.lines()
        .filter(|line| !line.starts_with("pack: ") && !line.starts_with("spec: "))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_spec_elsewhere_is_generated_beside_it_with_its_files() {
    let case = Case::new("");
    let spec = format!("{SPEC}    role: {{inline_policies: {{billing: policies/billing.json}}}}\n");
    case.write("infra/prod.yaml", spec);
    case.write(
        "infra/policies/billing.json",
        "{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"ce:*\", \"Resource\": \"*\"}}",
    );
    case.run(&["generate", "--spec", "infra/prod.yaml"]).exits(0);
    assert!(Path::new(&case.at("infra/accounts/staging/bootstrap/policies/billing.json")).exists());
    assert!(!case.at("accounts").exists());
    case.run(&["check", "--spec", "infra/prod.yaml"]).exits(0);
}
