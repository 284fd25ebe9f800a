//! What a role may do. Nothing is granted that was not chosen.

use super::ask::{Ask, Question, required};
use super::state::{Permission, State, TargetState};
use crate::answers::pasted::{self, Home};
use crate::diagnostic::Error;
use crate::model::PolicyArn;
use crate::spec::Ownership;

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

/// What a line of the choice leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pick {
    Enough,
    Managed(&'static str),
    Search,
    Named,
}

pub(super) fn permissions(ask: &mut dyn Ask, state: &State, target: &mut TargetState) -> Result<(), Error> {
    target.permissions.clear();
    while target.permissions.len() < MOST {
        let permission = match pick(ask, target)? {
            Pick::Enough => break,
            Pick::Managed(name) => Permission::Managed(name),
            Pick::Search => Permission::Managed(searched(ask)?),
            Pick::Named => Permission::Arn(named(ask, state, target)?),
        };
        if target.permissions.contains(&permission) {
            ask.say("note: that policy is already listed");
        } else if is_wanted(ask, target, &permission)? {
            target.permissions.push(permission);
        }
    }
    Ok(())
}

/// Enter adds nothing: at first that is no permission at all, and later it ends the list.
fn pick(ask: &mut dyn Ask, target: &TargetState) -> Result<Pick, Error> {
    let is_first = target.permissions.is_empty();
    let lines = [
        (Pick::Enough, if is_first { "none for now" } else { "that is all" }),
        (Pick::Managed("job-function/ViewOnlyAccess"), "see resources, not their data (ViewOnlyAccess)"),
        (Pick::Managed("ReadOnlyAccess"), "read everything, data as well (ReadOnlyAccess)"),
        (Pick::Search, "search common AWS managed policies"),
        (Pick::Named, "a policy by its name or ARN"),
    ];
    let is_left = |pick: &Pick| match pick {
        Pick::Managed(name) => !target.permissions.contains(&Permission::Managed(name)),
        Pick::Enough | Pick::Search | Pick::Named => true,
    };
    let (picks, words): (Vec<Pick>, Vec<String>) = lines
        .into_iter()
        .filter(|(pick, _)| is_left(pick))
        .map(|(pick, words)| (pick, words.to_owned()))
        .unzip();
    let question = match (is_first, target.ownership) {
        (false, _) => Question::new("More permissions?", ""),
        (true, Ownership::Organization) => Question::new(
            "Permissions for the role",
            "Start narrow; the verification bucket needs S3 access (AmazonS3FullAccess).",
        ),
        (true, Ownership::ThirdParty) => Question::new(
            "Permissions for the role",
            "This is somebody else's account: grant nothing or read access unless its owner agreed to more.",
        ),
    };
    let chosen = ask.choose(&question, &words, 0)?;
    Ok(picks.get(chosen).copied().unwrap_or(Pick::Enough))
}

fn searched(ask: &mut dyn Ask) -> Result<&'static str, Error> {
    let lines = MANAGED.map(str::to_owned);
    let chosen = ask.search(&Question::new("Policy (type to search)", ""), &lines)?;
    Ok(MANAGED.get(chosen).copied().unwrap_or(MANAGED[0]))
}

fn named(ask: &mut dyn Ask, state: &State, target: &TargetState) -> Result<PolicyArn, Error> {
    let why = "An AWS managed policy, or a customer managed policy in the target account.";
    let home =
        Home { partition: state.source.partition, account: &target.account_id, name: "the target account" };
    required(ask, &Question::new("Name or ARN of the policy", why), &|text| pasted::policy_arn(text, home))
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
