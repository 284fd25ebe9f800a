//! Policies that IAM refuses, or reads as something else than they look like.

use super::Policy;
use crate::check::fault_id;
use crate::diagnostic::Level;
use crate::lint::finding::Findings;

/// CR012, CR015, CR069, CR100, CR101 and CR102: what `explain` refuses to evaluate.
pub(super) fn refused(policy: &Policy<'_>, found: &mut Findings) {
    for fault in &policy.faults {
        let id = fault_id(fault.kind);
        found.add_as(Level::Error, id, fault.at, fault.message.clone(), fault.help.clone());
    }
}
