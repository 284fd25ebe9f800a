//! From providers and roles to one spec: which belong together, and what all of them have in common.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::blocks::{Provider, Role, RoleId};
use crate::answers::{CallerAnswer, Draft};
use crate::diagnostic::{Diagnostic, Error, Kind};
use crate::import::names::{joined, safe_name};
use crate::model::{AccountId, Partition, TargetName, Text};

/// A role in an account, with the provider that assumes it and the resource that makes it.
struct Pair<'p> {
    id: RoleId,
    provider: Option<&'p Provider<'p>>,
    role: Option<&'p Role<'p>>,
}

pub(super) fn draft(
    providers: &[Provider<'_>],
    roles: &[Role<'_>],
    notes: &mut Vec<Diagnostic>,
) -> Result<Draft, Error> {
    let pairs = pair(providers, roles, notes);
    if pairs.is_empty() {
        let help = "wanted are `provider \"aws\"` blocks with `assume_role`, or `aws_iam_role` resources that let another account in";
        return Err(Error::one(Kind::Input, "nothing here assumes a role in another account", help));
    }
    let callers = Callers::of(&pairs, notes);
    let names = names(&pairs);
    let mut targets: Vec<(String, Value)> = pairs
        .iter()
        .zip(names)
        .map(|(pair, name)| {
            let target = target(pair, &name, providers, &callers, notes);
            (name, target)
        })
        .collect();
    targets.sort_by(|left, right| left.0.cmp(&right.0));
    let targets: Vec<Value> = targets.into_iter().map(|(_, target)| target).collect();
    let mut draft = Draft::of(json!({ "source": source(&pairs, providers, &callers), "targets": targets }));
    draft.comment("", "From existing Terraform. Compare what `crossrole generate` writes with it before anything is applied.");
    draft.comment(
        "defaults.verification",
        "There was no bucket to prove where things land; `enabled: true` adds one.",
    );
    Ok(draft)
}

/// Which resource makes the role that a provider assumes.
fn pair<'p>(
    providers: &'p [Provider<'p>],
    roles: &'p [Role<'p>],
    notes: &mut Vec<Diagnostic>,
) -> Vec<Pair<'p>> {
    let makers: Vec<&Provider<'_>> = roles.iter().filter_map(|role| maker(role, providers)).collect();
    let mut pairs: BTreeMap<(AccountId, String), Pair<'p>> = BTreeMap::new();
    for provider in
        providers.iter().filter(|provider| !makers.iter().any(|maker| std::ptr::eq(*maker, *provider)))
    {
        let Some(assumed) = &provider.assumes else { continue };
        let key = (assumed.role.account.clone(), assumed.role.name.to_lowercase());
        if pairs.contains_key(&key) {
            let message =
                "not carried over: another provider assumes this role already, and a target has one provider";
            notes.push(provider.found.note(provider.found.at(), message));
            continue;
        }
        pairs.insert(key, Pair { id: assumed.role.clone(), provider: Some(provider), role: None });
    }
    for role in roles {
        let name = role.name.as_str().to_lowercase();
        let account = maker(role, providers).and_then(account_of);
        let mut found = false;
        for (key, pair) in &mut pairs {
            if key.1 == name
                && account.as_ref().is_none_or(|account| *account == key.0)
                && pair.role.is_none()
            {
                pair.role = Some(role);
                found = true;
            }
        }
        match account {
            _ if found => {}
            Some(account) => {
                let id = RoleId {
                    account: account.clone(),
                    path: role.path.to_string(),
                    name: role.name.to_string(),
                };
                pairs.insert((account, name), Pair { id, provider: None, role: Some(role) });
            }
            None => {
                let message = "not carried over: nothing says in which account this role is";
                notes.push(role.found.note(role.found.at(), message));
            }
        }
    }
    pairs.into_values().collect()
}

/// The provider that makes a role.
fn maker<'p>(role: &Role<'_>, providers: &'p [Provider<'p>]) -> Option<&'p Provider<'p>> {
    let own = providers.iter().filter(|provider| provider.folder == role.folder);
    let mut meant = own.filter(|provider| provider.alias == role.provider);
    // A provider does not make the very role that it assumes.
    meant.find(|provider| {
        provider.assumes.as_ref().is_none_or(|assumed| assumed.role.name != role.name.as_str())
    })
}

fn account_of(provider: &Provider<'_>) -> Option<AccountId> {
    match (&provider.assumes, provider.accounts.as_slice()) {
        (Some(assumed), _) => Some(assumed.role.account.clone()),
        (None, [one]) => Some(one.clone()),
        _ => None,
    }
}

/// Everyone whom any role lets in.
struct Callers {
    account: Option<AccountId>,
    /// Callers as the spec lists them, MFA demanded where any role demands it.
    all: Vec<CallerAnswer>,
    organization: Option<String>,
}

impl Callers {
    fn of(pairs: &[Pair<'_>], notes: &mut Vec<Diagnostic>) -> Self {
        let roles: Vec<&Role<'_>> = pairs.iter().filter_map(|pair| pair.role).collect();
        let mut count: BTreeMap<&AccountId, usize> = BTreeMap::new();
        for (account, _) in roles.iter().flat_map(|role| &role.trust.callers) {
            *count.entry(account).or_default() += 1;
        }
        let account = count.iter().max_by_key(|(_, count)| **count).map(|(account, _)| (*account).clone());
        let mut all: Vec<CallerAnswer> = Vec::new();
        for (caller, at) in
            roles.iter().flat_map(|role| role.trust.callers.iter().map(move |caller| (caller, role)))
        {
            if Some(&caller.0) != account.as_ref() {
                let message =
                    format!("account {} is not carried over: a spec has one source account", caller.0);
                notes.push(at.found.note(at.found.at(), message));
                continue;
            }
            match all.iter_mut().find(|known| without_mfa(known) == without_mfa(&caller.1)) {
                Some(known) if demands_mfa(&caller.1) => *known = caller.1.clone(),
                Some(_) => {}
                None => all.push(caller.1.clone()),
            }
        }
        let organizations: BTreeSet<String> =
            roles.iter().flat_map(|role| &role.trust.organizations).map(ToString::to_string).collect();
        let everywhere =
            roles.iter().all(|role| role.trust.organizations.len() == 1) && organizations.len() == 1;
        let organization = organizations.into_iter().next().filter(|_| everywhere);
        for role in roles.iter().filter(|role| organization.is_none() && !role.trust.organizations.is_empty())
        {
            let message = "`aws:PrincipalOrgID` is not carried over: a spec demands one organization of all roles or none";
            notes.push(widened(role, message));
        }
        Self { account, all, organization }
    }

    /// What a role's trust policy says, beside what the spec will say; the difference is noted.
    fn compare(&self, role: &Role<'_>, notes: &mut Vec<Diagnostic>) -> Option<bool> {
        for lost in &role.trust.lost {
            notes.push(widened(role, &format!("{lost} is not carried over")));
        }
        let own: Vec<&CallerAnswer> = role.trust.callers.iter().map(|(_, caller)| caller).collect();
        let mut mfa = None;
        for known in &self.all {
            match own.iter().find(|caller| without_mfa(caller) == without_mfa(known)) {
                None => notes.push(widened(
                    role,
                    &format!("a spec lets the same callers into every role: also {}", shown(known)),
                )),
                Some(caller) if demands_mfa(known) && !demands_mfa(caller) => mfa = Some(false),
                Some(_) => {}
            }
        }
        if mfa == Some(false) && own.iter().any(|caller| demands_mfa(caller)) {
            notes.push(widened(
                role,
                "MFA is demanded of some callers and not of others, which is not carried over",
            ));
        }
        mfa
    }
}

/// A warning: the generated trust policy lets in more than the one that was read.
fn widened(role: &Role<'_>, message: &str) -> Diagnostic {
    let message = format!("the role `{}` will be open to more than now: {message}", role.name);
    role.found.warning(role.found.at(), message)
}

fn without_mfa(caller: &CallerAnswer) -> CallerAnswer {
    let mut caller = caller.clone();
    if let CallerAnswer::Account { mfa } | CallerAnswer::User { mfa, .. } = &mut caller {
        *mfa = false;
    }
    caller
}

fn demands_mfa(caller: &CallerAnswer) -> bool {
    without_mfa(caller) != *caller
}

fn shown(caller: &CallerAnswer) -> String {
    match caller {
        CallerAnswer::Account { .. } => "everyone in the source account".to_owned(),
        CallerAnswer::User { name, .. } => format!("user `{name}`"),
        CallerAnswer::Role { name } => format!("role `{name}`"),
    }
}

fn source(pairs: &[Pair<'_>], providers: &[Provider<'_>], callers: &Callers) -> Value {
    let mut source = Map::new();
    let plain =
        providers.iter().filter(|provider| provider.assumes.is_none() && provider.accounts.len() == 1);
    let accounts: BTreeSet<&AccountId> = plain.flat_map(|provider| &provider.accounts).collect();
    let alone = accounts.iter().next().filter(|_| accounts.len() == 1).map(|account| (*account).clone());
    if let Some(account) = callers.account.clone().or(alone) {
        source.insert("account_id".to_owned(), json!(account));
    }
    let assumed = pairs.iter().find_map(|pair| pair.provider?.assumes.as_ref());
    if let Some(partition) =
        assumed.map(|assumed| assumed.partition).filter(|partition| *partition != Partition::Aws)
    {
        source.insert("partition".to_owned(), json!(partition));
    }
    if let Some(organization) = &callers.organization {
        source.insert("organization_id".to_owned(), json!(organization));
    }
    if !callers.all.is_empty() {
        source.insert("callers".to_owned(), callers.all.iter().map(CallerAnswer::to_value).collect());
    }
    let profiles: BTreeSet<&String> = pairs
        .iter()
        .filter_map(|pair| pair.provider)
        .filter_map(|provider| provider.profile.as_ref())
        .collect();
    if let Some(profile) = profiles.iter().next().filter(|_| profiles.len() == 1) {
        source.insert("credentials".to_owned(), json!({ "from": "profile", "profile": profile }));
    }
    Value::Object(source)
}

fn target(
    pair: &Pair<'_>,
    name: &str,
    providers: &[Provider<'_>],
    callers: &Callers,
    notes: &mut Vec<Diagnostic>,
) -> Value {
    let mut role = json!({ "name": pair.id.name });
    if pair.id.path != "/" {
        role["path"] = pair.id.path.as_str().into();
    }
    if let Some(id) = external_id(pair, notes) {
        role["external_id"] = id.into();
    }
    let bootstrap = match pair.role {
        None => json!({ "from": "existing" }),
        Some(made) => {
            for (key, value) in made.keys.iter().filter(|(_, value)| !is_empty(value)) {
                role[*key] = value.clone();
            }
            if let Some(required) = callers.compare(made, notes) {
                role["require_mfa"] = required.into();
            }
            bootstrap(maker(made, providers))
        }
    };
    let mut target = json!({ "name": name, "account_id": pair.id.account });
    let region =
        pair.provider.or_else(|| maker(pair.role?, providers)).and_then(|provider| provider.region.clone());
    if let Some(region) = region {
        target["region"] = json!(region);
    }
    target["role"] = role;
    let session =
        pair.provider.and_then(|provider| provider.assumes.as_ref()).map(|assumed| &assumed.session);
    for (key, value) in session.into_iter().flatten() {
        target["session"][*key] = value.clone();
    }
    target["verification"] = json!({ "enabled": false });
    target["bootstrap"] = bootstrap;
    target
}

/// `tags = {}` says nothing.
fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(Map::is_empty) || value.as_array().is_some_and(Vec::is_empty)
}

/// Whose credentials make the role.
fn bootstrap(maker: Option<&Provider<'_>>) -> Value {
    match maker.map(|maker| (&maker.assumes, &maker.profile)) {
        Some((Some(assumed), _)) => json!({ "from": "assume_role", "role": assumed.role.name }),
        Some((None, Some(profile))) => json!({ "from": "profile", "profile": profile }),
        Some((None, None)) | None => json!({ "from": "environment" }),
    }
}

/// What the provider sends, if the trust policy asks for it.
fn external_id(pair: &Pair<'_>, notes: &mut Vec<Diagnostic>) -> Option<String> {
    let sent = pair.provider.and_then(|provider| provider.assumes.as_ref()?.external_id.clone());
    let Some(role) = pair.role else { return sent };
    let wanted: Vec<String> = role.trust.external_ids.iter().map(ToString::to_string).collect();
    let kept = sent
        .clone()
        .filter(|id| wanted.is_empty() || wanted.contains(id))
        .or_else(|| wanted.first().cloned());
    let mut say = |message: String| notes.push(role.found.note(role.found.at(), message));
    if wanted.len() > 1 {
        say(format!("of {} external ids one is carried over", wanted.len()));
    }
    if pair.provider.is_some() && sent != kept {
        say("the provider does not send the external id that this role asks for; now it will".to_owned());
    }
    if sent.is_some() && wanted.is_empty() {
        say("the provider sends an external id that this role does not ask for; now it will".to_owned());
    }
    kept
}

/// Names for targets: the provider's alias, else the folder's, with the end of the account's id where two
/// are the same.
fn names(pairs: &[Pair<'_>]) -> Vec<String> {
    let name = |pair: &Pair<'_>| {
        let alias = pair.provider.and_then(|provider| provider.alias.clone());
        let folder =
            pair.provider.map(|provider| &provider.folder).or_else(|| pair.role.map(|role| &role.folder));
        let folder = folder
            .and_then(|folder| folder.rsplit('/').find(|part| !["workload", "bootstrap"].contains(part)));
        let label = pair.role.map(|role| role.label.clone());
        let known = alias.or_else(|| folder.filter(|name| !name.is_empty()).map(str::to_owned)).or(label);
        safe_name(&known.unwrap_or_default())
    };
    let names: Vec<String> = pairs.iter().map(name).collect();
    let mut taken = BTreeSet::new();
    let unique = |(pair, name): (&Pair<'_>, &String)| {
        let id = pair.id.account.as_str();
        let is_alone =
            names.iter().filter(|other| *other == name).count() == 1 && TargetName::parse(name).is_ok();
        let role = safe_name(&format!("{name}-{}", pair.id.name));
        let candidates = [joined(name, &id[8..]), joined(name, id), joined(&role, id)];
        let free = candidates.into_iter().find(|name| !taken.contains(name) && !names.contains(name));
        let chosen = if is_alone { name.clone() } else { free.unwrap_or_else(|| format!("account-{id}")) };
        taken.insert(chosen.clone());
        chosen
    };
    pairs.iter().zip(&names).map(unique).collect()
}
