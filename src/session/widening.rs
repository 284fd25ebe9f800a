//! What a plan gives that is not given now, and what the disk gives that the spec does not: both are two
//! readings of the same folders.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::plan::Planned;
use super::sides::{Side, Sides};
use crate::diagnostic::Error;
use crate::explain::AccessAudit;
use crate::grants::{Asked, Grants, TrustChange, opened, permissions_opened};
use crate::model::Target;
use crate::model::TargetName;
use crate::output::UnitName;
use crate::policy::Statement;
use crate::policy::evaluate::Excess;
use crate::reconcile::{Decision, UnitPlan, widened_policies};

/// What one reading gives that another does not.
type Compare = fn(&Grants, &Grants, &Asked<'_>) -> Vec<TrustChange>;

impl Planned<'_> {
    /// What the plan opens. A unit that is new opens what was asked for.
    ///
    /// # Errors
    /// What templates run into, and folders that cannot be listed.
    pub fn trust_changes(&self) -> Result<&[TrustChange], Error> {
        if let Some(known) = self.trust.get() {
            return Ok(known);
        }
        let rewritten: Vec<_> = self.plan().units.iter().filter(|unit| self.is_rewritten(unit)).collect();
        if rewritten.is_empty() {
            return Ok(self.trust.get_or_init(Vec::new));
        }
        let (rights, shared) = (self.rights(), Sides::of_shared(self)?);
        let opened_by = |unit| self.opened_by(unit, &shared, &rights);
        let found = rewritten.into_par_iter().map(opened_by).collect::<Result<Vec<_>, _>>()?;
        let found: BTreeSet<_> = found.into_iter().flatten().collect();
        Ok(self.trust.get_or_init(|| found.into_iter().collect()))
    }

    /// What the folder gives beyond the spec, by people's edits or by files of their own.
    ///
    /// # Errors
    /// What templates run into, and folders that cannot be listed.
    pub fn wider_than_spec(&self) -> Result<Vec<TrustChange>, Error> {
        let beyond = self.beyond_spec(Side::Now, opened)?;
        let found: BTreeSet<_> = beyond.into_iter().flat_map(|(_, changes)| changes).collect();
        Ok(found.into_iter().chain(self.wider_by_themselves()).collect())
    }

    /// What the roles of targets may do beyond the spec, or for longer, when the plan is carried out.
    ///
    /// # Errors
    /// What templates run into, and folders that cannot be listed.
    pub fn permissions_beyond_spec(&self) -> Result<BTreeMap<TargetName, Vec<TrustChange>>, Error> {
        let beyond = self.beyond_spec(Side::Then, permissions_opened)?;
        let of_target = |(unit, changes): (&UnitName, _)| Some((unit.target()?.clone(), changes));
        Ok(beyond.into_iter().filter_map(of_target).collect())
    }

    /// What each unit that people had a part in gives on a side and the spec does not.
    fn beyond_spec(&self, side: Side, compare: Compare) -> Result<Vec<(&UnitName, Vec<TrustChange>)>, Error> {
        let is_judged = |unit: &&UnitPlan| !unit.is_gone() && is_touched(unit);
        let touched: Vec<_> = self.plan().units.iter().filter(is_judged).collect();
        if touched.is_empty() {
            return Ok(Vec::new());
        }
        let shared = Sides::of_shared(self)?;
        // What a caller may do by the spec is in what is generated, and no other caller may do it.
        let rights = BTreeSet::new();
        let found = touched.into_par_iter().map(|unit| {
            let mut sides = Sides::of(unit, &shared)?;
            let folders = sides.folders();
            let (spec, judged) = (sides.grants(Side::Generated, &folders)?, sides.grants(side, &folders)?);
            let is_source = unit.unit == UnitName::Source;
            let asked = Asked { rights: &rights, is_source, leaves_aside: !is_source };
            Ok((&unit.unit, of_unit(compare(&spec, &judged, &asked), &unit.unit)))
        });
        found.collect()
    }

    /// What roles that exist already allow beyond the spec, by the policies that the spec names.
    fn wider_by_themselves(&self) -> BTreeSet<TrustChange> {
        let targets = self.plan().units.iter().filter_map(|unit| self.target_of(&unit.unit));
        let roles = targets.flat_map(Target::each_role);
        let given = roles.filter_map(|one| Some((one, one.role.trust_policy.as_ref()?)));
        let given: Vec<_> = given.collect();
        if given.is_empty() {
            return BTreeSet::new();
        }
        let audit = AccessAudit::new(&self.opened.inputs.fleet);
        let changes = given.into_iter().flat_map(|(one, given)| {
            let what = move |excess: Excess| format!("the existing role of `{one}`: {excess}");
            let excesses = audit.excesses_of_existing(one).into_iter();
            excesses.map(move |excess| TrustChange {
                path: given.file.clone(),
                what: what(excess),
                target: Some(one.target.name.to_string()),
            })
        });
        changes.collect()
    }

    fn opened_by(
        &self,
        unit: &UnitPlan,
        shared: &Sides<'_>,
        rights: &BTreeSet<(String, String)>,
    ) -> Result<Vec<TrustChange>, Error> {
        let mut sides = Sides::of(unit, shared)?;
        let folders = sides.changed_folders();
        let (now, then) = (sides.grants(Side::Now, &folders)?, sides.grants(Side::Then, &folders)?);
        let is_source = unit.unit == UnitName::Source;
        let asked = Asked { rights, is_source, leaves_aside: false };
        let mut found = opened(&now, &then, &asked);
        let policies = widened_policies(unit, self.plan().is_upgrade());
        let others = policies
            .into_iter()
            .filter(|(path, what)| !then.holds_document(path.as_str()) && !asked.is_asked_for(what));
        found.extend(others.map(|(path, what)| TrustChange { path: path.to_string(), what, target: None }));
        Ok(of_unit(found, &unit.unit))
    }

    /// Whether something is written in a unit that was there before, and stays.
    fn is_rewritten(&self, unit: &UnitPlan) -> bool {
        !unit.is_gone() && !self.is_new(unit) && unit.changes.iter().any(|change| change.is_write())
    }

    /// Whether nothing of a unit was there before.
    fn is_new(&self, unit: &UnitPlan) -> bool {
        let is_created = |decision: Decision| decision == Decision::Create;
        !self.opened.workspace.is_known(&unit.unit)
            && unit.changes.iter().all(|change| is_created(change.decision))
    }

    /// What the spec gives to callers: an action on a resource each.
    fn rights(&self) -> BTreeSet<(String, String)> {
        let policies = self.opened.renderer.assume_policies();
        let statements = policies.iter().flat_map(|(_, policies)| policies.documents.values());
        let statements = statements.flat_map(|document| &document.statements);
        let mut rights = BTreeSet::new();
        for Statement { actions, resources, .. } in statements {
            for action in *actions {
                rights.extend(resources.iter().map(|resource| ((*action).to_owned(), resource.clone())));
            }
        }
        rights
    }
}

/// The same, with the target that the unit is of.
fn of_unit(changes: Vec<TrustChange>, unit: &UnitName) -> Vec<TrustChange> {
    let target = unit.target().map(ToString::to_string);
    changes.into_iter().map(|change| TrustChange { target: target.clone(), ..change }).collect()
}

/// Whether people had a part in a unit.
fn is_touched(unit: &UnitPlan) -> bool {
    let is_theirs = |decision: Decision| {
        matches!(
            decision,
            Decision::Merge | Decision::KeepEdited | Decision::KeepDeleted(_) | Decision::Conflict(_)
        )
    };
    unit.has_foreign || unit.changes.iter().any(|change| is_theirs(change.decision))
}
