//! Reading files of the folder, links not followed.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};

use super::{Folder, Found, LARGEST, record_path, refused};
use crate::diagnostic::Error;
use crate::reconcile::{Disk, OnDisk};
use crate::tree::{RelPath, UnitName};

/// Reads the files of one unit, and remembers which of its folders are there.
pub struct Reader<'f> {
    folder: &'f Folder,
    /// Few, because a unit has few folders.
    known: Vec<(Box<str>, bool)>,
    buffer: Vec<u8>,
}

impl<'f> Reader<'f> {
    /// A reader that knows nothing yet.
    #[must_use]
    pub fn new(folder: &'f Folder) -> Self {
        Self { folder, known: Vec::new(), buffer: Vec::new() }
    }

    /// What stands at a path.
    ///
    /// # Errors
    /// A refusal when a folder on the way, or the file itself, is a link or something odd.
    pub fn read(&mut self, path: &RelPath) -> Result<Disk, Error> {
        for above in path.folders() {
            if !self.is_folder(above)? {
                return Ok(Disk::Absent);
            }
        }
        self.folder.read(path.as_str())
    }

    /// Whether a file with exactly this text stands at a path, no link anywhere on the way. `false` is
    /// no answer yet: [`Reader::read`] tells what is there.
    pub fn holds(&mut self, path: &RelPath, text: &str) -> bool {
        // Anything that cannot be opened or read here is looked at closely by `read`.
        let Some(mut file) = self.folder.open_inside(path.as_str()) else {
            return false;
        };
        // One byte more than wanted tells a longer file, without asking for its length. An ordinary
        // file gives all it has at once; whatever does not is looked at closely, too.
        self.buffer.resize(text.len() + 1, 0);
        match file.read(&mut self.buffer) {
            Ok(length) => &self.buffer[..length] == text.as_bytes(),
            Err(_) => false,
        }
    }

    /// Whether a folder is there, and those above it.
    fn is_there(&mut self, folder: &str) -> Result<bool, Error> {
        let Some(path) = RelPath::new(folder) else { return Ok(folder.is_empty()) };
        for above in path.folders().chain([folder]) {
            if !self.is_folder(above)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a folder is there; its parents are known to be.
    fn is_folder(&mut self, path: &str) -> Result<bool, Error> {
        if let Some((_, there)) = self.known.iter().find(|(known, _)| **known == *path) {
            return Ok(*there);
        }
        let there = match self.folder.found(path)? {
            Found::Nothing => false,
            Found::Folder => true,
            Found::File => return Err(refused(path, "a file where a folder should be")),
            Found::Other => return Err(refused(path, "a symbolic link or a special file")),
        };
        self.known.push((path.into(), there));
        Ok(there)
    }
}

/// Whether Terraform reads a file of this name. It heeds upper and lower case.
fn is_terraform(name: &str) -> bool {
    name.strip_suffix("tf").is_some_and(|stem| stem.ends_with('.'))
}

impl OnDisk for Reader<'_> {
    type Error = Error;

    fn read(&mut self, path: &RelPath) -> Result<Disk, Error> {
        Reader::read(self, path)
    }

    fn terraform_files(&mut self, folder: &str) -> Result<Vec<RelPath>, Error> {
        let names = self.entries(folder)?;
        let names = names.iter().filter(|name| is_terraform(name) && !name.starts_with('.'));
        let path = |name| if folder.is_empty() { String::clone(name) } else { format!("{folder}/{name}") };
        Ok(names.filter_map(|name| RelPath::new(&path(name))).collect())
    }

    fn entries(&mut self, folder: &str) -> Result<Vec<String>, Error> {
        let failed = |error: io::Error| Error::io(format!("list `{folder}`"), &error);
        if !self.is_there(folder)? {
            return Ok(Vec::new());
        }
        let mut names = Vec::new();
        for entry in std::fs::read_dir(self.folder.at(folder)).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let slash = if entry.file_type().is_ok_and(|kind| kind.is_dir()) { "/" } else { "" };
            names.extend(entry.file_name().to_str().map(|name| format!("{name}{slash}")));
        }
        names.sort();
        Ok(names)
    }
}

impl Folder {
    /// The text of a file whose folders have been looked at.
    fn read(&self, path: &str) -> Result<Disk, Error> {
        let Some((file, length)) = self.open_file(path)? else {
            return Ok(Disk::Absent);
        };
        if length > LARGEST {
            return Ok(Disk::Bytes);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 1);
        let read = file.take(LARGEST).read_to_end(&mut bytes);
        read.map_err(|error| Error::io(format!("read `{path}`"), &error))?;
        Ok(String::from_utf8(bytes).map_or(Disk::Bytes, Disk::Text))
    }

    /// An ordinary file and its length; `None` where there is nothing.
    fn open_file(&self, path: &str) -> Result<Option<(File, u64)>, Error> {
        let file = match open(&self.at(path)) {
            Ok(file) => file,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(error) => {
                return Err(match self.found(path)? {
                    Found::Other => refused(path, "a symbolic link or a special file"),
                    _ => Error::io(format!("read `{path}`"), &error),
                });
            }
        };
        let found = file.metadata().map_err(|error| Error::io(format!("read `{path}`"), &error))?;
        if found.is_file() { Ok(Some((file, found.len()))) } else { Err(refused(path, "no ordinary file")) }
    }

    /// The record of a unit as it stands on disk.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn read_record(&self, unit: &UnitName) -> Result<Option<String>, Error> {
        self.read_own(&record_path(unit))
    }

    /// The length of a unit's record; none where there is no such file.
    #[must_use]
    pub fn record_length(&self, unit: &UnitName) -> Option<u64> {
        let found = std::fs::symlink_metadata(self.at(&record_path(unit))).ok()?;
        found.is_file().then_some(found.len())
    }

    /// The lock as it stands on disk.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn read_lock(&self) -> Result<Option<String>, Error> {
        self.read_own(super::LOCK)
    }

    /// The repository's own policies as they stand on disk.
    ///
    /// # Errors
    /// When they are there and cannot be read.
    pub fn read_policy(&self) -> Result<Option<String>, Error> {
        self.read_own(super::POLICY)
    }

    pub(super) fn read_own(&self, path: &str) -> Result<Option<String>, Error> {
        let Some(path) = RelPath::new(path) else {
            return Ok(None);
        };
        match Reader::new(self).read(&path)? {
            Disk::Text(text) => Ok(Some(text)),
            Disk::Absent => Ok(None),
            // Text that is no record; whoever reads it says so.
            Disk::Bytes => Ok(Some("\0".to_owned())),
        }
    }
}

impl Folder {
    /// A file for reading, if the way to it leads through folders alone. One call does what looking at
    /// every folder does elsewhere, and it starts at the output folder instead of the root.
    #[cfg(target_os = "linux")]
    fn open_inside(&self, path: &str) -> Option<File> {
        use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
        openat2(self.handle.as_deref()?, path, flags, Mode::empty(), resolve).ok().map(File::from)
    }

    /// A file for reading, if the way to it leads through folders alone.
    #[cfg(not(target_os = "linux"))]
    fn open_inside(&self, path: &str) -> Option<File> {
        let path = RelPath::new(path)?;
        let is_folder = |above| self.found(above).is_ok_and(|found| found == Found::Folder);
        if path.folders().all(is_folder) { open(&self.at(path.as_str())).ok() } else { None }
    }
}

/// Opens a file for reading: never through a link, never waiting for a pipe.
#[cfg(unix)]
fn open(path: &std::path::Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().read(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK).open(path)
}

/// Opens a file for reading, unless it is a link.
#[cfg(not(unix))]
fn open(path: &std::path::Path) -> io::Result<File> {
    if std::fs::symlink_metadata(path)?.is_symlink() {
        return Err(io::Error::other("a symbolic link"));
    }
    OpenOptions::new().read(true).open(path)
}
