//! Nothing that lies in a repository is an order: what a stranger's commit, a forged folder or an
//! unlucky environment can say moves, deletes, runs and prints nothing.

mod checkouts;
mod git;
mod races;
mod reads;
mod state;

use crate::support::Case;

/// A file that people edit.
const PROVIDERS: &str = "accounts/staging/workload/providers.tf";
const VERIFICATION: &str = "accounts/staging/workload/verification.tf";

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
