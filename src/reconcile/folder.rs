//! Blocks that moved from one Terraform file of a folder to another, which Terraform does not mind.

use std::collections::{BTreeMap, BTreeSet};

use super::file_state::{FileState, FolderView, PlanOptions, Texts};
use super::resolve::Resolved;
use super::{Conflict, Decision, Disk, decide};
use crate::merge::follow_moves as follow;
use crate::output::{FileKind, RelPath, UpdateMode};

/// Follows blocks from file to file in each folder where an edit meets something new, and decides
/// again about the files that they left and reached.
pub(super) fn follow_moves<D: FolderView>(
    rows: &mut Vec<FileState<'_>>,
    disk: &mut D,
    options: &PlanOptions<'_>,
) -> Result<(), D::Error> {
    let folders: BTreeSet<String> =
        rows.iter().filter(|row| may_have_moved(row)).map(|row| folder_of(&row.path).to_owned()).collect();
    for folder in folders {
        follow_in(&folder, rows, disk, options)?;
    }
    Ok(())
}

fn may_have_moved(row: &FileState<'_>) -> bool {
    let is_met = matches!(
        row.decision,
        Decision::Merge | Decision::KeepDeleted(_) | Decision::Conflict(Conflict::EditedAndGone)
    );
    // What a person took out of a file and the templates drop from it may stand elsewhere still.
    let is_taken_out = matches!(row.decision, Decision::Adopt | Decision::Forget) && row.known.is_some();
    (is_met || is_taken_out) && row.mode == UpdateMode::Merge && is_hcl(&row.path)
}

pub(super) fn is_hcl(path: &RelPath) -> bool {
    FileKind::of(path.as_str()) == FileKind::Hcl
}

/// The folders in which a block that was followed is in conflict: until that is resolved, the texts
/// from which its files' edits are told stay, whichever file it is in.
pub(super) fn waiting<'r>(rows: &'r [FileState<'_>], resolved: &[Resolved]) -> BTreeSet<&'r str> {
    let is_waiting = |resolved: &Resolved| resolved.changes.iter().any(|change| change.conflict().is_some());
    let rows = rows.iter().zip(resolved);
    let waiting = rows.filter(|(row, resolved)| row.moved.is_some() && is_waiting(resolved));
    waiting.map(|(row, _)| folder_of(&row.path)).collect()
}

/// The folder that a file is in.
pub(super) fn folder_of(path: &RelPath) -> &str {
    path.folders().next_back().unwrap_or_default()
}

fn follow_in<D: FolderView>(
    folder: &str,
    rows: &mut Vec<FileState<'_>>,
    disk: &mut D,
    options: &PlanOptions<'_>,
) -> Result<(), D::Error> {
    let is_here = |row: &FileState<'_>| {
        folder_of(&row.path) == folder && is_hcl(&row.path) && row.disk != Disk::Bytes && row.from.is_none()
    };
    let text = |text: Option<&str>| text.map(str::to_owned);
    let sides = |row: &FileState<'_>| Texts {
        base: text(row.base()),
        ours: text(row.ours()),
        theirs: text(row.theirs()),
    };
    let mut files: BTreeMap<String, Texts> =
        rows.iter().filter(|row| is_here(row)).map(|row| (row.path.to_string(), sides(row))).collect();
    let mut own = Vec::new();
    for path in disk.terraform_files(folder)? {
        if !is_hcl(&path) || files.contains_key(path.as_str()) || rows.iter().any(|row| row.path == path) {
            continue;
        }
        if let Disk::Text(found) = disk.read(&path)? {
            files.insert(path.to_string(), Texts { base: None, ours: Some(found.clone()), theirs: None });
            own.push((path, found));
        }
    }
    let before = files.clone();
    follow(&mut files);
    files.retain(|path, texts| before.get(path) != Some(texts));
    for row in rows.iter_mut() {
        if let Some(texts) = files.remove(row.path.as_str()) {
            redecide(row, texts, options);
        }
    }
    for (path, found) in own {
        if let Some(texts) = files.remove(path.as_str()) {
            let mut row = FileState {
                path,
                from: None,
                file: None,
                known: None,
                disk: Disk::Text(found),
                moved: None,
                taken: Vec::new(),
                mode: UpdateMode::Merge,
                decision: Decision::Unchanged,
            };
            redecide(&mut row, texts, options);
            rows.push(row);
        }
    }
    Ok(())
}

/// Decides again about a row, by other texts.
pub(super) fn redecide(row: &mut FileState<'_>, texts: Texts, options: &PlanOptions<'_>) {
    let disk = texts.ours.clone().map_or(Disk::Absent, Disk::Text);
    let restore = (options.restore)(&row.path);
    let (base, theirs) = (texts.base.as_deref(), texts.theirs.as_deref());
    row.decision = decide(row.kind(), row.mode, base, &disk, theirs, restore);
    row.moved = Some(texts);
}
