//! Terraform with its AWS provider, in an environment of its own.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use assert_cmd::Command;
use assert_fs::TempDir;

use super::provider;
use crate::oracle::{needed, oracle};
use crate::support::{Ran, run};

/// Terraform, with a home of its own that knows one source of providers.
pub(super) struct Terraform {
    program: PathBuf,
    home: TempDir,
}

impl Terraform {
    /// Terraform and the AWS provider, if both are there.
    pub(super) fn find() -> Option<Self> {
        let program = oracle("terraform")?;
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
