//! Terraform, in the mirror of a root.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use serde_json::Value as Json;

use super::child::{self, Stopped};
use super::mirror::Mirror;
use super::programs;
use crate::diagnostic::Error;

/// The only module that is applied.
const MODULE: &str = "-target=module.verification_bucket";
const PROVIDER: &str = "registry.terraform.io/hashicorp/aws";

/// Terraform.
pub(super) struct Terraform<'r> {
    program: PathBuf,
    /// Where providers are kept for all roots.
    cache: PathBuf,
    /// Terraform does not promise that two runs can fill one cache at the same time.
    filling: Mutex<()>,
    is_stopped: &'r (dyn Fn() -> bool + Sync),
}

/// What came of a run: nothing, or what it said.
pub(super) type Outcome = Result<Result<(), String>, Stopped>;

impl<'r> Terraform<'r> {
    /// Terraform on PATH, with one cache of providers: the user's own, or this one.
    pub(super) fn find(cache: PathBuf, is_stopped: &'r (dyn Fn() -> bool + Sync)) -> Result<Self, Error> {
        let help = "install Terraform: https://developer.hashicorp.com/terraform/install";
        let program = programs::find("terraform", help)?;
        let cache =
            std::env::var_os("TF_PLUGIN_CACHE_DIR").filter(|own| !own.is_empty()).map_or(cache, Into::into);
        Ok(Self { program, cache, filling: Mutex::new(()), is_stopped })
    }

    /// Its version, if it says one.
    pub(super) fn version(&self) -> Result<String, Stopped> {
        let ran = child::run(Command::new(&self.program).args(["version", "-json"]), self.is_stopped)?;
        let found: Json = serde_json::from_str(&ran.stdout).unwrap_or_default();
        Ok(found["terraform_version"].as_str().unwrap_or_default().to_owned())
    }

    /// The version of the AWS provider that a root uses.
    pub(super) fn provider(&self, mirror: &Mirror) -> Option<String> {
        let mut command = self.command(mirror);
        let ran = child::run(command.args(["version", "-json"]), self.is_stopped).ok()?;
        let found: Json = serde_json::from_str(&ran.stdout).ok()?;
        found["provider_selections"][PROVIDER].as_str().map(str::to_owned)
    }

    /// `terraform init`; a lock file is followed, and never written.
    pub(super) fn init(&self, mirror: &Mirror) -> Outcome {
        let _filling = self.filling.lock().unwrap_or_else(PoisonError::into_inner);
        let mut command = self.command(mirror);
        command.args(["init", "-input=false", "-no-color"]);
        if mirror.has_lock {
            command.arg("-lockfile=readonly");
        } else {
            // Without it every root fetches the provider anew.
            command.env("TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE", "1");
        }
        self.run(&mut command)
    }

    /// `terraform test`.
    pub(super) fn test(&self, mirror: &Mirror, role: Option<&str>) -> Outcome {
        self.run(with_role(self.command(mirror).args(["test", "-no-color"]), role))
    }

    /// Builds the verification bucket, and nothing else of the root.
    pub(super) fn apply(&self, mirror: &Mirror, role: Option<&str>) -> Outcome {
        let arguments = ["apply", "-auto-approve", "-input=false", "-no-color", MODULE];
        self.run(with_role(self.command(mirror).args(arguments), role))
    }

    /// Destroys it again.
    pub(super) fn destroy(&self, mirror: &Mirror, role: Option<&str>) -> Outcome {
        let arguments = ["destroy", "-auto-approve", "-input=false", "-no-color", MODULE];
        self.run(with_role(self.command(mirror).args(arguments), role))
    }

    fn command(&self, mirror: &Mirror) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(mirror.root());
        // Both would lead out of the mirror.
        command.env_remove("TF_DATA_DIR").env_remove("TF_WORKSPACE");
        command.env("TF_PLUGIN_CACHE_DIR", &self.cache);
        command.env("TF_IN_AUTOMATION", "1").env("TF_INPUT", "0").env("CHECKPOINT_DISABLE", "1");
        command
    }

    fn run(&self, command: &mut Command) -> Outcome {
        let ran = child::run(command, self.is_stopped)?;
        Ok(if ran.is_success { Ok(()) } else { Err(said(&ran.stderr, &ran.stdout)) })
    }
}

fn with_role<'c>(command: &'c mut Command, role: Option<&str>) -> &'c mut Command {
    command.args(role.map(|role| format!("-var=role={role}")))
}

/// The first error of a run, without the frame around it.
fn said(stderr: &str, stdout: &str) -> String {
    let text = if stderr.contains("Error:") { stderr } else { stdout };
    let from = text.find("Error:").map_or(text, |at| &text[at..]);
    let end = from.find(['╵', '╷']).unwrap_or(from.len());
    let plain = from[..end].replace('│', " ");
    if plain.trim().is_empty() { "Terraform failed and did not say why".to_owned() } else { plain }
}
