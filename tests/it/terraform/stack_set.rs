//! Roles that a stack set creates: cfn-lint has nothing to say of its template, Terraform applies the root of Account A, and
//! every account of the unit has the role.

use serde_json::Value;

use super::stack::cli;
use super::world::{SOURCE, World};
use crate::oracle::oracle;
use crate::support::{Case, run};

const SPEC: &str = include_str!("../../../snapshots/generate/user-stack-set/spec.yaml");
const TEMPLATE: &str = "source/roles.cfn.json";
const ROLE: &str = "TerraformCrossAccount";

#[test]
fn cfn_lint_has_nothing_to_say() {
    let Some(cfn_lint) = oracle("cfn-lint") else { return };
    let case = Case::generated(SPEC);
    let ran = run(assert_cmd::Command::new(cfn_lint).arg(case.at(TEMPLATE)));
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{}", ran.stderr);
}

#[test]
fn every_account_of_the_unit_has_the_role() {
    let (Some(aws), Some(world)) = (oracle("aws"), World::new(SPEC)) else { return };
    let administrator = world.user(SOURCE, "/", "administrator");
    let ask = |arguments: &[&str]| {
        let region = ["--region", "us-east-1", "--output", "text"];
        cli(&world, &aws, &administrator, &[arguments, &region].concat()).exits(0).stdout.trim().to_owned()
    };
    let (unit, accounts) = organization(&ask);
    let [target, other] = &accounts;
    for account in &accounts {
        world.account(account).create_policy("Boundary");
    }
    // The stand-in knows nothing of paths of policies, and chooses the IDs of accounts.
    let spec = SPEC.replace("ou-ab12-workload, ou-ab12-c3d4e5f6", &unit).replace("222222222222", target);
    world.case.write("crossrole.yaml", spec.replace("policy/team/", "policy/"));
    world.generate();
    world.account(SOURCE).create_role("/", "deployer");

    let source = world.root("source", &administrator);
    source.init();
    source.validate();
    source.apply();
    // An account that is no target has it, too.
    for account in [target, other] {
        is_as_the_template_says(&world, account);
    }
    let partner = world.account("333333333333").holdings();
    assert!(!partner.iter().any(|arn| arn.contains(":role/")), "{partner:?}");
}

/// An organization of Account A: a unit, and two accounts in it.
fn organization(ask: &dyn Fn(&[&str]) -> String) -> (String, [String; 2]) {
    ask(&["organizations", "create-organization", "--feature-set", "ALL"]);
    let root = ask(&["organizations", "list-roots", "--query", "Roots[0].Id"]);
    let new_unit =
        ["organizations", "create-organizational-unit", "--parent-id", &root, "--name", "workload"];
    let unit = ask(&[&new_unit[..], &["--query", "OrganizationalUnit.Id"]].concat());
    let accounts = ["target", "other"].map(|name| {
        let email = format!("{name}@example.com");
        let new = ["organizations", "create-account", "--email", &email, "--account-name", name];
        let id = ask(&[&new[..], &["--query", "CreateAccountStatus.AccountId"]].concat());
        let from = ["organizations", "move-account", "--account-id", &id, "--source-parent-id", &root];
        ask(&[&from[..], &["--destination-parent-id", &unit]].concat());
        id
    });
    (unit, accounts)
}

fn is_as_the_template_says(world: &World, account: &str) {
    let account = world.account(account);
    let template: Value = serde_json::from_str(&world.case.read(TEMPLATE)).expect("JSON");
    let asked = &template["Resources"]["CrossAccountRole"]["Properties"];
    assert_eq!(account.trust_policy(ROLE), asked["AssumeRolePolicyDocument"]);
    let role = account.role(ROLE);
    assert_eq!(role["Description"], asked["Description"]);
    let boundary = &role["PermissionsBoundary"]["PermissionsBoundaryArn"];
    assert_eq!(*boundary, format!("arn:aws:iam::{}:policy/Boundary", account.id));
}
