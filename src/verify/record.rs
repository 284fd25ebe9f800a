//! The evidence in the making: changed by every target that is tried, and kept so that a kill leaves what was seen.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::clock::now;
use crate::diagnostic::Error;
use crate::evidence::{Evidence, Leftover, Step, TargetEvidence, TargetOutcome, to_text};

/// Writing may take one part in so many of the time: the evidence of a large fleet is a large text, and some step of it ends
/// all the time.
const PART: u32 = 20;
/// What takes less time than this is written at once, always.
const CHEAP: Duration = Duration::from_millis(10);

/// How a text is kept.
pub(super) type Keep<'r> = dyn Fn(&str) -> Result<(), Error> + Sync + 'r;

/// Evidence in the making.
pub(super) struct Recorder<'r> {
    state: Mutex<State>,
    keep: &'r Keep<'r>,
}

struct State {
    evidence: Evidence,
    /// Before this, only what must not be lost is written.
    rests_until: Instant,
    failure: Option<Error>,
}

impl<'r> Recorder<'r> {
    /// Begins with evidence in which nothing has been tried, and keeps it.
    pub(super) fn begin(evidence: Evidence, keep: &'r Keep<'r>) -> Result<Self, Error> {
        keep(&to_text(&evidence))?;
        let state = State { evidence, rests_until: Instant::now(), failure: None };
        Ok(Self { state: Mutex::new(state), keep })
    }

    /// Notes that a target is being tried.
    pub(super) fn enter(&self, at: usize) {
        self.change(at, |target| target.outcome = TargetOutcome::Running);
    }

    /// Notes a step.
    pub(super) fn step(&self, at: usize, step: Step) {
        self.change(at, |target| target.steps.push(step));
    }

    /// Notes what is about to exist. Only once this is kept may it be created.
    pub(super) fn may_exist(&self, at: usize, leftover: Leftover) -> Result<(), String> {
        let mut state = self.state();
        state.evidence.targets[at].may_exist.push(leftover);
        self.write(&mut state);
        match &state.failure {
            None => Ok(()),
            Some(error) => Err(format!("the evidence cannot be kept: {error}")),
        }
    }

    /// Notes what is certainly gone.
    pub(super) fn is_gone(&self, at: usize, name: &str) {
        let mut state = self.state();
        state.evidence.targets[at].may_exist.retain(|leftover| leftover.name != name);
        self.write(&mut state);
    }

    /// Whether something of this name may exist.
    pub(super) fn may_still_exist(&self, at: usize, name: &str) -> bool {
        self.state().evidence.targets[at].may_exist.iter().any(|leftover| leftover.name == name)
    }

    /// Notes what a target came to; what is known of it then.
    pub(super) fn leave(&self, at: usize, outcome: TargetOutcome, reason: Option<String>) -> TargetEvidence {
        self.change(at, |target| {
            target.outcome = outcome;
            target.reason = reason;
        });
        self.state().evidence.targets[at].clone()
    }

    /// Whether the version of the AWS provider is not known yet.
    pub(super) fn needs_provider(&self) -> bool {
        self.state().evidence.tools.aws_provider.is_none()
    }

    /// Notes the version of the AWS provider.
    pub(super) fn provider(&self, version: Option<String>) {
        self.state().evidence.tools.aws_provider = version;
    }

    /// Ends the run: what was seen in all of it.
    pub(super) fn end(self, is_complete: bool) -> Result<Evidence, Error> {
        let mut state = self.state();
        state.evidence.ended = Some(now());
        state.evidence.complete = is_complete;
        self.write(&mut state);
        match state.failure.take() {
            Some(error) => Err(error),
            None => Ok(state.evidence.clone()),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, at: usize, change: impl FnOnce(&mut TargetEvidence)) {
        let mut state = self.state();
        change(&mut state.evidence.targets[at]);
        if Instant::now() >= state.rests_until {
            self.write(&mut state);
        }
    }

    fn write(&self, state: &mut State) {
        let began = Instant::now();
        if let Err(error) = (self.keep)(&to_text(&state.evidence)) {
            state.failure.get_or_insert(error);
        }
        let took = began.elapsed();
        let pause = if took < CHEAP { Duration::ZERO } else { took * PART };
        state.rests_until = Instant::now() + pause;
    }
}
