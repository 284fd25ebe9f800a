//! The tools that these tests need. A test that lacks one says so and ends; with `CI=true` it fails.

use std::env;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use assert_cmd::Command;
use assert_fs::TempDir;

use super::provider;
use crate::support::{Ran, run};

/// Terraform, with a home of its own that knows one source of providers.
pub(super) struct Terraform {
    program: PathBuf,
    home: TempDir,
}

impl Terraform {
    /// Terraform and the AWS provider, if both are there.
    pub(super) fn find() -> Option<Self> {
        let help = "https://developer.hashicorp.com/terraform/install says how to have it on PATH";
        let program = needed("terraform", on_path("terraform"), help)?;
        let mirror = needed("the AWS provider", provider::mirror(&program), provider::HELP)?;
        let home = TempDir::new().expect("a temporary folder");
        let mirror = mirror.display();
        let settings = format!(
            "disable_checkpoint = true\n\nprovider_installation {{\n  filesystem_mirror {{\n    path = \"{mirror}\"\n  }}\n}}\n"
        );
        fs::write(home.path().join("terraform.rc"), settings).expect("files can be written");
        Some(Self { program, home })
    }

    /// The folder that Terraform and the AWS SDK take for the user's.
    pub(super) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Runs Terraform in a folder, with nothing in its environment that is not named here.
    #[track_caller]
    pub(super) fn run(&self, folder: &Path, environment: &[(&str, &str)], arguments: &[&str]) -> Ran {
        let mut command = Command::new(&self.program);
        command.current_dir(folder).env_clear();
        for name in ["PATH", "TMPDIR"] {
            command.envs(env::var_os(name).map(|value| (name, value)));
        }
        command.env("HOME", self.home()).env("TF_CLI_CONFIG_FILE", self.home().join("terraform.rc"));
        command.envs([("TF_INPUT", "0"), ("TF_IN_AUTOMATION", "1"), ("TF_CLI_ARGS", "-no-color")]);
        command.envs(environment.iter().copied()).args(arguments);
        // No single step takes as long; one that hangs is ended and fails its test.
        command.timeout(Duration::from_mins(5));
        run(&mut command)
    }
}

/// moto's server.
pub(super) fn moto() -> Option<PathBuf> {
    needed("moto_server", on_path("moto_server"), "`pip install 'moto[server]>=5.2,<6'` has it")
}

/// The AWS CLI.
pub(super) fn aws() -> Option<PathBuf> {
    needed("aws", on_path("aws"), "`pip install awscli` has it")
}

/// checkov, from the variable of that name or from PATH.
pub(super) fn checkov() -> Option<PathBuf> {
    let found = env::var_os("CHECKOV").map(PathBuf::from).or_else(|| on_path("checkov"));
    needed("checkov", found, "`pip install checkov` has it; CHECKOV may hold its path")
}

/// What was found; without it a note, or in CI a failure.
fn needed<T>(what: &str, found: Option<T>, help: &str) -> Option<T> {
    if found.is_none() {
        assert!(!is_ci(), "{what} is missing: {help}");
        // Past the capture that hides what passing tests print.
        _ = writeln!(std::io::stderr(), "a test is skipped: {what} is missing: {help}");
    }
    found
}

/// Whether nothing may be skipped.
pub(super) fn is_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true")
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
