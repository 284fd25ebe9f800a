//! The dialogue on a terminal. The only room that names dialoguer, which asks for choices, and rustyline, which edits lines.
//!
//! dialoguer hides the cursor and, interrupted, leaves it hidden; and without a terminal one of its
//! prompts never ends. So nobody gets here without a terminal, Ctrl-C is noted rather than deadly, and
//! the cursor is shown whenever a prompt fails. In a terminal of a row or two its lists have no room: there are plain lines.

mod echo;
mod editor;
mod picker;
mod stray;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dialoguer::console::{Key, measure_text_width, set_colors_enabled_stderr};
use dialoguer::theme::ColorfulTheme;
use dialoguer::{Confirm, Select};

use self::echo::Silence;
use self::editor::Line;
use self::picker::{Picker, Pressed};
use super::super::interrupt::{begin_asking, end_asking};
use super::ask::{Ask, Check, NONE, Picks, Question, Stop, interrupted};
use super::plain::Plain;
use super::screen::{Screen, shortened};
use crate::diagnostic::Error;
use crate::ui::Ui;

/// Rows of a terminal in which a list can be drawn.
const LEAST_ROWS: usize = 5;
/// Rows of a long list that are shown at a time, so that what was said before stays in sight.
const MOST_ROWS: usize = 10;
/// Columns that a prompt leaves for an answer; one that would leave less is written above it.
const ROOM: usize = 20;

pub(super) struct Terminal<'u> {
    screen: Screen,
    plain: Plain<'u>,
    theme: ColorfulTheme,
    stopped: Arc<AtomicBool>,
}

impl<'u> Terminal<'u> {
    /// Takes the terminal; Ctrl-C ends the question that is being asked.
    pub(super) fn open(ui: &'u Ui) -> Self {
        let stopped = Arc::new(AtomicBool::new(false));
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            // Where a signal cannot be listened to, its own effect stays: the process ends.
            _ = signal_hook::flag::register(signal, Arc::clone(&stopped));
        }
        set_colors_enabled_stderr(ui.has_color());
        let theme = ColorfulTheme::default();
        Self { screen: Screen::open(ui.has_color()), plain: Plain::open(ui), theme, stopped }
    }

    /// Whether lists have no room.
    fn is_low(&self) -> bool {
        self.screen.rows() < LEAST_ROWS
    }

    /// Who asks where lists have no room. Ctrl-C is the system's there, and the dialogue's otherwise.
    fn low(&mut self) -> Option<&mut Plain<'u>> {
        if self.is_low() {
            end_asking();
            return Some(&mut self.plain);
        }
        begin_asking();
        None
    }

    fn explain(&mut self, question: &Question) {
        for line in question.why.lines() {
            self.screen.keep(&format!("  {line}"), &self.screen.style().dim());
        }
    }

    /// What was answered, once what was asked is gone.
    fn answered<T>(&mut self, question: &Question, shown: &str, answer: T) -> T {
        // What Enter would have meant, in brackets, is of no interest any more.
        let prompt = question.prompt.split(" (").next().unwrap_or_default();
        let shown = if shown.is_empty() { NONE } else { shown };
        self.screen.keep(&format!("✔ {prompt} · {shown}"), &self.screen.style().green());
        answer
    }

    /// What a prompt of dialoguer's came to. `None` is the way back.
    fn taken<T>(&self, answer: dialoguer::Result<Option<T>>) -> Result<T, Stop> {
        let failed = match answer {
            Ok(_) if self.stopped.load(Ordering::Relaxed) => None,
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) => return Err(Stop::Back),
            Err(dialoguer::Error::IO(error)) => Some(error),
        };
        match failed {
            Some(error) if error.kind() != std::io::ErrorKind::Interrupted => {
                Err(self.end(Error::io("ask at the terminal", &error).into()))
            }
            _ => Err(self.end(interrupted())),
        }
    }

    /// Leaves the terminal as it was found.
    fn end(&self, stop: Stop) -> Stop {
        _ = self.screen.term.show_cursor();
        _ = self.screen.term.write_line("");
        stop
    }

    /// What fits into a line: a list whose lines wrap cannot be redrawn.
    fn fitting(&self, items: &[String]) -> Vec<String> {
        let width = self.screen.columns().saturating_sub(4).max(1);
        items.iter().map(|item| shortened(item, width)).collect()
    }

    /// Writes a prompt that does not fit into one line with what is around it: the rows of that, and what is left to write.
    fn lead(&self, prompt: &str, around: &str) -> (usize, String) {
        if measure_text_width(prompt) + measure_text_width(around) < self.screen.columns() {
            return (0, prompt.to_owned());
        }
        (self.screen.show(&format!("? {prompt}"), &self.screen.style().bold()), String::new())
    }

    /// Asks for a line, and takes the question from the screen again.
    fn line(&self, question: &Question, former: &[String]) -> Result<String, Stop> {
        let style = self.screen.style();
        let default = question.default.as_deref().unwrap_or_default();
        let default = if default.is_empty() { String::new() } else { format!(" ({default})") };
        let mut prompt = format!("? {}{default} › ", question.prompt);
        let mut rows = 0;
        if measure_text_width(&prompt) + ROOM > self.screen.columns() {
            rows = self.screen.show(prompt.trim_end_matches(" › "), &style.clone().bold());
            "› ".clone_into(&mut prompt);
        }
        let came = editor::line(&style.bold().apply_to(&prompt).to_string(), former)?;
        let typed = if let Line::Typed(line) = &came { line } else { "" };
        let width = |line: &str| measure_text_width(line) / self.screen.columns() + 1;
        let below: usize = typed.split('\n').skip(1).map(width).sum();
        rows += width(&format!("{prompt}{}", typed.split('\n').next().unwrap_or_default())) + below;
        match came {
            _ if self.stopped.load(Ordering::Relaxed) => Err(self.end(interrupted())),
            Line::Interrupted => Err(self.end(interrupted())),
            Line::Back => {
                self.screen.erase(rows);
                Err(Stop::Back)
            }
            Line::Typed(line) => {
                self.screen.erase(rows);
                Ok(line)
            }
        }
    }

    /// Draws a list and reads keys until it ends.
    fn drive(&self, prompt: &str, picker: &mut Picker<'_>) -> Result<(), Stop> {
        let term = &self.screen.term;
        let mut drawn = 0;
        let _silence = Silence::begin();
        _ = term.hide_cursor();
        let pressed = loop {
            self.screen.erase(drawn);
            drawn = self.draw(prompt, picker);
            let key = match term.read_key() {
                _ if self.stopped.load(Ordering::Relaxed) => return Err(self.end(interrupted())),
                Ok(Key::CtrlC | Key::Char('\u{4}')) => return Err(self.end(interrupted())),
                Ok(key) => key,
                Err(error) => return self.taken(Err(dialoguer::Error::IO(error))),
            };
            let pressed = picker.press(&key);
            if pressed != Pressed::Again {
                break pressed;
            }
        };
        self.screen.erase(drawn);
        _ = term.show_cursor();
        if pressed == Pressed::Back { Err(Stop::Back) } else { Ok(()) }
    }

    /// The rows that a list takes.
    fn draw(&self, prompt: &str, picker: &Picker<'_>) -> usize {
        let style = self.screen.style();
        let columns = self.screen.columns();
        let question = format!("? {prompt} › {}", picker.query());
        let mut rows = self.screen.show(&question, &style.clone().bold());
        rows += self.screen.show(&format!("  {}", picker.status()), &style.clone().dim());
        let room = self.screen.rows().saturating_sub(rows + 1).clamp(1, MOST_ROWS);
        for line in picker.lines(room, columns) {
            let style = if line.starts_with('❯') { style.clone().cyan() } else { style.clone() };
            rows += self.screen.show(&line, &style);
        }
        rows
    }
}

impl Ask for Terminal<'_> {
    fn say(&mut self, text: &str) {
        self.screen.keep(text, &self.screen.style());
    }

    fn text(&mut self, question: &Question, check: Check<'_>) -> Result<String, Stop> {
        if let Some(plain) = self.low() {
            return plain.text(question, check);
        }
        self.explain(question);
        let (mut former, mut complaint) = (Vec::new(), 0);
        loop {
            let line = self.line(question, &former);
            self.screen.erase(complaint);
            let typed = line?;
            let typed = typed.trim();
            let default = question.default.as_deref().unwrap_or_default();
            let answer = if typed.is_empty() { default } else { typed };
            match check(answer) {
                Ok(()) => return Ok(self.answered(question, answer, answer.to_owned())),
                Err(why) => complaint = self.screen.show(&format!("✘ {why}"), &self.screen.style().red()),
            }
            former.push(typed.to_owned());
        }
    }

    fn choose(&mut self, question: &Question, items: &[String], default: usize) -> Result<usize, Stop> {
        if let Some(plain) = self.low() {
            return plain.choose(question, items, default);
        }
        self.explain(question);
        let is_paged = items.len() + 2 > self.screen.rows();
        let around = if is_paged { "?  [Page 1/2]  › " } else { "?  › " };
        let (rows, prompt) = self.lead(&question.prompt, around);
        let silence = Silence::begin();
        let answer = Select::with_theme(&self.theme)
            .with_prompt(prompt)
            .report(false)
            .items(self.fitting(items))
            .default(default.min(items.len().saturating_sub(1)))
            .max_length(self.screen.rows().saturating_sub(rows + 1))
            .interact_on_opt(&self.screen.term);
        drop(silence);
        let chosen = self.taken(answer);
        self.screen.erase(rows);
        let chosen = chosen?;
        let words: Vec<&str> = items.get(chosen).map_or("", |item| item).split_whitespace().collect();
        let shown = words.join(" ");
        Ok(self.answered(question, shown.split(" (").next().unwrap_or_default(), chosen))
    }

    fn search(&mut self, question: &Question, items: &[String], default: usize) -> Result<usize, Stop> {
        if let Some(plain) = self.low() {
            return plain.search(question, items, default);
        }
        self.explain(question);
        let mut picker = Picker::one(items, default);
        self.drive(&format!("{} (type to search, Enter takes one)", question.prompt), &mut picker)?;
        let chosen = picker.current().unwrap_or(default);
        Ok(self.answered(question, items.get(chosen).map_or("", |item| item), chosen))
    }

    fn pick(
        &mut self,
        question: &Question,
        picks: &Picks<'_>,
        chosen: &[String],
    ) -> Result<Vec<String>, Stop> {
        if let Some(plain) = self.low() {
            return plain.pick(question, picks, chosen);
        }
        self.explain(question);
        let mut picker = Picker::several(picks, chosen);
        let prompt = format!("{} (type to search, Space chooses, Enter accepts)", question.prompt);
        self.drive(&prompt, &mut picker)?;
        let chosen = picker.chosen();
        Ok(self.answered(question, &chosen.join(", "), chosen))
    }

    fn confirm(&mut self, question: &Question, default: bool) -> Result<bool, Stop> {
        if let Some(plain) = self.low() {
            return plain.confirm(question, default);
        }
        self.explain(question);
        let (rows, prompt) = self.lead(&question.prompt, "?  (y/n) › yes");
        let silence = Silence::begin();
        let answer = Confirm::with_theme(&self.theme)
            .with_prompt(prompt)
            .report(false)
            .default(default)
            .interact_on_opt(&self.screen.term);
        drop(silence);
        let answer = self.taken(answer);
        self.screen.erase(rows);
        let answer = answer?;
        Ok(self.answered(question, if answer { "yes" } else { "no" }, answer))
    }

    fn way_back(&self) -> &'static str {
        if self.is_low() { self.plain.way_back() } else { "Esc goes" }
    }

    fn mark(&self) -> usize {
        self.screen.mark()
    }

    fn rewind(&mut self, mark: usize) {
        if !self.is_low() {
            self.screen.rewind(mark);
        }
    }
}
