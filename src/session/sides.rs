//! The files of a unit on one side of a comparison, with all that Terraform reads together with them:
//! as they are on disk now, as a plan leaves them, or as they are generated.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::own_files::{code_folders, folder_of, foreign_code, read};
use super::plan::Planned;
use crate::diagnostic::{Error, Source};
use crate::grants::{self, Files, Grants};
use crate::output::{RelPath, UnitName};
use crate::reconcile::{Change, Decision, Disk, UnitPlan};
use crate::render::UnitSource;
use crate::store::Reader;
use crate::terraform::{Parsed, is_read};

type Texts = BTreeMap<String, Arc<Source>>;

/// Which files are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// As the spec and the templates say, without anybody's edits.
    Generated,
    /// As they are on disk.
    Now,
    /// As they will be when the plan is carried out.
    Then,
}

/// A unit, and which of its files are there on each side.
pub(super) struct Sides<'p> {
    planned: &'p Planned<'p>,
    /// What the unit is rendered from; nothing where it is gone.
    source: Option<UnitSource<'p>>,
    /// Every path of the unit, on whatever side it is.
    paths: BTreeSet<RelPath>,
    changes: &'p [Change],
    /// What is on disk where the plan changes nothing: nearly always what is generated, but a block may
    /// have moved to another file.
    unchanged: Texts,
    /// What was read of these files, and of the shared ones.
    parsed: Parsed,
    shared: Option<&'p Self>,
}

impl<'p> Sides<'p> {
    /// Brings together what there is of the unit whose modules all others may call.
    ///
    /// # Errors
    /// Files that cannot be looked at.
    pub(super) fn of_shared(planned: &'p Planned<'_>) -> Result<Self, Error> {
        let shared = planned.plan().units.iter().find(|unit| unit.unit == UnitName::Shared);
        let changes = shared.map(|unit| unit.changes.as_slice()).unwrap_or_default();
        let mut sides = Self::new(planned, &UnitName::Shared, changes)?;
        sides.parsed.prepare(&sides.unchanged);
        Ok(sides)
    }

    /// Brings together what there is of a unit.
    ///
    /// # Errors
    /// Files that cannot be looked at.
    pub(super) fn of(unit: &'p UnitPlan, shared: &'p Self) -> Result<Self, Error> {
        let sides = Self::new(shared.planned, &unit.unit, &unit.changes)?;
        let shared_with = (unit.unit != UnitName::Shared).then_some(shared);
        Ok(Self { shared: shared_with, parsed: shared.parsed.clone(), ..sides })
    }

    fn new(planned: &'p Planned<'_>, unit: &UnitName, changes: &'p [Change]) -> Result<Self, Error> {
        let source = match unit {
            UnitName::Shared => Some(UnitSource::Shared),
            UnitName::Source => Some(UnitSource::Source),
            UnitName::Target(_) => planned.target_of(unit).map(UnitSource::Target),
        };
        let mut reader = Reader::new(&planned.opened.workspace.folder);
        let mut paths = BTreeSet::new();
        paths.extend(source.map(|source| planned.opened.renderer.paths(source)).unwrap_or_default());
        let touched: BTreeSet<_> = changes.iter().map(|change| &change.path).collect();
        let mut unchanged = Texts::new();
        for path in paths.iter().filter(|path| !touched.contains(path)) {
            if let Disk::Text(text) = reader.read(path)? {
                unchanged.insert(path.to_string(), Source::new(path.as_str(), text));
            }
        }
        paths.extend(touched.into_iter().cloned());
        Ok(Self { planned, source, paths, changes, unchanged, parsed: Parsed::default(), shared: None })
    }

    /// Whether a path is one of the unit.
    fn is_known(&self, path: &str) -> bool {
        self.paths.iter().any(|known| known.as_str() == path)
    }

    /// The folders with Terraform in which the plan changes something.
    pub(super) fn changed_folders(&self) -> BTreeSet<String> {
        let changed = self.changes.iter().filter(|change| left_by(change) != text(&change.before));
        let folders = self.folders();
        let of = |path: &str| folders.iter().filter(|folder| is_below(path, folder)).cloned().collect();
        let of: Vec<BTreeSet<String>> = changed.map(|change| of(change.path.as_str())).collect();
        // What lies in none of them may be read by any.
        if of.iter().any(BTreeSet::is_empty) {
            return folders;
        }
        of.into_iter().flatten().collect()
    }

    /// Every folder of the unit with Terraform.
    pub(super) fn folders(&self) -> BTreeSet<String> {
        code_folders(self.paths.iter().map(RelPath::as_str)).into_iter().map(str::to_owned).collect()
    }

    /// What folders of the unit give on a side.
    ///
    /// # Errors
    /// When a folder cannot be listed, and what templates run into.
    pub(super) fn grants(&mut self, side: Side, folders: &BTreeSet<String>) -> Result<Grants, Error> {
        let mut parsed = std::mem::take(&mut self.parsed);
        let mut texts = self.texts(side)?;
        if let Some(shared) = self.shared {
            let is_judged_there = |path: &String| self.planned.opened.is_in_shared_root(path);
            texts.extend(shared.texts(side)?.into_iter().filter(|(path, _)| !is_judged_there(path)));
        }
        let reader = &mut Reader::new(&self.planned.opened.workspace.folder);
        let mut unread = BTreeMap::new();
        if side != Side::Generated {
            for path in self.foreign(reader, folders)? {
                match read(reader, &path) {
                    Ok(text) => drop(texts.insert(path.clone(), Source::new(path, text))),
                    Err(why) => drop(unread.insert(path, why)),
                }
            }
        }
        let is_judged = |path: &str| folders.contains(folder_of(path));
        let calls = texts.iter().any(|(path, source)| is_judged(path) && may_call_modules(&source.text));
        texts.retain(|path, _| calls || !is_read(path) || is_judged(path));
        let lookup = |path: &str| {
            let is_own = self.is_known(path) || side == Side::Generated;
            let text = (!is_own).then(|| read(&mut Reader::new(&self.planned.opened.workspace.folder), path));
            Some(Source::new(path, text?.ok()?))
        };
        let files = Files { texts: &texts, unread: &unread, lookup: &lookup, folders, given: &[] };
        let grants = grants::read(&files, &mut parsed);
        self.parsed = parsed;
        Ok(grants)
    }

    /// The texts of the unit itself on a side.
    fn texts(&self, side: Side) -> Result<Texts, Error> {
        let source = |path: &RelPath, text: &str| (path.to_string(), Source::new(path.as_str(), text));
        if side == Side::Generated {
            let Some(unit) = self.source else { return Ok(Texts::new()) };
            let unit = self.planned.opened.renderer.unit(unit)?;
            return Ok(unit.files.iter().map(|file| source(&file.path, &file.text)).collect());
        }
        let changed = self.changes.iter().filter_map(|change| {
            let text = if side == Side::Then { left_by(change) } else { text(&change.before) };
            Some(source(&change.path, text?))
        });
        Ok(self.unchanged.clone().into_iter().chain(changed).collect())
    }

    /// The Terraform files of people's own in folders of the unit.
    fn foreign(&self, reader: &mut Reader<'_>, folders: &BTreeSet<String>) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        for folder in folders {
            let is_known = |path: &str| self.is_known(path) || self.planned.opened.is_in_shared_root(path);
            found.extend(foreign_code(reader, folder, &is_known)?);
        }
        Ok(found)
    }
}

fn text(disk: &Disk) -> Option<&str> {
    match disk {
        Disk::Text(text) => Some(text),
        Disk::Absent | Disk::Bytes => None,
    }
}

/// What a plan leaves at a path. What waits for a person is taken for what it is now: nobody knows yet what
/// they make of it.
fn left_by(change: &Change) -> Option<&str> {
    match change.decision {
        Decision::Create | Decision::Update | Decision::Merge | Decision::Move => {
            change.after.as_ref().map(|file| &*file.text)
        }
        Decision::Delete => None,
        _ => text(&change.before),
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether the text of a file could call a module; nearly every other one names `path.module` at most.
fn may_call_modules(text: &str) -> bool {
    text.match_indices("module").any(|(at, _)| !text[..at].ends_with("path."))
}
