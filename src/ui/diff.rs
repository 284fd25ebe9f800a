//! Unified diffs, as `git diff` prints them.

use std::fmt::Write as _;
use std::ops::Range;

use anstyle::{AnsiColor, Style};

use crate::merge::changed_lines;
use crate::reconcile::{Change, ChangeKind, Decision, Disk, Plan};

/// How many lines are shown around a change.
const AROUND: usize = 3;

/// A run of lines before, and the run after that took its place.
type Edit = (Range<usize>, Range<usize>);

/// How all files differ from what is generated, kept edits included.
#[must_use]
pub fn plan_diffs(plan: &Plan) -> String {
    plan.changes().filter(|change| change.kind().is_some()).map(of_change).collect()
}

/// How files change when a plan is carried out: what people edited stays.
#[must_use]
pub fn coming_diffs(plan: &Plan) -> String {
    let is_coming = |change: &&Change| !matches!(change.kind(), None | Some(ChangeKind::Edited));
    plan.changes().filter(is_coming).map(of_change).collect()
}

fn of_change(change: &Change) -> String {
    if matches!(change.decision, Decision::KeepDeleted(_)) {
        return format!("File {} was deleted, and stays so\n", change.path);
    }
    let before = match &change.before {
        Disk::Text(text) => Some(text.as_str()),
        Disk::Absent => None,
        Disk::Bytes => return format!("Binary file {} differs\n", change.path),
    };
    let after = change.after.as_ref().map(|file| &*file.text);
    unified(change.path.as_str(), before, after)
}

/// The difference between two texts of a file; an absent text is an absent file.
pub(super) fn unified(path: &str, before: Option<&str>, after: Option<&str>) -> String {
    let bold = Style::new().bold();
    let name = |side: &str, text: Option<&str>| match text {
        Some(_) => format!("{side}/{path}"),
        None => "/dev/null".to_owned(),
    };
    let mut out = String::new();
    // Writing to a string cannot fail.
    _ = writeln!(out, "{bold}--- {}{bold:#}\n{bold}+++ {}{bold:#}", name("a", before), name("b", after));
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    let changes = changed_lines(before, after);
    let lines = [before, after].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    for hunk in changes.chunk_by(|above, below| below.0.start - above.0.end <= 2 * AROUND) {
        write_hunk(&mut out, hunk, &lines);
    }
    out
}

/// Changes that share their context, with it.
fn write_hunk(out: &mut String, changes: &[Edit], [before, after]: &[Vec<&str>; 2]) {
    let (Some((first, to)), Some((last, _))) = (changes.first(), changes.last()) else { return };
    let above = first.start.min(AROUND);
    let below = (before.len() - last.end).min(AROUND);
    let old = first.start - above..last.end + below;
    let more: usize = changes.iter().map(|(_, after)| after.len()).sum();
    let less: usize = changes.iter().map(|(before, _)| before.len()).sum();
    let new = to.start - above..to.start - above + old.len() + more - less;
    let header = format!("@@ -{} +{} @@", place(&old), place(&new));
    _ = writeln!(out, "{}", super::paint(AnsiColor::Cyan, &header));
    let mut done = old.start;
    for (removed, added) in changes {
        write_lines(out, ' ', None, &before[done..removed.start]);
        write_lines(out, '-', Some(AnsiColor::Red), &before[removed.clone()]);
        write_lines(out, '+', Some(AnsiColor::Green), &after[added.clone()]);
        done = removed.end;
    }
    write_lines(out, ' ', None, &before[done..old.end]);
}

/// Lines as a hunk's header counts them: from 1, and their number where it is not 1.
fn place(lines: &Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        count => format!("{},{count}", lines.start + 1),
    }
}

fn write_lines(out: &mut String, sign: char, color: Option<AnsiColor>, lines: &[&str]) {
    let style = color.map_or_else(Style::new, |color| Style::new().fg_color(Some(color.into())));
    for line in lines {
        let shown = visible(line.trim_end_matches('\n'));
        _ = writeln!(out, "{style}{sign}{shown}{style:#}");
        if !line.ends_with('\n') {
            _ = writeln!(out, "\\ No newline at end of file");
        }
    }
}

/// A line of a file on a terminal: what would move the cursor or change colours is shown instead.
fn visible(line: &str) -> String {
    let hide = |c: char| c.is_control() && c != '\t';
    if !line.contains(hide) {
        return line.to_owned();
    }
    line.chars()
        .flat_map(|c| {
            if hide(c) { c.escape_default().to_string() } else { c.to_string() }.chars().collect::<Vec<_>>()
        })
        .collect()
}
