//! What a run wrote and could not commit: the next run that is to commit makes up for it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::stored;
use crate::output::RelPath;

/// A commit that is owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeferredCommit {
    /// Its message.
    pub message: String,
    /// The digests of its files as they were written; `None` for those that were deleted.
    pub files: BTreeMap<RelPath, Option<String>>,
}

impl DeferredCommit {
    /// The text that is written down.
    ///
    /// # Errors
    /// Never, for what can be held.
    pub fn to_text(&self) -> Result<String, String> {
        stored::write(self)
    }

    /// Reads what a run wrote down; what makes no sense is owed by nobody.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        stored::read(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_down_is_read_again() {
        let path = |path| RelPath::new(path).expect("a path");
        let files = BTreeMap::from([(path("a b.tf"), Some("d".repeat(64))), (path("c/d.json"), None)]);
        let deferred = DeferredCommit { message: "first\n\n- second: x\n".to_owned(), files };
        let text = deferred.to_text().expect("it can be written");
        assert_eq!(DeferredCommit::parse(&text), Some(deferred));
        for lie in [text.replace("a b.tf", "../a.tf"), text.replace("format: 1", "format: 2"), String::new()]
        {
            assert_eq!(DeferredCommit::parse(&lie), None, "{lie}");
        }
    }
}
