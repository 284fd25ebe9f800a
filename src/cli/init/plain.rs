//! The dialogue line by line, for screen readers and for terminals that can do no more: nothing is
//! redrawn, choices have numbers.

use std::io::{self, BufRead};

use super::ask::{Ask, Question, interrupted};
use crate::diagnostic::Error;
use crate::ui::Ui;

pub(super) struct Plain<'u>(&'u Ui);

impl<'u> Plain<'u> {
    /// Takes the terminal. A line that is being typed belongs to the system, so Ctrl-C ends the process
    /// where it is; nothing has been written by then.
    pub(super) fn open(ui: &'u Ui) -> Self {
        Self(ui)
    }

    fn line(&self, prompt: &str) -> Result<String, Error> {
        self.0.prompt(prompt);
        let mut line = String::new();
        match io::stdin().lock().read_line(&mut line) {
            // The end of the input is no answer.
            Ok(0) => Err(interrupted()),
            Ok(_) => Ok(line.trim().to_owned()),
            Err(error) => Err(Error::io("read an answer", &error)),
        }
    }

    fn numbered(&self, question: &Question, items: &[String], default: usize) -> Result<usize, Error> {
        self.0.say(&format!("\n{}", question.why));
        for (number, item) in items.iter().enumerate() {
            self.0.say(&format!("  {}. {item}", number + 1));
        }
        loop {
            let line =
                self.line(&format!("{} (1 to {}) [{}]: ", question.prompt, items.len(), default + 1))?;
            if line.is_empty() {
                return Ok(default);
            }
            match line.parse::<usize>() {
                Ok(number) if (1..=items.len()).contains(&number) => return Ok(number - 1),
                _ => self.0.say(&format!("enter a number from 1 to {}", items.len())),
            }
        }
    }
}

impl Ask for Plain<'_> {
    fn say(&mut self, text: &str) {
        self.0.say(text);
    }

    fn text(
        &mut self,
        question: &Question,
        check: &dyn Fn(&str) -> Result<(), String>,
    ) -> Result<String, Error> {
        self.0.say(&format!("\n{}", question.why));
        let default = question.default.clone().unwrap_or_default();
        let shown = if default.is_empty() { String::new() } else { format!(" [{default}]") };
        loop {
            let line = self.line(&format!("{}{shown}: ", question.prompt))?;
            let answer = if line.is_empty() { default.clone() } else { line };
            match check(&answer) {
                Ok(()) => return Ok(answer),
                Err(why) => self.0.say(&why),
            }
        }
    }

    fn choose(&mut self, question: &Question, items: &[String], default: usize) -> Result<usize, Error> {
        self.numbered(question, items, default)
    }

    fn search(&mut self, question: &Question, items: &[String]) -> Result<usize, Error> {
        self.numbered(question, items, 0)
    }

    fn confirm(&mut self, question: &Question, default: bool) -> Result<bool, Error> {
        self.0.say(&format!("\n{}", question.why));
        let shown = if default { "Y/n" } else { "y/N" };
        loop {
            match &*self.line(&format!("{} [{shown}]: ", question.prompt))?.to_lowercase() {
                "" => return Ok(default),
                "y" | "yes" => return Ok(true),
                "n" | "no" => return Ok(false),
                _ => self.0.say("enter `y` or `n`"),
            }
        }
    }
}
