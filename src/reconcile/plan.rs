//! The plan of one unit, and of the whole tree.

use std::sync::Arc;

use super::{Conflict, Decision, Disk, PackId, UnitRecord, decide};
use crate::tree::{File, FileKind, RelPath, Unit, UnitName};

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
}

impl ChangeKind {
    /// The word in JSON and in text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::Edited => "edited",
            Self::Orphan => "orphan",
            Self::Conflict => "conflict",
        }
    }
}

/// A file that is not as it should be, and what to do about it.
#[derive(Debug, Clone)]
pub struct Change {
    /// The file.
    pub path: RelPath,
    /// What to do.
    pub decision: Decision,
    /// What is there now, where it will be shown or written over.
    pub before: Disk,
    /// The new file, where one is wanted.
    pub new: Option<File>,
}

impl Change {
    /// How the file differs; `None` where only the record does.
    #[must_use]
    pub fn kind(&self) -> Option<ChangeKind> {
        match self.decision {
            Decision::Unchanged | Decision::Adopt | Decision::Forget => None,
            Decision::Create => Some(ChangeKind::Missing),
            Decision::Update => Some(ChangeKind::Stale),
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

    /// Whether carrying it out touches the file.
    #[must_use]
    pub fn is_write(&self) -> bool {
        matches!(self.decision, Decision::Create | Decision::Update | Decision::Delete)
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

/// What to do with the files of one unit.
#[derive(Debug, Clone)]
pub struct UnitPlan {
    /// The unit.
    pub unit: UnitName,
    /// Every file that is not as it should be, in the order of the manifest.
    pub changes: Vec<Change>,
    /// What happens to its record.
    pub record: RecordChange,
    /// The digest of its record, once the plan is carried out.
    pub digest: Option<String>,
}

impl UnitPlan {
    /// The plan of a unit that is as it should be.
    #[must_use]
    pub fn clean(unit: UnitName, digest: String) -> Self {
        Self { unit, changes: Vec::new(), record: RecordChange::Keep, digest: Some(digest) }
    }
}

/// What to do with a whole tree.
#[derive(Debug, Clone, Default)]
pub struct Plan {
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

    /// Whether the tree is as it should be, a person's kept edits aside.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.changes().all(|change| matches!(change.kind(), None | Some(ChangeKind::Edited)))
    }

    /// Whether the tree is as it should be, and nobody edited it either.
    #[must_use]
    pub fn is_pristine(&self) -> bool {
        self.changes().all(|change| change.kind().is_none())
    }

    /// Whether carrying it out would touch no file and no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.lock_changes
            && self.changes().all(|change| !change.is_write())
            && self.units.iter().all(|unit| unit.record == RecordChange::Keep)
    }
}

/// Compares a unit with its record and with the disk.
///
/// `new` is `None` for a unit that is no longer part of the output; `retired` is what the new
/// record says of it. `disk` is asked once for every path that matters.
///
/// # Errors
/// Whatever `disk` fails with.
pub fn plan_unit<E>(
    name: &UnitName,
    new: Option<&Unit>,
    retired: bool,
    base: Option<&UnitRecord>,
    disk: &mut dyn FnMut(&RelPath) -> Result<Disk, E>,
    restore: &dyn Fn(&RelPath) -> bool,
) -> Result<UnitPlan, E> {
    let mut changes = Vec::new();
    let mut record = new.map(|unit| UnitRecord {
        unit: name.clone(),
        retired,
        files: Vec::with_capacity(unit.files.len()),
    });
    for file in new.into_iter().flat_map(|unit| &unit.files) {
        let known = base.and_then(|base| base.base(&file.path));
        let before = disk(&file.path)?;
        let text = known.map(|known| &*known.text);
        let kind = FileKind::of(file.path.as_str());
        let decision = decide(kind, file.policy, text, &before, Some(&file.text), restore(&file.path));
        if let Some(record) = &mut record {
            record.files.push(recorded(file, decision, text));
        }
        if decision != Decision::Unchanged {
            changes.push(Change { path: file.path.clone(), decision, before, new: Some(file.clone()) });
        }
    }
    let wanted = |path: &RelPath| new.is_some_and(|unit| unit.files.iter().any(|file| file.path == *path));
    for known in base.into_iter().flat_map(|base| &base.files).filter(|known| !wanted(&known.path)) {
        let before = disk(&known.path)?;
        let kind = FileKind::of(known.path.as_str());
        let decision = decide(kind, known.policy, Some(&known.text), &before, None, false);
        changes.push(Change { path: known.path.clone(), decision, before, new: None });
    }
    let record = match record {
        Some(record) if base == Some(&record) => RecordChange::Keep,
        Some(record) => RecordChange::Write(Box::new(record)),
        None => RecordChange::Remove,
    };
    Ok(UnitPlan { unit: name.clone(), changes, record, digest: None })
}

/// What the record says of a file afterwards. Where a person's text stays, so does its base.
fn recorded(file: &File, decision: Decision, base: Option<&str>) -> super::RecordedFile {
    let keeps_base = matches!(decision, Decision::KeepDeleted(_) | Decision::Conflict(_));
    let text = match base.filter(|_| keeps_base) {
        Some(base) => base.into(),
        None => Arc::clone(&file.text),
    };
    super::RecordedFile {
        path: file.path.clone(),
        template: Arc::clone(&file.template),
        policy: file.policy,
        text,
    }
}
