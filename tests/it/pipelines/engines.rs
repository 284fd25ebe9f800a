//! The files of engines: judged by the engines' own tools, and run as they would.

use std::collections::BTreeMap;
use std::process::Command;

use serde_yaml::Value;

use super::run::{piped, repository, write_program};
use crate::oracle::oracle;
use crate::support::{Case, commit_all, git, program};

/// The same fleet, run by GitHub Actions.
fn on_github(numbers: std::ops::RangeInclusive<u32>) -> String {
    let gitlab = "    - {id: plan, kind: gitlab, project: acme/infra, branch: \"*\"}
    - {id: apply, kind: gitlab, project: acme/infra, branch: main}
";
    let github = "    - {id: plan, kind: github_actions, repository: acme/infra, pull_request: true}
    - {id: apply, kind: github_actions, repository: acme/infra, environment: production}
";
    let spec = piped(numbers).replace(gitlab, github).replace("{gitlab: {", "{github_actions: {shards: 2, ");
    assert!(spec.contains("github_actions: {shards"), "{spec}");
    spec
}

fn workflow(case: &Case) -> Value {
    serde_yaml::from_str(&case.read(".github/workflows/crossrole.yml")).expect("YAML")
}

#[test]
fn actionlint_finds_nothing() {
    let Some(actionlint) = oracle("actionlint") else { return };
    let environment = "{id: plan, kind: github_actions, repository: acme/infra, environment: plan}";
    let pull_request = "{id: plan, kind: github_actions, repository: acme/infra, pull_request: true}";
    let spec = on_github(1..=2);
    for spec in [
        spec.replace(pull_request, environment),
        spec.replace("terraform: {", "  credentials: {from: profile, profile: hub}\nterraform: {"),
        spec,
    ] {
        let case = Case::generated(&spec);
        commit_all(case.root());
        let output =
            Command::new(&actionlint).arg("-no-color").current_dir(case.root()).output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

/// Least rights for the token, actions by digest, no expression in a script.
#[test]
fn the_workflow_gives_away_nothing() {
    let case = Case::generated(&on_github(1..=2));
    let workflow = workflow(&case);
    assert_eq!(workflow["permissions"], Value::Mapping(serde_yaml::Mapping::new()));
    let mut used = 0;
    for (name, job) in workflow["jobs"].as_mapping().expect("jobs") {
        let permissions: BTreeMap<&str, &str> = job["permissions"]
            .as_mapping()
            .expect("permissions")
            .iter()
            .map(|(key, value)| (key.as_str().expect("a text"), value.as_str().expect("a text")))
            .collect();
        let writes: Vec<_> =
            permissions.iter().filter(|(_, level)| **level == "write").map(|(key, _)| *key).collect();
        let signs_in = job["steps"]
            .as_sequence()
            .expect("steps")
            .iter()
            .any(|step| step["uses"].as_str().is_some_and(|uses| uses.starts_with("aws-actions/")));
        let wanted: &[&str] = match name.as_str() {
            Some("select") => &[],
            Some("comment") => &["pull-requests"],
            _ => &["id-token"],
        };
        assert_eq!(writes, wanted, "{name:?}");
        assert_eq!(signs_in, writes.contains(&"id-token"));
        for step in job["steps"].as_sequence().expect("steps") {
            if let Some(uses) = step["uses"].as_str() {
                let (_, digest) = uses.split_once('@').expect("a version");
                assert!(digest.len() == 40 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{uses}");
                used += 1;
            }
            assert!(!step["run"].as_str().unwrap_or_default().contains("${{"), "{step:?}");
        }
    }
    assert!(used >= 20, "{used}");
}

/// Every script of the workflow, run in the order of jobs as a runner would, over every shard.
#[test]
fn the_workflow_plans_and_applies() {
    let case = repository(&on_github(1..=3));
    let state = case.state_home();
    write_program(&state.join("bin/gh"), "#!/bin/sh\necho \"$@\" >>\"$LOG.gh\"\n");
    write_program(&state.join("bin/sleep"), "#!/bin/sh\n");
    std::os::unix::fs::symlink(program(), state.join("bin/crossrole")).expect("a link is made");
    case.edit("accounts/t2/workload/main.tf", "\n", "\n# new\n");
    git(case.root(), &["commit", "--quiet", "--all", "--message", "one account"]);
    let workflow = workflow(&case);

    let out = run_job(&case, &workflow, "select", &[("GITHUB_EVENT_NAME", "pull_request")]);
    assert_eq!(out["shards"], "[\"1\"]");
    run_job(&case, &workflow, "plan", &[("SINCE", &out["since"]), ("SHARD", "1")]);
    assert_eq!(asked(&case), ["plan accounts/t2/workload"]);
    let summary = std::fs::read_to_string(state.join("summary")).expect("a summary");
    assert!(summary.contains("accounts/t2/workload"), "{summary}");
    case.write("summaries/summary-1.md", summary);
    run_job(&case, &workflow, "comment", &[("PULL_REQUEST", "7")]);
    assert!(
        std::fs::read_to_string(state.join("log.gh")).expect("asked").contains("pr comment 7 --edit-last")
    );
    std::fs::remove_dir_all(case.at("summaries")).expect("it is there");
    std::fs::remove_file(case.at("comment.md")).expect("it is there");
    std::fs::remove_file(case.at("summary-1.md")).expect("it is there");

    // No run has succeeded yet: everything is applied, in order, whatever the shard.
    let out =
        run_job(&case, &workflow, "select", &[("GITHUB_EVENT_NAME", "push"), ("GITHUB_REF_NAME", "main")]);
    assert_eq!(out["shards"], "[\"1\",\"2\"]");
    for job in [
        "plan-source",
        "apply-source",
        "plan-bootstrap",
        "apply-bootstrap",
        "plan-workload",
        "apply-workload",
    ] {
        for shard in ["1", "2"] {
            run_job(&case, &workflow, job, &[("SINCE", &out["since"]), ("SHARD", shard)]);
        }
    }
    let applied: Vec<String> = asked(&case).into_iter().filter(|line| line.starts_with("apply")).collect();
    assert_eq!(applied.len(), 7, "{applied:?}");
    assert_eq!(applied[0], "apply source");
    assert!(applied[1..4].iter().all(|line| line.ends_with("bootstrap")), "{applied:?}");
    // What cannot be checked is not selected, and then nothing is applied.
    case.edit("crossrole.yaml", "name: t1,", "name: t9,");
    let select = workflow["jobs"]["select"]["steps"][1]["run"].as_str().expect("a script");
    assert!(!shell(&case, select, &[]).status.success());
}

/// What Terraform was asked to plan and apply since the last time.
fn asked(case: &Case) -> Vec<String> {
    let log = std::fs::read_to_string(case.state_home().join("log")).unwrap_or_default();
    _ = std::fs::remove_file(case.state_home().join("log"));
    let lines = log.lines().filter(|line| line.starts_with("plan ") || line.starts_with("apply "));
    lines.map(|line| line.trim().to_owned()).collect()
}

/// Runs the scripts of a job; what it puts out.
fn run_job(case: &Case, workflow: &Value, job: &str, given: &[(&str, &str)]) -> BTreeMap<String, String> {
    let job = &workflow["jobs"][job];
    let literal = |value: &Value| value.as_str().filter(|text| !text.contains("${{")).map(str::to_owned);
    let names = job["env"].as_mapping().into_iter().flatten();
    let set: Vec<(String, String)> = names
        .filter_map(|(name, value)| Some((name.as_str()?.to_owned(), literal(value)?)))
        .chain(given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
        .collect();
    let set: Vec<(&str, &str)> = set.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let output = case.state_home().join("output");
    _ = std::fs::remove_file(&output);
    for step in job["steps"].as_sequence().expect("steps") {
        let Some(script) = step["run"].as_str() else { continue };
        let ran = shell(case, script, &set);
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{script}\n{}{said}", String::from_utf8_lossy(&ran.stdout));
    }
    let text = std::fs::read_to_string(output).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

fn shell(case: &Case, script: &str, given: &[(&str, &str)]) -> std::process::Output {
    let state = case.state_home();
    let path = std::env::var("PATH").unwrap_or_default();
    Command::new("sh")
        .args(["-e", "-c", script])
        .current_dir(case.root())
        .env("PATH", format!("{}:{path}", state.join("bin").display()))
        .env("LOG", state.join("log"))
        .env("TF_PLUGIN_CACHE_DIR", state.join("plugins"))
        .env("GITHUB_OUTPUT", state.join("output"))
        .env("GITHUB_STEP_SUMMARY", state.join("summary"))
        .env("GITHUB_REPOSITORY", "acme/infra")
        .envs(given.iter().copied())
        .output()
        .expect("a shell runs")
}

/// GitLab's pipeline in a runner of its own: a proposal plans what it changes, the main branch is applied in order.
#[test]
fn gitlab_plans_proposals_and_applies_the_main_branch() {
    let Some(runner) = oracle("gitlab-ci-local") else { return };
    let spec = piped(1..=3).replace("{gitlab: {", "{gitlab: {shards: 2, ");
    let case = repository(&spec);
    let state = case.state_home();
    write_program(&state.join("bin/sleep"), "#!/bin/sh\n");
    std::os::unix::fs::symlink(program(), state.join("bin/crossrole")).expect("a link is made");
    git(case.root(), &["remote", "add", "origin", "git@gitlab.com:acme/infra.git"]);
    let before = git(case.root(), &["rev-parse", "HEAD"]);
    git(case.root(), &["switch", "--quiet", "--create", "proposal"]);
    case.edit("accounts/t2/workload/main.tf", "\n", "\n# new\n");
    git(case.root(), &["commit", "--quiet", "--all", "--message", "one account"]);
    let variable = |name: &str, value: &str| format!("{name}={}", value.trim());
    let run = |variables: &[String]| {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("node");
        command.arg(&runner).args(["--force-shell-executor", "--no-color"]);
        command.args(variables.iter().flat_map(|one| ["--variable", one.as_str()]));
        command
            .current_dir(case.root())
            .env("HOME", &state)
            .env("TF_PLUGIN_CACHE_DIR", state.join("plugins"));
        command.env("LOG", state.join("log")).env("PATH", format!("{}:{path}", state.join("bin").display()));
        let output = command.output().expect("node runs");
        let said = [output.stdout, output.stderr].concat();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
    };
    run(&[
        variable("CI_PIPELINE_SOURCE", "merge_request_event"),
        variable("CI_MERGE_REQUEST_DIFF_BASE_SHA", &before),
    ]);
    assert_eq!(asked(&case), ["plan accounts/t2/workload"]);
    git(case.root(), &["switch", "--quiet", "main"]);
    git(case.root(), &["merge", "--quiet", "--ff-only", "proposal"]);
    run(&[variable("CI_COMMIT_BEFORE_SHA", &"0".repeat(40))]);
    let all = asked(&case);
    let of = |verb: &str, step: &str| -> Vec<usize> {
        let is_one = |line: &String| line.starts_with(verb) && line.ends_with(step);
        all.iter().enumerate().filter(|(_, line)| is_one(line)).map(|(at, _)| at).collect()
    };
    let order = ["source", "bootstrap", "workload"].map(|step| (of("plan", step), of("apply", step)));
    let flat: Vec<usize> =
        order.iter().flat_map(|(plans, applies)| [plans.clone(), applies.clone()].concat()).collect();
    assert_eq!(flat.len(), 14, "{all:?}");
    assert!(flat.is_sorted(), "{all:?}");
}

/// The parts of a large fleet hold all of it, once.
#[test]
fn three_hundred_accounts_are_shared_by_shards() {
    let case = Case::generated(&piped(1..=300).replace("{gitlab: {", "{gitlab: {shards: 20, "));
    let text = case.read(".gitlab-ci.yml").replace("!reference", "");
    let pipeline: Value = serde_yaml::from_str(&text).expect("YAML");
    let shards = pipeline[".signed-in"]["parallel"]["matrix"][0]["SHARD"].as_sequence().expect("a list");
    let mut seen = std::collections::BTreeSet::new();
    for shard in shards {
        let shard = format!("{}/20", shard.as_str().expect("a text"));
        let json = case.run(&["list", "--format", "json", "--shard", &shard]).exits(0).json();
        let roots = json["roots"].as_array().expect("a list");
        assert!((30..=31).contains(&roots.len()), "{shard}: {}", roots.len());
        let paths = roots.iter().map(|root| root["path"].as_str().expect("a path").to_owned());
        paths.for_each(|path| assert!(seen.insert(path), "{shard}"));
    }
    assert_eq!(seen.len(), 601);
}
