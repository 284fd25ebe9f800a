//! The end of a run that left conflicts: going on with it, or undoing it.

use super::workspace::read_lock;
use crate::diagnostic::{Diagnostic, Error, Kind};
use crate::merge::has_markers;
use crate::output::RelPath;
use crate::reconcile::{Disk, Lockfile, Waiting};
use crate::store::{Folder, FolderLock, PendingRun, Reader};

/// What became of the run that waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finished {
    /// There was none.
    NothingWaits,
    /// It has ended: what was resolved is the base of later merges.
    Settled,
    /// Everything is as it was before it.
    Undone,
}

/// Undoes the run that waits in a folder; `force` undoes what was done since as well.
///
/// # Errors
/// A refusal where undoing would lose what was done since.
pub fn abort(folder: &Folder, force: bool) -> Result<Finished, Error> {
    let _guard = FolderLock::acquire(folder)?;
    let Some(pending) = folder.pending()? else {
        // Copies without a note of their run are of one that was cut off before it touched anything.
        folder.clear_pending()?;
        return Ok(Finished::NothingWaits);
    };
    let changed = if force { Vec::new() } else { pending.changed_since()? };
    if !changed.is_empty() {
        let refuse = |path| Diagnostic::error(format!("`{path}` was changed after that run wrote it"));
        let mut diagnostics: Vec<_> = changed.iter().map(refuse).collect();
        let help = "keep a copy of what you want of it; `--force` undoes that change as well";
        diagnostics.push(Diagnostic::error("undoing would lose what was done since").help(help));
        return Err(Error::new(Kind::Refused, diagnostics));
    }
    pending.undo(true)?;
    Ok(Finished::Undone)
}

/// Goes on with the run that waits in a folder, and says what of it people did otherwise.
///
/// # Errors
/// What is not resolved yet, and a record that is not the run's.
pub fn proceed(folder: &Folder) -> Result<(Finished, Vec<Diagnostic>), Error> {
    let _guard = FolderLock::acquire(folder)?;
    let Some(pending) = folder.pending()? else {
        return Ok((Finished::NothingWaits, Vec::new()));
    };
    if !pending.is_complete() {
        let help = "run `crossrole update --abort`, and then the update again";
        return Err(Error::one(
            Kind::Refused,
            "that run was interrupted before it had written everything",
            help,
        ));
    }
    let foreign = pending.foreign_records()?;
    if !foreign.is_empty() {
        let refuse = |path| Diagnostic::error(format!("`{path}` is not as that run left it"));
        let mut diagnostics: Vec<_> = foreign.iter().map(refuse).collect();
        let help = "check out the branch and commit of that run, or use `crossrole update --abort`";
        diagnostics.push(Diagnostic::error("the record belongs to another state of the folder").help(help));
        return Err(Error::new(Kind::Refused, diagnostics));
    }
    let other = pending.other_than_written()?;
    refuse_unresolved(folder, pending.conflicts(), &other)?;
    let notes = other.iter().map(|(path, found)| kept(path, found)).collect();
    settle(pending, read_lock(folder)?.0)?;
    Ok((Finished::Settled, notes))
}

/// Ends a run whose conflicts were resolved: their new texts are the base of later merges from now on.
fn settle(pending: PendingRun<'_>, mut lock: Lockfile) -> Result<(), Error> {
    for (unit, stays) in pending.settle()? {
        if stays {
            lock.units.insert(unit)
        } else {
            lock.units.remove(&unit)
        };
    }
    pending.end(&lock.to_text())
}

/// What a person did meanwhile to a file that had no conflict: the record has what was generated, so
/// it is an edit like any other.
fn kept(path: &RelPath, found: &Disk) -> Diagnostic {
    if *found == Disk::Absent {
        let help = format!("`crossrole generate --restore {path}` brings it back");
        return Diagnostic::warning(format!(
            "`{path}` was deleted after that run wrote it, and stays deleted"
        ))
        .help(help);
    }
    Diagnostic::warning(format!("`{path}` was changed after that run wrote it, and is kept as an edit"))
}

fn refuse_unresolved(
    folder: &Folder,
    conflicts: &[Waiting],
    other: &[(&RelPath, Disk)],
) -> Result<(), Error> {
    let mut reader = Reader::new(folder);
    let mut diagnostics = Vec::new();
    let mut marked = Vec::new();
    for Waiting { path, beside } in conflicts {
        if let Some(beside) = beside
            && reader.read(beside)? != Disk::Absent
        {
            let help = format!("merge it into `{path}`, and delete it");
            diagnostics.push(Diagnostic::error(format!("`{beside}` is still there")).help(help));
        }
        marked.push((path, reader.read(path)?));
    }
    let other = other.iter().map(|(path, found)| (*path, found));
    for (path, found) in marked.iter().map(|(path, found)| (*path, found)).chain(other) {
        if matches!(found, Disk::Text(text) if has_markers(text)) {
            let message = format!("`{path}` still has conflict markers");
            diagnostics
                .push(Diagnostic::error(message).help("resolve the markers, then run the command again"));
        }
    }
    if diagnostics.is_empty() { Ok(()) } else { Err(Error::new(Kind::Conflict, diagnostics)) }
}
