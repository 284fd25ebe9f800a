//! What a run leaves for the next one: never where a commit could put it.
//!
//! In a git work tree it lies below git's own folder (`git rev-parse --git-path crossrole`), which no
//! commit reaches; elsewhere in the user's own state folder. Each output folder has a place of its
//! own there, named by a digest of its path.

use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::{Folder, LARGEST};
use crate::diagnostic::{Error, Kind};
use crate::digest::sha256;
use crate::dir::{Dir, EntryKind, is_absent};
use crate::git::WorkTree;

/// The folder of ours in git's folder, and in the user's state folder.
const OURS: &str = "crossrole";
/// Hexadecimal digits of a path's digest: enough that no two folders of one user meet.
const DIGITS: usize = 24;

/// Where an output folder's state lies, found when it is first asked for.
#[derive(Debug)]
pub(super) struct State {
    home: Option<PathBuf>,
    place: OnceLock<Option<Place>>,
}

/// A folder that is the user's or git's, and the place of an output folder in it.
#[derive(Debug, Clone)]
struct Place {
    base: PathBuf,
    /// The name of its folder among ours.
    name: String,
}

impl Place {
    fn path(&self) -> String {
        format!("{OURS}/{}", self.name)
    }
}

impl State {
    pub(super) fn new(home: Option<PathBuf>) -> Self {
        Self { home, place: OnceLock::new() }
    }

    fn place(&self, root: &Path) -> Option<&Place> {
        self.place.get_or_init(|| find(root, self.home.as_deref())).as_ref()
    }
}

/// The place of an output folder that is there.
fn find(root: &Path, home: Option<&Path>) -> Option<Place> {
    let root = fs::canonicalize(root).ok()?;
    let place = |base: &Path, path: &Path| {
        let digest = sha256([path.as_os_str().as_encoded_bytes()]);
        Place { base: base.to_owned(), name: digest[..DIGITS].to_owned() }
    };
    match WorkTree::around(&root) {
        Some(tree) => Some(place(&tree.git, root.strip_prefix(&tree.top).ok()?)),
        None => home.map(|home| place(home, &root)),
    }
}

impl Folder {
    /// The folder's state, if there is any.
    fn state(&self) -> Result<Option<Dir>, Error> {
        let Some(place) = self.state.place(&self.root) else { return Ok(None) };
        let opened = Dir::open(&place.base).and_then(|base| base.folder(&place.path()));
        match opened {
            Ok(dir) => Ok(Some(dir)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(Error::io(format!("open `{}`", self.state_path("")), &error)),
        }
    }

    /// The folder's state, made if need be.
    pub(super) fn state_for_writing(&self) -> Result<Dir, Error> {
        let Some(place) = self.state.place(&self.root) else {
            let message =
                format!("there is no place to store the state of runs in `{}`", self.root.display());
            let help = "set `XDG_STATE_HOME` or `HOME`, or keep the folder in a git repository";
            return Err(Error::one(Kind::Refused, message, help));
        };
        let made = fs::create_dir_all(&place.base)
            .and_then(|()| Dir::open(&place.base))
            .and_then(|base| base.make(&place.path()));
        made.map_err(|error| Error::io(format!("make `{}`", self.state_path("")), &error))
    }

    /// Where something of the state lies, for messages.
    pub(super) fn state_path(&self, path: &str) -> String {
        match self.state.place(&self.root) {
            Some(place) => place.base.join(place.path()).join(path).display().to_string(),
            None => path.to_owned(),
        }
    }

    /// A text of the state.
    pub(super) fn read_state(&self, path: &str) -> Result<Option<String>, Error> {
        let Some(bytes) = self.state_bytes(path)? else { return Ok(None) };
        let not_text = |_| {
            let message = format!("`{}` is not text", self.state_path(path));
            Error::one(Kind::Refused, message, "it is damaged: move it away, and run again")
        };
        String::from_utf8(bytes).map(Some).map_err(not_text)
    }

    /// What a file of the state holds.
    pub(super) fn state_bytes(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.state_file(path)?.map(|(bytes, _)| bytes))
    }

    /// What a file of the state holds, and its mode and owner.
    pub(super) fn state_file(&self, path: &str) -> Result<Option<(Vec<u8>, Metadata)>, Error> {
        let Some(state) = self.state()? else { return Ok(None) };
        let read = || Ok((read_all(&state, path)?, state.read(path)?.metadata()?));
        match read() {
            Ok(found) => Ok(Some(found)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(Error::io(format!("read `{}`", self.state_path(path)), &error)),
        }
    }

    /// Writes a file of the state, whole.
    pub(super) fn write_state(&self, path: &str, bytes: &[u8], like: Option<&Metadata>) -> Result<(), Error> {
        let written = self.state_for_writing()?.put(path, bytes, like);
        written.map_err(|error| Error::io(format!("write `{}`", self.state_path(path)), &error))
    }

    /// Whether the state has a file.
    pub(super) fn has_state(&self, path: &str) -> Result<bool, Error> {
        let Some(state) = self.state()? else { return Ok(false) };
        let found = state.kind(path);
        Ok(found.map_err(|error| Error::io(format!("look at `{}`", self.state_path(path)), &error))?
            != EntryKind::Nothing)
    }

    /// Removes something of the state, and the folders that are empty then.
    pub(super) fn clear_state(&self, path: &str) -> Result<(), Error> {
        let Some(state) = self.state()? else { return Ok(()) };
        match state.remove_all(path) {
            Err(error) if !is_absent(&error) => {
                return Err(Error::io(format!("remove `{}`", self.state_path(path)), &error));
            }
            _ => {}
        }
        if let Some(Place { base, name }) = self.state.place(&self.root) {
            // A folder that still holds something stays.
            _ = Dir::open(base).and_then(|base| {
                base.folder(OURS)?.remove_folder(name)?;
                base.remove_folder(OURS)
            });
        }
        Ok(())
    }
}

/// A whole file, if it is an ordinary one.
pub(super) fn read_all(dir: &Dir, path: &str) -> io::Result<Vec<u8>> {
    let file = dir.read(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::other(format!("it is larger than {} MiB", LARGEST >> 20)));
    }
    Ok(bytes)
}
