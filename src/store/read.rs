//! Reading files of the folder, links not followed.

use std::fs::File;
use std::io::{self, Read};

use super::{Folder, LARGEST, LOCK, POLICY, record_path, refused};
use crate::diagnostic::Error;
use crate::dir::{Dir, EntryKind, is_absent};
use crate::reconcile::{Disk, FolderView};
use crate::tree::{RelPath, UnitName};

/// Reads the files of one unit.
pub struct Reader<'f> {
    folder: &'f Folder,
    buffer: Vec<u8>,
    /// The folder that was opened last: files are asked for one folder after the other, and from there the
    /// way is short.
    opened: Option<(String, Dir)>,
}

impl<'f> Reader<'f> {
    /// A reader of a folder.
    #[must_use]
    pub fn new(folder: &'f Folder) -> Self {
        Self { folder, buffer: Vec::new(), opened: None }
    }

    /// What stands at a path.
    ///
    /// # Errors
    /// A refusal when a folder on the way, or the file itself, is a link or something odd.
    pub fn read(&mut self, path: &RelPath) -> Result<Disk, Error> {
        self.folder.read(path.as_str())
    }

    /// Whether a file with exactly this text stands at a path, no link anywhere on the way. `false` is
    /// no answer yet: [`Reader::read`] tells what is there.
    pub fn holds(&mut self, path: &RelPath, text: &str) -> bool {
        // Anything that cannot be opened or read here is looked at closely by `read`.
        let Some(mut file) = self.open(path.as_str()) else { return false };
        // One byte more than wanted tells a longer file, without asking for its length. An ordinary
        // file gives all it has at once; whatever does not is looked at closely, too.
        self.buffer.resize(text.len() + 1, 0);
        match file.read(&mut self.buffer) {
            Ok(length) => &self.buffer[..length] == text.as_bytes(),
            Err(_) => false,
        }
    }

    /// A file, from the folder that was opened last where it lies in there.
    fn open(&mut self, path: &str) -> Option<File> {
        if let Some((folder, dir)) = &self.opened
            && let Some(rest) = path.strip_prefix(folder.as_str()).and_then(|rest| rest.strip_prefix('/'))
        {
            return dir.read(rest).ok();
        }
        let Some((folder, name)) = path.rsplit_once('/') else {
            return self.folder.dir.get()?.read(path).ok();
        };
        self.open_folder(folder).ok()??.read(name).ok()
    }

    /// A folder, if it is there.
    fn open_folder(&mut self, path: &str) -> Result<Option<&Dir>, Error> {
        if self.opened.as_ref().is_none_or(|(opened, _)| opened != path) {
            self.opened = self.find_folder(path)?.map(|folder| (path.to_owned(), folder));
        }
        Ok(self.opened.as_ref().map(|(_, folder)| folder))
    }

    fn find_folder(&self, path: &str) -> Result<Option<Dir>, Error> {
        let Some(dir) = self.folder.dir.get() else { return Ok(None) };
        match dir.folder(path) {
            Ok(folder) => Ok(Some(folder)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.folder.not_reached("list", path, &error)),
        }
    }
}

/// Whether Terraform reads a file of this name. It heeds upper and lower case.
fn is_terraform(name: &str) -> bool {
    let name = name.strip_suffix(".json").unwrap_or(name);
    name.rsplit_once('.').is_some_and(|(_, ending)| matches!(ending, "tf" | "tofu"))
}

impl FolderView for Reader<'_> {
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
        let Some(opened) = self.open_folder(folder)? else { return Ok(Vec::new()) };
        let entries = opened.entries().map_err(|error| Error::io(format!("list `{folder}`"), &error))?;
        let visible = entries.iter().filter_map(|entry| {
            let slash = if entry.kind == EntryKind::Folder { "/" } else { "" };
            entry.name.to_str().map(|name| format!("{name}{slash}"))
        });
        let mut names: Vec<String> = visible.collect();
        names.sort();
        Ok(names)
    }
}

impl Folder {
    /// What stands at a path.
    pub(super) fn read(&self, path: &str) -> Result<Disk, Error> {
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

    /// A regular file and its length; `None` where there is nothing.
    pub(super) fn open_file(&self, path: &str) -> Result<Option<(File, u64)>, Error> {
        let Some(dir) = self.dir.get() else { return Ok(None) };
        let failed = |error: io::Error| self.not_reached("read", path, &error);
        match dir.read(path) {
            Ok(file) => {
                let found = file.metadata().map_err(failed)?;
                if found.is_file() {
                    Ok(Some((file, found.len())))
                } else {
                    Err(refused(path, "not a regular file"))
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) if is_absent(&error) => match self.not_reached("read", path, &error) {
                refusal if refusal.kind == crate::diagnostic::Kind::Refused => Err(refusal),
                _ => Ok(None),
            },
            Err(error) => Err(failed(error)),
        }
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
        self.dir.get()?.length(&record_path(unit))
    }

    /// The lock as it stands on disk.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn read_lock(&self) -> Result<Option<String>, Error> {
        self.read_own(LOCK)
    }

    /// The repository's own policies as they stand on disk.
    ///
    /// # Errors
    /// When they are there and cannot be read.
    pub fn read_policy(&self) -> Result<Option<String>, Error> {
        self.read_own(POLICY)
    }

    /// One of our own files.
    pub(super) fn read_own(&self, path: &str) -> Result<Option<String>, Error> {
        match self.read(path)? {
            Disk::Text(text) => Ok(Some(text)),
            Disk::Absent => Ok(None),
            Disk::Bytes => Err(refused(path, "not text")),
        }
    }
}
