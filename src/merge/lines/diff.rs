//! Which lines of one text became which lines of another, as git finds it.

use std::ops::Range;

use super::myers::differing;

/// A run of lines that was replaced by another; one of the two may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) before: Range<usize>,
    pub(super) after: Range<usize>,
}

/// What changed between two texts, from top to bottom. Between two changes there is at least one
/// line that both texts have.
pub(super) fn changes(before: &[u32], after: &[u32]) -> Vec<Change> {
    let [mut removed, mut added] = differing(before, after);
    slide(before, &mut removed, &added);
    slide(after, &mut added, &removed);
    collect(&removed, &added)
}

fn collect(removed: &[bool], added: &[bool]) -> Vec<Change> {
    let mut changes = Vec::new();
    let (mut before, mut after) = (0, 0);
    while before < removed.len() || after < added.len() {
        let change = Change { before: before..end(removed, before), after: after..end(added, after) };
        (before, after) = (change.before.end + 1, change.after.end + 1);
        if !change.before.is_empty() || !change.after.is_empty() {
            changes.push(change);
        }
    }
    changes
}

/// The end of the run of changed lines that begins at a line.
fn end(changed: &[bool], start: usize) -> usize {
    changed.get(start..).unwrap_or_default().iter().take_while(|changed| **changed).count() + start
}

/// The start of the run of changed lines that ends before a line.
fn start(changed: &[bool], end: usize) -> usize {
    end - changed.get(..end).unwrap_or_default().iter().rev().take_while(|changed| **changed).count()
}

/// Where lines repeat, a run of changed lines can stand in several places. Each goes as far down as
/// it can, joined with those it meets; but where it can face lines that changed in the other text,
/// it goes to the last such place.
fn slide(lines: &[u32], changed: &mut [bool], other: &[bool]) {
    let mut run = Run { lines, changed, other, here: 0..0, there: 0..0 };
    run.here.end = end(run.changed, 0);
    run.there.end = end(run.other, 0);
    loop {
        if !run.here.is_empty() {
            run.slide();
        }
        if run.here.end >= run.changed.len() {
            return;
        }
        run.advance();
    }
}

/// A run of changed lines, possibly empty, and the run that faces it in the other text.
struct Run<'d> {
    lines: &'d [u32],
    changed: &'d mut [bool],
    other: &'d [bool],
    here: Range<usize>,
    there: Range<usize>,
}

impl Run<'_> {
    fn slide(&mut self) {
        let (mut highest, mut facing);
        loop {
            let size = self.here.len();
            while self.move_up() {}
            highest = self.here.end;
            facing = !self.there.is_empty();
            while self.move_down() {
                facing |= !self.there.is_empty();
            }
            if self.here.len() == size {
                break;
            }
        }
        if facing && self.here.end != highest {
            while self.there.is_empty() && self.move_up() {}
        }
    }

    /// Goes on to the next pair of runs, past one line that both texts have.
    fn advance(&mut self) {
        let next = |changed: &[bool], run: &Range<usize>| run.end + 1..end(changed, run.end + 1);
        self.here = next(self.changed, &self.here);
        self.there = next(self.other, &self.there);
    }

    fn move_up(&mut self) -> bool {
        let Range { start: first, end: last } = self.here;
        if first == 0 || self.lines[first - 1] != self.lines[last - 1] {
            return false;
        }
        self.changed[first - 1] = true;
        self.changed[last - 1] = false;
        self.here = start(self.changed, first - 1)..last - 1;
        let above = self.there.start.saturating_sub(1);
        self.there = start(self.other, above)..above;
        true
    }

    fn move_down(&mut self) -> bool {
        let Range { start: first, end: last } = self.here;
        if self.lines.get(last) != self.lines.get(first) {
            return false;
        }
        self.changed[first] = false;
        self.changed[last] = true;
        self.here = first + 1..end(self.changed, last + 1);
        let below = self.there.end + 1;
        self.there = below..end(self.other, below);
        true
    }
}
