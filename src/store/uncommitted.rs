//! A commit that failed, among the state that no commit can reach.

use std::collections::BTreeSet;

use super::{Folder, Reader};
use crate::diagnostic::Error;
use crate::digest::sha256;
use crate::output::RelPath;
use crate::reconcile::{DeferredCommit, Disk};

/// Where it is written down.
const UNCOMMITTED: &str = "uncommitted.yaml";

impl Folder {
    /// The commit that an earlier run could not make, of files that are as it wrote them still.
    ///
    /// # Errors
    /// When a file cannot be looked at.
    pub fn deferred_commit(&self) -> Result<Option<DeferredCommit>, Error> {
        let Some(mut deferred) = self.read_state(UNCOMMITTED)?.as_deref().and_then(DeferredCommit::parse)
        else {
            return Ok(None);
        };
        let mut reader = Reader::new(self);
        let mut changed = BTreeSet::new();
        for (path, written) in &deferred.files {
            if !is_as_written(&reader.read(path)?, written.as_deref()) {
                changed.insert(path.clone());
            }
        }
        deferred.files.retain(|path, _| !changed.contains(path));
        Ok(Some(deferred))
    }

    /// Writes down that these files, as they are now, are still to be committed.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn defer_commit(&self, message: String, files: &BTreeSet<String>) -> Result<(), Error> {
        let mut reader = Reader::new(self);
        let paths = files.iter().filter_map(|path| RelPath::new(path));
        let files = paths.map(|path| reader.read(&path).map(|found| (path, digest(&found))));
        let deferred = DeferredCommit { message, files: files.collect::<Result<_, Error>>()? };
        self.write_state(UNCOMMITTED, deferred.to_text().map_err(Error::bug)?.as_bytes(), None)
    }

    /// Forgets a commit that was made.
    ///
    /// # Errors
    /// When it cannot be forgotten.
    pub fn clear_deferred_commit(&self) -> Result<(), Error> {
        self.clear_state(UNCOMMITTED)
    }
}

fn digest(found: &Disk) -> Option<String> {
    match found {
        Disk::Text(text) => Some(sha256([text.as_bytes()])),
        Disk::Absent | Disk::Bytes => None,
    }
}

/// Whether a file is what the run left: `written` is the digest of its text, and none means that it is
/// gone.
fn is_as_written(found: &Disk, written: Option<&str>) -> bool {
    match found {
        Disk::Text(text) => written == Some(&*sha256([text.as_bytes()])),
        Disk::Absent => written.is_none(),
        Disk::Bytes => false,
    }
}
