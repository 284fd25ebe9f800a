//! Provider blocks: whose credentials they have, which role they assume, and which accounts they accept.

use std::collections::BTreeMap;

use serde_json::Value;

use super::found::{Found, listed, span, variable};
use super::reading::Reading;
use super::roots::{ProviderName, Root};
use crate::diagnostic::Span;
use crate::model::{AccountId, Partition, Region, RoleArn, TagKey, TagValue, Text};
use crate::terraform::{Argument, Block, Made};
use crate::value::{self, Data};

/// Arguments by which a provider has other credentials than whoever runs Terraform, besides `profile`.
const CREDENTIALS: [&str; 5] =
    ["access_key", "shared_credentials_files", "shared_credentials_file", "shared_config_files", "token"];
const WEB_IDENTITY: &str = "assume_role_with_web_identity";

/// A provider of AWS.
pub(super) struct Provider<'s> {
    pub(super) name: ProviderName,
    pub(super) folder: String,
    pub(super) workspace: Option<String>,
    pub(super) profile: Option<String>,
    /// Whether it has credentials of its own, other than by a profile.
    pub(super) has_credentials: bool,
    pub(super) region: Option<Region>,
    pub(super) default_tags: BTreeMap<String, String>,
    /// The accounts that it accepts, if all of them are known.
    pub(super) accounts: Vec<AccountId>,
    pub(super) assumes: Assumes,
    pub(super) found: Found<'s>,
}

/// The role that a provider assumes.
pub(super) enum Assumes {
    Nothing,
    Role(Assumed),
    /// One that is not known for certain, or that a spec cannot name.
    Unread,
}

/// The `assume_role` block of a provider.
pub(super) struct Assumed {
    pub(super) role: RoleId,
    /// Whether it is `null` in some runs, and not assumed in those.
    pub(super) is_a_choice: bool,
    pub(super) partition: Partition,
    pub(super) external_id: Option<String>,
    /// Whether an external ID is sent that is not known.
    pub(super) has_unread_id: bool,
    /// The arguments that a spec has under the same names.
    pub(super) session: BTreeMap<&'static str, Value>,
}

impl Assumed {
    /// Whether the same role is assumed in the same way.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.role == other.role
            && self.is_a_choice == other.is_a_choice
            && self.external_id == other.external_id
            && !(self.has_unread_id || other.has_unread_id)
            && self.session == other.session
    }
}

/// A role in an account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RoleId {
    pub(super) account: AccountId,
    pub(super) path: String,
    pub(super) name: String,
}

impl Provider<'_> {
    /// The role that it assumes, as far as that is known.
    pub(super) fn role(&self) -> Option<&Assumed> {
        match &self.assumes {
            Assumes::Role(assumed) => Some(assumed),
            Assumes::Nothing | Assumes::Unread => None,
        }
    }

    /// Whether it has the same credentials as another provider beside it, before any role is assumed.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.name.scope == other.name.scope
            && self.profile == other.profile
            && !self.has_credentials
            && !other.has_credentials
    }

    /// The account that it works in, where that is certain: it accepts no other, or a role leads there.
    pub(super) fn account(&self) -> Option<&AccountId> {
        match (self.accounts.as_slice(), self.role()) {
            ([one], _) => Some(one),
            (_, Some(assumed)) if !assumed.is_a_choice => Some(&assumed.role.account),
            _ => None,
        }
    }
}

/// Reads a provider.
pub(super) fn read<'s>(reading: &mut Reading<'_>, root: Root<'s>, found: Found<'s>) -> Provider<'s> {
    let assumes = assumes(reading, found);
    let accounts = reading.value(found, "allowed_account_ids").unwrap_or_default();
    let accounts: Option<Vec<AccountId>> =
        listed(&accounts).map(|id| AccountId::parse(id.as_str().unwrap_or_default()).ok()).collect();
    let known = ["alias", "region", "profile", "allowed_account_ids", "assume_role", "default_tags"];
    // A target has the tags of the provider that enters it.
    let has_target = matches!(assumes, Assumes::Role(_));
    reading.rest(found, &known[..known.len() - usize::from(!has_target)]);
    Provider {
        name: ProviderName { scope: root.scope, alias: reading.text(found, "alias") },
        folder: root.module.folder.clone(),
        workspace: root.module.workspace.clone(),
        profile: reading.text(found, "profile"),
        has_credentials: CREDENTIALS.iter().any(|name| found.block.get(name).is_some()),
        region: reading.typed(found, "region"),
        default_tags: default_tags(reading, found),
        accounts: accounts.unwrap_or_default(),
        assumes,
        found,
    }
}

/// The tags of everything that it creates, if all of them are known.
fn default_tags(reading: &mut Reading<'_>, found: Found<'_>) -> BTreeMap<String, String> {
    let mut tags = BTreeMap::new();
    for inner in found.named("default_tags") {
        let written = reading.value(inner, "tags").unwrap_or_default();
        for (key, value) in written.as_object().into_iter().flatten() {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let key: Option<TagKey> = reading.parsed(inner, "tags", key);
            let value: Option<TagValue> = reading.parsed(inner, "tags", &value);
            tags.extend(key.zip(value).map(|(key, value)| (key.to_string(), value.to_string())));
        }
    }
    tags
}

fn assumes(reading: &mut Reading<'_>, found: Found<'_>) -> Assumes {
    let argument = found.block.argument("assume_role");
    let written = argument.map(|argument| as_blocks(reading, found, argument)).unwrap_or_default();
    let named = found.named("assume_role").map(|inner| inner.block);
    let blocks: Vec<&Block> = named.chain(&written).collect();
    let is_open = |kind: &str| found.block.is_open(kind) || found.block.argument(kind).is_some();
    let is_web = is_open(WEB_IDENTITY) || found.block.named(WEB_IDENTITY).next().is_some();
    match blocks.as_slice() {
        [] if is_web || is_open("assume_role") => Assumes::Unread,
        [] => Assumes::Nothing,
        [block] if !is_web && !found.block.is_open("assume_role") => {
            assumed(reading, found.inner(block)).map_or(Assumes::Unread, Assumes::Role)
        }
        [first, rest @ ..] => {
            let at = rest.first().map_or(first.at, |second| second.at);
            reading.say(found.note(at, "a chain of roles is not carried over"));
            Assumes::Unread
        }
    }
}

/// `assume_role = [{…}]` as the blocks that are meant.
fn as_blocks(reading: &mut Reading<'_>, found: Found<'_>, argument: &Argument) -> Vec<Block> {
    let at = span(argument);
    let items = argument.value.items().iter().filter(|item| !item.is_null());
    let blocks: Vec<Block> = items
        .filter(|item| matches!(item.data, Data::Object(_)))
        .map(|item| block(found.block, at, item))
        .collect();
    if let Some(reason) = argument.value.reason().filter(|_| blocks.is_empty()) {
        reading.depends(found, argument, "`assume_role` is not carried over", &reason.why);
    } else if !blocks.is_empty() {
        let subject = "`assume_role` is read as a block: as an argument Terraform refuses it";
        reading.say(found.note(at, subject).help("write `assume_role { … }`"));
    }
    blocks
}

fn block(within: &Block, at: Span, item: &value::Value) -> Block {
    let argument = |entry: &value::Entry| {
        let (key_at, value) = (entry.key_at, entry.value.clone());
        let (key, written, expression) = (entry.name()?.to_owned(), String::new(), value.at);
        Some(Argument { key, key_at, value, written, expression })
    };
    Block {
        source: std::sync::Arc::clone(&within.source),
        keyword: "assume_role".to_owned(),
        labels: Vec::new(),
        at,
        arguments: item.entries().iter().filter_map(argument).collect(),
        blocks: Vec::new(),
        made: Made::Once,
        open: Vec::new(),
        left_out: Vec::new(),
    }
}

fn assumed(reading: &mut Reading<'_>, found: Found<'_>) -> Option<Assumed> {
    let (arn, is_a_choice) = role_arn(reading, found)?;
    let partition = arn.partition()?;
    let Some(role) = role_id(&arn) else {
        reading.say(found.note_at("role_arn", "not carried over: this names no role"));
        return None;
    };
    let mut session = BTreeMap::new();
    for name in ["session_name", "source_identity", "policy_arns", "tags", "transitive_tag_keys"] {
        session.extend(reading.value(found, name).map(|value| (name, value)));
    }
    session.extend(reading.text(found, "duration").and_then(|text| {
        let duration: crate::model::Duration = reading.parsed(found, "duration", &text)?;
        Some(("duration", duration.to_string().into()))
    }));
    session.extend(reading.seconds(found, "duration_seconds").map(|duration| ("duration", duration)));
    session.extend(reading.json(found, "policy").map(|policy| ("policy", policy)));
    let external_id = reading.text(found, "external_id");
    let has_unread_id = external_id.is_none() && found.block.get("external_id").is_some();
    let known = ["role_arn", "external_id", "session_name", "source_identity", "policy_arns", "tags"];
    let more = ["transitive_tag_keys", "duration", "duration_seconds", "policy"];
    reading.rest(found, &[&known[..], &more[..]].concat());
    Some(Assumed { role, is_a_choice, partition, external_id, has_unread_id, session })
}

/// The role that is assumed, and whether there are runs in which it is `null`.
fn role_arn(reading: &mut Reading<'_>, found: Found<'_>) -> Option<(RoleArn, bool)> {
    const BY_HAND: &str =
        "add a target by hand: `account_id` and `role.name`, and the arguments of this block under `session`";
    let Some(argument) = found.block.argument("role_arn").filter(|argument| !argument.value.is_null()) else {
        reading.say(found.note_at("role_arn", "not carried over: `assume_role` names no role"));
        return None;
    };
    if let Some(text) = argument.value.unless_null.as_ref().and_then(|value| value.text()) {
        let arn = reading.parsed(found, "role_arn", text)?;
        let why = argument.value.reason().map_or("", |reason| &reason.why);
        let note = found.note(span(argument), "a role that is not always assumed is carried over");
        reading.say(note.detail(format!("whether `role_arn` is `null` depends on {why}")));
        return Some((arn, true));
    }
    match super::found::value(argument) {
        Ok(value) => Some((reading.parsed(found, "role_arn", value.as_str().unwrap_or_default())?, false)),
        Err(why) => {
            let note = found.note(span(argument), "`role_arn` is not carried over");
            reading.say(note.detail(format!("it depends on {why}")).help(BY_HAND).variable(variable(&why)));
            None
        }
    }
}

/// The parts of `arn:…:role/PATH/NAME`.
fn role_id(arn: &RoleArn) -> Option<RoleId> {
    let account = AccountId::parse(arn.account()).ok()?;
    let resource = arn.as_str().splitn(6, ':').nth(5)?.strip_prefix("role")?;
    let (path, name) = resource.rsplit_once('/')?;
    Some(RoleId { account, path: format!("{path}/"), name: name.to_owned() })
}
