//! A tree is one spec's.

use crate::support::{Case, SPEC};

const OTHER: &str = "version: 1\nsource: {account_id: \"111111111111\"}\ntargets:\n  - {name: other, account_id: \"999999999999\"}\n";

#[test]
fn another_spec_is_refused_until_it_takes_the_place() {
    let case = Case::generated(SPEC);
    case.write("other.yaml", OTHER);
    let before = case.files();
    for arguments in [
        &["generate", "-f", "other.yaml"][..],
        &["generate", "-f", "other.yaml", "--dry-run"],
        &["update", "--spec", "other.yaml"],
    ] {
        case.run(arguments)
            .exits(4)
            .says("`crossrole.yaml` (seen from there), not from `other.yaml`")
            .says("--out");
        assert_eq!(case.files(), before);
    }
    case.run(&["generate", "-f", "other.yaml", "--out", "other"]).exits(0);
}

#[test]
fn a_spec_that_was_renamed_is_the_same() {
    let case = Case::generated(SPEC);
    std::fs::rename(case.at("crossrole.yaml"), case.at("fleet.yaml")).expect("files can be renamed");
    case.run(&["generate", "-f", "fleet.yaml"]).exits(0);
    assert!(case.read(".crossrole/lock.yaml").contains("spec: \"fleet.yaml\"\n"));
    case.run(&["generate", "-f", "./fleet.yaml"]).exits(0).says("is up to date");
    case.run(&["update"]).exits(0);
}
