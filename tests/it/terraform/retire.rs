//! A target leaves in the order of CROSSROLE.md, and nothing of it stays behind: neither in its account, nor in
//! Account A, nor on disk. Whoever deletes it without retiring it first is refused.

use super::world::{ELSEWHERE, SOURCE, World};
use crate::support::Case;

const SPEC: &str = r#"version: 1
source:
  account_id: "111111111111"
  callers: [{kind: iam_user, name: terraform}]
targets:
  - name: leaving
    account_id: "222222222222"
    ownership: third_party
    role:
      name: Leaving
      external_id: 7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51
      policy_arns: [arn:aws:iam::aws:policy/ReadOnlyAccess]
    verification: {bucket: crossrole-leaving}
    bootstrap: {from: environment}
    state: active
  - name: staying
    account_id: "333333333333"
    role: {name: Staying}
    verification: {enabled: false}
"#;
const LEAVING: &str = "222222222222";
const STAYING: &str = "333333333333";
const EVERYONE: [&str; 4] = [SOURCE, LEAVING, STAYING, ELSEWHERE];
const POLICY: &str = "crossrole-assume-terraform";

/// Deletes the first target from the spec.
fn delete_leaving(case: &Case) {
    let spec = case.read("crossrole.yaml");
    let (head, rest) = spec.split_once("  - name: leaving").expect("the target is there");
    let (_, tail) = rest.split_once("  - name: staying").expect("the other is there");
    case.write("crossrole.yaml", format!("{head}  - name: staying{tail}"));
}

#[test]
fn an_active_target_is_not_deleted_unless_it_is_said_to_have_never_been_applied() {
    let case = Case::generated(SPEC);
    delete_leaving(&case);
    let before = case.files();
    case.run(&["generate"]).exits(4).says("leaving").says("--forget");
    assert_eq!(case.files(), before, "nothing was written");
    case.run(&["check"]).exits(2);
    case.run(&["generate", "--forget", "leaving"]).exits(0);
    assert!(!case.at("accounts/leaving").exists());
    assert!(case.at("accounts/staying/workload/providers.tf").exists());
    case.run(&["check"]).exits(0);
}

#[test]
fn a_retired_target_leaves_nothing_behind() {
    let Some(world) = World::new(SPEC) else { return };
    let caller = world.user(SOURCE, "/", "terraform");
    let owner = world.user(LEAVING, "/", "owner");
    let before = EVERYONE.map(|id| world.account(id).holdings());
    world.generate();
    let source = world.root("source", &caller);
    let bootstrap = world.root("accounts/leaving/bootstrap", &owner);
    let workload = world.root("accounts/leaving/workload", &caller);
    let staying = world.root("accounts/staying/bootstrap", &caller);
    for root in [&source, &bootstrap, &staying, &workload] {
        root.init();
        root.apply();
    }
    let leaving = world.account(LEAVING);
    assert_eq!(leaving.buckets(), ["crossrole-leaving"]);
    assert_eq!(leaving.attached_to_role("Leaving"), ["arn:aws:iam::aws:policy/ReadOnlyAccess"]);

    // 1. Retired: the resources go; the role, and the right to assume it, stay.
    world.case.edit("crossrole.yaml", "state: active", "state: retired");
    world.generate();
    let states: Vec<_> = world.steps().concat().into_iter().map(|root| (root.path, root.state)).collect();
    assert!(states.contains(&("accounts/leaving/workload".to_owned(), "retired".to_owned())), "{states:?}");
    assert!(states.contains(&("accounts/staying/workload".to_owned(), "active".to_owned())), "{states:?}");
    source.is_up_to_date();
    bootstrap.is_up_to_date();
    workload.init();
    workload.apply();
    assert_eq!(leaving.buckets(), Vec::<String>::new());
    assert_eq!(leaving.attached_to_role("Leaving"), ["arn:aws:iam::aws:policy/ReadOnlyAccess"]);

    // 2. The role goes.
    bootstrap.destroy();
    assert_eq!(leaving.holdings(), before[1]);

    // 3. The target goes, and Account A's right with it.
    assert!(may_assume(&world, LEAVING));
    delete_leaving(&world.case);
    world.generate();
    source.apply();
    assert!(!may_assume(&world, LEAVING));
    assert!(may_assume(&world, STAYING));
    world.case.run(&["check"]).exits(0);
    let left: Vec<String> = world.case.output().into_keys().filter(|path| path.contains("leaving")).collect();
    assert!(left.iter().all(|path| is_terraforms_own(path)), "{left:?}");

    staying.destroy();
    source.destroy();
    assert_eq!(
        EVERYONE.map(|id| world.account(id).holdings()),
        before,
        "what is left, and what was there before"
    );
}

/// Whether the callers' policy names any role of an account.
fn may_assume(world: &World, account: &str) -> bool {
    world.account(SOURCE).managed_policy(POLICY).to_string().contains(&format!("::{account}:role/"))
}

/// What Terraform writes itself, and no generator may take away.
fn is_terraforms_own(path: &str) -> bool {
    ["/.terraform/", "/.terraform.lock.hcl", "/terraform.tfstate"].iter().any(|name| path.contains(name))
}
