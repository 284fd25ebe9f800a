//! The last stage: a plan that was vetted is carried out.

use std::sync::Arc;

use super::Watch;
use super::open::Opened;
use super::vet::Vetted;
use super::workspace::Workspace;
use crate::diagnostic::{Error, Kind};
use crate::reconcile::Plan;
use crate::store::{Folder, FolderLock, PendingRun, Writer};

/// A folder in which a plan was carried out.
pub struct Written {
    pub(super) folder: Folder,
    pub(super) plan: Arc<Plan>,
}

impl Vetted<'_> {
    /// Carries out the plan. Conflicts that it hands over make the folder wait for a person, and the
    /// run undoable until then. The folder is free again afterwards.
    ///
    /// # Errors
    /// Conflicts that nobody was given to resolve; when the file system says no, or the run is stopped.
    pub fn write(self, watch: &dyn Watch) -> Result<Written, Error> {
        if let Some(unresolved) = self.unresolved() {
            return Err(unresolved);
        }
        watch.begin_writing();
        let plan = Arc::clone(self.plan());
        let Opened { workspace, held, spec, .. } = self.planned.opened;
        let _held = held.map_or_else(|| hold_new(&workspace.folder), Ok)?;
        carry_out(&workspace, &spec, &plan, watch)?;
        Ok(Written { folder: workspace.folder, plan })
    }
}

/// Everything is written in a folder that is held.
fn carry_out(workspace: &Workspace, spec: &str, plan: &Plan, watch: &dyn Watch) -> Result<(), Error> {
    let folder = &workspace.folder;
    let lock = workspace.next_lock(spec, plan).to_text();
    let stop = || watch.is_stopped();
    let waits = plan.conflicts().next().is_some();
    let pending = if waits { Some(PendingRun::begin(folder, plan, &lock)?) } else { None };
    Writer::begin(folder, &plan.units, &stop)?.run(&lock, &|| watch.tick())?;
    pending.map_or(Ok(()), PendingRun::complete)
}

/// Takes a folder that was not there when the plan was made.
fn hold_new(folder: &Folder) -> Result<FolderLock, Error> {
    let guard = FolderLock::acquire(folder)?;
    if guard.made_folder() {
        return Ok(guard);
    }
    let message = format!("another run made `{}` meanwhile", folder.root().display());
    Err(Error::one(Kind::Refused, message, "run again"))
}
