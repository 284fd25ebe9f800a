//! One file: read, formatted, and put back whole.

use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::super::load::to_text;
use super::select::Found;
use crate::diagnostic::{Diagnostic, Error, Source, Span};
use crate::hcl::{self, ErrorKind, SyntaxError};
use crate::store::TEMPORARY;

/// The text of a file.
pub(super) fn read(path: &Path) -> Result<Arc<Source>, Diagnostic> {
    let name = path.display().to_string();
    let bytes = fs::read(path).map_err(|error| failed("read", path, &error))?;
    to_text(&name, bytes).map_err(first)
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
    let (source, span) = without_mark(source, error.span);
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

/// Replaces the text of a file in one step. The file keeps its mode and, where the system allows
/// it, its owner; a link stays, and the file it leads to is replaced.
pub(super) fn replace(found: &Found, text: &str) -> Result<(), Diagnostic> {
    let replaced = if found.is_link {
        fs::canonicalize(&found.path).and_then(|target| replace_file(&target, text))
    } else {
        replace_file(&found.path, text)
    };
    replaced.map_err(|error| failed("write", &found.path, &error))
}

fn replace_file(path: &Path, text: &str) -> io::Result<()> {
    // Renaming needs no right to the file itself, so the right to write it is asked for.
    let old = fs::OpenOptions::new().write(true).open(path)?.metadata()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut new = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(folder.unwrap_or(Path::new(".")))?;
    new.write_all(text.as_bytes())?;
    keep_owner(new.as_file(), &old)?;
    new.as_file().set_permissions(old.permissions())?;
    new.persist(path)?;
    Ok(())
}

/// Gives the new file to whom the old one belonged, if that is somebody else.
#[cfg(unix)]
fn keep_owner(new: &File, old: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let made = new.metadata()?;
    if (made.uid(), made.gid()) != (old.uid(), old.gid()) {
        // Only root may give files away; a file that one may write becomes one's own then.
        _ = fchown(new, Some(old.uid()), Some(old.gid()));
    }
    Ok(())
}

/// Here files have no owner of this kind.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "other systems can fail")]
fn keep_owner(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

/// A failed operation on a file or folder.
pub(super) fn failed(verb: &str, path: &Path, error: &io::Error) -> Diagnostic {
    first(Error::io(format!("{verb} `{}`", path.display()), error))
}

fn first(error: Error) -> Diagnostic {
    let message = error.to_string();
    error.diagnostics.into_iter().next().unwrap_or_else(|| Diagnostic::error(message))
}
