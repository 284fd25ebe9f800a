//! One run at a time on one folder.

use std::fs::{self, File, TryLockError};

use super::Folder;
use crate::diagnostic::{Error, Kind};

/// Holds the folder for this run; given up when dropped, or when the process ends however it ends.
#[derive(Debug)]
pub struct Guard {
    _folder: Option<File>,
    made: bool,
}

impl Guard {
    /// Whether the folder was made for this run.
    #[must_use]
    pub fn made_folder(&self) -> bool {
        self.made
    }
}

impl Folder {
    /// Acquires the lock without waiting, or fails with the process that holds it. Makes it if need be.
    ///
    /// # Errors
    /// A refusal while another run is at work there.
    pub fn hold(&self) -> Result<Guard, Error> {
        let made = !self.root.exists();
        fs::create_dir_all(&self.root)
            .map_err(|error| Error::io(format!("make `{}`", self.root.display()), &error))?;
        Ok(Guard { _folder: hold(self)?, made })
    }
}

/// The folder itself is what is locked, so that reading leaves no trace.
#[cfg(unix)]
fn hold(folder: &Folder) -> Result<Option<File>, Error> {
    let root = folder.root.display();
    let handle = File::open(&folder.root).map_err(|error| Error::io(format!("open `{root}`"), &error))?;
    match handle.try_lock() {
        Ok(()) => Ok(Some(handle)),
        Err(TryLockError::WouldBlock) => Err(Error::one(
            Kind::Refused,
            format!("another crossrole is at work in `{root}`"),
            "wait until it is done, and run again",
        )),
        // Some network file systems have no locks; then there is nothing to hold.
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// Folders cannot be locked here.
#[cfg(not(unix))]
fn hold(_: &Folder) -> Result<Option<File>, Error> {
    Ok(None)
}
