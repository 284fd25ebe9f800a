//! The roots that a change touches: by their own files, or by files that they use, modules above all.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// A path that Terraform of the repository names: the source of a module, or a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The file that names it, from the top of the repository.
    pub file: String,
    /// The path as it is written, without its quotes: `../../modules/network`, `${path.module}/../policy.json`.
    pub written: String,
}

/// The folders among `roots` that differ where `changed` files do. All paths are from the top of the repository.
///
/// A folder that cannot be told apart from others, because an expression is part of its name, counts with all of them.
#[must_use]
pub fn affected<'r>(
    roots: impl IntoIterator<Item = &'r str>,
    changed: &BTreeSet<String>,
    references: &[Reference],
) -> BTreeSet<&'r str> {
    let mut named: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Reference { file, written } in references {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        named.entry(folder).or_default().push(written);
    }
    let change = Change { changed, named };
    roots.into_iter().filter(|root| change.touches(root)).collect()
}

struct Change<'c> {
    changed: &'c BTreeSet<String>,
    /// What the files of a folder name.
    named: BTreeMap<&'c str, Vec<&'c str>>,
}

impl Change<'_> {
    /// Whether a root, or anything that it leads to, has changed.
    fn touches(&self, root: &str) -> bool {
        let mut seen = BTreeSet::from([root.to_owned()]);
        let mut waiting = vec![root.to_owned()];
        while let Some(path) = waiting.pop() {
            let first_below = self.changed.range(inside(&path)..).next();
            if self.changed.contains(&path) || first_below.is_some_and(|other| is_below(other, &path)) {
                return true;
            }
            for (folder, names) in self.folders(&path) {
                let paths = names.iter().filter_map(|name| resolved(root, folder, name));
                waiting.extend(paths.filter(|path| seen.insert(path.clone())));
            }
        }
        false
    }

    /// The folder at a path and those below it, with what their files name.
    fn folders(&self, path: &str) -> Vec<(&str, &Vec<&str>)> {
        let itself = self.named.get_key_value(path).filter(|_| !path.is_empty());
        let start = inside(path);
        let below = self
            .named
            .range::<str, _>((Bound::Included(start.as_str()), Bound::Unbounded))
            .take_while(|(folder, _)| is_below(folder, path));
        itself.into_iter().chain(below).map(|(folder, names)| (*folder, names)).collect()
    }
}

/// What every path below another begins with.
fn inside(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("{path}/") }
}

fn is_below(other: &str, path: &str) -> bool {
    path.is_empty() || other.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
}

/// The path that a text in a file means; `None` where it leads out of the repository.
fn resolved(root: &str, folder: &str, written: &str) -> Option<String> {
    let (start, path) = match written.strip_prefix("${path.").and_then(|rest| rest.split_once('}')) {
        Some(("module", path)) => (folder, path),
        Some((_, path)) => (root, path),
        None => (folder, written),
    };
    // What an expression decides may be anything in the folder before it.
    let path = match path.find(['$', '%']) {
        Some(end) => path[..end].rsplit_once('/').map_or("", |(folder, _)| folder),
        None => path,
    };
    let mut parts: Vec<&str> = start.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(part);
        }
    }
    Some(parts.join("/"))
}
