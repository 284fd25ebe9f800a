//! The profiles for people, used by the real AWS CLI: each of them lands in its target.

use std::collections::BTreeMap;
use std::path::Path;

use assert_cmd::Command;

use super::world::{SOURCE, World, at_once};
use crate::oracle::oracle;
use crate::support::{Case, Ran, run};

/// Paths hold what begins a comment, a section or a template elsewhere.
const SPEC: &str = r#"version: 1
source:
  account_id: "111111111111"
  callers:
    - {kind: iam_user, name: ops/ada, mfa: true}
defaults:
  role: {require_mfa: false}
targets:
  - name: staging
    account_id: "222222222222"
    role: {path: "/a#b/;c/[d]/%{e/"}
  - name: acme-prod
    account_id: "333333333333"
    region: eu-west-1
    ownership: third_party
    role: {external_id: "7f0c2b1e:5d0e/4f43=9d5c@x"}
    session: {session_name: ada@acme, duration: 20m}
  - name: guarded
    account_id: "444444444444"
    role: {require_mfa: true}
aws_config: {source_profile: management, mfa_serial: "arn:aws:iam::111111111111:mfa/phone"}
"#;

#[test]
fn every_profile_lands_in_its_target() {
    let (Some(aws), Some(world)) = (oracle("aws"), World::new(SPEC)) else { return };
    world.generate();
    world.profile("management", SOURCE, "ada");
    let file = world.case.read("source/aws-config");
    let profiles: Vec<&str> =
        file.lines().filter_map(|line| line.strip_prefix("[profile ")?.strip_suffix(']')).collect();
    assert_eq!(profiles, ["acme-prod", "guarded", "staging"]);
    let accounts = BTreeMap::from([
        ("acme-prod", "arn:aws:sts::333333333333:assumed-role/TerraformCrossAccount/ada@acme"),
        ("guarded", "arn:aws:sts::444444444444:assumed-role/TerraformCrossAccount/terraform"),
        ("staging", "arn:aws:sts::222222222222:assumed-role/TerraformCrossAccount/terraform"),
    ]);
    for profile in profiles {
        let arguments = ["sts", "get-caller-identity", "--query", "Arn", "--output", "text"];
        let ran = cli(&world, &aws, profile, &arguments).exits(0);
        assert_eq!(ran.stdout.trim(), accounts[profile], "{}", ran.stderr);
        let asks = ran.stderr.contains("Enter MFA code for arn:aws:iam::111111111111:mfa/phone");
        assert_eq!(asks, profile == "guarded", "{profile}: {}", ran.stderr);
    }
    let region = cli(&world, &aws, "acme-prod", &["configure", "get", "region"]).exits(0);
    assert_eq!(region.stdout.trim(), "eu-west-1");

    let assumed = world.assumed();
    let roles: BTreeMap<&str, &str> =
        assumed.iter().map(|(arn, id)| (&**arn, id.as_str().unwrap_or_default())).collect();
    let acme = "arn:aws:iam::333333333333:role/TerraformCrossAccount";
    assert_eq!(roles[acme], "7f0c2b1e:5d0e/4f43=9d5c@x");
    assert!(
        roles.contains_key("arn:aws:iam::222222222222:role/a#b/;c/[d]/%{e/TerraformCrossAccount"),
        "{roles:?}"
    );
}

/// Every key that decides where a profile leads is read by the AWS CLI as it is meant, down to the characters.
#[test]
fn profiles_are_read_as_they_are_meant() {
    let Some(aws) = oracle("aws") else { return };
    let keys = Case::generated(SPEC);
    let sso = Case::generated(include_str!("../../../snapshots/generate/user-profiles-sso/spec.yaml"));
    let wanted = [
        (&keys, "staging", "role_arn", "arn:aws:iam::222222222222:role/a#b/;c/[d]/%{e/TerraformCrossAccount"),
        (&keys, "staging", "source_profile", "management"),
        (&keys, "acme-prod", "external_id", "7f0c2b1e:5d0e/4f43=9d5c@x"),
        (&keys, "acme-prod", "duration_seconds", "1200"),
        (&keys, "guarded", "mfa_serial", "arn:aws:iam::111111111111:mfa/phone"),
        (&sso, "prod-audit-auditor", "role_arn", "arn:aws:iam::333333333333:role/TerraformAudit"),
        (&sso, "prod-audit-auditor", "source_profile", "management-auditor"),
        (&sso, "management-auditor", "sso_role_name", "Auditor"),
        (&sso, "management-auditor", "sso_account_id", SOURCE),
        (&sso, "management-platformadmin", "sso_session", "platform"),
    ];
    at_once(&wanted, |(case, profile, key, value)| {
        let ran = asked(&aws, case, &["configure", "get", key, "--profile", profile]).exits(0);
        assert_eq!(ran.stdout.trim(), *value, "{profile}: {key}");
    });
    // From role to source profile to session: all that is missing is that somebody signs in.
    at_once(&["prod-apply-platformadmin", "prod-audit-auditor", "management-auditor"], |profile| {
        let ran = asked(&aws, &sso, &["configure", "list", "--profile", profile]);
        let said = ran.stdout + &ran.stderr;
        assert!(said.contains("Token for platform does not exist"), "{profile}: {said}");
    });
}

/// The AWS CLI with the generated file, and nothing else of anybody's.
fn asked(aws: &Path, case: &Case, arguments: &[&str]) -> Ran {
    let mut command = Command::new(aws);
    command.env_clear().envs(std::env::vars_os().filter(|(name, _)| name == "PATH"));
    command.env("AWS_CONFIG_FILE", case.at("source/aws-config")).env("HOME", case.root());
    command.env("AWS_EC2_METADATA_DISABLED", "true");
    run(command.args(arguments))
}

/// The AWS CLI, as somebody who has a key of account A and an MFA device.
fn cli(world: &World, aws: &Path, profile: &str, arguments: &[&str]) -> Ran {
    let mut command = Command::new(aws);
    command.env_clear().envs(std::env::vars_os().filter(|(name, _)| name == "PATH"));
    command.envs(world.endpoint()).env("HOME", world.home()).env("AWS_PAGER", "");
    command.env("AWS_CONFIG_FILE", world.case.at("source/aws-config"));
    run(command.args(["--profile", profile]).args(arguments).write_stdin("123456\n"))
}
