//! What a pack is written for: the entries of each unit, with the values that each sees.

use super::context;
use crate::model::{Fleet, Target};
use crate::pack::{Each, Entry, Pack, UnitWord, Values};
use crate::policy::{AssumePolicies, canonical_text};

/// A fleet and a pack, taken unit by unit.
pub(super) struct Occasions<'r> {
    pub(super) fleet: &'r Fleet,
    pub(super) pack: &'r Pack,
    pub(super) assume: AssumePolicies,
    common: Values<'r>,
    /// What files see that are written once.
    everything: Values<'r>,
}

impl<'r> Occasions<'r> {
    pub(super) fn new(fleet: &'r Fleet, pack: &'r Pack, assume: AssumePolicies, spec_file: &'r str) -> Self {
        let common = context::common(fleet, &assume, spec_file);
        let everything = context::common(fleet, &assume, spec_file).and(context::all_targets(fleet));
        Self { fleet, pack, assume, common, everything }
    }

    /// The files of a unit that there is once.
    pub(super) fn once(&self, unit: UnitWord, visit: &mut dyn FnMut(&'r Entry, &Values<'_>)) {
        for entry in &self.pack.manifest.entries {
            match entry.for_each {
                Each::Once if entry.unit == unit => visit(entry, &self.everything),
                Each::AssumePolicy if unit == UnitWord::Source => {
                    for (number, document) in &self.assume.documents {
                        visit(entry, &self.common.with(context::assume_policy(*number, document.to_text())));
                    }
                }
                Each::Once | Each::AssumePolicy | Each::Target | Each::InlinePolicy => {}
            }
        }
    }

    /// The files of a target, whose trust policy is this text.
    pub(super) fn target(
        &self,
        target: &Target,
        trust_policy: String,
        visit: &mut dyn FnMut(&'r Entry, &Values<'_>),
    ) {
        let values = self.common.with(context::target(self.fleet, target, trust_policy));
        for entry in &self.pack.manifest.entries {
            match entry.for_each {
                Each::Target => visit(entry, &values),
                Each::InlinePolicy => {
                    for (name, document) in &target.role.inline_policies {
                        visit(entry, &values.with(context::inline_policy(name, canonical_text(document))));
                    }
                }
                Each::Once | Each::AssumePolicy => {}
            }
        }
    }
}
