//! How much a reading may cost: files of others must not hang it, nor overflow its stack.

use std::cell::Cell;

/// Steps of one reading, counted roughly as values that are made or copied.
const MOST_STEPS: usize = 3_000_000;
/// Expressions inside expressions, through all that they refer to.
const DEEPEST: usize = 160;

/// What is left, and whether Terraform would refuse what was worked out last.
#[derive(Debug)]
pub(super) struct Work {
    steps: Cell<usize>,
    depth: Cell<usize>,
    failed: Cell<bool>,
}

impl Default for Work {
    fn default() -> Self {
        Self { steps: Cell::new(MOST_STEPS), depth: Cell::new(0), failed: Cell::new(false) }
    }
}

impl Work {
    /// Takes some steps; `false` where none are left.
    pub(super) fn spend(&self, steps: usize) -> bool {
        let left = self.steps.get().saturating_sub(steps);
        self.steps.set(left);
        left > 0
    }

    /// Does something one level deeper; `None` where that is too deep or too much.
    pub(super) fn deeper<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        let depth = self.depth.get();
        if depth >= DEEPEST || !self.spend(1) {
            return None;
        }
        self.depth.set(depth + 1);
        let done = work();
        self.depth.set(depth);
        Some(done)
    }

    /// Remembers that Terraform would refuse this.
    pub(super) fn fail(&self) {
        self.failed.set(true);
    }

    /// Does something, and says whether Terraform would refuse it.
    pub(super) fn attempt<T>(&self, work: impl FnOnce() -> T) -> (T, bool) {
        let before = self.failed.replace(false);
        let done = work();
        (done, self.failed.replace(before))
    }
}
