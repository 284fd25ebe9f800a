//! What is done about one file: its change, and what the record says of it from then on.

use std::sync::Arc;

use super::change::{Change, ConflictFiles};
use super::file_state::{FileState, OnConflict, PlanOptions};
use super::{Conflict, Decision, Disk, RecordedFile};
use crate::merge::{self, Merged};
use crate::output::{File, FileKind, RelPath, UpdateMode};
use crate::sides::Sides;

/// What stands beside a file that a person is to merge themselves.
pub const BESIDE: &str = ".template-new";

/// What is done about one file, whole.
pub(super) struct Resolved {
    /// What happens to it, and to the path it leaves.
    pub(super) changes: Vec<Change>,
    /// What the record says of it then.
    pub(super) entry: Option<RecordedFile>,
    /// What the record says of it once a person has resolved its conflict.
    pub(super) entry_then: Option<RecordedFile>,
}

pub(super) fn resolve(row: &FileState<'_>, options: &PlanOptions<'_>) -> Resolved {
    let change = match row.decision {
        Decision::Merge => merge_edit(row, options),
        Decision::Conflict(conflict) => conflict_change(row, conflict, None, options),
        Decision::Unchanged | Decision::Update | Decision::Adopt | Decision::KeepEdited => keep_or_take(row),
        decision => plain(row, decision),
    };
    let change = if row.taken.is_empty() { change } else { without_duplicates(row, change, options) };
    let resolved = row.file.map(|file| entry(file, &file.text));
    let entry = match change.decision {
        // Until it is resolved, the text from which the edit is told stays.
        Decision::Conflict(_) => row.known.cloned(),
        // Where its blocks were followed, they took what is new along.
        Decision::KeepDeleted(_) if row.moved.is_none() => {
            row.file.map(|file| entry(file, row.base().unwrap_or(&file.text)))
        }
        // What is written once is told from what it was then.
        Decision::KeepEdited if row.mode == UpdateMode::Once => row.known.cloned(),
        _ => resolved.clone(),
    };
    let resolved = if matches!(change.decision, Decision::KeepDeleted(_)) { entry.clone() } else { resolved };
    let leaves = change.is_write() || matches!(change.decision, Decision::Move);
    let mut changes = Vec::with_capacity(2);
    if change.decision != Decision::Unchanged {
        changes.push(change);
    }
    if let Some(from) = row.from.as_ref().filter(|_| leaves) {
        changes.push(Change::new(from.clone(), Decision::Delete, row.disk.clone(), None));
    }
    Resolved { changes, entry, entry_then: resolved }
}

/// What a record says of a file with a text.
fn entry(file: &File, text: &str) -> RecordedFile {
    let text = if *text == *file.text { Arc::clone(&file.text) } else { text.into() };
    let File { path, template, mode, .. } = file;
    RecordedFile { path: path.clone(), template: Arc::clone(template), mode: *mode, text, others: Vec::new() }
}

fn plain(row: &FileState<'_>, decision: Decision) -> Change {
    // What stood at another path did not stand here.
    let before = if row.from.is_some() { Disk::Absent } else { row.disk.clone() };
    let after = row.theirs().map(|text| match row.file {
        Some(file) if *text == *file.text => file.clone(),
        _ => row.with_text(text),
    });
    Change { from: row.from.clone(), ..Change::new(row.path.clone(), decision, before, after) }
}

/// One side is what the file shall say; it may stand elsewhere, or have moved between files.
fn keep_or_take(row: &FileState<'_>) -> Change {
    let takes_new =
        row.decision == Decision::Update || (row.decision == Decision::Unchanged && row.from.is_some());
    let wanted = if takes_new { row.theirs() } else { row.ours() };
    let is_there = row.from.is_none() && wanted.is_some_and(|wanted| holds(&row.disk, wanted));
    match wanted {
        Some(wanted) if !is_there => write(row, wanted),
        _ => plain(row, row.decision),
    }
}

fn holds(disk: &Disk, text: &str) -> bool {
    matches!(disk, Disk::Text(found) if found == text)
}

/// Writes a text, which may be the new one, a person's own, or both merged.
fn write(row: &FileState<'_>, text: &str) -> Change {
    let decision = match (&row.from, row.decision) {
        (Some(_), _) => Decision::Move,
        (None, Decision::Update) => Decision::Update,
        (None, _) => Decision::Merge,
    };
    Change { after: Some(row.with_text(text)), ..plain(row, decision) }
}

fn merge_edit(row: &FileState<'_>, options: &PlanOptions<'_>) -> Change {
    let (Some(ours), Some(theirs)) = (row.ours(), row.theirs()) else {
        return conflict_change(row, Conflict::Edited, None, options);
    };
    let sides = Sides { base: row.base().unwrap_or_default(), ours, theirs };
    let merged = merge::merge(row.kind(), sides, options.on_conflict.resolution(), &options.labels);
    let takes_side = matches!(options.on_conflict, OnConflict::Ours | OnConflict::Theirs);
    if !takes_side && !merged.conflicts.is_empty() {
        return conflict_change(row, Conflict::Edited, Some(&merged), options);
    }
    if row.from.is_none() && holds(&row.disk, &merged.text) {
        return plain(row, Decision::Adopt);
    }
    if row.file.is_none() && merged.text.trim().is_empty() {
        return plain(row, Decision::Delete);
    }
    write(row, &merged.text)
}

/// A conflict, resolved or handed over as was asked.
fn conflict_change(
    row: &FileState<'_>,
    conflict: Conflict,
    merged: Option<&Merged>,
    options: &PlanOptions<'_>,
) -> Change {
    let unresolved = || Change {
        details: merged.map(|merged| merged.conflicts.clone()).unwrap_or_default(),
        ..plain(row, Decision::Conflict(conflict))
    };
    if conflict == Conflict::EditedManaged && options.force {
        return plain(row, Decision::Update);
    }
    match (options.on_conflict, conflict) {
        // What is not ours is not overwritten, whatever is asked.
        // And markers around markers help nobody.
        (OnConflict::Abort, _)
        | (OnConflict::Theirs, Conflict::Foreign)
        | (OnConflict::Inline | OnConflict::Sidecar, Conflict::Marked) => unresolved(),
        (OnConflict::Ours, Conflict::EditedAndGone) => plain(row, Decision::Forget),
        (OnConflict::Ours, _) => keep(row),
        (OnConflict::Theirs, Conflict::EditedAndGone) => plain(row, Decision::Delete),
        (OnConflict::Theirs, _) => plain(row, Decision::Update),
        (OnConflict::Inline | OnConflict::Sidecar, _) => {
            let handed = conflict_files(row, conflict, merged, options.on_conflict);
            Change { handed: Some(Box::new(handed)), ..unresolved() }
        }
    }
}

/// What is left of a file without the blocks that a person has already is written only where that
/// person is to look into it.
fn without_duplicates(row: &FileState<'_>, rest: Change, options: &PlanOptions<'_>) -> Change {
    let details: Vec<_> = rest.details.iter().chain(&row.taken).cloned().collect();
    if rest.conflict().is_some() {
        return Change { details, ..rest };
    }
    let is_handed = matches!(options.on_conflict, OnConflict::Inline | OnConflict::Sidecar);
    let handed = is_handed.then(|| {
        let beside = beside(row).zip(row.file);
        ConflictFiles {
            file: rest.writes().next().cloned(),
            beside: beside.map(|(path, file)| File { path, ..file.clone() }),
        }
    });
    let decision = Decision::Conflict(Conflict::Taken);
    Change { decision, after: row.file.cloned(), handed: handed.map(Box::new), details, ..rest }
}

/// Where the new text of a file goes that is not to be overwritten.
fn beside(row: &FileState<'_>) -> Option<RelPath> {
    RelPath::new(&format!("{}{BESIDE}", row.path))
}

/// The edit stays, and the record goes on.
fn keep(row: &FileState<'_>) -> Change {
    match row.ours() {
        Some(ours) if row.from.is_some() => write(row, ours),
        _ => plain(row, Decision::Adopt),
    }
}

fn conflict_files(
    row: &FileState<'_>,
    conflict: Conflict,
    merged: Option<&Merged>,
    on_conflict: OnConflict,
) -> ConflictFiles {
    if conflict == Conflict::EditedAndGone {
        return ConflictFiles::default();
    }
    let marked = merged.filter(|_| on_conflict == OnConflict::Inline && row.kind() != FileKind::Json);
    if let Some(marked) = marked {
        return ConflictFiles { file: Some(row.with_text(marked.text.as_str())), beside: None };
    }
    let moved = row.ours().filter(|_| row.from.is_some() || row.moved.is_some());
    let beside = beside(row).zip(row.theirs());
    ConflictFiles {
        file: moved.map(|ours| row.with_text(ours)),
        beside: beside.map(|(path, text)| File { path, ..row.with_text(text) }),
    }
}
