//! The files of a target as they will stand on disk when a plan is carried out.

use super::plan::Planned;
use crate::diagnostic::Error;
use crate::explain::Standing;
use crate::model::Target;
use crate::reconcile::{Change, Decision, Disk};
use crate::tree::{File, UnitName};

/// A generated file, where nobody edited it.
fn generated(file: &File) -> Standing {
    Standing { path: file.path.clone(), text: file.text.clone(), holds: file.holds, is_generated: true }
}

/// What a change leaves at its path, if anything.
pub(super) fn left_by(change: &Change) -> Option<Standing> {
    let written = change.writes().find(|file| file.path == change.path);
    match (written, &change.before) {
        (Some(file), _) => {
            let is_generated = matches!(change.decision, Decision::Create | Decision::Update);
            Some(Standing { is_generated, ..generated(file) })
        }
        (None, Disk::Text(text)) if change.decision != Decision::Delete => Some(Standing {
            path: change.path.clone(),
            text: text.as_str().into(),
            holds: change.after.as_ref().and_then(|file| file.holds),
            is_generated: change.after.as_ref().is_some_and(|file| *file.text == **text),
        }),
        (None, _) => None,
    }
}

impl Planned<'_> {
    /// Every file of a target: those that are as generated, and what the changes of its unit leave.
    ///
    /// # Errors
    /// What templates run into.
    pub fn standing(&self, target: &Target, changes: &[Change]) -> Result<Vec<Standing>, Error> {
        let unit = self.opened.renderer.target(target)?;
        let is_changed = |file: &&File| !changes.iter().any(|change| change.path == file.path);
        let unchanged = unit.files.iter().filter(is_changed).map(generated);
        Ok(unchanged.chain(changes.iter().filter_map(left_by)).collect())
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
