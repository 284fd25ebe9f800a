//! One file: read, formatted, and put back whole.

use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::super::replace;
use crate::diagnostic::{Diagnostic, Error, Source, Span};
use crate::hcl::{self, ErrorKind, SyntaxError};
use crate::input::{self, Limit};

/// The text of a file.
pub(super) fn read(path: &Path) -> Result<Arc<Source>, Diagnostic> {
    let name = path.display().to_string();
    let bytes = input::named(path, Limit::Large)
        .map_err(|why| Diagnostic::error(format!("cannot read `{name}`: {why}")))?;
    text(&name, bytes).map_err(first)
}

/// The text of bytes; those that are not UTF-8 may be in comments, and nowhere else.
pub(super) fn text(name: &str, bytes: Vec<u8>) -> Result<Arc<Source>, Error> {
    let text = input::lossless(bytes);
    let is_bare = |text: &str| {
        let tokens = hcl::scan(text).unwrap_or_default();
        let comments: Vec<_> = tokens.iter().filter(|token| token.kind.is_comment()).collect();
        text.char_indices().filter(|(_, c)| input::is_stand_in(*c)).any(|(at, _)| {
            let after = comments.partition_point(|comment| comment.span().end <= at);
            !comments.get(after).is_some_and(|comment| comment.span().contains(at))
        })
    };
    if text.contains(input::is_stand_in) && is_bare(&text) {
        return input::text(name, input::bytes(&text).into_owned());
    }
    Ok(Source::new(name, text))
}

/// The text in canonical form.
pub(super) fn format(source: &Arc<Source>) -> Result<String, Diagnostic> {
    hcl::format(&source.text).map_err(|error| refused(source, error))
}

fn refused(source: &Arc<Source>, error: SyntaxError) -> Diagnostic {
    let label = match error.kind {
        ErrorKind::Invalid => "",
        ErrorKind::WouldLoseData => "valid, but formatting would lose or break it: the file is left as it is",
        ErrorKind::LimitExceeded => "beyond the limits: the file is left as it is",
    };
    let (source, span) = without_mark(source, error.span.range());
    Diagnostic::error(error.message)
        .at(&source, Span::new(span))
        .label(label)
        .help(error.hint.unwrap_or_default())
}

/// A text and a place in it, counted as if there were no byte order mark.
fn without_mark(source: &Arc<Source>, span: Range<usize>) -> (Arc<Source>, Range<usize>) {
    let Some(text) = source.text.strip_prefix('\u{feff}') else {
        return (Arc::clone(source), span);
    };
    let mark = source.text.len() - text.len();
    (Source::new(&*source.name, text), span.start.saturating_sub(mark)..span.end.saturating_sub(mark))
}

/// Replaces the text of a file in one step.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), Diagnostic> {
    replace::replace(path, &input::bytes(text)).map_err(|error| failed("write", path, &error))
}

/// A failed operation on a file or folder.
pub(super) fn failed(verb: &str, path: &Path, error: &io::Error) -> Diagnostic {
    first(Error::io(format!("{verb} `{}`", path.display()), error))
}

fn first(error: Error) -> Diagnostic {
    let message = error.to_string();
    error.diagnostics.into_iter().next().unwrap_or_else(|| Diagnostic::error(message))
}
