//! Roles that owners create with CloudFormation: cfn-lint has nothing to say of the template, the AWS CLI makes a stack of
//! it, and the workload is applied through the role.

use std::path::Path;

use assert_cmd::Command;
use serde_json::{Value, json};

use super::world::{Environment, SOURCE, World};
use crate::oracle::oracle;
use crate::support::{Case, Ran, run};

const SPEC: &str = include_str!("../../../snapshots/generate/user-stack/spec.yaml");
const ACME: &str = "333333333333";
const STAGING: &str = "222222222222";

#[test]
fn cfn_lint_has_nothing_to_say() {
    let Some(cfn_lint) = oracle("cfn-lint") else { return };
    let case = Case::generated(SPEC);
    let templates = ["acme", "old", "staging"].map(|target| case.at(&template(target)));
    let ran = run(Command::new(cfn_lint).args(templates));
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{}", ran.stderr);
}

#[test]
fn a_stack_of_the_template_lets_the_workload_in() {
    let (Some(aws), Some(world)) = (oracle("aws"), World::new(SPEC)) else { return };
    world.generate();
    world.account(ACME).create_policy("Boundary");
    for (target, account, region) in [("acme", ACME, "eu-west-1"), ("staging", STAGING, "us-east-1")] {
        let owner = world.user(account, "/", "owner");
        let stack = format!("platform-{target}");
        let (file, name) = (world.case.at(&template(target)), ["--stack-name", &stack]);
        let mut deploy = vec!["cloudformation", "deploy", "--region", region, "--template-file"];
        deploy.push(file.to_str().expect("a path in text"));
        deploy.extend(name);
        deploy.extend(["--capabilities", "CAPABILITY_NAMED_IAM"]);
        cli(&world, &aws, &owner, &deploy).exits(0);
    }
    the_roles_are_as_the_spec_says(&world);

    let caller = world.user(SOURCE, "/", "terraform");
    let workload = world.root("accounts/staging/workload", &caller);
    workload.init();
    workload.apply();
    assert_eq!(world.account(STAGING).buckets().len(), 1);
    workload.destroy();

    let owner = world.user(STAGING, "/", "closer");
    let delete =
        ["cloudformation", "delete-stack", "--region", "us-east-1", "--stack-name", "platform-staging"];
    cli(&world, &aws, &owner, &delete).exits(0);
    let left = world.account(STAGING).holdings();
    assert!(!left.iter().any(|arn| arn.contains(":role/")), "{left:?}");
}

fn the_roles_are_as_the_spec_says(world: &World) {
    let acme = world.account(ACME);
    let apply = acme.role("VendorApply");
    assert_eq!(apply["Arn"], format!("arn:aws:iam::{ACME}:role/vendors/VendorApply"));
    assert_eq!(apply["MaxSessionDuration"], 7200);
    assert_eq!(apply["Description"], "For \"those\" who ask");
    let boundary = &apply["PermissionsBoundary"]["PermissionsBoundaryArn"];
    assert_eq!(*boundary, format!("arn:aws:iam::{ACME}:policy/Boundary"));
    // The stand-in leaves out the managed policies of a role that a stack makes.
    let asked: Value = serde_json::from_str(&world.case.read(&template("acme"))).expect("JSON");
    let attached = &asked["Resources"]["ApplyRole"]["Properties"]["ManagedPolicyArns"];
    assert_eq!(*attached, json!(["arn:aws:iam::aws:policy/PowerUserAccess"]));
    let condition = &acme.trust_policy("VendorApply")["Statement"][0]["Condition"];
    let external_id = "7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51";
    assert_eq!(*condition, json!({"StringEquals": {"sts:ExternalId": external_id}}));
    assert_eq!(acme.inline_policies("VendorRead"), json!(["costs", "logs"]));
    let staging: Value = serde_json::from_str(&world.case.read(&template("staging"))).expect("JSON");
    let written = &staging["Resources"]["CrossAccountRole"]["Properties"]["AssumeRolePolicyDocument"];
    assert_eq!(world.account(STAGING).trust_policy("TerraformCrossAccount"), *written);
}

fn template(target: &str) -> String {
    format!("accounts/{target}/bootstrap/roles.cfn.json")
}

pub(super) fn cli(world: &World, aws: &Path, user: &Environment, arguments: &[&str]) -> Ran {
    let mut command = Command::new(aws);
    command.env_clear().envs(std::env::vars_os().filter(|(name, _)| name == "PATH"));
    command.envs(user.clone()).env("HOME", world.home()).env("AWS_PAGER", "");
    run(command.args(arguments))
}
