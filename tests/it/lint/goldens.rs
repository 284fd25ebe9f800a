//! Each rule has a text that it finds and one on which it is silent: `snapshots/lint/<ID>`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use assert_fs::TempDir;
use crossrole::lint::{Rule, Subject, rules};

use super::{findings, ids, lint};
use crate::support::{cases, compare, name, no_complaints, repository, temporary};

/// Fewer rules than this, and some were lost.
const LEAST_RULES: usize = 80;

fn extension(subject: Subject) -> &'static str {
    match subject {
        Subject::Spec => "yaml",
        Subject::Policy => "json",
        Subject::Terraform => "tf",
    }
}

fn folder(rule: &Rule) -> std::path::PathBuf {
    repository("snapshots/lint").join(rule.id)
}

/// The rules that look at policies find them in Terraform, too; `carriers` proves that for all.
fn needs(rule: &Rule, subject: Subject) -> bool {
    rule.on.contains(&subject) && !(subject == Subject::Terraform && rule.on.contains(&Subject::Policy))
}

/// A folder with one of the files, which the others of its folder have no part in.
fn alone(folder: &Path, file: &str) -> TempDir {
    let alone = temporary();
    fs::copy(folder.join(file), alone.path().join(file)).expect("a copy");
    alone
}

#[test]
fn every_rule_has_a_failing_and_a_passing_text() {
    let rules = rules();
    assert!(rules.len() >= LEAST_RULES, "only {} rules", rules.len());
    let mut complaints = Vec::new();
    for rule in &rules {
        for subject in [Subject::Spec, Subject::Policy, Subject::Terraform] {
            let (fail, pass) =
                (format!("fail.{}", extension(subject)), format!("pass.{}", extension(subject)));
            let is_there = [&fail, &pass].map(|file| folder(rule).join(file).is_file());
            if is_there == [false, false] && !needs(rule, subject) {
                continue;
            }
            if is_there != [true, true] {
                complaints.push(format!("{}: {fail} or {pass} is missing", rule.id));
                continue;
            }
            let failing = ids(&findings(alone(&folder(rule), &fail).path(), &fail));
            let passing = ids(&findings(alone(&folder(rule), &pass).path(), &pass));
            if !failing.contains(&rule.id.to_owned()) {
                complaints.push(format!("{}/{fail} is not found, but {failing:?}", rule.id));
            }
            if passing.contains(&rule.id.to_owned()) {
                complaints.push(format!("{}/{pass} is found", rule.id));
            }
        }
    }
    let folders: BTreeSet<String> = cases("snapshots/lint").iter().map(|case| name(case)).collect();
    let known: BTreeSet<String> = rules.iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(folders, known, "a folder for each rule, and no other");
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn findings_look_as_the_snapshots_show() {
    let complaints: Vec<String> = cases("snapshots/lint").iter().filter_map(|case| shown(case)).collect();
    no_complaints(&complaints);
}

/// All that is said about the failing texts of a rule.
fn shown(case: &Path) -> Option<String> {
    let mut page = String::new();
    for file in ["fail.yaml", "fail.json", "fail.tf"] {
        if case.join(file).is_file() {
            let ran = lint(alone(case, file).path(), &[file]);
            _ = writeln!(page, "== {file}: exit {}", ran.code.expect("no signal ended it"));
            page.push_str(&ran.stdout);
            page.push_str(&ran.stderr);
        }
    }
    compare(&case.join("fail.txt"), &page).err()
}

/// What `generate` refuses is what `lint` finds, under the same ids and in the same words.
#[test]
fn errors_are_those_of_generate() {
    let mut compared = 0;
    for case in cases("snapshots/error") {
        let spec = case.join("spec.yaml");
        let Ok(stderr) = fs::read_to_string(case.join("stderr.txt")) else { continue };
        let is_plain = stderr.starts_with("exit 1\n") && !case.join("args.txt").exists() && spec.is_file();
        // What is no YAML has no findings.
        let json = lint(&case, &["-f", "spec.yaml", "--format", "json"]);
        if !is_plain || json.code != Some(2) {
            continue;
        }
        for finding in json.json()["findings"].as_array().expect("a list") {
            let id = finding["id"].as_str().expect("an id");
            let message = finding["message"].as_str().expect("a message");
            let heading = if id == "CR000" {
                format!("error: {message}")
            } else {
                let name = finding["name"].as_str().expect("a name");
                format!("{}[{id} {name}]: {message}", finding["level"].as_str().expect("a level"))
            };
            assert!(stderr.contains(&heading), "{}: {heading}", case.display());
            compared += 1;
        }
    }
    assert!(compared > 80, "{compared} errors");
}
