//! Three-way merges: beside git's own, by their laws, and through the program.

use crossrole::merge::{Labels, Merged, Resolution, Style, merge};
use crossrole::output::FileKind;
use crossrole::sides::Sides;

mod command;
mod git;
mod json;
mod json_text;
mod lines;
mod markdown;
mod renames;
mod statements;

/// Conflicts marked, with the base.
const MARK: Resolution = Resolution::Mark(Style::Diff3);

fn labels() -> Labels {
    Labels { base: "base".to_owned(), ours: "ours".to_owned(), theirs: "theirs".to_owned() }
}

/// Three texts of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Triple {
    base: String,
    ours: String,
    theirs: String,
}

impl Triple {
    fn sides(&self) -> Sides<&str> {
        Sides { base: &self.base, ours: &self.ours, theirs: &self.theirs }
    }

    fn merged(&self, kind: FileKind, resolution: Resolution) -> Merged {
        merge(kind, self.sides(), resolution, &labels())
    }
}

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    /// A number below a limit.
    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next()).unwrap_or_default() % limit.max(1)
    }

    /// True so many times of a hundred.
    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }
}
