//! What the dialogue has shown: lines that no word is broken in, and the way back to an earlier one.

use std::iter::once;

use dialoguer::console::{Style, Term, measure_text_width, truncate_str};

/// A terminal, and what stands on it.
pub(super) struct Screen {
    pub(super) term: Term,
    has_color: bool,
    /// What stays on the screen, line by line, without style.
    kept: Vec<String>,
}

impl Screen {
    pub(super) fn open(has_color: bool) -> Self {
        Self { term: Term::stderr(), has_color, kept: Vec::new() }
    }

    pub(super) fn rows(&self) -> usize {
        usize::from(self.term.size().0)
    }

    pub(super) fn columns(&self) -> usize {
        usize::from(self.term.size().1).max(1)
    }

    /// A style, where there is colour.
    pub(super) fn style(&self) -> Style {
        Style::new().force_styling(self.has_color)
    }

    /// Lines that stay.
    pub(super) fn keep(&mut self, text: &str, style: &Style) {
        for line in wrapped(text, self.columns()) {
            self.write(&style.apply_to(&line).to_string());
            self.kept.push(line);
        }
    }

    /// Lines that go with the question: how many rows they take.
    pub(super) fn show(&self, text: &str, style: &Style) -> usize {
        let lines = wrapped(text, self.columns());
        for line in &lines {
            self.write(&style.apply_to(line).to_string());
        }
        lines.len()
    }

    /// Takes back the last rows, as far as they have not scrolled away.
    pub(super) fn erase(&self, rows: usize) {
        let rows = rows.min(self.rows().saturating_sub(1));
        _ = self.term.move_cursor_up(rows).and_then(|()| self.term.clear_to_end_of_screen());
    }

    pub(super) fn mark(&self) -> usize {
        self.kept.len()
    }

    pub(super) fn rewind(&mut self, mark: usize) {
        let gone = self.kept.drain(mark.min(self.kept.len())..);
        let columns = usize::from(self.term.size().1).max(1);
        let rows = gone.map(|line| measure_text_width(&line).div_ceil(columns).max(1)).sum();
        self.erase(rows);
    }

    fn write(&self, line: &str) {
        // Nobody is left to be told that the terminal is gone.
        _ = self.term.write_line(line);
    }
}

/// Columns of the terminal to which the conversation goes; where it goes elsewhere, nothing is wrapped.
pub(super) fn columns() -> usize {
    let term = Term::stderr();
    if term.is_term() { usize::from(term.size().1).max(1) } else { usize::MAX }
}

/// The beginning of a text that fits into a line, up to a word where one ends.
pub(super) fn shortened(text: &str, width: usize) -> String {
    if measure_text_width(text) <= width {
        return text.to_owned();
    }
    let cut = truncate_str(text, width.saturating_sub(2), "");
    let ends_word = cut.ends_with(' ') || text[cut.len()..].starts_with(' ');
    let end = if ends_word { Some(cut.len()) } else { cut.rfind(' ') };
    // Behind its first words at least: half a name is more than none.
    match end.map(|end| cut[..end].trim_end()).filter(|words| measure_text_width(words) * 2 > width) {
        Some(words) => format!("{words} …"),
        None => truncate_str(text, width, "…").into_owned(),
    }
}

/// A text in lines of a width; only a word that is longer than a line is broken, by the terminal.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    text.split('\n').flat_map(|line| wrapped_line(line, width)).collect()
}

fn wrapped_line(line: &str, width: usize) -> Vec<String> {
    if measure_text_width(line) <= width {
        return vec![line.to_owned()];
    }
    let indent = &line[..line.len() - line.trim_start().len()];
    let mut lines = vec![indent.to_owned()];
    for word in line.split_whitespace() {
        let last = lines.last_mut().into_iter().next();
        let Some(last) = last else { continue };
        let has_words = !last.trim().is_empty();
        if has_words && measure_text_width(last) + 1 + measure_text_width(word) > width {
            lines.extend(once(format!("{indent}{word}")));
        } else {
            last.push_str(if has_words { " " } else { "" });
            last.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{shortened, wrapped};

    #[test]
    fn lines_end_with_a_word() {
        assert_eq!(shortened("  one two three", 12), "  one two …");
        assert_eq!(shortened("  one two three", 15), "  one two three");
        assert_eq!(shortened("one twothreefourfive", 12), "one twothre…");
        assert_eq!(shortened("Zürich öffnet später", 15), "Zürich öffnet …");
    }

    #[test]
    fn words_stay_whole() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("  one two\n\nx", 6), ["  one", "  two", "", "x"]);
        assert_eq!(wrapped("arn:aws:iam::aws:policy/X y", 8), ["arn:aws:iam::aws:policy/X", "y"]);
        assert_eq!(wrapped("fits  as it is", 80), ["fits  as it is"]);
    }
}
