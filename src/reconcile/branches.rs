//! A file in which two branches met: which text its edits are told from, and what they are where git
//! marked conflicts.
//!
//! A record that git merged may have two texts for a file, one of each branch; the text of the merge
//! itself was never generated. Responsible for deciding then only where every reading comes to the same
//! result, or where each side of a conflict has the record of its own branch. Refuses to call a text
//! stale that may be an edit, or an edit that may be stale: such a file is a person's to decide about.

use std::collections::BTreeSet;

use super::RecordedFile;
use super::equivalent::equivalent;
use super::file_state::Texts;
use super::marked;
use crate::merge::{self, Labels, Resolution, Style};
use crate::output::{FileKind, UpdateMode};
use crate::sides::Sides;

/// What is known of a file in which branches may have met.
pub(super) enum Met {
    /// Nothing beyond what its record says.
    AsRecorded,
    /// These are its three texts.
    Texts(Texts),
    /// Its edits cannot be told.
    Unclear,
}

/// Looks at a file that has both a record and a text on disk.
pub(super) fn settle(
    (kind, mode): (FileKind, UpdateMode),
    known: &RecordedFile,
    disk: &str,
    new: Option<&str>,
) -> Met {
    let file = File { kind, known, new };
    match marked::sides(disk) {
        Some(sides) => file.marked(&sides, mode),
        None if known.others.is_empty() || mode == UpdateMode::Once => Met::AsRecorded,
        None if mode == UpdateMode::Managed && file.is_of_branches(disk) => {
            Met::Texts(file.texts(disk, disk))
        }
        None => file.unmarked(disk),
    }
}

struct File<'f> {
    kind: FileKind,
    known: &'f RecordedFile,
    new: Option<&'f str>,
}

impl File<'_> {
    fn unmarked(&self, disk: &str) -> Met {
        let from = |base: &str| Met::Texts(self.texts(base, disk));
        if let Some(base) = self.generated_as(disk) {
            return from(base);
        }
        let Some(new) = self.new.filter(|new| !self.is(disk, new)) else {
            return Met::AsRecorded;
        };
        let mut readings = self.known.texts().map(|base| self.merged(base, disk, new));
        let first = readings.next().flatten();
        let agree = first.is_some() && readings.all(|other| other == first);
        if agree { Met::AsRecorded } else { Met::Unclear }
    }

    /// Whether every line of a text is in one of the recorded texts, so that no person had a part in it: what a merge
    /// made of the branches' texts.
    fn is_of_branches(&self, disk: &str) -> bool {
        let known: BTreeSet<&str> = self.known.texts().flat_map(|text| text.lines()).collect();
        disk.lines().all(|line| known.contains(line.trim_end_matches('\r')))
    }

    /// Both sides of a marked text are brought to the new one, each from the record of its branch, and
    /// then together.
    fn marked(&self, [ours, theirs]: &[String; 2], mode: UpdateMode) -> Met {
        let Some(new) = self.new else {
            let are_generated = [ours, theirs].iter().all(|side| self.generated_as(side).is_some());
            return if are_generated { Met::Texts(self.texts(ours, ours)) } else { Met::AsRecorded };
        };
        let mut bases = self.known.texts().map(|text| &**text);
        let bases = [bases.next(), bases.next(), bases.next()];
        let side = |text: &str, at: usize| match bases {
            _ if self.generated_as(text).is_some() => Some(new.to_owned()),
            [Some(_), Some(_), None] => self.merged(bases[at]?, text, new),
            // Of a single text nobody knows whether this side had it.
            _ => None,
        };
        let result = side(ours, 0).zip(side(theirs, 1)).and_then(|(ours, theirs)| {
            if ours == theirs { Some(ours) } else { self.merged(new, &ours, &theirs) }
        });
        match result {
            Some(text) if mode == UpdateMode::Merge || self.is(&text, new) => {
                Met::Texts(self.texts(new, &text))
            }
            _ => Met::AsRecorded,
        }
    }

    fn texts(&self, base: &str, ours: &str) -> Texts {
        Texts {
            base: Some(base.to_owned()),
            ours: Some(ours.to_owned()),
            theirs: self.new.map(str::to_owned),
        }
    }

    fn is(&self, left: &str, right: &str) -> bool {
        equivalent(self.kind, left, right)
    }

    /// The recorded text that a text is, if it is one.
    fn generated_as(&self, text: &str) -> Option<&str> {
        self.known.texts().map(|base| &**base).find(|base| self.is(text, base))
    }

    /// The result of a merge without a conflict.
    fn merged(&self, base: &str, ours: &str, theirs: &str) -> Option<String> {
        let name = |name: &str| name.to_owned();
        let labels = Labels { base: name("base"), ours: name("ours"), theirs: name("theirs") };
        let sides = Sides { base, ours, theirs };
        let merged = merge::merge(self.kind, sides, Resolution::Mark(Style::Merge), &labels);
        merged.conflicts.is_empty().then_some(merged.text)
    }
}
