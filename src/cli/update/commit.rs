//! The part that git has in an update: what it could not bring back, the branch, the commit.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use super::UpdateArgs;
use crate::cli::interrupt;
use crate::diagnostic::words::Count;
use crate::diagnostic::{Diagnostic, Error, Kind};
use crate::git::Repository;
use crate::reconcile::{Owed, Plan, RecordChange};
use crate::store::{Folder, LOCK, record_path};
use crate::ui::UpdateReport;

/// The way out where what is not committed would be written over.
const COMMIT_FIRST: &str =
    "commit them, so that the update can be told from them; `--force` updates all the same";

/// Makes sure that git could bring back what is written over, and makes the branch.
pub(super) fn prepare(
    out: &Path,
    args: &UpdateArgs,
    files: &BTreeSet<String>,
) -> Result<Option<Repository>, Error> {
    let UpdateArgs { force, branch, commit, .. } = args;
    let Some(repository) = Repository::around(out) else {
        let option = if branch.is_some() { "--branch" } else { "--commit" };
        let is_needed = branch.is_some() || *commit;
        return if is_needed { Err(no_repository(out, option)) } else { Ok(None) };
    };
    if !force && let Some(message) = dirty(&repository, files) {
        return Err(Error::one(Kind::Refused, message, COMMIT_FIRST));
    }
    if *commit {
        repository.refuse_filtered(files)?;
    }
    if let Some(branch) = branch {
        repository.switch_to_new(branch)?;
    }
    Ok(Some(repository))
}

/// What a dry run says where the run itself would be refused.
pub(super) fn foreseen_refusal(
    out: &Path,
    args: &UpdateArgs,
    files: &BTreeSet<String>,
) -> Option<Diagnostic> {
    let repository = Repository::around(out).filter(|_| !args.force)?;
    let message = dirty(&repository, files)?;
    Some(Diagnostic::warning(format!("{message}: the update would be refused")).help(COMMIT_FIRST))
}

/// Commits the files of a tree that were written, and the records with them; what cannot be committed
/// is left to the next run.
pub(super) fn commit(
    folder: &Folder,
    repository: &Repository,
    files: BTreeSet<String>,
    report: &UpdateReport,
) -> Result<(), Error> {
    let mut files = with_records(files, &report.plan);
    files.extend(folder.owed()?.into_iter().flat_map(|owed| paths(&owed)));
    let message = message(report);
    if let Err(error) = repository.commit(&files, &message) {
        folder.owe(message, &files)?;
        return Err(written_only(error));
    }
    folder.owe_nothing()
}

/// Makes the commit that an earlier run could not make, where nothing else is to be done. `false`
/// where none is owed.
pub(super) fn make_up(out: &Path, folder: &Folder, args: &UpdateArgs) -> Result<bool, Error> {
    let Some(owed) = folder.owed()? else { return Ok(false) };
    interrupt::begin_writing();
    let Some(repository) = prepare(out, args, &BTreeSet::new())? else { return Ok(false) };
    let files = paths(&owed);
    let differs = repository.differs(&files)?;
    if differs {
        repository.commit(&files, &owed.message).map_err(written_only)?;
    }
    folder.owe_nothing()?;
    Ok(differs)
}

fn paths(owed: &Owed) -> BTreeSet<String> {
    owed.files.keys().map(ToString::to_string).collect()
}

/// The failure of a commit, with what is done already.
fn written_only(mut error: Error) -> Error {
    let help = "mend what stands in the way, and run `crossrole update --commit` again: it commits them";
    error.diagnostics.push(Diagnostic::error("the files are written, and not committed").help(help));
    error
}

/// What git could not bring back, if anything.
fn dirty(repository: &Repository, files: &BTreeSet<String>) -> Option<String> {
    // A repository without a commit has nothing that could be lost unseen.
    let uncommitted = repository.uncommitted().unwrap_or_default();
    let dirty: Vec<_> = uncommitted.intersection(files).collect();
    let first = dirty.first()?;
    Some(match dirty.len() {
        1 => format!("`{first}` has changes that are not committed"),
        many => format!("`{first}` and {} have changes that are not committed", Count(many - 1, "more file")),
    })
}

fn no_repository(out: &Path, option: &str) -> Error {
    let message =
        format!("`{option}` needs a git repository, and `{}` is in none that is yours", out.display());
    Error::one(Kind::Usage, message, "make one with `git init`, or omit the option")
}

/// The files of a tree that a plan writes and deletes.
pub(super) fn written(plan: &Plan) -> BTreeSet<String> {
    let changes = plan.changes().filter(|change| change.is_write());
    changes
        .flat_map(|change| change.writes().map(|file| &file.path).chain([&change.path]))
        .map(ToString::to_string)
        .collect()
}

/// The same with the records that change with them.
fn with_records(mut files: BTreeSet<String>, plan: &Plan) -> BTreeSet<String> {
    let changed = plan.units.iter().filter(|unit| unit.record != RecordChange::Keep);
    files.extend(changed.map(|unit| record_path(&unit.unit)));
    files.insert(LOCK.to_owned());
    files
}

fn message(report: &UpdateReport) -> String {
    let UpdateReport { from, to, trust, .. } = report;
    let mut message = if from == to {
        format!("crossrole: bring the output up to date with templates {} {}", to.id, to.version)
    } else {
        format!("crossrole: update templates {} {} to {} {}", from.id, from.version, to.id, to.version)
    };
    if !trust.is_empty() {
        message.push_str("\n\nWider trust, accepted:\n");
        for change in trust {
            // Writing to a string cannot fail.
            _ = writeln!(message, "- {} ({})", change.what, change.path);
        }
    }
    message
}
