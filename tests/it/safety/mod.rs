//! Nothing that lies in a repository is an order: what a stranger's commit, a forged folder or an
//! unlucky environment can say moves, deletes, runs and prints nothing.

mod git;
mod races;
mod reads;
mod state;

use std::path::Path;
use std::process::Command;

use crate::support::Case;

/// A file that people edit.
const PROVIDERS: &str = "accounts/staging/workload/providers.tf";
const VERIFICATION: &str = "accounts/staging/workload/verification.tf";

/// Runs git in a folder, and returns what it prints.
#[track_caller]
fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(folder).args(["-c", "user.name=Test", "-c", "user.email=test@example.com"]);
    command.args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
        command.env_remove(name);
    }
    let output = command.output().expect("git is there");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "git {arguments:?}: {text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// Makes a folder a repository with one commit of everything in it.
fn commit_all(folder: &Path) {
    git(folder, &["init", "--quiet", "--initial-branch", "main"]);
    git(folder, &["config", "user.name", "Test"]);
    git(folder, &["config", "user.email", "test@example.com"]);
    git(folder, &["add", "--all", "--force"]);
    git(folder, &["commit", "--quiet", "--message", "all"]);
}

/// A program that notes that it was run.
fn trap(case: &Case, name: &str) -> (String, std::path::PathBuf) {
    let (program, ran) = (case.state_home().join(name), case.state_home().join("ran"));
    std::fs::create_dir_all(case.state_home()).expect("folders can be made");
    std::fs::write(&program, format!("#!/bin/sh\necho \"$0\" >>'{}'\ncat\n", ran.display()))
        .expect("files can be written");
    std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .expect("modes can be set");
    (program.display().to_string(), ran)
}
