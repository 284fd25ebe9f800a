//! The output folder on disk: the only code that reads or writes generated trees.
//!
//! Responsible for never leaving the folder (no symbolic link is followed inside it), for replacing
//! files whole or not at all, and for one run at a time. Refuses to decide: it does what a plan
//! says. A process that swaps folders for links while a run goes on could write there itself, so
//! it is not defended against.

mod file;
mod lock;
mod owed;
mod pending;
mod read;
mod stage;
mod write;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Error, Kind};
use crate::tree::UnitName;

pub use lock::Guard;
pub use read::Reader;
pub use write::Writer;

/// Where the record lies in the output folder.
pub const RECORD: &str = ".crossrole";
/// The lock's path in the output folder.
pub const LOCK: &str = ".crossrole/lock.yaml";
/// What the repository itself says about files.
pub const POLICY: &str = ".crossrole/policy.yaml";
/// What the names of temporary files and folders begin with.
pub const TEMPORARY: &str = ".crossrole-";
/// Stands in the record while a run writes; what it left behind is swept when it is found.
const UNFINISHED: &str = ".crossrole/.crossrole-unfinished";
/// A file larger than this was not written by us, and is not read to find out.
const LARGEST: u64 = 64 << 20;

/// An output folder, which need not exist yet.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
    /// The folder itself, held open, where there was one: paths are shorter from here.
    handle: Option<Arc<fs::File>>,
}

/// What stands at a path, links not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    Folder,
    File,
    Other,
}

impl Folder {
    /// The folder at a path.
    ///
    /// # Errors
    /// When something else than a folder stands there.
    pub fn open(root: &Path) -> Result<Self, Error> {
        match fs::metadata(root) {
            Ok(found) if !found.is_dir() => {
                let message = format!("`{}` is not a folder", root.display());
                Err(Error::one(Kind::Io, message, "name another folder with `--out`"))
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Error::io(format!("open `{}`", root.display()), &error))
            }
            _ => Ok(Self { root: root.to_owned(), handle: fs::File::open(root).ok().map(Arc::new) }),
        }
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    fn found(&self, path: &str) -> Result<Found, Error> {
        match fs::symlink_metadata(self.at(path)) {
            Ok(found) if found.is_dir() => Ok(Found::Folder),
            Ok(found) if found.is_file() => Ok(Found::File),
            Ok(_) => Ok(Found::Other),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                Ok(Found::Nothing)
            }
            Err(error) => Err(Error::io(format!("look at `{path}`"), &error)),
        }
    }

    /// The names of the units that have a record, whatever the lock says.
    ///
    /// # Errors
    /// When the record cannot be listed.
    pub fn recorded_units(&self) -> Result<Vec<UnitName>, Error> {
        let mut units = Vec::new();
        for name in [UnitName::Shared, UnitName::Source] {
            if self.found(&record_path(&name))? == Found::File {
                units.push(name);
            }
        }
        let folder = format!("{RECORD}/units/targets");
        if self.found(RECORD)? != Found::Folder || self.found(&folder)? != Found::Folder {
            return Ok(units);
        }
        let entries =
            fs::read_dir(self.at(&folder)).map_err(|error| Error::io(format!("list `{folder}`"), &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| Error::io(format!("list `{folder}`"), &error))?;
            let name = entry.file_name();
            let name = name.to_str().and_then(|name| name.strip_suffix(".yaml"));
            units.extend(name.and_then(|name| UnitName::parse(&format!("targets/{name}"))));
        }
        Ok(units)
    }
}

/// Where the record of a unit lies.
#[must_use]
pub fn record_path(unit: &UnitName) -> String {
    format!("{RECORD}/units/{unit}.yaml")
}

/// Refuses a path that would leave the folder, or that holds no file.
fn refused(path: &str, what: &str) -> Error {
    let help = "move it away, and run again; nothing was written";
    Error::one(Kind::Refused, format!("`{path}` is {what}: crossrole does not write through it"), help)
}
