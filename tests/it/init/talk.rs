//! The program in a pseudo-terminal, and somebody who types.

use std::path::Path;
use std::process::Command;

use rexpect::process::WaitStatus;
use rexpect::session::{PtySession, spawn_command};

use crate::support::program;

/// Nothing here takes as long.
const PATIENCE: u64 = 20_000;

/// Keys that are no letters.
pub(super) const ENTER: &str = "\r";
pub(super) const DOWN: &str = "\u{1b}[B";
pub(super) const UP: &str = "\u{1b}[A";
pub(super) const CTRL_C: &str = "\u{3}";
pub(super) const ESCAPE: &str = "\u{1b}";
pub(super) const BACKSPACE: &str = "\u{7f}";

/// A conversation.
pub(super) struct Talk {
    session: PtySession,
    seen: String,
}

impl Talk {
    /// `crossrole init` in a folder, with these variables beside its usual ones.
    pub(super) fn begin(folder: &Path, variables: &[(&str, &str)]) -> Self {
        Self { session: start(folder, variables), seen: String::new() }
    }

    /// Waits until the program has said something.
    #[track_caller]
    pub(super) fn expect(&mut self, text: &str) -> &mut Self {
        match self.session.exp_string(text) {
            Ok(before) => self.seen.extend([&before, text]),
            Err(error) => panic!("no `{text}`: {error}\nbefore it:\n{}", self.seen),
        }
        self
    }

    /// Waits for a prompt, and types.
    #[track_caller]
    pub(super) fn answer(&mut self, prompt: &str, keys: &str) -> &mut Self {
        self.expect(prompt);
        self.session.send(keys).expect("keys can be typed");
        self.session.flush().expect("keys can be typed");
        self
    }

    /// Every answer in turn.
    #[track_caller]
    pub(super) fn answers(&mut self, all: &[(&str, &str)]) -> &mut Self {
        for (prompt, keys) in all {
            self.answer(prompt, keys);
        }
        self
    }

    /// Makes the terminal wider or narrower.
    #[expect(clippy::unused_self, reason = "it is this terminal that changes")]
    pub(super) fn resize(&mut self, folder: &Path, columns: u16) {
        let found = std::fs::read_to_string(folder.join(".tty")).expect("the terminal's name");
        let tty = found.lines().next().unwrap_or_default();
        let resized = Command::new("sh")
            .args(["-c", &format!("stty cols {columns} <{tty}")])
            .status()
            .expect("a shell runs");
        assert!(resized.success());
    }

    /// Waits for the end: the exit code, and all that was shown.
    #[track_caller]
    pub(super) fn end(mut self) -> (i32, String) {
        let rest = self.session.exp_eof().unwrap_or_else(|error| panic!("{error}\n{}", self.seen));
        self.seen.push_str(&rest);
        match self.session.process().wait().expect("it ends") {
            WaitStatus::Exited(_, code) => (code, self.seen),
            other => panic!("{other:?}\n{}", self.seen),
        }
    }
}

/// The program in a terminal as tall as `TALL` says and as wide as `WIDE` does.
pub(super) fn start(folder: &Path, variables: &[(&str, &str)]) -> PtySession {
    // The shell leaves word of where the terminal is, for whoever wants to change its size, and which process it becomes.
    let mut command = Command::new("sh");
    let script =
        "stty ${ECHO:+echo} rows ${TALL:-24} cols ${WIDE:-100}; { tty; echo $$; } >.tty; exec \"$0\" init";
    command.args(["-c", script]).arg(program());
    command.current_dir(folder).env("TERM", "xterm").env("HOME", folder);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "ACCESSIBLE", "AWS_CONFIG_FILE"] {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied());
    spawn_command(command, Some(PATIENCE)).expect("the program can be started")
}

/// Whether the cursor can be seen after all that was printed.
pub(super) fn shows_the_cursor(seen: &str) -> bool {
    seen.rfind("\u{1b}[?25h") >= seen.rfind("\u{1b}[?25l")
}
