//! The files of a target, or of A, as they will stand on disk when a plan is carried out.

use std::collections::BTreeSet;

use super::own_files::read;
use super::plan::Planned;
use crate::diagnostic::Error;
use crate::diagnostic::words::excerpt;
use crate::explain::{Origin, Standing, can_hold_role};
use crate::model::Target;
use crate::output::{File, RelPath, UnitName};
use crate::reconcile::{Change, Decision, Disk, FolderView as _};
use crate::render::UnitSource;
use crate::store::Reader;
use crate::terraform::is_read;

/// A generated file, where nobody edited it.
fn generated(file: &File) -> Standing {
    Standing { path: file.path.clone(), text: file.text.clone(), holds: file.holds, origin: Origin::Program }
}

fn origin(is_generated: bool) -> Origin {
    if is_generated { Origin::Program } else { Origin::Edited }
}

/// What a change leaves at its path, if anything.
pub(super) fn left_by(change: &Change) -> Option<Standing> {
    let written = change.writes().find(|file| file.path == change.path);
    match (written, &change.before) {
        (Some(file), _) => {
            let is_generated = matches!(change.decision, Decision::Create | Decision::Update);
            Some(Standing { origin: origin(is_generated), ..generated(file) })
        }
        (None, Disk::Text(text)) if change.decision != Decision::Delete => Some(Standing {
            path: change.path.clone(),
            text: text.as_str().into(),
            holds: change.after.as_ref().and_then(|file| file.holds),
            origin: origin(change.after.as_ref().is_some_and(|file| *file.text == **text)),
        }),
        (None, _) => None,
    }
}

/// The files of a target or of A, with those of people's own that Terraform reads beside a role.
#[derive(Debug, Default)]
pub struct FilesOfUnit {
    /// Those that can be read.
    pub files: Vec<Standing>,
    /// What is wrong with the others, which may say anything of a role.
    pub unread: Vec<String>,
}

fn folder(path: &RelPath) -> &str {
    path.folders().next_back().unwrap_or_default()
}

impl Planned<'_> {
    /// Every file of a target: those that are as generated, and what the changes of its unit leave.
    ///
    /// # Errors
    /// What templates run into.
    pub fn standing(&self, target: &Target, changes: &[Change]) -> Result<FilesOfUnit, Error> {
        self.standing_of(UnitSource::Target(target), changes)
    }

    /// Every file of A, as that unit's changes leave them.
    ///
    /// # Errors
    /// What templates run into.
    pub fn source_standing(&self) -> Result<FilesOfUnit, Error> {
        let source = self.plan().units.iter().find(|unit| unit.unit == UnitName::Source);
        let changes = source.map(|unit| unit.changes.as_slice()).unwrap_or_default();
        self.standing_of(UnitSource::Source, changes)
    }

    fn standing_of(&self, unit: UnitSource<'_>, changes: &[Change]) -> Result<FilesOfUnit, Error> {
        let unit = self.opened.renderer.unit(unit)?;
        let is_changed = |file: &&File| !changes.iter().any(|change| change.path == file.path);
        let unchanged = unit.files.iter().filter(is_changed).map(generated);
        let mut files: Vec<_> = unchanged.chain(changes.iter().filter_map(left_by)).collect();
        let beside = self.files_beside_roles(&files)?;
        files.extend(beside.files);
        Ok(FilesOfUnit { files, unread: beside.unread })
    }

    /// What people put beside files that can say what a role is: Terraform reads it together with them.
    fn files_beside_roles(&self, files: &[Standing]) -> Result<FilesOfUnit, Error> {
        let mut reader = Reader::new(&self.opened.workspace.folder);
        let folders: BTreeSet<&str> =
            files.iter().filter(|file| can_hold_role(file)).map(|file| folder(&file.path)).collect();
        let mut own = FilesOfUnit::default();
        for folder in folders {
            let names = reader.entries(folder)?;
            let names = names.into_iter().filter(|name| !name.starts_with('.') && !name.ends_with('/'));
            for path in names.map(|name| if folder.is_empty() { name } else { format!("{folder}/{name}") }) {
                if files.iter().any(|file| file.path.as_str() == path) {
                    continue;
                }
                match (read(&mut reader, &path), RelPath::new(&path)) {
                    (Ok(text), Some(path)) => own.files.push(Standing {
                        path,
                        text: text.into(),
                        holds: None,
                        origin: Origin::Person,
                    }),
                    (Err(why), _) if is_read(&path) => {
                        own.unread.push(format!("Terraform reads `{}`, and {why}", excerpt(&path)));
                    }
                    _ => {}
                }
            }
        }
        Ok(own)
    }

    /// The files of no account, as they are generated.
    ///
    /// # Errors
    /// What templates run into.
    pub fn shared_standing(&self) -> Result<Vec<Standing>, Error> {
        Ok(self.opened.renderer.shared()?.files.iter().map(generated).collect())
    }

    /// The target of a unit.
    pub(super) fn target_of(&self, unit: &UnitName) -> Option<&Target> {
        let name = unit.target()?;
        let targets = &self.opened.inputs.fleet.targets;
        targets.binary_search_by(|target| target.name.cmp(name)).ok().map(|at| &targets[at])
    }
}
