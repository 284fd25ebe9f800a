//! `mfa-session.sh` is a shell script that shells take, and it makes a session with which Terraform works as A.

use std::path::Path;
use std::process::Command;

use super::world::{ELSEWHERE, Environment, World};
use crate::oracle::oracle;
use crate::support::Case;

/// The stand-in knows no owner of a session that was made with MFA, and takes it for one of its own account:
/// so here that account is A.
const SPEC: &str = r#"version: 1
source:
  account_id: "123456789012"
  callers: [{kind: iam_user, name: ops/terraform, mfa: true}]
targets:
  - name: staging
    account_id: "222222222222"
    verification: {enabled: false}
"#;
const SCRIPT: &str = "source/mfa-session.sh";

/// Notes what the AWS CLI is called with, and calls it.
const RECORDER: &str = "#!/bin/sh\necho \"$*\" >>\"$RECORD\"\nexec \"$AWS\" \"$@\"\n";

#[test]
fn the_script_is_one_that_shells_take() {
    let case = Case::generated(SPEC);
    let checked = Command::new("sh").arg("-n").arg(case.at(SCRIPT)).output().expect("there is a shell");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    assert_eq!(checked.stderr, b"");
}

#[test]
fn the_script_makes_a_session_that_terraform_works_with() {
    let (Some(aws), Some(world)) = (oracle("aws"), World::new(SPEC)) else { return };
    world.generate();
    let user = world.user(ELSEWHERE, "/ops/", "terraform");

    let (exports, calls) = session(&world, &aws, &user, &[]);
    assert!(calls.contains("--serial-number arn:aws:iam::123456789012:mfa/terraform"), "{calls}");
    assert!(calls.contains("--token-code 123456"), "{calls}");
    let names: Vec<&str> = exports.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]);
    assert!(exports.iter().all(|(_, value)| !value.is_empty() && value != "None"), "{exports:?}");
    assert!(
        user.iter().all(|(_, value)| exports.iter().all(|(_, export)| export != value)),
        "not the user's own key"
    );

    let mut environment = user.clone();
    environment.retain(|(name, _)| !names.contains(name));
    environment.extend(exports);
    let source = world.root("source", &environment);
    source.init();
    source.apply();
    let attached = world.account(ELSEWHERE).attached_to_user("terraform");
    assert_eq!(attached, ["arn:aws:iam::123456789012:policy/crossrole-assume-terraform"]);

    let device = ("MFA_SERIAL", "arn:aws:iam::123456789012:mfa/phone".to_owned());
    let (_, calls) = session(&world, &aws, &user, &[device]);
    assert!(calls.contains("--serial-number arn:aws:iam::123456789012:mfa/phone"), "{calls}");
}

#[test]
fn the_script_refuses_whoever_is_no_user_of_account_a() {
    let (Some(aws), Some(world)) = (oracle("aws"), World::new(SPEC)) else { return };
    world.generate();
    let stranger = world.user("222222222222", "/", "terraform");
    let ran = script(&world, &aws, &stranger, &["123456"]);
    assert_eq!(ran.0, Some(1));
    assert_eq!(ran.1, "", "nothing to evaluate");
    assert!(
        ran.2.contains(
            "expected an IAM user of account 123456789012, found arn:aws:iam::222222222222:user/terraform"
        ),
        "{}",
        ran.2
    );

    let user = world.user(ELSEWHERE, "/ops/", "terraform");
    let ran = script(&world, &aws, &user, &[]);
    assert_ne!(ran.0, Some(0));
    assert_eq!(ran.1, "", "nothing to evaluate");
    assert!(ran.2.contains("the code that the MFA device shows"), "{}", ran.2);
}

/// What the script exports, as a shell sees it, and how it called the AWS CLI.
fn session(
    world: &World,
    aws: &Path,
    user: &Environment,
    more: &[(&'static str, String)],
) -> (Environment, String) {
    let mut environment = user.clone();
    environment.extend_from_slice(more);
    let ran = script(world, aws, &environment, &["123456"]);
    assert_eq!(ran.0, Some(0), "{}", ran.2);
    let evaluate = "eval \"$1\"; printf '%s\\n%s\\n%s\\n' \"$AWS_ACCESS_KEY_ID\" \"$AWS_SECRET_ACCESS_KEY\" \"$AWS_SESSION_TOKEN\"";
    let shell = Command::new("sh").args(["-euc", evaluate, "sh", &ran.1]).output().expect("there is a shell");
    let values = String::from_utf8(shell.stdout).expect("keys are text");
    let names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
    let exports = names.into_iter().zip(values.lines().map(str::to_owned)).collect();
    (exports, world.case.read("calls"))
}

/// Runs the script: its exit code, stdout and stderr.
fn script(
    world: &World,
    aws: &Path,
    user: &Environment,
    arguments: &[&str],
) -> (Option<i32>, String, String) {
    world.case.write("calls", "");
    world.case.write("bin/aws", RECORDER);
    let executable = Command::new("chmod").arg("+x").arg(world.case.at("bin/aws")).status();
    assert!(executable.expect("files can be made executable").success());
    let path = std::env::var("PATH").expect("there is a PATH");
    let mut command = Command::new("sh");
    command.arg(SCRIPT).args(arguments).current_dir(world.case.root());
    command.env("PATH", format!("{}:{path}", world.case.at("bin").display()));
    command.env("AWS", aws).env("RECORD", world.case.at("calls"));
    command.env("AWS_DEFAULT_REGION", "us-east-1").env_remove("AWS_SESSION_TOKEN");
    let output = command.envs(user.iter().cloned()).output().expect("there is a shell");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}
