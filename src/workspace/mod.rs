//! One run over one output folder: what is there, what should be, and the plan between the two.
//!
//! Responsible for the order of things: everything is rendered and compared before anything is
//! written. Refuses to talk: progress and results are given to the caller.

mod across;
mod foreign;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use rayon::prelude::*;

use crate::diagnostic::words::Count;
use crate::diagnostic::{Diagnostic, Diagnostics, Error, Kind};
use crate::merge::Labels;
use crate::model::{Fleet, Target};
use crate::reconcile::{
    Lock, Lost, OnConflict, Overrides, PackId, Pending, Plan, RecordChange, Terms, UnitPlan, UnitRecord,
    Unreadable, plan_unit,
};
use crate::render::Renderer;
use crate::store::{Folder, LOCK, POLICY, Reader, Writer};
use crate::tree::{RelPath, Unit, UnitName};

/// What a run is to do.
pub struct Request<'r> {
    /// The fleet whose output is wanted.
    pub fleet: &'r Fleet,
    /// Renders it.
    pub renderer: &'r Renderer<'r>,
    /// Which templates it renders with.
    pub pack: PackId,
    /// The spec, as the record names it.
    pub spec: String,
    /// Files and folders in the output folder that the run reads: the spec, what it names, templates.
    pub reads: BTreeSet<String>,
    /// The targets to look at; `None` is everything.
    pub only: Option<BTreeSet<String>>,
    /// Files that a person deleted and wants back.
    pub restore: BTreeSet<String>,
    /// What to do where edits and what is new do not go together.
    pub on_conflict: OnConflict,
    /// Whether files that are nobody's to edit are taken back.
    pub force: bool,
}

/// Whoever watches a run.
pub trait Watch: Sync {
    /// A unit is done.
    fn tick(&self);
    /// Whether the run shall end.
    fn is_stopped(&self) -> bool;
}

/// A folder and what its record says.
pub struct Workspace<'w> {
    folder: &'w Folder,
    lock: Lock,
    had_lock: bool,
    overrides: Overrides,
}

impl<'w> Workspace<'w> {
    /// Reads the lock of a folder.
    ///
    /// # Errors
    /// A refusal when the record is damaged or was written by a newer crossrole.
    pub fn open(folder: &'w Folder) -> Result<Self, Error> {
        let text = folder.read_lock()?;
        let mut lock = match text.as_deref().map(Lock::parse) {
            None => Lock::default(),
            Some(Ok(lock)) => lock,
            Some(Err(unreadable)) => return Err(refuse(LOCK, &unreadable)),
        };
        if text.is_none() {
            lock.units = folder.recorded_units()?.into_iter().map(|unit| (unit, None)).collect();
        }
        let overrides =
            folder.read_policy()?.map_or_else(|| Ok(Overrides::default()), |text| Overrides::parse(&text));
        let overrides = overrides.map_err(|why| {
            let help = "it maps globs to `merge`, `managed` or `once`; the last glob that fits a path holds";
            Error::one(Kind::Input, format!("`{POLICY}` cannot be used: {why}"), help)
        })?;
        Ok(Self { folder, lock, had_lock: text.is_some(), overrides })
    }

    /// What the lock says.
    #[must_use]
    pub fn lock(&self) -> &Lock {
        &self.lock
    }

    /// Whether other templates than these made the tree.
    #[must_use]
    pub fn is_made_by_others(&self, pack: &PackId) -> bool {
        self.lock.pack != PackId::default() && self.lock.pack != *pack
    }

    /// Whether the record knows a unit.
    #[must_use]
    pub fn is_known(&self, unit: &UnitName) -> bool {
        self.lock.units.contains_key(unit)
    }

    /// Renders everything and compares it with the record and the disk.
    ///
    /// # Errors
    /// What templates run into, and files that cannot be looked at.
    pub fn plan(&self, request: &Request<'_>, watch: &dyn Watch) -> Result<Plan, Error> {
        let wanted = |name: &UnitName| match (&request.only, name) {
            (None, _) => true,
            (Some(only), UnitName::Target(name)) => only.contains(&**name),
            (Some(_), UnitName::Shared | UnitName::Source) => false,
        };
        let targets: BTreeMap<&str, &Target> =
            request.fleet.targets.iter().map(|target| (target.name.as_str(), target)).collect();
        let names: Vec<_> = request.renderer.names().into_iter().filter(wanted).collect();
        let restore = |path: &RelPath| is_restored(&request.restore, path);
        let recorded = OnceLock::new();
        let is_generated = |path: &RelPath| recorded.get_or_init(|| self.recorded_paths()).contains(path);
        let terms = Terms {
            on_conflict: request.on_conflict,
            labels: self.labels(&request.pack),
            is_upgrade: self.is_made_by_others(&request.pack),
            force: request.force,
            overrides: self.overrides.clone(),
            restore: &restore,
            is_generated: &is_generated,
        };
        let planned: Vec<_> = names
            .par_iter()
            .with_max_len(32)
            .map(|name| {
                if watch.is_stopped() {
                    return Err(interrupted());
                }
                let target = match name {
                    UnitName::Target(name) => targets.get(&**name).copied(),
                    UnitName::Shared | UnitName::Source => None,
                };
                let plan = self.plan_one(request, name, target, &terms);
                watch.tick();
                plan
            })
            .collect();
        let mut units = join(planned)?;
        if request.only.is_none() {
            units.extend(self.plan_gone(request, &terms)?);
        }
        self.hand_across(request, &terms, &mut units)?;
        let (from, pack) = (self.lock.pack.clone(), request.pack.clone());
        let mut plan = Plan { from, pack, units, lock_changes: false };
        self.refuse_foreign(request, &plan)?;
        plan.lock_changes = !self.had_lock || self.next_lock(request, &plan) != self.lock;
        Ok(plan)
    }

    fn plan_one(
        &self,
        request: &Request<'_>,
        name: &UnitName,
        target: Option<&Target>,
        terms: &Terms<'_>,
    ) -> Result<UnitPlan, Error> {
        let unit = match (name, target) {
            (UnitName::Shared, _) => request.renderer.shared()?,
            (UnitName::Source, _) => request.renderer.source()?,
            (UnitName::Target(_), Some(target)) => request.renderer.target(target)?,
            (UnitName::Target(name), None) => return Err(Error::bug(format!("no target `{name}`"))),
        };
        let retired = target.is_some_and(|target| target.retired);
        let mut reader = Reader::new(self.folder);
        let Some(known) = self.lock.units.get(name) else {
            // Its record is written in any case, and its digest is computed then.
            return plan_unit(name, Some(&unit), retired, None, &mut reader, terms);
        };
        let wanted = UnitRecord::of(&unit, retired);
        let text = wanted.to_text();
        let digest = UnitRecord::digest(&text);
        // A record of that length is not read: whoever needs it reads it then.
        let has_record = || self.folder.record_length(name) == u64::try_from(text.len()).ok();
        if known.as_deref() == Some(&digest) && is_on_disk(&unit, &mut reader) && has_record() {
            return Ok(UnitPlan::clean(name.clone(), digest));
        }
        let (base, lost) = self.read_base(name)?;
        let mut plan = plan_unit(name, Some(&unit), retired, base.as_ref(), &mut reader, terms)?;
        plan.digest = match &plan.record {
            RecordChange::Write(record) if **record == wanted => Some(digest),
            change => digest_after(change, base.as_ref()),
        };
        plan.lost = lost;
        Ok(plan)
    }

    /// Units of the record that the spec no longer has.
    fn plan_gone(&self, request: &Request<'_>, terms: &Terms<'_>) -> Result<Vec<UnitPlan>, Error> {
        let names: BTreeSet<_> = request.renderer.names().into_iter().collect();
        let gone = self.lock.units.keys().filter(|name| !names.contains(name));
        gone.map(|name| {
            let (base, lost) = self.read_base(name)?;
            let mut reader = Reader::new(self.folder);
            let retired = base.as_ref().is_some_and(|base| base.retired);
            let mut plan = plan_unit(name, None, retired, base.as_ref(), &mut reader, terms)?;
            plan.digest = digest_after(&plan.record, base.as_ref());
            plan.lost = lost;
            Ok(plan)
        })
        .collect()
    }

    /// The record of a unit; one that is damaged is none.
    fn base(&self, name: &UnitName) -> Result<Option<UnitRecord>, Error> {
        Ok(self.read_base(name)?.0)
    }

    /// The record of a unit, or why it has none although the lock knows it.
    fn read_base(&self, name: &UnitName) -> Result<(Option<UnitRecord>, Option<Lost>), Error> {
        let Some(text) = self.folder.read_record(name)? else {
            return Ok((None, self.is_known(name).then_some(Lost::Missing)));
        };
        match UnitRecord::parse(name, &text) {
            Ok(record) => Ok((Some(record), None)),
            Err(Unreadable::Damaged(why)) => Ok((None, Some(Lost::Damaged(why)))),
            Err(newer @ Unreadable::Newer(_)) => Err(refuse(&format!("the record of `{name}`"), &newer)),
        }
    }

    /// The files of all units; what cannot be read has none.
    fn recorded_paths(&self) -> BTreeSet<RelPath> {
        let records = self.lock.units.keys().filter_map(|unit| self.base(unit).ok().flatten());
        records.flat_map(|record| record.files).map(|file| file.path).collect()
    }

    /// What the sides of a merge are called.
    fn labels(&self, pack: &PackId) -> Labels {
        let base = if self.had_lock { self.lock.pack.version } else { pack.version };
        Labels {
            ours: "yours".to_owned(),
            base: format!("base {base}"),
            theirs: format!("template {}", pack.version),
        }
    }

    /// Targets that the plan would delete though they were never retired. Terraform could not
    /// destroy what it made for them any more.
    ///
    /// # Errors
    /// When a record cannot be read.
    pub fn unretired(&self, plan: &Plan, forgotten: &BTreeSet<String>) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        for unit in plan.units.iter().filter(|unit| unit.is_gone) {
            let UnitName::Target(name) = &unit.unit else { continue };
            let retired = self.base(&unit.unit)?.is_none_or(|record| record.retired);
            if !retired && !forgotten.contains(&**name) {
                names.push(name.to_string());
            }
        }
        Ok(names)
    }

    /// Carries out a plan in a folder that is held. Conflicts that it hands over make it wait for a
    /// person, and undoable until then.
    ///
    /// # Errors
    /// When the file system says no, or the run is stopped.
    pub fn carry_out(&self, request: &Request<'_>, plan: &Plan, watch: &dyn Watch) -> Result<(), Error> {
        let lock = |digests: Vec<(UnitName, String)>| {
            let mut lock = self.next_lock(request, plan);
            lock.units.extend(digests.into_iter().map(|(unit, digest)| (unit, Some(digest))));
            lock.to_text()
        };
        let stop = || watch.is_stopped();
        let waits = plan.conflicts().next().is_some();
        let pending = if waits { Some(self.folder.begin_pending(plan, &lock(digests(plan)))?) } else { None };
        Writer::begin(self.folder, &plan.units, &stop)?.run(lock, &|| watch.tick())?;
        pending.map_or(Ok(()), |pending| self.folder.complete_pending(pending))
    }

    /// Ends a run that waited for its conflicts to be resolved: their new texts are the base of later
    /// merges from now on.
    ///
    /// # Errors
    /// When a record or the lock cannot be written.
    pub fn settle(&self, pending: &Pending) -> Result<(), Error> {
        let mut lock = self.lock.clone();
        for (unit, digest) in self.folder.settle_pending(pending)? {
            match digest {
                Some(digest) => drop(lock.units.insert(unit, Some(digest))),
                None => drop(lock.units.remove(&unit)),
            }
        }
        self.folder.end_pending(&lock.to_text())
    }

    /// The lock as it will be when the plan has been carried out.
    fn next_lock(&self, request: &Request<'_>, plan: &Plan) -> Lock {
        let mut lock = Lock {
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            pack: request.pack.clone(),
            spec: request.spec.clone(),
            units: self.lock.units.clone(),
        };
        for unit in &plan.units {
            match (&unit.record, &unit.digest) {
                (RecordChange::Remove, _) => drop(lock.units.remove(&unit.unit)),
                (_, digest) => drop(lock.units.insert(unit.unit.clone(), digest.clone())),
            }
        }
        lock
    }
}

/// The digests of the records that a plan writes.
fn digests(plan: &Plan) -> Vec<(UnitName, String)> {
    let digest = |unit: &UnitPlan| Some((unit.unit.clone(), digest_after(&unit.record, None)?));
    plan.units.iter().filter_map(digest).collect()
}

/// The digest of a unit's record, once it is changed.
fn digest_after(change: &RecordChange, base: Option<&UnitRecord>) -> Option<String> {
    let digest = |record: &UnitRecord| UnitRecord::digest(&record.to_text());
    match change {
        RecordChange::Write(record) => Some(digest(record)),
        RecordChange::Keep => base.map(digest),
        RecordChange::Remove => None,
    }
}

fn is_on_disk(unit: &Unit, reader: &mut Reader<'_>) -> bool {
    unit.files.iter().all(|file| reader.holds(&file.path, &file.text))
}

/// A path that was named, or lies in a folder that was.
fn is_restored(named: &BTreeSet<String>, path: &RelPath) -> bool {
    named.contains(path.as_str()) || path.folders().any(|folder| named.contains(folder))
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

fn refuse(what: &str, unreadable: &Unreadable) -> Error {
    let (message, help) = match unreadable {
        Unreadable::Newer(format) => (
            format!("{what} has format {format}, which a newer crossrole wrote"),
            "use that version, or a newer one",
        ),
        Unreadable::Damaged(why) => (
            format!("{what} is damaged: {why}"),
            "resolve the conflict or restore the file from version control; if it is lost, delete it, and it is rebuilt from the records beside it",
        ),
    };
    Error::one(Kind::Refused, message, help)
}

fn interrupted() -> Error {
    Error::one(Kind::Interrupted, "interrupted", "nothing was written")
}

/// The refusal to delete targets that were not retired.
#[must_use]
pub fn refuse_unretired(names: &[String]) -> Error {
    let diagnostics = names.iter().map(|name| {
        let message = format!("the target `{name}` is gone from the spec, and was never retired");
        let help = format!("its provider would go together with its resources, and Terraform could destroy neither: put it back with `state: retired` and follow CROSSROLE.md, or say `--forget {name}` if it was never applied");
        Diagnostic::error(message).help(help)
    });
    let mut diagnostics: Vec<_> = diagnostics.take(20).collect();
    if names.len() > diagnostics.len() {
        let more = Count(names.len() - diagnostics.len(), "more target");
        diagnostics.push(Diagnostic::error(format!("and {more}")));
    }
    Error::new(Kind::Refused, diagnostics)
}
