//! From the fleet and a pack to files: every text in its canonical form, nothing written.
//!
//! Responsible for what templates see, for running them side by side, and for the promise that no
//! text leaves here that Terraform or a JSON reader would not accept. Refuses to look at the disk.

mod canonical;
mod context;
mod occasions;
mod paths;
mod skeleton;
mod texts;

use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Diagnostics, Error, Kind};
use crate::model::{Fleet, SINGLE_ROOT, Target, TargetRole};
use crate::output::{File, FileKind, RelPath, Unit, UnitName};
use crate::pack::{Entry, Pack, UnitWord, Values};
use crate::policy::{AssumePolicies, assume_policies, trust_policy};
pub use context::vocabulary;
use occasions::Occasions;
use paths::{Taken, path_of};
use texts::Texts;

/// Renders the units of a fleet with one pack.
pub struct Renderer<'r> {
    occasions: Occasions<'r>,
    texts: Texts<'r>,
}

/// What a unit is rendered from.
#[derive(Debug, Clone, Copy)]
pub enum UnitSource<'r> {
    /// The whole fleet, for files that belong to no account.
    Shared,
    /// The whole fleet, for files of Account A.
    Source,
    /// One Account B.
    Target(&'r Target),
}

impl UnitSource<'_> {
    /// Whether it is a target whose resources are to go.
    #[must_use]
    pub fn is_retired(self) -> bool {
        matches!(self, Self::Target(target) if target.retired)
    }
}

impl<'r> Renderer<'r> {
    /// Prepares what all units share.
    ///
    /// # Errors
    /// A pack of which two units write one path, or that does not know the layout of the spec; or a bug: a fleet that was not checked.
    pub fn new(fleet: &'r Fleet, pack: &'r Pack, spec_file: &'r str) -> Result<Self, Error> {
        let assume = assume_policies(fleet).map_err(|_| Error::bug("unchecked policies"))?;
        let occasions = Occasions::new(fleet, pack, assume, spec_file);
        paths::refuse_shared_paths(&occasions)?;
        let renderer = Self { occasions, texts: Texts::new(pack) };
        renderer.refuse_other_roots()?;
        Ok(renderer)
    }

    /// Refuses a pack that writes a root per account where the spec asks for one root of all.
    fn refuse_other_roots(&self) -> Result<(), Error> {
        let fleet = self.occasions.fleet;
        let Some(target) = fleet.targets.first().filter(|_| fleet.has_single_root()) else { return Ok(()) };
        let writes_it = |path: &RelPath| path.folders().any(|folder| folder == SINGLE_ROOT);
        if self.paths(UnitSource::Target(target)).iter().any(writes_it) {
            return Ok(());
        }
        let message = "these templates do not write the one root of `layout: single`";
        let help = "use `layout: roots`; or take the entries with `layout == single` over from the built-in pack, which `crossrole templates eject DIR` writes";
        Err(Error::one(Kind::Input, message, help))
    }

    /// What the callers may assume.
    #[must_use]
    pub fn assume_policies(&self) -> &AssumePolicies {
        &self.occasions.assume
    }

    /// Whether a file at this path may be ours.
    #[must_use]
    pub fn may_write(&self, path: &RelPath) -> bool {
        self.occasions.pack.manifest.may_write(path.as_str())
    }

    /// All units, in the order of their records.
    #[must_use]
    pub fn units(&self) -> Vec<(UnitName, UnitSource<'r>)> {
        let target = |target: &'r Target| (UnitName::Target(target.name.clone()), UnitSource::Target(target));
        let once = [(UnitName::Shared, UnitSource::Shared), (UnitName::Source, UnitSource::Source)];
        once.into_iter().chain(self.occasions.fleet.targets.iter().map(target)).collect()
    }

    /// The files of a unit.
    ///
    /// # Errors
    /// What a template runs into.
    pub fn unit(&self, source: UnitSource<'_>) -> Result<Unit, Error> {
        match source {
            UnitSource::Shared => self.shared(),
            UnitSource::Source => self.source(),
            UnitSource::Target(target) => self.target(target),
        }
    }

    /// Where the files of a unit go, as far as the pack makes sense; no text is rendered.
    #[must_use]
    pub fn paths(&self, source: UnitSource<'_>) -> Vec<RelPath> {
        let mut paths = Vec::new();
        let mut add = |entry: &Entry, values: &Values<'_>| paths.extend(self.path(entry, values));
        match source {
            UnitSource::Shared => self.occasions.once(UnitWord::Shared, &mut add),
            UnitSource::Source => self.occasions.once(UnitWord::Source, &mut add),
            UnitSource::Target(target) => self.occasions.target(target, &|_| String::new(), &mut add),
        }
        paths
    }

    fn path(&self, entry: &Entry, values: &Values<'_>) -> Option<RelPath> {
        let pack = self.occasions.pack;
        let applies = pack.applies(entry, values).unwrap_or_default();
        applies.then(|| path_of(pack, entry, values).ok())?
    }

    /// The files that belong to no account.
    ///
    /// # Errors
    /// What a template runs into.
    pub fn shared(&self) -> Result<Unit, Error> {
        self.once(UnitName::Shared, UnitWord::Shared)
    }

    /// The files of Account A.
    ///
    /// # Errors
    /// What a template runs into.
    pub fn source(&self) -> Result<Unit, Error> {
        self.once(UnitName::Source, UnitWord::Source)
    }

    fn once(&self, name: UnitName, word: UnitWord) -> Result<Unit, Error> {
        let mut unit = Draft::new(self, name);
        self.occasions.once(word, &mut |entry, values| unit.add(entry, values));
        unit.finish()
    }

    /// The files of one Account B.
    ///
    /// # Errors
    /// What a template runs into.
    pub fn target(&self, target: &Target) -> Result<Unit, Error> {
        let mut unit = Draft::new(self, UnitName::Target(target.name.clone()));
        let source = &self.occasions.fleet.source;
        let trust = |one: TargetRole<'_>| trust_policy(source, &one.target.session, one.role).to_text();
        self.occasions.target(target, &trust, &mut |entry, values| unit.add(entry, values));
        unit.finish()
    }

    /// Every unit, rendered side by side, in the order of their records.
    ///
    /// # Errors
    /// What the templates run into, each problem once.
    pub fn all(&self) -> Result<Vec<Unit>, Error> {
        let targets = &self.occasions.fleet.targets;
        let targets: Vec<_> = targets.par_iter().map(|target| self.target(target)).collect();
        let mut found = Diagnostics::default();
        let mut units = Vec::with_capacity(targets.len() + 2);
        for unit in [self.shared(), self.source()].into_iter().chain(targets) {
            match unit {
                Ok(unit) => units.push(unit),
                Err(error) => error.diagnostics.into_iter().for_each(|problem| found.push(problem)),
            }
        }
        Ok(found.finish(units)?.0)
    }
}

/// A unit while its files are rendered: every problem is kept, and every path is used once.
struct Draft<'d, 'r> {
    renderer: &'d Renderer<'r>,
    unit: Unit,
    taken: Taken,
    found: Diagnostics,
}

impl<'d, 'r> Draft<'d, 'r> {
    fn new(renderer: &'d Renderer<'r>, name: UnitName) -> Self {
        let files = Vec::with_capacity(renderer.occasions.pack.manifest.entries.len());
        let unit = Unit { name, files };
        Self { renderer, unit, taken: Taken::default(), found: Diagnostics::default() }
    }

    fn add(&mut self, entry: &'r Entry, values: &Values<'_>) {
        match self.file(entry, values) {
            Ok(Some(file)) => self.unit.files.push(file),
            Ok(None) => {}
            Err(problem) => self.found.push(problem),
        }
    }

    fn file(&mut self, entry: &'r Entry, values: &Values<'_>) -> Result<Option<File>, Diagnostic> {
        let pack = self.renderer.occasions.pack;
        if !pack.applies(entry, values)? {
            return Ok(None);
        }
        let path = path_of(pack, entry, values)?;
        self.taken.add(pack, entry, &path)?;
        let text = self.renderer.texts.text(entry, values, &path)?;
        Ok(Some(File {
            path,
            template: Arc::clone(&entry.id),
            holds: entry.content.holds(),
            mode: entry.mode,
            executable: entry.kind == FileKind::Shell,
            text,
        }))
    }

    fn finish(self) -> Result<Unit, Error> {
        Ok(self.found.finish(self.unit)?.0)
    }
}
