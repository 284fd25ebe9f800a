//! One root for all accounts, on the real Terraform: accounts move into it by the commands that a refusal shows, one
//! leaves, and the rest move out again. Nothing is built twice, and nothing stays behind.
//!
//! With 20 accounts where `CASES=all` asks for it; with two in CI, for every provider costs seconds.

use std::process::Command;

use serde_json::json;

use crate::effort::has_all_the_time;

use super::world::{ELSEWHERE, Environment, SOURCE, World, at_once};

fn names() -> Vec<String> {
    (1..=if has_all_the_time() { 20 } else { 2 }).map(|number| format!("t{number:02}")).collect()
}

fn account(name: &str) -> String {
    format!("2000000000{}", &name[1..])
}

fn bucket(name: &str) -> String {
    format!("crossrole-single-{name}")
}

/// A spec with these targets, of which the last may be on its way out.
fn spec(layout: &str, names: &[String], state: &str) -> String {
    let target = |name: &String| {
        let state = if Some(name) == names.last() { state } else { "active" };
        let (bucket, account) = (json!({"bucket": bucket(name)}), account(name));
        json!({"name": name, "account_id": account, "state": state, "verification": bucket, "bootstrap": {"from": "existing"}})
    };
    let targets: Vec<_> = names.iter().map(target).collect();
    let source = json!({"account_id": SOURCE, "callers": [{"kind": "iam_user", "name": "terraform"}]});
    json!({"version": 1, "source": source, "terraform": {"layout": layout}, "targets": targets}).to_string()
}

#[test]
fn accounts_move_into_one_root_leave_it_and_move_out_again() {
    let names = names();
    let Some(world) = World::new(&spec("roots", &names, "active")) else { return };
    let caller = world.user(SOURCE, "/", "terraform");
    let before = holdings(&world, &names);
    world.generate();
    at_once(&names, |name| {
        let root = world.root(&format!("accounts/{name}/workload"), &caller);
        root.init();
        root.apply();
    });

    // 1. Into one root.
    move_to("single", &world, &names, &caller);
    let single = world.root("workload", &caller);
    changes_nothing(&single.run(&["apply", "-auto-approve"]).exits(0).stdout);
    let tested = single.run(&["test"]).exits(0).stdout;
    assert!(tested.contains(&format!("{} passed, 0 failed", names.len())), "{tested}");
    for name in &names {
        assert_eq!(single.output(name)["account_id"], account(name));
        assert_eq!(world.account(&account(name)).buckets(), [bucket(name)]);
    }

    // 2. One leaves: its bucket goes, its provider stays, until the spec has it no more.
    let (leaving, staying) = names.split_last().expect("there are some");
    world.case.write("crossrole.yaml", spec("single", &names, "retired"));
    world.generate();
    single.apply();
    assert_eq!(world.account(&account(leaving)).buckets(), Vec::<String>::new());
    assert!(world.case.at(&format!("workload/account-{leaving}.tf")).exists());
    world.case.write("crossrole.yaml", spec("single", staying, "active"));
    world.generate();
    assert!(!world.case.at(&format!("workload/account-{leaving}.tf")).exists());
    single.is_up_to_date();

    // 3. Out again.
    move_to("roots", &world, staying, &caller);
    at_once(staying, |name| {
        let root = world.root(&format!("accounts/{name}/workload"), &caller);
        changes_nothing(&root.run(&["apply", "-auto-approve"]).exits(0).stdout);
        assert_eq!(world.account(&account(name)).buckets(), [bucket(name)]);
        root.destroy();
    });
    assert_eq!(holdings(&world, &names), before, "what is left, and what was there before");
}

#[track_caller]
fn changes_nothing(applied: &str) {
    assert!(applied.contains("Resources: 0 added, 0 changed, 0 destroyed"), "{applied}");
}

/// What each account holds.
fn holdings(world: &World, names: &[String]) -> Vec<std::collections::BTreeSet<String>> {
    let all = names.iter().map(|name| account(name)).chain([SOURCE, ELSEWHERE].map(str::to_owned));
    all.map(|id| world.account(&id).holdings()).collect()
}

/// Does what the refusal of another layout says, for every target.
fn move_to(layout: &str, world: &World, names: &[String], caller: &Environment) {
    world.case.write("crossrole.yaml", spec(layout, names, "active"));
    let refused = world.case.run(&["generate"]).exits(4).stderr;
    let commands: Vec<&str> = refused.split('`').skip(1).step_by(2).collect();
    let [pull, generate, init, mv, push] =
        ["state pull", "generate --replace-roots", " init", "state mv", "state push"]
            .map(|words| *commands.iter().find(|command| command.contains(words)).expect(words));
    let each = |command: &str| {
        for name in names {
            in_a_shell(world, caller, &command.replace(&names[0], name));
        }
    };
    each(pull);
    world.case.run(&generate.split(' ').skip(1).collect::<Vec<_>>()).exits(0);
    each(init);
    each(mv);
    each(push);
}

fn in_a_shell(world: &World, caller: &Environment, command: &str) {
    let mut shell = Command::new("sh");
    shell.args(["-euc", command]).current_dir(world.case.root());
    shell.envs(caller.iter().map(|(name, value)| (*name, value)));
    shell.env("TF_CLI_CONFIG_FILE", world.terraform_settings()).env("HOME", world.home());
    let ran = shell.output().expect("a shell runs");
    assert!(ran.status.success(), "{command}\n{}", String::from_utf8_lossy(&ran.stderr));
}
