//! One line, edited as in a shell. With `stray`, the only file that names rustyline.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustyline::config::{Behavior, Config};
use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;
use rustyline::{
    Cmd, ConditionalEventHandler, Editor, Event, EventContext, EventHandler, KeyCode, KeyEvent, Modifiers,
    RepeatCount,
};

use super::stray::Stray;
use crate::diagnostic::Error;

/// How long Esc waits for what would make it the beginning of another key, in milliseconds.
const ESCAPE_ALONE: u16 = 50;

/// What came of asking for a line.
pub(super) enum Line {
    Typed(String),
    Back,
    Interrupted,
}

/// Asks for a line behind a prompt. What is pasted stays in it, line ends included. The cursor stands below it afterwards.
///
/// What was typed ahead is dropped: it was no answer to what nobody had read yet.
pub(super) fn line(prompt: &str, former: &[String]) -> Result<Line, Error> {
    let failed = |error: ReadlineError| Error::io("ask at the terminal", &std::io::Error::other(error));
    let config = Config::builder()
        .behavior(Behavior::PreferTerm)
        .keyseq_timeout(Some(ESCAPE_ALONE))
        .bracketed_paste(true)
        .build();
    let history = MemHistory::with_config(&config);
    let mut editor = Editor::<(), _>::with_history(config, history).map_err(failed)?;
    for line in former {
        editor.add_history_entry(line.as_str()).map_err(failed)?;
    }
    let is_back = Arc::new(AtomicBool::new(false));
    editor.bind_sequence(
        KeyEvent(KeyCode::Esc, Modifiers::NONE),
        EventHandler::Conditional(Box::new(Back(Arc::clone(&is_back)))),
    );
    editor.bind_sequence(Event::Any, EventHandler::Conditional(Box::new(Stray::default())));
    editor.bind_sequence(KeyEvent(KeyCode::Tab, Modifiers::NONE), Cmd::Noop);
    // What clears the screen, types a key as it is, or searches has no place here.
    for letter in ['L', 'Q', 'R', 'S', 'V'] {
        editor.bind_sequence(KeyEvent::ctrl(letter), Cmd::Noop);
    }
    match editor.readline(prompt) {
        Ok(line) => Ok(Line::Typed(line)),
        Err(ReadlineError::Interrupted) if is_back.load(Ordering::Relaxed) => Ok(Line::Back),
        Err(ReadlineError::Interrupted | ReadlineError::Eof) => Ok(Line::Interrupted),
        Err(error) => Err(failed(error)),
    }
}

/// Esc ends the line, and leaves word that it was Esc.
struct Back(Arc<AtomicBool>);

impl ConditionalEventHandler for Back {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        self.0.store(true, Ordering::Relaxed);
        Some(Cmd::Interrupt)
    }
}
