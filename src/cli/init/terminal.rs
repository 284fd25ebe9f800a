//! The dialogue on a terminal. The only file that names dialoguer.
//!
//! dialoguer hides the cursor and, interrupted, leaves it hidden; and without a terminal one of its
//! prompts never ends. So nobody gets here without a terminal, Ctrl-C is noted rather than deadly, and
//! the cursor is shown whenever a prompt fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dialoguer::console::{Term, measure_text_width, truncate_str};
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, FuzzySelect, Input, Select};

use super::super::interrupt::begin_asking;
use super::ask::{Ask, Question, interrupted};
use crate::diagnostic::Error;
use crate::ui::Ui;

/// Rows of a list that are shown at a time, at least.
const ROWS: usize = 8;

pub(super) struct Terminal<'u> {
    ui: &'u Ui,
    term: Term,
    theme: Box<dyn Theme>,
    stopped: Arc<AtomicBool>,
}

impl<'u> Terminal<'u> {
    /// Takes the terminal; from now on Ctrl-C ends the question that is being asked.
    pub(super) fn open(ui: &'u Ui) -> Self {
        begin_asking();
        let stopped = Arc::new(AtomicBool::new(false));
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            // Where a signal cannot be listened to, its own effect stays: the process ends.
            _ = signal_hook::flag::register(signal, Arc::clone(&stopped));
        }
        let theme: Box<dyn Theme> =
            if ui.has_color() { Box::new(ColorfulTheme::default()) } else { Box::new(SimpleTheme) };
        Self { ui, term: Term::stderr(), theme, stopped }
    }

    fn why(&self, question: &Question) {
        if !question.why.is_empty() {
            self.ui.say(&self.ui.dimmed(&question.why));
        }
    }

    fn answered<T>(&self, answer: dialoguer::Result<T>) -> Result<T, Error> {
        let failed = match answer {
            Ok(_) if self.stopped.load(Ordering::Relaxed) => None,
            Ok(answer) => return Ok(answer),
            Err(dialoguer::Error::IO(error)) => Some(error),
        };
        _ = self.term.show_cursor();
        _ = self.term.write_line("");
        match failed {
            Some(error) if error.kind() != std::io::ErrorKind::Interrupted => {
                Err(Error::io("ask at the terminal", &error))
            }
            _ => Err(interrupted()),
        }
    }

    /// What fits into a line: a list whose lines wrap cannot be redrawn.
    fn fitting(&self, items: &[String]) -> Vec<String> {
        let width = usize::from(self.term.size().1).saturating_sub(4).max(16);
        items.iter().map(|item| truncate_str(item, width, "…").into_owned()).collect()
    }

    /// What fits below what was said last.
    fn rows(&self) -> usize {
        usize::from(self.term.size().0).saturating_sub(4).max(ROWS)
    }

    fn prompt(&self, question: &Question) -> String {
        let width = usize::from(self.term.size().1).saturating_sub(6).max(16);
        if measure_text_width(&question.prompt) <= width {
            return question.prompt.clone();
        }
        truncate_str(&question.prompt, width, "…").into_owned()
    }
}

impl Ask for Terminal<'_> {
    fn say(&mut self, text: &str) {
        self.ui.say(text);
    }

    fn text(
        &mut self,
        question: &Question,
        check: &dyn Fn(&str) -> Result<(), String>,
    ) -> Result<String, Error> {
        self.why(question);
        let mut input = Input::<String>::with_theme(&*self.theme)
            .with_prompt(self.prompt(question))
            .allow_empty(true)
            .validate_with(|text: &String| check(text));
        if let Some(default) = &question.default {
            input = input.default(default.clone());
        }
        let answer = input.interact_text_on(&self.term);
        self.answered(answer)
    }

    fn choose(&mut self, question: &Question, items: &[String], default: usize) -> Result<usize, Error> {
        self.why(question);
        let answer = Select::with_theme(&*self.theme)
            .with_prompt(self.prompt(question))
            .items(self.fitting(items))
            .default(default)
            .max_length(self.rows())
            .interact_on(&self.term);
        self.answered(answer)
    }

    fn search(&mut self, question: &Question, items: &[String]) -> Result<usize, Error> {
        self.why(question);
        let answer = FuzzySelect::with_theme(&*self.theme)
            .highlight_matches(false)
            .with_prompt(self.prompt(question))
            .items(self.fitting(items))
            .default(0)
            .max_length(self.rows())
            .interact_on(&self.term);
        self.answered(answer)
    }

    fn confirm(&mut self, question: &Question, default: bool) -> Result<bool, Error> {
        self.why(question);
        let answer = Confirm::with_theme(&*self.theme)
            .with_prompt(self.prompt(question))
            .default(default)
            .interact_on(&self.term);
        self.answered(answer)
    }
}
