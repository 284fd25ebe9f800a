//! Which generated folders are meant.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Error, Kind};
use crate::session::{LOCK, RECORD};

/// Every generated folder among these paths and below them, in order, and the paths where there is none.
pub(super) fn trees(paths: &[PathBuf]) -> (Vec<PathBuf>, Vec<(PathBuf, Error)>) {
    let mut found = BTreeSet::new();
    let mut missing = Vec::new();
    for path in paths {
        let mut here = BTreeSet::new();
        match search(path, &mut here) {
            Err(error) => missing.push((path.clone(), error)),
            Ok(()) if here.is_empty() => missing.push((path.clone(), no_tree(path))),
            Ok(()) => found.extend(here),
        }
    }
    (found.into_iter().collect(), missing)
}

fn no_tree(path: &Path) -> Error {
    let message = format!("`{}` is not a generated folder and contains none", path.display());
    let help = format!("a generated folder contains `{RECORD}`; `crossrole generate` creates it");
    Error::one(Kind::Io, message, help)
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
