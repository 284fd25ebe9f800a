//! One run at a time on one folder.

use std::fs::{File, TryLockError};

use super::Folder;
use crate::diagnostic::{Error, Kind};

/// Holds the folder for this run; given up when dropped, or when the process ends however it ends.
#[derive(Debug)]
pub struct FolderLock {
    _folder: Option<File>,
    made: bool,
}

impl FolderLock {
    /// Takes a folder without waiting, or says who has it. Makes it if need be.
    ///
    /// # Errors
    /// A refusal while another run is at work there.
    pub fn acquire(folder: &Folder) -> Result<Self, Error> {
        let made = folder.make()?;
        Ok(Self { _folder: lock(folder)?, made })
    }

    /// Whether the folder was made for this run.
    #[must_use]
    pub fn made_folder(&self) -> bool {
        self.made
    }
}

/// The folder itself is what is locked, so that reading leaves no trace.
#[cfg(unix)]
fn lock(folder: &Folder) -> Result<Option<File>, Error> {
    let root = folder.root.display();
    // Opened once more: a lock belongs to the opening, and ends with it.
    let handle = folder.dir()?.read(".").map_err(|error| Error::io(format!("open `{root}`"), &error))?;
    match handle.try_lock() {
        Ok(()) => Ok(Some(handle)),
        Err(TryLockError::WouldBlock) => Err(Error::one(
            Kind::Refused,
            format!("another crossrole is running in `{root}`"),
            "wait until it has finished, then run again",
        )),
        // Some network file systems have no locks; then there is nothing to hold.
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// Folders cannot be locked here.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "other systems can fail")]
fn lock(_: &Folder) -> Result<Option<File>, Error> {
    Ok(None)
}
