//! `provider "aws"`: which account it can end up in.

use super::{Root, hop, version};
use crate::diagnostic::Level;
use crate::diagnostic::words::excerpt;
use crate::lint::finding::{Finding, Findings};
use crate::model::{ArnParts, Duration};
use crate::terraform::Block;
use crate::value::{Data, Value};

/// The first provider that follows a chain of roles.
const CHAINS_SINCE: (u32, u32, u32) = (5, 67, 0);

pub(super) fn rules(root: &Root<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for block in root.providers() {
        found.extend(root.finding(|found| {
            unguarded(block, found);
            guards_off(block, found);
            chain(root, block, found);
            hidden_chain(block, found);
        }));
        found.extend(block.named("assume_role").flat_map(|block| hop::rules(root, block)));
    }
    found.extend(lost(root));
    found
}

/// CR071
fn unguarded(block: &Block, found: &mut Findings) {
    let is_guarded = block.get("allowed_account_ids").is_some_and(|ids| match &ids.data {
        Data::List(ids) => !ids.is_empty(),
        _ => true,
    });
    if is_guarded {
        return guards_too_little(block, found);
    }
    let assumes = block.named("assume_role").next().is_some() || block.is_open("assume_role");
    let (level, message) = if assumes {
        (
            Level::Error,
            "if the role were missing, this provider would build in the caller's account and only warn",
        )
    } else {
        (Level::Warning, "this provider builds in whatever account its credentials belong to")
    };
    let help = "set `allowed_account_ids` to the account it is meant for";
    found.add_as(level, "CR071", block.at, message, help);
}

/// CR071, where the list has more than the account that the last role is in.
fn guards_too_little(block: &Block, found: &mut Findings) {
    let role = block.named("assume_role").last().and_then(|hop| hop.text("role_arn"));
    let Some(arn) = role.and_then(ArnParts::split).filter(|arn| !arn.account.is_empty()) else { return };
    let ids = block.get("allowed_account_ids").map_or(&[][..], Value::items);
    let other = |id: &&Value| id.text().is_some_and(|text| text != arn.account);
    if let Some((id, text)) = ids.iter().find(other).and_then(|id| Some((id, id.text()?))) {
        let message = format!(
            "`{}` is allowed besides the role's account: if the role were missing, this provider would build there and only warn",
            excerpt(text)
        );
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
            let message = format!("`{name}` takes the ground from under `allowed_account_ids`");
            found.add(
                "CR073",
                argument.key_at,
                message,
                "remove it: the provider has to ask AWS where it is",
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
            let message = format!("a session of {duration} cannot be had through another session");
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
                "this chain comes back to a role it has been in",
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

/// CR079
fn lost(root: &Root<'_>) -> Vec<Finding> {
    let aliases: Vec<Option<&str>> = root.providers().map(|block| block.text("alias")).collect();
    let users =
        root.module.blocks.iter().filter(|block| matches!(&*block.keyword, "resource" | "data" | "module"));
    let is_gone = |written: &str| {
        let alias = written.strip_prefix("aws.");
        alias.is_some_and(|alias| !aliases.contains(&Some(alias)))
    };
    let mut found = Vec::new();
    // A module without providers of its own is handed them.
    for block in users.filter(|_| !aliases.is_empty()) {
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
