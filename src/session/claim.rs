//! The first stage: a folder that is this run's, with its record.

use super::Watch;
use super::workspace::Workspace;
use crate::diagnostic::words::{Count, few};
use crate::diagnostic::{Diagnostic, Error, Kind};
use crate::reconcile::PackId;
use crate::store::{Folder, FolderLock, PendingRun, Undone};

/// What a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To look, whatever else goes on in the folder.
    Look,
    /// To say what a run that writes would do.
    Foresee,
    /// To write.
    Write,
}

/// An output folder, claimed for a run, and what its record says.
pub struct Session {
    pub(super) workspace: Workspace,
    /// None where the folder is not there yet, or nothing will be written.
    pub(super) held: Option<FolderLock>,
    pub(super) purpose: Purpose,
    notes: Vec<Diagnostic>,
}

impl Session {
    /// Takes a folder for this run and reads its record. A folder that is not there yet is taken only
    /// when there is something to put into it; an interrupted run is undone first, all but what
    /// people did since.
    ///
    /// # Errors
    /// A refusal while another run is at work there or waits for a person, and when the record is
    /// damaged or was written by a newer crossrole.
    pub fn claim(folder: Folder, purpose: Purpose, watch: &dyn Watch) -> Result<Self, Error> {
        let mut notes = Vec::new();
        let mut held = None;
        if purpose != Purpose::Look && folder.root().exists() {
            held = if purpose == Purpose::Write { Some(FolderLock::acquire(&folder)?) } else { None };
            notes = settle_earlier_run(&folder, purpose, watch)?;
        }
        Ok(Self { workspace: Workspace::read(folder)?, held, purpose, notes })
    }

    /// What was done to take the folder.
    #[must_use]
    pub fn notes(&self) -> &[Diagnostic] {
        &self.notes
    }

    /// The spec, as the record names it.
    #[must_use]
    pub fn recorded_spec(&self) -> &str {
        &self.workspace.lock.spec
    }

    /// The templates that made the tree until now.
    #[must_use]
    pub fn recorded_pack(&self) -> &PackId {
        &self.workspace.lock.pack
    }
}

/// Undoes a run that was cut off; one that waits for a person is not ours to end.
fn settle_earlier_run(
    folder: &Folder,
    purpose: Purpose,
    watch: &dyn Watch,
) -> Result<Vec<Diagnostic>, Error> {
    match folder.pending()? {
        Some(pending) if !pending.is_complete() && purpose == Purpose::Write => {
            watch.begin_writing();
            Ok(undone(&pending.undo(false)?))
        }
        Some(pending) => Err(Error::new(Kind::Refused, vec![waits(&pending)])),
        None => Ok(Vec::new()),
    }
}

/// What there is to say of a run that was cut off and undone.
fn undone(undone: &Undone) -> Vec<Diagnostic> {
    let kept = |path| {
        Diagnostic::warning(format!("`{path}` was changed after that run wrote it, and stays as it is"))
    };
    let first = "an earlier run was interrupted before it had written everything, and was undone";
    [Diagnostic::warning(first)].into_iter().chain(undone.kept.iter().map(kept)).collect()
}

/// What there is to say of a folder in which a run waits for a person.
pub(super) fn waits(pending: &PendingRun<'_>) -> Diagnostic {
    let files: Vec<_> = pending.conflicts().iter().map(|waiting| waiting.path.as_str()).collect();
    let count = Count(files.len(), "conflict");
    let message = format!("an earlier run waits here for {count} to be resolved: {}", few(&files));
    let help =
        "resolve them and run `crossrole update --continue`, or `crossrole update --abort` to undo that run";
    Diagnostic::error(message).help(help)
}
