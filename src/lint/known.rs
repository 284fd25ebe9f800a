//! What AWS has, as far as this release knows: regions and managed policies.
//!
//! Responsible for what is said of a name that is not known, in specs and in Terraform alike. Refuses to call such a name a
//! mistake where it may only be new.

use crate::diagnostic::words::{excerpt, one_of};
use crate::diagnostic::{Level, Span};
use crate::lint::finding::Findings;
use crate::model::{ManagedPolicy, Region};

/// CR005, where the form is right and the region is not known.
pub(super) fn region(at: Span, region: &Region, found: &mut Findings) {
    if region.is_known() {
        return;
    }
    let message = format!("region `{region}` is unknown to this release");
    let help = match region.known_beside().as_slice() {
        [] => "one that is newer than this release works all the same".to_owned(),
        near => {
            format!("similar regions: {}; a newer region works nevertheless", one_of(near))
        }
    };
    found.add_as(Level::Warning, "CR005", at, message, help);
}

/// CR103 of a managed policy of AWS, by its path and name.
pub(super) fn managed_policy(at: Span, name: &str, found: &mut Findings) {
    if ManagedPolicy::find(name).is_some() {
        return;
    }
    let message = format!("AWS managed policy `{}` is unknown to this release", excerpt(name));
    let help = match ManagedPolicy::nearest(name) {
        Some(meant) => {
            format!(
                "did you mean `{meant}`? A policy that is newer than this release is attached all the same"
            )
        }
        None => "a policy that is newer than this release is attached all the same".to_owned(),
    };
    found.add("CR103", at, message, help);
}
