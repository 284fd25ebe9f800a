//! The files of a unit on one side of a comparison, with all that Terraform reads together with them:
//! as they are on disk now, as a plan leaves them, or as they are generated.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::own_terraform::{code_folders, folder_of, foreign_code};
use super::plan::Planned;
use crate::diagnostic::{Error, Source};
use crate::grants::{self, Files, Grants};
use crate::reconcile::{Change, Decision, Disk, UnitPlan};
use crate::store::Reader;
use crate::terraform::is_read;
use crate::tree::{RelPath, UnitName};

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
    /// Every file of the unit as it is generated.
    generated: Vec<(RelPath, Arc<str>)>,
    changes: &'p [Change],
    /// What is on disk where the plan changes nothing: nearly always what is generated, but a block may
    /// have moved to another file.
    unchanged: Vec<(RelPath, Disk)>,
    shared: Option<&'p Self>,
}

impl<'p> Sides<'p> {
    /// Brings together what there is of the unit whose modules all others may call.
    ///
    /// # Errors
    /// What templates run into, and files that cannot be looked at.
    pub(super) fn of_shared(planned: &'p Planned<'_>) -> Result<Self, Error> {
        let shared = planned.plan().units.iter().find(|unit| unit.unit == UnitName::Shared);
        let changes = shared.map(|unit| unit.changes.as_slice()).unwrap_or_default();
        Self::new(planned, &UnitName::Shared, changes)
    }

    /// Brings together what there is of a unit.
    ///
    /// # Errors
    /// What templates run into, and files that cannot be looked at.
    pub(super) fn of(unit: &'p UnitPlan, shared: &'p Self) -> Result<Self, Error> {
        let sides = Self::new(shared.planned, &unit.unit, &unit.changes)?;
        Ok(Self { shared: (unit.unit != UnitName::Shared).then_some(shared), ..sides })
    }

    fn new(planned: &'p Planned<'_>, unit: &UnitName, changes: &'p [Change]) -> Result<Self, Error> {
        let files = match unit {
            UnitName::Shared => planned.opened.renderer.shared()?.files,
            UnitName::Source => planned.opened.renderer.source()?.files,
            UnitName::Target(_) => match planned.target_of(unit) {
                Some(target) => planned.opened.renderer.target(target)?.files,
                None => Vec::new(),
            },
        };
        let mut reader = Reader::new(&planned.opened.workspace.folder);
        let is_changed = |path: &RelPath| changes.iter().any(|change| change.path == *path);
        let unchanged = files.iter().filter(|file| !is_changed(&file.path));
        let unchanged = unchanged.map(|file| Ok((file.path.clone(), reader.read(&file.path)?)));
        let unchanged = unchanged.collect::<Result<_, Error>>()?;
        let generated = files.into_iter().map(|file| (file.path, file.text)).collect();
        Ok(Self { planned, generated, changes, unchanged, shared: None })
    }

    /// Every path of the unit, on whatever side it is.
    fn paths(&self) -> BTreeSet<&str> {
        let changed = self.changes.iter().map(|change| &change.path);
        self.generated.iter().map(|(path, _)| path).chain(changed).map(RelPath::as_str).collect()
    }

    /// The folders with Terraform in which something differs between two sides.
    pub(super) fn differing(&self, one: Side, other: Side) -> BTreeSet<String> {
        let (one, other) = (self.texts(one), self.texts(other));
        let differs = |path: &&str| one.get(*path) != other.get(*path);
        let changed: Vec<_> = self.paths().into_iter().filter(differs).collect();
        let folders = self.folders();
        let of = |path: &str| folders.iter().filter(|folder| is_below(path, folder)).collect::<Vec<_>>();
        if changed.iter().any(|path| of(path).is_empty()) {
            return folders;
        }
        changed.iter().flat_map(|path| of(path)).cloned().collect()
    }

    /// Every folder of the unit with Terraform.
    pub(super) fn folders(&self) -> BTreeSet<String> {
        code_folders(self.paths().into_iter()).into_iter().map(str::to_owned).collect()
    }

    /// What folders of the unit give on a side.
    ///
    /// # Errors
    /// When a folder cannot be listed.
    pub(super) fn grants(&self, side: Side, folders: &BTreeSet<String>) -> Result<Grants, Error> {
        let mut texts: Texts = BTreeMap::new();
        for unit in [Some(self), self.shared].into_iter().flatten() {
            let own = unit.texts(side).into_iter();
            texts.extend(own.map(|(path, text)| (path.to_owned(), Source::new(path, text))));
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
        let known = self.paths();
        let lookup = |path: &str| {
            let is_own = known.contains(path) || side == Side::Generated;
            let text = (!is_own).then(|| read(&mut Reader::new(&self.planned.opened.workspace.folder), path));
            Some(Source::new(path, text?.ok()?))
        };
        Ok(grants::read(&Files { texts: &texts, unread: &unread, lookup: &lookup, folders, given: &[] }))
    }

    /// The texts of the unit itself on a side.
    fn texts(&self, side: Side) -> BTreeMap<&str, &str> {
        if side == Side::Generated {
            return self.generated.iter().map(|(path, text)| (path.as_str(), &**text)).collect();
        }
        let unchanged = self.unchanged.iter().map(|(path, disk)| (path, text(disk)));
        let changed = self.changes.iter().map(|change| match side {
            Side::Then => (&change.path, left_by(change)),
            Side::Now | Side::Generated => (&change.path, text(&change.before)),
        });
        unchanged.chain(changed).filter_map(|(path, text)| Some((path.as_str(), text?))).collect()
    }

    /// The Terraform files of people's own in folders of the unit.
    fn foreign(&self, reader: &mut Reader<'_>, folders: &BTreeSet<String>) -> Result<Vec<String>, Error> {
        let known = self.paths();
        let mut found = Vec::new();
        for folder in folders {
            found.extend(foreign_code(reader, folder, &|path| known.contains(path))?);
        }
        Ok(found)
    }
}

/// The text of somebody's own file, or why there is none. A link is not followed, and ends nothing.
fn read(reader: &mut Reader<'_>, path: &str) -> Result<String, String> {
    let Some(path) = RelPath::new(path) else { return Err("its name is not portable".to_owned()) };
    match reader.read(&path) {
        Ok(Disk::Text(text)) => Ok(text),
        Ok(Disk::Absent) => Err("there is no such file".to_owned()),
        Ok(Disk::Bytes) => Err("it is not text, or too large".to_owned()),
        Err(_) => Err("it is not a regular file in this folder".to_owned()),
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
