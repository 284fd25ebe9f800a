//! The part that git has in an update: what it could not bring back, the branch, the commit.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::Watch;
use super::vet::Vetted;
use super::write::Written;
use crate::diagnostic::words::Count;
use crate::diagnostic::{Diagnostic, Error, Kind};
use crate::git::Repository;
use crate::grants::TrustChange;
use crate::reconcile::{DeferredCommit, Plan, RecordChange};
use crate::store::{LOCK, record_path};

/// The way out where what is not committed would be written over.
const COMMIT_FIRST: &str = "commit or stash them first, or use `--force`";

/// What git is to do in a run.
#[derive(Debug, Clone, Default)]
pub struct GitOptions {
    /// Write over changes that are not committed.
    pub force: bool,
    /// A branch to make first.
    pub branch: Option<String>,
    /// Commit what was written, and nothing else.
    pub commit: bool,
}

/// The folder of the repository around a folder, if it is in one that is the user's.
#[must_use]
pub fn top_of_repository(folder: &Path) -> Option<PathBuf> {
    Repository::around(folder).map(|repository| repository.top().to_owned())
}

impl Vetted<'_> {
    /// Makes sure that git could bring back what is written over, and makes the branch.
    ///
    /// # Errors
    /// Where it could not, or there is no repository and one is needed.
    pub fn prepare(&self, git: &GitOptions, watch: &dyn Watch) -> Result<Option<Repository>, Error> {
        watch.begin_writing();
        prepare(self.out(), git, &written(self.plan()))
    }

    /// What a dry run says where the run itself would be refused.
    #[must_use]
    pub fn foreseen_refusal(&self, git: &GitOptions) -> Option<Diagnostic> {
        let repository = Repository::around(self.out()).filter(|_| !git.force)?;
        let message = dirty(&repository, &written(self.plan()))?;
        Some(Diagnostic::warning(format!("{message}: the update would be refused")).help(COMMIT_FIRST))
    }

    /// Makes the commit that an earlier run could not make, where nothing else is to be done. `false`
    /// where none is owed.
    ///
    /// # Errors
    /// When it cannot be made now either.
    pub fn retry_commit(&self, git: &GitOptions, watch: &dyn Watch) -> Result<bool, Error> {
        let folder = &self.planned.opened.workspace.folder;
        let Some(deferred) = folder.deferred_commit()? else { return Ok(false) };
        watch.begin_writing();
        let Some(repository) = prepare(self.out(), git, &BTreeSet::new())? else { return Ok(false) };
        let files = paths(&deferred);
        let differs = repository.differs(&files)?;
        if differs {
            repository.commit(&files, &deferred.message).map_err(written_only)?;
        }
        folder.clear_deferred_commit()?;
        Ok(differs)
    }

    fn out(&self) -> &Path {
        self.planned.opened.workspace.folder.root()
    }
}

impl Written {
    /// Commits the files that were written, and the records with them; what cannot be committed is left
    /// to the next run. `trust` is what the plan opens.
    ///
    /// # Errors
    /// When git does not make the commit.
    pub fn commit(&self, repository: &Repository, trust: &[TrustChange]) -> Result<(), Error> {
        let Self { folder, plan } = self;
        let mut files = with_records(written(plan), plan);
        files.extend(folder.deferred_commit()?.into_iter().flat_map(|deferred| paths(&deferred)));
        let message = message(plan, trust);
        if let Err(error) = repository.commit(&files, &message) {
            folder.defer_commit(message, &files)?;
            return Err(written_only(error));
        }
        folder.clear_deferred_commit()
    }
}

fn prepare(out: &Path, git: &GitOptions, files: &BTreeSet<String>) -> Result<Option<Repository>, Error> {
    let GitOptions { force, branch, commit } = git;
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

fn paths(deferred: &DeferredCommit) -> BTreeSet<String> {
    deferred.files.keys().map(ToString::to_string).collect()
}

/// The failure of a commit, with what is done already.
fn written_only(mut error: Error) -> Error {
    let help = "fix the problem, and run `crossrole update --commit` again: it commits them";
    error.diagnostics.push(Diagnostic::error("the files are written, but not committed").help(help));
    error
}

/// What git could not bring back, if anything.
fn dirty(repository: &Repository, files: &BTreeSet<String>) -> Option<String> {
    // A repository without a commit has nothing that could be lost unseen.
    let uncommitted = repository.uncommitted().unwrap_or_default();
    let dirty: Vec<_> = uncommitted.intersection(files).collect();
    let first = dirty.first()?;
    Some(match dirty.len() {
        1 => format!("`{first}` has uncommitted changes"),
        many => format!("`{first}` and {} have uncommitted changes", Count(many - 1, "more file")),
    })
}

fn no_repository(out: &Path, option: &str) -> Error {
    let message =
        format!("`{option}` needs a git repository, and `{}` is in none that is yours", out.display());
    Error::one(Kind::Usage, message, "make one with `git init`, or omit the option")
}

/// The files of a tree that a plan writes and deletes.
fn written(plan: &Plan) -> BTreeSet<String> {
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

fn message(plan: &Plan, trust: &[TrustChange]) -> String {
    let Plan { from, pack: to, .. } = plan;
    let mut message = if from == to {
        format!("crossrole: bring the output up to date with templates {} {}", to.id, to.version)
    } else {
        format!("crossrole: update templates {} {} to {} {}", from.id, from.version, to.id, to.version)
    };
    if !trust.is_empty() {
        message.push_str("\n\nTrust widened, as accepted:\n");
        for change in trust {
            // Writing to a string cannot fail.
            _ = writeln!(message, "- {} ({})", change.what, change.path);
        }
    }
    message
}
