//! What a run wrote and could not commit: the next run that is to commit makes up for it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::FORMAT;
use crate::tree::RelPath;

/// A commit that is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// Its message.
    pub message: String,
    /// The digests of its files as they were written; `None` for those that were deleted.
    pub files: BTreeMap<RelPath, Option<String>>,
}

impl Owed {
    /// The text that is written down.
    ///
    /// # Errors
    /// Never, for what can be held.
    pub fn to_text(&self) -> Result<String, String> {
        let file = |(path, digest): (&RelPath, &Option<String>)| (path.to_string(), digest.clone());
        let files = self.files.iter().map(file).collect();
        let written = Written { format: FORMAT, message: self.message.clone(), files };
        serde_yaml::to_string(&written).map_err(|error| error.to_string())
    }

    /// Reads what a run wrote down; what makes no sense is owed by nobody.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let Written { format, message, files } = serde_yaml::from_str(text).ok()?;
        let file = |(path, digest): (String, _)| Some((RelPath::new(&path)?, digest));
        let files = files.into_iter().map(file).collect::<Option<_>>()?;
        (format == FORMAT).then_some(Self { message, files })
    }
}

#[derive(Serialize, Deserialize)]
struct Written {
    format: u32,
    message: String,
    files: BTreeMap<String, Option<String>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_down_is_read_again() {
        let path = |path| RelPath::new(path).expect("a path");
        let files = BTreeMap::from([(path("a b.tf"), Some("d".repeat(64))), (path("c/d.json"), None)]);
        let owed = Owed { message: "first\n\n- second: x\n".to_owned(), files };
        let text = owed.to_text().expect("it can be written");
        assert_eq!(Owed::parse(&text), Some(owed));
        for lie in [text.replace("a b.tf", "../a.tf"), text.replace("format: 1", "format: 2"), String::new()]
        {
            assert_eq!(Owed::parse(&lie), None, "{lie}");
        }
    }
}
