//! GitLab's pipeline in a runner of its own, with a stand-in for Terraform and with Terraform itself.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_yaml::Value;

use super::engines::asked;
use super::run::{piped, repository, run_in, write_program};
use crate::effort::has_all_the_time;
use crate::oracle::oracle;
use crate::support::{Case, commit_all, git};
use crate::terraform::world::World;

/// A runner, and what every job of it is given.
struct Runner {
    node: PathBuf,
    program: PathBuf,
    environment: Vec<(&'static str, String)>,
}

impl Runner {
    /// A repository at GitLab, in which waiting takes no time, if there is a runner.
    fn of(case: &Case) -> Option<Self> {
        let (node, program) = (oracle("node")?, oracle("gitlab-ci-local")?);
        let state = case.state_home();
        write_program(&state.join("bin/sleep"), "#!/bin/sh\n");
        std::os::unix::fs::symlink(crate::support::program(), state.join("bin/crossrole"))
            .expect("a link is made");
        git(case.root(), &["remote", "add", "origin", "git@gitlab.com:acme/infra.git"]);
        let path = std::env::var("PATH").unwrap_or_default();
        let environment = vec![
            ("HOME", state.display().to_string()),
            ("TF_PLUGIN_CACHE_DIR", state.join("plugins").display().to_string()),
            ("LOG", state.join("log").display().to_string()),
            ("PATH", format!("{}:{path}", state.join("bin").display())),
        ];
        Some(Self { node, program, environment })
    }

    /// Runs a pipeline with these variables; what Terraform was asked.
    #[track_caller]
    fn run(&self, case: &Case, variables: &[(&str, &str)]) -> Vec<String> {
        let mut command = Command::new(&self.node);
        command.arg(&self.program).args(["--force-shell-executor", "--no-color"]);
        for (name, value) in variables {
            command.args(["--variable", &format!("{name}={}", value.trim())]);
        }
        command.current_dir(case.root()).envs(self.environment.iter().map(|(name, value)| (name, value)));
        let output = command.output().expect("it runs");
        let said = [output.stdout, output.stderr].concat();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
        asked(case)
    }

    /// The pipeline of a proposal that begins at a commit.
    #[track_caller]
    fn propose(&self, case: &Case, base: &str) -> Vec<String> {
        let event = ("CI_PIPELINE_SOURCE", "merge_request_event");
        self.run(case, &[event, ("CI_MERGE_REQUEST_DIFF_BASE_SHA", base)])
    }

    /// The first pipeline of the main branch.
    #[track_caller]
    fn apply(&self, case: &Case) -> Vec<String> {
        self.run(case, &[("CI_COMMIT_BEFORE_SHA", &"0".repeat(40))])
    }
}

/// Finds that each step was planned and applied before the next.
#[track_caller]
fn is_in_order(all: &[String], roots: usize) {
    let of = |verb: &str, step: &str| -> Vec<usize> {
        let is_one = |line: &String| line.starts_with(verb) && line.ends_with(step);
        all.iter().enumerate().filter(|(_, line)| is_one(line)).map(|(at, _)| at).collect()
    };
    let order =
        ["source", "bootstrap", "workload"].map(|step| [of("plan", step), of("apply", step)].concat());
    assert!(order.iter().all(|step| !step.is_empty()), "{all:?}");
    let flat = order.concat();
    assert_eq!(flat.len(), 2 * roots, "{all:?}");
    assert!(flat.is_sorted(), "{all:?}");
}

fn commit(case: &Case) -> String {
    let before = git(case.root(), &["rev-parse", "HEAD"]);
    git(case.root(), &["commit", "--quiet", "--all", "--message", "a change"]);
    before
}

/// A proposal plans what it changes, the main branch is applied in order.
#[test]
fn gitlab_plans_proposals_and_applies_the_main_branch() {
    let spec = piped(1..=3).replace("{gitlab: {", "{gitlab: {shards: 2, ");
    let case = repository(&spec);
    let Some(runner) = Runner::of(&case) else { return };
    git(case.root(), &["switch", "--quiet", "--create", "proposal"]);
    case.edit("accounts/t2/workload/main.tf", "\n", "\n# new\n");
    let before = commit(&case);
    assert_eq!(runner.propose(&case, &before), ["plan accounts/t2/workload"]);
    case.edit("modules/verification-bucket/main.tf", "\n", "\n# new\n");
    let before_module = commit(&case);
    let mut users = runner.propose(&case, &before_module);
    users.sort();
    assert_eq!(users, [1, 2, 3].map(|at| format!("plan accounts/t{at}/workload")));
    git(case.root(), &["switch", "--quiet", "main"]);
    git(case.root(), &["merge", "--quiet", "--ff-only", "proposal"]);
    is_in_order(&runner.apply(&case), 7);
}

/// Terraform that writes down what it is asked.
const LOGGED: &str = r#"#!/bin/sh
echo "$2 ${1#-chdir=}" >>"$LOG"
exec "$TERRAFORM" "$@"
"#;

/// With Terraform itself, its provider and a stand-in for AWS: an empty AWS becomes what the spec says, by tokens alone.
#[test]
fn gitlab_applies_with_terraform_itself() {
    let (Some(terraform), Some(world)) =
        (oracle("terraform"), World::new(&piped(1..=2).replace("{gitlab: {", "{gitlab: {shards: 1, ")))
    else {
        return;
    };
    world.generate();
    let case = &world.case;
    commit_all(case.root());
    let Some(mut runner) = Runner::of(case) else { return };
    write_program(&case.state_home().join("bin/terraform"), LOGGED);
    runner.environment.extend(tokens(&world, &terraform));
    world.account("111111111111").create_bucket("example-state");

    is_in_order(&runner.apply(case), 5);
    for account in ["200000000001", "200000000002"] {
        let buckets = world.account(account).buckets();
        assert!(buckets.len() == 1, "the verification bucket of {account}: {buckets:?}");
    }
    // The runner works in the work tree, and leaves the lock files that people commit.
    git(case.root(), &["add", "--all"]);
    commit(case);
    git(case.root(), &["switch", "--quiet", "--create", "proposal"]);
    case.edit("accounts/t2/workload/main.tf", "\n", "\n# new\n");
    let before = commit(case);
    assert_eq!(runner.propose(case, &before), ["plan accounts/t2/workload"]);
}

/// The environment in which a job's token is exchanged at the stand-in.
fn tokens(world: &World, terraform: &Path) -> Vec<(&'static str, String)> {
    let address = world.address();
    vec![
        ("TERRAFORM", terraform.display().to_string()),
        ("TF_CLI_CONFIG_FILE", world.terraform_settings().display().to_string()),
        ("AWS_TOKEN", "eyJhbGciOiJub25lIn0.e30.".to_owned()),
        ("AWS_ENDPOINT_URL", address.clone()),
        ("AWS_ENDPOINT_URL_STS", address),
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
    ]
}

/// The shards of GitLab's pipeline for a fleet.
fn shards(case: &Case) -> Vec<String> {
    let text = case.read(".gitlab-ci.yml").replace("!reference", "");
    let pipeline: Value = serde_yaml::from_str(&text).expect("YAML");
    let shards = pipeline[".signed-in"]["parallel"]["matrix"][0]["SHARD"].as_sequence().expect("a list");
    shards.iter().map(|shard| shard.as_str().expect("a text").to_owned()).collect()
}

/// The parts of a large fleet hold all of it, once.
#[test]
fn three_hundred_accounts_are_shared_by_shards() {
    let case = Case::generated(&piped(1..=300).replace("{gitlab: {", "{gitlab: {shards: 20, "));
    let mut seen = std::collections::BTreeSet::new();
    for shard in shards(&case) {
        let shard = format!("{shard}/20");
        let json = case.run(&["list", "--format", "json", "--shard", &shard]).exits(0).json();
        let roots = json["roots"].as_array().expect("a list");
        assert!((30..=31).contains(&roots.len()), "{shard}: {}", roots.len());
        let paths = roots.iter().map(|root| root["path"].as_str().expect("a path").to_owned());
        paths.for_each(|path| assert!(seen.insert(path), "{shard}"));
    }
    assert_eq!(seen.len(), 601);
}

/// The same by what Terraform is asked: every root is run by one shard, and by no other.
#[test]
fn every_root_is_run_once_over_all_shards() {
    let accounts = if has_all_the_time() { 300 } else { 37 };
    let case = repository(&piped(1..=accounts).replace("{gitlab: {", "{gitlab: {shards: 20, "));
    let shards = shards(&case);
    let plan = |step: &str, shards: &[String]| {
        for shard in shards {
            run_in("sh", &case, &format!("plan --step {step} --shard {shard}/20")).exits(0);
        }
    };
    for step in ["source", "bootstrap", "workload"] {
        let (some, others) = shards.split_at(shards.len() / 2);
        std::thread::scope(|scope| {
            scope.spawn(|| plan(step, some));
            plan(step, others);
        });
    }
    let mut planned = asked(&case);
    planned.sort();
    let mut wanted = vec!["plan source".to_owned()];
    for account in 1..=accounts {
        wanted.extend(["bootstrap", "workload"].map(|step| format!("plan accounts/t{account}/{step}")));
    }
    wanted.sort();
    assert_eq!(planned, wanted);
}
