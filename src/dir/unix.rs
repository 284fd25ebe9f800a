//! By descriptor. On Linux the kernel looks up a whole path and refuses links; elsewhere, and where the
//! kernel is too old for it, each part is opened by itself.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::{Entry, EntryKind};

/// A folder held open.
#[derive(Debug)]
pub(crate) struct Dir(OwnedFd);

/// How a folder on the way is opened.
const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

impl Dir {
    /// A folder that the user named; a link to it is followed.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(rustix::fs::open(path, FOLDER, Mode::empty())?))
    }

    /// A folder below this one.
    pub(crate) fn folder(&self, path: &str) -> io::Result<Self> {
        let path = if path.is_empty() { "." } else { path };
        Ok(Self(self.open_at(path, FOLDER, Mode::empty())?))
    }

    /// A folder below this one, made with those above it if need be.
    pub(crate) fn make(&self, path: &str) -> io::Result<Self> {
        match self.folder(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            found => return found,
        }
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        self.make(above)?.make_in(name)
    }

    /// A folder right in this one, made unless it is there.
    pub(crate) fn make_in(&self, name: &str) -> io::Result<Self> {
        match rustix::fs::mkdirat(&self.0, name, Mode::from(0o777)) {
            Ok(()) | Err(Errno::EXIST) => self.folder(name),
            Err(error) => Err(error.into()),
        }
    }

    /// A file for reading; a pipe is not waited for.
    pub(crate) fn read(&self, path: &str) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
        self.open_at(path, flags, Mode::empty()).map(File::from)
    }

    /// A file that must not be there yet, for writing.
    pub(crate) fn create(&self, path: &str, executable: bool) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        self.open_at(path, flags, Mode::from(if executable { 0o777 } else { 0o666 })).map(File::from)
    }

    /// What stands at a path.
    pub(crate) fn look(&self, path: &str) -> io::Result<EntryKind> {
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        let found = if above.is_empty() {
            rustix::fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?
        } else {
            rustix::fs::statat(&self.folder(above)?.0, name, AtFlags::SYMLINK_NOFOLLOW)?
        };
        Ok(kind(FileType::from_raw_mode(found.st_mode)))
    }

    /// Gives something right in this folder a name right in another one, in one step.
    pub(crate) fn rename(&self, from: &str, to: &Self, name: &str) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.0, from, &to.0, name)?)
    }

    /// The same, where nothing has that name yet.
    pub(crate) fn rename_new(&self, from: &str, to: &Self, name: &str) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        {
            let flags = rustix::fs::RenameFlags::NOREPLACE;
            match rustix::fs::renameat_with(&self.0, from, &to.0, name, flags) {
                Err(Errno::INVAL | Errno::NOSYS) => {}
                renamed => return Ok(renamed?),
            }
        }
        // A second name for the file is refused where one is there.
        rustix::fs::linkat(&self.0, from, &to.0, name, AtFlags::empty())?;
        self.remove_file(from)
    }

    /// Removes a file or a link right in this folder.
    pub(crate) fn remove_file(&self, name: &str) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.0, name, AtFlags::empty())?)
    }

    /// Removes an empty folder right in this folder.
    pub(crate) fn remove_folder(&self, name: &str) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.0, name, AtFlags::REMOVEDIR)?)
    }

    /// Everything right in this folder.
    pub(crate) fn entries(&self) -> io::Result<Vec<Entry>> {
        list(rustix::fs::Dir::read_from(&self.0)?)
    }

    /// Everything right in this folder, for whoever wants nothing else of it: it is not opened again.
    pub(crate) fn into_entries(self) -> io::Result<Vec<Entry>> {
        list(rustix::fs::Dir::new(self.0)?)
    }

    #[cfg(target_os = "linux")]
    fn open_at(&self, path: &str, flags: OFlags, mode: Mode) -> io::Result<OwnedFd> {
        use rustix::fs::ResolveFlags;
        if !path.contains('/') && path != ".." {
            // A single part needs nothing that costs more.
            return self.open_parts(path, flags, mode);
        }
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
        match rustix::fs::openat2(&self.0, path, flags, mode, resolve) {
            // An old kernel, or a container that forbids what it does not know.
            Err(Errno::NOSYS | Errno::PERM) => self.open_parts(path, flags, mode),
            opened => Ok(opened?),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn open_at(&self, path: &str, flags: OFlags, mode: Mode) -> io::Result<OwnedFd> {
        self.open_parts(path, flags, mode)
    }

    /// Opens part after part, none of which may be a link.
    fn open_parts(&self, path: &str, flags: OFlags, mode: Mode) -> io::Result<OwnedFd> {
        let mut above: Option<OwnedFd> = None;
        let mut rest = path;
        while let Some((part, after)) = rest.split_once('/') {
            let folder = above.as_ref().unwrap_or(&self.0);
            above = Some(rustix::fs::openat(folder, part, FOLDER | OFlags::NOFOLLOW, Mode::empty())?);
            rest = after;
        }
        let folder = above.as_ref().unwrap_or(&self.0);
        Ok(rustix::fs::openat(folder, rest, flags | OFlags::NOFOLLOW, mode)?)
    }
}

fn list(mut folder: rustix::fs::Dir) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    while let Some(entry) = folder.read() {
        let entry = entry?;
        let name = OsStr::from_bytes(entry.file_name().to_bytes());
        if name == "." || name == ".." {
            continue;
        }
        let kind = match entry.file_type() {
            // Some file systems do not say.
            FileType::Unknown => {
                let found = rustix::fs::statat(folder.fd()?, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW)?;
                kind(FileType::from_raw_mode(found.st_mode))
            }
            known => kind(known),
        };
        entries.push(Entry { name: name.to_owned(), kind });
    }
    Ok(entries)
}

fn kind(found: FileType) -> EntryKind {
    match found {
        FileType::Directory => EntryKind::Folder,
        FileType::RegularFile => EntryKind::File,
        _ => EntryKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both ways of opening refuse the same.
    #[test]
    fn links_lead_nowhere() {
        let outside = tempfile::tempdir().expect("a folder");
        std::fs::write(outside.path().join("secret"), "s").expect("a file");
        let inside = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(inside.path().join("real")).expect("a folder");
        std::fs::write(inside.path().join("real/file"), "f").expect("a file");
        for (name, to) in [("out", outside.path().to_owned()), ("in", inside.path().join("real"))] {
            std::os::unix::fs::symlink(to, inside.path().join(name)).expect("a link");
        }
        let dir = Dir::open(inside.path()).expect("it is there");
        let flags = OFlags::RDONLY | OFlags::CLOEXEC;
        let mut refused = 0;
        for path in ["out/secret", "in/file", "out", "in", "real/../out/secret"] {
            let parts = dir.open_parts(path, flags, Mode::empty()).is_err();
            assert!(parts || path.contains(".."), "{path}");
            assert!(dir.read(path).is_err(), "{path}");
            refused += 1;
        }
        assert_eq!(refused, 5);
        assert!(dir.read("real/file").is_ok());
        assert!(dir.open_parts("real/file", flags, Mode::empty()).is_ok());
        assert_eq!(dir.kind("out").expect("it can be looked at"), EntryKind::Other);
        assert!(dir.make("out/new").is_err() && !outside.path().join("new").exists());
    }
}
