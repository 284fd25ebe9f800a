//! A run that waits for a person, on disk: kept so that it can be gone on with, or undone.
//!
//! Before such a run writes anything, every file that it will touch is copied aside, and what it is
//! going to do is written down. Undoing puts the copies back by renaming them, so it can itself be
//! killed and repeated.

use std::fs;
use std::io;

use super::file::{make_folders, persist, prune};
use super::{Folder, Found, LOCK, Reader, TEMPORARY, record_path, refused};
use crate::diagnostic::{Error, Kind};
use crate::digest::xxh3;
use crate::reconcile::{Disk, Pending, Plan, RecordChange, Touched, Unreadable};
use crate::tree::{RelPath, UnitName};

/// Where a run that waits is written down.
const PENDING: &str = ".crossrole/pending";
/// What it did, and what is to be resolved.
const STATE: &str = ".crossrole/pending/state.yaml";
/// The files as they were before it.
const BEFORE: &str = ".crossrole/pending/before";
/// The records as they will be after it.
const AFTER: &str = ".crossrole/pending/after";

impl Folder {
    /// The run that waits in this folder, if one does.
    ///
    /// # Errors
    /// When what it wrote down cannot be read, or makes no sense.
    pub fn pending(&self) -> Result<Option<Pending>, Error> {
        let Some(text) = self.read_own(STATE)? else {
            return Ok(None);
        };
        Pending::parse(&text).map(Some).map_err(|unreadable| {
            let why = match unreadable {
                Unreadable::Newer(format) => format!("it has format {format}, which a newer crossrole wrote"),
                Unreadable::Damaged(why) => why,
            };
            let help = format!("the files as they were before it are in `{BEFORE}`");
            Error::one(Kind::Refused, format!("`{STATE}` cannot be used: {why}"), help)
        })
    }

    /// Copies aside what a plan will touch, and writes down what it will do.
    ///
    /// # Errors
    /// When something cannot be copied; nothing has been touched then.
    pub fn begin_pending(&self, plan: &Plan) -> Result<Pending, Error> {
        self.clear_pending()?;
        let mut pending = Pending::of(plan);
        for beside in pending.conflicts.iter().filter_map(|waiting| waiting.beside.as_ref()) {
            if Reader::new(self).read(beside)? != Disk::Absent {
                let help = "move it away, and run again; nothing was written";
                let message = format!("`{beside}` is there already, and the new text would go there");
                return Err(Error::one(Kind::Refused, message, help));
            }
        }
        let records = plan.units.iter().filter(|unit| unit.record != RecordChange::Keep);
        let records = records.map(|unit| record_path(&unit.unit)).chain([LOCK.to_owned()]);
        for path in records.filter_map(|path| RelPath::new(&path)) {
            let existed = self.found(path.as_str())? != Found::Nothing;
            pending.touched.push(Touched { path, existed, written: None });
        }
        for touched in &pending.touched {
            self.copy_aside(&touched.path)?;
        }
        for unit in &plan.units {
            if let Some(RecordChange::Write(record)) = &unit.resolved {
                self.write_own(&after_path(&unit.unit), &record.to_text())?;
            }
        }
        self.write_pending(&pending)?;
        Ok(pending)
    }

    /// Notes that everything was written, and a person may begin.
    ///
    /// # Errors
    /// When it cannot be noted.
    pub fn complete_pending(&self, pending: Pending) -> Result<(), Error> {
        self.write_pending(&Pending { complete: true, ..pending })
    }

    /// Files that were written by the run and have been changed since, though nothing was to be
    /// resolved in them.
    ///
    /// # Errors
    /// When a file cannot be looked at.
    pub fn changed_since(&self, pending: &Pending) -> Result<Vec<RelPath>, Error> {
        let mut changed = Vec::new();
        for (path, found) in self.other_than_written(pending)? {
            if found != Disk::Absent && !self.is_as_before(path)? {
                changed.push(path.clone());
            }
        }
        Ok(changed)
    }

    /// Files in which nothing was to be resolved and that are not as the run wrote them, with what is
    /// there now.
    ///
    /// # Errors
    /// When a file cannot be looked at.
    pub fn other_than_written<'p>(&self, pending: &'p Pending) -> Result<Vec<(&'p RelPath, Disk)>, Error> {
        let mut reader = Reader::new(self);
        let mut other = Vec::new();
        for touched in &pending.touched {
            let Some(written) = &touched.written else { continue };
            let found = reader.read(&touched.path)?;
            if !matches!(&found, Disk::Text(text) if xxh3(text) == *written) {
                other.push((&touched.path, found));
            }
        }
        Ok(other)
    }

    /// Puts every file back as it was before the run, and forgets the run.
    ///
    /// # Errors
    /// When a file cannot be put back; repeating goes on from there.
    pub fn undo_pending(&self, pending: &Pending) -> Result<(), Error> {
        for touched in &pending.touched {
            self.put_back(touched)?;
        }
        self.clear_pending()
    }

    /// Takes over the records as they are with everything resolved; the lock follows.
    ///
    /// # Errors
    /// When a record cannot be put in place; repeating goes on from there.
    pub fn settle_pending(&self, pending: &Pending) -> Result<Vec<(UnitName, Option<String>)>, Error> {
        let mut digests = Vec::new();
        for (unit, stays) in &pending.units {
            let digest = if *stays { self.settle_record(unit)? } else { self.remove_record(unit)? };
            digests.push((unit.clone(), digest));
        }
        Ok(digests)
    }

    /// Writes the lock, and forgets the run.
    ///
    /// # Errors
    /// When the lock cannot be written.
    pub fn end_pending(&self, lock: &str) -> Result<(), Error> {
        self.write_own(LOCK, lock)?;
        self.clear_pending()
    }

    fn settle_record(&self, unit: &UnitName) -> Result<Option<String>, Error> {
        // A run of this that was cut off has put it in place already.
        let text = match self.read_own(&after_path(unit))? {
            Some(text) => Some(text),
            None => self.read_record(unit)?,
        };
        if let Some(text) = &text {
            self.write_own(&record_path(unit), text)?;
        }
        Ok(text.map(|text| xxh3(&text)))
    }

    fn remove_record(&self, unit: &UnitName) -> Result<Option<String>, Error> {
        self.delete_own(&record_path(unit))?;
        Ok(None)
    }

    fn write_pending(&self, pending: &Pending) -> Result<(), Error> {
        self.write_own(STATE, &pending.to_text().map_err(Error::bug)?)
    }

    /// Writes one of our own files, whole.
    fn write_own(&self, path: &str, text: &str) -> Result<(), Error> {
        persist(self, path, text, false)
    }

    pub(super) fn delete_own(&self, path: &str) -> Result<(), Error> {
        match fs::remove_file(self.at(path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Error::io(format!("delete `{path}`"), &error))
            }
            _ => Ok(()),
        }
    }

    fn copy_aside(&self, path: &RelPath) -> Result<(), Error> {
        if Reader::new(self).read(path)? == Disk::Absent {
            return Ok(());
        }
        let copy = format!("{BEFORE}/{path}");
        let copy = self.at(&copy);
        let folder = copy.parent().unwrap_or(self.root());
        make_folders(folder)?;
        // A copy is whole or not there: what was put aside tells whether anything was touched.
        let part = folder.join(format!("{TEMPORARY}copy"));
        let copied = fs::copy(self.at(path.as_str()), &part).and_then(|_| fs::rename(&part, &copy));
        copied.map_err(|error| Error::io(format!("copy `{path}` aside"), &error))
    }

    fn is_as_before(&self, path: &RelPath) -> Result<bool, Error> {
        let before = RelPath::new(&format!("{BEFORE}/{path}"));
        let mut reader = Reader::new(self);
        let before = before.map(|before| reader.read(&before)).transpose()?;
        Ok(before == Some(reader.read(path)?))
    }

    fn put_back(&self, touched: &Touched) -> Result<(), Error> {
        let path = &touched.path;
        // Looking at it refuses links on the way.
        let there = Reader::new(self).read(path)?;
        let copy = format!("{BEFORE}/{path}");
        match self.found(&copy)? {
            Found::File => {
                let target = self.at(path.as_str());
                let parent = target.parent().unwrap_or(self.root());
                make_folders(parent)?;
                let renamed = fs::rename(self.at(&copy), &target);
                renamed.map_err(|error| Error::io(format!("put `{path}` back"), &error))
            }
            // It is back already, from an undoing that was cut off.
            Found::Nothing if touched.existed => Ok(()),
            Found::Nothing if there == Disk::Absent => Ok(()),
            Found::Nothing => {
                self.delete_own(path.as_str())?;
                prune(self, path);
                Ok(())
            }
            Found::Folder | Found::Other => Err(refused(&copy, "no ordinary file")),
        }
    }

    /// Whether every file is as it was put aside: then a run without a state was cut off before it wrote
    /// anything.
    ///
    /// # Errors
    /// When a file cannot be looked at.
    pub fn is_untouched(&self) -> Result<bool, Error> {
        let mut waiting = vec![String::new()];
        while let Some(folder) = waiting.pop() {
            let Ok(entries) = fs::read_dir(self.at(BEFORE).join(&folder)) else { continue };
            for entry in entries.flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                if name.starts_with(TEMPORARY) {
                    continue;
                }
                let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    waiting.push(path);
                } else if let Some(path) = RelPath::new(&path)
                    && !self.is_as_before(&path)?
                {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Forgets a run that waited, or was cut off before it wrote anything: what it wrote down goes
    /// first.
    ///
    /// # Errors
    /// When something cannot be removed.
    pub fn clear_pending(&self) -> Result<(), Error> {
        self.delete_own(STATE)?;
        match self.found(PENDING)? {
            Found::Nothing => Ok(()),
            Found::Folder => fs::remove_dir_all(self.at(PENDING))
                .map_err(|error| Error::io(format!("remove `{PENDING}`"), &error)),
            Found::File | Found::Other => Err(refused(PENDING, "no folder")),
        }
    }
}

fn after_path(unit: &UnitName) -> String {
    format!("{AFTER}/{unit}.yaml")
}
