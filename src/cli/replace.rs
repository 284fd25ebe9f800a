//! Replacing one file that the user named, in one step.

use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::interrupt::begin_writing;
use crate::store::TEMPORARY;

/// Replaces the text of a file, or makes the file. One that is there keeps its mode and, where the
/// system allows it, its owner; a link stays, and the file it leads to is replaced.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    begin_writing();
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => replace_file(&fs::canonicalize(path)?, text),
        Ok(_) => replace_file(path, text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(path, text),
        Err(error) => Err(error),
    }
}

fn replace_file(path: &Path, text: &str) -> io::Result<()> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    // Renaming needs no right to the file itself, so the right to write it is asked for.
    let old = fs::OpenOptions::new().write(true).open(path)?.metadata()?;
    let mut new = beside(&mut tempfile::Builder::new(), path)?;
    new.write_all(text.as_bytes())?;
    keep_owner(new.as_file(), &old)?;
    new.as_file().set_permissions(old.permissions())?;
    new.persist(path)?;
    Ok(())
}

fn make(path: &Path, text: &str) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut new = beside(&mut builder, path)?;
    new.write_all(text.as_bytes())?;
    new.persist_noclobber(path)?;
    Ok(())
}

fn beside(builder: &mut tempfile::Builder<'_, '_>, path: &Path) -> io::Result<tempfile::NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    builder.prefix(TEMPORARY).tempfile_in(folder.map_or_else(|| PathBuf::from("."), Path::to_owned))
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
