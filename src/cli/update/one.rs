//! One generated folder, brought to the current spec and templates.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::UpdateArgs;
use crate::cli::interrupt::{self, Unseen, Watched};
use crate::cli::options::{on_conflict, open_folder};
use crate::cli::today::today;
use crate::cli::told;
use crate::diagnostic::{Error, Kind};
use crate::session::{
    self, Asked, Finished, GitOptions, Inputs, Options, OtherTemplates, Planned, Purpose, Rules, STDIN,
    Session, SpecSource, Vetted,
};
use crate::ui::{self, Ui, UpdateReport, Updated};

/// Updates one folder; whatever goes wrong is part of the report.
pub(super) fn update(ui: &Ui, out: &Path, args: &UpdateArgs, is_alone: bool) -> UpdateReport {
    let mut report = UpdateReport::new(out.display().to_string());
    let result = Run { ui, out, args, is_alone }.plan_and_write(&mut report);
    report.result = result;
    report
}

/// Goes on with the run that waits in a folder, or undoes it.
pub(super) fn finish(out: &Path, args: &UpdateArgs) -> UpdateReport {
    interrupt::begin_writing();
    let mut report = UpdateReport::new(out.display().to_string());
    let finished = open_folder(out).and_then(|folder| {
        if args.abort {
            return session::abort(&folder, args.force);
        }
        let (finished, notes) = session::proceed(&folder)?;
        report.warnings = notes;
        Ok(finished)
    });
    report.result = finished.map(|finished| match finished {
        Finished::NothingWaits => Updated::NothingWaits,
        Finished::Settled => Updated::Settled,
        Finished::Undone => Updated::Undone,
    });
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
        if interrupt::is_heard() {
            let help = "run again to update the remaining folders";
            return Err(Error::one(Kind::Interrupted, "interrupted", help));
        }
        let purpose = if self.args.dry_run { Purpose::Foresee } else { Purpose::Write };
        let session = Session::claim(open_folder(self.out)?, purpose, &Unseen)?;
        let source = self.source(&session)?;
        self.ui.detail(&format!("reading the spec `{}` and the files it names", source.spec.display()));
        let inputs = Inputs::load(&source)?;
        told::templates(self.ui, &inputs);
        report.from = session.recorded_pack().clone();
        report.to = inputs.pack_id();
        report.warnings = [session.notes(), &*inputs.warnings].concat();
        let planned = self.plan(session, &inputs)?;
        self.note(&planned, report)?;
        let vetted = planned.vet(&Rules {
            accepts_trust_change: self.args.accept_trust_change || self.args.dry_run,
            refuses_wider_trust: true,
            ..Rules::default()
        })?;
        report.warnings.extend_from_slice(vetted.warnings());
        let updated = self.write(vetted, report)?;
        // Once they made the tree, the next run has to find them.
        if report.from != report.to && matches!(updated, Updated::Changed | Updated::Conflicts) {
            report.warnings.extend(inputs.templates_to_name().filter(|_| !self.args.dry_run));
        }
        Ok(updated)
    }

    /// The spec that was named, or that the record names.
    fn source(&self, session: &Session) -> Result<SpecSource, Error> {
        let (spec, asked) = match &self.args.spec {
            Some(spec) => (spec.clone(), Asked::ByName),
            None => (spec_of(self.out, session.recorded_spec())?, Asked::ByRecord),
        };
        Ok(SpecSource { spec, templates: self.args.templates.clone(), asked, today: today() })
    }

    fn plan<'i>(&self, session: Session, inputs: &'i Inputs) -> Result<Planned<'i>, Error> {
        let opened = session.open(
            inputs,
            Options {
                on_conflict: on_conflict(self.ui, self.args.conflict),
                force: self.args.force,
                other_templates: OtherTemplates::Upgraded,
                ..Options::default()
            },
        )?;
        told::comparing(self.ui, inputs, self.out);
        let watched = self.watched("comparing", inputs.fleet.targets.len());
        let planned = opened.plan(&watched)?;
        watched.progress.finish();
        Ok(planned)
    }

    /// Takes down what there is to say of a plan, whatever becomes of it.
    fn note(&self, planned: &Planned<'_>, report: &mut UpdateReport) -> Result<(), Error> {
        report.plan = planned.plan().clone();
        report.warnings.extend(planned.missing_records());
        report.trust = planned.trust_changes()?.to_vec();
        report.leftovers = planned.leftovers()?;
        if self.args.diff {
            report.diff = ui::coming_diffs(planned.plan());
        }
        Ok(())
    }

    fn write(&self, vetted: Vetted<'_>, report: &mut UpdateReport) -> Result<Updated, Error> {
        let UpdateArgs { force, branch, commit, dry_run, .. } = self.args;
        if let Some(unresolved) = vetted.unresolved() {
            return Err(unresolved);
        }
        let plan = vetted.plan();
        let git = GitOptions { force: *force, branch: branch.clone(), commit: *commit };
        let has_conflicts = plan.conflicts().next().is_some();
        if *dry_run {
            report.warnings.extend(vetted.foreseen_refusal(&git));
        }
        if plan.is_empty() && *commit && !dry_run && vetted.retry_commit(&git, &Unseen)? {
            report.committed = true;
            return Ok(Updated::Committed);
        }
        if *dry_run || plan.is_empty() {
            return Ok(match (has_conflicts, plan.is_clean()) {
                (true, _) => Updated::Conflicts,
                (false, true) => Updated::Nothing,
                (false, false) => Updated::WouldChange,
            });
        }
        told::writing(self.ui, plan, self.out);
        let watched = self.watched("writing", plan.units.len());
        let repository = vetted.prepare(&git, &watched)?;
        let written = vetted.write(&watched)?;
        watched.progress.finish();
        if has_conflicts {
            return Ok(Updated::Conflicts);
        }
        if let Some(repository) = repository.filter(|_| *commit) {
            written.commit(&repository, &report.trust)?;
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
        let message = format!(
            "`{}` was generated from a spec on stdin, so its record does not name a file",
            out.display()
        );
        let help = "pass the spec with `--spec FILE`, or on stdin: `crossrole update --spec - < FILE`";
        return Err(Error::one(Kind::Io, message, help));
    }
    let path = Path::new(named);
    let is_way = path.components().all(|part| matches!(part, Component::Normal(_) | Component::ParentDir));
    let spec = out.join(path);
    if !is_way || named.is_empty() || !spec.is_file() {
        let message = format!("`{}` was generated from `{named}`, which does not exist", out.display());
        return Err(Error::one(Kind::Io, message, "pass the spec with `--spec FILE`"));
    }
    if is_near(out, &spec) {
        return Ok(spec);
    }
    let message = format!("the record of `{}` names `{named}`, outside its repository", out.display());
    let help = "pass `--spec FILE` to use that spec";
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
