//! By path, where folders cannot be held open: every part is looked at before it is used.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::{Entry, EntryKind};

/// A folder.
#[derive(Debug)]
pub(crate) struct Dir(PathBuf);

impl Dir {
    /// A folder that the user named; a link to it is followed.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(fs::canonicalize(path)?))
    }

    /// A folder below this one.
    pub(crate) fn folder(&self, path: &str) -> io::Result<Self> {
        let path = self.way(path)?;
        if fs::symlink_metadata(&path)?.is_dir() {
            return Ok(Self(path));
        }
        Err(io::ErrorKind::NotADirectory.into())
    }

    /// A folder below this one, made with those above it if need be.
    pub(crate) fn make(&self, path: &str) -> io::Result<Self> {
        let path = self.way(path)?;
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// A folder right in this one, made unless it is there.
    pub(crate) fn make_in(&self, name: &str) -> io::Result<Self> {
        self.make(name)
    }

    /// A file for reading.
    pub(crate) fn read(&self, path: &str) -> io::Result<File> {
        let path = self.way(path)?;
        if fs::symlink_metadata(&path)?.is_symlink() {
            return Err(is_link());
        }
        File::open(path)
    }

    /// A file that must not be there yet, for writing.
    pub(crate) fn create(&self, path: &str, _executable: bool) -> io::Result<File> {
        OpenOptions::new().write(true).create_new(true).open(self.way(path)?)
    }

    /// What stands at a path.
    pub(crate) fn look(&self, path: &str) -> io::Result<EntryKind> {
        fs::symlink_metadata(self.way(path)?).map(|found| kind(found.file_type()))
    }

    /// Gives something right in this folder a name right in another one, in one step.
    pub(crate) fn rename(&self, from: &str, to: &Self, name: &str) -> io::Result<()> {
        fs::rename(self.0.join(from), to.0.join(name))
    }

    /// The same, where nothing has that name yet.
    pub(crate) fn rename_new(&self, from: &str, to: &Self, name: &str) -> io::Result<()> {
        if fs::symlink_metadata(to.0.join(name)).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.rename(from, to, name)
    }

    /// Removes a file or a link right in this folder.
    pub(crate) fn remove_file(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.0.join(name))
    }

    /// Removes an empty folder right in this folder.
    pub(crate) fn remove_folder(&self, name: &str) -> io::Result<()> {
        fs::remove_dir(self.0.join(name))
    }

    /// Everything right in this folder.
    pub(crate) fn entries(&self) -> io::Result<Vec<Entry>> {
        let entry = |entry: io::Result<fs::DirEntry>| {
            let entry = entry?;
            Ok(Entry { name: entry.file_name(), kind: kind(entry.file_type()?) })
        };
        fs::read_dir(&self.0)?.map(entry).collect()
    }

    /// Everything right in this folder, for whoever wants nothing else of it.
    pub(crate) fn into_entries(self) -> io::Result<Vec<Entry>> {
        self.entries()
    }

    /// The path of something below, if no folder on the way is a link.
    fn way(&self, path: &str) -> io::Result<PathBuf> {
        let mut way = self.0.clone();
        for part in path.split('/').filter(|part| !part.is_empty()) {
            if fs::symlink_metadata(&way).is_ok_and(|found| found.is_symlink()) {
                return Err(is_link());
            }
            way.push(part);
        }
        Ok(way)
    }
}

fn is_link() -> io::Error {
    io::Error::other("a symbolic link is on the way")
}

fn kind(found: fs::FileType) -> EntryKind {
    if found.is_dir() {
        EntryKind::Folder
    } else if found.is_file() {
        EntryKind::File
    } else {
        EntryKind::Other
    }
}
