//! Provider and role blocks, each attribute read as what it has to be, or noted.

use std::collections::BTreeMap;

use serde_json::Value;

use super::found::{self, Found, span};
use super::trust::{self, Trust, listed};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::{AccountId, Duration, Invalid, Partition, Region, RoleArn, RoleName, RolePath, Text};
use crate::terraform::{Argument, Made};
use crate::value;

/// Where notes go while a block is read.
pub(super) struct Reading<'r> {
    /// The folder that is read.
    pub(super) folder: &'r str,
    pub(super) notes: &'r mut Vec<Diagnostic>,
}

/// A provider of AWS.
pub(super) struct Provider<'s> {
    pub(super) folder: String,
    pub(super) alias: Option<String>,
    pub(super) profile: Option<String>,
    pub(super) region: Option<Region>,
    pub(super) accounts: Vec<AccountId>,
    pub(super) assumes: Option<Assumed>,
    pub(super) found: Found<'s>,
}

/// The `assume_role` block of a provider.
pub(super) struct Assumed {
    pub(super) role: RoleId,
    pub(super) partition: Partition,
    pub(super) external_id: Option<String>,
    /// The arguments that a spec has under the same names.
    pub(super) session: BTreeMap<&'static str, Value>,
}

/// A role in an account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RoleId {
    pub(super) account: AccountId,
    pub(super) path: String,
    pub(super) name: String,
}

/// A role resource.
pub(super) struct Role<'s> {
    pub(super) folder: String,
    /// The label of the resource.
    pub(super) label: String,
    pub(super) name: RoleName,
    pub(super) path: RolePath,
    /// The alias of its provider.
    pub(super) provider: Option<String>,
    pub(super) trust: Trust,
    /// What a spec has under the same names.
    pub(super) keys: BTreeMap<&'static str, Value>,
    pub(super) found: Found<'s>,
}

impl Reading<'_> {
    pub(super) fn note(&mut self, found: Found<'_>, at: Span, message: impl Into<String>) {
        self.notes.push(found.note(at, message));
    }

    fn skip(&mut self, found: Found<'_>, argument: &Argument, why: &str) {
        let message = format!("`{}` is not carried over: it depends on {why}", argument.key);
        self.note(found, span(argument), message);
    }

    /// Adds to the last notes what to do by hand.
    pub(super) fn by_hand(&mut self, count: usize, help: &str) {
        let from = self.notes.len().saturating_sub(count);
        for note in &mut self.notes[from..] {
            note.help = Some(help.to_owned());
        }
    }

    /// An attribute's value; one that cannot be told is noted.
    fn value(&mut self, found: Found<'_>, name: &str) -> Option<Value> {
        let argument = found.block.argument(name)?;
        match found::value(argument) {
            Ok(value) => Some(value).filter(|value| !value.is_null()),
            Err(why) => {
                self.skip(found, argument, &why);
                None
            }
        }
    }

    fn text(&mut self, found: Found<'_>, name: &str) -> Option<String> {
        let value = self.value(found, name)?;
        Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    }

    /// A text of the model's own; one that breaks its rule is noted.
    fn typed<T: Text>(&mut self, found: Found<'_>, name: &str) -> Option<T> {
        let text = self.text(found, name)?;
        let at = found.block.argument(name).map_or_else(|| found.at(), span);
        T::parse(&text)
            .map_err(|invalid: Invalid| {
                self.note(found, at, format!("not carried over: {}", invalid.message));
            })
            .ok()
    }

    /// Notes every attribute and block that is not known.
    fn rest(&mut self, found: Found<'_>, known: &[&str]) {
        // How often something is made is known where it is made for something.
        let is_followed =
            |name: &str| matches!(found.block.made, Made::For(_)) && ["for_each", "count"].contains(&name);
        for argument in &found.block.arguments {
            if !known.contains(&argument.key.as_str()) && !is_followed(&argument.key) {
                self.note(found, span(argument), format!("`{}` is not carried over", argument.key));
            }
        }
        for block in &found.block.blocks {
            let inner = found.inner(block);
            let made = &block.keyword;
            let is_open = matches!(block.made, Made::Unknown(_));
            if !is_open && known.contains(&made.as_str()) {
                continue;
            }
            if !is_open {
                self.note(inner, inner.at(), format!("the block `{made}` is not carried over"));
                continue;
            }
            let message = format!("the blocks `{made}` that `dynamic` makes are not carried over");
            self.note(inner, inner.at(), message);
            let by_hand = match made.as_str() {
                "assume_role" => "add a target by hand: `account_id` and `role.name`",
                "inline_policy" => "add the policies by hand to `role.inline_policies` of the target",
                _ => "add by hand what a spec has for it",
            };
            self.by_hand(1, &format!("write them out and import again, or {by_hand}"));
        }
    }

    pub(super) fn provider<'s>(&mut self, found: Found<'s>) -> Provider<'s> {
        let blocks: Vec<Found<'s>> = found.named("assume_role").collect();
        let assumes = match blocks.as_slice() {
            [] => None,
            [block] => self.assumed(*block),
            [_, second, ..] => {
                self.note(*second, second.at(), "a chain of roles is not carried over");
                None
            }
        };
        let accounts = self.value(found, "allowed_account_ids").unwrap_or_default();
        let accounts =
            listed(&accounts).filter_map(Value::as_str).filter_map(|id| AccountId::parse(id).ok()).collect();
        self.rest(found, &["alias", "region", "profile", "allowed_account_ids", "assume_role"]);
        Provider {
            folder: self.folder.to_owned(),
            alias: self.text(found, "alias"),
            profile: self.text(found, "profile"),
            region: self.typed(found, "region"),
            accounts,
            assumes,
            found,
        }
    }

    fn assumed(&mut self, found: Found<'_>) -> Option<Assumed> {
        let Some(arn) = found.block.argument("role_arn") else {
            self.note(found, found.at(), "not carried over: `assume_role` names no role");
            return None;
        };
        let at = span(arn);
        let known = self.notes.len();
        let Some(arn) = self.typed::<RoleArn>(found, "role_arn") else {
            let help = "add a target by hand: `account_id` and `role.name`, and the arguments of this block under `session`";
            self.by_hand(self.notes.len() - known, help);
            return None;
        };
        let partition = arn.partition()?;
        let Some(role) = role_id(&arn) else {
            self.note(found, at, "not carried over: this names no role");
            return None;
        };
        let mut session = BTreeMap::new();
        for name in ["session_name", "source_identity", "policy_arns", "tags", "transitive_tag_keys"] {
            session.extend(self.value(found, name).map(|value| (name, value)));
        }
        session.extend(
            self.typed::<Duration>(found, "duration")
                .map(|duration| ("duration", duration.to_string().into())),
        );
        let seconds = self
            .text(found, "duration_seconds")
            .and_then(|seconds| Duration::parse(&format!("{seconds}s")).ok());
        session.extend(seconds.map(|duration| ("duration", duration.to_string().into())));
        session.extend(self.json(found, "policy").map(|policy| ("policy", policy)));
        let external_id = self.text(found, "external_id");
        let known = ["role_arn", "external_id", "session_name", "source_identity", "policy_arns", "tags"];
        let more = ["transitive_tag_keys", "duration", "duration_seconds", "policy"];
        self.rest(found, &[&known[..], &more[..]].concat());
        Some(Assumed { role, partition, external_id, session })
    }

    /// A policy document.
    fn json(&mut self, found: Found<'_>, name: &str) -> Option<Value> {
        let text = self.text(found, name)?;
        let at = found.block.argument(name).map_or_else(|| found.at(), span);
        value::parse(&text, 0)
            .map_err(|problem| {
                let message = format!("`{name}` is not carried over: it is not JSON: {}", problem.message);
                self.note(found, at, message);
            })
            .ok()?
            .to_json()
    }

    /// A role that somebody of another account may assume.
    pub(super) fn role<'s>(&mut self, found: Found<'s>) -> Option<Role<'s>> {
        let label = found.block.labels.get(1)?.clone();
        let known = self.notes.len();
        let policy = self.json(found, "assume_role_policy");
        let name = self.typed(found, "name");
        let is_lost = policy.is_none() || name.is_none();
        let help = "this role is not carried over: add a target by hand, with `account_id` and `role.name`, and whom it lets in to `source.callers`";
        if is_lost && self.notes.len() == known {
            self.note(found, found.at(), "a role without a name, or without a trust policy");
        }
        if is_lost {
            self.by_hand(self.notes.len() - known, help);
        }
        let (policy, name) = (policy?, name?);
        let Some(trust) = trust::read(&policy) else {
            self.note(found, found.at(), "this role is not carried over: no other account is let in");
            return None;
        };
        let mut keys = BTreeMap::new();
        for key in ["description", "permissions_boundary", "tags"] {
            keys.extend(self.value(found, key).map(|value| (key, value)));
        }
        keys.extend(self.value(found, "managed_policy_arns").map(|value| ("policy_arns", value)));
        let seconds = self
            .text(found, "max_session_duration")
            .and_then(|seconds| Duration::parse(&format!("{seconds}s")).ok());
        keys.extend(seconds.map(|duration| ("max_session_duration", duration.to_string().into())));
        for inner in found.named("inline_policy") {
            if let (Some(name), Some(policy)) = (self.text(inner, "name"), self.json(inner, "policy")) {
                add_inline(&mut keys, &name, policy);
            }
        }
        let known =
            ["name", "path", "assume_role_policy", "description", "permissions_boundary", "tags", "provider"];
        let more = [
            "managed_policy_arns",
            "max_session_duration",
            "inline_policy",
            "force_detach_policies",
            "lifecycle",
        ];
        self.rest(found, &[&known[..], &more[..]].concat());
        let default = || RolePath::parse("/").ok();
        Some(Role {
            folder: self.folder.to_owned(),
            label,
            name,
            path: self.typed(found, "path").or_else(default)?,
            provider: found.block.written("provider").trim().strip_prefix("aws.").map(str::to_owned),
            trust,
            keys,
            found,
        })
    }

    /// The policies that resources of their own give to a role.
    pub(super) fn attach(&mut self, found: Found<'_>, roles: &mut [Role<'_>]) {
        if let Made::Unknown(reason) = &found.block.made {
            let each = ["for_each", "count"].iter().find_map(|name| found.block.argument(name));
            if let Some(each) = each {
                self.skip(found, each, &reason.why);
            }
            return;
        }
        let Some(argument) = found.block.argument("role") else { return };
        let label = argument
            .written
            .trim()
            .strip_prefix("aws_iam_role.")
            .and_then(|rest| rest.split(['.', '[']).next());
        let name = argument.value.text();
        let is_here = |role: &Role<'_>| role.folder == self.folder;
        let by_name = roles.iter().position(|role| is_here(role) && name == Some(role.name.as_str()));
        let by_label = || roles.iter().position(|role| is_here(role) && label == Some(&*role.label));
        let Some(role) = by_name.or_else(by_label).and_then(|index| roles.get_mut(index)) else {
            if label.is_none() && name.is_none() {
                let message = "not carried over: nothing here says which role this belongs to";
                self.note(found, found.at(), message);
                self.by_hand(
                    1,
                    "add it by hand to `role.policy_arns` or `role.inline_policies` of the target",
                );
            }
            return;
        };
        if found.block.is("aws_iam_role_policy") {
            let name = self
                .text(found, "name")
                .unwrap_or_else(|| found.block.labels.get(1).cloned().unwrap_or_default());
            if let Some(policy) = self.json(found, "policy") {
                add_inline(&mut role.keys, &name, policy);
            }
            return;
        }
        if let Some(arn) = self.value(found, "policy_arn") {
            add_policy(&mut role.keys, arn);
        }
    }
}

fn add_inline(keys: &mut BTreeMap<&'static str, Value>, name: &str, policy: Value) {
    let entry = keys.entry("inline_policies").or_insert_with(|| serde_json::json!({}));
    entry[name] = policy;
}

fn add_policy(keys: &mut BTreeMap<&'static str, Value>, arn: Value) {
    let entry = keys.entry("policy_arns").or_insert_with(|| serde_json::json!([]));
    if let Some(list) = entry.as_array_mut().filter(|list| !list.contains(&arn)) {
        list.push(arn);
    }
}

/// The parts of `arn:…:role/PATH/NAME`.
fn role_id(arn: &RoleArn) -> Option<RoleId> {
    let account = AccountId::parse(arn.account()).ok()?;
    let resource = arn.as_str().splitn(6, ':').nth(5)?.strip_prefix("role")?;
    let (path, name) = resource.rsplit_once('/')?;
    Some(RoleId { account, path: format!("{path}/"), name: name.to_owned() })
}
