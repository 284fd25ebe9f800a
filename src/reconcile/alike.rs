//! What happens to the same file in many targets, as one.
//!
//! Responsible for putting together what people would read as one line. Refuses to word it.

use std::collections::BTreeMap;

use super::{Change, Plan, UnitPlan};
use crate::diagnostic::words::{Count, few};
use crate::model::TargetName;
use crate::output::RelPath;

/// Files to which the same happens, each at the same place of its target.
#[derive(Debug)]
pub struct Alike<'p, K> {
    /// What they have in common.
    pub key: K,
    /// Their path, with `*` for the target's name where they are several.
    pub path: String,
    /// The files.
    pub changes: Vec<&'p Change>,
    /// Whose they are, in the same order; empty for what belongs to no target.
    pub targets: Vec<&'p str>,
}

impl<K> Alike<'_, K> {
    /// The targets, if it is more than one: ``40 targets: `a`, `b`, `c` and 37 more``.
    #[must_use]
    pub fn several(&self) -> Option<String> {
        let count = Count(self.targets.len(), "target");
        (self.targets.len() > 1).then(|| format!("{count}: {}", few(&self.targets)))
    }
}

/// The changes of a plan that have a key, put together by it and by their path, in the order of the first.
pub fn alike<'p, K: Ord + Clone>(
    plan: &'p Plan,
    key: impl Fn(&UnitPlan, &Change) -> Option<K>,
) -> Vec<Alike<'p, K>> {
    let mut found: Vec<Alike<'p, K>> = Vec::new();
    let mut known: BTreeMap<(K, String), usize> = BTreeMap::new();
    for unit in &plan.units {
        let target = unit.unit.target();
        for change in &unit.changes {
            let Some(key) = key(unit, change) else { continue };
            let path = target.map_or_else(|| change.path.to_string(), |target| pattern(&change.path, target));
            let at = *known.entry((key.clone(), path.clone())).or_insert(found.len());
            if at == found.len() {
                found.push(Alike { key, path, changes: Vec::new(), targets: Vec::new() });
            }
            found[at].changes.push(change);
            found[at].targets.extend(target.map(TargetName::as_str));
        }
    }
    for one in &mut found {
        if let [only] = one.changes[..] {
            only.path.as_str().clone_into(&mut one.path);
        }
    }
    found
}

/// A path with `*` for the target's name, where that is the name of a folder or of a file.
fn pattern(path: &RelPath, target: &TargetName) -> String {
    let part = |part: &str| match part.strip_prefix(target.as_str()) {
        Some(rest) if rest.is_empty() || rest.starts_with('.') => format!("*{rest}"),
        _ => part.to_owned(),
    };
    path.as_str().split('/').map(part).collect::<Vec<_>>().join("/")
}
