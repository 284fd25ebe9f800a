//! The plan of one unit: every file compared on three sides, and edits brought together with what is
//! new.

use super::branches::{self, Met};
use super::change::{Change, Fate, RecordChange, UnitPlan};
use super::file_state::{FileState, FolderView, PlanOptions};
use super::resolve::{Resolved, resolve};
use super::{Conflict, Decision, Disk, RecordedFile, UnitRecord, decide, duplicate_blocks, folder};
use crate::output::{File, FileKind, RelPath, Unit, UnitName, UpdateMode};

/// Compares a unit with its record and with the disk.
///
/// `new` is `None` for a unit that is no longer part of the output; `retired` is what the new
/// record says of it. `disk` is asked once for every path that matters.
///
/// # Errors
/// Whatever `disk` fails with.
pub fn plan_unit<D: FolderView>(
    name: &UnitName,
    new: Option<&Unit>,
    retired: bool,
    base: Option<&UnitRecord>,
    disk: &mut D,
    options: &PlanOptions<'_>,
) -> Result<UnitPlan, D::Error> {
    let mut rows = rows(new, base, disk, options)?;
    duplicate_blocks::omit_duplicates(&mut rows, disk, options)?;
    folder::follow_moves(&mut rows, disk, options)?;
    let mut changes = Vec::with_capacity(rows.len());
    let mut now = Vec::with_capacity(rows.len());
    let mut resolved = Vec::with_capacity(rows.len());
    let mut is_handed = false;
    let decided: Vec<_> = rows.iter().map(|row| resolve(row, options)).collect();
    let waiting = folder::waiting(&rows, &decided);
    for (row, decided) in rows.iter().zip(decided) {
        let Resolved { changes: of_file, mut entry, entry_then } = decided;
        if row.moved.is_some() && waiting.contains(folder::folder_of(&row.path)) {
            entry = row.known.cloned();
        }
        is_handed |= of_file.iter().any(|change| change.handed.is_some());
        changes.extend(of_file);
        now.extend(entry);
        resolved.extend(entry_then);
    }
    let record = |files: Vec<RecordedFile>| {
        if new.is_none() && files.is_empty() {
            return RecordChange::Remove;
        }
        let record = UnitRecord { unit: name.clone(), retired, is_merged: false, files };
        if base == Some(&record) { RecordChange::Keep } else { RecordChange::Write(Box::new(record)) }
    };
    let record = (record(now), is_handed.then(|| record(resolved)));
    Ok(UnitPlan {
        unit: name.clone(),
        fate: Fate::of(new.is_some(), retired, base.map(|base| base.retired)),
        changes,
        record: record.0,
        resolved: record.1,
        missing_record: None,
        has_foreign: false,
    })
}

/// Every file that is wanted now, in the order of the manifest, and then those that no longer are.
fn rows<'r, D: FolderView>(
    new: Option<&'r Unit>,
    base: Option<&'r UnitRecord>,
    disk: &mut D,
    options: &PlanOptions<'_>,
) -> Result<Vec<FileState<'r>>, D::Error> {
    let wanted = new.map_or(&[][..], |unit| &unit.files);
    let mut rows = Vec::with_capacity(wanted.len());
    for file in wanted {
        rows.push(wanted_row(file, wanted, base, disk, options)?);
    }
    let moved = |path: &RelPath| rows.iter().any(|row: &FileState<'_>| row.from.as_ref() == Some(path));
    let is_gone =
        |known: &&RecordedFile| !wanted.iter().any(|file| file.path == known.path) && !moved(&known.path);
    let gone: Vec<_> = base.into_iter().flat_map(|base| &base.files).filter(is_gone).collect();
    for known in gone {
        let name = (&known.path, known.mode);
        rows.push(row(name, None, Some(known), None, disk.read(&known.path)?, options));
    }
    Ok(rows)
}

fn wanted_row<'r, D: FolderView>(
    file: &'r File,
    wanted: &[File],
    base: Option<&'r UnitRecord>,
    disk: &mut D,
    options: &PlanOptions<'_>,
) -> Result<FileState<'r>, D::Error> {
    let here = disk.read(&file.path)?;
    let name = (&file.path, file.mode);
    let row = |known, from, disk| row(name, Some(file), known, from, disk, options);
    let known = base.and_then(|base| base.base(&file.path));
    let moved =
        base.filter(|_| known.is_none() && options.is_upgrade).and_then(|base| base.moved(file, wanted));
    let Some(moved) = moved else {
        return Ok(row(known, None, here));
    };
    let there = disk.read(&moved.path)?;
    if there == Disk::Absent {
        // Somebody moved it before us: a run that was cut off, or a person.
        return Ok(row(Some(moved), None, here));
    }
    let from_there = row(Some(moved), Some(moved.path.clone()), there);
    let is_there_already = || match resolve(&from_there, options).changes.first() {
        Some(Change { decision: Decision::Move, after: Some(after), .. }) => {
            here == Disk::Text(after.text.to_string())
        }
        _ => false,
    };
    if here == Disk::Absent || is_there_already() { Ok(from_there) } else { Ok(row(None, None, here)) }
}

/// Compares a file's three sides.
fn row<'r>(
    (path, of_template): (&RelPath, UpdateMode),
    file: Option<&'r File>,
    known: Option<&'r RecordedFile>,
    from: Option<RelPath>,
    disk: Disk,
    options: &PlanOptions<'_>,
) -> FileState<'r> {
    let mode = options.overrides.mode(path, of_template);
    let restore = file.is_some() && (options.restore)(path);
    let (base, new) = (known.map(|known| &*known.text), file.map(|file| &*file.text));
    let kind = FileKind::of(path.as_str());
    let decision = decide(kind, mode, base, &disk, new, restore);
    let met = match (known, &disk) {
        (Some(known), Disk::Text(found)) => branches::settle((kind, mode), known, found, new),
        _ => Met::AsRecorded,
    };
    let path = path.clone();
    let (moved, taken) = (None, Vec::new());
    let mut row = FileState { path, from, file, known, disk, moved, taken, mode, decision };
    match met {
        Met::AsRecorded => {}
        Met::Texts(texts) => folder::redecide(&mut row, texts, options),
        Met::Unclear => row.decision = Decision::Conflict(Conflict::Branches),
    }
    row
}
