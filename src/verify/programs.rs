//! The programs that are run, as found on PATH.

use std::path::{Path, PathBuf};

use crate::diagnostic::{Error, Kind};

/// Where a program is. Folders of PATH that are not absolute are left out: programs run in a repository, which must
/// not be able to put its own in their place.
pub(super) fn find(name: &str, help: &str) -> Result<PathBuf, Error> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let mut found =
        std::env::split_paths(&path).filter(|folder| folder.is_absolute()).map(|folder| folder.join(&file));
    found
        .find(|path| is_program(path))
        .ok_or_else(|| Error::one(Kind::Io, format!("`{name}` was not found on PATH"), help))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;

    std::fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}
