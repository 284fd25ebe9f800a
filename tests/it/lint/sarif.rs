//! SARIF: valid against the official schema, and of the form that code scanning shows.

use std::fs;

use boon::{Compiler, Draft, Schemas};
use serde_json::Value;

use super::lint;
use crate::oracle::oracle;
use crate::support::{Case, cases};

/// The official schema, if it is there.
fn schema() -> Option<Value> {
    let path = oracle("the official schema of SARIF")?;
    Some(serde_json::from_str(&fs::read_to_string(path).expect("the schema is there")).expect("it is JSON"))
}

/// The logs of every golden, and of waivers.
fn logs() -> Vec<Value> {
    let mut logs = Vec::new();
    for case in cases("snapshots/lint") {
        for file in ["fail.yaml", "fail.json", "fail.tf"].iter().filter(|file| case.join(file).is_file()) {
            logs.push(lint(&case, &[file, "--format", "sarif"]).json());
        }
    }
    logs.push(waived());
    logs
}

fn waived() -> Value {
    let case = Case::new(
        "version: 1\nsource: {account_id: \"111111111111\"}\ntargets: [{name: one, account_id: \"222222222222\"}]\nwaivers: [{id: CR011, reason: \"a lab\", expires: 2999-12-31}]\n",
    );
    case.run(&["lint", "--format", "sarif"]).exits(0).json()
}

#[test]
fn logs_are_valid() {
    let Some(schema) = schema() else { return };
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.set_default_draft(Draft::V7);
    compiler.add_resource("sarif.json", schema).expect("the schema can be taken");
    let index = compiler.compile("sarif.json", &mut schemas).expect("it compiles");
    let logs = logs();
    assert!(logs.len() > 80, "{} logs", logs.len());
    for log in logs {
        if let Err(error) = schemas.validate(&log, index) {
            panic!("{error:#}\n{log:#}");
        }
    }
}

/// What code scanning needs to show a finding at its line: a rule, a relative path, a region.
#[test]
fn every_result_can_be_shown_at_its_place() {
    for log in logs() {
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
        for result in run["results"].as_array().expect("results") {
            let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
            assert_eq!(rules[index]["id"], result["ruleId"]);
            let place = &result["locations"][0]["physicalLocation"];
            let file = place["artifactLocation"]["uri"].as_str().expect("a file");
            assert!(!file.starts_with('/') && !file.contains('\\'), "{file}");
            assert!(place["region"]["startLine"].as_u64().is_some_and(|line| line > 0));
            assert!(place["region"]["startColumn"].as_u64().is_some_and(|column| column > 0));
        }
    }
}

#[test]
fn what_is_accepted_is_shown_as_such() {
    let log = waived();
    let results = log["runs"][0]["results"].as_array().expect("results");
    let accepted = results.iter().find(|result| result["ruleId"] == "CR011").expect("it is there");
    assert_eq!(accepted["suppressions"][0]["justification"], "a lab");
}
