//! `pipelines/run.sh`, with a stand-in for Terraform.

use std::path::Path;
use std::process::Command;

use super::since::fleet;
use crate::oracle::oracle;
use crate::support::{Case, Ran, commit_all, git};

/// A Terraform that writes down what it is asked, and fails where a file says so.
const TERRAFORM: &str = r#"#!/bin/sh
root=${1#-chdir=}
echo "$2 $root ${TF_VAR_role:-}" >>"$LOG"
for word; do case $word in -out=*) echo "plan of $root" >"${word#-out=}";; esac; done
if [ "$2" = show ] && [ "$3" = -json ]; then
    if [ -e "$root/unchanged" ]; then echo '{"applyable": false}'; else
    echo '{"applyable": true, "resource_drift": [{"address": "aws_s3_bucket.b", "change": {"actions": ["update"]}}], "resource_changes": [{"address": "aws_iam_role.r", "type": "aws_iam_role", "change": {"actions": ["create"]}}]}'; fi
elif [ "$2" = show ]; then echo "the plan of $root <b>"; fi
if [ -e "$root/fails" ] && [ "$2" = "$(cat "$root/fails")" ]; then echo "it fails"; exit 1; fi
"#;

/// Callers of GitLab, and what the fleet is run by.
const PIPELINE: &str = "  callers:
    - {id: plan, kind: gitlab, project: acme/infra, branch: \"*\"}
    - {id: apply, kind: gitlab, project: acme/infra, branch: main}
terraform: {backend: {type: s3, bucket: example-state, region: us-east-1}}
pipelines: {gitlab: {plan: plan, apply: apply}}
";

/// A fleet with a pipeline.
pub(super) fn piped(numbers: impl IntoIterator<Item = u32>) -> String {
    let account = "source: {account_id: \"111111111111\"}\n";
    fleet(numbers).replace(account, &format!("source:\n  account_id: \"111111111111\"\n{PIPELINE}"))
}

/// A repository of a fleet with a pipeline, and the stand-in.
pub(super) fn repository(spec: &str) -> Case {
    let case = Case::generated(spec);
    commit_all(case.root());
    write_program(&case.state_home().join("bin/terraform"), TERRAFORM);
    case
}

pub(super) fn write_program(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::create_dir_all(path.parent().expect("a folder above")).expect("folders can be made");
    std::fs::write(path, text).expect("files can be written");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("modes can be set");
}

/// Runs a shell's run.sh.
pub(super) fn run_in(shell: &str, case: &Case, words: &str) -> Ran {
    let state = case.state_home();
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new(shell)
        .arg("pipelines/run.sh")
        .args(words.split_whitespace())
        .current_dir(case.root())
        .env("PATH", format!("{}:{path}", state.join("bin").display()))
        .env("LOG", state.join("log"))
        .env("TF_PLUGIN_CACHE_DIR", state.join("plugins"))
        .output()
        .expect("a shell runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

fn sh(case: &Case, words: &str) -> Ran {
    run_in("sh", case, words)
}

/// What Terraform was asked since the last time: `plan`s or `apply`s, by root.
fn asked(case: &Case, verb: &str) -> Vec<String> {
    let log = std::fs::read_to_string(case.state_home().join("log")).unwrap_or_default();
    _ = std::fs::remove_file(case.state_home().join("log"));
    log.lines()
        .filter_map(|line| line.strip_prefix(&format!("{verb} ")))
        .map(|root| root.trim().to_owned())
        .collect()
}

/// The paths that were printed.
fn printed(ran: &Ran) -> Vec<&str> {
    ran.stdout.lines().filter(|line| !line.starts_with(' ')).collect()
}

fn commit(case: &Case) {
    git(case.root(), &["add", "--all"]);
    git(case.root(), &["commit", "--quiet", "--message", "more"]);
}

#[test]
fn roots_are_planned_and_applied_in_order() {
    for shell in ["dash", "bash", "sh"] {
        if Command::new(shell).args(["-c", ":"]).status().is_err() {
            continue;
        }
        let case = repository(&piped(1..=3));
        let bootstraps = ["accounts/t1/bootstrap", "accounts/t2/bootstrap", "accounts/t3/bootstrap"];
        let workloads = ["accounts/t1/workload", "accounts/t2/workload", "accounts/t3/workload"];
        for (step, roots) in
            [("source", &["source"][..]), ("bootstrap", &bootstraps), ("workload", &workloads)]
        {
            let planned = run_in(shell, &case, &format!("plan --step {step}")).exits(0);
            assert_eq!(printed(&planned), roots, "{shell}");
            assert!(
                planned.stdout.contains("planned: 1 to add, 0 to change, 0 to destroy"),
                "{}",
                planned.stdout
            );
            assert_eq!(asked(&case, "plan"), roots);
            let applied = run_in(shell, &case, &format!("apply --step {step}")).exits(0);
            assert_eq!(printed(&applied), roots);
            assert_eq!(asked(&case, "apply"), roots);
            run_in(shell, &case, &format!("apply --step {step}")).exits(0);
            assert!(asked(&case, "apply").is_empty(), "what is applied is not applied again");
        }
        assert!(git(case.root(), &["status", "--porcelain"]).is_empty(), "nothing is left to commit");
        let summary = run_in(shell, &case, "summary").exits(0).stdout;
        let places = ["### Drift", "as planned", "### Changes", "&lt;b&gt;"]
            .map(|part| summary.find(part).expect(part));
        assert!(places.is_sorted(), "{summary}");
    }
}

#[test]
fn a_failing_root_stops_those_that_need_it_and_a_rerun_continues() {
    let case = repository(&piped(1..=3));
    let fails = case.at("accounts/t2/bootstrap/fails");
    std::fs::write(case.at(".git/info/exclude"), "fails\n").expect("files can be written");
    std::fs::write(&fails, "apply").expect("files can be written");
    sh(&case, "plan --step bootstrap").exits(0);
    sh(&case, "apply --step bootstrap").exits(1).says("it fails");
    asked(&case, "");
    let planned = sh(&case, "plan --step workload").exits(1);
    assert!(
        planned.stdout.contains("accounts/t2/workload\n    stopped: needs accounts/t2/bootstrap"),
        "{}",
        planned.stdout
    );
    assert_eq!(asked(&case, "plan"), ["accounts/t1/workload", "accounts/t3/workload"]);
    sh(&case, "apply --step workload").exits(1);
    assert_eq!(asked(&case, "apply"), ["accounts/t1/workload", "accounts/t3/workload"]);
    assert!(sh(&case, "summary").exits(0).stdout.contains("- `accounts/t2/bootstrap`: cannot be applied"));

    std::fs::remove_file(fails).expect("it is there");
    sh(&case, "apply --step bootstrap").exits(0);
    assert_eq!(asked(&case, "apply"), ["accounts/t2/bootstrap"]);
    sh(&case, "plan --step workload").exits(0);
    sh(&case, "apply --step workload").exits(0);
    assert!(asked(&case, "apply").contains(&"accounts/t2/workload".to_owned()));
}

/// Source stops everything; a plan that fails is no plan.
#[test]
fn what_cannot_be_planned_is_not_applied() {
    let case = repository(&piped(1..=1));
    case.write("source/fails", "plan");
    commit(&case);
    sh(&case, "plan --step source").exits(1).says("it fails");
    sh(&case, "apply --step source").exits(4).says("no saved plan");
    sh(&case, "plan --step bootstrap").exits(1);
    sh(&case, "plan --step workload").exits(1);
    assert_eq!(asked(&case, "plan"), ["source"]);
}

#[test]
fn only_the_plan_that_was_shown_is_applied() {
    let case = repository(&piped(1..=1));
    let plan = "pipelines/runs/source/source/plan.tfplan";
    sh(&case, "apply --step source").exits(4).says("source: has no saved plan: plan again");
    sh(&case, "plan --step source").exits(0);
    case.write(plan, "another plan");
    sh(&case, "apply --step source").exits(4).says("another plan than the one that was shown");
    for path in ["accounts/t1/workload/main.tf", "source/new.tf"] {
        sh(&case, "plan --step source").exits(0);
        case.write(path, "# changed\n");
        sh(&case, "apply --step source").exits(4).says("files differ from what was planned");
        commit(&case);
        sh(&case, "apply --step source").exits(4).says("files differ");
    }
    assert!(asked(&case, "apply").is_empty());
    sh(&case, "plan --step source").exits(0);
    // Terraform's lock files may come by initializing.
    case.write("source/.terraform.lock.hcl", "# new\n");
    sh(&case, "apply --step source").exits(0);
    assert_eq!(asked(&case, "apply"), ["source"]);
    case.write("source/unchanged", "");
    let unchanged = sh(&case, "plan --step source --drift").exits(0).stdout;
    assert_eq!(unchanged, "source\n    unchanged\n");
    sh(&case, "apply --step source").exits(0);
    assert!(asked(&case, "apply").is_empty());
    case.remove("source/unchanged");
    sh(&case, "plan --step source --drift").exits(2);
}

#[test]
fn only_what_changed_is_run() {
    let case = repository(&piped(1..=4));
    let changed = |words: &str| {
        let planned = sh(&case, &format!("plan --step workload {words}")).exits(0);
        printed(&planned).join(" ")
    };
    assert_eq!(changed("--since HEAD"), "");
    case.edit("accounts/t3/workload/main.tf", "\n", "\n# new\n");
    assert_eq!(changed("--since HEAD"), "accounts/t3/workload");
    commit(&case);
    assert_eq!(changed("--since HEAD~1"), "accounts/t3/workload");
    assert_eq!(sh(&case, "shards --of 4 --since HEAD~1").exits(0).stdout, "[\"4\"]\n");
    case.edit("modules/verification-bucket/main.tf", "\n", "\n# new\n");
    assert_eq!(changed("--since HEAD").split(' ').count(), 4);
    for number in 1..=4 {
        let shard = format!("--since HEAD --shard {number}/4");
        let list = case.run(&["list", "--since", "HEAD", "--shard", &format!("{number}/4")]).exits(0).stdout;
        let found = changed(&shard);
        assert!(list.contains(&found) && found.split(' ').count() == 1, "{list}\n{found}");
    }
    // The state before a first push is not known: then nothing is left out.
    let zeros = format!("--since {}", "0".repeat(40));
    assert_eq!(changed(&zeros).split(' ').count(), 4);
    for wrong in [
        "plan",
        "plan --step x",
        "plan --step",
        "apply --step source --shard 0/1",
        "x",
        "shards",
        "plan --step source x",
    ] {
        sh(&case, wrong).exits(64);
    }
}

/// The two implementations agree on what a root uses.
#[test]
fn the_script_and_the_program_see_the_same_changes() {
    let case = repository(&piped(1..=3));
    case.edit("accounts/t1/workload/main.tf", "\n", "\nmodule \"a\" {\n  source = \"../../../own/a\"\n}\n");
    case.write("own/a/main.tf", "locals {\n  x = file(\"${path.module}/../texts/${var.x}.json\")\n  y = file(\"${path.root}/../x.json\")\n}\n");
    case.write(
        "accounts/t2/workload/more.tf.json",
        r#"{"locals": {"x": "${file(\"./../../../own/t.txt\")}"}}"#,
    );
    for path in [
        "own/texts/a.json",
        "own/t.txt",
        "own/ab/x",
        "accounts/t1/x.json",
        "accounts/t3/x.json",
        "own/a b.tf",
    ] {
        case.write(path, "locals {}\n");
    }
    commit(&case);
    let mut seen = 0;
    for path in [
        "own/a/x",
        "own/texts/b/c",
        "own/t.txt",
        "own/ab/x",
        "accounts/t1/x.json",
        "accounts/t3/x.json",
        "README.md",
        "source/x",
    ] {
        case.write(path, "changed\n");
        let json = case.run(&["list", "--since", "HEAD", "--format", "json"]).exits(0).json();
        let listed: Vec<&str> = json["roots"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|root| root["path"].as_str())
            .collect();
        let steps = ["source", "bootstrap", "workload"];
        let runs = steps.map(|step| sh(&case, &format!("plan --step {step} --since HEAD")).exits(0));
        let found: Vec<&str> = runs.iter().flat_map(|ran| printed(ran)).collect();
        assert_eq!(found, listed, "{path}");
        seen += found.len();
        commit(&case);
    }
    assert!(seen >= 4, "{seen}");
}

#[test]
fn a_new_account_waits_for_its_roles() {
    let case = repository(&piped(1..=1));
    case.write("crossrole.yaml", piped(1..=2));
    case.run(&["generate"]).exits(0);
    commit(&case);
    let planned = sh(&case, "plan --step workload --since HEAD~1").exits(0).stdout;
    assert_eq!(planned, "accounts/t2/workload\n    waiting: planned once its roles exist\n");
    sh(&case, "apply --step workload --since HEAD~1").exits(4).says("roles did not exist");
    sh(&case, "plan --step bootstrap --since HEAD~1").exits(0);
    sh(&case, "apply --step bootstrap --since HEAD~1").exits(0);
    sh(&case, "plan --step workload --since HEAD~1").exits(0);
    sh(&case, "apply --step workload --since HEAD~1").exits(0);
    assert_eq!(asked(&case, "apply"), ["accounts/t2/bootstrap", "accounts/t2/workload"]);
}

/// Adding an account changes the index, `source` and the account's own folder.
#[test]
fn an_account_more_is_a_line_more() {
    let case = repository(&piped(1..=3));
    case.write("crossrole.yaml", piped(1..=4));
    case.run(&["generate"]).exits(0);
    git(case.root(), &["add", "--all"]);
    let changed = git(case.root(), &["diff", "--cached", "--name-only"]);
    let shared =
        ["CROSSROLE.md", ".crossrole/", "crossrole.yaml", "source/", "accounts/t4/", "pipelines/roots.json"];
    for path in changed.lines() {
        assert!(shared.iter().any(|known| path.starts_with(known)), "{path}");
    }
    assert_eq!(case.run(&["check"]).exits(0).code, Some(0));
}

#[test]
fn a_check_that_fails_is_a_failure_of_the_script() {
    let case = repository(&piped(1..=1));
    let program = crate::support::program();
    std::os::unix::fs::symlink(program, case.state_home().join("bin/crossrole")).expect("a link is made");
    sh(&case, "check").exits(0);
    case.edit("crossrole.yaml", "t1", "t2");
    assert!(sh(&case, "check").code != Some(0));
}

/// Terraform itself, on roots that need no provider: what it says is understood, and saved plans are its own.
#[test]
fn terraform_itself_plans_and_applies() {
    let Some(_) = oracle("terraform") else { return };
    let case = repository(&piped(1..=1));
    std::fs::remove_file(case.state_home().join("bin/terraform")).expect("it is there");
    for root in ["source", "accounts/t1/bootstrap", "accounts/t1/workload"] {
        std::fs::remove_dir_all(case.at(root)).expect("it is there");
        case.write(&format!("{root}/main.tf"), "resource \"terraform_data\" \"one\" {\n  input = 1\n}\n");
        case.write(&format!("{root}/.gitignore"), "*.tfstate*\n.terraform/\n");
    }
    commit(&case);
    for step in ["source", "bootstrap", "workload"] {
        let planned = sh(&case, &format!("plan --step {step}")).exits(0).stdout;
        assert!(planned.contains("planned: 1 to add, 0 to change, 0 to destroy"), "{planned}");
        assert!(planned.contains("# terraform_data.one will be created"), "{planned}");
        let applied = sh(&case, &format!("apply --step {step}")).exits(0).stdout;
        assert!(applied.contains("applied: 1 added"), "{applied}");
        let again = sh(&case, &format!("plan --step {step} --drift")).exits(0).stdout;
        assert!(again.contains("    unchanged\n"), "{again}");
    }
    case.edit("source/main.tf", "input = 1", "input = 2");
    let planned = sh(&case, "plan --step source --since HEAD --drift").exits(2).stdout;
    assert!(planned.contains("planned: 0 to add, 1 to change, 0 to destroy"), "{planned}");
    assert!(sh(&case, "summary").exits(0).stdout.contains("- `source`: 0 to add, 1 to change"));
    sh(&case, "apply --step source").exits(0);
    case.edit("source/main.tf", "input = 2", "input = x");
    sh(&case, "plan --step source").exits(1).says("Invalid reference");
}

#[test]
fn shellcheck_finds_nothing() {
    let Some(shellcheck) = oracle("shellcheck") else { return };
    let install = "pipelines: {install: \"pipx install 'crossrole'\", ";
    for spec in [piped(1..=1), piped(1..=1).replace("pipelines: {", install)] {
        let case = Case::generated(&spec);
        let output = Command::new(&shellcheck).arg(case.at("pipelines/run.sh")).output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}
