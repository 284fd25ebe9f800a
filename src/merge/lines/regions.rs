//! The regions of a merge: which side's lines are taken where, and where both sides changed.

use std::ops::Range;

use super::super::markers::common_ends;
use super::diff::{Change, changes};
use crate::sides::Sides;

/// The same lines in the three texts; between two regions all lines are those of our side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) taken: Taken,
    pub(super) base: Range<usize>,
    pub(super) ours: Range<usize>,
    pub(super) theirs: Range<usize>,
}

/// Whose lines a region gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// Only our side changed them, or both in the same way.
    Ours,
    /// Only their side changed them.
    Theirs,
    /// Both sides changed them, and differently.
    Conflict,
}

/// The lines of the three texts, each line a number.
pub(super) type Numbered<'t> = Sides<&'t [u32]>;

/// What changed on either side, from top to bottom, conflicts as large as they come.
pub(super) fn regions(lines: Numbered<'_>) -> Vec<Region> {
    let (ours, theirs) = (changes(lines.base, lines.ours), changes(lines.base, lines.theirs));
    let mut walk = Walk { lines, regions: Vec::new() };
    let (mut here, mut there) = (0, 0);
    while let (Some(our), Some(their)) = (ours.get(here), theirs.get(there)) {
        if our.before.end < their.before.start {
            walk.one_sided(Taken::Ours, our, shifted(&our.before, &their.before, &their.after));
            here += 1;
            continue;
        }
        if their.before.end < our.before.start {
            walk.one_sided(Taken::Theirs, their, shifted(&their.before, &our.before, &our.after));
            there += 1;
            continue;
        }
        if !walk.is_same(our, their) {
            walk.both(our, their);
        }
        // The change that ends first is done with; the other may meet the next as well.
        let (our_end, their_end) = (our.before.end, their.before.end);
        here += usize::from(our_end <= their_end);
        there += usize::from(their_end <= our_end);
    }
    let ends = lines.base.len()..lines.base.len();
    let end_of = |side: &[u32]| side.len()..side.len();
    for our in &ours[here..] {
        walk.one_sided(Taken::Ours, our, shifted(&our.before, &ends, &end_of(lines.theirs)));
    }
    for their in &theirs[there..] {
        walk.one_sided(Taken::Theirs, their, shifted(&their.before, &ends, &end_of(lines.ours)));
    }
    walk.regions
}

/// Lines of the base in a side that has not changed them, told by a later place that is known in
/// both.
fn shifted(lines: &Range<usize>, base: &Range<usize>, side: &Range<usize>) -> Range<usize> {
    let shift = |line: usize| (side.start + line).saturating_sub(base.start);
    shift(lines.start)..shift(lines.end)
}

struct Walk<'t> {
    lines: Numbered<'t>,
    regions: Vec<Region>,
}

impl Walk<'_> {
    fn is_same(&self, our: &Change, their: &Change) -> bool {
        our.before == their.before
            && self.lines.ours[our.after.clone()] == self.lines.theirs[their.after.clone()]
    }

    fn one_sided(&mut self, taken: Taken, change: &Change, unchanged: Range<usize>) {
        let (ours, theirs) = match taken {
            Taken::Theirs => (unchanged, change.after.clone()),
            Taken::Ours | Taken::Conflict => (change.after.clone(), unchanged),
        };
        self.push(Region { taken, base: change.before.clone(), ours, theirs });
    }

    /// Two changes of the same lines: each side's are extended to all lines that either changed.
    fn both(&mut self, our: &Change, their: &Change) {
        let base = our.before.start.min(their.before.start)..our.before.end.max(their.before.end);
        let extended = |change: &Change| {
            let start = change.after.start.saturating_sub(change.before.start - base.start);
            start..change.after.end + (base.end - change.before.end)
        };
        let (ours, theirs) = (extended(our), extended(their));
        self.push(Region { taken: Taken::Conflict, base, ours, theirs });
    }

    /// Adds a region, as part of the last one where they touch.
    fn push(&mut self, region: Region) {
        match self.regions.last_mut() {
            Some(last) if region.ours.start <= last.ours.end || region.theirs.start <= last.theirs.end => {
                if last.taken != region.taken {
                    last.taken = Taken::Conflict;
                }
                last.base.end = region.base.end;
                last.ours.end = region.ours.end;
                last.theirs.end = region.theirs.end;
            }
            _ => self.regions.push(region),
        }
    }
}

/// Conflicts without the lines that both sides begin or end with.
pub(super) fn trim(regions: &mut [Region], lines: Numbered<'_>) {
    for region in regions.iter_mut().filter(|region| region.taken == Taken::Conflict) {
        let (start, end) =
            common_ends(&lines.ours[region.ours.clone()], &lines.theirs[region.theirs.clone()]);
        region.ours = region.ours.start + start..region.ours.end - end;
        region.theirs = region.theirs.start + start..region.theirs.end - end;
    }
}

/// Conflicts as small as they can be without showing the base: lines that both sides have part
/// them, unless too few or too plain lines would stand between the parts.
pub(super) fn split(
    regions: Vec<Region>,
    lines: Numbered<'_>,
    is_plain: impl Fn(Range<usize>) -> bool,
) -> Vec<Region> {
    let mut parts: Vec<Region> = Vec::with_capacity(regions.len());
    for part in regions.into_iter().flat_map(|region| parted(region, lines)) {
        match parts.last_mut() {
            Some(last) if belongs_to(last, &part, &is_plain) => {
                last.base.end = part.base.end;
                last.ours.end = part.ours.end;
                last.theirs.end = part.theirs.end;
            }
            _ => parts.push(part),
        }
    }
    parts
}

fn belongs_to(last: &Region, next: &Region, is_plain: impl Fn(Range<usize>) -> bool) -> bool {
    let between = last.ours.end..next.ours.start;
    let conflicts = last.taken == Taken::Conflict && next.taken == Taken::Conflict;
    conflicts && (between.len() <= 3 || is_plain(between))
}

fn parted(region: Region, lines: Numbered<'_>) -> Vec<Region> {
    if region.taken != Taken::Conflict || region.ours.is_empty() || region.theirs.is_empty() {
        return vec![region];
    }
    let differing = changes(&lines.ours[region.ours.clone()], &lines.theirs[region.theirs.clone()]);
    if differing.is_empty() {
        return vec![Region { taken: Taken::Ours, ..region }];
    }
    let moved = |range: Range<usize>, by: usize| range.start + by..range.end + by;
    let part = |change: Change| Region {
        taken: Taken::Conflict,
        base: region.base.clone(),
        ours: moved(change.before, region.ours.start),
        theirs: moved(change.after, region.theirs.start),
    };
    differing.into_iter().map(part).collect()
}
