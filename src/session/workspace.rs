//! An output folder and what its record says.

use std::collections::BTreeSet;

use crate::diagnostic::{Error, Kind};
use crate::merge::Labels;
use crate::output::{RelPath, UnitName};
use crate::reconcile::{
    Lockfile, MissingRecord, Overrides, PackId, Plan, RecordChange, UnitRecord, Unreadable,
};
use crate::store::{Folder, LOCK, POLICY};

/// A folder and what its record says.
pub(super) struct Workspace {
    pub(super) folder: Folder,
    pub(super) lock: Lockfile,
    pub(super) had_lock: bool,
    pub(super) overrides: Overrides,
}

impl Workspace {
    /// Reads the lock of a folder. A record that is damaged, or was written by a newer crossrole, is
    /// refused.
    pub(super) fn read(folder: Folder) -> Result<Self, Error> {
        let (lock, had_lock) = read_lock(&folder)?;
        let overrides =
            folder.read_policy()?.map_or_else(|| Ok(Overrides::default()), |text| Overrides::parse(&text));
        let overrides = overrides.map_err(|why| {
            let help = "it maps globs to `merge`, `managed` or `once`; the last glob that fits a path holds";
            Error::one(Kind::Input, format!("`{POLICY}` cannot be used: {why}"), help)
        })?;
        Ok(Self { folder, lock, had_lock, overrides })
    }

    /// Whether other templates than these made the tree.
    pub(super) fn is_made_by_others(&self, pack: &PackId) -> bool {
        self.lock.pack != PackId::default() && self.lock.pack != *pack
    }

    /// Whether the record knows a unit.
    pub(super) fn is_known(&self, unit: &UnitName) -> bool {
        self.lock.units.contains(unit)
    }

    /// The record of a unit; one that is damaged is none.
    pub(super) fn base(&self, name: &UnitName) -> Result<Option<UnitRecord>, Error> {
        Ok(self.read_base(name)?.0)
    }

    /// The record of a unit, or why it has none although the lock knows it.
    pub(super) fn read_base(
        &self,
        name: &UnitName,
    ) -> Result<(Option<UnitRecord>, Option<MissingRecord>), Error> {
        let Some(text) = self.folder.read_record(name)? else {
            return Ok((None, self.is_known(name).then_some(MissingRecord::Missing)));
        };
        match UnitRecord::parse(name, &text) {
            Ok(record) => Ok((Some(record), None)),
            Err(Unreadable::Damaged(why)) => Ok((None, Some(MissingRecord::Damaged(why)))),
            Err(newer @ Unreadable::Newer(_)) => Err(refuse(&format!("the record of `{name}`"), &newer)),
        }
    }

    /// The files of all units; what cannot be read has none.
    pub(super) fn recorded_paths(&self) -> BTreeSet<RelPath> {
        let records = self.lock.units.iter().filter_map(|unit| self.base(unit).ok().flatten());
        records.flat_map(|record| record.files).map(|file| file.path).collect()
    }

    /// What the sides of a merge are called.
    pub(super) fn labels(&self, pack: &PackId) -> Labels {
        let base = if self.had_lock { self.lock.pack.version } else { pack.version };
        Labels {
            ours: "yours".to_owned(),
            base: format!("base {base}"),
            theirs: format!("template {}", pack.version),
        }
    }

    /// The lock as it will be when a plan has been carried out.
    pub(super) fn next_lock(&self, spec: &str, plan: &Plan) -> Lockfile {
        let mut lock = Lockfile {
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            pack: plan.pack.clone(),
            spec: spec.to_owned(),
            units: self.lock.units.clone(),
            is_merged: false,
        };
        for unit in &plan.units {
            match &unit.record {
                RecordChange::Remove => lock.units.remove(&unit.unit),
                RecordChange::Keep | RecordChange::Write(_) => lock.units.insert(unit.unit.clone()),
            };
        }
        lock
    }
}

/// What the lock of a folder says, or would say of the records that are there; and whether it is there.
pub(super) fn read_lock(folder: &Folder) -> Result<(Lockfile, bool), Error> {
    match folder.read_lock()?.as_deref().map(Lockfile::parse) {
        Some(Ok(lock)) => Ok((lock, true)),
        Some(Err(unreadable)) => Err(refuse(LOCK, &unreadable)),
        None => {
            let units = folder.recorded_units()?.into_iter().collect();
            Ok((Lockfile { units, ..Lockfile::default() }, false))
        }
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
