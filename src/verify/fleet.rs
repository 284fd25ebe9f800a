//! All targets, several at a time.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::answer::Failure;
use super::aws::Aws;
use super::caller::{Declared, Identity};
use super::child::Stopped;
use super::clock::now;
use super::record::Recorder;
use super::steps::{Bucket, Course, course};
use super::target::{Shared, Visit};
use super::terraform::Terraform;
use crate::diagnostic::{Error, Kind};
use crate::digest::sha256;
use crate::evidence::{
    CallerSeen, Evidence, SpecDigest, Step, StepName, TargetEvidence, TargetOutcome, Tools, VERSION,
};
use crate::git::WorkTree;
use crate::model::{Caller, Fleet, TargetName};
use crate::runbook::sign_in;

/// What is to be verified.
pub struct Asked<'f> {
    /// The fleet.
    pub fleet: &'f Fleet,
    /// The targets; `None` are all.
    pub only: Option<BTreeSet<TargetName>>,
    /// The folder that it was generated into.
    pub out: &'f Path,
    /// The spec's name and text.
    pub spec: (&'f str, &'f str),
    /// What becomes of the verification bucket.
    pub bucket: Bucket,
    /// How long a role that should let the caller in may refuse it, from the beginning of the run: IAM takes its time.
    pub patience: Duration,
}

/// Whoever watches a verification, keeps its evidence, and may end it.
pub trait Watch: Sync {
    /// Whether the user wants the run to end.
    fn is_stopped(&self) -> bool;
    /// The caller is known, and so many targets will be tried.
    fn began(&self, caller: &CallerSeen, targets: usize);
    /// A step of a target begins.
    fn begins(&self, target: &str, step: StepName);
    /// A step of a target has ended.
    fn ends(&self, target: &str, step: &Step);
    /// A target has been tried.
    fn tried(&self, target: &TargetEvidence);
    /// Keeps the evidence so far, in one step.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn keep(&self, text: &str) -> Result<(), Error>;
}

/// Tries everything that the present caller can try of a fleet. Evidence that is not complete is that of a run which
/// the user ended.
///
/// # Errors
/// A program that is missing; credentials that AWS does not take, or that are nobody's whom the spec declares; and
/// evidence that cannot be kept.
pub fn verify(asked: &Asked<'_>, watch: &dyn Watch) -> Result<Evidence, Error> {
    let is_stopped = || watch.is_stopped();
    let scratch = tempfile::Builder::new().prefix("crossrole-verify-").tempdir();
    let scratch = scratch.map_err(|error| Error::io("make a temporary folder", &error))?;
    let cache = scratch.path().join("providers");
    fs::create_dir(&cache).map_err(|error| Error::io("make a temporary folder", &error))?;
    let aws = Aws::find(&asked.fleet.source.credentials, &is_stopped)?;
    let terraform = Terraform::find(cache, &is_stopped)?;
    let tools = Tools {
        terraform: terraform.version().map_err(stopped)?,
        aws: aws.version().map_err(stopped)?,
        aws_provider: None,
    };
    let identity = aws.identity(&asked.fleet.source.region).map_err(stopped)?.map_err(|why| unknown(&why))?;
    let declared =
        Declared::find(asked.fleet, &identity).ok_or_else(|| undeclared(asked.fleet, &identity))?;
    let courses = courses(asked, &declared)?;
    let caller = CallerSeen {
        id: declared.callers[0].id.to_string(),
        arn: identity.arn,
        account_id: identity.account,
    };
    watch.began(&caller, courses.len());
    let evidence = begun(asked, tools, caller, &courses);
    let (top, out) = folders(asked.out)?;
    let keep = |text: &str| watch.keep(text);
    let shared = Shared {
        aws,
        terraform,
        recorder: Recorder::begin(evidence, &keep)?,
        is_stopped: &is_stopped,
        begins: &|target, step| watch.begins(target, step),
        ends: &|target, step| watch.ends(target, step),
        source: &asked.fleet.source.account_id,
        top,
        out,
        scratch: scratch.path(),
        patient_until: Instant::now() + asked.patience,
    };
    courses.par_iter().enumerate().with_max_len(1).for_each(|(at, course)| {
        watch.tried(&visit(&shared, at, course));
    });
    let is_complete = !watch.is_stopped();
    shared.recorder.end(is_complete)
}

/// What is tried of each target.
fn courses<'f>(asked: &Asked<'f>, declared: &Declared<'_>) -> Result<Vec<Course<'f>>, Error> {
    let suffix = getrandom::u32().map_err(Error::bug)?;
    let suffix = format!("{suffix:08x}");
    let is_wanted = |name: &TargetName| asked.only.as_ref().is_none_or(|only| only.contains(name));
    let targets = asked.fleet.targets.iter().filter(|target| is_wanted(&target.name));
    Ok(targets.map(|target| course(asked.fleet, target, declared, asked.bucket, &suffix)).collect())
}

/// The evidence before anything is tried.
fn begun(asked: &Asked<'_>, tools: Tools, caller: CallerSeen, courses: &[Course<'_>]) -> Evidence {
    let untried = |course: &Course<'_>| {
        let target = course.target;
        let reason = Some("the run ended before".to_owned());
        TargetEvidence { reason, ..TargetEvidence::untried(target.name.as_str(), target.account_id.as_str()) }
    };
    let (file, text) = asked.spec;
    Evidence {
        version: VERSION,
        crossrole: env!("CARGO_PKG_VERSION").to_owned(),
        tools,
        spec: SpecDigest { file: file.to_owned(), sha256: sha256([text.as_bytes()]) },
        caller,
        started: now(),
        ended: None,
        complete: false,
        targets: courses.iter().map(untried).collect(),
    }
}

/// The folder that is mirrored, the repository's or the output folder, and the output folder in it.
fn folders(out: &Path) -> Result<(PathBuf, PathBuf), Error> {
    let name = if out.as_os_str().is_empty() { Path::new(".") } else { out };
    let out =
        fs::canonicalize(name).map_err(|error| Error::io(format!("open `{}`", name.display()), &error))?;
    let top = WorkTree::around(&out).map_or_else(|| out.clone(), |tree| tree.top);
    let inside = out.strip_prefix(&top).map(Path::to_owned);
    Ok(inside.map_or_else(|_| (out.clone(), PathBuf::new()), |inside| (top, inside)))
}

fn visit(shared: &Shared<'_>, at: usize, course: &Course<'_>) -> TargetEvidence {
    if (shared.is_stopped)() {
        let reason = Some("the run was interrupted before".to_owned());
        return shared.recorder.leave(at, TargetOutcome::NotTried, reason);
    }
    shared.recorder.enter(at);
    let (outcome, reason) = Visit::new(shared, at, course).take_all();
    shared.recorder.leave(at, outcome, reason)
}

/// The error of a run that ended before it began.
fn stopped(stopped: Stopped) -> Error {
    match stopped {
        Stopped::Interrupted => Error::one(Kind::Interrupted, "interrupted", "nothing was tried"),
        Stopped::Failed(why) => Error::one(Kind::Io, why, ""),
    }
}

/// The error of credentials that AWS does not know.
fn unknown(why: &Failure) -> Error {
    let help = "`aws sts get-caller-identity` must work first: sign in as one of the spec's callers";
    Error::one(Kind::Input, format!("cannot tell who is calling: {}", why.said()), help)
}

/// The error of credentials that are nobody's whom the spec declares.
fn undeclared(fleet: &Fleet, identity: &Identity) -> Error {
    const SHOWN: usize = 5;
    let callers = &fleet.source.callers;
    let way = |caller: &Caller| format!("{} ({})", caller.id, sign_in(fleet, caller).words);
    let mut ways: Vec<String> = callers.iter().take(SHOWN).map(way).collect();
    ways.extend((callers.len() > SHOWN).then(|| format!("one of {} more", callers.len() - SHOWN)));
    let message = format!(
        "`{}` is not a caller that the spec declares in account {}",
        identity.arn, fleet.source.account_id
    );
    let help = format!("use the credentials of {}, or declare it under `source.callers`", ways.join(", or "));
    Error::one(Kind::Refused, message, help)
}
