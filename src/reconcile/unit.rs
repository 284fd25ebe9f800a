//! The plan of one unit: every file compared on three sides, and edits brought together with what is
//! new.

use std::sync::Arc;

use super::change::{Change, RecordChange, UnitPlan};
use super::overrides::Overrides;
use super::settle::{Settled, settle};
use super::{Decision, Disk, RecordedFile, UnitRecord, decide, folder, taken};
use crate::merge::{self, Labels, Resolution, Style};
use crate::tree::{File, FileKind, Policy, RelPath, Unit, UnitName};

/// The folder, as far as planning asks for it.
pub trait OnDisk {
    /// Why it could not be looked at.
    type Error;

    /// What stands at a path.
    ///
    /// # Errors
    /// When it cannot be looked at.
    fn read(&mut self, path: &RelPath) -> Result<Disk, Self::Error>;

    /// The Terraform files right in a folder, whoever wrote them.
    ///
    /// # Errors
    /// When it cannot be listed.
    fn terraform_files(&mut self, folder: &str) -> Result<Vec<RelPath>, Self::Error>;

    /// The names of everything right in a folder, those of folders with a slash at their end.
    ///
    /// # Errors
    /// When it cannot be listed.
    fn entries(&mut self, folder: &str) -> Result<Vec<String>, Self::Error>;
}

/// What to do where an edit and what is new do not go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnConflict {
    /// Write nothing at all.
    Abort,
    /// Mark both sides in the file; where markers would break the file, as `Sidecar`.
    Inline,
    /// Leave the file, and put the new text beside it.
    Sidecar,
    /// Keep the edit.
    Ours,
    /// Take what is new.
    Theirs,
}

impl OnConflict {
    /// The same for one file.
    #[must_use]
    pub(super) fn resolution(self) -> Resolution {
        match self {
            Self::Abort | Self::Inline | Self::Sidecar => Resolution::Mark(Style::Zdiff3),
            Self::Ours => Resolution::Ours,
            Self::Theirs => Resolution::Theirs,
        }
    }
}

/// What holds for all units of a run.
pub struct Terms<'t> {
    /// What to do with conflicts.
    pub on_conflict: OnConflict,
    /// What the sides are called where conflicts are marked.
    pub labels: Labels,
    /// Whether other templates wrote the tree: then a file that has another path moved.
    pub is_upgrade: bool,
    /// Whether files that are nobody's to edit are taken back.
    pub force: bool,
    /// Policies that the repository sets itself.
    pub overrides: Overrides,
    /// Whether a deleted file is wanted back.
    pub restore: &'t (dyn Fn(&RelPath) -> bool + Sync),
    /// Whether a file is of any unit: it is asked about few.
    pub is_generated: &'t (dyn Fn(&RelPath) -> bool + Sync),
}

/// A file with its three sides, and what is to be done about it.
#[derive(Debug)]
pub(super) struct Row<'r> {
    /// Where it goes, or is.
    pub(super) path: RelPath,
    /// Where it is, if its template gave it another path.
    pub(super) from: Option<RelPath>,
    /// The file as generated now.
    pub(super) file: Option<&'r File>,
    /// The file as it was last generated.
    pub(super) known: Option<&'r RecordedFile>,
    /// What is there.
    pub(super) disk: Disk,
    /// The three texts, where blocks were followed from file to file.
    pub(super) moved: Option<folder::Texts>,
    /// The blocks that are left out of the new text, because a person has others of their address.
    pub(super) taken: Vec<merge::Conflict>,
    pub(super) policy: Policy,
    pub(super) decision: Decision,
}

impl Row<'_> {
    /// What kind of file it is.
    pub(super) fn kind(&self) -> FileKind {
        FileKind::of(self.path.as_str())
    }

    /// The text last generated.
    pub(super) fn base(&self) -> Option<&str> {
        match &self.moved {
            Some(texts) => texts.base.as_deref(),
            None => self.known.map(|known| &*known.text),
        }
    }

    /// The text that a person left.
    pub(super) fn ours(&self) -> Option<&str> {
        match (&self.moved, &self.disk) {
            (Some(texts), _) => texts.ours.as_deref(),
            (None, Disk::Text(text)) => Some(text),
            (None, Disk::Absent | Disk::Bytes) => None,
        }
    }

    /// The new text.
    pub(super) fn theirs(&self) -> Option<&str> {
        match &self.moved {
            Some(texts) => texts.theirs.as_deref(),
            None => self.file.map(|file| &*file.text),
        }
    }

    /// The file with another text.
    pub(super) fn with_text(&self, text: impl Into<Arc<str>>) -> File {
        let text = text.into();
        match self.file {
            Some(file) => File { text, ..file.clone() },
            None => File {
                path: self.path.clone(),
                template: "".into(),
                policy: self.policy,
                executable: false,
                text,
            },
        }
    }
}

/// Compares a unit with its record and with the disk.
///
/// `new` is `None` for a unit that is no longer part of the output; `retired` is what the new
/// record says of it. `disk` is asked once for every path that matters.
///
/// # Errors
/// Whatever `disk` fails with.
pub fn plan_unit<D: OnDisk>(
    name: &UnitName,
    new: Option<&Unit>,
    retired: bool,
    base: Option<&UnitRecord>,
    disk: &mut D,
    terms: &Terms<'_>,
) -> Result<UnitPlan, D::Error> {
    let mut rows = rows(new, base, disk, terms)?;
    taken::leave_out(&mut rows, disk, terms)?;
    folder::follow_moves(&mut rows, disk, terms)?;
    let mut changes = Vec::new();
    let mut now = Vec::with_capacity(rows.len());
    let mut resolved = Vec::new();
    let mut is_handed = false;
    let settled: Vec<_> = rows.iter().map(|row| settle(row, terms)).collect();
    let waiting = folder::waiting(&rows, &settled);
    for (row, settled) in rows.iter().zip(settled) {
        let Settled { changes: settled, mut entry, resolved: entry_then } = settled;
        if row.moved.is_some() && waiting.contains(folder::folder_of(&row.path)) {
            entry = row.known.cloned();
        }
        is_handed |= settled.iter().any(|change| change.handed.is_some());
        changes.extend(settled);
        now.extend(entry);
        resolved.extend(entry_then);
    }
    let record = |files: Vec<RecordedFile>| {
        if new.is_none() && files.is_empty() {
            return RecordChange::Remove;
        }
        let record = UnitRecord { unit: name.clone(), retired, files };
        if base == Some(&record) { RecordChange::Keep } else { RecordChange::Write(Box::new(record)) }
    };
    let record = (record(now), is_handed.then(|| record(resolved)));
    Ok(UnitPlan {
        unit: name.clone(),
        is_gone: new.is_none(),
        changes,
        record: record.0,
        digest: None,
        resolved: record.1,
        lost: None,
    })
}

/// Every file that is wanted now, in the order of the manifest, and then those that no longer are.
fn rows<'r, D: OnDisk>(
    new: Option<&'r Unit>,
    base: Option<&'r UnitRecord>,
    disk: &mut D,
    terms: &Terms<'_>,
) -> Result<Vec<Row<'r>>, D::Error> {
    let wanted = new.map_or(&[][..], |unit| &unit.files);
    let mut rows = Vec::with_capacity(wanted.len());
    for file in wanted {
        rows.push(wanted_row(file, wanted, base, disk, terms)?);
    }
    let moved = |path: &RelPath| rows.iter().any(|row: &Row<'_>| row.from.as_ref() == Some(path));
    let is_gone =
        |known: &&RecordedFile| !wanted.iter().any(|file| file.path == known.path) && !moved(&known.path);
    let gone: Vec<_> = base.into_iter().flat_map(|base| &base.files).filter(is_gone).collect();
    for known in gone {
        let name = (&known.path, known.policy);
        rows.push(row(name, None, Some(known), None, disk.read(&known.path)?, terms));
    }
    Ok(rows)
}

fn wanted_row<'r, D: OnDisk>(
    file: &'r File,
    wanted: &[File],
    base: Option<&'r UnitRecord>,
    disk: &mut D,
    terms: &Terms<'_>,
) -> Result<Row<'r>, D::Error> {
    let here = disk.read(&file.path)?;
    let name = (&file.path, file.policy);
    let row = |known, from, disk| row(name, Some(file), known, from, disk, terms);
    let known = base.and_then(|base| base.base(&file.path));
    let moved =
        base.filter(|_| known.is_none() && terms.is_upgrade).and_then(|base| base.moved(file, wanted));
    let Some(moved) = moved else {
        return Ok(row(known, None, here));
    };
    let there = disk.read(&moved.path)?;
    if there == Disk::Absent {
        // Somebody moved it before us: a run that was cut off, or a person.
        return Ok(row(Some(moved), None, here));
    }
    let from_there = row(Some(moved), Some(moved.path.clone()), there);
    let is_there_already = || match settle(&from_there, terms).changes.first() {
        Some(Change { decision: Decision::Move, after: Some(after), .. }) => {
            here == Disk::Text(after.text.to_string())
        }
        _ => false,
    };
    if here == Disk::Absent || is_there_already() { Ok(from_there) } else { Ok(row(None, None, here)) }
}

/// Compares a file's three sides.
fn row<'r>(
    (path, of_template): (&RelPath, Policy),
    file: Option<&'r File>,
    known: Option<&'r RecordedFile>,
    from: Option<RelPath>,
    disk: Disk,
    terms: &Terms<'_>,
) -> Row<'r> {
    let policy = terms.overrides.policy(path, of_template);
    let restore = file.is_some() && (terms.restore)(path);
    let (base, new) = (known.map(|known| &*known.text), file.map(|file| &*file.text));
    let decision = decide(FileKind::of(path.as_str()), policy, base, &disk, new, restore);
    Row { path: path.clone(), from, file, known, disk, moved: None, taken: Vec::new(), policy, decision }
}
