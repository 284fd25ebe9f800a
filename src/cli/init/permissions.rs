//! What a role may do. Nothing is granted that was not chosen.

use super::ask::{Ask, Picks, Question, Stop};
use super::managed;
use super::state::{Permission, State, TargetState};
use crate::answers::pasted::{self, Home, Pasted};
use crate::diagnostic::Error;
use crate::model::{PolicyArn, Text};
use crate::spec::Ownership;

/// The most managed policies that a role can have.
const MOST: usize = 20;

/// What a target's role may do, or the one that applies.
pub(super) fn permissions(ask: &mut dyn Ask, state: &State, target: &mut TargetState) -> Result<(), Stop> {
    let prompt = if state.source.has_two_roles { "Permissions of `apply`" } else { "Permissions" };
    target.permissions = picked(ask, state, target, (prompt, &target.permissions))?;
    Ok(())
}

/// What a target's role that plans may do.
pub(super) fn plan_permissions(
    ask: &mut dyn Ask,
    state: &State,
    target: &mut TargetState,
) -> Result<(), Stop> {
    let known = target.plan_permissions();
    let picked = picked(ask, state, target, ("Permissions of `plan`", &known))?;
    target.plan_permissions =
        Some(picked).filter(|picked| *picked != known || target.plan_permissions.is_some());
    Ok(())
}

fn picked(
    ask: &mut dyn Ask,
    state: &State,
    target: &TargetState,
    (prompt, known): (&str, &[Permission]),
) -> Result<Vec<Permission>, Stop> {
    let items = managed::items();
    let partition = state.source.partition;
    let home = Home { partition, account: &target.account_id, name: "the target account" };
    let other = |text: &str| named(text, home);
    let picks = Picks { items: &items, most: MOST, other: &other };
    let shown: Vec<String> = known.iter().map(|known| known.shown().to_owned()).collect();
    let names = ask.pick(&Question::new(prompt, why(target.ownership)), &picks, &shown)?;
    let mut permissions = Vec::new();
    for name in names {
        if let Some(known) = known.iter().find(|known| known.shown() == name) {
            permissions.push(known.clone());
        } else if is_wanted(ask, target, &name)? {
            permissions.push(permission(&name)?);
        }
    }
    Ok(permissions)
}

fn why(ownership: Ownership) -> &'static str {
    match ownership {
        Ownership::Organization => {
            "Policies for the role. Start narrow, with ReadOnlyAccess for example; the verification bucket needs AmazonS3FullAccess."
        }
        Ownership::ThirdParty => {
            "Policies for the role. This account belongs to someone else: grant nothing or read access (ViewOnlyAccess), unless its owner agreed to more."
        }
    }
}

/// What is taken for a text that is in no list: the ARN itself, or the one of a policy of AWS that is called so.
fn named(text: &str, home: Home<'_>) -> Result<String, String> {
    match pasted::policy_arn(text, home)? {
        Pasted::Near(arn) if arn.account() == home.account.as_str() => {
            Err("nothing matches; to use a policy of the target account, enter its ARN".to_owned())
        }
        found => Ok(found.value().to_string()),
    }
}

fn permission(name: &str) -> Result<Permission, Error> {
    if let Some(path) = managed::path(name) {
        return Ok(Permission::Managed(path.to_owned()));
    }
    let arn = PolicyArn::parse(name).map_err(|invalid| Error::bug(invalid.message))?;
    Ok(Permission::of(arn))
}

/// Nobody gives nearly everything to a role in somebody else's account by a slip of the hand.
fn is_wanted(ask: &mut dyn Ask, target: &TargetState, name: &str) -> Result<bool, Stop> {
    if target.ownership == Ownership::Organization || !managed::is_powerful(name) {
        return Ok(true);
    }
    let prompt = format!("Grant `{name}` in someone else's account?");
    ask.confirm(&Question::new(prompt, "It allows almost everything in that account."), false)
}
