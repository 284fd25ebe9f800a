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

    // All but `drift`, which has a test of its own, are run here.
    let jobs = workflow["jobs"].as_mapping().expect("jobs");
    assert_eq!(jobs.len(), 10);

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

/// Once a day: everything is planned, nothing is applied, and the job of a shard fails where something differs.
#[test]
fn the_workflow_looks_for_drift() {
    let plan = "{id: plan, kind: github_actions, repository: acme/infra, pull_request: true}";
    let environment = "{id: plan, kind: github_actions, repository: acme/infra, environment: plan}";
    for (spec, caller, steps) in [
        // Tokens of pull requests are for pull requests, so whoever applies looks, and sees everything.
        (on_github(1..=3), "apply", &["source", "bootstrap", "workload"][..]),
        (on_github(1..=3).replace(plan, environment), "plan", &["source", "workload"]),
    ] {
        let case = repository(&spec);
        std::os::unix::fs::symlink(program(), case.state_home().join("bin/crossrole"))
            .expect("a link is made");
        let workflow = workflow(&case);
        assert_eq!(workflow["jobs"]["drift"]["env"]["CROSSROLE_CALLER"], caller);
        let roots: Vec<String> = ["source".to_owned()]
            .into_iter()
            .chain(
                (1..=3).flat_map(|at| ["bootstrap", "workload"].map(|step| format!("accounts/t{at}/{step}"))),
            )
            .collect();
        for root in &roots {
            case.write(&format!("{root}/unchanged"), "");
        }
        let out = run_job(&case, &workflow, "select", &[("GITHUB_EVENT_NAME", "schedule")]);
        assert_eq!((&*out["since"], &*out["shards"]), ("", "[\"1\",\"2\"]"));
        let mut seen = Vec::new();
        for shard in ["1", "2"] {
            run_job(&case, &workflow, "drift", &[("SINCE", ""), ("SHARD", shard)]);
            seen.extend(asked(&case));
        }
        let mut wanted: Vec<String> = roots
            .iter()
            .filter(|root| steps.iter().any(|step| root.ends_with(step)))
            .map(|root| format!("plan {root}"))
            .collect();
        seen.sort();
        wanted.sort();
        assert_eq!(seen, wanted);

        case.remove("source/unchanged");
        let shard = [("SINCE", ""), ("SHARD", "2")];
        let ran: Vec<Option<i32>> =
            run_steps(&case, &workflow, "drift", &shard).iter().map(|(_, ran)| ran.status.code()).collect();
        // Each step runs whatever came of the one before, and the summary says what differs.
        let codes: Vec<Option<i32>> =
            [Some(2)].into_iter().chain(std::iter::repeat_n(Some(0), steps.len())).collect();
        assert_eq!(ran, codes);
        let summary = std::fs::read_to_string(case.state_home().join("summary")).expect("a summary");
        let (_, drift) = summary.split_once("### Drift").expect("what differs");
        assert!(drift.contains("- `source`: `aws_s3_bucket.b`") && !drift.contains("accounts/"), "{summary}");
        assert!(asked(&case).iter().all(|line| line.starts_with("plan ")));
    }
}

/// What Terraform was asked to plan and apply since the last time.
pub(super) fn asked(case: &Case) -> Vec<String> {
    let log = std::fs::read_to_string(case.state_home().join("log")).unwrap_or_default();
    _ = std::fs::remove_file(case.state_home().join("log"));
    let lines = log.lines().filter(|line| line.starts_with("plan ") || line.starts_with("apply "));
    lines.map(|line| line.trim().to_owned()).collect()
}

/// Runs the scripts of a job, all of which succeed; what it puts out.
fn run_job(case: &Case, workflow: &Value, job: &str, given: &[(&str, &str)]) -> BTreeMap<String, String> {
    let output = case.state_home().join("output");
    _ = std::fs::remove_file(&output);
    for (script, ran) in run_steps(case, workflow, job, given) {
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{script}\n{}{said}", String::from_utf8_lossy(&ran.stdout));
    }
    let text = std::fs::read_to_string(output).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

/// Runs the scripts of a job up to one that fails, and after it those that run nevertheless.
fn run_steps(
    case: &Case,
    workflow: &Value,
    job: &str,
    given: &[(&str, &str)],
) -> Vec<(String, std::process::Output)> {
    let job = &workflow["jobs"][job];
    let literal = |value: &Value| value.as_str().filter(|text| !text.contains("${{")).map(str::to_owned);
    let names = job["env"].as_mapping().into_iter().flatten();
    let set: Vec<(String, String)> = names
        .filter_map(|(name, value)| Some((name.as_str()?.to_owned(), literal(value)?)))
        .chain(given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
        .collect();
    let set: Vec<(&str, &str)> = set.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut all: Vec<(String, std::process::Output)> = Vec::new();
    for step in job["steps"].as_sequence().expect("steps") {
        let Some(script) = step["run"].as_str() else { continue };
        let is_stopped = all.iter().any(|(_, ran)| !ran.status.success());
        if is_stopped && step["if"].as_str() != Some("${{ !cancelled() }}") {
            continue;
        }
        all.push((script.to_owned(), shell(case, script, &set)));
    }
    all
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
