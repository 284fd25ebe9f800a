//! Role resources: whom they let in, and what a spec has under the same names.

use std::collections::BTreeMap;

use serde_json::Value;

use super::found::Found;
use super::reading::Reading;
use super::roots::{ProviderName, Root};
use super::trust::{self, Trust};
use crate::model::{RoleName, RolePath, Text};

const BY_HAND: &str =
    "add a target for this role by hand (`account_id`, `role.name`), and its callers to `source.callers`";

/// A role resource that lets somebody in whom a spec can name.
pub(super) struct Role<'s> {
    pub(super) scope: usize,
    pub(super) folder: String,
    pub(super) workspace: Option<String>,
    /// The label of the resource, and the name of the module that it is in.
    pub(super) label: String,
    pub(super) called: Option<String>,
    pub(super) name: RoleName,
    pub(super) path: RolePath,
    /// The provider that makes it, if these files say which.
    pub(super) provider: Option<ProviderName>,
    pub(super) trust: Trust,
    /// What a spec has under the same names.
    pub(super) keys: BTreeMap<&'static str, Value>,
    pub(super) found: Found<'s>,
}

/// A role that is entered with tokens: its path and name.
pub(super) struct Entered<'s> {
    pub(super) principal: String,
    pub(super) found: Found<'s>,
}

/// Reads a role; `None` where it has no place in a spec, which is noted.
pub(super) fn read<'s>(
    reading: &mut Reading<'_>,
    all: &[Root<'s>],
    root: Root<'s>,
    found: Found<'s>,
    entered: &mut Vec<Entered<'s>>,
) -> Option<Role<'s>> {
    let label = found.block.labels.get(1)?.clone();
    if !reading.is_made(found) {
        return None;
    }
    let before = reading.notes.len();
    let (policy, name) = (reading.json(found, "assume_role_policy"), reading.typed(found, "name"));
    let (Some(policy), Some(name)) = (policy, name) else {
        if reading.notes.len() == before {
            let subject = "this role is not carried over: it has no name, or no trust policy";
            reading.say(found.note(found.at(), subject));
        }
        reading.notes.iter_mut().skip(before).for_each(|note| note.add_help(BY_HAND));
        return None;
    };
    let trust = trust::read(&policy);
    let path: RolePath = reading.typed(found, "path").or_else(|| RolePath::parse("/").ok())?;
    if trust.callers.is_empty() && trust.takes_tokens {
        let principal = format!("{path}{name}").trim_start_matches('/').to_owned();
        entered.push(Entered { principal, found });
        return None;
    }
    if trust.callers.is_empty() {
        reading.say(match trust.outsiders.as_slice() {
            [] => found.note(found.at(), "this role is not carried over: no other account is let in"),
            others => {
                let subject = "this role is not carried over: it lets in principals that a spec cannot name";
                found.note(found.at(), subject).detail(others.join(", "))
            }
        });
        return None;
    }
    let keys = keys(reading, found);
    let alias = found.block.written("provider").trim().strip_prefix("aws.").map(str::to_owned);
    Some(Role {
        scope: root.scope,
        folder: root.module.folder.clone(),
        workspace: root.module.workspace.clone(),
        label,
        called: root.called().map(str::to_owned),
        name,
        path,
        provider: root.provider(all, alias.as_deref()),
        trust,
        keys,
        found,
    })
}

fn keys(reading: &mut Reading<'_>, found: Found<'_>) -> BTreeMap<&'static str, Value> {
    let mut keys = BTreeMap::new();
    for key in ["description", "permissions_boundary", "tags"] {
        keys.extend(reading.value(found, key).map(|value| (key, value)));
    }
    keys.extend(reading.value(found, "managed_policy_arns").map(|value| ("policy_arns", value)));
    keys.extend(reading.seconds(found, "max_session_duration").map(|value| ("max_session_duration", value)));
    for inner in found.named("inline_policy") {
        if let (Some(name), Some(policy)) = (reading.text(inner, "name"), reading.json(inner, "policy")) {
            add_inline(&mut keys, &name, policy);
        }
    }
    let known = ["name", "path", "assume_role_policy", "description", "permissions_boundary", "tags"];
    let more = ["provider", "managed_policy_arns", "max_session_duration", "inline_policy"];
    let silent = ["force_detach_policies", "lifecycle", "depends_on"];
    reading.rest(found, &[&known[..], &more[..], &silent[..]].concat());
    keys
}

/// Adds a policy of the role's own.
pub(super) fn add_inline(keys: &mut BTreeMap<&'static str, Value>, name: &str, policy: Value) {
    let entry = keys.entry("inline_policies").or_insert_with(|| serde_json::json!({}));
    entry[name] = policy;
}

/// Adds a policy that is attached.
pub(super) fn add_policy(keys: &mut BTreeMap<&'static str, Value>, arn: Value) {
    let entry = keys.entry("policy_arns").or_insert_with(|| serde_json::json!([]));
    if let Some(list) = entry.as_array_mut().filter(|list| !list.contains(&arn)) {
        list.push(arn);
    }
}
