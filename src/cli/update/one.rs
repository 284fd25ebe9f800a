//! One generated folder, brought to the current spec and templates.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use super::UpdateArgs;
use crate::cli::guard;
use crate::cli::interrupt::{Interrupt, Watched};
use crate::cli::load::load;
use crate::cli::options::SpecArgs;
use crate::cli::tree;
use crate::diagnostic::words::Count;
use crate::diagnostic::{Diagnostic, Error, Kind};
use crate::git::Repository;
use crate::reconcile::{PackId, Plan, RecordChange, TrustChange, left_behind, trust_changes};
use crate::render::Renderer;
use crate::store::{Folder, LOCK, Reader, record_path};
use crate::ui::{Ui, UpdateReport, Updated};
use crate::workspace::{Request, Workspace};

/// Updates one folder; whatever goes wrong is part of the report.
pub(super) fn update(
    ui: &Ui,
    out: &Path,
    args: &UpdateArgs,
    interrupt: &Interrupt,
    is_alone: bool,
) -> UpdateReport {
    let mut report = UpdateReport::new(out.display().to_string());
    let result = Run { ui, out, args, interrupt, is_alone }.plan_and_write(&mut report);
    report.result = result;
    report
}

/// One run over one folder.
struct Run<'r> {
    ui: &'r Ui,
    out: &'r Path,
    args: &'r UpdateArgs,
    interrupt: &'r Interrupt,
    /// Whether no other folder is updated, and this one's progress is what people see.
    is_alone: bool,
}

impl Run<'_> {
    fn plan_and_write(&self, report: &mut UpdateReport) -> Result<Updated, Error> {
        let Self { ui, out, args, interrupt, .. } = *self;
        if interrupt.is_heard() {
            let help = "run again: what is done already is found to be";
            return Err(Error::one(Kind::Interrupted, "interrupted", help));
        }
        let folder = Folder::open(out)?;
        let guard = tree::claim(&folder, !args.dry_run)?;
        let workspace = Workspace::open(&folder)?;
        let spec = args.spec.clone().map_or_else(|| spec_of(out, &workspace.lock().spec), Ok)?;
        let loaded = load(&SpecArgs { spec, templates: args.templates.clone() })?;
        report.from = workspace.lock().pack.clone();
        report.to = loaded.pack_id();
        report.warnings.clone_from(&loaded.warnings);
        refuse_older(&report.from, &report.to, args.force)?;
        let renderer = Renderer::new(&loaded.fleet, &loaded.pack, &loaded.spec_name)?;
        let request = Request {
            on_conflict: tree::on_conflict(ui, args.conflict),
            force: args.force,
            ..tree::request(&loaded, &renderer, out)
        };
        let watched = self.watched("comparing", loaded.fleet.targets.len());
        report.plan = workspace.plan(&request, &watched)?;
        watched.progress.finish();
        report.warnings.extend(tree::lost_records(&report.plan));
        report.trust = trust_changes(&report.plan);
        report.behind = left_behind(&report.plan, &mut Reader::new(&folder))?;
        if args.diff {
            report.diff = tree::diffs(ui, &report.plan);
        }
        let plan = &report.plan;
        tree::refuse_deletions(&workspace, plan, &BTreeSet::new())?;
        if !plan.is_handed_over() {
            return Err(tree::conflicts(plan));
        }
        refuse_trust(&report.trust, args)?;
        let judged = guard::refuse_other_trust(&loaded, plan, args.accept_trust_change || args.dry_run)?;
        report.warnings.extend(judged);
        let has_conflicts = plan.conflicts().next().is_some();
        if args.dry_run || plan.is_empty() {
            return Ok(match (has_conflicts, plan.is_clean()) {
                (true, _) => Updated::Conflicts,
                (false, true) => Updated::Nothing,
                (false, false) => Updated::WouldChange,
            });
        }
        let files = written(plan);
        let repository = self.prepare_repository(&files)?;
        let watched = self.watched("writing", plan.units.len());
        tree::carry_out(&workspace, &folder, guard, (&request, plan), &watched)?;
        watched.progress.finish();
        if has_conflicts {
            return Ok(Updated::Conflicts);
        }
        if let Some(repository) = repository.filter(|_| args.commit) {
            repository.commit(&with_records(files, plan), &message(report)).map_err(written_only)?;
            report.committed = true;
        }
        Ok(Updated::Changed)
    }

    fn watched(&self, label: &'static str, steps: usize) -> Watched {
        let steps = if self.is_alone { steps } else { 0 };
        Watched { progress: self.ui.progress(label, steps), interrupt: self.interrupt.clone() }
    }

    /// Makes sure that git could bring back what is written over, and makes the branch.
    fn prepare_repository(&self, files: &BTreeSet<String>) -> Result<Option<Repository>, Error> {
        let UpdateArgs { force, branch, commit, .. } = self.args;
        let Some(repository) = Repository::around(self.out) else {
            let option = if branch.is_some() { "--branch" } else { "--commit" };
            let is_needed = branch.is_some() || *commit;
            return if is_needed { Err(no_repository(self.out, option)) } else { Ok(None) };
        };
        if !force {
            refuse_dirty(&repository, files)?;
        }
        if let Some(branch) = branch {
            repository.switch_to_new(branch)?;
        }
        Ok(Some(repository))
    }
}

/// The failure of a commit, with what is done already.
fn written_only(mut error: Error) -> Error {
    let help = "commit them yourself: another run has nothing left to do there";
    error.diagnostics.push(Diagnostic::error("the files are written, and not committed").help(help));
    error
}

/// Where the spec is that a record names.
fn spec_of(out: &Path, named: &str) -> Result<PathBuf, Error> {
    let path = Path::new(named);
    let is_inside = path.components().all(|part| matches!(part, Component::Normal(_) | Component::ParentDir));
    let spec = out.join(path);
    if is_inside && !named.is_empty() && spec.is_file() {
        return Ok(spec);
    }
    let message = format!("`{}` was generated from `{named}`, which is not there", out.display());
    Err(Error::one(Kind::Io, message, "name the spec with `--spec FILE`"))
}

/// An update goes forward: an older crossrole would take away what a newer one wrote.
fn refuse_older(from: &PackId, to: &PackId, force: bool) -> Result<(), Error> {
    if force || from.id != to.id || from.version <= to.version {
        return Ok(());
    }
    let message = format!(
        "this tree was made by {} version {}, and these are version {}",
        from.id, from.version, to.version
    );
    Err(Error::one(Kind::Refused, message, "use a newer crossrole; `--force` goes back"))
}

fn refuse_trust(trust: &[TrustChange], args: &UpdateArgs) -> Result<(), Error> {
    if trust.is_empty() || args.accept_trust_change || args.dry_run {
        return Ok(());
    }
    let mut diagnostics: Vec<_> = trust
        .iter()
        .map(|change| Diagnostic::error(format!("wider trust: {} (`{}`)", change.what, change.path)))
        .collect();
    let help = "nothing was written; if this is meant, say `--accept-trust-change`";
    diagnostics.push(
        Diagnostic::error(format!("the update would widen trust in {}", Count(trust.len(), "place")))
            .help(help),
    );
    Err(Error::new(Kind::Refused, diagnostics))
}

fn refuse_dirty(repository: &Repository, files: &BTreeSet<String>) -> Result<(), Error> {
    // A repository without a commit has nothing that could be lost unseen.
    let uncommitted = repository.uncommitted().unwrap_or_default();
    let dirty: Vec<_> = uncommitted.intersection(files).collect();
    let Some(first) = dirty.first() else {
        return Ok(());
    };
    let message = match dirty.len() {
        1 => format!("`{first}` has changes that are not committed"),
        many => format!("`{first}` and {} have changes that are not committed", Count(many - 1, "more file")),
    };
    let help = "commit them, so that the update can be told from them; `--force` updates all the same";
    Err(Error::one(Kind::Refused, message, help))
}

fn no_repository(out: &Path, option: &str) -> Error {
    let message = format!("`{option}` needs a git repository, and `{}` is in none", out.display());
    Error::one(Kind::Usage, message, "make one with `git init`, or leave the option away")
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
