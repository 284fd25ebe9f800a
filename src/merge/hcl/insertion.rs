//! Where new items of theirs go among ours: beside the neighbours that they have there.

use super::edit::{self, Edit};
use super::items::{ItemKind, MergeItem};
use super::parsed::Parsed;
use crate::hcl::Body;
use crate::merge::matching::Pairing;
use crate::sides::Sides;

/// Beside what a new item goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spot {
    After(usize),
    Before(usize),
    /// Nothing of ours is in theirs.
    End,
}

/// The insertions in one body of ours.
pub(super) struct Insertions<'m, 't> {
    sides: Sides<&'m Parsed<'t>>,
    body: &'m Body,
    ours: &'m [MergeItem<'m>],
    theirs: &'m [MergeItem<'m>],
    /// For each item of theirs.
    spots: Vec<Spot>,
    new: Vec<usize>,
}

impl<'m, 't> Insertions<'m, 't> {
    /// Finds out about all insertions at once.
    pub(super) fn new(
        sides: Sides<&'m Parsed<'t>>,
        body: &'m Body,
        ours: &'m [MergeItem<'m>],
        theirs: &'m [MergeItem<'m>],
        pairings: &[Pairing],
    ) -> Self {
        let mut same = vec![None; theirs.len()];
        for pairing in pairings {
            if let (Some(theirs), Some(ours)) = (pairing.theirs, pairing.ours) {
                same[theirs] = Some(ours);
            }
        }
        let first = same.iter().flatten().next().map_or(Spot::End, |&ours| Spot::Before(ours));
        let mut last = first;
        let spots = same
            .iter()
            .map(|ours| {
                last = ours.map_or(last, Spot::After);
                last
            })
            .collect();
        Self { sides, body, ours, theirs, spots, new: Vec::new() }
    }

    /// Notes that an item of theirs is new.
    pub(super) fn insert(&mut self, theirs: Option<usize>) {
        self.new.extend(theirs);
    }

    /// The offset in our text where an item of theirs would go, and the indentation there.
    pub(super) fn place(&self, theirs: Option<usize>) -> (usize, String) {
        let spot = theirs.map_or(Spot::End, |at| self.spots[at]);
        (self.offset(spot), self.indentation())
    }

    fn offset(&self, spot: Spot) -> usize {
        match spot {
            Spot::After(ours) => self.ours[ours].span.end,
            Spot::Before(ours) => self.ours[ours].span.start,
            Spot::End => self.ours.last().map_or(self.body.span.end, |last| last.span.end),
        }
    }

    /// As the first of our items, or two blanks deeper than the block's header.
    fn indentation(&self) -> String {
        let ours = self.sides.ours;
        if let Some(first) = self.ours.first() {
            return ours.indentation(first.own_lines().start).to_owned();
        }
        let is_file = self.body.span.start == 0 && self.body.span.end == ours.text().len();
        let above = self.body.span.start.saturating_sub(1);
        if is_file { String::new() } else { format!("{}  ", ours.indentation(above)) }
    }

    /// The edits that put all new items in.
    pub(super) fn edits(mut self) -> Vec<Edit> {
        self.new.sort_unstable();
        let indentation = self.indentation();
        let mut edits = Vec::new();
        for (number, &at) in self.new.iter().enumerate() {
            let is_last = self.new.get(number + 1).is_none_or(|&next| self.spots[next] != self.spots[at]);
            edits.push(self.edit(at, &indentation, is_last));
        }
        edits
    }

    fn edit(&self, at: usize, indentation: &str, is_last: bool) -> Edit {
        let (ours, theirs) = (self.sides.ours, self.sides.theirs);
        let spot = self.spots[at];
        let span = self.theirs[at].span;
        let offset = self.offset(spot);
        let lines = edit::lines(theirs, span, indentation);
        let is_blank_before = theirs.is_blank_before(span.start);
        // A comment that stands for itself is not to become that of what follows here.
        let is_comment = matches!(self.theirs[at].kind, ItemKind::Comment);
        let is_blank_after = is_comment || theirs.is_blank_at(span.end);
        if let Spot::Before(_) = spot {
            return Edit::before(offset, if is_blank_after { format!("{lines}\n") } else { lines });
        }
        let is_broken = offset > 0 && !ours.text()[..offset].ends_with('\n');
        let has_gap = is_blank_before || spot == Spot::End && !self.ours.is_empty();
        let followed = ours.text()[offset..self.body.span.end].lines().next();
        let needs_gap = is_last && is_blank_after && followed.is_some_and(|line| !line.trim().is_empty());
        let text = format!(
            "{}{}{lines}{}",
            if is_broken { "\n" } else { "" },
            if has_gap { "\n" } else { "" },
            if needs_gap { "\n" } else { "" },
        );
        Edit::after(offset, text)
    }
}
