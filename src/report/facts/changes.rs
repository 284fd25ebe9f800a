//! What is different from an earlier commit, in words.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::grants::TrustChange;

/// What is different from an earlier commit.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Changes {
    /// The commit, as it was named.
    pub since: String,
    /// Its id.
    pub commit: String,
    /// What is possible now, and was not.
    pub widened: Vec<ChangedLine>,
    /// What was possible, and is not now.
    pub narrowed: Vec<ChangedLine>,
    /// Targets that are new.
    pub added: Vec<String>,
    /// Targets that are gone.
    pub removed: Vec<String>,
    /// Callers that are new, in words.
    pub callers_added: Vec<String>,
    /// Callers that are gone, in words.
    pub callers_removed: Vec<String>,
    /// What could not be compared.
    pub not_known: Vec<String>,
}

impl Changes {
    /// Whether nothing is different.
    #[must_use]
    pub fn are_none(&self) -> bool {
        let Self { widened, narrowed, added, removed, callers_added, callers_removed, not_known, .. } = self;
        let names = [added, removed, callers_added, callers_removed, not_known];
        widened.is_empty() && narrowed.is_empty() && names.iter().all(|names| names.is_empty())
    }
}

/// One change, and the targets at which it is the same.
#[derive(Debug, Clone, Serialize)]
pub struct ChangedLine {
    /// What.
    pub what: String,
    /// Where: targets by name, other files by their path.
    pub places: Vec<String>,
}

/// Changes, those that read the same together.
#[must_use]
pub fn changed_lines(changes: Vec<TrustChange>) -> Vec<ChangedLine> {
    let mut lines: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for TrustChange { path, what, target } in changes {
        // Both lists say which of the two sides has it.
        let what = what.replace(", and could not", "").replace(", and was not", "");
        lines.entry(what).or_default().push(target.unwrap_or(path));
    }
    let line = |(what, mut places): (String, Vec<String>)| {
        places.sort();
        places.dedup();
        ChangedLine { what, places }
    };
    lines.into_iter().map(line).collect()
}
