//! Waivers silence one finding until a day, never an error, and say so when they are of no use.

use super::{findings, ids};
use crate::support::Case;

fn spec(waivers: &str) -> Case {
    Case::new(&format!(
        "version: 1\nsource: {{account_id: \"111111111111\", organization_id: o-a1b2c3d4e5}}\ndefaults: {{role: {{tags: {{owner: a}}}}}}\ntargets:\n  - {{name: one, account_id: \"222222222222\", region: af-south-1}}\n  - {{name: two, account_id: \"333333333333\", region: af-south-1}}\n{waivers}"
    ))
}

fn waiver(id: &str, more: &str, expires: &str) -> String {
    format!("  - {{id: {id}, reason: \"checked by hand\", expires: {expires}{more}}}\n")
}

#[test]
fn a_waiver_silences_its_finding_until_its_last_day() {
    let lines = |waivers: &str| {
        let case = spec(waivers);
        let found = findings(case.root(), "crossrole.yaml");
        found
            .iter()
            .map(|found| format!("{} {}", found["id"].as_str().expect("id"), found["line"]))
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(""), ["CR006 5", "CR006 6"]);
    let all = format!("waivers:\n{}", waiver("CR006", "", "2999-12-31"));
    assert!(lines(&all).is_empty());
    let one = format!("waivers:\n{}", waiver("CR006", ", target: one", "2999-12-31"));
    assert_eq!(lines(&one), ["CR006 6"]);
    let over = format!("waivers:\n{}", waiver("CR006", "", "2020-02-29"));
    assert_eq!(lines(&over), ["CR006 5", "CR006 6", "CR098 8"]);
}

#[test]
fn a_waiver_of_no_use_is_a_finding() {
    let useless = [
        waiver("CR011", "", "2999-12-31"),
        waiver("CR006", ", target: one", "2999-12-31"),
        waiver("CR006", ", target: one", "2999-12-31"),
        waiver("CR998", "", "2999-12-31"),
    ];
    let case = spec(&format!("waivers:\n{}", useless.concat()));
    let ran = case.run(&["lint", "--deny", "warning"]).exits(2);
    for said in [
        "this waiver of CR011 silences nothing",
        "this waiver of CR006 silences nothing",
        "there is no finding CR998",
    ] {
        assert!(ran.stdout.contains(said), "{said}:\n{}", ran.stdout);
    }
}

#[test]
fn no_waiver_silences_an_error() {
    let case = spec(&format!("waivers:\n{}", waiver("CR004", "", "2999-12-31")));
    case.edit("crossrole.yaml", "af-south-1", "cn-north-1");
    assert_eq!(ids(&findings(case.root(), "crossrole.yaml")), ["CR004"]);
    case.run(&["generate"]).exits(1);
}

/// What is waived is silent in `generate` as well.
#[test]
fn generate_knows_waivers_too() {
    let text = "version: 1\nsource: {account_id: \"111111111111\"}\nterraform: {backend: {type: s3, bucket: acme-state, region: us-east-1}}\ntargets:\n  - {name: one, account_id: \"222222222222\", bootstrap: {from: environment}}\n";
    let case = Case::new(text);
    case.run(&["generate"]).exits(0).says("CR076");
    case.write("crossrole.yaml", format!("{text}waivers:\n{}", waiver("CR076", "", "2999-12-31")));
    let ran = case.run(&["generate"]).exits(0);
    assert!(!ran.stderr.contains("CR076"), "{}", ran.stderr);
    case.write("crossrole.yaml", format!("{text}waivers:\n{}", waiver("CR076", "", "2020-12-31")));
    case.run(&["generate"]).exits(0).says("CR076");
}
