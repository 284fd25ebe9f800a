//! Blocks that what is new adds to a folder although a person has them there already, in another
//! file: Terraform refuses a second block of an address.
//!
//! A block that says the same is taken over where it stands. One that says something else is a
//! conflict; either way it is left out of the new text, and nobody's file is changed.

use std::collections::{BTreeMap, BTreeSet};

use super::equivalent::equivalent;
use super::file_state::{FileState, FolderView, OnConflict, PlanOptions, Texts};
use super::folder::{folder_of, is_hcl, redecide};
use super::{Conflict, Decision, Disk};
use crate::merge::{self, UniqueBlock, remove_blocks, unique_blocks, unique_blocks_in_json};
use crate::output::{FileKind, RelPath, UpdateMode};

/// A block that a person wrote: its file, its line and its text.
struct UserBlock {
    path: RelPath,
    line: usize,
    text: String,
}

/// What a new text adds that is there already.
#[derive(Default)]
struct Overlap {
    blocks: Vec<UniqueBlock>,
    conflicts: Vec<merge::Conflict>,
}

/// Leaves out of new texts what a person has in other files of the same folder. Only folders that
/// are there, and in which something is to be written, are looked at.
pub(super) fn omit_duplicates<D: FolderView>(
    rows: &mut [FileState<'_>],
    disk: &mut D,
    options: &PlanOptions<'_>,
) -> Result<(), D::Error> {
    let folders: BTreeSet<&str> =
        rows.iter().filter(|row| adds(row)).map(|row| folder_of(&row.path)).collect();
    let mut found = BTreeMap::new();
    for folder in folders {
        let own = own_blocks(folder, rows, disk)?;
        if own.is_empty() {
            continue;
        }
        for (index, row) in rows.iter().enumerate().filter(|(_, row)| adds(row) && is_in(row, folder)) {
            let taken = taken(row, rows, &own, options);
            if !taken.blocks.is_empty() {
                found.insert(index, taken);
            }
        }
    }
    for (index, taken) in found {
        if let Some(row) = rows.get_mut(index) {
            omit(row, taken, options);
        }
    }
    Ok(())
}

/// Whether a Terraform file is to be written with something new in it.
fn adds(row: &FileState<'_>) -> bool {
    let is_written = matches!(
        row.decision,
        Decision::Create | Decision::Update | Decision::Merge | Decision::Conflict(Conflict::EditedManaged)
    );
    (is_written || row.from.is_some()) && row.file.is_some() && is_hcl(&row.path)
}

fn is_in(row: &FileState<'_>, folder: &str) -> bool {
    folder_of(&row.path) == folder && is_hcl(&row.path)
}

/// What people wrote into a folder, by address: in files of their own, and in ours.
fn own_blocks<D: FolderView>(
    folder: &str,
    rows: &[FileState<'_>],
    disk: &mut D,
) -> Result<BTreeMap<String, UserBlock>, D::Error> {
    let mut own = BTreeMap::new();
    let mut add = |path: &RelPath, text: &str, known: Option<&str>| {
        let read = if is_hcl(path) { unique_blocks } else { unique_blocks_in_json };
        let known = known.map(read).unwrap_or_default();
        for block in read(text) {
            if !known.iter().any(|known| known.address == block.address) {
                let text = text[block.span].to_owned();
                own.entry(block.address).or_insert(UserBlock { path: path.clone(), line: block.line, text });
            }
        }
    };
    for row in rows.iter().filter(|row| is_in(row, folder)) {
        if let Some(ours) = row.ours().filter(|ours| row.base() != Some(ours)) {
            add(&row.path, ours, row.base());
        }
    }
    for path in disk.terraform_files(folder)? {
        let is_known = rows.iter().any(|row| row.path == path || row.from.as_ref() == Some(&path));
        if is_known || is_override(&path) {
            continue;
        }
        if let Disk::Text(text) = disk.read(&path)? {
            add(&path, &text, None);
        }
    }
    Ok(own)
}

/// Files whose blocks Terraform merges into those of the others.
fn is_override(path: &RelPath) -> bool {
    let name = path.as_str().rsplit('/').next().unwrap_or_default();
    let name = name.strip_suffix(".json").unwrap_or(name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem == "override" || stem.ends_with("_override")
}

/// What a row adds that stands elsewhere in its folder. A block that was generated anywhere in the
/// folder is not new: it moved.
fn taken(
    row: &FileState<'_>,
    rows: &[FileState<'_>],
    own: &BTreeMap<String, UserBlock>,
    options: &PlanOptions<'_>,
) -> Overlap {
    let addresses = |text: &str| unique_blocks(text).into_iter().map(|block| block.address);
    let others = rows.iter().filter(|other| other.path != row.path && is_in(other, folder_of(&row.path)));
    let mut known: BTreeSet<String> = others.filter_map(FileState::base).flat_map(addresses).collect();
    let is_wanted_back = row.known.is_some() && row.disk == Disk::Absent;
    if !is_wanted_back {
        known.extend(row.base().into_iter().chain(row.ours()).flat_map(addresses));
    }
    // Another unit may write into this folder, too, and let the block go.
    let is_own = |path: &RelPath| rows.iter().any(|row| row.path == *path) || !(options.is_generated)(path);
    let mut found = Overlap::default();
    let theirs = row.theirs().unwrap_or_default();
    for block in unique_blocks(theirs).into_iter().filter(|block| !known.contains(&block.address)) {
        let Some(own) = own.get(&block.address).filter(|own| own.path != row.path && is_own(&own.path))
        else {
            continue;
        };
        let is_equal = !is_wanted_back && equivalent(FileKind::Hcl, &own.text, &theirs[block.span]);
        let is_kept = is_equal || options.on_conflict == OnConflict::Ours;
        if !is_kept || row.mode == UpdateMode::Managed {
            let what =
                format!("is in `{}`, line {}, and would be in line {} here", own.path, own.line, block.line);
            found.conflicts.push(merge::Conflict { at: block.address.clone(), what });
        }
        found.blocks.push(block);
    }
    found
}

fn omit(row: &mut FileState<'_>, found: Overlap, options: &PlanOptions<'_>) {
    let text = |text: Option<&str>| text.map(str::to_owned);
    let rest = row.theirs().map(|theirs| remove_blocks(theirs, &found.blocks));
    let is_nothing = rest.as_deref().is_none_or(|rest| rest.trim().is_empty());
    let texts = Texts { base: text(row.base()), ours: text(row.ours()), theirs: rest };
    redecide(row, texts, options);
    if row.decision == Decision::Create && is_nothing {
        row.decision = Decision::KeepDeleted(false);
    }
    row.taken = found.conflicts;
}
