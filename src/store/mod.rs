//! The output folder on disk: the only code that reads or writes generated trees.
//!
//! Responsible for never leaving the folder (files are reached from the open folder, and no link in it
//! is followed), for replacing files whole or not at all and only while they are what the plan saw,
//! for line endings, which stay as a checkout has them and are LF to everybody else, and for one run at
//! a time. Refuses to decide: it does what a plan says.

mod file;
mod folder_lock;
mod pending;
mod read;
mod stage;
mod state;
mod sweep;
mod uncommitted;
mod write;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use self::state::State;
use crate::diagnostic::{Error, Kind};
use crate::dir::{Dir, Entry, EntryKind};
use crate::line_endings::to_lf;
use crate::output::UnitName;
use crate::reconcile::Disk;

pub use folder_lock::FolderLock;
pub use pending::{PendingRun, Undone};
pub use read::Reader;
pub use write::Writer;

/// Where the record lies in the output folder.
pub const RECORD: &str = ".crossrole";
/// The lock's path in the output folder.
pub const LOCK: &str = ".crossrole/lock.yaml";
/// What the repository itself says about files.
pub const POLICY: &str = ".crossrole/policy.yaml";
/// A file larger than this was not written by us, and is not read to find out.
const LARGEST: u64 = 64 << 20;

/// An output folder, which need not exist yet.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    /// The folder itself, once it is there.
    dir: OnceLock<Dir>,
    state: State,
}

impl Folder {
    /// The folder at a path; `state_home` is where the user's programs keep what they remember, for
    /// folders that are in no repository.
    ///
    /// # Errors
    /// When something else than a folder stands there.
    pub fn open(root: &Path, state_home: Option<PathBuf>) -> Result<Self, Error> {
        let dir = match fs::metadata(root) {
            Ok(found) if !found.is_dir() => {
                let message = format!("`{}` is not a folder", root.display());
                return Err(Error::one(Kind::Io, message, "name another folder with `--out`"));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => OnceLock::new(),
            Ok(_) => Dir::open(root).map_err(|error| cannot_open(root, &error))?.into(),
            Err(error) => return Err(cannot_open(root, &error)),
        };
        Ok(Self { root: root.to_owned(), dir, state: State::new(state_home) })
    }

    /// The folder's path, as the user named it.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Makes the folder if need be. Whether it did.
    fn make(&self) -> Result<bool, Error> {
        if self.dir.get().is_some() {
            return Ok(false);
        }
        let made = !self.root.exists();
        fs::create_dir_all(&self.root)
            .map_err(|error| Error::io(format!("make `{}`", self.root.display()), &error))?;
        let dir = Dir::open(&self.root).map_err(|error| cannot_open(&self.root, &error))?;
        // Nobody else has this value to set it.
        _ = self.dir.set(dir);
        Ok(made)
    }

    /// The open folder, for writing.
    fn dir(&self) -> Result<&Dir, Error> {
        self.dir.get().ok_or_else(|| Error::bug("the folder is not held"))
    }

    fn kind(&self, path: &str) -> Result<EntryKind, Error> {
        let Some(dir) = self.dir.get() else { return Ok(EntryKind::Nothing) };
        dir.kind(path).map_err(|error| self.not_reached("look at", path, &error))
    }

    /// Why a path could not be reached: a refusal where something that is not a folder is on the way.
    fn not_reached(&self, what: &str, path: &str, error: &io::Error) -> Error {
        match self.dir.get().and_then(|dir| dir.obstacle(path)) {
            Some((above, EntryKind::File)) => refused(above, "a file where a folder should be"),
            Some((above, _)) => refused(above, "a symbolic link or a special file"),
            None => Error::io(format!("{what} `{path}`"), error),
        }
    }

    /// The names of the units that have a record, whatever the lock says.
    ///
    /// # Errors
    /// When the record cannot be listed.
    pub fn recorded_units(&self) -> Result<Vec<UnitName>, Error> {
        let mut units = Vec::new();
        for name in [UnitName::Shared, UnitName::Source] {
            if self.kind(&record_path(&name))? == EntryKind::File {
                units.push(name);
            }
        }
        let folder = format!("{RECORD}/units/targets");
        if self.kind(&folder)? != EntryKind::Folder {
            return Ok(units);
        }
        let failed = |error| Error::io(format!("list `{folder}`"), &error);
        let targets = self.dir()?.folder(&folder).and_then(|targets| targets.entries()).map_err(failed)?;
        let name = |entry: &Entry| {
            let name = entry.name.to_str()?.strip_suffix(".yaml")?;
            UnitName::parse(&format!("targets/{name}"))
        };
        units.extend(targets.iter().filter_map(name));
        Ok(units)
    }
}

/// What a file holds. How its lines end is the checkout's: nobody but this room knows of it.
fn disk(bytes: Vec<u8>) -> Disk {
    String::from_utf8(bytes).map_or(Disk::Bytes, |text| Disk::Text(to_lf(text)))
}

fn cannot_open(root: &Path, error: &io::Error) -> Error {
    Error::io(format!("open `{}`", root.display()), error)
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
