//! A bar for long work, on a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Steps below this are done before a bar could be read.
const WORTH_SHOWING: usize = 200;

/// How far a piece of work is.
pub struct Progress(ProgressBar);

impl Progress {
    pub(super) fn new(label: &'static str, steps: usize, visible: bool) -> Self {
        let bar = ProgressBar::new(steps as u64);
        let target = if visible && steps >= WORTH_SHOWING {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        bar.set_draw_target(target);
        if let Ok(style) = ProgressStyle::with_template("{msg:>12} [{bar:30}] {pos}/{len}") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(label);
        Self(bar)
    }

    /// One step further.
    pub fn tick(&self) {
        self.0.inc(1);
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
