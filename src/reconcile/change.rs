//! What is to happen to the files of a tree, as values that every command reads.

use std::collections::BTreeSet;

use super::{Conflict, Decision, Disk, PackId, UnitRecord};
use crate::merge;
use crate::output::{File, RelPath, UnitName};

/// How a file differs from what it should be, as `check` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It should be there.
    Missing,
    /// The spec or the templates moved on.
    Stale,
    /// A person changed it; that alone is no difference.
    Edited,
    /// It should no longer be there.
    Orphan,
    /// A person has to decide.
    Conflict,
    /// The folder grants more than the spec does.
    Trust,
}

impl ChangeKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Missing, Self::Stale, Self::Edited, Self::Orphan, Self::Conflict, Self::Trust];

    /// What it means, in words.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Missing => "the file is missing",
            Self::Stale => "the spec or the templates have changed since it was written",
            Self::Edited => "a person changed it",
            Self::Orphan => "the file is no longer part of the output",
            Self::Conflict => "it needs a decision",
            Self::Trust => "the folder grants more than the spec does",
        }
    }

    /// The word in JSON and in text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::Edited => "edited",
            Self::Orphan => "orphan",
            Self::Conflict => "conflict",
            Self::Trust => "trust",
        }
    }
}

/// A file that is not as it should be, and what to do about it.
#[derive(Debug, Clone)]
pub struct Change {
    /// The file.
    pub path: RelPath,
    /// Where it is, if its template gave it another path.
    pub from: Option<RelPath>,
    /// What to do.
    pub decision: Decision,
    /// What is there now.
    pub before: Disk,
    /// The file as it is to stand there; in a conflict, the new file that the edit meets.
    pub after: Option<File>,
    /// In a conflict that a person is to resolve in the folder: what they are given.
    pub handed: Option<Box<ConflictFiles>>,
    /// In a conflict, where in the file it is.
    pub details: Vec<merge::Conflict>,
}

/// What a person is given to resolve a conflict with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConflictFiles {
    /// The file with both sides marked in it, or moved to its new path.
    pub file: Option<File>,
    /// The new text, beside the file.
    pub beside: Option<File>,
}

impl Change {
    /// A change without a conflict.
    #[must_use]
    pub fn new(path: RelPath, decision: Decision, before: Disk, after: Option<File>) -> Self {
        Self { path, from: None, decision, before, after, handed: None, details: Vec::new() }
    }

    /// How the file differs; `None` where only the record does.
    #[must_use]
    pub fn kind(&self) -> Option<ChangeKind> {
        match self.decision {
            Decision::Unchanged | Decision::Adopt | Decision::Forget => None,
            Decision::Create => Some(ChangeKind::Missing),
            Decision::Update | Decision::Merge | Decision::Move => Some(ChangeKind::Stale),
            Decision::Delete => Some(ChangeKind::Orphan),
            Decision::KeepEdited | Decision::KeepDeleted(_) => Some(ChangeKind::Edited),
            Decision::Conflict(_) => Some(ChangeKind::Conflict),
        }
    }

    /// Why a person has to decide, if so.
    #[must_use]
    pub fn conflict(&self) -> Option<Conflict> {
        match self.decision {
            Decision::Conflict(conflict) => Some(conflict),
            _ => None,
        }
    }

    /// The files that carrying it out writes: one where nothing is in conflict.
    pub fn writes(&self) -> impl Iterator<Item = &File> {
        let plain = match self.decision {
            Decision::Create | Decision::Update | Decision::Merge | Decision::Move => self.after.as_ref(),
            _ => None,
        };
        let handed = self.handed.iter().flat_map(|handed| handed.file.iter().chain(&handed.beside));
        plain.into_iter().chain(handed)
    }

    /// Whether carrying it out touches a file.
    #[must_use]
    pub fn is_write(&self) -> bool {
        self.decision == Decision::Delete || self.writes().next().is_some()
    }
}

/// What happens to the record of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordChange {
    /// It is true already.
    Keep,
    /// It is written anew.
    Write(Box<UnitRecord>),
    /// It goes with its unit.
    Remove,
}

/// Why a unit that the lock knows has no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MissingRecord {
    /// It is not there.
    Missing,
    /// It is damaged: what about it.
    Damaged(String),
}

/// What becomes of a unit as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It is generated for the first time.
    Added,
    /// It was there, and stays.
    Kept,
    /// From now on it is a retired target.
    Retired,
    /// It is no longer a retired target.
    Reinstated,
    /// The spec no longer has it.
    Removed,
}

impl Fate {
    /// What becomes of a unit that the output has, or no longer has, and that was or was not retired
    /// when it was generated before.
    pub(super) fn of(is_wanted: bool, retired: bool, before: Option<bool>) -> Self {
        match (is_wanted, before, retired) {
            (false, _, _) => Self::Removed,
            (true, None, _) => Self::Added,
            (true, Some(false), true) => Self::Retired,
            (true, Some(true), false) => Self::Reinstated,
            (true, Some(_), _) => Self::Kept,
        }
    }
}

/// What to do with the files of one unit.
#[derive(Debug, Clone)]
pub struct UnitPlan {
    /// The unit.
    pub unit: UnitName,
    /// What becomes of it as a whole.
    pub fate: Fate,
    /// Every file that is not as it should be, in the order of the manifest.
    pub changes: Vec<Change>,
    /// What happens to its record.
    pub record: RecordChange,
    /// What happens to its record once a person has resolved what was handed to them.
    pub resolved: Option<RecordChange>,
    /// Why there was no record of it to compare with, though the lock knows it.
    pub missing_record: Option<MissingRecord>,
    /// Whether people have Terraform of their own in its folders, where that was looked for.
    pub has_foreign: bool,
}

impl UnitPlan {
    /// The plan of a unit that is as it should be.
    #[must_use]
    pub fn clean(unit: UnitName) -> Self {
        Self {
            unit,
            fate: Fate::Kept,
            changes: Vec::new(),
            record: RecordChange::Keep,
            resolved: None,
            missing_record: None,
            has_foreign: false,
        }
    }

    /// Whether the spec no longer has it.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.fate == Fate::Removed
    }

    /// Whether a file of it is written or deleted.
    #[must_use]
    pub fn is_touched(&self) -> bool {
        self.changes.iter().any(Change::is_write)
    }

    /// The innermost folder that all its changes lie in.
    fn common_folder(&self) -> Option<&str> {
        let is_shared = |folder: &&str| {
            self.changes.iter().all(|change| change.path.folders().any(|other| other == *folder))
        };
        self.changes.first()?.path.folders().rfind(is_shared)
    }
}

/// What to do with a whole tree.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The templates that the tree was made by until now.
    pub from: PackId,
    /// The templates that the new texts came from.
    pub pack: PackId,
    /// Every unit that was looked at.
    pub units: Vec<UnitPlan>,
    /// Whether the lock has to be written.
    pub lock_changes: bool,
}

impl Plan {
    /// Every file that is not as it should be.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.units.iter().flat_map(|unit| &unit.changes)
    }

    /// How many files differ in this way.
    #[must_use]
    pub fn count(&self, kind: ChangeKind) -> usize {
        self.changes().filter(|change| change.kind() == Some(kind)).count()
    }

    /// Every folder with a file, at any depth, that is written or waits for a person.
    #[must_use]
    pub fn changed_folders(&self) -> BTreeSet<&str> {
        let mut folders = BTreeSet::new();
        let changes = self.changes().filter(|change| change.is_write() || change.conflict().is_some());
        let mut last = None;
        for change in changes {
            let folder = change.path.folders().next_back();
            if last == folder {
                // Files of one folder follow each other.
                continue;
            }
            last = folder;
            // Where a folder is known, those around it are.
            change.path.folders().rev().take_while(|folder| folders.insert(*folder)).for_each(drop);
        }
        folders
    }

    /// The folders that hold all files of a unit, which goes with this plan.
    #[must_use]
    pub fn emptied_folders(&self) -> Vec<&str> {
        self.units.iter().filter(|unit| unit.is_gone()).filter_map(UnitPlan::common_folder).collect()
    }

    /// Every file about which a person has to decide.
    pub fn conflicts(&self) -> impl Iterator<Item = (&Change, Conflict)> {
        self.changes().filter_map(|change| Some((change, change.conflict()?)))
    }

    /// Whether what is in conflict can be written for a person to resolve in the folder.
    #[must_use]
    pub fn is_handed_over(&self) -> bool {
        self.conflicts().all(|(change, _)| change.handed.is_some())
    }

    /// Whether other templates made the tree until now.
    #[must_use]
    pub fn is_upgrade(&self) -> bool {
        self.from != PackId::default() && self.from != self.pack
    }

    /// The units whose record is lost, and why.
    pub fn missing_records(&self) -> impl Iterator<Item = (&UnitPlan, &MissingRecord)> {
        self.units.iter().filter_map(|unit| Some((unit, unit.missing_record.as_ref()?)))
    }

    /// Units whose files are there, although no record knows them.
    pub fn unrecorded(&self) -> impl Iterator<Item = &UnitPlan> {
        let is_there =
            |unit: &&UnitPlan| unit.changes.iter().any(|change| change.decision == Decision::Adopt);
        self.units.iter().filter(|unit| unit.fate == Fate::Added).filter(is_there)
    }

    /// Whether the tree is as it should be, a person's kept edits aside.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.missing_records().next().is_none()
            && self.unrecorded().next().is_none()
            && self.changes().all(|change| matches!(change.kind(), None | Some(ChangeKind::Edited)))
    }

    /// Whether the tree is as it should be, and nobody edited it either.
    #[must_use]
    pub fn is_pristine(&self) -> bool {
        self.missing_records().next().is_none()
            && self.unrecorded().next().is_none()
            && self.changes().all(|change| change.kind().is_none())
    }

    /// Whether carrying it out would touch no file and no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.lock_changes
            && self.conflicts().next().is_none()
            && self.changes().all(|change| !change.is_write())
            && self.units.iter().all(|unit| unit.record == RecordChange::Keep)
    }
}
