//! Carrying out a plan: every file whole or not at all, and the record after the files.

use std::fs;
use std::io;
use std::path::Path;

use rayon::prelude::*;

use super::file::{make_folders, persist, prune, write_plain};
use super::stage::{self, Stage};
use super::{Folder, Found, LOCK, RECORD, TEMPORARY, UNFINISHED, record_path, refused};
use crate::diagnostic::{Error, Kind};
use crate::reconcile::{Decision, RecordChange, UnitPlan, UnitRecord};
use crate::tree::{RelPath, UnitName};

/// Where the records of all units lie.
const UNITS: &str = ".crossrole/units";
/// Where the records of targets lie.
const RECORDS: &str = ".crossrole/units/targets";

/// What git is told about the record: not ours to review line by line, and mergeable.
const GIT_ATTRIBUTES: &str = "* linguist-generated\nlock.yaml merge=union linguist-generated\n";
/// What git is told to leave alone.
const GIT_IGNORE: &str = "/pending/\n.crossrole-*\n";

/// Carries out one plan in a folder that is held.
pub struct Writer<'w> {
    folder: &'w Folder,
    plans: &'w [UnitPlan],
    /// Asked between files; `true` ends the run there.
    stop: &'w (dyn Fn() -> bool + Sync),
    stage: Stage,
}

impl<'w> Writer<'w> {
    /// Prepares the folder: makes the record, and sweeps what a killed run left behind.
    ///
    /// # Errors
    /// When the record is no folder, or cannot be made.
    pub fn begin(
        folder: &'w Folder,
        plans: &'w [UnitPlan],
        stop: &'w (dyn Fn() -> bool + Sync),
    ) -> Result<Self, Error> {
        for path in [RECORD, UNITS, RECORDS] {
            if matches!(folder.found(path)?, Found::File | Found::Other) {
                return Err(refused(path, "no folder"));
            }
        }
        match folder.found(UNFINISHED)? {
            Found::Nothing => {}
            Found::File => sweep(folder.root()),
            Found::Folder | Found::Other => return Err(refused(UNFINISHED, "no ordinary file")),
        }
        make_folders(&folder.at(UNITS))?;
        write_plain(&folder.at(UNFINISHED), "", false)?;
        let writer = Self { folder, plans, stop, stage: Stage::prepare(folder, plans, RECORDS)? };
        for (name, text) in [(".gitattributes", GIT_ATTRIBUTES), (".gitignore", GIT_IGNORE)] {
            let path = format!("{RECORD}/{name}");
            if folder.found(&path)? == Found::Nothing {
                writer.replace(&path, text, false)?;
            }
        }
        Ok(writer)
    }

    /// Carries out the plan: the files side by side, `done` hearing of each unit; then the records,
    /// because a record of files that never came would make them look deleted; the lock last, made of
    /// the digests of the records that were written.
    ///
    /// # Errors
    /// The first failure; what was written until then is whole, and a further run completes it.
    pub fn run(
        self,
        lock: impl FnOnce(Vec<(UnitName, String)>) -> String,
        done: &(dyn Fn() + Sync),
    ) -> Result<(), Error> {
        let written = self.each(|plan| {
            self.files(plan)?;
            done();
            Ok(())
        });
        let written = written.and_then(|_| self.stage.reveal_files(self.folder));
        let recorded = written.and_then(|()| self.each(|plan| self.record(&plan.unit, &plan.record)));
        let digests = match recorded {
            Ok(digests) => digests.into_iter().flatten().collect(),
            Err(error) => {
                self.stage.abandon();
                return Err(error);
            }
        };
        self.stage.reveal_records(self.folder)?;
        self.replace(LOCK, &lock(digests), false)?;
        fs::remove_file(self.folder.at(UNFINISHED)).map_err(|error| Error::io("finish", &error))
    }

    fn each<T: Send>(&self, work: impl Fn(&UnitPlan) -> Result<T, Error> + Sync) -> Result<Vec<T>, Error> {
        self.plans
            .par_iter()
            .with_max_len(32)
            .map(|plan| if (self.stop)() { Err(interrupted()) } else { work(plan) })
            .collect()
    }

    fn files(&self, plan: &UnitPlan) -> Result<(), Error> {
        if let Some(placed) = self.stage.all_new(plan) {
            return stage::write_files(placed.into_iter());
        }
        if let Some(folder) = stage::new_folder(self.folder, plan)? {
            return stage::write_folder(self.folder, plan, folder);
        }
        plan.changes.iter().try_for_each(|change| {
            if change.decision == Decision::Delete {
                return self.delete(&change.path);
            }
            change.writes().try_for_each(|file| self.replace(file.path.as_str(), &file.text, file.executable))
        })
    }

    /// Changes a record; where it is written, its digest is returned.
    fn record(&self, unit: &UnitName, change: &RecordChange) -> Result<Option<(UnitName, String)>, Error> {
        match change {
            RecordChange::Keep => Ok(None),
            RecordChange::Write(record) => {
                let text = record.to_text();
                self.replace(&record_path(unit), &text, false)?;
                Ok(Some((unit.clone(), UnitRecord::digest(&text))))
            }
            RecordChange::Remove => match fs::remove_file(self.folder.at(&record_path(unit))) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    Err(Error::io(format!("delete the record of `{unit}`"), &error))
                }
                _ => Ok(None),
            },
        }
    }

    /// Replaces a file, or makes it, in one step. A file that is there keeps its mode.
    fn replace(&self, path: &str, text: &str, executable: bool) -> Result<(), Error> {
        if let Some(placed) = self.stage.place(path) {
            return write_plain(&placed, text, executable);
        }
        persist(self.folder, path, text, executable)
    }

    /// Deletes a file, and the folders that become empty by it.
    fn delete(&self, path: &RelPath) -> Result<(), Error> {
        match fs::remove_file(self.folder.at(path.as_str())) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Error::io(format!("delete `{path}`"), &error));
            }
            _ => {}
        }
        prune(self.folder, path);
        Ok(())
    }
}

/// What a run says that was told to stop.
#[must_use]
pub(super) fn interrupted() -> Error {
    Error::one(Kind::Interrupted, "interrupted", "what was written is whole; run again to complete it")
}

/// Removes temporary files and folders, wherever a killed run left them. Links are not followed.
fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| name.starts_with(TEMPORARY));
        match (ours, is_folder) {
            (true, true) => drop(fs::remove_dir_all(path)),
            (true, false) => drop(fs::remove_file(path)),
            (false, true) if name != ".terraform" && name != ".git" => sweep(&path),
            (false, _) => {}
        }
    }
}
