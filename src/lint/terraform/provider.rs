//! `provider "aws"`: which account it can end up in.

use std::collections::{BTreeMap, BTreeSet};

use super::root::{Root, alias};
use super::{hop, secrets};
use crate::diagnostic::words::excerpt;
use crate::diagnostic::{Level, Span};
use crate::lint::finding::{Finding, Findings};
use crate::lint::known;
use crate::model::version::{self, Version};
use crate::model::{ArnParts, Duration, Region, Text as _};
use crate::terraform::Block;
use crate::value::{Data, Value};

/// The first provider that follows a chain of roles.
const CHAINS_SINCE: Version = Version(5, 67, 0);

pub(super) fn rules(root: &Root<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for block in root.providers() {
        found.extend(root.finding(|found| {
            unguarded(block, found);
            guards_off(block, found);
            chain(root, block, found);
            hidden_chain(block, found);
            region(block, found);
        }));
        found.extend(block.named("assume_role").flat_map(|block| hop::rules(root, block)));
    }
    found.extend(lost(root));
    found
}

/// The providers, each with whether it is known where it builds; `CR110` where it is not.
pub(super) fn judged(root: &Root<'_>, places: &mut BTreeMap<Span, bool>) -> Vec<Finding> {
    let found = root.providers().flat_map(|block| {
        let ids = block.argument("allowed_account_ids");
        let hidden = ids.and_then(|ids| match &ids.value.data {
            Data::Unknown(reason) => Some((ids.key_at, reason)),
            _ => None,
        });
        *places.entry(block.at).or_insert(true) &= hidden.is_none();
        root.finding(|found| {
            if let Some((at, reason)) = hidden {
                let message =
                    format!("whether this provider is guarded was not judged: it depends on {}", reason.why);
                let help = "write the account out: `allowed_account_ids = [\"222222222222\"]`";
                found.add("CR110", at, message, help);
            }
        })
    });
    found.collect()
}

/// CR071
fn unguarded(block: &Block, found: &mut Findings) {
    let guard = block.get("allowed_account_ids");
    let is_empty = guard.is_some_and(|ids| matches!(&ids.data, Data::List(ids) if ids.is_empty()));
    if guard.is_some() && !is_empty {
        return guards_too_little(block, found);
    }
    let hops: Vec<&Block> = block.named("assume_role").collect();
    let is_dynamic = block.is_open("assume_role") || block.left_out.iter().any(|kind| kind == "assume_role");
    let may_be_nobody =
        |hop: &&Block| hop.argument("role_arn").is_none_or(|role| role.value.may_be_nothing());
    let (level, message) = if is_empty && !hops.is_empty() {
        (Level::Error, "`allowed_account_ids` is empty, so this provider is not guarded")
    } else if is_dynamic || hops.iter().any(may_be_nobody) {
        (Level::Error, "if `role_arn` is empty or null, this provider builds in the caller's account")
    } else if !hops.is_empty() {
        (Level::Warning, "nothing checks that this provider builds in the account that is meant")
    } else if is_emulated(block) {
        return;
    } else {
        (Level::Note, "this provider builds in whatever account its credentials belong to")
    };
    let help = "set `allowed_account_ids` to the account it is meant for";
    found.add_as(level, "CR071", block.at, message, help);
}

/// Whether it talks to an emulator on this machine, such as `LocalStack`.
fn is_emulated(block: &Block) -> bool {
    const LOCAL: [&str; 5] = ["localhost", "127.0.0.1", "localstack", "host.docker.internal", "0.0.0.0"];
    let mut addresses = block.named("endpoints").flat_map(|endpoints| &endpoints.arguments);
    let is_local = |text: &str| LOCAL.iter().any(|host| text.contains(host));
    addresses.any(|address| is_local(&address.written) || address.value.text().is_some_and(is_local))
        || block.text("access_key").is_some_and(|key| secrets::form(key) == secrets::Form::Placeholder)
}

/// CR005 of a provider or a backend. What talks to another service than AWS's may call its regions as it likes.
pub(super) fn region(block: &Block, found: &mut Findings) {
    let is_unchecked =
        block.get("skip_region_validation").is_some_and(|skip| skip.is_true() || !skip.is_known());
    let is_elsewhere = ["endpoint", "endpoints"].iter().any(|name| block.get(name).is_some())
        || block.named("endpoints").next().is_some()
        || is_emulated(block);
    let named = block.get("region").and_then(|region| Some((region.at, region.text()?)));
    let Some((at, name)) = named.filter(|(_, name)| !is_unchecked && !is_elsewhere && !name.is_empty())
    else {
        return;
    };
    match Region::parse(name) {
        Ok(region) => known::region(at, &region, found),
        Err(invalid) => found.add("CR005", at, invalid.message, invalid.help),
    }
}

/// CR071, where the list has more than the account that the last role is in.
fn guards_too_little(block: &Block, found: &mut Findings) {
    let role = block.named("assume_role").last().and_then(|hop| hop.text("role_arn"));
    let Some(arn) = role.and_then(ArnParts::split).filter(|arn| !arn.account.is_empty()) else { return };
    let ids = block.get("allowed_account_ids").map_or(&[][..], Value::items);
    let other = |id: &&Value| id.text().is_some_and(|text| text != arn.account);
    if let Some((id, text)) = ids.iter().find(other).and_then(|id| Some((id, id.text()?))) {
        let message = format!("`{}` is allowed, and the role is in account {}", excerpt(text), arn.account);
        let help = format!("allow the role's account alone: `allowed_account_ids = [\"{}\"]`", arn.account);
        found.add("CR071", id.at, message, help);
    }
}

/// CR073
fn guards_off(block: &Block, found: &mut Findings) {
    let is_guarded =
        ["allowed_account_ids", "forbidden_account_ids"].iter().any(|name| block.get(name).is_some());
    for name in ["skip_requesting_account_id", "skip_credentials_validation", "insecure"] {
        if let Some(argument) = block.argument(name).filter(|argument| is_guarded && argument.value.is_true())
        {
            let message = format!("`{name}` makes `allowed_account_ids` ineffective");
            found.add(
                "CR073",
                argument.key_at,
                message,
                "remove it: the provider must ask AWS for its account ID",
            );
        }
    }
}

/// CR041, CR043 and CR044
fn chain(root: &Root<'_>, block: &Block, found: &mut Findings) {
    let hops: Vec<&Block> = block.named("assume_role").collect();
    let enters_by_token = block.named("assume_role_with_web_identity").next().is_some();
    if hops.len() < 2 && !(enters_by_token && hops.len() == 1) {
        return;
    }
    for (duration, at) in hops.iter().filter_map(|hop| hop::duration(hop)) {
        if duration > Duration::HOUR {
            let message = format!("a session of {duration} is not possible through another session");
            found.add(
                "CR041",
                at,
                message,
                "leave `duration` out: STS limits a chain to 1h, and the provider renews it",
            );
        }
    }
    if let Some(constraint) = constraint(root).filter(|_| hops.len() > 1)
        && let Some(text) = constraint.text()
        && version::oldest(text).is_none_or(|oldest| oldest < CHAINS_SINCE)
    {
        let message = format!("a chain of roles needs provider 5.67.0, and `{text}` admits older ones");
        found.add("CR043", hops[1].at, message, "demand `>= 5.67.0` in `required_providers`");
    }
    for (index, hop) in hops.iter().enumerate() {
        let Some(arn) = hop.get("role_arn").filter(|arn| arn.text().is_some()) else { continue };
        if hops[..index].iter().any(|before| before.text("role_arn") == arn.text()) {
            found.add(
                "CR044",
                arn.at,
                "this chain returns to a role it already used",
                "remove the second one",
            );
        }
    }
}

/// The versions of the AWS provider that a root admits.
fn constraint<'r>(root: &Root<'r>) -> Option<&'r Value> {
    let required = root.settings("required_providers").find_map(|block| block.get("aws"))?;
    Some(required.get("version").unwrap_or(required))
}

/// CR074
fn hidden_chain(block: &Block, found: &mut Findings) {
    let Some(profile) = block.text("profile") else { return };
    for (duration, at) in block.named("assume_role").filter_map(hop::duration) {
        if duration > Duration::HOUR {
            let message =
                format!("if the profile `{profile}` is a role itself, no session of {duration} can be had");
            found.add(
                "CR074",
                at,
                message,
                "leave `duration` out, or be sure that the profile has no `role_arn`",
            );
        }
    }
}

/// The aliases of providers that whoever calls this module hands in.
fn handed_in<'r>(root: &Root<'r>) -> impl Iterator<Item = &'r str> {
    let required = root.settings("required_providers").filter_map(|block| block.get("aws"));
    let names = required.filter_map(|aws| aws.get("configuration_aliases")).flat_map(Value::items);
    let sources = root.sources;
    names.filter_map(move |name| alias(sources.written(name.at)))
}

/// CR079
fn lost(root: &Root<'_>) -> Vec<Finding> {
    let own = root.providers().filter_map(|block| block.text("alias"));
    let aliases: BTreeSet<&str> = own.chain(handed_in(root)).collect();
    let users =
        root.module.blocks.iter().filter(|block| matches!(&*block.keyword, "resource" | "data" | "module"));
    let is_gone =
        |written: &str| alias(written).is_some_and(|alias| !alias.is_empty() && !aliases.contains(alias));
    let mut found = Vec::new();
    // A module without providers of its own is handed them.
    let has_own = root.providers().next().is_some() || !aliases.is_empty();
    for block in users.filter(|_| has_own) {
        let one = block.get("provider").into_iter();
        let many = block.get("providers").into_iter().flat_map(Value::entries).map(|entry| &entry.value);
        for value in one.chain(many) {
            let written = root.sources.written(value.at);
            if is_gone(written) {
                let message = format!("there is no provider `{written}`");
                let help = "keep it until everything that was made with it is destroyed";
                found.extend(root.finding(|found| found.add("CR079", value.at, message, help)));
            }
        }
    }
    found
}
