//! Where the files of a pack go: to safe paths, each of which is written once.
//!
//! Within a unit that is found while it is rendered. Two units are rendered side by side, or one of
//! them not at all, so their paths are compared before. A pack that keeps each target to a folder of
//! its own, as ours does, needs that for few targets; of any other, every path is compared.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use super::occasions::Occasions;
use crate::diagnostic::{Diagnostic, Diagnostics, Error};
use crate::model::Target;
use crate::output::{RelPath, folded};
use crate::pack::{Entry, Pack, UnitWord, Values};

/// Paths that are written, as [`key`] has them, and by what.
#[derive(Default)]
pub(super) struct Taken(BTreeMap<String, Arc<str>>);

/// Ends each part of a path in an order in which what lies in a folder comes right after it.
const END: &str = "\0";

impl Taken {
    /// Another path; a problem where a file is written there already, or where one of the two would lie
    /// in the other.
    pub(super) fn add(&mut self, pack: &Pack, entry: &Entry, path: &RelPath) -> Result<(), Diagnostic> {
        let key = key(path.as_str());
        if let Some((known, first)) = self.meets(&key) {
            let known = known.replace(END, "/");
            let message =
                format!("`{first}` and `{}` cannot both be written: `{known}` meets `{path}`", entry.id);
            let problem = Diagnostic::error(message).help("give one of them another path");
            return Err(pack.at_entry(entry, problem));
        }
        self.0.insert(key, Arc::clone(&entry.id));
        Ok(())
    }

    /// A path that a new one meets. As no two of those here meet, it can only be next to the new one.
    fn meets(&self, key: &str) -> Option<(&String, &Arc<str>)> {
        let before = self.0.range::<str, _>((Bound::Unbounded, Bound::Included(key))).next_back();
        let after = || self.0.range::<str, _>((Bound::Excluded(key), Bound::Unbounded)).next();
        let above = before.filter(|(known, _)| is_in(known, key));
        above.or_else(|| after().filter(|(known, _)| is_in(key, known)))
    }
}

/// A path as it is compared.
fn key(path: &str) -> String {
    folded(path).replace('/', END)
}

/// Whether a path is this one, or lies in it.
fn is_in(above: &str, path: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with(END))
}

/// The path of a file, if it is safe and nobody else's ground.
pub(super) fn path_of(pack: &Pack, entry: &Entry, values: &Values<'_>) -> Result<RelPath, Diagnostic> {
    let written = pack.path(entry, values)?;
    let refuse = |help: &str| {
        let problem = Diagnostic::error(format!("`{}` would be written to `{written}`", entry.id));
        pack.at_entry(entry, problem.help(help))
    };
    let path = RelPath::new(&written)
        .ok_or_else(|| refuse("paths are relative; no part of one is `..`, git's folder, or a device of Windows such as `con` or `aux.tf`, ends in a blank or a dot, or holds a hidden character, a backslash or any of `:*?\"<>|`"))?;
    if path.is_reserved() {
        return Err(refuse("the record and git's own folder are not a template's to write"));
    }
    Ok(path)
}

/// Refuses a pack of which two units write one path.
pub(super) fn refuse_shared_paths(occasions: &Occasions<'_>) -> Result<(), Error> {
    let mut comparison =
        Comparison { pack: occasions.pack, taken: Taken::default(), found: Diagnostics::default() };
    for unit in [UnitWord::Shared, UnitWord::Source] {
        occasions.once(unit, &mut |entry, values| comparison.add(entry, values));
    }
    for target in comparison.suspects(occasions) {
        occasions.target(target, &|_| String::new(), &mut |entry, values| comparison.add(entry, values));
    }
    comparison.found.finish(()).map(|_| ())
}

struct Comparison<'c> {
    pack: &'c Pack,
    taken: Taken,
    found: Diagnostics,
}

impl Comparison<'_> {
    fn add(&mut self, entry: &Entry, values: &Values<'_>) {
        // What is wrong with a single file is said when it is rendered.
        if !self.pack.applies(entry, values).unwrap_or_default() {
            return;
        }
        let Ok(path) = path_of(self.pack, entry, values) else { return };
        if let Err(problem) = self.taken.add(self.pack, entry, &path) {
            self.found.push(problem);
        }
    }

    /// The targets whose files could meet those of another unit.
    fn suspects<'t>(&self, occasions: &Occasions<'t>) -> Vec<&'t Target> {
        let targets = &occasions.fleet.targets;
        let may_apply = |entry: &Entry| occasions.may_apply(entry);
        let Some(above) = self.pack.manifest.folder_of_targets(may_apply) else {
            return targets.iter().collect();
        };
        let above = key(above);
        let is_above =
            |path: &String| above.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with(END));
        if self.taken.0.keys().any(is_above) {
            return targets.iter().take(1).collect();
        }
        let inside = self.taken.0.keys().filter_map(|path| path.strip_prefix(&*above)?.split(END).next());
        let inside: BTreeSet<&str> = inside.collect();
        targets.iter().filter(|target| inside.contains(target.name.as_str())).collect()
    }
}
