//! Keys that are typed while nobody looks at the keyboard are not drawn by the terminal.

#[cfg(unix)]
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// As long as this lives, nothing is drawn but by the program.
pub(super) struct Silence {
    #[cfg(unix)]
    before: Option<Termios>,
}

#[cfg(unix)]
impl Silence {
    pub(super) fn begin() -> Self {
        let stdin = std::io::stdin();
        let before = tcgetattr(&stdin).ok();
        if let Some(before) = &before {
            let mut silent = before.clone();
            silent.local_modes.remove(LocalModes::ECHO);
            // Where it cannot be changed, it is as ever.
            _ = tcsetattr(&stdin, OptionalActions::Now, &silent);
        }
        Self { before }
    }
}

#[cfg(unix)]
impl Drop for Silence {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            _ = tcsetattr(std::io::stdin(), OptionalActions::Now, before);
        }
    }
}

#[cfg(not(unix))]
impl Silence {
    pub(super) fn begin() -> Self {
        Self {}
    }
}
