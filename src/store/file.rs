//! Replacing and deleting one file, as long as it is what the plan saw.
//!
//! Between comparing and writing a person may save a file. So it is opened again right before its
//! name is given to the new text, and left alone if it is another one by now.

use std::borrow::Cow;
use std::fs::{File, Metadata};
use std::io::{self, Read, Seek};

use super::Folder;
use crate::diagnostic::{Error, Kind};
use crate::dir::{Dir, is_absent, resemble};
use crate::line_endings;
use crate::output::RelPath;
use crate::reconcile::Disk;

/// What has to stand at a path for it to be written or deleted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Expected<'e> {
    /// What the plan saw there.
    Seen(&'e Disk),
    /// It is one of our own records: whatever stands there.
    Anything,
}

/// A file to be written.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewFile<'n> {
    pub(super) bytes: &'n [u8],
    /// Whether it is a program, where nothing else gives it a mode.
    pub(super) executable: bool,
    /// The file whose mode and owner it gets, with the bytes as they are; none means those of the file
    /// that it replaces, and its line endings.
    pub(super) like: Option<&'n Metadata>,
}

/// Whether a file was what it was expected to be, and so was written or deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(super) enum Outcome {
    Done,
    /// Somebody else changed it; it was left alone.
    Changed,
}

/// Replaces a file, or makes it, in one step. A file that is there keeps its mode, owner and line endings.
pub(super) fn replace(
    folder: &Folder,
    path: &str,
    new: &NewFile<'_>,
    expected: Expected<'_>,
) -> Result<Outcome, Error> {
    let failed = |error: io::Error| folder.not_reached("write", path, &error);
    let (parent, name) = folder.dir()?.parent_of(path).map_err(failed)?;
    let bytes = with_endings(&parent, name, new).map_err(failed)?;
    let (temporary, file) = parent.write_temporary(&bytes, new.executable).map_err(failed)?;
    new.like.map_or(Ok(()), |like| resemble(&file, like)).map_err(failed)?;
    let replaced = give_name(&parent, (&temporary, &file), (name, new), expected);
    if !matches!(replaced, Ok(Outcome::Done)) {
        // What is told is why it was not needed.
        _ = parent.remove_file(&temporary);
    }
    match replaced {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(read_only(path)),
        other => other.map_err(failed),
    }
}

/// What is to be written, its lines ending as those of the file that it replaces.
fn with_endings<'n>(parent: &Dir, name: &str, new: &NewFile<'n>) -> io::Result<Cow<'n, [u8]>> {
    if new.like.is_none()
        && let Some((old, _)) = open_old(parent, name)?
        && line_endings::is_crlf(&all_of(&old)?)
    {
        return Ok(line_endings::to_crlf(new.bytes));
    }
    Ok(Cow::Borrowed(new.bytes))
}

/// Lets a complete file appear under its name.
fn give_name(
    parent: &Dir,
    (temporary, file): (&str, &File),
    (name, new): (&str, &NewFile<'_>),
    expected: Expected<'_>,
) -> io::Result<Outcome> {
    let Some((old, found)) = open_old(parent, name)? else {
        if !matches!(expected, Expected::Seen(Disk::Absent) | Expected::Anything) {
            return Ok(Outcome::Changed);
        }
        return match parent.rename_new(temporary, parent, name) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Outcome::Changed),
            renamed => renamed.map(|()| Outcome::Done),
        };
    };
    // What a run that was cut off has written is as it should be.
    if !is_expected(&old, expected)? && !holds(&old, new.bytes)? {
        return Ok(Outcome::Changed);
    }
    if found.permissions().readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    if new.like.is_none() {
        resemble(file, &found)?;
    }
    parent.rename(temporary, parent, name)?;
    Ok(Outcome::Done)
}

/// The file that has a name, if there is one.
fn open_old(parent: &Dir, name: &str) -> io::Result<Option<(File, Metadata)>> {
    let old = match parent.read(name) {
        Ok(old) => old,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let found = old.metadata()?;
    if found.is_file() { Ok(Some((old, found))) } else { Err(io::Error::other("it is not a regular file")) }
}

/// Deletes a file; one that is gone already is no matter.
pub(super) fn delete(folder: &Folder, path: &str, expected: Expected<'_>) -> Result<Outcome, Error> {
    let failed = |error: io::Error| folder.not_reached("delete", path, &error);
    let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
    let removed = folder.dir()?.folder(above).and_then(|parent| {
        if !is_expected(&parent.read(name)?, expected)? {
            return Ok(Outcome::Changed);
        }
        parent.remove_file(name)?;
        Ok(Outcome::Done)
    });
    match removed {
        Err(error) if is_absent(&error) => Ok(Outcome::Done),
        removed => removed.map_err(failed),
    }
}

/// Removes the folders that a file leaves empty.
pub(super) fn prune(folder: &Folder, path: &RelPath) -> Result<(), Error> {
    let dir = folder.dir()?;
    let is_removed = |path: &&str| {
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        // A folder that is not empty stays, and so do those around it.
        dir.folder(above).and_then(|parent| parent.remove_folder(name)).is_ok()
    };
    path.folders().rev().take_while(is_removed).for_each(drop);
    Ok(())
}

/// Whether an open file holds what it should.
fn is_expected(file: &File, expected: Expected<'_>) -> io::Result<bool> {
    match expected {
        Expected::Anything => Ok(true),
        Expected::Seen(Disk::Absent) => Ok(false),
        Expected::Seen(Disk::Text(text)) => holds(file, text.as_bytes()),
        Expected::Seen(Disk::Bytes) => {
            let bytes = all_of(file)?;
            Ok(bytes.len() as u64 == super::LARGEST || std::str::from_utf8(&bytes).is_err())
        }
    }
}

/// Whether a file holds these bytes, however its lines end.
fn holds(file: &File, wanted: &[u8]) -> io::Result<bool> {
    Ok(line_endings::is_same(&all_of(file)?, wanted))
}

/// Everything in a file, as far as it could be ours.
fn all_of(mut file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.take(super::LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn read_only(path: &str) -> Error {
    let help = "let it be written (`chmod u+w`), or move it away; then run again: what was written is whole";
    Error::one(Kind::Refused, format!("`{path}` is read-only"), help)
}
