//! One target: its steps taken one after another, each recorded before the next begins.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::answer::{Answer, Failure};
use super::aws::{Aws, Session};
use super::child::Stopped;
use super::clock::now;
use super::judge;
use super::mirror::Mirror;
use super::record::Recorder;
use super::steps::{Course, Task, Work};
use super::terraform::{Outcome, Terraform};
use crate::evidence::{Expected, Leftover, Step, StepName, StepOutcome, TargetOutcome};
use crate::model::AccountId;

/// The kind of what a run may leave.
const BUCKET: &str = "aws_s3_bucket";
/// The only region in which a bucket is created without naming the region.
///
/// Source: S3 API reference, `CreateBucket`, `LocationConstraint`.
const UNNAMED: &str = "us-east-1";
/// How often a pause is looked up from.
const GLANCE: Duration = Duration::from_millis(50);

/// What all targets share.
pub(super) struct Shared<'r> {
    pub(super) aws: Aws<'r>,
    pub(super) terraform: Terraform<'r>,
    pub(super) recorder: Recorder<'r>,
    pub(super) is_stopped: &'r (dyn Fn() -> bool + Sync),
    /// Told of each step that begins, and of each that has ended.
    pub(super) begins: &'r (dyn Fn(&str, StepName) + Sync),
    pub(super) ends: &'r (dyn Fn(&str, &Step) + Sync),
    pub(super) source: &'r AccountId,
    /// The folder that is mirrored, and the output folder in it.
    pub(super) top: PathBuf,
    pub(super) out: PathBuf,
    pub(super) scratch: &'r Path,
    /// Until when a refusal may be IAM's, which has not heard of a new role everywhere.
    pub(super) patient_until: Instant,
}

/// A target that is being tried.
pub(super) struct Visit<'v> {
    shared: &'v Shared<'v>,
    at: usize,
    course: &'v Course<'v>,
    sessions: BTreeMap<String, Session>,
    mirror: Option<Mirror>,
    taken: Vec<(StepName, String, StepOutcome)>,
}

impl<'v> Visit<'v> {
    /// A target of which nothing has been tried; `at` is its place in the evidence.
    pub(super) fn new(shared: &'v Shared<'v>, at: usize, course: &'v Course<'v>) -> Self {
        Self { shared, at, course, sessions: BTreeMap::new(), mirror: None, taken: Vec::new() }
    }

    /// Takes every step; what the target came to, and why if it was not entered.
    pub(super) fn take_all(mut self) -> (TargetOutcome, Option<String>) {
        let is_interrupted = self.course.tasks.iter().any(|task| self.take(task).is_err());
        let is = |wanted| self.taken.iter().any(|(_, _, outcome)| *outcome == wanted);
        match (is(StepOutcome::Failed), is_interrupted, &self.course.not_entered) {
            (true, ..) => (TargetOutcome::NotAsDeclared, None),
            (_, true, _) => (TargetOutcome::Interrupted, Some("interrupted".to_owned())),
            (_, _, Some(reason)) => (TargetOutcome::NotTried, Some(reason.clone())),
            _ => (TargetOutcome::AsDeclared, None),
        }
    }

    /// Takes one step and records it; an error ends the target.
    fn take(&mut self, task: &Task) -> Result<(), ()> {
        let began = Instant::now();
        let mut step = untaken(task);
        let result = self.attempt(task, &mut step);
        match &result {
            Ok(()) => {}
            Err(Stopped::Interrupted) => step.outcome = StepOutcome::Interrupted,
            Err(Stopped::Failed(why)) => {
                step.outcome = StepOutcome::Failed;
                step.tell(why);
            }
        }
        step.duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.taken.push((step.step, step.role_arn.clone(), step.outcome));
        (self.shared.ends)(self.course.target.name.as_str(), &step);
        self.shared.recorder.step(self.at, step);
        if matches!(result, Err(Stopped::Interrupted)) { Err(()) } else { Ok(()) }
    }

    /// Does what a step is about, unless it would prove nothing.
    fn attempt(&mut self, task: &Task, step: &mut Step) -> Result<(), Stopped> {
        if let Some(needed) = self.unmet(task) {
            step.tell(&format!("`{}` did not succeed", needed.words()));
            return Ok(());
        }
        (self.shared.begins)(self.course.target.name.as_str(), task.name);
        self.work(task, step)
    }

    /// The step that this one needs and that did not go well: one of the same role, if there is one.
    fn unmet(&self, task: &Task) -> Option<StepName> {
        let needed = task.needs?;
        let named = || self.taken.iter().rev().filter(|(name, _, _)| *name == needed);
        let found = named().find(|(_, role, _)| *role == task.role_arn).or_else(|| named().next());
        let is_met = found.is_some_and(|(_, _, outcome)| *outcome == StepOutcome::Ok);
        (!is_met).then_some(needed)
    }

    fn work(&mut self, task: &Task, step: &mut Step) -> Result<(), Stopped> {
        let source = self.shared.source.as_str();
        let target = self.course.target.account_id.as_str();
        match &task.work {
            Work::Skip(reason) => step.tell(reason),
            Work::Assume(request) => self.assume(request, step)?,
            Work::AssumeAgain(request) => {
                let answer = self.as_role(&task.role_arn, &assume_role(&request.to_string()))?;
                judge::request(step, &answer);
            }
            Work::Identity => {
                let answer = self.as_role(&task.role_arn, &["sts", "get-caller-identity"])?;
                judge::account(step, &answer, target);
            }
            Work::CreateBucket => self.create_bucket(step)?,
            Work::LookInTarget => {
                let answer = self.as_role(&task.role_arn, &self.look(target))?;
                judge::request(step, &answer);
            }
            Work::LookInSource => judge::request(step, &self.as_caller(&self.look(source))?),
            Work::Terraform(role) => self.terraform(step, role.as_deref())?,
        }
        Ok(())
    }

    /// Assumes a role with the caller's credentials; where that is to be allowed, IAM is given time to hear of it.
    fn assume(&mut self, request: &Json, step: &mut Step) -> Result<(), Stopped> {
        let request = request.to_string();
        let mut pause = Duration::from_secs(1);
        let answer = loop {
            let answer = self.as_caller(&assume_role(&request))?;
            let may_change = step.expected == Expected::Allowed
                && matches!(answer.result, Err(Failure::Refused(_)))
                && Instant::now() + pause <= self.shared.patient_until;
            if !may_change {
                break answer;
            }
            self.rest(pause)?;
            pause *= 2;
        };
        judge::request(step, &answer);
        if step.expected == Expected::Allowed {
            let session = answer.result.as_ref().ok().and_then(Session::in_answer);
            self.sessions.extend(session.map(|session| (step.role_arn.clone(), session)));
        }
        Ok(())
    }

    fn rest(&self, pause: Duration) -> Result<(), Stopped> {
        let until = Instant::now() + pause;
        while Instant::now() < until {
            if (self.shared.is_stopped)() {
                return Err(Stopped::Interrupted);
            }
            sleep(GLANCE.min(pause));
        }
        Ok(())
    }

    /// Creates a bucket, which must fail; where it does not, the bucket is deleted at once.
    fn create_bucket(&mut self, step: &mut Step) -> Result<(), Stopped> {
        let (name, region) = (format!("{}r", self.course.bucket), self.course.target.region.as_str());
        if let Err(why) = self.shared.recorder.may_exist(self.at, self.leftover(&name)) {
            step.tell(&why);
            return Ok(());
        }
        let location = format!("LocationConstraint={region}");
        let mut arguments = vec!["s3api", "create-bucket", "--bucket", &name];
        if region != UNNAMED {
            arguments.extend(["--create-bucket-configuration", &location]);
        }
        let answer = self.as_role(&step.role_arn, &arguments)?;
        judge::request(step, &answer);
        let is_gone = match answer.result {
            Ok(_) => {
                let deleted = self.as_role(&step.role_arn, &["s3api", "delete-bucket", "--bucket", &name])?;
                deleted.result.is_ok()
            }
            Err(failure) => matches!(failure, Failure::Refused(_)),
        };
        if is_gone {
            self.shared.recorder.is_gone(self.at, &name);
        }
        Ok(())
    }

    fn terraform(&mut self, step: &mut Step, role: Option<&str>) -> Result<(), Stopped> {
        let result = match step.step {
            StepName::Init => self.init(),
            StepName::Test => self.in_mirror(|terraform, mirror| terraform.test(mirror, role)),
            StepName::Destroy => {
                if !self.shared.recorder.may_still_exist(self.at, &self.course.bucket) {
                    step.tell("nothing was built");
                    return Ok(());
                }
                self.in_mirror(|terraform, mirror| terraform.destroy(mirror, role))
            }
            _ => self.apply(role),
        }?;
        if step.step == StepName::Destroy && result.is_ok() {
            self.shared.recorder.is_gone(self.at, &self.course.bucket);
        }
        judge::run(step, &result);
        Ok(())
    }

    fn init(&mut self) -> Outcome {
        let name = self.course.target.name.as_str();
        let root = self.shared.out.join("accounts").join(name).join("workload");
        let mirrored = Mirror::new(&self.shared.top, &root, &self.shared.scratch.join(name));
        let mirror = match mirrored {
            Ok(mirror) => self.mirror.insert(mirror),
            Err(error) => {
                let root = root.display();
                return Ok(Err(format!("cannot read `{root}` ({error}): run `crossrole generate` first")));
            }
        };
        let result = self.shared.terraform.init(mirror)?;
        if result.is_ok() && self.shared.recorder.needs_provider() {
            self.shared.recorder.provider(self.shared.terraform.provider(mirror));
        }
        Ok(result)
    }

    fn apply(&self, role: Option<&str>) -> Outcome {
        if let Err(why) = self.shared.recorder.may_exist(self.at, self.leftover(&self.course.bucket)) {
            return Ok(Err(why));
        }
        self.in_mirror(|terraform, mirror| match mirror.rename_bucket(&self.course.bucket) {
            Ok(()) => terraform.apply(mirror, role),
            Err(error) => Ok(Err(error.to_string())),
        })
    }

    fn in_mirror(&self, run: impl FnOnce(&Terraform<'_>, &Mirror) -> Outcome) -> Outcome {
        match &self.mirror {
            Some(mirror) => run(&self.shared.terraform, mirror),
            None => Ok(Err("the root was not initialized".to_owned())),
        }
    }

    fn leftover(&self, name: &str) -> Leftover {
        let account_id = self.course.target.account_id.to_string();
        Leftover { kind: BUCKET.to_owned(), name: name.to_owned(), account_id }
    }

    fn look<'a>(&'a self, owner: &'a str) -> [&'a str; 6] {
        ["s3api", "head-bucket", "--bucket", &self.course.bucket, "--expected-bucket-owner", owner]
    }

    fn as_caller(&self, arguments: &[&str]) -> Result<Answer, Stopped> {
        self.shared.aws.run(None, &self.course.target.region, arguments)
    }

    fn as_role(&self, arn: &str, arguments: &[&str]) -> Result<Answer, Stopped> {
        let Some(session) = self.sessions.get(arn) else {
            return Err(Stopped::Failed("there is no session of the role".to_owned()));
        };
        self.shared.aws.run(Some(session), &self.course.target.region, arguments)
    }
}

/// A step before anything is known of it.
fn untaken(task: &Task) -> Step {
    Step {
        step: task.name,
        role_arn: task.role_arn.clone(),
        expected: task.name.expected(),
        seen: None,
        outcome: StepOutcome::Skipped,
        detail: None,
        request_id: None,
        started: now(),
        duration_ms: 0,
    }
}

fn assume_role(request: &str) -> [&str; 4] {
    ["sts", "assume-role", "--cli-input-json", request]
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        // What stays of a mirror goes with the folder of the run.
        _ = std::fs::remove_dir_all(self.shared.scratch.join(self.course.target.name.as_str()));
    }
}
