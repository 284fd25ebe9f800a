//! The third stage: what is there, what should be, and the plan between the two.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::claim::waits;
use super::open::Opened;
use super::own_files::{code_folders, foreign_code};
use super::{Unfreed, Watch};
use crate::diagnostic::{Diagnostic, Diagnostics, Error, Kind};
use crate::grants::TrustChange;
use crate::output::{RelPath, Unit, UnitName};
use crate::policy::AssumePolicies;
use crate::reconcile::{Fate, Leftovers, Plan, PlanOptions, UnitPlan, UnitRecord, leftovers, plan_unit};
use crate::render::UnitSource;
use crate::store::Reader;

/// A folder and what is to happen in it.
pub struct Planned<'i> {
    pub(super) opened: Opened<'i>,
    plan: Unfreed<Arc<Plan>>,
    pub(super) trust: OnceLock<Vec<TrustChange>>,
}

impl Planned<'_> {
    /// What is to happen; whoever keeps it may look at it after the run.
    #[must_use]
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// What the callers may assume.
    #[must_use]
    pub fn assume_policies(&self) -> &AssumePolicies {
        self.opened.renderer.assume_policies()
    }

    /// Files of people's own in folders that the plan leaves.
    ///
    /// # Errors
    /// When a folder cannot be listed.
    pub fn leftovers(&self) -> Result<Vec<Leftovers>, Error> {
        leftovers(&self.plan, &mut Reader::new(&self.opened.workspace.folder))
    }

    /// What there is to say of a run that waits here for a person.
    ///
    /// # Errors
    /// When what it wrote down cannot be read.
    pub fn waiting(&self) -> Result<Option<Diagnostic>, Error> {
        let pending = self.opened.workspace.folder.pending()?;
        Ok(pending.as_ref().map(waits))
    }
}

impl<'i> Opened<'i> {
    /// Renders everything and compares it with the record and the disk.
    ///
    /// # Errors
    /// What templates run into, files that cannot be looked at, and a plan that would delete what
    /// crossrole cannot have written.
    pub fn plan(self, watch: &dyn Watch) -> Result<Planned<'i>, Error> {
        let workspace = &self.workspace;
        let restore = |path: &RelPath| self.is_restored(path);
        let recorded = OnceLock::new();
        let is_generated =
            |path: &RelPath| recorded.get_or_init(|| workspace.recorded_paths()).contains(path);
        let options = PlanOptions {
            on_conflict: self.options.on_conflict,
            labels: workspace.labels(&self.pack),
            is_upgrade: workspace.is_made_by_others(&self.pack),
            force: self.options.force,
            overrides: workspace.overrides.clone(),
            restore: &restore,
            is_generated: &is_generated,
        };
        let mut units = self.plan_wanted(&options, watch)?;
        if self.only.is_none() {
            units.extend(self.plan_gone(&options)?);
        }
        self.transfer_files(&options, &mut units)?;
        let (from, pack) = (workspace.lock.pack.clone(), self.pack.clone());
        let mut plan = Plan { from, pack, units, lock_changes: false };
        self.refuse_foreign(&plan)?;
        plan.lock_changes = !workspace.had_lock || workspace.next_lock(&self.spec, &plan) != workspace.lock;
        Ok(Planned { plan: Unfreed::new(Arc::new(plan)), opened: self, trust: OnceLock::new() })
    }

    /// Units of the spec, as far as they are asked for.
    fn plan_wanted(&self, options: &PlanOptions<'_>, watch: &dyn Watch) -> Result<Vec<UnitPlan>, Error> {
        let is_wanted = |name: &UnitName| match (&self.only, name) {
            (None, _) => true,
            (Some(only), UnitName::Target(name)) => only.contains(name),
            (Some(_), UnitName::Source) => self.options.looks_at_source,
            (Some(_), UnitName::Shared) => false,
        };
        let units: Vec<_> = self.renderer.units().into_iter().filter(|(name, _)| is_wanted(name)).collect();
        let planned = units.par_iter().with_max_len(32).map(|(name, source)| {
            if watch.is_stopped() {
                return Err(interrupted());
            }
            let plan = self.plan_one(name, *source, options);
            watch.tick();
            plan
        });
        join(planned.collect())
    }

    fn plan_one(
        &self,
        name: &UnitName,
        source: UnitSource<'_>,
        options: &PlanOptions<'_>,
    ) -> Result<UnitPlan, Error> {
        let unit = self.renderer.unit(source)?;
        let retired = source.is_retired();
        let mut reader = Reader::new(&self.workspace.folder);
        let plan = self.compare(name, (&unit, retired), options, &mut reader)?;
        let has_foreign = self.options.looks_for_foreign && self.has_foreign(&unit, &mut reader)?;
        Ok(UnitPlan { has_foreign, ..plan })
    }

    /// Compares a unit as it is rendered with its record and with the disk.
    fn compare(
        &self,
        name: &UnitName,
        (unit, retired): (&Unit, bool),
        options: &PlanOptions<'_>,
        reader: &mut Reader<'_>,
    ) -> Result<UnitPlan, Error> {
        let record = || UnitRecord::of(unit, retired).to_text();
        if is_on_disk(unit, reader) && reader.holds_record(name, &record()) {
            return Ok(UnitPlan::clean(name.clone()));
        }
        let (base, lost) = self.workspace.read_base(name)?;
        let plan = plan_unit(name, Some(unit), retired, base.as_ref(), reader, options)?;
        let fate = if lost.is_some() { Fate::Kept } else { plan.fate };
        Ok(UnitPlan { fate, missing_record: lost, ..plan })
    }

    /// Whether people have Terraform of their own in the folders of a unit.
    fn has_foreign(&self, unit: &Unit, reader: &mut Reader<'_>) -> Result<bool, Error> {
        let is_known = |path: &str| {
            unit.files.iter().any(|file| file.path.as_str() == path) || self.is_in_shared_root(path)
        };
        for folder in code_folders(unit.files.iter().map(|file| file.path.as_str())) {
            if !foreign_code(reader, folder, &is_known)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Units of the record that the spec no longer has.
    fn plan_gone(&self, options: &PlanOptions<'_>) -> Result<Vec<UnitPlan>, Error> {
        let names: BTreeSet<_> = self.renderer.units().into_iter().map(|(name, _)| name).collect();
        let gone = self.workspace.lock.units.iter().filter(|name| !names.contains(name));
        gone.map(|name| {
            let (base, lost) = self.workspace.read_base(name)?;
            let mut reader = Reader::new(&self.workspace.folder);
            let retired = base.as_ref().is_some_and(|base| base.retired);
            let mut plan = plan_unit(name, None, retired, base.as_ref(), &mut reader, options)?;
            plan.missing_record = lost;
            Ok(plan)
        })
        .collect()
    }
}

fn is_on_disk(unit: &Unit, reader: &mut Reader<'_>) -> bool {
    unit.files.iter().all(|file| reader.holds(&file.path, &file.text))
}

/// Everything, or every problem.
fn join(planned: Vec<Result<UnitPlan, Error>>) -> Result<Vec<UnitPlan>, Error> {
    let mut kind = None;
    let mut found = Diagnostics::default();
    let mut units = Vec::with_capacity(planned.len());
    for plan in planned {
        match plan {
            Ok(plan) => units.push(plan),
            Err(error) => {
                kind.get_or_insert(error.kind);
                error.diagnostics.into_iter().for_each(|problem| found.push(problem));
            }
        }
    }
    match (found.finish(units), kind) {
        (Ok((units, _)), None) => Ok(units),
        (Err(error), Some(kind)) => Err(Error { kind, ..error }),
        (Ok(_), Some(kind)) => Err(Error::new(kind, Vec::new())),
        (Err(error), None) => Err(error),
    }
}

fn interrupted() -> Error {
    Error::one(Kind::Interrupted, "interrupted", "nothing was written")
}
