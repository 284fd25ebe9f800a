//! Merging by lines, to the same bytes as `git merge-file`.
//!
//! Responsible for what git decides: which lines both sides changed, how far a conflict reaches in
//! each style, where a conflict ends with CRLF. How markers look is `markers`.

mod diff;
mod myers;
mod regions;

use std::collections::HashMap;
use std::ops::Range;

use self::regions::{Numbered, Region, Taken};
use super::markers::{self, Markers};
use super::{Conflict, Labels, Merged, Resolution, Style};
use crate::sides::Sides;

/// Merges three texts by lines.
pub(super) fn merge(sides: Sides<&str>, resolution: Resolution, labels: &Labels) -> Merged {
    let texts = Texts::new(sides);
    let mut regions = regions::regions(texts.numbered());
    match resolution {
        Resolution::Mark(Style::Diff3) => {}
        Resolution::Mark(Style::Zdiff3) => regions::trim(&mut regions, texts.numbered()),
        Resolution::Mark(Style::Merge) | Resolution::Ours | Resolution::Theirs => {
            regions = regions::split(regions, texts.numbered(), |lines| texts.lines.ours.is_plain(lines));
        }
    }
    texts.merged(&regions, resolution, labels)
}

/// Where the lines of one text became others in another, from top to bottom, as git finds it: pairs of
/// ranges of lines, of which one may be empty.
#[must_use]
pub fn changed_lines(before: &str, after: &str) -> Vec<(Range<usize>, Range<usize>)> {
    let mut known = HashMap::new();
    let [before, after] = [before, after].map(|text| Text::new(text, &mut known).numbers);
    diff::changes(&before, &after).into_iter().map(|change| (change.before, change.after)).collect()
}

/// Marks every line that is not the same in all three texts, or changed alike on both sides.
pub(super) fn mark_all(sides: Sides<&str>, style: Style, labels: &Labels) -> String {
    let texts = Texts::new(sides);
    let mut regions = regions::regions(texts.numbered());
    for region in &mut regions {
        region.taken = Taken::Conflict;
    }
    if style == Style::Zdiff3 {
        regions::trim(&mut regions, texts.numbered());
    }
    texts.merged(&regions, Resolution::Mark(style), labels).text
}

/// A text as its lines, and each line as a number that equal lines share.
struct Text<'t> {
    whole: &'t str,
    /// Where each line begins, and where the last one ends.
    starts: Vec<usize>,
    numbers: Vec<u32>,
}

impl<'t> Text<'t> {
    fn new(whole: &'t str, known: &mut HashMap<&'t str, u32>) -> Self {
        let mut starts = vec![0];
        let mut numbers = Vec::new();
        for line in whole.split_inclusive('\n') {
            starts.push(starts.last().copied().unwrap_or_default() + line.len());
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            numbers.push(*known.entry(line).or_insert(next));
        }
        Self { whole, starts, numbers }
    }

    fn lines(&self, lines: Range<usize>) -> &'t str {
        &self.whole[self.starts[lines.start]..self.starts[lines.end]]
    }

    /// Whether lines hold neither letters nor digits.
    fn is_plain(&self, lines: Range<usize>) -> bool {
        !self.lines(lines).bytes().any(|byte| byte.is_ascii_alphanumeric())
    }

    /// Whether a line ends with CRLF; the last line without a line break counts as the one before it.
    fn ends_with_crlf(&self, line: usize) -> Option<bool> {
        let is_ended = |line: usize| self.lines(line..line + 1).ends_with('\n');
        let line = if line >= self.numbers.len() || is_ended(line) { line } else { line.checked_sub(1)? };
        (line < self.numbers.len()).then(|| self.lines(line..line + 1).ends_with("\r\n"))
    }
}

struct Texts<'t> {
    whole: Sides<&'t str>,
    lines: Sides<Text<'t>>,
}

impl<'t> Texts<'t> {
    fn new(sides: Sides<&'t str>) -> Self {
        let mut known = HashMap::new();
        Self { whole: sides, lines: sides.map(|text| Text::new(text, &mut known)) }
    }

    fn numbered(&self) -> Numbered<'_> {
        self.lines.as_ref().map(|text| text.numbers.as_slice())
    }

    fn merged(&self, regions: &[Region], resolution: Resolution, labels: &Labels) -> Merged {
        let mut text = String::with_capacity(self.whole.ours.len() + self.whole.theirs.len() / 8);
        let markers = match resolution {
            Resolution::Mark(style) => Some(Markers::new(self.whole, labels, style)),
            Resolution::Ours | Resolution::Theirs => None,
        };
        let mut conflicts = Vec::new();
        let mut done = 0;
        for region in regions {
            text.push_str(self.lines.ours.lines(done..region.ours.start));
            done = region.ours.end;
            let texts = Sides {
                base: self.lines.base.lines(region.base.clone()),
                ours: self.lines.ours.lines(region.ours.clone()),
                theirs: self.lines.theirs.lines(region.theirs.clone()),
            };
            if region.taken == Taken::Conflict {
                conflicts.push(Conflict { at: at(&region.ours), what: what(texts) });
            }
            match (region.taken, &markers) {
                (Taken::Conflict, Some(markers)) => {
                    markers.write(&mut text, markers::Region { texts, crlf: self.is_crlf(region) });
                }
                (Taken::Conflict, None) if resolution == Resolution::Theirs => text.push_str(texts.theirs),
                (Taken::Theirs, _) => text.push_str(texts.theirs),
                (Taken::Ours | Taken::Conflict, _) => text.push_str(texts.ours),
            }
        }
        text.push_str(self.lines.ours.lines(done..self.lines.ours.numbers.len()));
        Merged { text, conflicts }
    }

    /// Whether markers end with CRLF: if the lines before the conflict do, on both sides, and the
    /// base begins so.
    fn is_crlf(&self, region: &Region) -> bool {
        let known = [
            self.lines.ours.ends_with_crlf(region.ours.start.saturating_sub(1)),
            self.lines.theirs.ends_with_crlf(region.theirs.start.saturating_sub(1)),
            self.lines.base.ends_with_crlf(0),
        ];
        // The last one that is known decides, unless an earlier one is known to be LF.
        !known.contains(&Some(false)) && known[2] == Some(true)
    }
}

/// The place of lines in our side, counted from 1.
fn at(lines: &Range<usize>) -> String {
    match (lines.start, lines.len()) {
        (0, 0) => "before line 1".to_owned(),
        (start, 0) => format!("after line {start}"),
        (start, 1) => format!("line {}", start + 1),
        (start, _) => format!("lines {} to {}", start + 1, lines.end),
    }
}

fn what(texts: Sides<&str>) -> String {
    let what = match (texts.base.is_empty(), texts.ours.is_empty(), texts.theirs.is_empty()) {
        (true, _, _) => "added on both sides",
        (false, true, false) => "deleted here, changed there",
        (false, false, true) => "changed here, deleted there",
        (false, _, _) => "changed on both sides",
    };
    what.to_owned()
}
