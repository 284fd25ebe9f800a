//! What a role may do. Nothing is granted that was not chosen.

use std::cell::Cell;

use super::ask::{Ask, NONE, Question, read_until_taken};
use super::state::{Permission, State, TargetState};
use crate::answers::pasted::{self, Home};
use crate::diagnostic::Error;
use crate::spec::Ownership;

/// What is typed to see common policies.
const SEARCH: &str = "?";
/// The most managed policies that a role can have.
const MOST: usize = 20;
/// What lets a role do nearly everything.
const POWERFUL: [&str; 3] = ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"];
/// Managed policies of AWS that people give to such roles: path and name, those that only read first and powerful ones last.
/// Any other can be named. Source: the AWS managed policy reference.
const MANAGED: [&str; 44] = [
    "ReadOnlyAccess",
    "job-function/ViewOnlyAccess",
    "SecurityAudit",
    "IAMReadOnlyAccess",
    "AmazonS3FullAccess",
    "AmazonS3ReadOnlyAccess",
    "AmazonEC2FullAccess",
    "AmazonEC2ReadOnlyAccess",
    "AmazonVPCFullAccess",
    "AmazonVPCReadOnlyAccess",
    "AmazonRoute53FullAccess",
    "AmazonRoute53ReadOnlyAccess",
    "AmazonDynamoDBFullAccess",
    "AmazonDynamoDBReadOnlyAccess",
    "AmazonRDSFullAccess",
    "AmazonRDSReadOnlyAccess",
    "AmazonECS_FullAccess",
    "AmazonEC2ContainerRegistryFullAccess",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonSNSFullAccess",
    "AmazonSNSReadOnlyAccess",
    "AmazonSQSFullAccess",
    "AmazonSQSReadOnlyAccess",
    "AmazonSSMFullAccess",
    "AmazonSSMReadOnlyAccess",
    "AWSCloudFormationFullAccess",
    "AWSCloudFormationReadOnlyAccess",
    "AWSKeyManagementServicePowerUser",
    "AWSLambda_FullAccess",
    "AWSLambda_ReadOnlyAccess",
    "AWSOrganizationsReadOnlyAccess",
    "AWSBillingReadOnlyAccess",
    "AWSSupportAccess",
    "AWSCloudTrail_ReadOnlyAccess",
    "CloudFrontFullAccess",
    "CloudWatchFullAccess",
    "CloudWatchReadOnlyAccess",
    "ElasticLoadBalancingFullAccess",
    "SecretsManagerReadWrite",
    "job-function/Billing",
    "job-function/NetworkAdministrator",
    "IAMFullAccess",
    "PowerUserAccess",
    "AdministratorAccess",
];

pub(super) fn permissions(ask: &mut dyn Ask, state: &State, target: &mut TargetState) -> Result<(), Error> {
    target.permissions.clear();
    while target.permissions.len() < MOST {
        let Some(permission) = policy(ask, state, target)? else { break };
        if target.permissions.contains(&permission) {
            ask.say("note: that policy is already listed");
        } else if is_wanted(ask, target, &permission)? {
            target.permissions.push(permission);
        }
    }
    Ok(())
}

/// One policy. Enter adds none: at first that leaves the role without any, and later it ends the list.
fn policy(ask: &mut dyn Ask, state: &State, target: &TargetState) -> Result<Option<Permission>, Error> {
    let partition = state.source.partition;
    let home = Home { partition, account: &target.account_id, name: "the target account" };
    let is_search = Cell::new(false);
    let arn = read_until_taken(ask, &question(state, target), &|text| {
        is_search.set(text.trim() == SEARCH);
        match text.trim() {
            "" | NONE | SEARCH => Ok(None),
            text => pasted::policy_arn(text, home).map(Some),
        }
    })?;
    if is_search.get() {
        return searched(ask).map(Some);
    }
    Ok(arn.map(|arn| match arn.aws_name() {
        Some(name) => Permission::Managed(name.to_owned()),
        None => Permission::Arn(arn),
    }))
}

fn question(state: &State, target: &TargetState) -> Question {
    let prompt =
        if state.source.has_two_roles { "Policy name or ARN for `apply`" } else { "Policy name or ARN" };
    let why = match target.ownership {
        _ if !target.permissions.is_empty() => {
            return Question::new("Another policy (Enter for none, ? to search)", "");
        }
        Ownership::Organization => {
            "What the role may do. Start narrow, as with ReadOnlyAccess; the verification bucket needs AmazonS3FullAccess."
        }
        Ownership::ThirdParty => {
            "This is somebody else's account: grant nothing or read access (ViewOnlyAccess), unless its owner agreed to more."
        }
    };
    Question::new(format!("{prompt} (Enter for none, ? to search)"), why)
}

fn searched(ask: &mut dyn Ask) -> Result<Permission, Error> {
    let lines = MANAGED.map(str::to_owned);
    let chosen = ask.search(&Question::new("Policy (type to search)", ""), &lines)?;
    Ok(Permission::Managed(MANAGED.get(chosen).copied().unwrap_or(MANAGED[0]).to_owned()))
}

/// Nobody gives nearly everything to a role in somebody else's account by a slip of the hand.
fn is_wanted(ask: &mut dyn Ask, target: &TargetState, permission: &Permission) -> Result<bool, Error> {
    let name = permission.shown().rsplit('/').next().unwrap_or_default();
    if target.ownership == Ownership::Organization || !POWERFUL.contains(&name) {
        return Ok(true);
    }
    let prompt = format!("Grant `{name}` in somebody else's account?");
    ask.confirm(&Question::new(prompt, "It allows nearly everything there."), false)
}
