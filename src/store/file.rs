//! Writing one file, and the folders around it.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::{Folder, TEMPORARY};
use crate::diagnostic::Error;
use crate::tree::RelPath;

/// Replaces a file, or makes it, in one step. A file that is there keeps its mode.
pub(super) fn persist(folder: &Folder, path: &str, text: &str, executable: bool) -> Result<(), Error> {
    let target = folder.at(path);
    let failed = |error| Error::io(format!("write `{path}`"), &error);
    let parent = target.parent().unwrap_or(folder.root());
    make_folders(parent)?;
    let mut file = tempfile::Builder::new();
    file.prefix(TEMPORARY);
    let permissions = match fs::symlink_metadata(&target) {
        Ok(found) if found.is_file() => Some(found.permissions()),
        _ => permissions(executable),
    };
    if let Some(permissions) = permissions {
        file.permissions(permissions);
    }
    let mut file = file.tempfile_in(parent).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.persist(&target).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Writes a file that nobody looks at before its folder is renamed; makes that folder if need be.
pub(super) fn write_plain(path: &Path, text: &str, executable: bool) -> Result<(), Error> {
    let failed = |error| Error::io(format!("write `{}`", path.display()), &error);
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if executable { 0o777 } else { 0o666 });
    let file = match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make_folders(path.parent().unwrap_or(Path::new("")))?;
            options.open(path)
        }
        opened => opened,
    };
    file.map_err(failed)?.write_all(text.as_bytes()).map_err(failed)
}

/// The mode of a new file before the user's mask is applied.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have no modes")]
fn permissions(executable: bool) -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(fs::Permissions::from_mode(if executable { 0o777 } else { 0o666 }))
}

/// The mode of a new file: there is none.
#[cfg(not(unix))]
fn permissions(_: bool) -> Option<fs::Permissions> {
    None
}

/// Makes a folder, and those above it.
pub(super) fn make_folders(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(|error| Error::io(format!("make `{}`", path.display()), &error))
}

/// Removes the folders that a file leaves empty.
pub(super) fn prune(folder: &Folder, path: &RelPath) {
    // A folder that is not empty stays, and so do those around it.
    let is_removed = |path: &&str| fs::remove_dir(folder.at(path)).is_ok();
    path.folders().rev().take_while(is_removed).for_each(drop);
}
