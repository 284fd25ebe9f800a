//! One run over one output folder: what is there, what should be, and the plan between the two.
//!
//! Responsible for the order of things: everything is rendered and compared before anything is
//! written. Refuses to talk: progress and results are given to the caller.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::diagnostic::words::Count;
use crate::diagnostic::{Diagnostic, Diagnostics, Error, Kind};
use crate::model::{Fleet, Target};
use crate::reconcile::{Lock, PackId, Plan, RecordChange, UnitPlan, UnitRecord, Unreadable, plan_unit};
use crate::render::Renderer;
use crate::store::{Folder, LOCK, Reader, Writer};
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
    /// The targets to look at; `None` is everything.
    pub only: Option<BTreeSet<String>>,
    /// Files that a person deleted and wants back.
    pub restore: BTreeSet<String>,
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
        Ok(Self { folder, lock, had_lock: text.is_some() })
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
                let plan = self.plan_one(request, name, target);
                watch.tick();
                plan
            })
            .collect();
        let mut units = join(planned)?;
        if request.only.is_none() {
            units.extend(self.plan_gone(request)?);
        }
        let mut plan = Plan { pack: request.pack.clone(), units, lock_changes: false };
        plan.lock_changes = !self.had_lock || self.next_lock(request, &plan) != self.lock;
        Ok(plan)
    }

    fn plan_one(
        &self,
        request: &Request<'_>,
        name: &UnitName,
        target: Option<&Target>,
    ) -> Result<UnitPlan, Error> {
        let unit = match (name, target) {
            (UnitName::Shared, _) => request.renderer.shared()?,
            (UnitName::Source, _) => request.renderer.source()?,
            (UnitName::Target(_), Some(target)) => request.renderer.target(target)?,
            (UnitName::Target(name), None) => return Err(Error::bug(format!("no target `{name}`"))),
        };
        let retired = target.is_some_and(|target| target.retired);
        let wanted = UnitRecord::of(&unit, retired);
        let digest = UnitRecord::digest(&wanted.to_text());
        let mut reader = Reader::new(self.folder);
        let known = self.lock.units.get(name);
        if known.is_some_and(|known| known.as_deref() == Some(&digest)) && is_on_disk(&unit, &mut reader) {
            return Ok(UnitPlan::clean(name.clone(), digest));
        }
        let base = if known.is_some() { self.base(name)? } else { None };
        let mut disk = |path: &RelPath| reader.read(path);
        let restore = |path: &RelPath| is_restored(&request.restore, path);
        let mut plan = plan_unit(name, Some(&unit), retired, base.as_ref(), &mut disk, &restore)?;
        plan.digest = match &plan.record {
            RecordChange::Write(record) if **record == wanted => Some(digest),
            RecordChange::Write(record) => Some(UnitRecord::digest(&record.to_text())),
            RecordChange::Keep => base.map(|base| UnitRecord::digest(&base.to_text())),
            RecordChange::Remove => None,
        };
        Ok(plan)
    }

    /// Units of the record that the spec no longer has.
    fn plan_gone(&self, request: &Request<'_>) -> Result<Vec<UnitPlan>, Error> {
        let names: BTreeSet<_> = request.renderer.names().into_iter().collect();
        let gone = self.lock.units.keys().filter(|name| !names.contains(name));
        gone.map(|name| {
            let base = self.base(name)?;
            let mut reader = Reader::new(self.folder);
            plan_unit(name, None, false, base.as_ref(), &mut |path| reader.read(path), &|_| false)
        })
        .collect()
    }

    /// The record of a unit; one that is damaged is none.
    fn base(&self, name: &UnitName) -> Result<Option<UnitRecord>, Error> {
        let Some(text) = self.folder.read_record(name)? else {
            return Ok(None);
        };
        match UnitRecord::parse(name, &text) {
            Ok(record) => Ok(Some(record)),
            Err(Unreadable::Damaged(_)) => Ok(None),
            Err(newer @ Unreadable::Newer(_)) => Err(refuse(&format!("the record of `{name}`"), &newer)),
        }
    }

    /// Targets that the plan would delete though they were never retired. Terraform could not
    /// destroy what it made for them any more.
    ///
    /// # Errors
    /// When a record cannot be read.
    pub fn unretired(&self, plan: &Plan, forgotten: &BTreeSet<String>) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        for unit in plan.units.iter().filter(|unit| unit.record == RecordChange::Remove) {
            let UnitName::Target(name) = &unit.unit else { continue };
            let retired = self.base(&unit.unit)?.is_none_or(|record| record.retired);
            if !retired && !forgotten.contains(&**name) {
                names.push(name.to_string());
            }
        }
        Ok(names)
    }

    /// Carries out a plan in a folder that is held.
    ///
    /// # Errors
    /// When the file system says no, or the run is stopped.
    pub fn carry_out(&self, request: &Request<'_>, plan: &Plan, watch: &dyn Watch) -> Result<(), Error> {
        let lock = self.next_lock(request, plan).to_text();
        let stop = || watch.is_stopped();
        Writer::begin(self.folder, &plan.units, &stop)?.run(&lock, &|| watch.tick())
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
