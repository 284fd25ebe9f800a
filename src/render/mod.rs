//! From the fleet and a pack to files: every text in its canonical form, nothing written.
//!
//! Responsible for what templates see, for running them side by side, and for the promise that no
//! text leaves here that Terraform or a JSON reader would not accept. Refuses to look at the disk.

mod canonical;
mod known;
mod shape;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Diagnostics, Error};
use crate::model::{Fleet, Target};
use crate::pack::{Each, Entry, Pack, UnitWord, Values};
use crate::policy::{AssumePolicies, assume_policies, canonical_text, trust_policy};
use crate::tree::{File, FileKind, RelPath, Unit, UnitName};
use canonical::Canonical;
use known::{Known, Rendering};
pub use words::vocabulary;

/// Renders the units of a fleet with one pack.
pub struct Renderer<'r> {
    fleet: &'r Fleet,
    pack: &'r Pack,
    assume: AssumePolicies,
    common: Values<'r>,
    canonical: Canonical,
    /// Texts that are known without rendering, by the id of their entry.
    known: BTreeMap<Arc<str>, Known>,
}

impl<'r> Renderer<'r> {
    /// Prepares what all units share.
    ///
    /// # Errors
    /// A bug: a fleet that was not checked.
    pub fn new(fleet: &'r Fleet, pack: &'r Pack, spec_file: &'r str) -> Result<Self, Error> {
        let assume = assume_policies(fleet).map_err(|_| Error::bug("unchecked policies"))?;
        let common = words::common(fleet, &assume, spec_file);
        let known = |entry: &Entry| (Arc::clone(&entry.id), Known::of(pack, entry, words::COMMON));
        let known = pack.manifest.entries.iter().map(known).collect();
        Ok(Self { fleet, pack, assume, common, canonical: Canonical::default(), known })
    }

    /// What the callers may assume.
    #[must_use]
    pub fn assume_policies(&self) -> &AssumePolicies {
        &self.assume
    }

    /// Whether a file at this path may be ours.
    #[must_use]
    pub fn may_write(&self, path: &RelPath) -> bool {
        self.pack.manifest.may_write(path.as_str())
    }

    /// The names of all units, in the order of their records.
    #[must_use]
    pub fn names(&self) -> Vec<UnitName> {
        let targets = self.fleet.targets.iter().map(|target| UnitName::Target(target.name.as_str().into()));
        [UnitName::Shared, UnitName::Source].into_iter().chain(targets).collect()
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
        let everything = self.common.with(words::all_targets(self.fleet));
        for entry in &self.pack.manifest.entries {
            match entry.for_each {
                Each::Once if entry.unit == word => unit.add(entry, &everything),
                Each::AssumePolicy if word == UnitWord::Source => {
                    for (number, document) in &self.assume.documents {
                        let values = self.common.with(words::assume_policy(*number, document.to_text()));
                        unit.add(entry, &values);
                    }
                }
                Each::Once | Each::AssumePolicy | Each::Target | Each::InlinePolicy => {}
            }
        }
        unit.finish()
    }

    /// The files of one Account B.
    ///
    /// # Errors
    /// What a template runs into.
    pub fn target(&self, target: &Target) -> Result<Unit, Error> {
        let mut unit = Draft::new(self, UnitName::Target(target.name.as_str().into()));
        let trust = trust_policy(&self.fleet.source, target).to_text();
        let values = self.common.with(words::target(self.fleet, target, trust));
        for entry in &self.pack.manifest.entries {
            match entry.for_each {
                Each::Target => unit.add(entry, &values),
                Each::InlinePolicy => {
                    for (name, document) in &target.role.inline_policies {
                        let values = values.with(words::inline_policy(name, canonical_text(document)));
                        unit.add(entry, &values);
                    }
                }
                Each::Once | Each::AssumePolicy => {}
            }
        }
        unit.finish()
    }

    /// Every unit, rendered side by side, in the order of their records.
    ///
    /// # Errors
    /// What the templates run into, each problem once.
    pub fn all(&self) -> Result<Vec<Unit>, Error> {
        let targets: Vec<_> = self.fleet.targets.par_iter().map(|target| self.target(target)).collect();
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
    /// Paths in lower case, and what is written there.
    taken: Vec<(String, Arc<str>)>,
    /// Conditions of the target's files, as far as they have been looked at.
    answers: Vec<(&'r str, bool)>,
    found: Diagnostics,
}

impl<'d, 'r> Draft<'d, 'r> {
    fn new(renderer: &'d Renderer<'r>, name: UnitName) -> Self {
        let unit = Unit { name, files: Vec::with_capacity(renderer.pack.manifest.entries.len()) };
        Self {
            renderer,
            unit,
            taken: Vec::with_capacity(renderer.pack.manifest.entries.len()),
            answers: Vec::new(),
            found: Diagnostics::default(),
        }
    }

    fn add(&mut self, entry: &'r Entry, values: &Values<'_>) {
        match self.file(entry, values) {
            Ok(Some(file)) => self.unit.files.push(file),
            Ok(None) => {}
            Err(problem) => self.found.push(problem),
        }
    }

    fn file(&mut self, entry: &'r Entry, values: &Values<'_>) -> Result<Option<File>, Diagnostic> {
        if !self.applies(entry, values)? {
            return Ok(None);
        }
        let path = self.path(entry, values)?;
        let text = self.text(entry, values, &path)?;
        let executable = entry.kind == FileKind::Shell;
        Ok(Some(File { path, template: Arc::clone(&entry.id), policy: entry.policy, executable, text }))
    }

    /// A path that is safe, is nobody else's ground, and meets no other file of the unit.
    fn path(&mut self, entry: &Entry, values: &Values<'_>) -> Result<RelPath, Diagnostic> {
        let pack = self.renderer.pack;
        let written = pack.path(entry, values)?;
        let refuse =
            |message: String, help: &str| Err(pack.at_entry(entry, Diagnostic::error(message).help(help)));
        let Some(path) = RelPath::new(&written) else {
            let help = "paths are relative; no part of one is `..`, git's folder, or a device of Windows such as `con` or `aux.tf`, ends in a blank or a dot, or holds a hidden character, a backslash or any of `:*?\"<>|`";
            return refuse(format!("`{}` would be written to `{written}`", entry.id), help);
        };
        let folded = path.as_str().to_lowercase();
        if path.is_reserved() {
            let help = "templates cannot write the record of what was generated";
            return refuse(format!("`{}` would be written to `{path}`", entry.id), help);
        }
        // Some file systems take names that differ in case for one, and none has a file in a file.
        let meets = |(known, _): &&(String, Arc<str>)| {
            let (short, long) = if known.len() < folded.len() { (known, &folded) } else { (&folded, known) };
            // The cheap question first: nearly all pairs fail it.
            matches!(long.as_bytes().get(short.len()), None | Some(b'/')) && long.starts_with(short.as_str())
        };
        if let Some((known, first)) = self.taken.iter().find(meets) {
            let message =
                format!("`{first}` and `{}` cannot both be written: `{known}` meets `{path}`", entry.id);
            return refuse(message, "give one of them another path");
        }
        self.taken.push((folded, Arc::clone(&entry.id)));
        Ok(path)
    }

    /// Whether the file is written at all; many files of a target share their condition.
    fn applies(&mut self, entry: &'r Entry, values: &Values<'_>) -> Result<bool, Diagnostic> {
        let Some(when) = entry.when.as_deref() else {
            return Ok(true);
        };
        let is_shared = entry.for_each == Each::Target;
        if let Some((_, answer)) = self.answers.iter().find(|(known, _)| is_shared && *known == when) {
            return Ok(*answer);
        }
        let answer = self.renderer.pack.applies(entry, values)?;
        if is_shared {
            self.answers.push((when, answer));
        }
        Ok(answer)
    }

    fn text(&self, entry: &Entry, values: &Values<'_>, path: &RelPath) -> Result<Arc<str>, Diagnostic> {
        let Renderer { pack, canonical, known, .. } = self.renderer;
        let known = known.get(&entry.id).unwrap_or(&Known::Nothing);
        if let Some(text) = known.text(values) {
            return Ok(text);
        }
        let rendered = pack.render(entry, values)?;
        let text = canonical
            .text(entry.kind, &rendered)
            .map_err(|flaw| flaw.diagnose(pack, entry, path.as_str()))?;
        let render = |values: &Values<'_>| pack.render(entry, values).ok();
        known.learn(&Rendering { values, rendered: &rendered, text: &text, canonical, render: &render });
        Ok(text)
    }

    fn finish(self) -> Result<Unit, Error> {
        Ok(self.found.finish(self.unit)?.0)
    }
}
