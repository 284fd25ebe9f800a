//! A commit that failed, among the state that no commit can reach.

use std::collections::BTreeSet;

use super::{Folder, Reader};
use crate::diagnostic::Error;
use crate::digest::xxh3;
use crate::reconcile::{Disk, Owed};
use crate::tree::RelPath;

/// Where it is written down.
const UNCOMMITTED: &str = "uncommitted.yaml";

impl Folder {
    /// The commit that an earlier run could not make, of files that are as it wrote them still.
    ///
    /// # Errors
    /// When a file cannot be looked at.
    pub fn owed(&self) -> Result<Option<Owed>, Error> {
        let Some(mut owed) = self.read_state(UNCOMMITTED)?.as_deref().and_then(Owed::parse) else {
            return Ok(None);
        };
        let mut reader = Reader::new(self);
        let mut changed = BTreeSet::new();
        for (path, written) in &owed.files {
            if !is_as_written(&reader.read(path)?, written.as_deref()) {
                changed.insert(path.clone());
            }
        }
        owed.files.retain(|path, _| !changed.contains(path));
        Ok(Some(owed))
    }

    /// Writes down that these files, as they are now, are still to be committed.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn owe(&self, message: String, files: &BTreeSet<String>) -> Result<(), Error> {
        let mut reader = Reader::new(self);
        let paths = files.iter().filter_map(|path| RelPath::new(path));
        let files = paths.map(|path| reader.read(&path).map(|found| (path, digest(&found))));
        let owed = Owed { message, files: files.collect::<Result<_, Error>>()? };
        self.write_state(UNCOMMITTED, owed.to_text().map_err(Error::bug)?.as_bytes(), None)
    }

    /// Forgets a commit that was made.
    ///
    /// # Errors
    /// When it cannot be forgotten.
    pub fn owe_nothing(&self) -> Result<(), Error> {
        self.clear_state(UNCOMMITTED)
    }
}

fn digest(found: &Disk) -> Option<String> {
    match found {
        Disk::Text(text) => Some(xxh3(text)),
        Disk::Absent | Disk::Bytes => None,
    }
}

/// Whether a file is what the run left: `written` is the digest of its text, and none means that it is
/// gone.
fn is_as_written(found: &Disk, written: Option<&str>) -> bool {
    match found {
        Disk::Text(text) => written == Some(&*xxh3(text)),
        Disk::Absent => written.is_none(),
        Disk::Bytes => false,
    }
}
