//! A list that is searched by typing, from which one or several items are taken: its state, its keys and its lines.
//!
//! Refuses to read keys and to draw, so that all of it can be tested as data.

use dialoguer::console::{Key, measure_text_width};

use super::super::ask::{Item, Picks};
use super::super::screen::shortened;

/// What a key comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pressed {
    Again,
    Done,
    Back,
}

/// The list, what is searched for, and what was taken.
pub(super) struct Picker<'p> {
    items: Vec<Item>,
    /// `None` where one item is taken.
    several: Option<&'p Picks<'p>>,
    query: String,
    /// Of the items that match, the one under the cursor.
    cursor: usize,
    chosen: Vec<String>,
    /// What is left to read of a key that nobody knows.
    skipped: Skipped,
    remark: String,
}

/// How much of an unknown key is still to come: terminals send a sequence, of which the first part was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Skipped {
    Nothing,
    /// Up to a letter, or what stands for one.
    Sequence,
    One,
}

impl<'p> Picker<'p> {
    pub(super) fn one(items: &[String], cursor: usize) -> Self {
        let item = |name: &String| Item { name: name.clone(), about: String::new() };
        Self { cursor, ..Self::new(items.iter().map(item).collect(), None) }
    }

    pub(super) fn several(picks: &'p Picks<'p>, chosen: &[String]) -> Self {
        let is_other = |name: &&String| picks.items.iter().all(|item| item.name != **name);
        let others = chosen.iter().filter(is_other).map(|name| typed(name));
        let items = others.chain(picks.items.iter().cloned()).collect();
        Self { chosen: chosen.to_vec(), ..Self::new(items, Some(picks)) }
    }

    fn new(items: Vec<Item>, several: Option<&'p Picks<'p>>) -> Self {
        let (query, remark) = (String::new(), String::new());
        Self { items, several, query, cursor: 0, chosen: Vec::new(), skipped: Skipped::Nothing, remark }
    }

    /// The names that were taken, in the order in which that was done.
    pub(super) fn chosen(self) -> Vec<String> {
        self.chosen
    }

    /// The item under the cursor.
    pub(super) fn current(&self) -> Option<usize> {
        self.matches().get(self.cursor).copied()
    }

    pub(super) fn query(&self) -> &str {
        &self.query
    }

    pub(super) fn press(&mut self, key: &Key) -> Pressed {
        self.remark.clear();
        if let Key::Char(c) = key
            && self.skips(*c)
        {
            return Pressed::Again;
        }
        self.skipped = Skipped::Nothing;
        match key {
            Key::Escape => return Pressed::Back,
            Key::Enter => return self.enter(),
            Key::Char(' ') if self.several.is_some() => self.toggle(),
            // Ctrl-U and Ctrl-W, as in a line.
            Key::Char('\u{15}' | '\u{17}') => self.search(String::new()),
            Key::Char(c) if !c.is_control() => self.search(format!("{}{c}", self.query)),
            Key::Backspace => {
                let mut query = self.query.clone();
                query.pop();
                self.search(query);
            }
            Key::UnknownEscSeq(start) => self.skipped = rest_of(start),
            key => self.travel(key),
        }
        Pressed::Again
    }

    /// Whether a character belongs to a key that nobody knows.
    fn skips(&mut self, c: char) -> bool {
        match self.skipped {
            Skipped::Nothing => return false,
            Skipped::Sequence if !ends_sequence(c) => {}
            Skipped::Sequence | Skipped::One => self.skipped = Skipped::Nothing,
        }
        true
    }

    fn travel(&mut self, key: &Key) {
        const PAGE: usize = 5;
        let count = self.matches().len().max(1);
        self.cursor = match key {
            Key::ArrowDown | Key::Tab => (self.cursor + 1) % count,
            Key::ArrowUp | Key::BackTab => (self.cursor + count - 1) % count,
            Key::PageDown => (self.cursor + PAGE).min(count - 1),
            Key::PageUp => self.cursor.saturating_sub(PAGE),
            Key::Home => 0,
            Key::End => count - 1,
            _ => self.cursor,
        };
    }

    fn search(&mut self, query: String) {
        self.query = query;
        self.cursor = 0;
    }

    /// Ends the list, or takes what was searched for.
    fn enter(&mut self) -> Pressed {
        let Some(picks) = self.several else {
            return if self.current().is_some() { Pressed::Done } else { Pressed::Again };
        };
        if self.query.is_empty() {
            return Pressed::Done;
        }
        if let Some(item) = self.current().and_then(|at| self.items.get(at)) {
            if self.chosen.contains(&item.name) || self.choose(item.name.clone()) {
                self.search(String::new());
            }
            return Pressed::Again;
        }
        match (picks.other)(&self.query) {
            Ok(name) => {
                if self.choose(name.clone()) {
                    self.list(&name);
                    self.search(String::new());
                }
            }
            Err(why) => self.remark = why,
        }
        Pressed::Again
    }

    /// What was typed is listed first, unless it is listed anyway.
    fn list(&mut self, name: &str) {
        if self.items.iter().all(|item| item.name != name) {
            self.items.insert(0, typed(name));
        }
    }

    fn toggle(&mut self) {
        let Some(name) = self.current().and_then(|at| self.items.get(at)).map(|item| item.name.clone())
        else {
            return;
        };
        match self.chosen.iter().position(|chosen| *chosen == name) {
            Some(at) => _ = self.chosen.remove(at),
            None => _ = self.choose(name),
        }
    }

    /// Takes one more, if there is room for it.
    fn choose(&mut self, name: String) -> bool {
        let most = self.several.map_or(1, |picks| picks.most);
        if self.chosen.contains(&name) {
            return true;
        }
        if self.chosen.len() == most {
            self.remark = format!("{most} is the maximum; Space removes one");
            return false;
        }
        self.chosen.push(name);
        true
    }

    /// What matches: names that begin with the text, then those with it in them, then what is said of the others.
    fn matches(&self) -> Vec<usize> {
        let query = self.query.to_lowercase();
        let rank = |item: &Item| match item.name.to_lowercase().find(&query) {
            Some(0) => Some(0),
            Some(_) => Some(1),
            None => item.about.to_lowercase().contains(&query).then_some(2),
        };
        let mut found: Vec<(usize, usize)> =
            self.items.iter().enumerate().filter_map(|(at, item)| Some((rank(item)?, at))).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, at)| at).collect()
    }

    /// What is found and taken so far, in one line, or why nothing is.
    pub(super) fn status(&self) -> String {
        let matches = self.matches().len();
        if !self.remark.is_empty() {
            return self.remark.clone();
        }
        if matches == 0 {
            return self.without_match();
        }
        let of = format!("{matches} of {} match", self.items.len());
        if self.several.is_none() {
            return of;
        }
        match self.chosen.as_slice() {
            [] => format!("{of}, none chosen"),
            chosen => format!("{of}, {} chosen: {}", chosen.len(), chosen.join(", ")),
        }
    }

    fn without_match(&self) -> String {
        match self.several.map(|picks| (picks.other)(&self.query)) {
            Some(Ok(name)) if name == self.query => "nothing matches; Enter uses this ARN".to_owned(),
            Some(Ok(name)) => format!("nothing matches; Enter uses `{name}`"),
            _ => "nothing matches".to_owned(),
        }
    }

    /// The items around the cursor: as many as there are rows, none wider than the terminal.
    pub(super) fn lines(&self, rows: usize, columns: usize) -> Vec<String> {
        let matches = self.matches();
        let first = (self.cursor + 1).saturating_sub(rows);
        let shown = || matches.iter().enumerate().skip(first).take(rows);
        let names = shown().map(|(_, at)| measure_text_width(&self.items[*at].name));
        let name_width = names.filter(|width| *width <= columns / 2).max().unwrap_or_default();
        let line = |(place, at): (usize, &usize)| {
            let item = &self.items[*at];
            let cursor = if place == self.cursor { "❯" } else { " " };
            let is_chosen = self.chosen.contains(&item.name);
            let mark = self.several.map_or("", |_| if is_chosen { "[x] " } else { "[ ] " });
            let line = format!("{cursor} {mark}{:name_width$}  {}", item.name, item.about);
            shortened(line.trim_end(), columns.saturating_sub(1))
        };
        shown().map(line).collect()
    }
}

/// Something that was typed, and is in no list.
fn typed(name: &str) -> Item {
    Item { name: name.to_owned(), about: "typed by you".to_owned() }
}

/// What follows of a key, by what was read of it: `[` and its numbers up to a letter, `O` and one more.
fn rest_of(start: &[char]) -> Skipped {
    match start {
        ['O'] => Skipped::One,
        ['[', .., last] if ends_sequence(*last) => Skipped::Nothing,
        ['[', ..] => Skipped::Sequence,
        _ => Skipped::Nothing,
    }
}

fn ends_sequence(c: char) -> bool {
    ('\u{40}'..='\u{7e}').contains(&c) && c != '['
}
