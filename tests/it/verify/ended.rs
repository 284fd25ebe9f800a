//! A verification that is ended, by Ctrl-C or by the system, leaves what it had seen, and what may be left.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::stand_in::{SPEC, StandIn, of};

/// Starts a verification, and waits until Terraform waits.
fn waiting_at(step: &str) -> (StandIn, Child) {
    let fleet = StandIn::with(SPEC, &format!("waits_at_{step}"));
    let arguments = ["--apply", "--only", "staging", "--evidence", "e.json"];
    let child = fleet.started(&arguments).stdin(Stdio::null()).spawn().expect("it starts");
    let patience = Instant::now() + Duration::from_secs(50);
    while !fleet.calls().contains("terraform waits") {
        assert!(Instant::now() < patience, "it does not come to {step}");
        std::thread::sleep(Duration::from_millis(20));
    }
    (fleet, child)
}

fn evidence(fleet: &StandIn) -> Value {
    serde_json::from_str(&fleet.case.read("e.json")).expect("evidence is JSON")
}

fn leftovers(evidence: &Value) -> Vec<&str> {
    let left = of(evidence, "staging")["may_exist"].as_array().expect("a list");
    left.iter().map(|one| one["account_id"].as_str().expect("a text")).collect()
}

#[test]
fn a_signal_ends_the_children_and_the_evidence_says_how_far_it_was() {
    for (step, left) in [("test", 0), ("apply", 1), ("destroy", 1)] {
        let (fleet, mut child) = waiting_at(step);
        let pid = Pid::from_raw(i32::try_from(child.id()).expect("a number")).expect("it runs");
        kill_process(pid, Signal::INT).expect("it can be asked to end");
        let status = child.wait().expect("it ends");
        assert_eq!(status.code(), Some(130), "{step}");
        assert!(fleet.calls().contains("terraform was interrupted"), "{step}: {}", fleet.calls());
        let evidence = evidence(&fleet);
        assert_eq!(evidence["complete"], false);
        assert!(evidence["ended"].is_string());
        assert_eq!(of(&evidence, "staging")["outcome"], "interrupted");
        let steps = of(&evidence, "staging")["steps"].as_array().expect("a list");
        assert_eq!(steps.last().expect("steps were taken")["step"], step);
        assert_eq!(leftovers(&evidence), vec!["222222222222"; left], "{step}");
    }
}

#[test]
fn a_kill_leaves_valid_evidence() {
    for (step, left) in [("init", 0), ("apply", 1)] {
        let (fleet, mut child) = waiting_at(step);
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        let evidence = evidence(&fleet);
        assert_eq!(evidence["complete"], false);
        assert_eq!(evidence["ended"], Value::Null);
        assert_eq!(of(&evidence, "staging")["outcome"], "running");
        assert_eq!(leftovers(&evidence), vec!["222222222222"; left], "{step}");
    }
}
