//! The end of a run that left conflicts: going on with it, or undoing it.

use std::path::Path;

use super::UpdateArgs;
use crate::cli::{interrupt, tree};
use crate::diagnostic::{Diagnostic, Error, Kind};
use crate::merge::has_markers;
use crate::reconcile::{Disk, Pending, Waiting};
use crate::store::{Folder, Reader};
use crate::tree::RelPath;
use crate::ui::{UpdateReport, Updated};
use crate::workspace::Workspace;

/// Goes on with the run that waits in a folder, or undoes it.
pub(super) fn finish(out: &Path, args: &UpdateArgs) -> UpdateReport {
    interrupt::begin_writing();
    let mut report = UpdateReport::new(out.display().to_string());
    report.result = if args.abort { abort(out, args.force) } else { go_on(out, &mut report.warnings) };
    report
}

fn abort(out: &Path, force: bool) -> Result<Updated, Error> {
    let folder = tree::open(out)?;
    let _guard = folder.hold()?;
    let Some(pending) = folder.pending()? else {
        // Copies without a note of their run are of one that was cut off before it touched anything.
        folder.clear_pending()?;
        return Ok(Updated::NothingWaits);
    };
    let changed = if force { Vec::new() } else { folder.changed_since(&pending)? };
    if !changed.is_empty() {
        let refuse = |path| Diagnostic::error(format!("`{path}` was changed after that run wrote it"));
        let mut diagnostics: Vec<_> = changed.iter().map(refuse).collect();
        let help = "keep a copy of what you want of it; `--force` undoes that change as well";
        diagnostics.push(Diagnostic::error("undoing would lose what was done since").help(help));
        return Err(Error::new(Kind::Refused, diagnostics));
    }
    folder.undo_pending(&pending, true)?;
    Ok(Updated::Undone)
}

fn go_on(out: &Path, notes: &mut Vec<Diagnostic>) -> Result<Updated, Error> {
    let folder = tree::open(out)?;
    let _guard = folder.hold()?;
    let Some(pending) = folder.pending()? else {
        return Ok(Updated::NothingWaits);
    };
    if !pending.complete {
        let help = "run `crossrole update --abort`, and then the update again";
        return Err(Error::one(Kind::Refused, "that run was cut off before it had written everything", help));
    }
    let foreign = folder.foreign_records(&pending)?;
    if !foreign.is_empty() {
        let refuse = |path| Diagnostic::error(format!("`{path}` is not as that run left it"));
        let mut diagnostics: Vec<_> = foreign.iter().map(refuse).collect();
        let help =
            "go back to the branch and commit in which the run was made; or `crossrole update --abort`";
        diagnostics.push(Diagnostic::error("the record belongs to another state of the folder").help(help));
        return Err(Error::new(Kind::Refused, diagnostics));
    }
    let other = folder.other_than_written(&pending)?;
    refuse_unresolved(&folder, &pending, &other)?;
    notes.extend(other.iter().map(|(path, found)| kept(path, found)));
    Workspace::open(&folder)?.settle(&pending)?;
    Ok(Updated::Settled)
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

fn refuse_unresolved(folder: &Folder, pending: &Pending, other: &[(&RelPath, Disk)]) -> Result<(), Error> {
    let mut reader = Reader::new(folder);
    let mut diagnostics = Vec::new();
    let mut marked = Vec::new();
    for Waiting { path, beside } in &pending.conflicts {
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
            diagnostics.push(Diagnostic::error(message).help("edit it until it says what it should"));
        }
    }
    if diagnostics.is_empty() { Ok(()) } else { Err(Error::new(Kind::Conflict, diagnostics)) }
}
