//! Folders that appear all at once: written beside their place, and renamed when they are complete.
//!
//! What nobody can see yet needs no temporary files and no renames of its own, so this is also what
//! makes a first run fast.

use std::collections::BTreeSet;
use std::io;

use super::file::Outcome;
use super::{Folder, refused};
use crate::diagnostic::Error;
use crate::dir::{Dir, EntryKind, TEMPORARY, is_absent};
use crate::output::File;
use crate::reconcile::{Change, Decision, UnitPlan};

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
    staged: String,
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
    pub(super) fn place(&self, path: &str) -> Option<String> {
        self.folders().find_map(|folder| {
            let inside = path.strip_prefix(folder.path.as_str())?;
            inside.starts_with('/').then(|| [folder.staged.as_str(), inside].concat())
        })
    }

    /// The files of a plan with their places, if all of them are in folders yet to appear.
    pub(super) fn all_new<'p>(&self, plan: &'p UnitPlan) -> Option<Vec<(String, &'p File)>> {
        let is_new = |change: &'p Change| (change.decision == Decision::Create).then_some(change);
        let place = |change: &'p Change| Some((self.place(change.path.as_str())?, change.after.as_ref()?));
        plan.changes
            .iter()
            .map(|change| is_new(change).and_then(place))
            .collect::<Option<Vec<_>>>()
            .filter(|placed| !placed.is_empty())
    }

    /// Lets the folders of files appear. Those that somebody else made meanwhile.
    pub(super) fn reveal_files(&self, folder: &Folder) -> Result<Vec<&str>, Error> {
        let mut taken = Vec::new();
        for new in &self.files {
            if new.reveal(folder)? == Outcome::Changed {
                taken.push(&*new.path);
            }
        }
        Ok(taken)
    }

    /// Lets the folder of records appear.
    pub(super) fn reveal_records(&self, folder: &Folder) -> Result<Vec<&str>, Error> {
        let Some(records) = &self.records else { return Ok(Vec::new()) };
        let is_taken = records.reveal(folder)? == Outcome::Changed;
        Ok(is_taken.then_some(&*records.path).into_iter().collect())
    }

    /// Removes what is not going to appear.
    pub(super) fn abandon(&self, folder: &Folder) {
        for new in self.folders() {
            // Whatever cannot be removed now is swept by the next run.
            _ = clear(folder, &new.staged);
        }
    }
}

impl NewFolder {
    /// One that is not there, and a clean place beside it.
    fn find(folder: &Folder, path: &str) -> Result<Option<Self>, Error> {
        match folder.kind(path)? {
            EntryKind::Nothing => {}
            EntryKind::Folder => return Ok(None),
            EntryKind::File | EntryKind::Other => return Err(refused(path, "not a folder")),
        }
        let staged = staged(path);
        clear(folder, &staged)?;
        Ok(Some(Self { path: path.to_owned(), staged }))
    }

    fn reveal(&self, folder: &Folder) -> Result<Outcome, Error> {
        reveal(folder, &self.staged, &self.path)
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
        match folder.kind(above)? {
            _ if !is_common => return Ok(None),
            EntryKind::Folder => {}
            EntryKind::Nothing => return Ok(Some(above)),
            EntryKind::File | EntryKind::Other => return Err(refused(above, "not a folder")),
        }
    }
    Ok(None)
}

/// Writes all files of a plan beside `path`, and puts them there in one step.
pub(super) fn write_folder(folder: &Folder, plan: &UnitPlan, path: &str) -> Result<Outcome, Error> {
    let beside = staged(path);
    clear(folder, &beside)?;
    let files = plan.changes.iter().filter_map(|change| change.after.as_ref());
    write_files(folder, files.map(|file| (format!("{beside}{}", &file.path.as_str()[path.len()..]), file)))?;
    reveal(folder, &beside, path)
}

/// Writes files where nobody looks yet, and makes their folders.
pub(super) fn write_files<'f>(
    folder: &Folder,
    files: impl Iterator<Item = (String, &'f File)>,
) -> Result<(), Error> {
    let mut made = Made { root: folder.dir()?, folders: Vec::new() };
    for (path, file) in files {
        let (above, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let written =
            made.folder(above).and_then(|dir| dir.write_new(name, file.text.as_bytes(), file.executable));
        written.map_err(|error| folder.not_reached("write", &path, &error))?;
    }
    Ok(())
}

/// The folders of one unit that were made, held open: its files are in few.
struct Made<'m> {
    root: &'m Dir,
    folders: Vec<(String, Dir)>,
}

impl Made<'_> {
    fn folder(&mut self, path: &str) -> io::Result<&Dir> {
        if path.is_empty() {
            return Ok(self.root);
        }
        let known = self.folders.iter().position(|(known, _)| known == path);
        let at = if let Some(at) = known {
            at
        } else {
            let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
            let made = self.folder(above)?.make_in(name)?;
            self.folders.push((path.to_owned(), made));
            self.folders.len() - 1
        };
        Ok(&self.folders[at].1)
    }
}

/// Writes a file where nobody looks yet, and the folders above it where they are missing.
pub(super) fn write(folder: &Folder, path: &str, text: &str, executable: bool) -> Result<(), Error> {
    let dir = folder.dir()?;
    let written = match dir.write_new(path, text.as_bytes(), executable) {
        // Asking for the folders first would cost as much for each file as for the first one in them.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            dir.parent_of(path).and_then(|(parent, name)| parent.write_new(name, text.as_bytes(), executable))
        }
        written => written,
    };
    written.map(drop).map_err(|error| folder.not_reached("write", path, &error))
}

/// The name beside a folder under which it is written.
fn staged(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((parent, name)) => format!("{parent}/{TEMPORARY}{name}"),
        None => format!("{TEMPORARY}{path}"),
    }
}

/// Removes what an earlier run may have left where something temporary goes.
fn clear(folder: &Folder, path: &str) -> Result<(), Error> {
    let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
    match folder.dir()?.folder(above).and_then(|parent| parent.remove_all(name)) {
        Err(error) if !is_absent(&error) => Err(folder.not_reached("remove", path, &error)),
        _ => Ok(()),
    }
}

/// Lets a folder appear where nothing is; if something was made there meanwhile, it stays.
fn reveal(folder: &Folder, staged: &str, path: &str) -> Result<Outcome, Error> {
    let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
    let staged = staged.rsplit_once('/').map_or(staged, |(_, name)| name);
    let renamed = folder.dir()?.folder(above).and_then(|parent| parent.rename_new(staged, &parent, name));
    match renamed {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Outcome::Changed),
        // Nothing was written there.
        Err(error) if is_absent(&error) => Ok(Outcome::Done),
        renamed => renamed.map(|()| Outcome::Done).map_err(|error| folder.not_reached("make", path, &error)),
    }
}
