//! The rest of a key that rustyline does not know: it reads the beginning of what the terminal sends, and takes what follows for
//! typed text.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustyline::{
    Cmd, ConditionalEventHandler, Event, EventContext, KeyCode, KeyEvent, Modifiers, RepeatCount,
};

/// Nobody types a number so soon after another key.
const AT_ONCE: Duration = Duration::from_millis(100);

/// Drops the numbers of an unknown key, and what ends them.
#[derive(Default)]
pub(super) struct Stray(Mutex<Rest>);

/// What may still come of an unknown key.
#[derive(Debug, Default, Clone, Copy)]
enum Rest {
    #[default]
    Nothing,
    /// Numbers, if they come at once.
    Perhaps(Instant),
    /// Numbers, and a letter or `~`.
    Some,
}

impl Rest {
    /// Whether a key is a part of the unknown one, and what may come then.
    fn after(self, key: KeyEvent) -> (bool, Self) {
        let KeyEvent(KeyCode::Char(c), Modifiers::NONE) = key else {
            let is_unknown = key.0 == KeyCode::UnknownEscSeq;
            return (false, if is_unknown { Self::Perhaps(Instant::now()) } else { Self::Nothing });
        };
        let is_number = c.is_ascii_digit() || ";:".contains(c);
        match self {
            Self::Some if is_number => (true, Self::Some),
            Self::Perhaps(since) if is_number && since.elapsed() < AT_ONCE => (true, Self::Some),
            Self::Some => (true, Self::Nothing),
            Self::Perhaps(_) | Self::Nothing => (false, Self::Nothing),
        }
    }
}

impl ConditionalEventHandler for Stray {
    fn handle(&self, event: &Event, _: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        let key = *event.get(0)?;
        let mut rest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (is_part, next) = rest.after(key);
        *rest = next;
        is_part.then_some(Cmd::Noop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_an_end_belong_to_an_unknown_key() {
        let unknown = KeyEvent(KeyCode::UnknownEscSeq, Modifiers::NONE);
        let typed = |text: &str| {
            let mut rest = Rest::default().after(unknown).1;
            let mut typed = String::new();
            for c in text.chars() {
                let (is_part, next) = rest.after(KeyEvent(KeyCode::Char(c), Modifiers::NONE));
                rest = next;
                typed.extend(Some(c).filter(|_| !is_part));
            }
            typed
        };
        assert_eq!([";5u1", "13~x2", "abc1", ""].map(typed), ["1", "x2", "abc1", ""]);
    }
}
