//! External ids of a spec: where they are needed, and where they are not.

use std::collections::BTreeMap;

use super::{OneRole, Whole};
use crate::lint::finding::Findings;
use crate::model::Bootstrap;

/// CR020
pub(super) fn missing(of: &OneRole<'_>, found: &mut Findings) {
    let one = of.one;
    if one.target.third_party && of.role.external_id.is_none() {
        let at = one.spec.ownership.get().map_or_else(|| one.start(), |ownership| ownership.at);
        found.add(
            "CR020",
            at,
            format!("role in `{}`, a third party's account, requires no external ID", of.name()),
            "set `role.external_id` to a random value unique to this customer, such as a UUID",
        );
    }
}

/// CR024
pub(super) fn unneeded(of: &OneRole<'_>, found: &mut Findings) {
    let one = of.one;
    let id = of.spec.external_id.get();
    // A role that is there already asks for what it asks for.
    let is_ours = !one.target.third_party && one.target.bootstrap != Bootstrap::Existing;
    if let Some(id) = id.filter(|_| is_ours) {
        found.add(
            "CR024",
            id.at,
            format!("`{}` is in your own organization, where an external ID protects nothing", one.target.name),
            "remove it, and set `source.organization_id` or list the callers; or set `ownership: third_party`",
        );
    }
}

/// CR023
pub(super) fn shared(whole: &Whole<'_>, found: &mut Findings) {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    let by_name: BTreeMap<&str, _> =
        whole.fleet.targets.iter().map(|target| (target.name.as_str(), target)).collect();
    for spec in whole.spec.targets.value().into_iter().flatten() {
        let Some(name) = spec.value.name.value() else { continue };
        let Some(target) = by_name.get(name.as_str()).filter(|target| target.third_party) else { continue };
        for id in spec.value.role_specs().filter_map(|role| role.external_id.get()) {
            let first = *owners.entry(id.value.as_str()).or_insert(target.account_id.as_str());
            if first != target.account_id.as_str() {
                found.about(Some(name));
                let message =
                    format!("account {} has the same external ID as account {first}", target.account_id);
                found.add("CR023", id.at, message, "give each customer its own random ID");
                found.about(None);
            }
        }
    }
}
