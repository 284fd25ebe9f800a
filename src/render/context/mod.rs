//! What templates see: one struct per occasion, whose fields are the names.
//!
//! All names are flat, so that a mistyped one is found when the pack is compiled; whatever has no
//! value has no name either, so that printing it is an error and `if` is not.

mod callers;
mod common;
mod names;
mod pipelines;
mod profiles;
mod stack;
mod stack_set;
mod steps;
mod target;
mod targets;

use std::collections::BTreeSet;

use crate::output::Holds;
use crate::pack::{Each, TemplateContext};

pub(super) use callers::{assume_policy, caller};
pub(super) use common::common;
pub(super) use profiles::profiles;
pub(super) use stack_set::stack_set;
pub(super) use target::{inline_policy, role, target};
pub(super) use targets::everything;

/// The names that a template knows, by what it is written for.
#[must_use]
pub fn vocabulary(each: Each) -> BTreeSet<&'static str> {
    let own = match each {
        Each::Once => {
            [targets::Everything::NAMES, profiles::ConfigFile::NAMES, stack_set::OneSet::NAMES].concat()
        }
        Each::Caller => callers::OneCaller::NAMES.to_vec(),
        Each::AssumePolicy => callers::CallerPolicy::NAMES.to_vec(),
        Each::Target | Each::Role => [target::OneTarget::NAMES, target::OneRole::NAMES].concat(),
        Each::InlinePolicy => {
            [target::OneTarget::NAMES, target::OneRole::NAMES, target::InlinePolicy::NAMES].concat()
        }
    };
    // A template may give names of its own to these before it includes a part that needs them.
    let given = ["state_key", "workspace", "provider_region", "provider_alias", "provider_region_is_new"];
    own.into_iter().chain(COMMON.iter().copied()).chain(given).collect()
}

/// What templates call a document.
pub(super) fn document_name(holds: Holds) -> &'static str {
    match holds {
        Holds::TrustPolicy => "trust_policy",
        Holds::AssumePolicy => "assume_policy",
        Holds::InlinePolicy => "policy_document",
    }
}

/// The names that have the same value everywhere.
pub(super) const COMMON: &[&str] = common::Common::NAMES;
