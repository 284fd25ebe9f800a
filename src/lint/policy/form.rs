//! Policies that IAM refuses, or reads as something else than they look like.

use super::Policy;
use crate::check::fault_id;
use crate::diagnostic::Level;
use crate::lint::finding::Findings;
use crate::policy::read::{Fault, read};

/// CR015, CR069, CR100 and CR101: what `explain` refuses to evaluate.
pub(super) fn refused(policy: &Policy<'_>, found: &mut Findings) {
    for Fault { kind, at, message, help, .. } in read(policy.value, policy.kind).faults {
        found.add_as(Level::Error, fault_id(kind), at, message, help);
    }
}
