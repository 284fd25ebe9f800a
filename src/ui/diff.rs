//! Unified diffs, as `git diff` prints them.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};

/// The difference between two texts of a file; an absent text is an absent file.
pub(super) fn unified(path: &str, before: Option<&str>, after: Option<&str>) -> String {
    let bold = Style::new().bold();
    let name = |side: &str, text: Option<&str>| match text {
        Some(_) => format!("{side}/{path}"),
        None => "/dev/null".to_owned(),
    };
    let diff = TextDiff::from_lines(before.unwrap_or_default(), after.unwrap_or_default());
    let mut out = String::new();
    // Writing to a string cannot fail.
    _ = writeln!(out, "{bold}--- {}{bold:#}\n{bold}+++ {}{bold:#}", name("a", before), name("b", after));
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        _ = writeln!(out, "{}", super::paint(AnsiColor::Cyan, &hunk.header().to_string()));
        for change in hunk.iter_changes() {
            let (sign, color) = match change.tag() {
                ChangeTag::Delete => ('-', Some(AnsiColor::Red)),
                ChangeTag::Insert => ('+', Some(AnsiColor::Green)),
                ChangeTag::Equal => (' ', None),
            };
            let style = color.map_or_else(Style::new, |color| Style::new().fg_color(Some(color.into())));
            let line = visible(change.value().trim_end_matches('\n'));
            _ = writeln!(out, "{style}{sign}{line}{style:#}");
            if change.missing_newline() {
                _ = writeln!(out, "\\ No newline at end of file");
            }
        }
    }
    out
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
