//! The shortest way from one text to another, found from both ends at once.
//!
//! This is the linear-space search of Myers ("An O(ND) Difference Algorithm and Its Variations",
//! 1986). Among ways of equal length it takes the one that git takes: lines that say little are left
//! out first, and a search that gets too long settles for the furthest point it has reached.

use std::collections::HashMap;
use std::ops::Range;

use super::super::markers::common_ends;

/// How many lines around one are looked at to tell whether it says anything.
const WINDOW: usize = 100;
/// Lines that are found more often than this in the other text may say nothing, however long the texts.
const OFTEN: usize = 1024;
/// How many steps a search may always take.
const STEPS: isize = 256;

/// Which lines of either text the other does not have in the same place.
pub(super) fn differing(before: &[u32], after: &[u32]) -> [Vec<bool>; 2] {
    let (start, end) = common_ends(before, after);
    let kept_before = Kept::new(before, start..before.len() - end, after);
    let kept_after = Kept::new(after, start..after.len() - end, before);
    let mut search = Search::new(kept_before, kept_after);
    search.run();
    [search.before.changed, search.after.changed]
}

/// About the square root of a number, as a power of two.
fn root(number: usize) -> usize {
    1 << (usize::BITS - number.leading_zeros()).div_ceil(2)
}

/// The lines of a text that take part in the search.
struct Kept {
    lines: Vec<u32>,
    /// Where each of them stands in the text.
    places: Vec<usize>,
    /// All lines of the text: those left out have changed, whatever is found.
    changed: Vec<bool>,
}

/// How often the other text has a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Occurrence {
    Nowhere,
    Sometimes,
    Often,
}

impl Kept {
    fn new(text: &[u32], middle: Range<usize>, other: &[u32]) -> Self {
        let mut counts: HashMap<u32, usize> = HashMap::new();
        for line in other {
            *counts.entry(*line).or_default() += 1;
        }
        let often = root(text.len()).min(OFTEN);
        let found = |line: &u32| match counts.get(line) {
            None => Occurrence::Nowhere,
            Some(count) if *count < often => Occurrence::Sometimes,
            Some(_) => Occurrence::Often,
        };
        let found: Vec<Occurrence> = text[middle.clone()].iter().map(found).collect();
        let mut kept = Self { lines: Vec::new(), places: Vec::new(), changed: vec![false; text.len()] };
        for (index, how_often) in found.iter().enumerate() {
            let place = middle.start + index;
            let is_kept = match how_often {
                Occurrence::Nowhere => false,
                Occurrence::Sometimes => true,
                Occurrence::Often => says_something(&found, index),
            };
            if is_kept {
                kept.lines.push(text[place]);
                kept.places.push(place);
            } else {
                kept.changed[place] = true;
            }
        }
        kept
    }

    fn mark(&mut self, lines: Range<usize>) {
        for place in &self.places[lines] {
            self.changed[*place] = true;
        }
    }
}

/// Whether a line that is found often is of use: not amid lines that are mostly found nowhere.
fn says_something(found: &[Occurrence], index: usize) -> bool {
    let above = found[index.saturating_sub(WINDOW)..index].iter().rev();
    let below = found[index + 1..].iter().take(WINDOW);
    let [(nowhere_above, often_above), (nowhere_below, often_below)] = [count(above), count(below)];
    let (nowhere, often) = (nowhere_above + nowhere_below, often_above + often_below);
    // The line itself is counted once for each direction.
    nowhere_above == 0 || nowhere_below == 0 || (often + 2) * 3 >= nowhere
}

/// How many lines are found nowhere and how many often, up to the first that is found sometimes.
fn count<'f>(found: impl Iterator<Item = &'f Occurrence>) -> (usize, usize) {
    found.take_while(|found| **found != Occurrence::Sometimes).fold((0, 0), |(nowhere, often), found| {
        if *found == Occurrence::Nowhere { (nowhere + 1, often) } else { (nowhere, often + 1) }
    })
}

/// A part of both texts that is still to be compared.
struct Area {
    before: Range<usize>,
    after: Range<usize>,
    /// Whether the search goes on however long it takes: it is known to be short.
    is_short: bool,
}

/// How far the search from one end has come on each diagonal: the line of the first text; that of
/// the second is less by the number of the diagonal.
struct Front {
    reached: Vec<isize>,
    /// The index of diagonal 0.
    zero: isize,
    /// The diagonals it is on.
    low: isize,
    high: isize,
}

impl Front {
    fn new(before: usize, after: usize) -> Self {
        let zero = after.cast_signed() + 1;
        Self { reached: vec![0; before + after + 3], zero, low: 0, high: 0 }
    }

    fn index(&self, diagonal: isize) -> usize {
        (self.zero + diagonal).cast_unsigned()
    }

    fn at(&self, diagonal: isize) -> isize {
        self.reached[self.index(diagonal)]
    }

    fn set(&mut self, diagonal: isize, line: isize) {
        let index = self.index(diagonal);
        self.reached[index] = line;
    }

    fn begin(&mut self, diagonal: isize, line: isize) {
        (self.low, self.high) = (diagonal, diagonal);
        self.set(diagonal, line);
    }

    /// One more step: a diagonal more on either side, or one less where the area ends.
    fn widen(&mut self, least: isize, most: isize, unreached: isize) {
        if self.low > least {
            self.low -= 1;
            self.set(self.low - 1, unreached);
        } else {
            self.low += 1;
        }
        if self.high < most {
            self.high += 1;
            self.set(self.high + 1, unreached);
        } else {
            self.high -= 1;
        }
    }

    /// The diagonals of this step, from the highest.
    fn diagonals(&self) -> impl Iterator<Item = isize> + use<> {
        (self.low..=self.high).rev().step_by(2)
    }

    fn has(&self, diagonal: isize) -> bool {
        (self.low..=self.high).contains(&diagonal)
    }
}

/// An area with signed bounds, as diagonals need them.
#[derive(Clone, Copy)]
struct Bounds {
    left: isize,
    right: isize,
    top: isize,
    bottom: isize,
}

impl Bounds {
    fn new(area: &Area) -> Self {
        Self {
            left: area.before.start.cast_signed(),
            right: area.before.end.cast_signed(),
            top: area.after.start.cast_signed(),
            bottom: area.after.end.cast_signed(),
        }
    }
}

/// Where an area is parted, and which part is known to be short.
struct Split {
    before: isize,
    after: isize,
    is_short: [bool; 2],
}

struct Search {
    before: Kept,
    after: Kept,
    forward: Front,
    backward: Front,
    most_steps: isize,
}

impl Search {
    fn new(before: Kept, after: Kept) -> Self {
        let front = || Front::new(before.lines.len(), after.lines.len());
        let (forward, backward) = (front(), front());
        let diagonals = before.lines.len() + after.lines.len() + 3;
        let most_steps = root(diagonals).cast_signed().max(STEPS);
        Self { before, after, forward, backward, most_steps }
    }

    fn run(&mut self) {
        let whole =
            Area { before: 0..self.before.lines.len(), after: 0..self.after.lines.len(), is_short: false };
        let mut waiting = vec![whole];
        while let Some(area) = waiting.pop() {
            let (start, end) =
                common_ends(&self.before.lines[area.before.clone()], &self.after.lines[area.after.clone()]);
            let before = area.before.start + start..area.before.end - end;
            let after = area.after.start + start..area.after.end - end;
            if before.is_empty() || after.is_empty() {
                self.before.mark(before);
                self.after.mark(after);
                continue;
            }
            let area = Area { before, after, is_short: area.is_short };
            let split = self.split(&area);
            let (line, other) = (split.before.cast_unsigned(), split.after.cast_unsigned());
            let [above, below] = split.is_short;
            waiting.push(Area {
                before: line..area.before.end,
                after: other..area.after.end,
                is_short: below,
            });
            waiting.push(Area {
                before: area.before.start..line,
                after: area.after.start..other,
                is_short: above,
            });
        }
    }

    /// A point on a shortest way through an area; or, if that takes too long, on a good one.
    fn split(&mut self, area: &Area) -> Split {
        let bounds = Bounds::new(area);
        let (least, most) = (bounds.left - bounds.bottom, bounds.right - bounds.top);
        let (start, end) = (bounds.left - bounds.top, bounds.right - bounds.bottom);
        // From which end the two fronts meet depends on how far apart they begin.
        let forward_meets = (start - end) % 2 != 0;
        self.forward.begin(start, bounds.left);
        self.backward.begin(end, bounds.right);
        let mut steps = 1;
        loop {
            self.forward.widen(least, most, -1);
            if let Some(split) = self.step_forward(bounds, forward_meets) {
                return split;
            }
            self.backward.widen(least, most, isize::MAX);
            if let Some(split) = self.step_backward(bounds, !forward_meets) {
                return split;
            }
            if steps >= self.most_steps && !area.is_short {
                return self.furthest(bounds);
            }
            steps += 1;
        }
    }

    fn step_forward(&mut self, bounds: Bounds, may_meet: bool) -> Option<Split> {
        for diagonal in self.forward.diagonals() {
            let (below, above) = (self.forward.at(diagonal - 1), self.forward.at(diagonal + 1));
            let mut line = if below >= above { below + 1 } else { above };
            while line < bounds.right
                && line - diagonal < bounds.bottom
                && self.is_same(line, line - diagonal)
            {
                line += 1;
            }
            self.forward.set(diagonal, line);
            if may_meet && self.backward.has(diagonal) && self.backward.at(diagonal) <= line {
                return Some(Split { before: line, after: line - diagonal, is_short: [true, true] });
            }
        }
        None
    }

    fn step_backward(&mut self, bounds: Bounds, may_meet: bool) -> Option<Split> {
        for diagonal in self.backward.diagonals() {
            let (below, above) = (self.backward.at(diagonal - 1), self.backward.at(diagonal + 1));
            let mut line = if below < above { below } else { above - 1 };
            while line > bounds.left
                && line - diagonal > bounds.top
                && self.is_same(line - 1, line - diagonal - 1)
            {
                line -= 1;
            }
            self.backward.set(diagonal, line);
            if may_meet && self.forward.has(diagonal) && line <= self.forward.at(diagonal) {
                return Some(Split { before: line, after: line - diagonal, is_short: [true, true] });
            }
        }
        None
    }

    fn is_same(&self, line: isize, other: isize) -> bool {
        self.before.lines.get(line.cast_unsigned()) == self.after.lines.get(other.cast_unsigned())
    }

    /// The point that is furthest from the end it was reached from. The part behind it is short.
    fn furthest(&self, bounds: Bounds) -> Split {
        let mut ahead = (-1, -1);
        for diagonal in self.forward.diagonals() {
            let line = self.forward.at(diagonal).min(bounds.right).min(bounds.bottom + diagonal);
            let sum = line + line - diagonal;
            if ahead.0 < sum {
                ahead = (sum, line);
            }
        }
        let mut back = (isize::MAX, isize::MAX);
        for diagonal in self.backward.diagonals() {
            let line = self.backward.at(diagonal).max(bounds.left).max(bounds.top + diagonal);
            let sum = line + line - diagonal;
            if sum < back.0 {
                back = (sum, line);
            }
        }
        let (way_ahead, way_back) =
            (ahead.0 - (bounds.left + bounds.top), bounds.right + bounds.bottom - back.0);
        if way_back < way_ahead {
            Split { before: ahead.1, after: ahead.0 - ahead.1, is_short: [true, false] }
        } else {
            Split { before: back.1, after: back.0 - back.1, is_short: [false, true] }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of both texts that are left when all differing ones are taken out.
    fn left(before: &[u32], after: &[u32]) -> [Vec<u32>; 2] {
        let [removed, added] = differing(before, after);
        let left = |lines: &[u32], changed: &[bool]| {
            lines.iter().zip(changed).filter(|(_, changed)| !**changed).map(|(line, _)| *line).collect()
        };
        [left(before, &removed), left(after, &added)]
    }

    #[test]
    fn what_does_not_differ_is_the_same() {
        assert_eq!(left(&[1, 2, 3, 1, 2, 2, 1], &[3, 2, 1, 2, 1, 3]).map(|lines| lines.len()), [4, 4]);
        assert_eq!(left(&[], &[1]), [const { Vec::<u32>::new() }; 2]);
    }

    #[test]
    fn long_texts_end_soon() {
        let mut seed = 1_u32;
        let mut lines = |count: usize, kinds: u32| -> Vec<u32> {
            let mut next = || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 16) % kinds
            };
            (0..count).map(|_| next()).collect()
        };
        for kinds in [2, 50, 20_000] {
            let (before, after) = (lines(20_000, kinds), lines(15_000, kinds));
            let [left_before, left_after] = left(&before, &after);
            assert_eq!(left_before, left_after);
        }
    }

    #[test]
    fn roots_are_as_large_as_git_has_them() {
        let roots = [0, 1, 3, 4, 15, 16, 63, 64, 1 << 20].map(root);
        assert_eq!(roots, [1, 2, 2, 4, 4, 8, 8, 16, 2048]);
    }
}
