//! What went wrong, where, and the way out.
//!
//! Responsible for the values that carry a problem from where it is found to where it is shown:
//! [`Diagnostic`] (one problem at one place), [`Diagnostics`] (every problem of a stage) and
//! [`Error`] (why a command ends, and with which exit code). Refuses to draw anything: layout and
//! colour belong to the terminal.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

pub mod secrets;
mod sources;
pub mod words;

pub use self::sources::Sources;

/// A named text that diagnostics point into.
#[derive(Debug)]
pub struct Source {
    /// The name people know it by: a path as they wrote it, or `<stdin>`.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// Where its lines begin, found when the first place is asked for: a text may have thousands of
    /// mistakes.
    lines: OnceLock<Vec<usize>>,
    /// Whether a character is a byte, which makes counting them superfluous: a line may have thousands of
    /// mistakes, too.
    is_ascii: OnceLock<bool>,
}

impl Source {
    /// A text with the name it is shown under.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self {
            name: name.into(),
            text: text.into(),
            lines: OnceLock::new(),
            is_ascii: OnceLock::new(),
        })
    }

    /// Line and column of a byte offset, both counted from 1, columns in characters.
    #[must_use]
    pub fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let lines = self.lines.get_or_init(|| {
            let starts = self.text.match_indices('\n').map(|(newline, _)| newline + 1);
            std::iter::once(0).chain(starts).collect()
        });
        let line = lines.partition_point(|start| *start <= end);
        let start = lines.get(line - 1).copied().unwrap_or_default();
        let is_ascii = *self.is_ascii.get_or_init(|| self.text.is_ascii());
        let characters = if is_ascii { end - start } else { self.text[start..end].chars().count() };
        (line, characters + 1)
    }

    /// The byte offset of a line and a column as parsers report them: both counted from 1, columns
    /// in bytes.
    #[must_use]
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let before = self.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len);
        (before.sum::<usize>() + column.saturating_sub(1)).min(self.text.len())
    }
}

/// A range of bytes in a [`Source`].
///
/// Thirty-two bits are enough: specs are refused long before they reach 4 GiB.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The span of a byte range; offsets beyond 4 GiB are cut off there.
    #[must_use]
    pub fn new(range: Range<usize>) -> Self {
        let cut = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: cut(range.start), end: cut(range.end) }
    }

    /// The bytes it covers.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Works, and probably not as meant.
    Warning,
    /// Nothing is generated while it stands.
    Error,
}

impl Level {
    /// The word shown to people and machines.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A range of a source that a problem is about.
#[derive(Debug, Clone)]
pub struct Place {
    /// The text pointed into.
    pub source: Arc<Source>,
    /// The part of it.
    pub span: Span,
}

/// One problem: what, where, and the way out.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// How serious it is.
    pub level: Level,
    /// The id in the catalogue of findings (`CR021`), where it is listed there.
    pub id: Option<&'static str>,
    /// What is wrong: lower-case start, no full stop at the end.
    pub message: String,
    /// The offending text.
    pub place: Option<Place>,
    /// What to say right beside the offending text.
    pub label: Cow<'static, str>,
    /// Another place that explains it: the first definition, say.
    pub related: Option<(Place, Cow<'static, str>)>,
    /// What to do about it.
    pub help: Option<String>,
    /// Further places that the same is said of.
    pub also: Vec<Place>,
}

impl Diagnostic {
    /// A problem that stops the command.
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            level: Level::Error,
            id: None,
            message: shown(message.into()),
            place: None,
            label: Cow::Borrowed(""),
            related: None,
            help: None,
            also: Vec::new(),
        }
    }

    /// Something that works, and probably not as meant.
    pub fn warning(message: impl Into<String>) -> Self {
        Self { level: Level::Warning, ..Self::error(message) }
    }

    /// The same under an id of the catalogue.
    #[must_use]
    pub fn id(mut self, id: impl Into<Option<&'static str>>) -> Self {
        self.id = id.into();
        self
    }

    /// The same at a place.
    #[must_use]
    pub fn at(mut self, source: &Arc<Source>, span: Span) -> Self {
        self.place = Some(Place { source: Arc::clone(source), span });
        self
    }

    /// The same with words right beside the offending text.
    #[must_use]
    pub fn label(mut self, label: impl Into<Cow<'static, str>>) -> Self {
        self.label = label.into();
        self
    }

    /// The same with a second place that explains it.
    #[must_use]
    pub fn related(mut self, source: &Arc<Source>, span: Span, label: impl Into<Cow<'static, str>>) -> Self {
        let source = Arc::clone(source);
        self.related = Some((Place { source, span }, label.into()));
        self
    }

    /// The same with a way out; an empty text adds none.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(shown(help.into())).filter(|help| !help.is_empty());
        self
    }
}

/// A text as it may be printed: on one line, and without credentials.
fn shown(text: String) -> String {
    let line = words::one_line(text);
    match secrets::hide(&line) {
        Cow::Owned(hidden) => hidden,
        Cow::Borrowed(_) => line,
    }
}

/// Every problem found so far in one stage.
#[derive(Debug, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all of another list, after these.
    pub fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Ends a stage: the value and what is worth saying about it, or every error.
    ///
    /// # Errors
    /// All diagnostics, as a [`Kind::Input`] error, when at least one of them is an error.
    pub fn finish<T>(self, value: T) -> Result<(T, Vec<Diagnostic>), Error> {
        if self.0.iter().any(|found| found.level == Level::Error) {
            Err(Error::new(Kind::Input, self.into_sorted()))
        } else {
            Ok((value, self.into_sorted()))
        }
    }

    /// Adds one if there is none yet.
    pub fn push_if_empty(&mut self, diagnostic: Diagnostic) {
        if self.0.is_empty() {
            self.0.push(diagnostic);
        }
    }

    /// In the order of the text they are about, each once: what many targets inherit is wrong in
    /// one place.
    fn into_sorted(self) -> Vec<Diagnostic> {
        let place = |found: &Diagnostic| found.place.as_ref().map(|place| place.span);
        let mut found = self.0;
        found.sort_by(|left, right| (place(left), &left.message).cmp(&(place(right), &right.message)));
        found.dedup_by(|left, right| place(left) == place(right) && left.message == right.message);
        found
    }
}

/// Why a command ended without doing what it was asked for; the kind owns the exit code. Of several
/// kinds the last outweighs the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// There are differences, and the command was asked to find them.
    Differs,
    /// A person's edits and the new output need a decision.
    Conflict,
    /// Going on could destroy something that is not ours to destroy.
    Refused,
    /// What the user wrote cannot be used: the spec, a template, a policy file.
    Input,
    /// The operating system said no.
    Io,
    /// A mistake in this program.
    Bug,
    /// The command line makes no sense.
    Usage,
    /// Ctrl-C.
    Interrupted,
}

impl Kind {
    /// The exit code that scripts may rely on.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Input | Self::Io => 1,
            Self::Differs => 2,
            Self::Conflict => 3,
            Self::Refused => 4,
            Self::Usage => 64,
            Self::Bug => 70,
            Self::Interrupted => 130,
        }
    }
}

/// Why a command failed, with everything there is to say about it.
#[derive(Debug)]
pub struct Error {
    /// What sort of failure, and so the exit code.
    pub kind: Kind,
    /// What to show, in order.
    pub diagnostics: Vec<Diagnostic>,
}

impl Error {
    /// A failure with all there is to say about it.
    #[must_use]
    pub fn new(kind: Kind, diagnostics: Vec<Diagnostic>) -> Self {
        Self { kind, diagnostics }
    }

    /// A failure that is one sentence and a way out.
    pub fn one(kind: Kind, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(kind, vec![Diagnostic::error(message).help(help)])
    }

    /// A failed operation on a file: what we wanted, and what the system answered.
    pub fn io(action: impl fmt::Display, error: &std::io::Error) -> Self {
        Self::one(Kind::Io, format!("cannot {action}: {}", words::system(error)), "")
    }

    /// A mistake of ours: says so, and asks for a report.
    pub fn bug(message: impl fmt::Display) -> Self {
        Self::one(
            Kind::Bug,
            format!("internal error: {message}"),
            "this is a mistake in crossrole; please report it with the spec that shows it",
        )
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let messages: Vec<_> = self.diagnostics.iter().map(|d| &*d.message).collect();
        f.write_str(&messages.join("; "))
    }
}

impl std::error::Error for Error {}
