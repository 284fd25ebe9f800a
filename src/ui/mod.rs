//! The terminal: the only code that prints.
//!
//! stdout is the product, stderr the conversation. Responsible for colour, progress, the drawing of
//! diagnostics and diffs, and the wording of summaries. Refuses to compute what it shows.

mod changes;
mod check;
mod diff;
mod draw;
mod explain;
mod findings;
mod grouped;
mod progress;
mod sarif;
mod summary;
mod table;
mod update;
mod verify;

use std::io::{self, IsTerminal, Write};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use dialoguer::console::Term;

use self::grouped::grouped;
use crate::diagnostic::words::Count;
use crate::diagnostic::{Diagnostic, Error, Kind, Level};

pub use changes::Detail;
pub use check::{CheckResult, check_conflicts_text, check_json, check_sarif, check_text};
pub use diff::{coming_diffs, plan_diffs};
pub(crate) use draw::called;
pub use explain::{
    AlsoAsked, Answers, EntryAnswer, RoleAnswer, Tables, TokenRemarks, entries_json, entries_text,
    matrices_json, matrices_text, principal_json, principal_text, roles_json, roles_text, token_json,
    token_text, verdict_json, verdict_text,
};
pub use findings::{Shown, findings_json, findings_sarif, findings_text, findings_verdict, warnings_text};
pub use progress::Progress;
pub use sarif::{SarifResult, SarifRule, sarif};
pub use summary::{
    NextSteps, Outcome, changes_json, conflicts_text, diagnostics_json, generate_json, generate_text,
    trust_json,
};
pub use table::table;
pub use update::{UpdateReport, Updated, update_json, update_text, waiting_text};
pub use verify::{VerifyProgress, evidence_junit, evidence_text};

/// Problems that are shown one by one: more than anybody reads, and soon printed.
const MOST_SHOWN: usize = 500;

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How much to say on stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Problems only.
    Quiet,
    /// Problems, progress and results.
    Normal,
    /// What is done, step by step, as well.
    Verbose,
}

/// The terminal, or whatever stands in for one.
#[derive(Debug, Clone)]
pub struct Ui {
    choice: anstream::ColorChoice,
    verbosity: Verbosity,
}

impl Ui {
    /// A terminal that follows the user's wishes.
    #[must_use]
    pub fn new(color: Color, verbosity: Verbosity) -> Self {
        let choice = match color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        };
        Self { choice, verbosity }
    }

    /// Prints a part of the product. A reader that has seen enough is no failure.
    ///
    /// # Errors
    /// When stdout cannot be written for any other reason.
    pub fn print(&self, text: &str) -> Result<(), Error> {
        written(AutoStream::new(io::stdout().lock(), self.choice), text.as_bytes())
    }

    /// Prints a text byte for byte: escape sequences in it are its own, and are not taken for
    /// colour. A reader that has seen enough is no failure.
    ///
    /// # Errors
    /// When stdout cannot be written for any other reason.
    pub fn print_exactly(&self, bytes: &[u8]) -> Result<(), Error> {
        written(io::stdout().lock(), bytes)
    }

    /// Says something in the conversation, unless it is to be quiet.
    pub fn say(&self, text: &str) {
        self.say_at_least(text, "");
    }

    /// Says something in the conversation; of it the `least`, which waits for a person, when it is to be
    /// quiet.
    pub fn say_at_least(&self, text: &str, least: &str) {
        let text = if self.verbosity > Verbosity::Quiet { text } else { least };
        if self.verbosity > Verbosity::Quiet || !text.is_empty() {
            self.write_error(text);
        }
    }

    /// Whether details are wanted.
    #[must_use]
    pub fn is_verbose(&self) -> bool {
        self.verbosity == Verbosity::Verbose
    }

    /// How much of long lists is wanted.
    #[must_use]
    pub fn listed(&self) -> Detail {
        if self.is_verbose() { Detail::All } else { Detail::Few }
    }

    /// Says a detail, if details are wanted.
    pub fn detail(&self, text: &str) {
        if self.is_verbose() {
            self.write_error(text);
        }
    }

    /// Asks for a line: what is to be answered, with the cursor behind it.
    pub fn prompt(&self, text: &str) {
        let mut err = AutoStream::new(io::stderr().lock(), self.choice);
        _ = write!(err, "{text}").and_then(|()| err.flush());
    }

    /// Whether the conversation is in colour.
    #[must_use]
    pub fn has_color(&self) -> bool {
        match self.choice {
            anstream::ColorChoice::Auto => AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never,
            choice => choice != anstream::ColorChoice::Never,
        }
    }

    /// A text that stands back.
    #[must_use]
    pub fn dimmed(&self, text: &str) -> String {
        let style = Style::new().dimmed();
        format!("{style}{text}{style:#}")
    }

    /// Shows what is wrong; warnings are left out when it is to be quiet.
    pub fn report(&self, diagnostics: &[Diagnostic]) {
        let quiet = self.verbosity == Verbosity::Quiet;
        let is_error = |found: &&Diagnostic| found.level == Level::Error;
        // Errors say why the command ends: they are never left out for the sake of notes.
        let mut errors = MOST_SHOWN;
        let mut others = MOST_SHOWN.saturating_sub(diagnostics.iter().filter(is_error).count());
        let mut more = 0;
        let shown = diagnostics.iter().filter(|found| !quiet || is_error(found));
        for group in grouped(shown, self.listed()) {
            let room = if is_error(&group.first) { &mut errors } else { &mut others };
            if *room == 0 {
                more += 1;
                continue;
            }
            *room -= 1;
            let places = if self.is_verbose() { usize::MAX } else { draw::MOST_PLACES };
            self.write_error(&draw::with_places(&group, places));
            self.write_error("");
        }
        if more > 0 {
            self.say(&format!("… and {}\n", Count(more, "more problem")));
        }
    }

    /// Shows why the command ends, and returns its exit code.
    #[must_use]
    pub fn fail(&self, error: &Error) -> u8 {
        self.report(&error.diagnostics);
        let errors = error.diagnostics.iter().filter(|found| found.level == Level::Error).count();
        if errors > 1 && error.kind == Kind::Input {
            let count = Count(errors, "error");
            self.say(&format!("{} found; nothing was written", paint(AnsiColor::Red, &count.to_string())));
        }
        error.kind.exit_code()
    }

    /// Columns of the terminal to which results go; where they go elsewhere, nothing is too long.
    #[must_use]
    pub fn columns(&self) -> usize {
        let term = Term::stdout();
        if term.is_term() { usize::from(term.size().1).max(1) } else { usize::MAX }
    }

    /// Whether a person is there to be asked, and to read what is said.
    #[must_use]
    pub fn is_interactive(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Progress over a number of steps: drawn on a terminal, silent anywhere else.
    #[must_use]
    pub fn progress(&self, label: &'static str, steps: usize) -> Progress {
        Progress::new(label, steps, self.verbosity > Verbosity::Quiet && io::stderr().is_terminal())
    }

    /// A diff between two texts of a file, ready to print.
    #[must_use]
    pub fn diff(&self, path: &str, before: Option<&str>, after: Option<&str>) -> String {
        diff::unified(path, before, after)
    }

    fn write_error(&self, text: &str) {
        let mut err = AutoStream::new(io::stderr().lock(), self.choice);
        // Nobody is left to be told that stderr is gone.
        _ = writeln!(err, "{}", text.trim_end_matches('\n'));
    }
}

fn written(mut out: impl Write, bytes: &[u8]) -> Result<(), Error> {
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::io("write to stdout", &error)),
        _ => Ok(()),
    }
}

/// A text in a colour; streams without colour drop it again.
pub(super) fn paint(color: AnsiColor, text: &str) -> String {
    let style = Style::new().fg_color(Some(color.into())).bold();
    format!("{style}{text}{style:#}")
}
