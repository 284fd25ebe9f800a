//! Carrying out a plan: every file whole or not at all, and the record after the files.

use std::sync::Mutex;

use rayon::prelude::*;

use super::file::{Expected, NewFile, Outcome, delete, prune, replace};
use super::stage::{self, Stage};
use super::{Folder, LOCK, RECORD, record_path, refused};
use crate::diagnostic::{Diagnostic, Error, Kind};
use crate::dir::EntryKind;
use crate::output::{File, UnitName};
use crate::reconcile::{Change, Decision, Disk, RecordChange, UnitPlan};

/// Where the records of all units lie.
const UNITS: &str = ".crossrole/units";
/// Where the records of targets lie.
const RECORDS: &str = ".crossrole/units/targets";

/// What git is told about the record: not ours to review line by line, and mergeable.
const GIT_ATTRIBUTES: &str = "* linguist-generated\nlock.yaml merge=union linguist-generated\nunits/** merge=union linguist-generated\n";
/// What git is told to leave alone.
const GIT_IGNORE: &str = ".crossrole-*\n";

/// Carries out one plan in a folder that is held.
pub struct Writer<'w> {
    folder: &'w Folder,
    plans: &'w [UnitPlan],
    /// Asked between files; `true` ends the run there.
    stop: &'w (dyn Fn() -> bool + Sync),
    stage: Stage,
    /// Files that somebody changed since they were compared.
    changed: Mutex<Vec<String>>,
}

impl<'w> Writer<'w> {
    /// Prepares the folder: makes the record, and sweeps what a killed run left behind.
    ///
    /// # Errors
    /// When the record is not a folder, or cannot be made.
    pub fn begin(
        folder: &'w Folder,
        plans: &'w [UnitPlan],
        stop: &'w (dyn Fn() -> bool + Sync),
    ) -> Result<Self, Error> {
        for path in [RECORD, UNITS, RECORDS] {
            if matches!(folder.kind(path)?, EntryKind::File | EntryKind::Other) {
                return Err(refused(path, "not a folder"));
            }
        }
        folder.begin_writing()?;
        folder.dir()?.make(UNITS).map_err(|error| folder.not_reached("make", UNITS, &error))?;
        let stage = Stage::prepare(folder, plans, RECORDS)?;
        let writer = Self { folder, plans, stop, stage, changed: Mutex::default() };
        for (name, text) in [(".gitattributes", GIT_ATTRIBUTES), (".gitignore", GIT_IGNORE)] {
            let path = format!("{RECORD}/{name}");
            if folder.kind(&path)? == EntryKind::Nothing {
                writer.record_text(&path, text)?;
            }
        }
        Ok(writer)
    }

    /// Carries out the plan: the files side by side, `done` hearing of each unit; then the records,
    /// because a record of files that never came would make them look deleted; the lock last.
    ///
    /// # Errors
    /// The first failure; what was written until then is whole, and a further run completes it. A
    /// conflict where files were changed since they were compared: those are left as they are, and
    /// nothing is recorded.
    pub fn run(self, lock: &str, done: &(dyn Fn() + Sync)) -> Result<(), Error> {
        let written = self.all_files(done).and_then(|()| self.records(lock));
        if written.is_err() {
            self.stage.abandon(self.folder);
        }
        // Only a run that is killed leaves something to sweep.
        written.and(self.folder.end_writing()).map_err(cut_off)
    }

    fn records(&self, lock: &str) -> Result<(), Error> {
        self.each(|plan| self.record(&plan.unit, &plan.record))?;
        let taken = self.stage.reveal_records(self.folder)?;
        refuse_changed(taken.into_iter().map(str::to_owned).collect())?;
        self.record_text(LOCK, lock)
    }

    fn all_files(&self, done: &(dyn Fn() + Sync)) -> Result<(), Error> {
        self.each(|plan| {
            self.files(plan)?;
            done();
            Ok(())
        })?;
        let taken = self.stage.reveal_files(self.folder)?;
        for path in taken {
            self.note_changed(path);
        }
        let changed = self.changed.lock().map_err(Error::bug)?;
        refuse_changed(changed.clone())
    }

    fn each<T: Send>(&self, work: impl Fn(&UnitPlan) -> Result<T, Error> + Sync) -> Result<Vec<T>, Error> {
        self.plans
            .par_iter()
            .with_max_len(32)
            .map(|plan| if (self.stop)() { Err(interrupted()) } else { work(plan) })
            .collect()
    }

    fn files(&self, plan: &UnitPlan) -> Result<(), Error> {
        if let Some(new) = self.stage.of_all(plan) {
            return new.write_all(self.folder, plan.changes.iter().flat_map(Change::writes));
        }
        if let Some(path) = stage::new_folder(self.folder, plan)? {
            if stage::write_folder(self.folder, plan, path)? == Outcome::Changed {
                self.note_changed(path);
            }
            return Ok(());
        }
        plan.changes.iter().try_for_each(|change| self.change(change))
    }

    fn change(&self, change: &Change) -> Result<(), Error> {
        if change.decision == Decision::Delete {
            let path = change.path.as_str();
            match delete(self.folder, path, Expected::Seen(&change.before))? {
                Outcome::Done => return prune(self.folder, &change.path),
                Outcome::Changed => self.note_changed(path),
            }
        }
        change.writes().try_for_each(|file| self.write(file, change))
    }

    /// Replaces a file, or makes it, in one step.
    fn write(&self, file: &File, change: &Change) -> Result<(), Error> {
        let path = file.path.as_str();
        if let Some(new) = self.stage.of(path) {
            return new.write(self.folder, path, &file.text, file.executable);
        }
        // What is put beside a file must not be there.
        let before = if file.path == change.path { &change.before } else { &Disk::Absent };
        let new = NewFile { bytes: file.text.as_bytes(), executable: file.executable, like: None };
        if replace(self.folder, path, &new, Expected::Seen(before))? == Outcome::Changed {
            self.note_changed(path);
        }
        Ok(())
    }

    fn note_changed(&self, path: &str) {
        // Poisoned only when another thread has panicked, which ends the run anyway.
        if let Ok(mut changed) = self.changed.lock() {
            changed.push(path.to_owned());
        }
    }

    fn record(&self, unit: &UnitName, change: &RecordChange) -> Result<(), Error> {
        match change {
            RecordChange::Keep => Ok(()),
            RecordChange::Write(record) => self.record_text(&record_path(unit), &record.to_text()),
            RecordChange::Remove => delete(self.folder, &record_path(unit), Expected::Anything).map(drop),
        }
    }

    fn record_text(&self, path: &str, text: &str) -> Result<(), Error> {
        match self.stage.of(path) {
            Some(new) => new.write(self.folder, path, text, false),
            None => self.folder.write_own(path, text),
        }
    }
}

impl Folder {
    /// Writes one file in the folder, which is made if need be: whole, through no link, and only over
    /// what `may_replace` allows. Whether it was written.
    ///
    /// # Errors
    /// When it cannot be written, or a link or something odd is in the way.
    pub fn save(&self, path: &str, text: &str, may_replace: impl Fn(&Disk) -> bool) -> Result<bool, Error> {
        self.make()?;
        let seen = self.read(path)?;
        if !may_replace(&seen) {
            return Ok(false);
        }
        let new = NewFile { bytes: text.as_bytes(), executable: false, like: None };
        Ok(replace(self, path, &new, Expected::Seen(&seen))? == Outcome::Done)
    }

    /// Writes one of our own files, whole, whatever stands there.
    pub(super) fn write_own(&self, path: &str, text: &str) -> Result<(), Error> {
        // Of ours there is nothing that could have been changed meanwhile.
        let new = NewFile { bytes: text.as_bytes(), executable: false, like: None };
        replace(self, path, &new, Expected::Anything).map(drop)
    }
}

/// What a run says that met files which were changed while it was at work.
fn refuse_changed(mut changed: Vec<String>) -> Result<(), Error> {
    const SHOWN: usize = 20;
    if changed.is_empty() {
        return Ok(());
    }
    changed.sort_unstable();
    let shown = changed.iter().take(SHOWN);
    let mut diagnostics: Vec<_> = shown
        .map(|path| Diagnostic::error(format!("`{path}` was changed during this run, and was left as it is")))
        .collect();
    let rest = changed.len().saturating_sub(SHOWN);
    let more = if rest > 0 { format!("{rest} more such files; ") } else { String::new() };
    let help = "run again: what is there now is compared anew, and no edit is lost";
    diagnostics.push(Diagnostic::error(format!("{more}the run is not complete")).help(help));
    Err(Error::new(Kind::Conflict, diagnostics))
}

/// What a run says that could not go on: that it had begun to write.
fn cut_off(mut error: Error) -> Error {
    if error.kind == Kind::Io {
        let message = "writing was interrupted: some files may have been written, each of them complete";
        let help = "fix the cause, then run the same command again: it writes what is missing";
        error.diagnostics.push(Diagnostic::error(message).help(help));
    }
    error
}

/// What a run says that was told to stop.
#[must_use]
pub(super) fn interrupted() -> Error {
    Error::one(Kind::Interrupted, "interrupted", "what was written is whole; run again to complete it")
}
