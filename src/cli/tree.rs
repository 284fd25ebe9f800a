//! What `generate`, `check`, `list` and `update` share: one output folder, from the plan to the disk.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::interrupt::{self, Watched};
use super::load::Loaded;
use crate::diagnostic::words::Count;
use crate::diagnostic::{Diagnostic, Error, Kind};
use crate::reconcile::{
    Change, ChangeKind, Decision, Disk, Lost, OnConflict, PackId, Plan, TrustChange, UnitPlan,
};
use crate::render::Renderer;
use crate::store::{Folder, Guard, Undone, record_path};
use crate::ui::Ui;
use crate::workspace::{Request, Workspace, refuse_unretired};

/// What to do where an edit and what is new do not go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ConflictWord {
    /// Write nothing (the default where nobody is at a terminal)
    Abort,
    /// Mark both sides in the file, and wait for `crossrole update --continue` (the default at a
    /// terminal); JSON gets the new text beside it instead
    Inline,
    /// Leave the file, put the new text beside it as FILE.template-new, and wait
    Sidecar,
    /// Keep the edit
    Ours,
    /// Take what is new
    Theirs,
}

/// The choice, or what suits whoever is there.
pub(super) fn on_conflict(ui: &Ui, word: Option<ConflictWord>) -> OnConflict {
    match word {
        None if ui.is_interactive() => OnConflict::Inline,
        None | Some(ConflictWord::Abort) => OnConflict::Abort,
        Some(ConflictWord::Inline) => OnConflict::Inline,
        Some(ConflictWord::Sidecar) => OnConflict::Sidecar,
        Some(ConflictWord::Ours) => OnConflict::Ours,
        Some(ConflictWord::Theirs) => OnConflict::Theirs,
    }
}

/// Everything of a spec is wanted, and nothing special.
pub(super) fn request<'r>(loaded: &'r Loaded, renderer: &'r Renderer<'r>, out: &Path) -> Request<'r> {
    Request {
        fleet: &loaded.fleet,
        renderer,
        pack: loaded.pack_id(),
        spec: loaded.spec_from(out),
        reads: loaded.reads_in(out),
        only: None,
        restore: BTreeSet::new(),
        on_conflict: OnConflict::Abort,
        force: false,
    }
}

/// An output folder, with the place where the user's programs keep what they remember.
pub(super) fn open(out: &Path) -> Result<Folder, Error> {
    // Other paths mean nothing: https://specifications.freedesktop.org/basedir-spec/
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = folder("XDG_STATE_HOME").or_else(|| folder("LOCALAPPDATA"));
    Folder::open(out, home.or_else(|| Some(folder("HOME")?.join(".local/state"))))
}

/// A folder that was taken for a run.
pub(super) struct Claim {
    /// None where the folder is not there yet, or nothing will be written.
    pub(super) guard: Option<Guard>,
    /// What was done to take it.
    pub(super) notes: Vec<Diagnostic>,
}

/// Takes a folder for this run, unless it is not there yet: an empty one is taken only when there is
/// something to put into it. A run that was cut off is undone first, all but what people did since.
pub(super) fn claim(folder: &Folder, writes: bool) -> Result<Claim, Error> {
    if !folder.root().exists() {
        return Ok(Claim { guard: None, notes: Vec::new() });
    }
    let guard = if writes { Some(folder.hold()?) } else { None };
    let notes = match folder.pending()? {
        Some(pending) if !pending.complete && writes => {
            interrupt::begin_writing();
            undone(&folder.undo_pending(&pending, false)?)
        }
        Some(pending) => return Err(refuse_pending(pending.conflicts.len())),
        None => Vec::new(),
    };
    Ok(Claim { guard, notes })
}

/// What there is to say of a run that was cut off and undone.
fn undone(undone: &Undone) -> Vec<Diagnostic> {
    let kept = |path| {
        Diagnostic::warning(format!("`{path}` was changed after that run wrote it, and stays as it is"))
    };
    let first = "an earlier run was cut off before it had written everything, and was undone";
    [Diagnostic::warning(first)].into_iter().chain(undone.kept.iter().map(kept)).collect()
}

fn refuse_pending(conflicts: usize) -> Error {
    Error::new(Kind::Refused, vec![waits(conflicts)])
}

/// What there is to say of a folder in which a run waits for a person.
pub(super) fn waits(conflicts: usize) -> Diagnostic {
    let message = format!("an earlier run waits here for {} to be resolved", Count(conflicts, "conflict"));
    let help =
        "resolve them and run `crossrole update --continue`, or `crossrole update --abort` to undo that run";
    Diagnostic::error(message).help(help)
}

/// The refusal to let other templates in by the way.
pub(super) fn refuse_templates(from: &PackId, to: &PackId) -> Error {
    let name = |pack: &PackId| format!("{} version {}", pack.id, pack.version);
    let message = if name(from) == name(to) {
        format!("this tree was made by another edition of the templates {}", name(from))
    } else {
        format!("this tree was made by the templates {}, and these are {}", name(from), name(to))
    };
    let help = "`crossrole update` brings it to these templates, keeping every edit; `crossrole update --dry-run --diff` shows how";
    Error::one(Kind::Refused, message, help)
}

/// Ends with targets that would go without having been retired, if there are any.
pub(super) fn refuse_deletions(
    workspace: &Workspace<'_>,
    plan: &Plan,
    forget: &BTreeSet<String>,
) -> Result<(), Error> {
    let unretired = workspace.unretired(plan, forget)?;
    if unretired.is_empty() { Ok(()) } else { Err(refuse_unretired(&unretired)) }
}

/// Every conflict that nobody was given to resolve, and how to go on.
pub(super) fn conflicts(plan: &Plan) -> Error {
    let mut diagnostics: Vec<_> = plan
        .conflicts()
        .map(|(change, conflict)| {
            let places: Vec<_> =
                change.details.iter().map(|found| format!("{} {}", found.at, found.what)).collect();
            let places = if places.is_empty() { String::new() } else { format!(": {}", places.join("; ")) };
            let message = format!("`{}` {}{places}", change.path, conflict.as_str());
            Diagnostic::error(message).help(conflict.help())
        })
        .collect();
    let count = Count(diagnostics.len(), "conflict");
    diagnostics.push(Diagnostic::warning(format!("{count}; nothing was written")));
    Error::new(Kind::Conflict, diagnostics)
}

/// Records that are lost, and what that means.
pub(super) fn lost_records(plan: &Plan) -> Vec<Diagnostic> {
    const SHOWN: usize = 20;
    let lost = |(unit, lost): (&UnitPlan, &Lost)| {
        let message = match lost {
            Lost::Missing => format!("the record of `{}` is missing, though the lock knows it", unit.unit),
            Lost::Damaged(why) => format!("the record of `{}` is damaged: {why}", unit.unit),
        };
        let without = if unit.is_gone {
            "without it nobody knows which files were written, and all of them stay"
        } else {
            "without it, `crossrole generate` takes over what is as it would be written, and writes the record again; what was edited it takes for somebody else's"
        };
        let help = format!("restore `{}` from version control; {without}", record_path(&unit.unit));
        Diagnostic::warning(message).help(help)
    };
    let mut found: Vec<_> = plan.lost().take(SHOWN).map(lost).collect();
    let more = plan.lost().count() - found.len();
    if more > 0 {
        found.push(Diagnostic::warning(format!("and {} of other units", Count(more, "more record"))));
    }
    found
}

/// What a plan opens, for people to read before anything else.
pub(super) fn trust_warnings(changes: &[TrustChange]) -> Vec<Diagnostic> {
    let warning = |change: &TrustChange| {
        Diagnostic::warning(format!("wider trust: {} (`{}`)", change.what, change.path))
    };
    changes.iter().map(warning).collect()
}

/// Carries out a plan in a folder that was claimed, or is made for it.
pub(super) fn carry_out(
    workspace: &Workspace<'_>,
    folder: &Folder,
    guard: Option<Guard>,
    (request, plan): (&Request<'_>, &Plan),
    watched: &Watched,
) -> Result<(), Error> {
    interrupt::begin_writing();
    let _guard = guard.map_or_else(|| hold_new(folder), Ok)?;
    workspace.carry_out(request, plan, watched)
}

/// Takes a folder that was not there when the plan was made.
fn hold_new(folder: &Folder) -> Result<Guard, Error> {
    let guard = folder.hold()?;
    if guard.made_folder() {
        return Ok(guard);
    }
    let message = format!("another run made `{}` meanwhile", folder.root().display());
    Err(Error::one(Kind::Refused, message, "run again"))
}

/// How all files differ from what is generated, kept edits included, ready to print.
pub(super) fn diffs(ui: &Ui, plan: &Plan) -> String {
    plan.changes().filter(|change| change.kind().is_some()).map(|change| diff_of(ui, change)).collect()
}

/// How files change when a plan is carried out, ready to print: what people edited stays.
pub(super) fn coming_diffs(ui: &Ui, plan: &Plan) -> String {
    let is_coming = |change: &&Change| !matches!(change.kind(), None | Some(ChangeKind::Edited));
    plan.changes().filter(is_coming).map(|change| diff_of(ui, change)).collect()
}

fn diff_of(ui: &Ui, change: &Change) -> String {
    if matches!(change.decision, Decision::KeepDeleted(_)) {
        return format!("File {} was deleted, and stays so\n", change.path);
    }
    let before = match &change.before {
        Disk::Text(text) => Some(text.as_str()),
        Disk::Absent => None,
        Disk::Bytes => return format!("Binary file {} differs\n", change.path),
    };
    let after = change.after.as_ref().map(|file| &*file.text);
    ui.diff(change.path.as_str(), before, after)
}
