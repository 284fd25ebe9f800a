//! Roles in Terraform, and what is attached to them.

use super::policies;
use super::root::Root;
use crate::diagnostic::Level;
use crate::lint::finding::{Finding, Findings};
use crate::lint::known;
use crate::lint::policy::Policy;
use crate::model::{ArnParts, RoleName, RolePath, Text};
use crate::terraform::Block;
use crate::value::{Data, Value};

/// Seconds of `max_session_duration`, by default and at the most.
const DEFAULT: u32 = 3600;
const LONGEST: u32 = 43_200;
/// Managed policies of a role, without asking and with the quota raised. Source: IAM quotas.
const ATTACHED: usize = 10;
const MOST_ATTACHED: usize = 20;

pub(super) fn rules(root: &Root<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for block in root.resources() {
        found.extend(root.finding(|found| {
            attachments(block, found);
            if block.is("aws_iam_role") {
                role(root, block, found);
            }
        }));
    }
    found
}

/// CR060, CR061 and CR103
fn attachments(block: &Block, found: &mut Findings) {
    let is_of_iam = block.labels.first().is_some_and(|kind| kind.starts_with("aws_iam_"));
    let one = block.labels.first().is_some_and(|kind| kind.ends_with("_policy_attachment"));
    let single = block.get("policy_arn").filter(|_| one);
    if let Some(boundary) = block.get("permissions_boundary").filter(|_| is_of_iam) {
        unknown_policy(boundary, found);
    }
    for value in
        single.into_iter().chain(block.get("managed_policy_arns").map(Value::items).unwrap_or_default())
    {
        unknown_policy(value, found);
        let help = "attach only what is needed, or set a permissions boundary";
        let name = aws_policy(value);
        if name == Some("AdministratorAccess") {
            found.add("CR060", value.at, "`AdministratorAccess` allows all actions on all resources", help);
        } else if name == Some("IAMFullAccess") {
            found.add(
                "CR061",
                value.at,
                "`IAMFullAccess` lets its holder escalate their own permissions",
                help,
            );
        }
    }
}

/// CR103
pub(super) fn unknown_policy(value: &Value, found: &mut Findings) {
    if let Some(name) = aws_policy(value) {
        known::managed_policy(value.at, name, found);
    }
}

/// Path and name of a managed policy of AWS, whatever its partition.
fn aws_policy(value: &Value) -> Option<&str> {
    let Data::Text(arn) = &value.data else { return None };
    let (first, last) = arn.ends();
    let (_, name) = last.split_once(":iam::aws:policy/")?;
    first.starts_with("arn:").then_some(name)
}

/// CR007, CR040, CR042, CR062 and CR068
fn role(root: &Root<'_>, block: &Block, found: &mut Findings) {
    named::<RoleName>(block, "name", found);
    named::<RolePath>(block, "path", found);
    duration(block, found);
    if let Some(list) = block.get("managed_policy_arns").filter(|list| list.items().len() > ATTACHED) {
        let count = list.items().len();
        let level = if count > MOST_ATTACHED { Level::Error } else { Level::Warning };
        let message = format!(
            "{count} managed policies are attached, and an account allows {ATTACHED} unless the quota is raised"
        );
        found.add_as(level, "CR062", list.at, message, "combine several into one policy");
    }
    let account = account(root, block);
    if let Some((at, arn)) =
        block.get("permissions_boundary").and_then(|value| Some((value.at, ArnParts::split(value.text()?)?)))
        && let Some(account) =
            account.filter(|account| arn.account != "aws" && arn.account != account.as_str())
    {
        let message = format!("the boundary is of account {}, and the role of {account}", arn.account);
        found.add("CR068", at, message, "use a policy of the role's own account");
    }
}

fn named<T: Text>(block: &Block, argument: &str, found: &mut Findings) {
    if let Some((at, text)) = block.get(argument).and_then(|value| Some((value.at, value.text()?)))
        && let Err(invalid) = T::parse(text)
    {
        found.add("CR007", at, invalid.message, invalid.help);
    }
}

fn duration(block: &Block, found: &mut Findings) {
    let Some((at, seconds)) =
        block.get("max_session_duration").and_then(|value| Some((value.at, number(value)?)))
    else {
        return;
    };
    if !(DEFAULT..=LONGEST).contains(&seconds) {
        let message =
            format!("`max_session_duration` is {seconds} seconds, and IAM takes {DEFAULT} to {LONGEST}");
        found.add("CR040", at, message, "write 3600 to 43200");
    } else if seconds > DEFAULT && is_only_for_roles(block) {
        let message = format!("no principal can get a session of {seconds} seconds: each of them is a role");
        found.add("CR042", at, message, "omit `max_session_duration`: role chaining is limited to 1h");
    }
}

fn is_only_for_roles(block: &Block) -> bool {
    let Some(Ok(document)) = block.get("assume_role_policy").and_then(policies::of) else { return false };
    let Some(policy) = Policy::of(&document) else { return false };
    let mut principals = policy.allows().flat_map(|statement| statement.named_principals()).peekable();
    principals.peek().is_some()
        && principals
            .all(|who| who.value.resource().is_some_and(|(_, resource)| resource.starts_with("role/")))
}

/// A number, written as one or as a text.
pub(super) fn number(value: &Value) -> Option<u32> {
    match &value.data {
        Data::Number(text) => text.parse().ok(),
        _ => value.text()?.parse().ok(),
    }
}

/// The one account that a resource's provider may work in.
pub(super) fn account(root: &Root<'_>, block: &Block) -> Option<String> {
    match root.provider_of(block)?.get("allowed_account_ids")?.items() {
        [only] => only.text().map(str::to_owned),
        _ => None,
    }
}
