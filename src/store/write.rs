//! Carrying out a plan: every file whole or not at all, and the record after the files.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use rayon::prelude::*;

use super::{Folder, Found, LOCK, RECORD, TEMPORARY, UNFINISHED, record_path, refused};
use crate::diagnostic::{Error, Kind};
use crate::reconcile::{Decision, RecordChange, UnitPlan, UnitRecord};
use crate::tree::{File, RelPath, UnitName};

/// Where new records of targets are gathered, to appear all at once.
const STAGED_RECORDS: &str = ".crossrole/units/.crossrole-targets";
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
    /// Asked between files; `true` ends the run there.
    stop: &'w (dyn Fn() -> bool + Sync),
    stages_records: bool,
}

impl<'w> Writer<'w> {
    /// Prepares the folder: makes the record, and sweeps what a killed run left behind.
    ///
    /// # Errors
    /// When the record is no folder, or cannot be made.
    pub fn begin(folder: &'w Folder, stop: &'w (dyn Fn() -> bool + Sync)) -> Result<Self, Error> {
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
        let stages_records = folder.found(RECORDS)? == Found::Nothing;
        if stages_records {
            clear(&folder.at(STAGED_RECORDS))?;
        }
        let units = if stages_records { STAGED_RECORDS } else { RECORDS };
        make_folders(&folder.at(units))?;
        write_plain(&folder.at(UNFINISHED), "", false)?;
        let writer = Self { folder, stop, stages_records };
        for (name, text) in [(".gitattributes", GIT_ATTRIBUTES), (".gitignore", GIT_IGNORE)] {
            let path = format!("{RECORD}/{name}");
            if folder.found(&path)? == Found::Nothing {
                writer.replace(&path, text, false)?;
            }
        }
        Ok(writer)
    }

    /// Carries out the plans of all units side by side; `done` hears of each.
    ///
    /// # Errors
    /// The first failure; what was written until then stays, and a further run completes it.
    pub fn units(&self, plans: Vec<UnitPlan>, done: &(dyn Fn() + Sync)) -> Result<(), Error> {
        plans.into_par_iter().with_max_len(32).try_for_each(|plan| {
            if (self.stop)() {
                return Err(interrupted());
            }
            self.unit(&plan)?;
            done();
            Ok(())
        })
    }

    /// Ends the run: records appear, the lock is written, and nothing temporary is left.
    ///
    /// # Errors
    /// When the file system says no.
    pub fn finish(self, lock: &str) -> Result<(), Error> {
        if self.stages_records {
            rename(&self.folder.at(STAGED_RECORDS), &self.folder.at(RECORDS))?;
        }
        self.replace(LOCK, lock, false)?;
        fs::remove_file(self.folder.at(UNFINISHED)).map_err(|error| Error::io("finish", &error))
    }

    fn unit(&self, plan: &UnitPlan) -> Result<(), Error> {
        match self.new_folder(plan)? {
            Some(folder) => self.stage(plan, folder)?,
            None => plan.changes.iter().try_for_each(|change| match (&change.decision, &change.new) {
                (Decision::Create | Decision::Update, Some(file)) => {
                    self.replace(file.path.as_str(), &file.text, file.executable)
                }
                (Decision::Delete, _) => self.delete(&change.path),
                _ => Ok(()),
            })?,
        }
        self.record(&plan.unit, &plan.record)
    }

    fn record(&self, unit: &UnitName, change: &RecordChange) -> Result<(), Error> {
        match change {
            RecordChange::Keep => Ok(()),
            RecordChange::Write(record) => self.write_record(unit, record),
            RecordChange::Remove => match fs::remove_file(self.folder.at(&record_path(unit))) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    Err(Error::io(format!("delete the record of `{unit}`"), &error))
                }
                _ => Ok(()),
            },
        }
    }

    fn write_record(&self, unit: &UnitName, record: &UnitRecord) -> Result<(), Error> {
        let text = record.to_text();
        match unit {
            UnitName::Target(name) if self.stages_records => {
                write_plain(&self.folder.at(&format!("{STAGED_RECORDS}/{name}.yaml")), &text, false)
            }
            _ => self.replace(&record_path(unit), &text, false),
        }
    }

    /// The outermost folder that all files of the unit share, if nothing is there yet: then they
    /// can appear all at once, which costs less than one by one.
    fn new_folder<'p>(&self, plan: &'p UnitPlan) -> Result<Option<&'p str>, Error> {
        let all_new = plan.changes.iter().all(|change| change.decision == Decision::Create);
        let Some(first) = plan.changes.first().filter(|_| all_new && plan.changes.len() > 1) else {
            return Ok(None);
        };
        for above in first.path.folders() {
            let shared =
                plan.changes.iter().all(|change| change.path.folders().any(|folder| folder == above));
            if !shared {
                return Ok(None);
            }
            match self.folder.found(above)? {
                Found::Folder => {}
                // A folder that other units share as well appears when the first of them needs it.
                Found::Nothing if above.contains('/') || plan.unit == UnitName::Source => {
                    return Ok(Some(above));
                }
                Found::Nothing => return Ok(None),
                Found::File | Found::Other => return Err(refused(above, "no folder")),
            }
        }
        Ok(None)
    }

    fn stage(&self, plan: &UnitPlan, folder: &str) -> Result<(), Error> {
        let (parent, name) = folder.rsplit_once('/').map_or(("", folder), |(parent, name)| (parent, name));
        let parent = self.folder.at(parent);
        let staged = parent.join(format!("{TEMPORARY}{name}"));
        clear(&staged)?;
        let files: Vec<&File> = plan.changes.iter().filter_map(|change| change.new.as_ref()).collect();
        let inside = |file: &File| file.path.as_str()[folder.len() + 1..].to_owned();
        let mut folders = BTreeSet::from([staged.clone()]);
        folders
            .extend(files.iter().filter_map(|file| staged.join(inside(file)).parent().map(Path::to_owned)));
        folders.iter().try_for_each(|folder| make_folders(folder))?;
        for file in files {
            write_plain(&staged.join(inside(file)), &file.text, file.executable)?;
        }
        rename(&staged, &self.folder.at(folder))
    }

    /// Replaces a file, or makes it, in one step. A file that is there keeps its mode.
    fn replace(&self, path: &str, text: &str, executable: bool) -> Result<(), Error> {
        let target = self.folder.at(path);
        let failed = |error| Error::io(format!("write `{path}`"), &error);
        let parent = target.parent().unwrap_or(self.folder.root());
        make_folders(parent)?;
        let mut file = tempfile::Builder::new();
        file.prefix(TEMPORARY);
        let permissions = match fs::symlink_metadata(&target) {
            Ok(found) if found.is_file() => Some(found.permissions()),
            _ => permissions(executable),
        };
        if let Some(permissions) = permissions {
            file.permissions(permissions);
        }
        let mut file = file.tempfile_in(parent).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        file.persist(&target).map_err(|error| failed(error.error))?;
        Ok(())
    }

    /// Deletes a file, and the folders that become empty by it.
    fn delete(&self, path: &RelPath) -> Result<(), Error> {
        match fs::remove_file(self.folder.at(path.as_str())) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Error::io(format!("delete `{path}`"), &error));
            }
            _ => {}
        }
        let folders: Vec<_> = path.folders().collect();
        // A folder that is not empty stays, and so do those around it.
        folders
            .into_iter()
            .rev()
            .take_while(|folder| fs::remove_dir(self.folder.at(folder)).is_ok())
            .for_each(drop);
        Ok(())
    }
}

/// What a run says that was told to stop.
#[must_use]
pub(super) fn interrupted() -> Error {
    Error::one(Kind::Interrupted, "interrupted", "what was written is whole; run again to complete it")
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

fn make_folders(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(|error| Error::io(format!("make `{}`", path.display()), &error))
}

/// Writes a file that nobody looks at before its folder is renamed.
fn write_plain(path: &Path, text: &str, executable: bool) -> Result<(), Error> {
    let failed = |error| Error::io(format!("write `{}`", path.display()), &error);
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if executable { 0o777 } else { 0o666 });
    let mut file = options.open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)
}

/// The mode of a new file before the user's mask is applied.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have no modes")]
fn permissions(executable: bool) -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(fs::Permissions::from_mode(if executable { 0o777 } else { 0o666 }))
}

/// The mode of a new file: there is none.
#[cfg(not(unix))]
fn permissions(_: bool) -> Option<fs::Permissions> {
    None
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
