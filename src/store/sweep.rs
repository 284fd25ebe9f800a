//! What a killed run left behind: temporary files and folders in the output.
//!
//! A run notes among its state that it began, and the next one sweeps only where that note stands, so
//! a file that merely has such a name is left alone otherwise.

use super::Folder;
use crate::diagnostic::Error;
use crate::dir::{Dir, EntryKind, TEMPORARY};

/// Stands among the state while a run writes.
const UNFINISHED: &str = "unfinished";

impl Folder {
    /// Notes that a run begins to write, and sweeps what one that did not end has left.
    pub(super) fn begin_writing(&self) -> Result<(), Error> {
        if self.has_state(UNFINISHED)? {
            sweep(self.dir()?);
        }
        // Without a place for the note the run is as good; only its leftovers would stay.
        if self.state_for_writing().is_ok() {
            self.write_state(UNFINISHED, b"", None)?;
        }
        Ok(())
    }

    /// Notes that the run has ended.
    pub(super) fn end_writing(&self) -> Result<(), Error> {
        self.clear_state(UNFINISHED)
    }
}

/// Removes temporary files and folders, wherever a killed run left them. Whatever cannot be removed
/// stays, and is in nobody's way.
fn sweep(folder: &Dir) {
    for entry in folder.entries().unwrap_or_default() {
        let Some(name) = entry.name.to_str() else { continue };
        if name.starts_with(TEMPORARY) {
            _ = folder.remove_all(name);
        } else if entry.kind == EntryKind::Folder
            && name != ".terraform"
            && name != ".git"
            && let Ok(inside) = folder.folder(name)
        {
            sweep(&inside);
        }
    }
}
