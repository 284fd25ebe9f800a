//! A generated repository, and stand-ins for `aws` and `terraform` on PATH.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use assert_cmd::Command;
use assert_fs::TempDir;
use serde_json::Value;

use crate::support::{Case, Ran, run, temporary};

/// One target of which this caller can enter two of three roles, and one that it cannot enter.
pub(super) const SPEC: &str = r#"version: 1
source:
  account_id: "111111111111"
  callers:
    - {kind: iam_user, name: terraform}
    - {kind: role, name: deployer}
targets:
  - name: staging
    account_id: "222222222222"
    default_role: apply
    session: {tags: {team: platform}}
    roles:
      plan: {name: Plan, policy_arns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}
      apply:
        name: Apply
        policy_arns: ["arn:aws:iam::aws:policy/PowerUserAccess"]
        external_id: 7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51
      locked: {name: Locked, callers: [deployer], policy_arns: ["arn:aws:iam::aws:policy/PowerUserAccess"]}
  - name: theirs
    account_id: "333333333333"
    role: {name: Locked, callers: [deployer], policy_arns: ["arn:aws:iam::aws:policy/PowerUserAccess"]}
"#;

/// A repository, and the programs that stand in.
pub(super) struct StandIn {
    pub(super) case: Case,
    fake: TempDir,
    environment: Vec<(&'static str, String)>,
}

impl StandIn {
    /// A repository in which a spec has been generated.
    pub(super) fn new(spec: &str) -> Self {
        let fake = temporary();
        for (name, text) in [("aws", include_str!("aws.sh")), ("terraform", include_str!("terraform.sh"))] {
            let program = fake.path().join(name);
            fs::write(&program, text).expect("files can be written");
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("modes can be set");
        }
        let environment = vec![("AWS_ACCESS_KEY_ID", "AKIATHEKEYOFTHEUSER0".to_owned())];
        Self { case: Case::generated(spec), fake, environment }
    }

    /// The same with a fault, or several.
    pub(super) fn with(spec: &str, faults: &str) -> Self {
        Self::new(spec).and("FAULTS", faults)
    }

    /// The same with a variable.
    pub(super) fn and(mut self, name: &'static str, value: &str) -> Self {
        self.environment.push((name, value.to_owned()));
        self
    }

    /// PATH with the stand-ins first.
    fn path(&self) -> OsString {
        let path = std::env::var_os("PATH").expect("there is a PATH");
        let folders = std::iter::once(self.fake.path().to_owned()).chain(std::env::split_paths(&path));
        std::env::join_paths(folders).expect("folders without colons")
    }

    /// `crossrole verify` with its surroundings, to be changed.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.case.crossrole();
        command.envs(self.variables()).arg("verify").args(arguments);
        command
    }

    /// The same, for tests that do not wait for it.
    pub(super) fn started(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = self.case.started();
        command.envs(self.variables()).arg("verify").args(arguments);
        command
    }

    fn variables(&self) -> Vec<(&'static str, OsString)> {
        let own = self.environment.iter().map(|(name, value)| (*name, OsString::from(value)));
        // What a killed run leaves goes with the stand-ins.
        let folder = |name| (name, OsString::from(self.fake.path()));
        let fixed = [("PATH", self.path()), folder("FAKE"), folder("TMPDIR")];
        own.chain(fixed).collect()
    }

    /// Runs it, without patience.
    #[track_caller]
    pub(super) fn verify(&self, arguments: &[&str]) -> Ran {
        run(self.command(arguments).args(["--wait", "0"]))
    }

    /// Everything that the stand-ins were called with.
    pub(super) fn calls(&self) -> String {
        fs::read_to_string(self.fake.path().join("calls")).unwrap_or_default()
    }
}

/// The steps of a target that ended so, in the order in which they were taken.
pub(super) fn steps<'e>(evidence: &'e Value, target: &str, outcome: &str) -> Vec<&'e str> {
    let steps = of(evidence, target)["steps"].as_array().expect("targets have steps");
    let ended = steps.iter().filter(|step| step["outcome"] == outcome);
    ended.map(|step| step["step"].as_str().expect("steps have names")).collect()
}

/// A target in evidence.
pub(super) fn of<'e>(evidence: &'e Value, target: &str) -> &'e Value {
    let targets = evidence["targets"].as_array().expect("evidence has targets");
    targets.iter().find(|one| one["name"] == target).expect("the target is there")
}
