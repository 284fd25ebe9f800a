//! A role stays when it becomes one of several, by the `moved` blocks that docs/how-to.md shows.

use super::world::World;

const STAGING: &str = "222222222222";
const SPEC: &str = r#"version: 1
source:
  account_id: "111111111111"
  callers: [{kind: role, name: ci/plan}, {kind: role, name: ci/apply}]
targets:
  - name: staging
    account_id: "222222222222"
    role:
      policy_arns: [arn:aws:iam::aws:policy/ReadOnlyAccess]
      inline_policies: {look: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "ec2:Describe*", Resource: "*"}]}}
    bootstrap: {from: environment}
"#;

const ROLES: &str = r#"    roles:
      apply:
        callers: [apply]
        policy_arns: [arn:aws:iam::aws:policy/ReadOnlyAccess]
        inline_policies: {look: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "ec2:Describe*", Resource: "*"}]}}
      plan: {name: Plan, callers: [plan], policy_arns: [arn:aws:iam::aws:policy/ReadOnlyAccess]}
    default_role: apply
    bootstrap"#;

#[test]
fn a_role_stays_when_it_becomes_one_of_several() {
    let Some(world) = World::new(SPEC) else { return };
    let owner = world.user(STAGING, "/", "owner");
    world.generate();
    let bootstrap = world.root("accounts/staging/bootstrap", &owner);
    bootstrap.init();
    bootstrap.apply();
    let id = || world.account(STAGING).role("TerraformCrossAccount")["RoleId"].clone();
    let before = id();

    let spec = world.case.read("crossrole.yaml");
    let (head, rest) = spec.split_once("    role:").expect("there is one role");
    let (_, tail) = rest.split_once("    bootstrap").expect("it is followed by more");
    world.case.write("crossrole.yaml", format!("{head}{ROLES}{tail}"));
    world.generate();
    let moved = |kind: &str| format!("moved {{\n  from = {kind}.cross_account\n  to   = {kind}.apply\n}}\n");
    let kinds = ["aws_iam_role", "aws_iam_role_policy_attachment", "aws_iam_role_policy"];
    world.case.write("accounts/staging/bootstrap/moved.tf", kinds.map(moved).join("\n"));
    world.case.run(&["check"]).exits(0);
    let planned = bootstrap.run(&["plan", "-no-color"]).exits(0).stdout;
    assert!(planned.contains(", 0 to destroy"), "{planned}");
    bootstrap.apply();
    assert_eq!(id(), before, "the role is the same one");
    bootstrap.is_up_to_date();
}
