//! One generated folder, brought to the current spec and templates.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::{UpdateArgs, commit};
use crate::cli::guard;
use crate::cli::interrupt::{self, Watched};
use crate::cli::load::{Asked, STDIN, load_asked};
use crate::cli::options::SpecArgs;
use crate::cli::tree;
use crate::diagnostic::words::Count;
use crate::diagnostic::{Diagnostic, Error, Kind};
use crate::reconcile::{PackId, TrustChange, left_behind, trust_changes};
use crate::render::Renderer;
use crate::store::Reader;
use crate::ui::{Ui, UpdateReport, Updated};
use crate::workspace::{Request, Workspace};

/// Updates one folder; whatever goes wrong is part of the report.
pub(super) fn update(ui: &Ui, out: &Path, args: &UpdateArgs, is_alone: bool) -> UpdateReport {
    let mut report = UpdateReport::new(out.display().to_string());
    let result = Run { ui, out, args, is_alone }.plan_and_write(&mut report);
    report.result = result;
    report
}

/// One run over one folder.
struct Run<'r> {
    ui: &'r Ui,
    out: &'r Path,
    args: &'r UpdateArgs,
    /// Whether no other folder is updated, and this one's progress is what people see.
    is_alone: bool,
}

impl Run<'_> {
    fn plan_and_write(&self, report: &mut UpdateReport) -> Result<Updated, Error> {
        let Self { ui, out, args, .. } = *self;
        if interrupt::is_heard() {
            let help = "run again: what is done already is found to be";
            return Err(Error::one(Kind::Interrupted, "interrupted", help));
        }
        let folder = tree::open(out)?;
        let tree::Claim { guard, notes } = tree::claim(&folder, !args.dry_run)?;
        let workspace = Workspace::open(&folder)?;
        let (spec, asked) = match &args.spec {
            Some(spec) => (spec.clone(), Asked::ByName),
            None => (spec_of(out, &workspace.lock().spec)?, Asked::ByRecord),
        };
        let loaded = load_asked(&SpecArgs { spec, templates: args.templates.clone() }, asked)?;
        report.from = workspace.lock().pack.clone();
        report.to = loaded.pack_id();
        report.warnings = [&*notes, &*loaded.warnings].concat();
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
            report.diff = tree::coming_diffs(ui, &report.plan);
        }
        let plan = &report.plan;
        tree::refuse_deletions(&workspace, plan, &BTreeSet::new())?;
        if !plan.is_handed_over() {
            return Err(tree::conflicts(plan));
        }
        refuse_trust(&report.trust, args)?;
        let is_accepted = args.accept_trust_change || args.dry_run;
        let judged = guard::refuse_other_trust(&loaded, &renderer, plan, is_accepted)?;
        report.warnings.extend(judged);
        let has_conflicts = plan.conflicts().next().is_some();
        if args.dry_run {
            report.warnings.extend(commit::foreseen_refusal(out, args, &commit::written(plan)));
        }
        if plan.is_empty() && args.commit && !args.dry_run && commit::make_up(out, &folder, args)? {
            report.committed = true;
            return Ok(Updated::Committed);
        }
        if args.dry_run || plan.is_empty() {
            return Ok(match (has_conflicts, plan.is_clean()) {
                (true, _) => Updated::Conflicts,
                (false, true) => Updated::Nothing,
                (false, false) => Updated::WouldChange,
            });
        }
        let files = commit::written(plan);
        interrupt::begin_writing();
        let repository = commit::prepare(out, args, &files)?;
        let watched = self.watched("writing", plan.units.len());
        tree::carry_out(&workspace, &folder, guard, (&request, plan), &watched)?;
        watched.progress.finish();
        if has_conflicts {
            return Ok(Updated::Conflicts);
        }
        if let Some(repository) = repository.filter(|_| args.commit) {
            commit::commit(&folder, &repository, files, report)?;
            report.committed = true;
        }
        Ok(Updated::Changed)
    }

    fn watched(&self, label: &'static str, steps: usize) -> Watched {
        let steps = if self.is_alone { steps } else { 0 };
        Watched { progress: self.ui.progress(label, steps) }
    }
}

/// Where the spec is that a record names.
fn spec_of(out: &Path, named: &str) -> Result<PathBuf, Error> {
    if named == STDIN {
        let message =
            format!("`{}` was generated from a spec on stdin, so its record names none", out.display());
        let help = "name it with `--spec FILE`, or give it again: `crossrole update --spec - < FILE`";
        return Err(Error::one(Kind::Io, message, help));
    }
    let path = Path::new(named);
    let is_way = path.components().all(|part| matches!(part, Component::Normal(_) | Component::ParentDir));
    let spec = out.join(path);
    if !is_way || named.is_empty() || !spec.is_file() {
        let message = format!("`{}` was generated from `{named}`, which is not there", out.display());
        return Err(Error::one(Kind::Io, message, "name the spec with `--spec FILE`"));
    }
    if is_near(out, &spec) {
        return Ok(spec);
    }
    let message = format!("the record of `{}` names `{named}`, outside its repository", out.display());
    let help = "name the spec with `--spec FILE` if that is the one";
    Err(Error::one(Kind::Refused, message, help))
}

/// Whether a spec is in the folder, or in the git repository around it: nobody else may have said where a
/// record's spec is.
fn is_near(out: &Path, spec: &Path) -> bool {
    let Some((out, spec)) = fs::canonicalize(out).ok().zip(fs::canonicalize(spec).ok()) else {
        return false;
    };
    let top = out.ancestors().find(|above| above.join(".git").exists()).unwrap_or(&out);
    spec.starts_with(top)
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
