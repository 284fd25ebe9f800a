//! Which resource makes the role that a provider assumes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::provider::{Assumes, Provider, RoleId};
use super::role::Role;
use crate::import::notes::Note;
use crate::model::AccountId;

/// A role in an account, with the provider that assumes it and the resource that makes it.
pub(super) struct Pair<'p> {
    pub(super) id: RoleId,
    pub(super) provider: Option<&'p Provider<'p>>,
    pub(super) role: Option<&'p Role<'p>>,
    /// Providers that assume the same role, each in a region of its own.
    pub(super) regional: Vec<&'p Provider<'p>>,
    /// Whether more than one workspace has it.
    pub(super) is_shared: bool,
    /// Keys whose values are not the same in all of those.
    pub(super) differs: BTreeSet<&'static str>,
}

impl<'p> Pair<'p> {
    fn new(id: RoleId, provider: Option<&'p Provider<'p>>, role: Option<&'p Role<'p>>) -> Self {
        Self { id, provider, role, regional: Vec::new(), is_shared: false, differs: BTreeSet::new() }
    }

    /// The workspace that the target is for, if it is for one alone.
    pub(super) fn workspace(&self) -> Option<&'p str> {
        let own = match (self.provider, self.role) {
            (Some(provider), _) => provider.workspace.as_deref(),
            (None, role) => role.and_then(|role| role.workspace.as_deref()),
        };
        own.filter(|_| !self.is_shared)
    }

    /// Takes the same provider of another workspace for the one that is here.
    fn share_provider(&mut self, first: &Provider<'_>, second: &Provider<'_>) -> bool {
        let (Some(left), Some(right)) = (first.role(), second.role()) else { return false };
        if first.found.at() != second.found.at() {
            return false;
        }
        self.is_shared = true;
        self.differs.extend(different(&left.session, &right.session));
        self.differs.extend((left.external_id != right.external_id).then_some("external_id"));
        self.differs.extend((first.region != second.region).then_some("region"));
        self.differs.extend((first.default_tags != second.default_tags).then_some("default_tags"));
        true
    }

    /// Takes a provider that is the same but for its region.
    fn add_region(&mut self, first: &Provider<'_>, other: &'p Provider<'p>) -> bool {
        let (Some(left), Some(right)) = (first.role(), other.role()) else { return false };
        let is_same = first.is_like(other)
            && first.workspace == other.workspace
            && first.default_tags == other.default_tags
            && left.is_like(right);
        // The same provider in another workspace.
        let is_known = |known: &&Provider<'_>| {
            let alike = (known.found.at(), &known.region, &known.default_tags);
            alike == (other.found.at(), &other.region, &other.default_tags)
                && known.role().is_some_and(|known| known.is_like(right))
        };
        if self.regional.iter().any(is_known) {
            return true;
        }
        let regions = || std::iter::once(first).chain(self.regional.iter().copied()).map(|it| &it.region);
        let is_new =
            other.region.is_some() && regions().all(|known| known.is_some() && *known != other.region);
        if is_same && is_new {
            self.regional.push(other);
        }
        is_same && is_new
    }

    /// The same of a role.
    fn share_role(&mut self, first: &Role<'_>, second: &Role<'_>) -> bool {
        let is_same = first.found.at() == second.found.at() && first.trust == second.trust;
        if is_same {
            self.is_shared |= self.provider.is_none();
            self.differs.extend(different(&first.keys, &second.keys));
        }
        is_same
    }
}

/// The keys whose values are not the same.
fn different(
    left: &BTreeMap<&'static str, Value>,
    right: &BTreeMap<&'static str, Value>,
) -> Vec<&'static str> {
    left.keys().chain(right.keys()).filter(|key| left.get(*key) != right.get(*key)).copied().collect()
}

/// Roles by account and name.
type Pairs<'p> = BTreeMap<(AccountId, String), Pair<'p>>;

pub(super) fn pair<'p>(
    providers: &'p [Provider<'p>],
    roles: &'p [Role<'p>],
    notes: &mut Vec<Note>,
) -> Vec<Pair<'p>> {
    let makers: Vec<&Provider<'_>> = roles.iter().filter_map(|role| maker(role, providers)).collect();
    let is_maker = |provider: &Provider<'_>| makers.iter().any(|maker| std::ptr::eq(*maker, provider));
    let mut pairs = Pairs::new();
    for provider in providers.iter().filter(|provider| !is_maker(provider)) {
        let Some(assumed) = provider.role() else { continue };
        let key = (assumed.role.account.clone(), assumed.role.name.to_lowercase());
        if let Some(pair) = pairs.get_mut(&key) {
            let first = pair.provider;
            let mut is_taken =
                |first| pair.share_provider(first, provider) || pair.add_region(first, provider);
            if first.is_some_and(&mut is_taken) {
                continue;
            }
            let subject =
                "not carried over: another provider assumes this role already, and a target has one provider";
            notes.push(provider.found.note(provider.found.at(), subject));
            continue;
        }
        pairs.insert(key, Pair::new(assumed.role.clone(), Some(provider), None));
    }
    let mut nowhere: BTreeMap<String, Vec<&Role<'_>>> = BTreeMap::new();
    for role in roles {
        match maker(role, providers).and_then(Provider::account) {
            Some(account) => place(&mut pairs, role, account, notes),
            None => nowhere.entry(role.name.as_str().to_lowercase()).or_default().push(role),
        }
    }
    for alike in nowhere.values() {
        for role in alike {
            place_by_name(&mut pairs, role, alike, notes);
        }
    }
    pairs.into_values().collect()
}

/// Adds a role whose account is known.
fn place<'p>(pairs: &mut Pairs<'p>, role: &'p Role<'p>, account: &AccountId, notes: &mut Vec<Note>) {
    let key = (account.clone(), role.name.as_str().to_lowercase());
    let Some(pair) = pairs.get_mut(&key) else {
        let (path, name) = (role.path.to_string(), role.name.to_string());
        let id = RoleId { account: account.clone(), path, name };
        pairs.insert(key, Pair::new(id, None, Some(role)));
        return;
    };
    let Some(first) = pair.role else {
        pair.role = Some(role);
        return;
    };
    if !pair.share_role(first, role) {
        let subject = "not carried over: another resource makes a role of this name in the same account";
        notes.push(role.found.note(role.found.at(), subject));
    }
}

/// Adds a role of which only the name is known to all that are assumed by that name, if none of those
/// that are called alike could be meant as well.
fn place_by_name<'p>(
    pairs: &mut Pairs<'p>,
    role: &'p Role<'p>,
    alike: &[&'p Role<'p>],
    notes: &mut Vec<Note>,
) {
    let name = role.name.as_str().to_lowercase();
    let is_alone = alike.iter().filter(|other| other.workspace == role.workspace).count() == 1;
    let is_in_reach = |provider: &Provider<'_>| {
        provider.name.scope == role.scope
            || (is_alone && (role.workspace.is_none() || role.workspace == provider.workspace))
    };
    let is_here = |pair: &Pair<'_>| pair.provider.is_some_and(is_in_reach);
    let mut is_placed = false;
    for (key, pair) in &mut *pairs {
        if key.1 == name && pair.role.is_none() && is_here(pair) {
            pair.role = Some(role);
            is_placed = true;
        }
    }
    if !is_placed {
        let subject = "not carried over: nothing says in which account this role is";
        notes.push(role.found.note(role.found.at(), subject));
    }
}

/// The provider that makes a role.
pub(super) fn maker<'p>(role: &Role<'_>, providers: &'p [Provider<'p>]) -> Option<&'p Provider<'p>> {
    let meant = providers.iter().find(|provider| Some(&provider.name) == role.provider.as_ref())?;
    // A provider does not make the very role that it assumes.
    let is_its_own = matches!(&meant.assumes, Assumes::Role(own) if own.role.name == role.name.as_str());
    (!is_its_own).then_some(meant)
}
