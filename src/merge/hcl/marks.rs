//! Conflict markers around whole lines.

use crate::merge::{Labels, Sides, Style};

/// How markers look in one file.
pub(super) struct Marks<'m> {
    style: Style,
    labels: &'m Labels,
    size: usize,
}

/// The length that tools expect.
const USUAL: usize = 7;

impl<'m> Marks<'m> {
    /// Markers that are longer than everything in the three texts that looks like one.
    pub(super) fn new(style: Style, labels: &'m Labels, sides: Sides<'_>) -> Self {
        let lines = [sides.base, sides.ours, sides.theirs].into_iter().flat_map(str::lines);
        let longest = lines.map(run).max().unwrap_or_default();
        let size = if longest >= USUAL { longest + 1 } else { USUAL };
        Self { style, labels, size }
    }

    /// The three texts between markers.
    pub(super) fn mark(&self, ours: &str, base: &str, theirs: &str) -> String {
        let [ours, base, theirs] = [ours, base, theirs].map(ended);
        let (head, ours, theirs, tail) = match self.style {
            Style::Zdiff3 => without_common_ends(&ours, &theirs),
            Style::Merge | Style::Diff3 => ("", &*ours, &*theirs, ""),
        };
        let base = match self.style {
            Style::Merge => String::new(),
            Style::Diff3 | Style::Zdiff3 => format!("{}{base}", self.line('|', &self.labels.base)),
        };
        let (start, end) = (self.line('<', &self.labels.ours), self.line('>', &self.labels.theirs));
        format!("{head}{start}{ours}{base}{}{theirs}{end}{tail}", self.line('=', ""))
    }

    fn line(&self, sign: char, label: &str) -> String {
        let signs = sign.to_string().repeat(self.size);
        if label.is_empty() { format!("{signs}\n") } else { format!("{signs} {label}\n") }
    }
}

/// How many signs of a marker a line begins with.
fn run(line: &str) -> usize {
    let sign = line.chars().next().filter(|sign| matches!(sign, '<' | '|' | '=' | '>'));
    sign.map_or(0, |sign| line.chars().take_while(|next| *next == sign).count())
}

/// With a line break at its end, if it is not empty.
fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

/// The lines that both begin with, what is left of each, and the lines that both end with.
fn without_common_ends<'t>(ours: &'t str, theirs: &'t str) -> (&'t str, &'t str, &'t str, &'t str) {
    let lines = |text: &'t str| text.split_inclusive('\n').collect::<Vec<_>>();
    let (o, t) = (lines(ours), lines(theirs));
    let pairs = || o.iter().zip(&t);
    let head: usize = pairs().take_while(|(o, t)| o == t).map(|(o, _)| o.len()).sum();
    let (ours_left, theirs_left) = (&ours[head..], &theirs[head..]);
    let (o, t) = (lines(ours_left), lines(theirs_left));
    let ends = o.iter().rev().zip(t.iter().rev());
    let tail: usize = ends.take_while(|(o, t)| o == t).map(|(o, _)| o.len()).sum();
    let (o, rest) = ours_left.split_at(ours_left.len() - tail);
    (&ours[..head], o, &theirs_left[..theirs_left.len() - tail], rest)
}
