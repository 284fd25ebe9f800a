//! Files that a person names on the command line.

use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Error, Kind, Source};
use crate::input::{self, Limit};
use crate::terraform;

/// Whether a file of this name may have a say in a folder of Terraform: its own, and JSON that may be a
/// policy.
pub(super) fn is_terraform_or_json(name: &str) -> bool {
    terraform::is_read(name) || Path::new(name).extension().is_some_and(|ending| ending == "json")
}

/// A policy that was named on the command line.
pub(super) fn policy_file(path: &Path) -> Result<Arc<Source>, Error> {
    match read_small(path) {
        Ok(text) => Ok(Source::new(path.display().to_string(), text)),
        Err(why) => {
            let message = format!("cannot read the policy `{}`: {why}", path.display());
            Err(Error::one(Kind::Io, message, ""))
        }
    }
}

/// A whole file that a person named as text, or why not.
pub(super) fn read_small(path: &Path) -> Result<String, String> {
    input::named(path, Limit::Small).and_then(input::plain_text)
}
