//! Ctrl-C and SIGTERM: the first one ends the program at once while nothing is written, whatever it is
//! at; once something is, the work ends by itself between two files, and a second signal ends it at once.
//!
//! The work goes on in a thread of its own, so that the first thread can wait for whichever comes first.
//! Refuses to end anything itself: `main` returns, and the process ends with it.

use std::sync::{Mutex, MutexGuard, PoisonError};

#[cfg(unix)]
use super::threads::STACK;
use crate::session::Watch;
use crate::ui::Progress;

/// How far the run is, as far as signals matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nothing is written yet.
    Reading,
    /// A dialogue has the terminal, and sees Ctrl-C itself.
    Asking,
    /// Something is or was written.
    Writing,
    /// The process is about to end, and nothing may begin.
    Ended,
}

/// What the two threads tell each other. Signals are the process's, and so is this.
struct Run {
    stage: Stage,
    heard: bool,
}

static RUN: Mutex<Run> = Mutex::new(Run { stage: Stage::Reading, heard: false });

fn state() -> MutexGuard<'static, Run> {
    RUN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the user wants the program to end.
pub(super) fn is_heard() -> bool {
    state().heard
}

/// From now on something is written, and a signal waits until it is whole. Never returns to a run that is
/// about to end.
pub(super) fn begin_writing() {
    enter(Stage::Writing);
}

/// From now on a dialogue has the terminal.
pub(super) fn begin_asking() {
    enter(Stage::Asking);
}

/// A dialogue leaves the terminal to the system for now, and a signal ends the program at once again.
pub(super) fn end_asking() {
    enter(Stage::Reading);
}

fn enter(stage: Stage) {
    let mut run = state();
    match run.stage {
        Stage::Ended => {
            drop(run);
            loop {
                std::thread::park();
            }
        }
        // What was written stays so.
        Stage::Writing => {}
        Stage::Reading | Stage::Asking => run.stage = stage,
    }
}

/// Takes note of a signal; whether it ends the process.
#[cfg(unix)]
fn ends() -> bool {
    let mut run = state();
    let is_first = !run.heard;
    run.heard = true;
    if is_first && run.stage != Stage::Reading {
        return false;
    }
    run.stage = Stage::Ended;
    true
}

/// Does the work, and returns what it comes to, or what `stopped` says when a signal comes first.
#[cfg(unix)]
pub(super) fn attend<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
    stopped: impl FnOnce() -> T,
) -> T {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use std::sync::mpsc::channel;

    // The work is handed over when both the thread and the signals are there. Without either it is done
    // here, and a signal has its own effect: the process ends.
    let (hand, take) = channel::<(Box<dyn FnOnce() -> T + Send>, Closing)>();
    let worker = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || take.recv().ok().map(|(work, _closing)| work()));
    let Ok(worker) = worker else { return work() };
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return work() };
    if let Err(unsent) = hand.send((Box::new(work), Closing(signals.handle()))) {
        return (unsent.0.0)();
    }
    if signals.forever().any(|_| ends()) {
        return stopped();
    }
    match worker.join() {
        Ok(Some(done)) => done,
        Ok(None) => stopped(),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Ends the waiting for signals when the work is over, however it ends.
#[cfg(unix)]
struct Closing(signal_hook::iterator::Handle);

#[cfg(unix)]
impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Does the work; a signal has its own effect here.
#[cfg(not(unix))]
pub(super) fn attend<T>(work: impl FnOnce() -> T, _: impl FnOnce() -> T) -> T {
    work()
}

/// Work that is watched: it moves a bar, and ends when the user says so.
pub(super) struct Watched {
    pub(super) progress: Progress,
}

impl Watch for Watched {
    fn tick(&self) {
        self.progress.tick();
    }

    fn is_stopped(&self) -> bool {
        is_heard()
    }

    fn begin_writing(&self) {
        begin_writing();
    }
}

/// Work without a bar.
pub(super) struct Unseen;

impl Watch for Unseen {
    fn tick(&self) {}

    fn is_stopped(&self) -> bool {
        is_heard()
    }

    fn begin_writing(&self) {
        begin_writing();
    }
}
