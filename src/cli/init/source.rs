//! Questions about account A: which it is, its organization, and how Terraform signs in.

use std::cell::Cell;

use super::ask::{Ask, Question, Stop, optional, required};
use super::callers::callers;
use super::offers::{Offers, list};
use super::roles;
use super::state::{SourceState, TargetState};
use crate::answers::pasted;
use crate::model::{AccountId, Credentials, OrganizationId, Partition, SourceName};

pub(super) fn source(ask: &mut dyn Ask) -> Result<SourceState, Stop> {
    let (account_id, partition) = first_account(ask)?;
    let mut source = SourceState {
        name: None,
        account_id,
        partition,
        organization_id: None,
        callers: Vec::new(),
        has_two_roles: false,
        credentials: Credentials::Environment,
    };
    callers(ask, &mut source)?;
    if roles::are_worth_asking(&source) {
        roles::roles(ask, &mut source)?;
    }
    source.organization_id = organization(ask, None)?;
    Ok(source)
}

fn account_question() -> Question {
    let why = "Account A is where you and your pipelines sign in. The roles are assumed from there.";
    Question::new("Account A's ID (12 digits)", why)
}

/// Account A, and the partition where an ARN of it was pasted.
fn first_account(ask: &mut dyn Ask) -> Result<(AccountId, Partition), Stop> {
    let partition = Cell::new(Partition::Aws);
    let id = required(ask, &account_question(), &|text| {
        partition.set(pasted::partition(text).unwrap_or(Partition::Aws));
        pasted::account_id(text, None)
    })?;
    let partition = partition.get();
    if partition != Partition::Aws {
        ask.say(&format!("partition: `{partition}`"));
    }
    Ok((id, partition))
}

pub(super) fn source_account(
    ask: &mut dyn Ask,
    known: &SourceState,
    targets: &[TargetState],
) -> Result<AccountId, Stop> {
    required(ask, &account_question().or(Some(&known.account_id)), &|text| {
        let found = pasted::account_id(text, Some(known.partition))?;
        match targets.iter().find(|target| target.account_id == *found.value()) {
            Some(target) => Err(format!("that is the account of target `{}`", target.name)),
            None => Ok(found),
        }
    })
}

pub(super) fn source_name(ask: &mut dyn Ask, known: Option<&SourceName>) -> Result<SourceName, Stop> {
    let question = Question::new("Name of account A", "Display name used in comments.")
        .or(Some(known.map_or("source", SourceName::as_str)));
    required(ask, &question, &pasted::plain)
}

pub(super) fn partition(ask: &mut dyn Ask, known: Partition) -> Result<Partition, Stop> {
    let why = "Roles cannot be assumed across partitions. Nearly all accounts are in `aws`.";
    let words: Vec<String> = Partition::ALL.iter().map(ToString::to_string).collect();
    let at = Partition::ALL.iter().position(|partition| *partition == known).unwrap_or_default();
    let chosen = ask.choose(&Question::new("Partition", why), &words, at)?;
    Ok(Partition::ALL.get(chosen).copied().unwrap_or(known))
}

pub(super) fn organization(
    ask: &mut dyn Ask,
    known: Option<&OrganizationId>,
) -> Result<Option<OrganizationId>, Stop> {
    let why = "Every trust policy then requires aws:PrincipalOrgID: nobody outside your organization can assume a role.";
    let way = if known.is_some() { "optional, `none` removes it" } else { "optional, like o-a1b2c3d4e5" };
    let question = Question::new(format!("Organization ID ({way})"), why).or(known);
    optional(ask, &question, &pasted::organization_id)
}

pub(super) fn credentials(
    ask: &mut dyn Ask,
    offers: &Offers<'_>,
    known: &Credentials,
) -> Result<Credentials, Stop> {
    let why = "The spec never contains secrets. With a profile, everyone who runs Terraform needs one with that name.";
    let words = list([
        "with credentials from the environment (variables, a pipeline's role)",
        "with a profile from the AWS config file",
    ]);
    let question = Question::new("How does Terraform sign in to account A?", why);
    let is_profile = usize::from(matches!(known, Credentials::Profile(_)));
    match ask.choose(&question, &words, is_profile)? {
        0 => Ok(Credentials::Environment),
        _ => Ok(Credentials::Profile(offers.profile(ask)?)),
    }
}
