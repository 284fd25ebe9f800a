//! Which generated folders are meant.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Error, Kind};
use crate::store::{LOCK, RECORD};

/// Every generated folder among these paths and below them, in order.
pub(super) fn trees(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut found = BTreeSet::new();
    for path in paths {
        let before = found.len();
        search(path, &mut found)?;
        if found.len() == before && !found.contains(path) {
            let message = format!("`{}` is no generated folder, and has none below it", path.display());
            let help = format!("a generated folder has a `{RECORD}`; `crossrole generate` makes one");
            return Err(Error::one(Kind::Io, message, help));
        }
    }
    Ok(found.into_iter().collect())
}

/// A generated folder is taken whole: what lies in it belongs to it.
fn search(folder: &Path, found: &mut BTreeSet<PathBuf>) -> Result<(), Error> {
    if folder.join(LOCK).is_file() {
        found.insert(folder.to_owned());
        return Ok(());
    }
    let entries =
        fs::read_dir(folder).map_err(|error| Error::io(format!("search `{}`", folder.display()), &error))?;
    for entry in entries.flatten() {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        if is_folder && !is_hidden {
            search(&entry.path(), found)?;
        }
    }
    Ok(())
}
