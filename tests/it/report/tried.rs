//! Evidence of `verify` in a report: several files as one, and none believed beyond what it is of.

use serde_json::{Value, json};
use sha2::Digest as _;

use crate::support::{Case, SPEC};

fn evidence(sha256: &str, started: &str, outcome: &str, seen: &str) -> Value {
    let step = json!({"step": "without_external_id", "role_arn": "arn:aws:iam::222222222222:role/R", "expected": "refused",
        "seen": seen, "outcome": if outcome == "as_declared" { "ok" } else { "failed" }, "started": started, "duration_ms": 5});
    json!({"version": 1, "crossrole": "0.1.0", "tools": {"terraform": "1.16.0", "aws": "2.0.0"},
        "spec": {"file": "crossrole.yaml", "sha256": sha256},
        "caller": {"arn": "arn:aws:iam::111111111111:user/terraform", "account_id": "111111111111", "id": "terraform"},
        "started": started, "ended": started, "complete": true,
        "targets": [{"name": "staging", "account_id": "222222222222", "outcome": outcome, "steps": [step],
            "may_exist": []}]})
}

fn digest() -> String {
    let bytes: Vec<String> = sha2::Sha256::digest(SPEC).iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.concat()
}

#[test]
fn the_latest_step_counts() {
    let case = Case::generated(SPEC);
    case.write(
        "first.json",
        evidence(&digest(), "2026-11-30T10:00:00Z", "not_as_declared", "allowed").to_string(),
    );
    case.write(
        "second.json",
        evidence(&digest(), "2026-11-30T11:00:00Z", "as_declared", "refused").to_string(),
    );
    let first = case.run(&["report", "--evidence", "first.json", "--format", "json"]).exits(0).json();
    assert_eq!(first["verdict"], "differs", "{first:#}");
    assert_eq!(first["targets"][0]["tried"], "not as declared");
    for files in [["first.json", "second.json"], ["second.json", "first.json"]] {
        let arguments = ["report", "--evidence", files[0], "--evidence", files[1], "--format", "json"];
        let both = case.run(&arguments).exits(0).json();
        assert_eq!(both["verdict"], "as_declared", "{both:#}");
        assert_eq!(both["evidence"]["steps"].as_array().map(Vec::len), Some(1));
        assert_eq!(both["evidence"]["steps"][0]["seen"], "refused");
    }
}

#[test]
fn evidence_of_another_spec_is_called_that() {
    let case = Case::generated(SPEC);
    case.write(
        "other.json",
        evidence(&"0".repeat(64), "2026-11-30T10:00:00Z", "as_declared", "refused").to_string(),
    );
    for format in ["html", "markdown"] {
        let text = case.run(&["report", "--evidence", "other.json", "--format", format]).exits(0).stdout;
        assert!(text.contains("is evidence of another spec"), "{text}");
    }
    case.write("text.json", "{}");
    case.run(&["report", "--evidence", "text.json"]).exits(1).says("is not evidence of `crossrole verify`");
    case.run(&["report", "--evidence", "nothing.json"]).exits(1).says("cannot read the evidence");
}
