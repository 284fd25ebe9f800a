//! Folders that appear all at once: written beside their place, and renamed when they are complete.
//!
//! What nobody can see yet needs no temporary files and no renames of its own, so this is also what
//! makes a first run fast.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::file::{make_folders, write_plain};
use super::{Folder, Found, TEMPORARY, refused};
use crate::diagnostic::Error;
use crate::reconcile::{Change, Decision, UnitPlan};
use crate::tree::File;

/// The folders of one run that were not there before it.
pub(super) struct Stage {
    /// Folders at the top of the output, which appear when all files are written.
    files: Vec<NewFolder>,
    /// The folder of records, which appears after them.
    records: Option<NewFolder>,
}

/// A folder that is yet to appear.
struct NewFolder {
    path: String,
    /// Where it is until then.
    staged: PathBuf,
}

impl Stage {
    /// Finds the folders that these plans will make at the top of the output.
    pub(super) fn prepare(folder: &Folder, plans: &[UnitPlan], records: &str) -> Result<Self, Error> {
        let creates = plans.iter().flat_map(|plan| &plan.changes);
        let creates = creates.filter(|change| change.decision == Decision::Create);
        let mut tops = BTreeSet::new();
        let mut last = None;
        for top in creates.filter_map(|change| change.path.folders().next()) {
            // Of many thousand files nearly all are in the same one.
            if last != Some(top) {
                tops.insert(top);
                last = Some(top);
            }
        }
        let found = tops.into_iter().map(|top| NewFolder::find(folder, top));
        let files = found.filter_map(Result::transpose).collect::<Result<_, _>>()?;
        Ok(Self { files, records: NewFolder::find(folder, records)? })
    }

    fn folders(&self) -> impl Iterator<Item = &NewFolder> {
        self.files.iter().chain(&self.records)
    }

    /// Where a file is written that will stand at `path`, if that is in a folder yet to appear.
    pub(super) fn place(&self, path: &str) -> Option<PathBuf> {
        self.folders().find_map(|folder| {
            let inside = path.strip_prefix(folder.path.as_str())?.strip_prefix('/')?;
            Some(folder.staged.join(inside))
        })
    }

    /// The files of a plan with their places, if all of them are in folders yet to appear.
    pub(super) fn all_new<'p>(&self, plan: &'p UnitPlan) -> Option<Vec<(PathBuf, &'p File)>> {
        let is_new = |change: &'p Change| (change.decision == Decision::Create).then_some(change);
        let place = |change: &'p Change| Some((self.place(change.path.as_str())?, change.after.as_ref()?));
        plan.changes
            .iter()
            .map(|change| is_new(change).and_then(place))
            .collect::<Option<Vec<_>>>()
            .filter(|placed| !placed.is_empty())
    }

    /// Lets the folders of files appear.
    pub(super) fn reveal_files(&self, folder: &Folder) -> Result<(), Error> {
        self.files.iter().try_for_each(|new| new.reveal(folder))
    }

    /// Lets the folder of records appear.
    pub(super) fn reveal_records(&self, folder: &Folder) -> Result<(), Error> {
        self.records.iter().try_for_each(|new| new.reveal(folder))
    }

    /// Removes what is not going to appear.
    pub(super) fn abandon(&self) {
        for folder in self.folders() {
            // Whatever cannot be removed now is swept by the next run.
            _ = clear(&folder.staged);
        }
    }
}

impl NewFolder {
    /// One that is not there, and a clean place beside it.
    fn find(folder: &Folder, path: &str) -> Result<Option<Self>, Error> {
        match folder.found(path)? {
            Found::Nothing => {}
            Found::Folder => return Ok(None),
            Found::File | Found::Other => return Err(refused(path, "no folder")),
        }
        let staged = folder.at(&staged(path));
        clear(&staged)?;
        Ok(Some(Self { path: path.to_owned(), staged }))
    }

    fn reveal(&self, folder: &Folder) -> Result<(), Error> {
        if self.staged.exists() { rename(&self.staged, &folder.at(&self.path)) } else { Ok(()) }
    }
}

/// The folder of a new account: everything in it is new, and it appears as soon as it is complete.
pub(super) fn new_folder<'p>(folder: &Folder, plan: &'p UnitPlan) -> Result<Option<&'p str>, Error> {
    let is_new =
        plan.changes.len() > 1 && plan.changes.iter().all(|change| change.decision == Decision::Create);
    let Some(first) = plan.changes.first().filter(|_| is_new) else {
        return Ok(None);
    };
    for above in first.path.folders() {
        let is_common = plan.changes.iter().all(|change| change.path.folders().any(|folder| folder == above));
        match folder.found(above)? {
            _ if !is_common => return Ok(None),
            Found::Folder => {}
            Found::Nothing => return Ok(Some(above)),
            Found::File | Found::Other => return Err(refused(above, "no folder")),
        }
    }
    Ok(None)
}

/// Writes all files of a plan beside `path`, and puts them there in one step.
pub(super) fn write_folder(folder: &Folder, plan: &UnitPlan, path: &str) -> Result<(), Error> {
    let beside = folder.at(&staged(path));
    clear(&beside)?;
    let files = plan.changes.iter().filter_map(|change| change.after.as_ref());
    write_files(files.map(|file| (beside.join(&file.path.as_str()[path.len() + 1..]), file)))?;
    rename(&beside, &folder.at(path))
}

/// Writes files where nobody looks yet, and makes their folders.
pub(super) fn write_files<'f>(files: impl Iterator<Item = (PathBuf, &'f File)>) -> Result<(), Error> {
    let mut made: Vec<PathBuf> = Vec::new();
    for (path, file) in files {
        let parent = path.parent().unwrap_or(Path::new(""));
        if !made.iter().any(|known| known == parent) {
            // From the outside in: asking for the inner one first fails, and costs as much.
            let above = parent.parent().filter(|above| !made.iter().any(|known| known == above));
            for folder in above.into_iter().chain([parent]) {
                make_folders(folder)?;
                made.push(folder.to_owned());
            }
        }
        write_plain(&path, &file.text, file.executable)?;
    }
    Ok(())
}

/// The name beside a folder under which it is written.
fn staged(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((parent, name)) => format!("{parent}/{TEMPORARY}{name}"),
        None => format!("{TEMPORARY}{path}"),
    }
}

/// Removes what an earlier run may have left where something temporary goes.
fn clear(path: &Path) -> Result<(), Error> {
    let removed = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => return Ok(()),
    };
    removed.map_err(|error| Error::io(format!("remove `{}`", path.display()), &error))
}

fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    fs::rename(from, to).map_err(|error| Error::io(format!("put `{}` in place", to.display()), &error))
}
