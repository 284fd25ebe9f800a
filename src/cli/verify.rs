//! `crossrole verify`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use super::Done;
use super::interrupt::{begin_writing, is_heard};
use super::options::{OutArgs, SpecArgs};
use super::replace::replace;
use super::told;
use crate::diagnostic::{Error, Kind};
use crate::evidence::{self, CallerSeen, Evidence, Step, StepName, TargetEvidence, TargetOutcome};
use crate::input::{self, Limit};
use crate::session::Inputs;
use crate::ui::{Ui, VerifyProgress, evidence_junit, evidence_text};
use crate::verify::{Asked, Bucket, Watch, verify};

/// Verify with real requests that AWS does what the spec says
///
/// Runs `terraform` and `aws` with your credentials. For every target that you can enter: assumes the role as
/// declared; checks that the session is in the target account; checks that the role refuses you without the
/// external ID, with another one, with an undeclared session tag, and without MFA; and runs `terraform test` in a
/// copy of the workload root. With --apply, also builds the verification bucket under a name of its own, finds it
/// in the target account, and destroys it. Your files, lock files and state are not touched.
///
/// Exits with 0 if everything that was tried is as declared, with 2 if something is not or nothing could be tried,
/// and with 4 if your credentials are not those of a declared caller.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  crossrole verify                             every target that you can enter
  crossrole verify --only staging --apply      one target, with its verification bucket
  crossrole verify --evidence evidence.json    keep what was seen, for auditors and `crossrole report`
  crossrole verify --format junit > verify.xml results for a CI system")]
pub(super) struct VerifyArgs {
    /// Spec to read; `-` reads stdin
    #[arg(short = 'f', long = "spec", value_name = "FILE", default_value = "crossrole.yaml")]
    spec: PathBuf,
    #[command(flatten)]
    out: OutArgs,
    /// Build the verification bucket in each target, find it, and destroy it
    #[arg(long)]
    apply: bool,
    /// Do not destroy the bucket
    #[arg(long, requires = "apply")]
    keep: bool,
    /// Number of targets to work on at a time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(super) jobs: u16,
    /// Seconds from the start during which a refused role is tried again, while IAM propagates
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    wait: u32,
    /// Write the evidence to this file after every step
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: VerifyFormat,
}

/// Output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum VerifyFormat {
    /// For people
    Text,
    /// The evidence
    Json,
    /// Results of tests as `JUnit` writes them, for CI systems
    Junit,
}

pub(super) fn run(ui: &Ui, args: &VerifyArgs) -> Result<Done, Error> {
    let inputs = told::load(ui, &SpecArgs { spec: args.spec.clone(), templates: None })?;
    ui.report(&inputs.warnings);
    refuse_single_root(&inputs)?;
    args.evidence.as_deref().map_or(Ok(()), refuse_other)?;
    let watching = Watching { ui, evidence: args.evidence.as_deref(), progress: OnceLock::new() };
    // From here on a signal ends the children first.
    begin_writing();
    let result = verify(&asked(args, &inputs)?, &watching);
    watching.progress.get().into_iter().for_each(VerifyProgress::finish);
    let evidence = result?;
    ui.print(&match args.format {
        VerifyFormat::Text => evidence_text(&evidence, ui.listed()),
        VerifyFormat::Json => evidence::to_text(&evidence),
        VerifyFormat::Junit => evidence_junit(&evidence),
    })?;
    verdict(&evidence)
}

fn asked<'i>(args: &'i VerifyArgs, inputs: &'i Inputs) -> Result<Asked<'i>, Error> {
    Ok(Asked {
        fleet: &inputs.fleet,
        only: inputs.only(&args.out.only)?,
        out: args.out.out.as_deref().unwrap_or(&inputs.folder),
        spec: (&inputs.spec_name, inputs.spec_text()),
        bucket: match (args.apply, args.keep) {
            (false, _) => Bucket::None,
            (true, false) => Bucket::BuiltAndDestroyed,
            (true, true) => Bucket::BuiltAndKept,
        },
        patience: Duration::from_secs(args.wait.into()),
    })
}

/// Each target is tried in a copy of its own root.
fn refuse_single_root(inputs: &Inputs) -> Result<(), Error> {
    if !inputs.fleet.has_single_root() {
        return Ok(());
    }
    let message = "`verify` runs a workload root per target, and `layout: single` has one for all";
    let help = "run `terraform -chdir=workload test`, which enters every account; or use `layout: roots`";
    Err(Error::one(Kind::Refused, message, help))
}

/// What the exit code is to say.
fn verdict(evidence: &Evidence) -> Result<Done, Error> {
    if !evidence.complete {
        let help = "the evidence says what was tried until then";
        return Err(Error::one(Kind::Interrupted, "interrupted", help));
    }
    let failed = evidence.count(TargetOutcome::NotAsDeclared);
    let is_clean = failed == 0 && evidence.count(TargetOutcome::AsDeclared) > 0;
    Ok(if is_clean { Done::Clean } else { Done::Differs })
}

/// Refuses to replace a file that is not evidence: somebody named the wrong one.
fn refuse_other(path: &Path) -> Result<(), Error> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        _ => {}
    }
    let shown = path.display().to_string();
    let read = |bytes| String::from_utf8(bytes).map_err(|error| error.to_string());
    let text = input::named(path, Limit::Large).and_then(read);
    if text.is_ok_and(|text| evidence::read(&shown, &text).is_ok()) {
        return Ok(());
    }
    let message = format!("`{shown}` already exists and is not evidence of `crossrole verify`");
    Err(Error::one(Kind::Refused, message, "name another file, or delete it first"))
}

/// Shows what goes on, keeps the evidence, and listens for Ctrl-C.
struct Watching<'w> {
    ui: &'w Ui,
    evidence: Option<&'w Path>,
    progress: OnceLock<VerifyProgress>,
}

impl Watch for Watching<'_> {
    fn is_stopped(&self) -> bool {
        is_heard()
    }

    fn began(&self, caller: &CallerSeen, targets: usize) {
        self.ui.say(&format!("verifying as {} ({})", caller.arn, caller.id));
        _ = self.progress.set(VerifyProgress::new(self.ui, targets));
    }

    fn begins(&self, target: &str, step: StepName) {
        self.progress.get().into_iter().for_each(|progress| progress.begins(target, step));
    }

    fn ends(&self, target: &str, step: &Step) {
        self.progress.get().into_iter().for_each(|progress| progress.ends(target, step));
    }

    fn tried(&self, target: &TargetEvidence) {
        self.progress.get().into_iter().for_each(|progress| progress.tried(target));
    }

    fn keep(&self, text: &str) -> Result<(), Error> {
        let Some(path) = self.evidence else { return Ok(()) };
        let shown = path.display();
        replace(path, text.as_bytes()).map_err(|error| Error::io(format!("write `{shown}`"), &error))
    }
}
