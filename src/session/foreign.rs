//! What a record lists although crossrole cannot have written it: a record is anybody's to edit, and
//! nothing is deleted on its word alone.

use super::open::Opened;
use crate::diagnostic::{Diagnostic, Error, Kind};
use crate::output::RelPath;
use crate::reconcile::{Decision, Plan};
use crate::store::record_path;

impl Opened<'_> {
    /// Refuses a plan that would delete what a person wrote to be read by us, or what these
    /// templates, having made the tree, write nowhere.
    pub(super) fn refuse_foreign(&self, plan: &Plan) -> Result<(), Error> {
        let is_read = |path: &RelPath| {
            self.reads.contains(path.as_str()) || path.folders().any(|above| self.reads.contains(above))
        };
        // Other templates may have written anything.
        let is_theirs =
            |path: &RelPath| self.workspace.lock.pack == self.pack && !self.renderer.may_write(path);
        let mut found = Vec::new();
        for unit in &plan.units {
            let deleted = unit.changes.iter().filter(|change| change.decision == Decision::Delete);
            for change in deleted.filter(|change| is_read(&change.path) || is_theirs(&change.path)) {
                let message = format!(
                    "the record of `{}` lists `{}`, which crossrole did not write",
                    unit.unit, change.path
                );
                let help = format!(
                    "nothing was written: it would be deleted; restore `{}` from version control",
                    record_path(&unit.unit)
                );
                found.push(Diagnostic::error(message).help(help));
            }
        }
        if found.is_empty() { Ok(()) } else { Err(Error::new(Kind::Refused, found)) }
    }
}
