//! What a pack is written for: the entries of each unit, with the values that each sees.

use super::context;
use crate::model::{Fleet, Target, TargetRole};
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
        let common = context::common(fleet, spec_file);
        let everything = context::common(fleet, spec_file)
            .and(context::everything(fleet, &assume))
            .and(context::profiles(fleet))
            .and(context::stack_set(fleet));
        Self { fleet, pack, assume, common, everything }
    }

    /// The files of a unit that there is once.
    pub(super) fn once(&self, unit: UnitWord, visit: &mut dyn FnMut(&'r Entry, &Values<'_>)) {
        for entry in &self.pack.manifest.entries {
            match entry.for_each {
                Each::Once if entry.unit == unit => visit(entry, &self.everything),
                Each::AssumePolicy if unit == UnitWord::Source => {
                    for (caller, policies) in self.assume.iter() {
                        for (number, document) in &policies.documents {
                            let policy = context::assume_policy(caller, *number, document.to_text());
                            visit(entry, &self.common.with(policy));
                        }
                    }
                }
                Each::Caller if unit == UnitWord::Source => {
                    let source = &self.fleet.source;
                    for caller in &source.callers {
                        visit(entry, &self.everything.with(context::caller(source, caller)));
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether an entry is written for any target, as far as the fleet alone decides.
    pub(super) fn may_apply(&self, entry: &Entry) -> bool {
        self.pack.may_apply(entry, &self.common, context::COMMON)
    }

    /// The files of a target, with the text of each role's trust policy.
    pub(super) fn target(
        &self,
        target: &Target,
        trust_policy: &dyn Fn(TargetRole<'_>) -> String,
        visit: &mut dyn FnMut(&'r Entry, &Values<'_>),
    ) {
        let of_target = self.common.with(context::target(self.fleet, target));
        let roles = target.each_role().map(|one| {
            let text = trust_policy(one).into();
            (one.role, of_target.with(context::role(self.fleet, one, text)))
        });
        let roles: Vec<_> = roles.collect();
        let default = roles.iter().find(|(role, _)| std::ptr::eq(*role, target.roles.default()));
        for entry in &self.pack.manifest.entries {
            match entry.for_each {
                Each::Target => default.iter().for_each(|(_, values)| visit(entry, values)),
                Each::Role => roles.iter().for_each(|(_, values)| visit(entry, values)),
                Each::InlinePolicy => {
                    for (role, values) in &roles {
                        for (name, document) in &role.inline_policies {
                            visit(
                                entry,
                                &values.with(context::inline_policy(name, canonical_text(document))),
                            );
                        }
                    }
                }
                Each::Once | Each::AssumePolicy | Each::Caller => {}
            }
        }
    }
}
