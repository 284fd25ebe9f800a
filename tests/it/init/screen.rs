//! What a person sees: the screen of a dialogue, as a terminal would draw it, compared with texts in `screens/`.

use std::fmt::Write as _;
use std::num::NonZeroU16;
use std::path::Path;
use std::time::{Duration, Instant};

use rexpect::session::PtySession;

use super::prompts::{empty, line};
use super::talk::{BACKSPACE, DOWN, ENTER, ESCAPE, start};
use crate::support::{Case, compare, no_complaints, repository};

/// Nothing here takes as long.
const PATIENCE: Duration = Duration::from_secs(20);
/// A program that has said and done nothing for so long waits for a key.
const QUIET: Duration = Duration::from_millis(150);

/// Whether a thread of the process whose number is in a file runs, or would if the machine were not busy; where the system
/// does not say, none does.
fn is_at_work(file: &Path) -> bool {
    let found = std::fs::read_to_string(file).unwrap_or_default();
    let process = found.lines().nth(1).unwrap_or("0");
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let states = threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("stat")).ok());
    states.filter_map(|stat| Some(stat.rsplit_once(')')?.1.starts_with(" R"))).any(|runs| runs)
}

/// A dialogue in a terminal of a size.
struct Shown {
    session: PtySession,
    terminal: vt100::Parser,
    said: Vec<u8>,
    looks: String,
    case: Case,
}

impl Shown {
    fn begin(rows: u16, columns: u16, variables: &[(&str, &str)]) -> Self {
        let case = empty();
        let (tall, wide) = (rows.to_string(), columns.to_string());
        let size = [("TALL", &*tall), ("WIDE", &*wide), ("NO_COLOR", "1"), ("ECHO", "1")];
        let session = start(case.root(), &[&size[..], variables].concat());
        let terminal = vt100::Parser::new(size_of(rows), size_of(columns), 0);
        Self { session, terminal, said: Vec::new(), looks: String::new(), case }
    }

    /// Types, and waits until the screen shows a text, or has shown it since, and nothing more comes.
    #[track_caller]
    fn types(&mut self, keys: &str, until: &str) -> &mut Self {
        self.session.send(keys).expect("keys can be typed");
        self.session.flush().expect("keys can be typed");
        let before = self.said.len();
        let (start, mut last) = (Instant::now(), Instant::now());
        loop {
            // The session gives bytes as characters.
            if let Some(byte) = self.session.try_read().and_then(|c| u8::try_from(u32::from(c)).ok()) {
                self.terminal.process(&[byte]);
                self.said.push(byte);
                last = Instant::now();
                continue;
            }
            if is_at_work(&self.case.at(".tty")) {
                last = Instant::now();
            }
            let is_shown = || self.screen().contains(until) || text(&self.said[before..]).contains(until);
            if last.elapsed() > QUIET && is_shown() {
                return self;
            }
            assert!(start.elapsed() < PATIENCE, "no `{until}` on the screen:\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// The line with the cursor, and a `|` in its place.
    fn line(&self) -> String {
        let screen = self.terminal.screen();
        let (row, column) = screen.cursor_position();
        let mut line: Vec<char> =
            screen.contents().lines().nth(row.into()).unwrap_or_default().chars().collect();
        line.resize(line.len().max(column.into()), ' ');
        line.insert(column.into(), '|');
        line.into_iter().collect()
    }

    fn screen(&self) -> String {
        self.terminal.screen().contents()
    }

    /// Keeps the screen under a heading.
    fn look(&mut self, what: &str) -> &mut Self {
        let screen = self.screen();
        let lines: Vec<&str> = screen.lines().map(str::trim_end).collect();
        _ = writeln!(self.looks, "== {what}\n{}\n", lines.join("\n").trim_end());
        self
    }

    /// All that was said, also what has scrolled away.
    fn said(&self) -> String {
        text(&self.said)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace('\r', "")
}

fn size_of(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).expect("a terminal has a size")
}

/// Compares screens with the text of a name.
#[track_caller]
fn check(name: &str, looks: &str) {
    let path = repository("tests/it/init/screens").join(format!("{name}.txt"));
    no_complaints(&compare(&path, looks).err().into_iter().collect::<Vec<_>>());
}

/// The shortest whole dialogue, up to the end of the review.
fn whole(columns: u16) {
    let mut shown = Shown::begin(100, columns, &[]);
    shown.types("", "ID (12 digits) ›").look("the first question").types("111111111111\r", "any principal");
    shown.look("a choice").types(ENTER, "permission set ›").types("PlatformAdmin\r", "Another caller?");
    shown.types(ENTER, "Organization ID").types(ENTER, "Name of the target").types(ENTER, "Its account ID");
    shown.types("222222222222\r", "Region (us").types(ENTER, "ours: a").types(ENTER, "role already");
    shown.types(ENTER, "44 of 44 match").look("the permissions").types("ReadOnly\r", "1 chosen");
    shown.types(ENTER, "Another target?").types(ENTER, "with a profile").types(ENTER, "in an S3 bucket");
    shown.types(ENTER, "Add a target").look("the review").types(ENTER, "Generate the Terraform");
    shown.look("written");
    check(&format!("whole-{columns}"), &shown.looks);
}

#[test]
fn a_whole_dialogue_fits_into_60_columns() {
    whole(60);
}

#[test]
fn a_whole_dialogue_fits_into_80_columns() {
    whole(80);
}

#[test]
fn a_whole_dialogue_fits_into_200_columns() {
    whole(200);
}

/// Of what was wrong nothing is left, however narrow the terminal is.
#[test]
fn an_error_goes_with_its_correction() {
    let mut all = String::new();
    for (rows, columns) in [(24, 24), (24, 60), (24, 80), (24, 200), (6, 80)] {
        let mut shown = Shown::begin(rows, columns, &[]);
        shown.types("", "›").types("1111\r", "exactly");
        shown.look(&format!("wrong, {rows} rows, {columns} columns")).types("111111111111\r", "people with");
        shown.look("right");
        all.push_str(&shown.looks);
    }
    check("error", &all);
}

#[test]
fn escape_goes_back_and_leaves_nothing_behind() {
    let mut shown = Shown::begin(24, 80, &[]);
    shown.types("", "ID (12 digits) ›").types("111111111111\r", "any principal").types(ENTER, "set ›");
    shown.types("PlatformAdmin\r", "Another caller?").look("on").types(ESCAPE, "set (PlatformAdmin) ›");
    shown.look("back, to a text").types(ESCAPE, "❯ people").look("back, to a choice");
    shown.types(ESCAPE, "(111111111111) ›").look("back, to the first").types(ESCAPE, "(111111111111) ›");
    shown.types(ENTER, "❯ people").types(ENTER, "set (PlatformAdmin) ›").look("on again, by Enter");
    check("back", &shown.looks);
}

#[test]
fn permissions_are_searched_counted_and_chosen() {
    let mut all = String::new();
    for columns in [60, 80] {
        let mut shown = Shown::begin(24, columns, &[]);
        to_permissions(&mut shown);
        shown.types("s3", "2 of 44 match").look(&format!("searched, {columns} columns"));
        shown.types(" ", "1 chosen: AmazonS3FullAccess").types("\u{15}", "44 of 44 match, 1");
        shown.types(&format!("{DOWN}{DOWN} "), "2 chosen").look("two chosen");
        shown.types("zzz", "nothing matches").look("nothing matches").types(ENTER, "its ARN");
        shown
            .types(&BACKSPACE.repeat(3), "2 chosen")
            .types("arn:aws:iam::222222222222:policy/Own", "Enter uses");
        shown.look("an ARN").types(ENTER, "3 chosen").types(ENTER, "Another target?").look("answered");
        all.push_str(&shown.looks);
    }
    check("permissions", &all);
}

fn to_permissions(shown: &mut Shown) {
    shown.types("", "digits) ›").types("111111111111\r", "any principal").types(ENTER, "set ›");
    shown.types("PlatformAdmin\r", "Another caller?").types(ENTER, "Organization ID");
    shown
        .types(ENTER, "Name of the target")
        .types(ENTER, "Its account ID")
        .types("222222222222\r", "Region (us");
    shown.types(ENTER, "ours: a").types(ENTER, "role already").types(ENTER, "44 of 44 match");
}

#[test]
fn lines_serve_where_nothing_can_be_redrawn() {
    let mut all = String::new();
    for (rows, variables) in [(1, &[][..]), (2, &[]), (24, &[("ACCESSIBLE", "1")]), (24, &[("TERM", "dumb")])]
    {
        // What has scrolled away is kept: in one row there is hardly a screen.
        let mut shown = Shown::begin(rows, 80, variables);
        shown.types("", "digits)").types("111\r", "exactly").types("111111111111\r", "(1 to 8)");
        shown.types("9\r", "from 1 to 8").types("<\r", "digits)").types(ENTER, "(1 to 8)");
        shown.types("7\r", "ARN of the user").types("\u{1b}[D\r", "type the answer again");
        shown.types("terraform\r", "Require MFA?");
        let heading = format!("{rows} rows, {variables:?}");
        _ = writeln!(all, "== {heading}\n{}\n", shown.said());
    }
    check("lines", &all);
}

/// Keys at a question for a text, in the middle of `ci-deployer`, and what they are called.
const KEYS: [(&str, &str); 33] = [
    ("Home", "\u{1b}[H"),
    ("Home, application mode", "\u{1b}OH"),
    ("Home, tmux", "\u{1b}[1~"),
    ("End", "\u{1b}[F"),
    ("End, application mode", "\u{1b}OF"),
    ("End, tmux", "\u{1b}[4~"),
    ("Left", "\u{1b}[D"),
    ("Left, application mode", "\u{1b}OD"),
    ("Right", "\u{1b}[C"),
    ("Delete", "\u{1b}[3~"),
    ("Backspace", "\u{7f}"),
    ("Ctrl-A", "\u{1}"),
    ("Ctrl-E", "\u{5}"),
    ("Ctrl-U", "\u{15}"),
    ("Ctrl-K", "\u{b}"),
    ("Ctrl-W", "\u{17}"),
    ("Ctrl-Left", "\u{1b}[1;5D"),
    ("Ctrl-Right", "\u{1b}[1;5C"),
    ("Alt-B", "\u{1b}b"),
    ("Alt-F", "\u{1b}f"),
    ("Alt-Left", "\u{1b}[1;3D"),
    ("F1", "\u{1b}OP"),
    ("F5", "\u{1b}[15~"),
    ("Shift-F5", "\u{1b}[15;2~"),
    ("F12", "\u{1b}[24~"),
    ("Insert", "\u{1b}[2~"),
    ("Page down", "\u{1b}[6~"),
    ("Tab", "\t"),
    ("Ctrl-L", "\u{c}"),
    ("Ctrl-R", "\u{12}"),
    ("Ctrl-Tab", "\u{1b}[27;5;9~"),
    ("Ctrl-Tab, by its number", "\u{1b}[9;5u"),
    ("a click", "\u{1b}[<0;12;7M"),
];

/// A `|` stands where the cursor is.
#[test]
fn keys_move_and_delete_and_type_no_letters() {
    let mut shown = Shown::begin(24, 80, &[]);
    shown.types("", "digits) ›").types("111111111111\r", "any principal").types(ENTER, "set ›");
    for (name, key) in KEYS {
        shown.types("ci-deployer\u{1b}[D\u{1b}[D", "ci-deployer").types(key, "set ›");
        _ = writeln!(shown.looks, "{name:23} {}", shown.line());
        shown.types("\u{5}\u{15}", "set ›");
    }
    // What is pasted is no answer yet, whatever is in it.
    shown.types("\u{1b}[200~Platform\r\u{1b}[201~", "Platform").look("a name and a line end are pasted");
    shown.types("\r", "Another caller?").look("and answered");
    check("keys", &shown.looks);
}

#[test]
fn the_review_shows_what_was_changed() {
    let mut shown = Shown::begin(40, 80, &[]);
    to_permissions(&mut shown);
    shown.types(ENTER, "Another target?").types(ENTER, "with a profile").types(ENTER, "in an S3 bucket");
    shown.types(ENTER, "Add a target").types(&line(4), "caller").types(&line(3), "Only these callers");
    shown.look("the last caller is removed: another one is asked for");
    shown.types(&line(6), "ARN of the user").types("ana\r", "Require MFA?").types("y", "Another caller?");
    shown.types("n", "Add a target").types(&line(12), "Remove this target").look("a target");
    shown.types(&line(6), "44 of 44").types("Power\r", "1 chosen").types(ENTER, "Remove this target");
    shown.types(ENTER, "Add a target").look("the review");
    check("review", &shown.looks);
}
