//! Opening a file without waiting for it: a pipe that nobody writes to is opened, and then refused.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// What to do where a name is that of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follow {
    Links,
    Nothing,
}

#[cfg(unix)]
pub(super) fn open(path: &Path, follow: Follow) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let never = if follow == Follow::Nothing { libc::O_NOFOLLOW } else { 0 };
    OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | never).open(path)
}

#[cfg(not(unix))]
pub(super) fn open(path: &Path, follow: Follow) -> io::Result<File> {
    if follow == Follow::Nothing && std::fs::symlink_metadata(path)?.is_symlink() {
        return Err(io::Error::other("it is a link"));
    }
    OpenOptions::new().read(true).open(path)
}
