//! The first five minutes as they look: `docs/first-five-minutes.md` is played in a real terminal, 80 columns wide.
//!
//! A comment `<!-- keys: … -->` holds what is typed, in the words of `tmux send-keys`, with `|` where the next question, or the
//! shell, is to be waited for; the block after it is the screen that follows. `BLESS=1` writes the screens anew.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::oracle::oracle;
use crate::support::{is_blessing, program, repository, temporary};

const PAGE: &str = "docs/first-five-minutes.md";
const KEYS: &str = "<!-- keys: ";
const BLOCK: &str = " -->\n\n```text";

/// How long a screen may take; a screen that is right ends the waiting.
const PATIENCE: Duration = Duration::from_mins(2);

/// How often a screen without an expectation is seen unchanged until it counts as complete.
const QUIET: usize = 40;

/// A terminal with a shell in it.
struct Terminal {
    socket: String,
    /// The device that the program inside reads from.
    device: String,
}

impl Terminal {
    fn open(folder: &Path) -> Self {
        let socket = format!("crossrole-{}", std::process::id());
        let mut terminal = Self { socket, device: String::new() };
        let programs = program().parent().expect("a program has a folder").display().to_string();
        let path = std::env::var("PATH").unwrap_or_default();
        let shell = format!(
            "exec env -i TERM=screen HOME=\"$PWD\" PS1='$ ' LC_ALL=C.UTF-8 PATH='{programs}:{path}' bash --norc --noprofile"
        );
        terminal.tmux(&[
            "new-session",
            "-d",
            "-x",
            "80",
            "-y",
            "40",
            "-c",
            &folder.display().to_string(),
            &shell,
        ]);
        let device = terminal.tmux(&["display-message", "-p", "#{pane_tty}"]);
        terminal.device.push_str(device.trim());
        terminal.wait(|screen, _| screen == "$");
        terminal
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        let mut tmux = Command::new("tmux");
        let ran = tmux.args(["-L", &self.socket, "-f", "/dev/null", "-u"]).args(arguments).output();
        let ran = ran.expect("tmux runs");
        assert!(ran.status.success(), "tmux {arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8_lossy(&ran.stdout).into_owned()
    }

    /// What stands on the screen, without blanks at the ends of lines and of the screen.
    fn screen(&self) -> String {
        let text = self.tmux(&["capture-pane", "-p"]);
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        lines.join("\n").trim_end().to_owned()
    }

    /// Types keys, and waits for a screen, or for one that no longer changes.
    fn after(&self, keys: &str, expected: Option<&str>) -> String {
        let mut parts = keys.split(" | ").peekable();
        while let Some(part) = parts.next() {
            let before = self.screen();
            let words = shell_words(part);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            self.tmux(&[&["send-keys"], words.as_slice()].concat());
            if parts.peek().is_some() {
                let asks = |screen: &str| screen != before && waits_for(screen) != waits_for(&before);
                self.wait(|screen, _| asks(screen) && self.is_read());
            } else if let Some(expected) = expected {
                return self.wait(|screen, _| screen == expected);
            } else {
                return self.wait(|screen, times| screen != before && times > QUIET);
            }
        }
        self.screen()
    }

    /// Whether somebody reads keys as they are typed. Between two questions nobody does, and the system itself would write
    /// on the screen what is typed.
    fn is_read(&self) -> bool {
        let asked = Command::new("stty").args(["-a", "-F", &self.device]).output().expect("stty runs");
        String::from_utf8_lossy(&asked.stdout).contains("-icanon")
    }

    /// Looks at the screen until it is as it should be, which may depend on how often it was the same before; the last
    /// one where it never is.
    fn wait(&self, is_right: impl Fn(&str, usize) -> bool) -> String {
        let until = Instant::now() + PATIENCE;
        let mut last = (String::new(), 0);
        loop {
            let screen = self.screen();
            let times = if screen == last.0 { last.1 + 1 } else { 0 };
            if is_right(&screen, times) || Instant::now() > until {
                return screen;
            }
            last = (screen, times);
            sleep(Duration::from_millis(50));
        }
    }
}

/// What somebody is to answer: the words of a question of `init` without those typed behind it, wherever it stands, or the
/// prompt of the shell below its last output, which may be the same words again further down.
fn waits_for(screen: &str) -> Option<(usize, &str)> {
    let lines: Vec<&str> = screen.lines().collect();
    let asked = |at: usize| {
        let (question, _) = lines[at].split_once('›')?;
        question.starts_with("? ").then_some((0, question))
    };
    let prompt = |at: usize| (at + 1 == lines.len() && lines[at] == "$").then_some((at, "$"));
    (0..lines.len()).rev().find_map(|at| asked(at).or_else(|| prompt(at)))
}

impl Drop for Terminal {
    fn drop(&mut self) {
        _ = Command::new("tmux").args(["-L", &self.socket, "kill-server"]).output();
    }
}

/// Words between blanks; those in quotes keep theirs.
fn shell_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, after) = match first {
            '\'' | '"' => rest[1..].split_once(first).expect("a quote has an end"),
            _ => rest.split_once(' ').unwrap_or((rest, "")),
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    words
}

#[test]
fn the_first_five_minutes_look_as_shown() {
    let Some(_) = oracle("tmux") else { return };
    let page = std::fs::read_to_string(repository(PAGE)).expect("the page is there");
    let folder = temporary();
    let terminal = Terminal::open(folder.path());
    let mut parts = page.split(KEYS);
    let mut found = parts.next().unwrap_or_default().to_owned();
    let mut screens = 0;
    for part in parts {
        let (keys, rest) = part.split_once(BLOCK).expect("keys are followed by a screen");
        let (shown, rest) = rest.split_once("\n```").expect("a block has an end");
        let shown = shown.strip_prefix('\n').unwrap_or(shown);
        let screen = terminal.after(keys, (!is_blessing()).then_some(shown));
        write!(found, "{KEYS}{keys}{BLOCK}\n{screen}\n```{rest}").expect("a text takes all");
        screens += 1;
    }
    assert!(screens >= 8, "{screens} screens");
    crate::support::compare(&repository(PAGE), &found).unwrap_or_else(|difference| panic!("{difference}"));
}
