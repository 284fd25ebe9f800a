//! A folder whose files are read by their way in it, and nothing outside it.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::{Limit, regular};
use crate::diagnostic::words::system;
use crate::dir::{Dir, EntryKind};

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
    dir: Dir,
}

impl Root {
    /// A folder that is there; a link to one will do.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(path: &Path) -> io::Result<Self> {
        let real = fs::canonicalize(path)?;
        Ok(Self { dir: Dir::open(&real)?, path: path.to_owned(), real })
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
            Way::Plain => down(relative)?,
        };
        regular(self.dir.read(&plain).map_err(|error| self.why_not(&plain, &error))?, limit)
    }

    /// A folder in this one, reached over no link.
    ///
    /// # Errors
    /// Why it is not read.
    pub fn folder(&self, relative: &Path) -> Result<Self, String> {
        let plain = down(relative)?;
        let dir = self.dir.folder(&plain).map_err(|error| self.why_not(&plain, &error))?;
        Ok(Self { path: self.path.join(&plain), real: self.real.join(&plain), dir })
    }

    /// The way to a file that no link is part of.
    fn inside(&self, relative: &Path) -> Result<String, String> {
        let found = fs::canonicalize(self.real.join(down(relative)?)).map_err(|error| system(&error))?;
        down(found.strip_prefix(&self.real).map_err(|_| OUT)?)
    }

    /// Why a path was not opened.
    fn why_not(&self, plain: &str, error: &io::Error) -> String {
        match self.dir.obstacle(plain) {
            Some((_, EntryKind::Other)) => LINK.to_owned(),
            _ => system(error),
        }
    }
}

/// A way that leads down alone, with slashes.
fn down(relative: &Path) -> Result<String, String> {
    let mut plain: Vec<&str> = Vec::new();
    for part in relative.components() {
        match part {
            Component::Normal(part) => plain.push(part.to_str().ok_or("its name is not UTF-8")?),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return Err(ABOVE.to_owned()),
        }
    }
    Ok(plain.join("/"))
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
        }
        assert!(root.folder(Path::new("folder")).is_err() && root.folder(Path::new("sub")).is_ok());
    }
}
