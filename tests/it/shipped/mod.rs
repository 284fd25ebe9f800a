//! What others install and include: the wheel, hooks of pre-commit, GitHub's action, GitLab's component.

mod hooks;
mod pipelines;
mod wheel;

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// Runs a command that has to succeed. What it says on stdout.
#[track_caller]
fn succeed(command: &mut Command) -> String {
    let run = command.output().expect("the program runs");
    let (stdout, stderr) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{command:?}\n{stdout}\n{stderr}");
    stdout.into_owned()
}

/// The folder of the program.
fn program_folder() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_crossrole")).parent().expect("a program has a folder")
}

/// PATH with folders before it.
fn path_with(folders: &[&Path]) -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().map(|folder| folder.to_path_buf()).chain(std::env::split_paths(&path));
    std::env::join_paths(all).expect("folders without colons")
}
