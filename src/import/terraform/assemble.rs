//! From providers and roles to one spec: what all of them have in common, and a target for each role.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::callers::{self, Callers};
use super::naming::names;
use super::pair::{Pair, maker, pair};
use super::provider::{Assumes, Provider};
use super::role::{Entered, Role};
use crate::answers::Draft;
use crate::diagnostic::Span;
use crate::import::notes::Note;
use crate::model::{AccountId, Partition, Region};

/// A spec, and the blocks that are carried over.
pub(super) struct Assembled {
    pub(super) draft: Draft,
    pub(super) providers: BTreeSet<Span>,
    pub(super) roles: BTreeSet<Span>,
}

/// Everything that was read and may have a place in a spec.
#[derive(Clone, Copy)]
pub(super) struct Read<'r> {
    pub(super) providers: &'r [Provider<'r>],
    pub(super) roles: &'r [Role<'r>],
    /// Roles that are entered with tokens.
    pub(super) entered: &'r [Entered<'r>],
}

/// The spec that providers and roles make up; `None` where no role in another account is left.
pub(super) fn assemble(
    read: Read<'_>,
    given: Option<&AccountId>,
    notes: &mut Vec<Note>,
) -> Option<Assembled> {
    let Read { providers, roles, entered } = read;
    let pairs = pair(providers, roles, notes);
    let account = callers::account(&pairs, given, notes).or_else(|| plain(&pairs, providers));
    let pairs = callers::keep_open(pairs, account.as_ref(), notes);
    if pairs.is_empty() {
        Callers::default().note_entered(entered, notes);
        return None;
    }
    let callers = Callers::of(&pairs, account, notes);
    callers.note_entered(entered, notes);
    note_workspaces(&pairs, notes);
    let mut targets: Vec<(String, Value)> = pairs
        .iter()
        .zip(names(&pairs, providers))
        .map(|(pair, name)| {
            let target = target(pair, &name, providers, &callers, notes);
            (name, target)
        })
        .collect();
    targets.sort_by(|left, right| left.0.cmp(&right.0));
    let targets: Vec<Value> = targets.into_iter().map(|(_, target)| target).collect();
    let mut draft = Draft::of(json!({ "source": source(&pairs, &callers), "targets": targets }));
    draft.comment("", "From existing Terraform. Compare what `crossrole generate` writes with it before anything is applied.");
    draft.comment(
        "defaults.verification",
        "There was no bucket to prove where things land; `enabled: true` adds one.",
    );
    let makers = pairs.iter().filter_map(|pair| maker(pair.role?, providers));
    let regional = pairs.iter().flat_map(|pair| pair.regional.iter().copied());
    let used = pairs.iter().filter_map(|pair| pair.provider).chain(makers).chain(regional);
    let roles = pairs.iter().filter_map(|pair| pair.role).map(|role| role.found.at());
    Some(Assembled { draft, providers: used.map(|it| it.found.at()).collect(), roles: roles.collect() })
}

/// The account of a provider that assumes nothing, beside providers that do: they have the same credentials.
fn plain(pairs: &[Pair<'_>], providers: &[Provider<'_>]) -> Option<AccountId> {
    let is_plain = |provider: &&Provider<'_>| {
        matches!(provider.assumes, Assumes::Nothing)
            && provider.accounts.len() == 1
            && pairs.iter().filter_map(|pair| pair.provider).any(|other| provider.is_like(other))
    };
    let accounts: BTreeSet<&AccountId> =
        providers.iter().filter(is_plain).flat_map(|provider| &provider.accounts).collect();
    accounts.iter().next().filter(|_| accounts.len() == 1).map(|account| (*account).clone())
}

/// Names the workspaces that have targets of their own, and what is not the same in those that share one.
fn note_workspaces(pairs: &[Pair<'_>], notes: &mut Vec<Note>) {
    for pair in pairs {
        let found = pair.provider.map(|it| it.found).or(pair.role.map(|it| it.found));
        let Some(found) = found else { continue };
        if let Some(name) = pair.workspace() {
            let subject =
                "a target for each workspace: the keys of the map that `terraform.workspace` chooses from";
            notes.push(found.note(found.at(), subject).detail(format!("`{name}`")));
        }
        for key in &pair.differs {
            let subject = format!("`{key}` is not carried over: it depends on `terraform.workspace`");
            notes.push(found.note(found.at(), subject));
        }
    }
}

fn source(pairs: &[Pair<'_>], callers: &Callers) -> Value {
    let mut source = Map::new();
    if let Some(account) = &callers.account {
        source.insert("account_id".to_owned(), json!(account));
    }
    let assumed = pairs.iter().find_map(|pair| pair.provider?.role());
    if let Some(partition) =
        assumed.map(|assumed| assumed.partition).filter(|partition| *partition != Partition::Aws)
    {
        source.insert("partition".to_owned(), json!(partition));
    }
    if let Some(organization) = &callers.organization {
        source.insert("organization_id".to_owned(), json!(organization));
    }
    if !callers.all.is_empty() {
        let all = callers.all.iter().map(crate::answers::CallerAnswer::to_value).collect();
        source.insert("callers".to_owned(), all);
    }
    let profiles: BTreeSet<Option<&String>> =
        pairs.iter().filter_map(|pair| pair.provider).map(|provider| provider.profile.as_ref()).collect();
    if let Some(Some(profile)) = profiles.iter().next().filter(|_| profiles.len() == 1) {
        source.insert("credentials".to_owned(), json!({ "from": "profile", "profile": profile }));
    }
    Value::Object(source)
}

fn target(
    pair: &Pair<'_>,
    name: &str,
    providers: &[Provider<'_>],
    callers: &Callers,
    notes: &mut Vec<Note>,
) -> Value {
    let mut role = json!({ "name": pair.id.name });
    if pair.id.path != "/" {
        role["path"] = pair.id.path.as_str().into();
    }
    let id = external_id(pair, callers, notes);
    if let Some(id) = id.filter(|_| !pair.differs.contains("external_id")) {
        role["external_id"] = id.into();
    }
    let bootstrap = match pair.role {
        None => json!({ "from": "existing" }),
        Some(made) => {
            let keys =
                made.keys.iter().filter(|(key, value)| !is_empty(value) && !pair.differs.contains(*key));
            for (key, value) in keys {
                role[*key] = value.clone();
            }
            if let Some(required) = callers.compare(made, notes) {
                role["require_mfa"] = required.into();
            }
            if let Some(ids) = callers.ids_of(made) {
                role["callers"] = json!(ids);
            }
            bootstrap(maker(made, providers))
        }
    };
    let mut target = json!({ "name": name, "account_id": pair.id.account });
    place(&mut target, pair, pair.provider.or_else(|| maker(pair.role?, providers)));
    target["role"] = role;
    let session = pair.provider.and_then(Provider::role).map(|assumed| &assumed.session);
    for (key, value) in session.into_iter().flatten().filter(|(key, _)| !pair.differs.contains(*key)) {
        target["session"][*key] = value.clone();
    }
    target["verification"] = json!({ "enabled": false });
    target["bootstrap"] = bootstrap;
    target
}

/// Where resources of a target go, and the tags that they get.
fn place(target: &mut Value, pair: &Pair<'_>, provider: Option<&Provider<'_>>) {
    let Some(provider) = provider else { return };
    if let Some(region) = provider.region.as_ref().filter(|_| !pair.differs.contains("region")) {
        target["region"] = json!(region);
    }
    let regions: Vec<&Region> = pair.regional.iter().filter_map(|other| other.region.as_ref()).collect();
    if !regions.is_empty() {
        target["regions"] = json!(regions);
    }
    if !provider.default_tags.is_empty() && !pair.differs.contains("default_tags") {
        target["tags"] = json!(provider.default_tags);
    }
}

/// `tags = {}` says nothing.
fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(Map::is_empty) || value.as_array().is_some_and(Vec::is_empty)
}

/// Whose credentials make the role.
fn bootstrap(maker: Option<&Provider<'_>>) -> Value {
    match maker.map(|maker| (maker.role(), &maker.profile)) {
        Some((Some(assumed), _)) => json!({ "from": "assume_role", "role": assumed.role.name }),
        Some((None, Some(profile))) => json!({ "from": "profile", "profile": profile }),
        Some((None, None)) | None => json!({ "from": "environment" }),
    }
}

/// What the provider sends, if the trust policy asks for it.
fn external_id(pair: &Pair<'_>, callers: &Callers, notes: &mut Vec<Note>) -> Option<String> {
    let sent = pair.provider.and_then(|provider| provider.role()?.external_id.clone());
    let Some(role) = pair.role else { return sent };
    let wanted = callers.external_ids(role, notes);
    let kept = sent
        .clone()
        .filter(|id| wanted.is_empty() || wanted.contains(id))
        .or_else(|| wanted.first().cloned());
    let mut say = |subject: String| notes.push(role.found.note(role.found.at(), subject));
    if wanted.len() > 1 {
        say(format!("of {} external IDs one is carried over", wanted.len()));
    }
    let is_unread = pair.provider.and_then(Provider::role).is_some_and(|assumed| assumed.has_unread_id);
    if pair.provider.is_some() && sent != kept && !is_unread {
        say("the provider does not send the external ID that this role asks for; now it will".to_owned());
    }
    if sent.is_some() && wanted.is_empty() {
        say("the provider sends an external ID that this role does not ask for; now it will".to_owned());
    }
    kept
}
