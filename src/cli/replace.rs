//! Replacing one file that the user named, in one step.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::interrupt::begin_writing;
use crate::dir::{TEMPORARY, resemble};

/// Replaces the text of a file, or makes the file. One that is there keeps its mode and, where the
/// system allows it, its owner; a link stays, and the file it leads to is replaced.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    begin_writing();
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => replace_file(&fs::canonicalize(path)?, bytes),
        Ok(_) => replace_file(path, bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(path, bytes),
        Err(error) => Err(error),
    }
}

fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    // Renaming needs no right to the file itself, so the right to write it is asked for.
    let old = fs::OpenOptions::new().write(true).open(path)?.metadata()?;
    let mut new = beside(&mut tempfile::Builder::new(), path)?;
    new.write_all(bytes)?;
    resemble(new.as_file(), &old)?;
    new.persist(path)?;
    Ok(())
}

fn make(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut new = beside(&mut builder, path)?;
    new.write_all(bytes)?;
    new.persist_noclobber(path)?;
    Ok(())
}

fn beside(builder: &mut tempfile::Builder<'_, '_>, path: &Path) -> io::Result<tempfile::NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    builder.prefix(TEMPORARY).tempfile_in(folder.map_or_else(|| PathBuf::from("."), Path::to_owned))
}
