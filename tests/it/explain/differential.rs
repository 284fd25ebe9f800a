//! Random policies and requests, decided by us and by an independent evaluator: every decision must
//! agree, but for what is known and documented.
//!
//! Needs `node` and the npm package `@cloud-copilot/iam-simulate`; `IAM_SIMULATE` holds the folder that it
//! is installed in. Without them the test says so and passes, except under `CI`. `IAM_CASES` and
//! `IAM_SEED` choose how many cases of which sequence are tried.

#![expect(clippy::print_stderr, reason = "a test must say when it was skipped, and how much it tried")]

use std::env;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crossrole::policy::evaluate::{Context, Kind, Policy, Principal, Request, decide};
use serde_json::{Value, json};

use super::known::KNOWN;
use super::random::{self, Case, ROLE, Random};
use crate::support::repository;

/// Requests that are tried.
const CASES: u64 = 12_000;

#[test]
fn random_requests_are_decided_as_by_an_independent_evaluator() {
    let Some(mut simulator) = simulator() else { return };
    let number = |name: &str, otherwise: u64| {
        env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
    };
    let random_was_chosen = ["IAM_SEED", "IAM_CASES"].iter().any(|name| env::var_os(name).is_some());
    let mut random = Random(number("IAM_SEED", 1));
    let mut cases: Vec<Case> = (0..number("IAM_CASES", CASES)).map(|_| random::case(&mut random)).collect();
    let ours: Vec<&str> = cases.iter_mut().map(decided).collect();
    let theirs = simulated(&mut simulator, &cases);
    assert_eq!(ours.len(), theirs.len(), "one decision per case");
    let mut explained = [0; KNOWN.len()];
    let mut unexplained = Vec::new();
    for ((case, ours), theirs) in
        cases.iter().zip(&ours).zip(&theirs).filter(|((_, ours), theirs)| *ours != theirs)
    {
        match KNOWN.iter().position(|known| (known.applies)(case)) {
            Some(known) => explained[known] += 1,
            None => unexplained.push(format!("we {ours}, they {theirs}:\n{}", case.line())),
        }
    }
    let allowed = ours.iter().filter(|ours| **ours == "allow").count();
    let differing: usize = explained.iter().sum();
    eprintln!(
        "{} requests: {allowed} allowed; {differing} decided otherwise for a known reason {explained:?}",
        cases.len()
    );
    let shown = unexplained.iter().take(9).cloned().collect::<Vec<_>>().join("\n");
    assert!(unexplained.is_empty(), "{} unexplained differences:\n{shown}", unexplained.len());
    assert!(allowed * 8 > cases.len() && allowed * 2 < cases.len(), "{allowed} are allowed");
    assert!(differing * 20 < cases.len(), "too much is put down to known differences");
    for (known, count) in KNOWN.iter().zip(explained) {
        assert!(random_was_chosen || count > 0, "no difference any more: {}", known.what);
    }
}

/// Our decision, and the case with everything that its context says.
fn decided(case: &mut Case) -> &'static str {
    let mut context = Context::default();
    for (key, value) in &case.context {
        let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        context.set(key, values.iter().filter_map(|value| value.as_str()));
    }
    let principal = Principal::parse(case.principal).expect("a principal");
    let request = Request::new(principal, case.action, ROLE, context);
    for (key, values) in request.context.iter() {
        let given = case.context.keys().any(|given| given.eq_ignore_ascii_case(key));
        if !given {
            case.context.insert(key.to_owned(), json!(values[0]));
        }
    }
    let trust = Policy::from_value(&case.trust, Kind::Trust).expect("a trust policy");
    let read = |policy: &Value| Policy::from_value(policy, Kind::Identity).expect("an identity policy");
    let identity: Vec<Policy> = case.identity.iter().map(read).collect();
    decide(&trust, Some(&identity), &request).decision.as_str()
}

fn pretty(case: &Case) -> String {
    let line: Value = serde_json::from_str(&case.line()).expect("JSON");
    format!("{line:#}")
}

/// The decisions of the other evaluator, in one run of it.
fn simulated(simulator: &mut Command, cases: &[Case]) -> Vec<String> {
    let mut child =
        simulator.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the simulator starts");
    let mut input = child.stdin.take().expect("a pipe");
    let lines: String = cases.iter().map(|case| case.line() + "\n").collect();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output().expect("the simulator ends");
    writer.join().expect("a thread ends").expect("the simulator reads everything");
    assert!(output.status.success(), "the simulator fails");
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

/// The other evaluator, if it is there.
fn simulator() -> Option<Command> {
    let folder = env::var_os("IAM_SIMULATE").map(PathBuf::from);
    let node = env::var_os("NODE").map_or_else(|| PathBuf::from("node"), PathBuf::from);
    let package = folder.as_ref().map(|folder| folder.join("node_modules/@cloud-copilot/iam-simulate"));
    let runs = Command::new(&node).arg("--version").output().is_ok_and(|output| output.status.success());
    if let (Some(folder), true, true) = (folder, runs, package.is_some_and(|package| package.is_dir())) {
        let mut command = Command::new(node);
        command.arg(repository("tests/it/explain/simulate.mjs")).arg(folder);
        return Some(command);
    }
    let missing = "node or @cloud-copilot/iam-simulate is missing: `npm install --prefix DIR @cloud-copilot/iam-simulate@0.1.173` has it; IAM_SIMULATE holds DIR";
    assert!(!env::var("CI").is_ok_and(|value| value == "true"), "{missing}");
    eprintln!("a test is skipped: {missing}");
    None
}
