//! Where Terraform keeps its state, and with whose credentials.

use super::provider;
use super::root::Root;
use crate::lint::finding::{Finding, Findings};
use crate::model::version::{self, Version};
use crate::model::{ExternalId, Text};
use crate::terraform::Block;
use crate::value::{Data, Value};

/// The first Terraform that reads `assume_role` as an attribute only.
const ATTRIBUTE_SINCE: Version = Version(1, 10, 0);
/// What stood beside the bucket until then.
const FLAT: [&str; 5] =
    ["role_arn", "external_id", "session_name", "assume_role_policy", "assume_role_duration_seconds"];

pub(super) fn rules(root: &Root<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let is_s3 = |block: &&Block| block.labels.first().is_some_and(|label| label == "s3");
    for block in root.settings("backend").filter(is_s3) {
        found.extend(root.finding(|found| {
            old_form(root, block, found);
            role(block, found);
            provider::region(block, found);
            lock(block, found);
            if !is_partial(block) {
                other_credentials(root, block, found);
            }
        }));
    }
    let cloud = root.settings("cloud").next();
    for block in root.settings("backend").filter(|_| cloud.is_some()) {
        let help = "keep `cloud` for HCP Terraform, or `backend` for another place";
        found.extend(root.finding(|found| {
            found.add("CR078", block.at, "this root has a `cloud` block, too", help);
        }));
    }
    found
}

/// CR075
fn old_form(root: &Root<'_>, block: &Block, found: &mut Findings) {
    let required = root.module.named("terraform").find_map(|block| block.text("required_version"));
    if required.is_some_and(|required| version::ends_before(required, ATTRIBUTE_SINCE)) {
        return;
    }
    let help = "write `assume_role = { role_arn = \"…\" }`, an attribute";
    for inner in block.named("assume_role") {
        found.add("CR075", inner.at, "the backend takes no `assume_role` block", help);
    }
    for argument in block.arguments.iter().filter(|argument| FLAT.contains(&&*argument.key)) {
        let message = format!("Terraform 1.10 and later take no `{}` here", argument.key);
        found.add("CR075", argument.key_at, message, help);
    }
}

/// CR021 and CR043
fn role(block: &Block, found: &mut Findings) {
    let Some(role) = block.get("assume_role") else { return };
    if matches!(&role.data, Data::List(roles) if roles.len() > 1) {
        let help = "give the backend one role that the caller can assume directly";
        found.add("CR043", role.at, "the S3 backend cannot follow a chain of roles", help);
    }
    if let Some((at, text)) = role.get("external_id").and_then(|id| Some((id.at, id.text()?)))
        && let Err(invalid) = ExternalId::parse(text)
    {
        found.add("CR021", at, invalid.message, invalid.help);
    }
}

/// Whether the rest of its settings comes from elsewhere: `-backend-config`, or what writes them anew.
fn is_partial(block: &Block) -> bool {
    ["bucket", "key"].iter().any(|name| block.get(name).is_none())
}

/// CR077
fn lock(block: &Block, found: &mut Findings) {
    let help = "set `use_lockfile = true`; it needs Terraform 1.10, and is stable since 1.11";
    if let Some(table) = block.argument("dynamodb_table") {
        found.add("CR077", table.key_at, "locks in DynamoDB are deprecated since Terraform 1.11", help);
    } else if !is_partial(block)
        && block.get("use_lockfile").is_none_or(|value| value.is_known() && !value.is_true())
    {
        found.add("CR077", block.at, "nothing prevents concurrent runs from writing this state", help);
    }
}

/// CR076
fn other_credentials(root: &Root<'_>, block: &Block, found: &mut Findings) {
    let own =
        ["profile", "assume_role", "role_arn", "allowed_account_ids", "access_key", "shared_config_files"];
    if own.iter().any(|name| block.get(name).is_some()) || block.named("assume_role").next().is_some() {
        return;
    }
    if let Some(profile) = root.providers().find_map(|provider| provider.get("profile").and_then(Value::text))
    {
        let message = format!(
            "the provider uses the profile `{profile}`, and the backend whatever is in the environment"
        );
        found.add(
            "CR076",
            block.at,
            message,
            "name the profile here, too, or a role, or the accounts it may be in",
        );
    }
}
