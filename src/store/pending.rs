//! A run that waits for a person, on disk: kept so that it can be gone on with, or undone.
//!
//! Before such a run writes anything, every file that it will touch is copied aside, and what it is
//! going to do is written down, both among the state that no commit can reach. Undoing puts a copy
//! back only where the file is what the run left; what a person did since is kept, and named. It can
//! itself be killed and repeated.

use std::io;

use super::file::{Expected, NewFile, Outcome, delete, prune, replace};
use super::state::read_all;
use super::{Folder, LOCK, Reader, disk, record_path};
use crate::diagnostic::{Error, Kind};
use crate::digest::sha256;
use crate::line_endings::to_lf;
use crate::output::{RelPath, UnitName};
use crate::reconcile::{
    Disk, Left, Pending, Plan, RecordChange, Touched, UnitPlan, Unreadable, Waiting, WaitingUnit,
};

/// What the run did, and what is to be resolved.
const RUN: &str = "run.yaml";
/// The files as they were before it.
const BEFORE: &str = "before";
/// The records as they will be after it.
const AFTER: &str = "after";

/// What came of undoing a run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// Files that are not as the run left them: they are as they were found.
    pub kept: Vec<RelPath>,
}

/// How a file stands to the run that touched it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    AsBefore,
    AsLeft,
    Edited,
}

/// A run that left conflicts, in the folder where it waits.
#[derive(Debug)]
pub struct PendingRun<'f> {
    folder: &'f Folder,
    run: Pending,
}

impl Folder {
    /// The run that waits in this folder, if one does.
    ///
    /// # Errors
    /// When what it wrote down cannot be read, or makes no sense.
    pub fn pending(&self) -> Result<Option<PendingRun<'_>>, Error> {
        let Some(text) = self.read_state(RUN)? else {
            return Ok(None);
        };
        let run = Pending::parse(&text).map_err(|unreadable| {
            let why = match unreadable {
                Unreadable::Newer(format) => format!("it has format {format}, which a newer crossrole wrote"),
                Unreadable::Damaged(why) => why,
            };
            let help = format!(
                "the files as they were before that run are in `{}`: take from there what you want, and delete `{}`",
                self.state_path(BEFORE),
                self.state_path(RUN)
            );
            Error::one(Kind::Refused, format!("`{}` cannot be used: {why}", self.state_path(RUN)), help)
        })?;
        Ok(Some(PendingRun { folder: self, run }))
    }

    /// Forgets a run that has ended, or was cut off before it touched anything: what it wrote down goes
    /// first, so that copies without it are nobody's.
    ///
    /// # Errors
    /// When something cannot be removed.
    pub fn clear_pending(&self) -> Result<(), Error> {
        [RUN, BEFORE, AFTER].into_iter().try_for_each(|path| self.clear_state(path))
    }
}

impl<'f> PendingRun<'f> {
    /// Copies aside what a plan will touch, and writes down what it will do; `lock` is the lock's text
    /// after it.
    ///
    /// # Errors
    /// When something cannot be copied; nothing has been touched then.
    pub fn begin(folder: &'f Folder, plan: &Plan, lock: &str) -> Result<Self, Error> {
        folder.clear_pending()?;
        let mut begun = Self { folder, run: Pending::of(plan) };
        for beside in begun.run.conflicts.iter().filter_map(|waiting| waiting.beside.as_ref()) {
            if Reader::new(folder).read(beside)? != Disk::Absent {
                let help = "move it away, and run again; nothing was written";
                let message =
                    format!("`{beside}` already exists, and the new version would be written there");
                return Err(Error::one(Kind::Refused, message, help));
            }
        }
        for (path, left) in records(plan, lock) {
            let existed = begun.bytes(&path)?.is_some();
            begun.run.touched.push(Touched { path, existed, left });
        }
        for touched in &begun.run.touched {
            begun.copy_aside(&touched.path)?;
        }
        for unit in &plan.units {
            if let Some(RecordChange::Write(record)) = &unit.resolved {
                folder.write_state(&after_path(&unit.unit), record.to_text().as_bytes(), None)?;
            }
        }
        begun.write_down()?;
        Ok(begun)
    }

    /// Notes that everything was written, and a person may begin.
    ///
    /// # Errors
    /// When it cannot be noted.
    pub fn complete(mut self) -> Result<(), Error> {
        self.run.complete = true;
        self.write_down()
    }

    /// Whether the run wrote everything that it was to write.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.run.complete
    }

    /// What a person is to resolve.
    #[must_use]
    pub fn conflicts(&self) -> &[Waiting] {
        &self.run.conflicts
    }

    /// Files that are neither as they were before the run nor as it left them.
    ///
    /// # Errors
    /// When a file cannot be looked at.
    pub fn changed_since(&self) -> Result<Vec<RelPath>, Error> {
        let mut changed = Vec::new();
        for touched in &self.run.touched {
            if self.standing(touched)?.0 == Standing::Edited {
                changed.push(touched.path.clone());
            }
        }
        Ok(changed)
    }

    /// Files in which nothing was to be resolved and that are not as the run left them, with what is
    /// there now; our own records aside.
    ///
    /// # Errors
    /// When a file cannot be looked at.
    pub fn other_than_written(&self) -> Result<Vec<(&RelPath, Disk)>, Error> {
        let mut reader = Reader::new(self.folder);
        let mut other = Vec::new();
        for Touched { path, left, .. } in &self.run.touched {
            let Left::Text(written) = left else { continue };
            if path.is_reserved() || self.run.is_to_resolve(path) {
                continue;
            }
            let is_it = self.bytes(path)?.is_some_and(|bytes| is_written(&bytes, written));
            if !is_it {
                other.push((path, reader.read(path)?));
            }
        }
        Ok(other)
    }

    /// Records of the run's units that somebody else wrote since.
    ///
    /// # Errors
    /// When a record cannot be read.
    pub fn foreign_records(&self) -> Result<Vec<RelPath>, Error> {
        let mut foreign = Vec::new();
        for WaitingUnit { unit, .. } in &self.run.units {
            let path = record_path(unit);
            let is_it = |touched: &&Touched| touched.path.as_str() == path;
            let Some(touched) = self.run.touched.iter().find(is_it) else { continue };
            // A run of `--continue` that was cut off has put it in place already.
            let after = self.folder.state_bytes(&after_path(unit))?.map(disk);
            let is_after = self.bytes(&touched.path)?.map(disk) == after;
            if self.standing(touched)?.0 == Standing::Edited && !is_after {
                foreign.push(touched.path.clone());
            }
        }
        Ok(foreign)
    }

    /// Puts every file that is as the run left it back as it was before, and forgets the run; `all`
    /// also those that were changed since.
    ///
    /// # Errors
    /// When a file cannot be put back; repeating goes on from there.
    pub fn undo(&self, all: bool) -> Result<Undone, Error> {
        let mut undone = Undone::default();
        for touched in &self.run.touched {
            let is_back = match self.standing(touched)? {
                (Standing::AsBefore, _) => true,
                (Standing::Edited, _) if !all => false,
                (_, found) => self.put_back(touched, found)?,
            };
            if !is_back {
                undone.kept.push(touched.path.clone());
            }
        }
        self.folder.clear_pending()?;
        Ok(undone)
    }

    /// Takes over the records as they are with everything resolved; the lock follows, with the units
    /// that have one.
    ///
    /// # Errors
    /// When a record cannot be put in place; repeating goes on from there.
    pub fn settle(&self) -> Result<Vec<(UnitName, bool)>, Error> {
        let settle = |WaitingUnit { unit, stays }: &WaitingUnit| {
            let has_record = if *stays { self.settle_record(unit)? } else { self.remove_record(unit)? };
            Ok((unit.clone(), has_record))
        };
        self.run.units.iter().map(settle).collect()
    }

    /// Writes the lock, and forgets the run.
    ///
    /// # Errors
    /// When the lock cannot be written.
    pub fn end(self, lock: &str) -> Result<(), Error> {
        self.folder.write_own(LOCK, lock)?;
        self.folder.clear_pending()
    }

    fn settle_record(&self, unit: &UnitName) -> Result<bool, Error> {
        // Where the run kept the record as it was, it stays.
        let text = match self.folder.read_state(&after_path(unit))? {
            Some(text) => Some(text),
            None => self.folder.read_record(unit)?,
        };
        if let Some(text) = &text {
            self.folder.write_own(&record_path(unit), text)?;
        }
        Ok(text.is_some())
    }

    fn remove_record(&self, unit: &UnitName) -> Result<bool, Error> {
        // A record is ours, whatever it says by now.
        _ = delete(self.folder, &record_path(unit), Expected::Anything)?;
        Ok(false)
    }

    fn write_down(&self) -> Result<(), Error> {
        self.folder.write_state(RUN, self.run.to_text().map_err(Error::bug)?.as_bytes(), None)
    }

    fn copy_aside(&self, path: &RelPath) -> Result<(), Error> {
        let Some((file, _)) = self.folder.open_file(path.as_str())? else { return Ok(()) };
        let found = file.metadata().map_err(|error| Error::io(format!("copy `{path}` aside"), &error))?;
        let bytes = self.bytes(path)?.unwrap_or_default();
        self.folder.write_state(&before_path(path), &bytes, Some(&found))
    }

    /// What a file holds; `None` where there is none.
    fn bytes(&self, path: &RelPath) -> Result<Option<Vec<u8>>, Error> {
        if self.folder.open_file(path.as_str())?.is_none() {
            return Ok(None);
        }
        let failed = |error: io::Error| self.folder.not_reached("read", path.as_str(), &error);
        read_all(self.folder.dir()?, path.as_str()).map(Some).map_err(failed)
    }

    /// How a file stands to the run, and what it holds.
    fn standing(&self, touched: &Touched) -> Result<(Standing, Option<Vec<u8>>), Error> {
        let found = self.bytes(&touched.path)?;
        let before = self.folder.state_bytes(&before_path(&touched.path))?;
        let standing = match (&found, &touched.left) {
            _ if found == before => Standing::AsBefore,
            // Putting it back loses nothing.
            (None, _) => Standing::AsLeft,
            (Some(bytes), Left::Text(digest)) if is_written(bytes, digest) => Standing::AsLeft,
            // Without its copy there is nothing to put back.
            _ => Standing::Edited,
        };
        Ok((standing, found))
    }

    /// Puts a file back that is as it was found; `false` where it changed at this very moment.
    fn put_back(&self, touched: &Touched, found: Option<Vec<u8>>) -> Result<bool, Error> {
        let path = touched.path.as_str();
        let seen = found.map_or(Disk::Absent, disk);
        let outcome = match self.folder.state_file(&before_path(&touched.path))? {
            Some((bytes, like)) => {
                let file = NewFile { bytes: &bytes, executable: false, like: Some(&like) };
                replace(self.folder, path, &file, Expected::Seen(&seen))?
            }
            // It was there, and its copy is lost: what is there now is better than nothing.
            None if touched.existed => Outcome::Changed,
            None => delete(self.folder, path, Expected::Seen(&seen))?,
        };
        if !touched.existed && outcome == Outcome::Done {
            prune(self.folder, &touched.path)?;
        }
        Ok(outcome == Outcome::Done)
    }
}

/// The records that a plan changes now or once all is resolved, and what it leaves there.
fn records(plan: &Plan, lock: &str) -> Vec<(RelPath, Left)> {
    let record = |unit: &UnitPlan| {
        let left = match &unit.record {
            RecordChange::Keep if unit.resolved.is_none() => return None,
            RecordChange::Keep => Left::AsBefore,
            RecordChange::Write(record) => Left::Text(sha256([record.to_text().as_bytes()])),
            RecordChange::Remove => Left::Nothing,
        };
        Some((RelPath::new(&record_path(&unit.unit))?, left))
    };
    let lock = RelPath::new(LOCK).map(|path| (path, Left::Text(sha256([lock.as_bytes()]))));
    plan.units.iter().filter_map(record).chain(lock).collect()
}

/// Whether bytes are a text that was written, by its digest, however its lines end.
fn is_written(bytes: &[u8], digest: &str) -> bool {
    let is_it = |text: &str| sha256([text.as_bytes()]) == *digest;
    std::str::from_utf8(bytes).is_ok_and(|text| is_it(text) || is_it(&to_lf(text.to_owned())))
}

fn before_path(path: &RelPath) -> String {
    format!("{BEFORE}/{path}")
}

fn after_path(unit: &UnitName) -> String {
    format!("{AFTER}/{unit}.yaml")
}
