//! Conflict markers: written so that they cannot be taken for the file's own text, and found again.

use std::collections::BTreeMap;

use super::{Labels, Style};
use crate::sides::Sides;

/// The characters that markers are made of.
const CHARACTERS: [char; 4] = ['<', '|', '=', '>'];
/// The length of a marker where nothing in the file looks like one.
const SHORTEST: usize = 7;
/// Longer runs are rulers rather than markers. They are still told apart by their length, and need
/// not make every marker of the file as long.
const LONGEST: usize = 200;

/// How the conflicts of one file are marked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Markers<'l> {
    size: usize,
    labels: &'l Labels,
    style: Style,
}

/// The three texts of one conflict: whole lines, of which only the last may lack its line break.
#[derive(Debug, Clone, Copy)]
pub(super) struct Region<'t> {
    pub(super) texts: Sides<&'t str>,
    /// Whether the lines around it end with CRLF.
    pub(super) crlf: bool,
}

impl<'l> Markers<'l> {
    /// Markers longer than any look-alike in the three texts of a file.
    pub(super) fn new(sides: Sides<&str>, labels: &'l Labels, style: Style) -> Self {
        Self { size: size(sides), labels, style }
    }

    /// One conflict as a text of its own. Its lines end with line feeds, the last one too.
    pub(super) fn marked(&self, texts: Sides<&str>) -> String {
        let texts = texts.map(ended);
        let mut text = String::new();
        self.write(&mut text, Region { texts: texts.as_ref().map(String::as_str), crlf: false });
        text
    }

    /// Appends one conflict to a text that ends with a line break, or is empty.
    pub(super) fn write(&self, text: &mut String, region: Region<'_>) {
        let Sides { base, ours, theirs } = region.texts;
        let (before, [ours, theirs], after) = match self.style {
            Style::Zdiff3 => without_common_ends(ours, theirs),
            Style::Merge | Style::Diff3 => ("", [ours, theirs], ""),
        };
        let ending = if region.crlf { "\r\n" } else { "\n" };
        text.push_str(before);
        self.marker(text, '<', &self.labels.ours, ending);
        push_lines(text, ours, ending);
        if self.style != Style::Merge {
            self.marker(text, '|', &self.labels.base, ending);
            push_lines(text, base, ending);
        }
        self.marker(text, '=', "", ending);
        push_lines(text, theirs, ending);
        self.marker(text, '>', &self.labels.theirs, ending);
        text.push_str(after);
    }

    fn marker(&self, text: &mut String, character: char, label: &str, ending: &str) {
        text.extend(std::iter::repeat_n(character, self.size));
        if !label.is_empty() {
            text.push(' ');
            text.push_str(label);
        }
        text.push_str(ending);
    }
}

/// With a line break at its end, if it is not empty.
fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

fn push_lines(text: &mut String, lines: &str, ending: &str) {
    text.push_str(lines);
    if !lines.is_empty() && !lines.ends_with('\n') {
        text.push_str(ending);
    }
}

/// How many lines two sides begin with in common, and how many of the others they end with in common.
pub(super) fn common_ends<T: PartialEq>(left: &[T], right: &[T]) -> (usize, usize) {
    let start = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    let (left, right) = (&left[start..], &right[start..]);
    let end = left.iter().rev().zip(right.iter().rev()).take_while(|(left, right)| left == right).count();
    (start, end)
}

/// The lines that both sides begin with, what is left of each, and the lines that both end with.
fn without_common_ends<'t>(left: &'t str, right: &'t str) -> (&'t str, [&'t str; 2], &'t str) {
    let lines = |text: &'t str| text.split_inclusive('\n').collect::<Vec<_>>();
    let (lefts, rights) = (lines(left), lines(right));
    let (start, end) = common_ends(&lefts, &rights);
    let length = |lines: &[&str]| lines.iter().map(|line| line.len()).sum::<usize>();
    let start = length(&lefts[..start]);
    let end = length(&lefts[lefts.len() - end..]);
    let middle = |text: &'t str| &text[start..text.len() - end];
    (&left[..start], [middle(left), middle(right)], &left[left.len() - end..])
}

/// The length of markers that no line of the file begins with.
fn size(sides: Sides<&str>) -> usize {
    let lines = [sides.base, sides.ours, sides.theirs].into_iter().flat_map(str::lines);
    let runs = lines.filter_map(|line| Some(run(line)?.1));
    let longest = runs.filter(|run| (SHORTEST..LONGEST).contains(run)).max();
    longest.map_or(SHORTEST, |longest| longest + 1)
}

/// The character of markers that a line begins with, and how often.
fn run(line: &str) -> Option<(char, usize)> {
    let first = line.chars().next().filter(|first| CHARACTERS.contains(first))?;
    Some((first, line.bytes().take_while(|byte| char::from(*byte) == first).count()))
}

/// Whether a conflict is marked in a text and not yet resolved: a line of at least seven `<`, then
/// one of as many `=`, then one of as many `>`.
#[must_use]
pub fn has_markers(text: &str) -> bool {
    // The lengths of markers whose `<` was met, each with whether its `=` was. A conflict may hold
    // shorter look-alikes.
    let mut opened: BTreeMap<usize, bool> = BTreeMap::new();
    for line in text.lines() {
        let Some((character, size)) = run(line).filter(|(_, size)| *size >= SHORTEST) else { continue };
        let rest = &line[size..];
        let is_labelled = rest.is_empty() || rest.starts_with(' ');
        match (character, opened.get_mut(&size)) {
            ('<', _) if is_labelled => drop(opened.insert(size, false)),
            ('=', Some(is_parted)) if rest.trim_end().is_empty() => *is_parted = true,
            ('>', Some(true)) if is_labelled => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(style: Style, base: &str, ours: &str, theirs: &str) -> String {
        let labels = Labels { base: "b".to_owned(), ours: "o".to_owned(), theirs: String::new() };
        let texts = Sides { base, ours, theirs };
        let mut text = String::new();
        Markers::new(texts, &labels, style).write(&mut text, Region { texts, crlf: false });
        text
    }

    #[test]
    fn each_style_shows_what_it_should() {
        let (base, ours, theirs) = ("0\n", "a\n1\nz\n", "a\n2\nz\n");
        let merge = "<<<<<<< o\na\n1\nz\n=======\na\n2\nz\n>>>>>>>\n";
        assert_eq!(marked(Style::Merge, base, ours, theirs), merge);
        let diff3 = "<<<<<<< o\na\n1\nz\n||||||| b\n0\n=======\na\n2\nz\n>>>>>>>\n";
        assert_eq!(marked(Style::Diff3, base, ours, theirs), diff3);
        let zdiff3 = "a\n<<<<<<< o\n1\n||||||| b\n0\n=======\n2\n>>>>>>>\nz\n";
        assert_eq!(marked(Style::Zdiff3, base, ours, theirs), zdiff3);
    }

    #[test]
    fn markers_are_longer_than_what_looks_like_them() {
        for line in ["<<<<<<<", "|||||||", "======= x", ">>>>>>>>y"] {
            let text = marked(Style::Merge, "", &format!("{line}\n"), "2\n");
            let found = text.lines().next().map_or(0, |line| line.bytes().take_while(|b| *b == b'<').count());
            assert_eq!(found, run(line).map_or(0, |(_, size)| size) + 1, "{text}");
        }
        let ruler = format!("{}\n", "=".repeat(100_000));
        assert!(marked(Style::Merge, "", &ruler, "2\n").starts_with("<<<<<<< o\n"));
    }

    #[test]
    fn markers_are_found_until_they_are_gone() {
        let text = marked(Style::Diff3, "0\n", "1\n", "2\n");
        assert!(has_markers(&text));
        assert!(has_markers(&text.replace('\n', "\r\n")));
        assert!(has_markers(&marked(Style::Merge, "", "=======\n", "<<<<<<< a\n")));
        for gone in ["<<<<<<<", "=======", ">>>>>>>"] {
            assert!(!has_markers(&text.replace(gone, "")), "{gone}");
        }
        assert!(!has_markers("Title\n=======\n"));
        assert!(!has_markers(">>>>>>> a\n=======\n<<<<<<< b\n"));
        assert!(!has_markers("<<<<<<< a\n========\n>>>>>>> b\n"));
        assert!(!has_markers("<<<<<<<a\n=======\n>>>>>>> b\n"));
    }
}
