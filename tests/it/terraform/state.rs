//! The bucket of the states starts itself, as `CROSSROLE.md` shows it: applied with a local state, which then moves in, and every
//! other root after it.

use serde_json::json;

use super::world::{SOURCE, World, at_once};
use crate::support::run;

const SPEC: &str = include_str!("../../../snapshots/generate/user-state/spec.yaml");
const STATES: &str = "acme-terraform-state";

#[test]
fn the_state_moves_into_the_bucket_that_it_made() {
    // The stand-in has no such key, and needs none.
    let spec = SPEC.lines().filter(|line| !line.contains("kms_key_id")).collect::<Vec<_>>().join("\n");
    let Some(world) = World::new(&spec) else { return };
    world.generate();
    // The stand-in takes no condition of a bucket's policy into account, and would refuse everyone.
    world.case.edit("state/main.tf", "\"Deny\"", "\"Allow\"");
    let administrator = world.user(SOURCE, "/", "terraform");
    let state = world.root("state", &administrator);
    in_a_shell(&world, "printf");
    state.init();
    state.apply();
    assert_eq!(world.account(SOURCE).objects(STATES), Vec::<String>::new());
    in_a_shell(&world, "rm state/backend_override.tf");
    state.run(&["init", "-migrate-state", "-force-copy"]).exits(0);
    in_a_shell(&world, "rm state/terraform.tfstate");
    state.is_up_to_date();

    for step in world.steps().iter().skip(1) {
        at_once(step, |listed| {
            let root = world.root(&listed.path, &administrator);
            root.init();
            root.apply();
        });
    }
    let roots = ["accounts/staging/bootstrap", "accounts/staging/workload", "source", "state"];
    let states = roots.map(|root| format!("platform/{root}/terraform.tfstate"));
    assert_eq!(world.account(SOURCE).objects(STATES), states);
    let trust = world.account(SOURCE).trust_policy("State");
    assert_eq!(trust["Statement"][0]["Principal"], json!({"AWS": format!("arn:aws:iam::{SOURCE}:root")}));
    assert_eq!(trust["Statement"][0]["Condition"], json!({"StringEquals": {"sts:ExternalId": "acme-state"}}));
    let entered =
        world.assumed().iter().any(|(arn, id)| arn.ends_with("role/terraform/State") && id == "acme-state");
    assert!(entered, "the states are reached by their role");
    // Nobody destroys it by mistake.
    let refused = state.run(&["destroy", "-auto-approve"]).exits(1);
    assert!(refused.stderr.contains("prevent_destroy"), "{}", refused.stderr);
}

/// Runs the command of `CROSSROLE.md` that begins with these words.
fn in_a_shell(world: &World, start: &str) {
    let page = world.case.read("CROSSROLE.md");
    let command = page.lines().find(|line| line.starts_with(start)).expect("CROSSROLE.md shows the command");
    let mut shell = assert_cmd::Command::new("sh");
    run(shell.current_dir(world.case.root()).args(["-c", command])).exits(0);
}
