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

/// A folder that is yet to appear, held open.
pub(super) struct NewFolder {
    path: String,
    /// Where it is until then.
    staged: String,
    dir: Dir,
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

    /// The folder yet to appear that a file will stand in, if it will stand in one.
    pub(super) fn of(&self, path: &str) -> Option<&NewFolder> {
        self.folders().find(|folder| folder.inside(path).is_some())
    }

    /// The folder yet to appear that all files of a plan will stand in, if there is one.
    pub(super) fn of_all(&self, plan: &UnitPlan) -> Option<&NewFolder> {
        let new = self.of(plan.changes.first()?.path.as_str())?;
        let is_inside = |change: &Change| {
            change.decision == Decision::Create && new.inside(change.path.as_str()).is_some()
        };
        plan.changes.iter().all(is_inside).then_some(new)
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
        Self::beside(folder, path).map(Some)
    }

    /// A clean place beside that of a folder.
    fn beside(folder: &Folder, path: &str) -> Result<Self, Error> {
        let staged = staged(path);
        clear(folder, &staged)?;
        let made = folder.dir()?.make(&staged);
        let dir = made.map_err(|error| folder.not_reached("make", &staged, &error))?;
        Ok(Self { path: path.to_owned(), staged, dir })
    }

    /// The way from it to a path, if that is in it.
    fn inside<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix(self.path.as_str())?.strip_prefix('/')
    }

    /// The way from it to a path that is in it.
    fn way<'p>(&self, path: &'p str) -> Result<&'p str, Error> {
        self.inside(path).ok_or_else(|| Error::bug(format_args!("`{path}` is not in `{}`", self.path)))
    }

    /// Writes files of it, and makes their folders, which nobody else does.
    pub(super) fn write_all<'f>(
        &'f self,
        folder: &Folder,
        files: impl Iterator<Item = &'f File>,
    ) -> Result<(), Error> {
        let mut made = Made { root: &self.dir, folders: Vec::new() };
        for file in files {
            let path = file.path.as_str();
            let inside = self.way(path)?;
            let (above, name) = inside.rsplit_once('/').unwrap_or(("", inside));
            let written =
                made.folder(above).and_then(|dir| dir.write_new(name, file.text.as_bytes(), file.executable));
            written.map_err(|error| folder.not_reached("write", path, &error))?;
        }
        Ok(())
    }

    /// Writes one file of it, and the folders above that where they are missing.
    pub(super) fn write(
        &self,
        folder: &Folder,
        path: &str,
        text: &str,
        executable: bool,
    ) -> Result<(), Error> {
        let inside = self.way(path)?;
        let written = match self.dir.write_new(inside, text.as_bytes(), executable) {
            // Asking for the folders first would cost as much for each file as for the first one in them.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let parent = self.dir.parent_of(inside);
                parent.and_then(|(parent, name)| parent.write_new(name, text.as_bytes(), executable))
            }
            written => written,
        };
        written.map(drop).map_err(|error| folder.not_reached("write", path, &error))
    }

    /// Lets it appear where nothing is; if something was made there meanwhile, that stays.
    fn reveal(&self, folder: &Folder) -> Result<Outcome, Error> {
        let (above, name) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        let staged = self.staged.rsplit_once('/').map_or(&*self.staged, |(_, name)| name);
        let renamed = folder.dir()?.folder(above).and_then(|parent| parent.rename_new(staged, &parent, name));
        match renamed {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Outcome::Changed),
            renamed => renamed
                .map(|()| Outcome::Done)
                .map_err(|error| folder.not_reached("make", &self.path, &error)),
        }
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
    let new = NewFolder::beside(folder, path)?;
    new.write_all(folder, plan.changes.iter().flat_map(Change::writes))?;
    new.reveal(folder)
}

/// The folders of one unit that were made, held open: its files are in few.
struct Made<'m> {
    root: &'m Dir,
    folders: Vec<(&'m str, Dir)>,
}

impl<'m> Made<'m> {
    fn folder(&mut self, path: &'m str) -> io::Result<&Dir> {
        if path.is_empty() {
            return Ok(self.root);
        }
        let known = self.folders.iter().position(|(known, _)| *known == path);
        let at = if let Some(at) = known {
            at
        } else {
            let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
            let made = self.folder(above)?.make_in(name)?;
            self.folders.push((path, made));
            self.folders.len() - 1
        };
        Ok(&self.folders[at].1)
    }
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
