//! Files of one's own in folders that a plan leaves: what is generated goes elsewhere, or goes, and
//! they stay where nobody looks for them.

use std::collections::BTreeSet;

use super::Decision;
use super::change::{Change, Plan, RecordChange, UnitPlan};
use super::file_state::FolderView;
use super::folder::folder_of;

/// A folder in which nothing is generated any more, and what stays there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftovers {
    /// The folder.
    pub folder: String,
    /// Where its files went, if they went anywhere.
    pub to: Option<String>,
    /// What is in it that was not generated, by name; folders end with a slash.
    pub stays: Vec<String>,
}

/// What stays behind when a plan is carried out. Only folders that a plan empties are listed.
///
/// # Errors
/// Whatever `disk` fails with.
pub fn leftovers<D: FolderView>(plan: &Plan, disk: &mut D) -> Result<Vec<Leftovers>, D::Error> {
    let mut found = Vec::new();
    for unit in &plan.units {
        for folder in emptied(unit) {
            let mut stays = disk.entries(folder)?;
            stays.retain(|name| !is_known(unit, folder, name));
            let from = |change: &&Change| change.from.as_ref().is_some_and(|from| folder_of(from) == folder);
            let to = unit.changes.iter().find(from).map(|change| folder_of(&change.path).to_owned());
            if !stays.is_empty() {
                found.push(Leftovers { folder: folder.to_owned(), to, stays });
            }
        }
    }
    Ok(found)
}

/// The folders right in which a unit has files now, and has none then.
fn emptied(unit: &UnitPlan) -> BTreeSet<&str> {
    let kept: BTreeSet<&str> = match &unit.record {
        RecordChange::Write(record) => record.files.iter().map(|file| folder_of(&file.path)).collect(),
        RecordChange::Remove => BTreeSet::new(),
        RecordChange::Keep => return BTreeSet::new(),
    };
    let gone = unit.changes.iter().filter(|change| change.decision == Decision::Delete);
    let folders = gone.map(|change| folder_of(&change.path));
    folders.filter(|folder| !folder.is_empty() && !kept.contains(folder)).collect()
}

/// Whether something in a folder is not somebody's own: it goes, is Terraform's litter, or holds
/// generated files further down.
fn is_known(unit: &UnitPlan, folder: &str, name: &str) -> bool {
    let path = format!("{folder}/{name}");
    let Some(below) = path.strip_suffix('/') else {
        return unit.changes.iter().any(|change| change.path.as_str() == path);
    };
    // The folders of targets lie in those of units that all share.
    let is_shared = unit.unit.target().is_none();
    let is_above = |change: &Change| change.path.folders().any(|above| above == below);
    let kept = match &unit.record {
        RecordChange::Write(record) => &record.files[..],
        RecordChange::Keep | RecordChange::Remove => &[],
    };
    name == ".terraform/"
        || is_shared
        || unit.changes.iter().any(is_above)
        || kept.iter().any(|file| file.path.folders().any(|above| above == below))
}
