//! checkov finds nothing in the output that is not waived there, with a reason.

use std::time::Duration;

use assert_cmd::Command;
use serde_json::Value;

use super::validate::{SPECS, generated, generated_example};
use crate::oracle::oracle;
use crate::support::{Case, run};

/// Fewer passed checks than this in one spec's output, and checkov did not see it.
const LEAST_PASSED: usize = 20;

#[test]
fn checkov_has_nothing_to_say() {
    let Some(checkov) = oracle("checkov") else { return };
    let mut cases: Vec<(&str, Case)> = SPECS.iter().map(|(name, spec)| (*name, generated(spec))).collect();
    cases.push(("example", generated_example()));
    let mut complaints = Vec::new();
    for (name, case) in &cases {
        let mut command = Command::from_std(std::process::Command::new(&checkov));
        // It asks its maker's server for explanations unless told not to.
        command
            .args(["--skip-download", "--quiet", "--compact", "--output", "json", "--directory"])
            .arg(case.root());
        let ran = run(command.timeout(Duration::from_mins(3)));
        let report = ran.json();
        let passed = sum(&report, "passed");
        assert!(passed >= LEAST_PASSED, "{name}: only {passed} checks passed: {}", ran.stderr);
        assert_eq!(sum(&report, "parsing_errors"), 0, "{name}: {}", ran.stdout);
        complaints.extend(failed(&report).into_iter().map(|check| format!("{name}: {check}")));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// A report has a part for each kind of file; a single one stands alone.
fn parts(report: &Value) -> Vec<&Value> {
    report.as_array().map_or_else(|| vec![report], |parts| parts.iter().collect())
}

fn sum(report: &Value, count: &str) -> usize {
    let counts = parts(report).into_iter().filter_map(|part| part["summary"][count].as_u64());
    usize::try_from(counts.sum::<u64>()).expect("counts are small")
}

fn failed(report: &Value) -> Vec<String> {
    let checks =
        parts(report).into_iter().filter_map(|part| part["results"]["failed_checks"].as_array()).flatten();
    let text = |check: &Value, field: &str| check[field].as_str().unwrap_or_default().to_owned();
    checks
        .map(|check| {
            ["check_id", "check_name", "file_path", "resource"].map(|field| text(check, field)).join(" ")
        })
        .collect()
}
