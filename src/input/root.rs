//! A folder whose files are read by their way in it, and nothing outside it.

use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};

use super::open::{Follow, open};
use super::{Limit, regular};
use crate::diagnostic::words::system;

const LINK: &str = "it is a link, or lies behind one, and files are taken from the folder itself";
const OUT: &str = "it is a link that leads out of the folder";
const ABOVE: &str = "it is not below the folder: absolute paths and `..` are not followed";

/// Whether the way to a file may lead over links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Over links that end in the folder.
    Inside,
    /// Over no link.
    Plain,
}

/// A folder that files belong to.
#[derive(Debug)]
pub struct Root {
    /// The folder as it is called.
    path: PathBuf,
    /// The folder by the path that no link is part of.
    real: PathBuf,
    #[cfg(target_os = "linux")]
    handle: File,
}

impl Root {
    /// A folder that is there; a link to one will do.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(path: &Path) -> io::Result<Self> {
        let real = fs::canonicalize(path)?;
        Ok(Self {
            #[cfg(target_os = "linux")]
            handle: File::open(&real)?,
            path: path.to_owned(),
            real,
        })
    }

    /// The folder as it is called.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The bytes of a regular file in the folder.
    ///
    /// # Errors
    /// Why it is not read.
    pub fn read(&self, relative: &Path, way: Way, limit: Limit) -> Result<Vec<u8>, String> {
        let plain = match way {
            Way::Inside => self.inside(relative)?,
            Way::Plain => parts(relative)?,
        };
        regular(self.open_plain(&plain)?, limit)
    }

    /// A folder in this one, reached over no link.
    ///
    /// # Errors
    /// Why it is not read.
    pub fn folder(&self, relative: &Path) -> Result<Self, String> {
        let plain = parts(relative)?;
        let mut real = self.real.clone();
        for part in &plain {
            real.push(part);
            let found = fs::symlink_metadata(&real).map_err(|error| system(&error))?;
            if found.is_symlink() {
                return Err(LINK.to_owned());
            }
        }
        Self::open(&real)
            .map(|root| Self { path: self.path.join(plain), ..root })
            .map_err(|error| system(&error))
    }

    /// The way to a file that no link is part of.
    fn inside(&self, relative: &Path) -> Result<PathBuf, String> {
        let found = fs::canonicalize(self.real.join(parts(relative)?)).map_err(|error| system(&error))?;
        found.strip_prefix(&self.real).map(Path::to_owned).map_err(|_| OUT.to_owned())
    }

    /// One call opens the file below the folder and refuses every link on the way, whatever is swapped
    /// meanwhile.
    #[cfg(target_os = "linux")]
    fn open_plain(&self, plain: &Path) -> Result<File, String> {
        use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
        use rustix::io::Errno;
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        match openat2(&self.handle, plain, flags, Mode::empty(), resolve) {
            Ok(file) => Ok(file.into()),
            Err(Errno::LOOP | Errno::XDEV) => Err(LINK.to_owned()),
            // Old kernels do not have it, and some sandboxes do not allow it.
            Err(Errno::NOSYS | Errno::PERM | Errno::INVAL) => self.open_by_parts(plain),
            Err(error) => Err(system(&error.into())),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn open_plain(&self, plain: &Path) -> Result<File, String> {
        self.open_by_parts(plain)
    }

    fn open_by_parts(&self, plain: &Path) -> Result<File, String> {
        let mut path = self.real.clone();
        for part in plain {
            path.push(part);
            if fs::symlink_metadata(&path).map_err(|error| system(&error))?.is_symlink() {
                return Err(LINK.to_owned());
            }
        }
        open(&path, Follow::Nothing).map_err(|error| system(&error))
    }
}

/// A way that leads down alone.
fn parts(relative: &Path) -> Result<PathBuf, String> {
    let mut plain = PathBuf::new();
    for part in relative.components() {
        match part {
            Component::Normal(part) => plain.push(part),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return Err(ABOVE.to_owned()),
        }
    }
    Ok(plain)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// A folder `in` with files and links, beside a file that is not its own.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |path: &str| folder.path().join(path);
        fs::create_dir_all(at("in/sub")).expect("folders can be made");
        fs::write(at("secret"), "secret").expect("files can be written");
        fs::write(at("in/sub/own"), "own").expect("files can be written");
        for (to, link) in [
            ("sub/own", "in/near"),
            ("../secret", "in/far"),
            ("..", "in/up"),
            ("sub", "in/folder"),
            ("/proc/self/environ", "in/environ"),
            ("/proc/self/root", "in/root"),
        ] {
            symlink(to, at(link)).expect("links can be made");
        }
        folder
    }

    #[test]
    fn nothing_outside_is_read() {
        let folder = folder();
        let root = Root::open(&folder.path().join("in")).expect("the folder is there");
        let read = |path: &str, way| root.read(Path::new(path), way, Limit::Small);
        for path in ["sub/own", "./sub/own", "near", "folder/own"] {
            assert_eq!(read(path, Way::Inside), Ok(b"own".to_vec()), "{path}");
        }
        let outside = folder.path().join("secret").display().to_string();
        let secrets =
            ["far", "up/secret", "environ", "root/etc/passwd", "../secret", "sub/../../secret", &outside];
        for path in secrets {
            for way in [Way::Inside, Way::Plain] {
                read(path, way).expect_err(path);
            }
        }
        for path in ["near", "folder/own"] {
            assert_eq!(read(path, Way::Plain), Err(LINK.to_owned()), "{path}");
            assert!(root.open_by_parts(Path::new(path)).is_err(), "{path}");
        }
        assert!(root.folder(Path::new("folder")).is_err() && root.folder(Path::new("sub")).is_ok());
    }
}
