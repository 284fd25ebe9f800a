//! Reading files of the folder, links not followed.

use std::fs::File;
use std::io::{self, Read};

use super::{Folder, LARGEST, LOCK, POLICY, record_path, refused};
use crate::diagnostic::Error;
use crate::dir::{Dir, EntryKind, is_absent};
use crate::line_endings;
use crate::output::{RelPath, UnitName};
use crate::reconcile::{Disk, FolderView};

/// So many folders are held open at once: those of a unit are fewer.
const MOST_OPENED: usize = 8;

/// Reads the files of one unit.
pub struct Reader<'f> {
    folder: &'f Folder,
    buffer: Vec<u8>,
    /// Folders that were opened, the last one at the end: from there the way to a file is short.
    opened: Vec<(String, Dir)>,
}

impl<'f> Reader<'f> {
    /// A reader of a folder.
    #[must_use]
    pub fn new(folder: &'f Folder) -> Self {
        Self { folder, buffer: Vec::new(), opened: Vec::new() }
    }

    /// What stands at a path.
    ///
    /// # Errors
    /// A refusal when a folder on the way, or the file itself, is a link or something odd.
    pub fn read(&mut self, path: &RelPath) -> Result<Disk, Error> {
        self.folder.read(path.as_str())
    }

    /// Whether a file with this text stands at a path, no link anywhere on the way. `false` is no
    /// answer yet: [`Reader::read`] tells what is there.
    pub fn holds(&mut self, path: &RelPath, text: &str) -> bool {
        // Anything that cannot be opened or read here is looked at closely by `read`.
        let Some(file) = self.open(path.as_str()) else { return false };
        holds(file, text, &mut self.buffer)
    }

    /// Whether the record of a unit has this text. `false` is no answer yet:
    /// [`Folder::read_record`] tells what is there.
    pub fn holds_record(&mut self, unit: &UnitName, text: &str) -> bool {
        let record = self.folder.dir.get().map(|dir| dir.read(&record_path(unit)));
        record.is_some_and(|file| file.is_ok_and(|file| holds(file, text, &mut self.buffer)))
    }

    /// A file, from a folder that is open already where it lies in one.
    fn open(&mut self, path: &str) -> Option<File> {
        for (folder, dir) in self.opened.iter().rev() {
            if let Some(rest) = path.strip_prefix(folder.as_str()).and_then(|rest| rest.strip_prefix('/')) {
                return dir.read(rest).ok();
            }
        }
        let Some((folder, name)) = path.rsplit_once('/') else {
            return self.folder.dir.get()?.read(path).ok();
        };
        let dir = self.find_folder(folder).ok()??;
        let file = dir.read(name).ok();
        if self.opened.len() == MOST_OPENED {
            self.opened.remove(0);
        }
        self.opened.push((folder.to_owned(), dir));
        file
    }

    /// A folder to be listed, if it is there: one that is open already is given away.
    fn take_folder(&mut self, path: &str) -> Result<Option<Dir>, Error> {
        match self.opened.iter().position(|(opened, _)| opened == path) {
            Some(at) => Ok(Some(self.opened.swap_remove(at).1)),
            None => self.find_folder(path),
        }
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

/// Whether a file has this text, however its lines end.
fn holds(mut file: File, text: &str, buffer: &mut Vec<u8>) -> bool {
    // One byte more than wanted tells a longer file, without asking for its length. An ordinary file
    // gives all it has at once; whatever does not is looked at closely, too.
    buffer.resize(text.len() + 1, 0);
    let Ok(length) = file.read(buffer) else { return false };
    if buffer[..length] == *text.as_bytes() {
        return true;
    }
    if !line_endings::begins_crlf(&buffer[..length]) {
        return false;
    }
    // It is longer by no more than a byte for each line.
    buffer.truncate(length);
    let rest = file.take(text.len() as u64 + 1).read_to_end(buffer);
    rest.is_ok() && line_endings::is_same(buffer, text.as_bytes())
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
        let Some(opened) = self.take_folder(folder)? else { return Ok(Vec::new()) };
        let entries = opened.into_entries().map_err(|error| Error::io(format!("list `{folder}`"), &error))?;
        let visible = entries.into_iter().map(|entry| {
            // A name that is not UTF-8 is shown as well as can be, and nothing is found under it.
            let name = entry.name.into_string();
            let mut name = name.unwrap_or_else(|name| name.to_string_lossy().into_owned());
            if entry.kind == EntryKind::Folder {
                name.push('/');
            }
            name
        });
        let mut names: Vec<String> = visible.collect();
        names.sort();
        Ok(names)
    }
}

impl Folder {
    /// What stands at a path: with LF, where a checkout has every line end with CRLF.
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
        Ok(super::disk(bytes))
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
