//! The same thing given in many files, as one line: a template that opens something opens it everywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::TrustChange;
use crate::diagnostic::words::{Count, few};

/// One thing that is given, and every file that gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together<'c> {
    /// What is given.
    pub what: &'c str,
    changes: Vec<&'c TrustChange>,
}

/// Brings together what is the same in several files, in the order in which each is first met.
#[must_use]
pub fn together(changes: &[TrustChange]) -> Vec<Together<'_>> {
    let mut places = BTreeMap::new();
    let mut found: Vec<Together<'_>> = Vec::new();
    for change in changes {
        let at = *places.entry(change.what.as_str()).or_insert(found.len());
        match found.get_mut(at) {
            Some(known) => known.changes.push(change),
            None => found.push(Together { what: &change.what, changes: vec![change] }),
        }
    }
    found
}

impl Together<'_> {
    /// The file, where it is one.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match &self.changes[..] {
            [only] => Some(&only.path),
            _ => None,
        }
    }

    /// The targets, where each file is another one's.
    fn targets(&self) -> Option<Vec<&str>> {
        let targets: Option<BTreeSet<&str>> =
            self.changes.iter().map(|change| change.target.as_deref()).collect();
        targets
            .filter(|targets| targets.len() == self.changes.len())
            .map(|targets| targets.into_iter().collect())
    }
}

impl fmt::Display for Together<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = self.path() {
            return write!(f, "{} (`{path}`)", self.what);
        }
        let (noun, names) = match self.targets() {
            Some(targets) => ("target", targets),
            None => ("file", self.changes.iter().map(|change| &*change.path).collect()),
        };
        write!(f, "{}, in {}: {}", self.what, Count(names.len(), noun), few(&names))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(number: usize, target: bool) -> TrustChange {
        let target = target.then(|| format!("t{number}"));
        TrustChange { path: format!("t{number}/main.tf"), what: "more".to_owned(), target }
    }

    fn lines(changes: &[TrustChange]) -> Vec<String> {
        together(changes).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_the_same_is_one_line() {
        let many: Vec<_> = (0..9).map(|number| change(number, true)).collect();
        assert_eq!(lines(&many), ["more, in 9 targets: `t0`, `t1`, `t2` and 6 more"]);
        assert_eq!(lines(&many[..4]), ["more, in 4 targets: `t0`, `t1`, `t2`, `t3`"]);
        assert_eq!(lines(&many[..1]), ["more (`t0/main.tf`)"]);
        let mixed = [change(0, true), change(1, false)];
        assert_eq!(lines(&mixed), ["more, in 2 files: `t0/main.tf`, `t1/main.tf`"]);
        let other = TrustChange { what: "other".to_owned(), ..change(0, true) };
        assert_eq!(lines(&[change(0, true), other]), ["more (`t0/main.tf`)", "other (`t0/main.tf`)"]);
        assert!(lines(&[]).is_empty());
    }
}
