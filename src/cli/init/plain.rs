//! The dialogue line by line, for screen readers and for terminals that can do no more: nothing is
//! redrawn, choices have numbers, and each sentence has a line of its own.

use std::io::{self, BufRead, IsTerminal};

use super::ask::{Ask, Check, Picks, Question, Stop, interrupted};
use super::screen::{columns, wrapped};
use crate::diagnostic::Error;
use crate::diagnostic::words::Count;
use crate::ui::Ui;

/// What is typed to go back. Esc does the same where a terminal sends it.
const BACK: [&str; 2] = ["<", "\u{1b}"];
/// What is typed to see a list.
const LIST: &str = "?";

pub(super) struct Plain<'u>(&'u Ui);

impl<'u> Plain<'u> {
    /// Takes the terminal. A line that is being typed belongs to the system, so Ctrl-C ends the process
    /// where it is; nothing has been written by then.
    pub(super) fn open(ui: &'u Ui) -> Self {
        Self(ui)
    }

    fn tell(&self, text: &str) {
        for line in wrapped(text, columns()) {
            self.0.say(&line);
        }
    }

    fn explain(&self, question: &Question) {
        self.tell(format!("\n{}", question.why).trim_end_matches('\n'));
    }

    /// A line of text behind a prompt.
    fn line(&self, prompt: &str) -> Result<String, Stop> {
        loop {
            // Above the line that the cursor is in.
            let mut lines = wrapped(prompt, columns());
            let last = lines.pop().unwrap_or_default();
            for line in &lines {
                self.0.say(line);
            }
            self.0.prompt(&format!("{last} "));
            let mut line = Vec::new();
            match io::stdin().lock().read_until(b'\n', &mut line) {
                // The end of the input is not an answer.
                Ok(0) => return Err(interrupted()),
                Ok(_) => {}
                Err(error) => return Err(Error::io("read an answer", &error).into()),
            }
            let line = String::from_utf8_lossy(&line);
            let line = line.trim();
            if !io::stdin().is_terminal() {
                self.0.say(line);
            }
            if BACK.contains(&line) {
                return Err(Stop::Back);
            }
            if !line.contains(char::is_control) {
                return Ok(line.to_owned());
            }
            self.tell("arrow keys and function keys cannot be used here; type the answer again");
        }
    }

    /// A number of a line, or what it means to press Enter.
    fn numbered(&self, question: &Question, items: &[String], default: usize) -> Result<usize, Stop> {
        self.explain(question);
        self.tell(&format!("{}, {}:", question.prompt, Count(items.len(), "choice")));
        for (number, item) in items.iter().enumerate() {
            self.tell(&format!("  {}. {item}", number + 1));
        }
        loop {
            let line = self.line(&format!("Number (1 to {}) [{}]:", items.len(), default + 1))?;
            if line.is_empty() {
                return Ok(default);
            }
            match line.parse::<usize>() {
                Ok(number) if (1..=items.len()).contains(&number) => return Ok(number - 1),
                _ => self.tell(&format!("enter a number from 1 to {}", items.len())),
            }
        }
    }

    /// The items in which a text occurs, with their numbers.
    fn list(&self, picks: &Picks<'_>, text: &str) {
        let text = text.to_lowercase();
        let fits = |words: &str| words.to_lowercase().contains(&text);
        let found: Vec<String> = (picks.items.iter().enumerate())
            .filter(|(_, item)| fits(&item.name) || fits(&item.about))
            .map(|(at, item)| format!("  {}. {}: {}", at + 1, item.name, item.about))
            .collect();
        match found.len() {
            0 => self.tell("nothing matches"),
            matches => self.tell(&format!("{matches} of {} match:", picks.items.len())),
        }
        for line in &found {
            self.tell(line);
        }
    }
}

/// What a line names, by numbers, names and other texts with commas between them.
fn named(picks: &Picks<'_>, line: &str) -> Result<Vec<String>, String> {
    let one = |text: &str| {
        let by_number = text.parse::<usize>().ok().and_then(|number| picks.items.get(number.checked_sub(1)?));
        let by_name = || picks.items.iter().find(|item| item.name.eq_ignore_ascii_case(text));
        match by_number.or_else(by_name) {
            Some(item) => Ok(item.name.clone()),
            None => (picks.other)(text),
        }
    };
    line.split(',').map(str::trim).filter(|text| !text.is_empty()).map(one).collect()
}

impl Ask for Plain<'_> {
    fn say(&mut self, text: &str) {
        self.tell(text);
    }

    fn text(&mut self, question: &Question, check: Check<'_>) -> Result<String, Stop> {
        self.explain(question);
        let default = question.default.clone().unwrap_or_default();
        let shown = if default.is_empty() { String::new() } else { format!(" [{default}]") };
        loop {
            let line = self.line(&format!("{}{shown}:", question.prompt))?;
            let answer = if line.is_empty() { default.clone() } else { line };
            match check(&answer) {
                Ok(()) => return Ok(answer),
                Err(why) => self.tell(&why),
            }
        }
    }

    fn choose(&mut self, question: &Question, items: &[String], default: usize) -> Result<usize, Stop> {
        self.numbered(question, items, default)
    }

    fn search(&mut self, question: &Question, items: &[String], default: usize) -> Result<usize, Stop> {
        self.numbered(question, items, default)
    }

    /// A line adds what it names, or removes it where it was there; an empty one ends that.
    fn pick(
        &mut self,
        question: &Question,
        picks: &Picks<'_>,
        chosen: &[String],
    ) -> Result<Vec<String>, Stop> {
        self.explain(question);
        let mut chosen = chosen.to_vec();
        self.tell("Type names, numbers or ARNs, separated by commas; a chosen one is removed again. Type ? to list all, or ?s3 to list what matches s3.");
        loop {
            let names = match chosen.as_slice() {
                [] => "none chosen".to_owned(),
                chosen => format!("{} chosen: {}", chosen.len(), chosen.join(", ")),
            };
            self.tell(&format!("{} available, {names}", picks.items.len()));
            let line = self.line(&format!("{} (Enter when done):", question.prompt))?;
            if line.is_empty() {
                return Ok(chosen);
            }
            if let Some(text) = line.strip_prefix(LIST) {
                self.list(picks, text.trim());
                continue;
            }
            match named(picks, &line) {
                Ok(names) => names.into_iter().for_each(|name| toggle(&mut chosen, name)),
                Err(why) => self.tell(&why),
            }
            if chosen.len() > picks.most {
                chosen.truncate(picks.most);
                self.tell(&format!("the maximum is {}; the rest was left out", Count(picks.most, "policy")));
            }
        }
    }

    fn way_back(&self) -> &'static str {
        "Type < to go"
    }

    fn confirm(&mut self, question: &Question, default: bool) -> Result<bool, Stop> {
        self.explain(question);
        let shown = if default { "Y/n" } else { "y/N" };
        loop {
            match &*self.line(&format!("{} [{shown}]:", question.prompt))?.to_lowercase() {
                "" => return Ok(default),
                "y" | "yes" => return Ok(true),
                "n" | "no" => return Ok(false),
                _ => self.tell("enter `y` or `n`"),
            }
        }
    }
}

fn toggle(chosen: &mut Vec<String>, name: String) {
    match chosen.iter().position(|known| *known == name) {
        Some(at) => _ = chosen.remove(at),
        None => chosen.push(name),
    }
}
