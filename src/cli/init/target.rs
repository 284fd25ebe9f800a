//! Questions about a target.

use std::collections::BTreeSet;

use super::ask::{Ask, NONE, Question, Stop, required};
use super::offers::{Offers, list};
use super::permissions::permissions;
use super::state::{State, TargetState};
use crate::answers::BootstrapAnswer;
use crate::answers::pasted::{self, Home};
use crate::diagnostic::Error;
use crate::model::{AccountId, Region, TargetName};
use crate::spec::Ownership;

pub(super) fn target(ask: &mut dyn Ask, state: &State, offers: &Offers<'_>) -> Result<TargetState, Stop> {
    let name = target_name(ask, state, None)?;
    let account_id = target_account(ask, state, None)?;
    let fresh_id = offers.external_id(&name)?;
    let mut target = TargetState {
        name,
        account_id,
        region: None,
        regions: Vec::new(),
        ownership: Ownership::Organization,
        external_id: None,
        fresh_id,
        permissions: Vec::new(),
        plan_permissions: None,
        bootstrap: None,
    };
    region(ask, state, &mut target)?;
    ownership(ask, &mut target)?;
    if target.ownership == Ownership::ThirdParty {
        external_id(ask, &mut target)?;
    }
    bootstrap(ask, state, offers, &mut target)?;
    if target.bootstrap() != BootstrapAnswer::Existing && state.inherited_roles.is_empty() {
        permissions(ask, state, &mut target)?;
    }
    Ok(target)
}

pub(super) fn target_name(
    ask: &mut dyn Ask,
    state: &State,
    known: Option<&TargetName>,
) -> Result<TargetName, Stop> {
    let why = "A target is an account that Terraform will manage. Its name is used as a folder name.";
    let default = if state.targets.is_empty() { Some("staging") } else { None };
    let question = Question::new("Name of the target", why).or(known.map(TargetName::as_str).or(default));
    required(ask, &question, &|text| {
        let found = pasted::target_name(text)?;
        let name = found.value();
        let is_taken = state.targets.iter().any(|target| target.name == *name && Some(name) != known);
        if is_taken { Err(format!("there is already a target `{name}`")) } else { Ok(found) }
    })
}

pub(super) fn target_account(
    ask: &mut dyn Ask,
    state: &State,
    known: Option<&AccountId>,
) -> Result<AccountId, Stop> {
    let why = "Generated Terraform refuses to run against any other account.";
    let question = Question::new("Its account ID (12 digits)", why).or(known);
    required(ask, &question, &|text| {
        let found = pasted::account_id(text, Some(state.source.partition))?;
        let id = found.value();
        if *id == state.source.account_id {
            return Err("that is account A itself; a target is a different account".to_owned());
        }
        match state.targets.iter().find(|target| target.account_id == *id && Some(id) != known) {
            Some(target) => Err(format!("that is the account of target `{}`", target.name)),
            None => Ok(found),
        }
    })
}

pub(super) fn region(ask: &mut dyn Ask, state: &State, target: &mut TargetState) -> Result<(), Stop> {
    let partition = state.source.partition;
    let question = Question::new("Region", "Default region for its resources.").or(state.region(target));
    let region = required(ask, &question, &|text| pasted::region(text, partition))?;
    let is_first = state.targets.first().is_none_or(|first| first.name == target.name);
    target.region = Some(region).filter(|region| is_first || Some(region) != state.default_region().as_ref());
    Ok(())
}

pub(super) fn more_regions(ask: &mut dyn Ask, state: &State, target: &mut TargetState) -> Result<(), Stop> {
    let partition = state.source.partition;
    let own = state.region(target);
    let read = |text: &str| {
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty() && *name != NONE);
        let found = names.map(|name| pasted::region(name, partition).map(|region| region.value().clone()));
        found.collect::<Result<BTreeSet<Region>, String>>()
    };
    let known: Vec<&str> = target.regions.iter().map(Region::as_str).collect();
    let (way, default) = match known.as_slice() {
        [] => ("optional, like us-west-2, eu-west-1", None),
        known => ("`none` removes them", Some(known.join(", "))),
    };
    let why = "Each gets its own provider, which assumes the same role.";
    let question = Question::new(format!("Further regions ({way})"), why).or(default);
    let text = ask.text(&question, &|text| read(text).map(drop))?;
    let regions = read(&text).map_err(Error::bug)?;
    target.regions = regions.into_iter().filter(|region| Some(region) != own.as_ref()).collect();
    Ok(())
}

pub(super) fn ownership(ask: &mut dyn Ask, target: &mut TargetState) -> Result<(), Stop> {
    let why = "For an account that is not yours, an external ID is set and its owner creates the role.";
    let words = list(["ours: a member of our organization", "a third party's: a customer or partner"]);
    let known = usize::from(target.ownership == Ownership::ThirdParty);
    let chosen = ask.choose(&Question::new("Whose account is it?", why), &words, known)?;
    target.ownership = if chosen == 1 { Ownership::ThirdParty } else { Ownership::Organization };
    Ok(())
}

pub(super) fn external_id(ask: &mut dyn Ask, target: &mut TargetState) -> Result<(), Stop> {
    let why = "Protects against the confused-deputy problem. Press Enter for a random value unless you have agreed on one.";
    let offered = target.external_id().unwrap_or_else(|| target.fresh_id.clone());
    let id = required(ask, &Question::new("External ID", why).or(Some(&offered)), &pasted::plain)?;
    target.external_id =
        Some(id).filter(|id| *id != target.fresh_id || target.ownership == Ownership::Organization);
    Ok(())
}

pub(super) fn bootstrap(
    ask: &mut dyn Ask,
    state: &State,
    offers: &Offers<'_>,
    target: &mut TargetState,
) -> Result<(), Stop> {
    let why = "Someone with admin access to this account must create the role once.";
    let mut words = list([
        "by assuming OrganizationAccountAccessRole (default in an organization)",
        "by assuming another existing role",
        "with a profile from the AWS config file",
        "with credentials in the environment (the owner runs it)",
        "don't create it: the role already exists",
        "with a CloudFormation template (the owner creates a stack)",
    ]);
    // Only a spec that is there has one: its units are no answer about a target.
    if state.targets.iter().any(|known| known.bootstrap() == BootstrapAnswer::StackSet) {
        words.push("with the stack set of the organization (the account is in its units)".to_owned());
    }
    let known = match target.bootstrap() {
        BootstrapAnswer::AssumeRole(None) => 0,
        BootstrapAnswer::AssumeRole(Some(_)) => 1,
        BootstrapAnswer::Profile(_) => 2,
        BootstrapAnswer::Environment => 3,
        BootstrapAnswer::Existing => 4,
        BootstrapAnswer::CloudFormation => 5,
        BootstrapAnswer::StackSet => 6,
    };
    let answer = match ask.choose(&Question::new("How will the role be created?", why), &words, known)? {
        0 => BootstrapAnswer::AssumeRole(None),
        1 => bootstrap_role(ask, state, target)?,
        2 => BootstrapAnswer::Profile(offers.profile(ask)?),
        3 => BootstrapAnswer::Environment,
        4 => BootstrapAnswer::Existing,
        5 => BootstrapAnswer::CloudFormation,
        _ => BootstrapAnswer::StackSet,
    };
    target.bootstrap = None;
    target.bootstrap = Some(answer).filter(|answer| *answer != target.bootstrap());
    Ok(())
}

fn bootstrap_role(ask: &mut dyn Ask, state: &State, target: &TargetState) -> Result<BootstrapAnswer, Stop> {
    let why = "It must trust account A and be allowed to create IAM roles.";
    let home =
        Home { partition: state.source.partition, account: &target.account_id, name: "the target account" };
    let role = required(ask, &Question::new("Name or ARN of that role", why), &|text| {
        pasted::role_name(text, home)
    })?;
    Ok(BootstrapAnswer::AssumeRole(Some(role)))
}
