//! A folder held open: every file is reached from here, and no link on the way is followed.
//!
//! What `input` reads for a repository and all that `store` reads and writes goes through it. Whoever swaps a folder for a link while a run goes on leads it nowhere: a path is looked up below
//! the open folder in one step, and a link in it is an error. Paths have `/` between their parts and
//! lead down only; the empty path is the folder itself.

#[cfg(not(unix))]
mod portable;
#[cfg(unix)]
mod unix;

use std::ffi::OsString;
use std::fs::{File, Metadata};
use std::io::{self, Write};

#[cfg(not(unix))]
pub(crate) use portable::Dir;
#[cfg(unix)]
pub(crate) use unix::Dir;

/// What the names of temporary files and folders begin with.
pub(crate) const TEMPORARY: &str = ".crossrole-";

/// What stands at a path, links not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntryKind {
    /// Nothing is there.
    Nothing,
    /// A folder.
    Folder,
    /// A regular file.
    File,
    /// A link, a pipe, a device.
    Other,
}

/// Something in a folder.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its name.
    pub(crate) name: OsString,
    /// What it is, links not followed.
    pub(crate) kind: EntryKind,
}

impl Dir {
    /// What stands at a path.
    pub(crate) fn kind(&self, path: &str) -> io::Result<EntryKind> {
        match self.look(path) {
            Err(error) if is_absent(&error) => Ok(EntryKind::Nothing),
            found => found,
        }
    }

    /// What stands first on the way to a path, itself included, that is neither a folder nor, at its end,
    /// a file: nobody can go on there.
    #[must_use]
    pub(crate) fn obstacle<'p>(&self, path: &'p str) -> Option<(&'p str, EntryKind)> {
        let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        for above in ends.map(|end| &path[..end]) {
            match self.kind(above) {
                Ok(EntryKind::Folder) => {}
                Ok(EntryKind::File) if above == path => return None,
                Ok(kind @ (EntryKind::File | EntryKind::Other)) => return Some((above, kind)),
                Ok(EntryKind::Nothing) | Err(_) => return None,
            }
        }
        None
    }

    /// The folder that a file is in, made if need be, and the file's name in it.
    pub(crate) fn parent_of<'p>(&self, path: &'p str) -> io::Result<(Self, &'p str)> {
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        Ok((self.make(parent)?, name))
    }

    /// A new file of a name that nobody has, with a text in it that is whole.
    pub(crate) fn write_temporary(&self, bytes: &[u8], executable: bool) -> io::Result<(String, File)> {
        loop {
            let name = format!("{TEMPORARY}{:016x}", getrandom::u64().map_err(io::Error::other)?);
            match self.write_new(&name, bytes, executable) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Ok(file) => return Ok((name, file)),
                Err(error) => {
                    // Half a file helps nobody; the error is what is told.
                    _ = self.remove_file(&name);
                    return Err(error);
                }
            }
        }
    }

    /// Writes a file that must not be there yet.
    pub(crate) fn write_new(&self, path: &str, bytes: &[u8], executable: bool) -> io::Result<File> {
        let mut file = self.create(path, executable)?;
        file.write_all(bytes)?;
        Ok(file)
    }

    /// Writes a file whole, whatever has its name; `like` lends it mode and owner.
    pub(crate) fn put(&self, path: &str, bytes: &[u8], like: Option<&Metadata>) -> io::Result<()> {
        let (parent, name) = self.parent_of(path)?;
        let (temporary, file) = parent.write_temporary(bytes, false)?;
        like.map_or(Ok(()), |like| resemble(&file, like))?;
        parent.rename(&temporary, &parent, name)
    }

    /// Removes a folder with all that is in it; links in it are removed, not followed.
    pub(crate) fn remove_all(&self, path: &str) -> io::Result<()> {
        if self.kind(path)? != EntryKind::Folder {
            return self.remove_file(path);
        }
        let folder = self.folder(path)?;
        for entry in folder.entries()? {
            let Some(name) = entry.name.to_str() else {
                return Err(io::Error::other("it holds a name that is not UTF-8"));
            };
            folder.remove_all(name)?;
        }
        self.remove_folder(path)
    }
}

/// Whether an error says that nothing is there.
pub(crate) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Gives a new file the mode of an old one, and its owner where the system allows it.
pub(crate) fn resemble(new: &File, old: &Metadata) -> io::Result<()> {
    keep_owner(new, old)?;
    new.set_permissions(old.permissions())
}

/// Gives the new file to whom the old one belonged, if that is somebody else.
#[cfg(unix)]
fn keep_owner(new: &File, old: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let made = new.metadata()?;
    if (made.uid(), made.gid()) != (old.uid(), old.gid()) {
        // Only root may give files away; a file that one may replace becomes one's own then.
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
