//! Files that come from one unit to another: what a unit no longer has and another one writes is
//! neither deleted nor taken for somebody else's.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::open::Opened;
use crate::diagnostic::Error;
use crate::output::{RelPath, UnitName};
use crate::reconcile::{
    Change, Decision, PlanOptions, RecordChange, RecordedFile, UnitPlan, UnitRecord, plan_unit,
};
use crate::render::UnitSource;
use crate::store::Reader;

impl Opened<'_> {
    /// Plans again for units between which files went over.
    pub(super) fn transfer_files(
        &self,
        options: &PlanOptions<'_>,
        units: &mut [UnitPlan],
    ) -> Result<(), Error> {
        let mut gone: BTreeMap<RelPath, UnitName> = BTreeMap::new();
        for unit in units.iter() {
            let leaving = unit.changes.iter().filter(|change| leaves(change));
            gone.extend(leaving.map(|change| (change.path.clone(), unit.unit.clone())));
        }
        if gone.is_empty() {
            return Ok(());
        }
        let sources: BTreeMap<_, _> = self.renderer.units().into_iter().collect();
        let mut gained: BTreeMap<UnitName, Vec<RecordedFile>> = BTreeMap::new();
        let mut lost: BTreeMap<UnitName, BTreeSet<RelPath>> = BTreeMap::new();
        for (to, path) in self.wanted_elsewhere(&sources, &gone)? {
            let Some(from) = gone.get(&path) else { continue };
            let known = self.workspace.base(from)?.and_then(|base| base.base(&path).cloned());
            gained.entry(to).or_default().extend(known);
            lost.entry(from.clone()).or_default().insert(path);
        }
        for plan in units.iter_mut() {
            let (gained, lost) = (gained.remove(&plan.unit), lost.remove(&plan.unit));
            if gained.is_some() || lost.is_some() {
                let files = (gained.unwrap_or_default(), lost.unwrap_or_default());
                let lost = plan.missing_record.take();
                let source = sources.get(&plan.unit).copied();
                *plan = UnitPlan {
                    missing_record: lost,
                    has_foreign: plan.has_foreign,
                    ..self.plan_with((&plan.unit, source), files, options)?
                };
            }
        }
        Ok(())
    }

    /// Plans a unit whose record has gained and lost files; one without a source is not in the spec.
    fn plan_with(
        &self,
        (name, source): (&UnitName, Option<UnitSource<'_>>),
        (gained, lost): (Vec<RecordedFile>, BTreeSet<RelPath>),
        options: &PlanOptions<'_>,
    ) -> Result<UnitPlan, Error> {
        let unit = source.map(|source| self.renderer.unit(source)).transpose()?;
        let retired = source.is_some_and(UnitSource::is_retired);
        let before = self.workspace.base(name)?;
        let empty = || UnitRecord { unit: name.clone(), retired, is_merged: false, files: Vec::new() };
        let mut base = before.clone().unwrap_or_else(empty);
        base.files.retain(|file| !lost.contains(&file.path));
        let is_new = |file: &RecordedFile| base.base(&file.path).is_none();
        let gained: Vec<_> = gained.into_iter().filter(is_new).collect();
        base.files.extend(gained);
        let mut reader = Reader::new(&self.workspace.folder);
        let mut plan = plan_unit(name, unit.as_ref(), retired, Some(&base), &mut reader, options)?;
        if plan.record == RecordChange::Keep && before.as_ref() != Some(&base) {
            plan.record = RecordChange::Write(Box::new(base.clone()));
        }
        Ok(plan)
    }

    /// The units that write a file which another unit lets go.
    fn wanted_elsewhere(
        &self,
        sources: &BTreeMap<UnitName, UnitSource<'_>>,
        gone: &BTreeMap<RelPath, UnitName>,
    ) -> Result<Vec<(UnitName, RelPath)>, Error> {
        let found: Vec<Vec<_>> = sources
            .par_iter()
            .map(|(name, source)| {
                let paths = self.renderer.unit(*source)?.files.into_iter().map(|file| file.path);
                let wanted = paths.filter(|path| gone.get(path).is_some_and(|from| from != name));
                Ok(wanted.map(|path| (name.clone(), path)).collect())
            })
            .collect::<Result<_, Error>>()?;
        Ok(found.into_iter().flatten().collect())
    }
}

/// Whether a plan has nothing left to say of a file but that it goes.
fn leaves(change: &Change) -> bool {
    let is_leaving = matches!(change.decision, Decision::Delete | Decision::Forget | Decision::Conflict(_));
    change.after.is_none() && is_leaving
}
