//! The questions, one function each: what is asked, why, and what is taken for granted.

use super::ask::{Ask, Question, typed, typed_if};
use super::policies::MANAGED;
use super::state::{Permission, SourceState, State, TargetState};
use crate::answers::{BootstrapAnswer, CallerAnswer};
use crate::diagnostic::Error;
use crate::model::{
    AccountId, ExternalId, Partition, PolicyArn, PrincipalName, ProfileName, Region, RoleName, SourceName,
    TargetName,
};
use crate::spec::Ownership;

/// Makes an external id that nobody can guess.
pub(super) type Fresh<'f> = &'f dyn Fn() -> Result<ExternalId, Error>;

fn list<const N: usize>(items: [&str; N]) -> Vec<String> {
    items.map(str::to_owned).to_vec()
}

pub(super) fn source(ask: &mut dyn Ask) -> Result<SourceState, Error> {
    let account_id = source_account(ask, None, &[])?;
    let callers = callers(ask)?;
    Ok(SourceState { name: None, account_id, partition: Partition::Aws, callers })
}

pub(super) fn source_account(
    ask: &mut dyn Ask,
    known: Option<&AccountId>,
    targets: &[TargetState],
) -> Result<AccountId, Error> {
    let why = "Account A is where you and your pipelines sign in; from there the roles are assumed.";
    let question = Question::new("Id of account A (12 digits)", why).or(known);
    let is_free = |id: &AccountId| match targets.iter().find(|target| target.account_id == *id) {
        Some(target) => Err(format!("that is the account of target `{}`", target.name)),
        None => Ok(()),
    };
    typed_if(ask, &question, &is_free)
}

pub(super) fn source_name(ask: &mut dyn Ask, known: Option<&SourceName>) -> Result<SourceName, Error> {
    let question = Question::new("Name of account A", "What comments in the Terraform call it.")
        .or(Some(known.map_or("source", SourceName::as_str)));
    typed(ask, &question)
}

pub(super) fn partition(ask: &mut dyn Ask, known: Partition) -> Result<Partition, Error> {
    let why = "Roles are never assumed across partitions. Nearly everyone is in `aws`.";
    let words: Vec<String> = Partition::ALL.iter().map(ToString::to_string).collect();
    let at = Partition::ALL.iter().position(|partition| *partition == known).unwrap_or_default();
    let chosen = ask.choose(&Question::new("Partition", why), &words, at)?;
    Ok(Partition::ALL.get(chosen).copied().unwrap_or(known))
}

pub(super) fn callers(ask: &mut dyn Ask) -> Result<Vec<CallerAnswer>, Error> {
    let mut callers = Vec::new();
    loop {
        let caller = caller(ask)?;
        let is_everyone = matches!(caller, CallerAnswer::Account { .. });
        if callers.contains(&caller) {
            ask.say("note: that caller is listed already");
        } else {
            callers.push(caller);
        }
        if is_everyone || !ask.confirm(&Question::new("Another caller?", ""), false)? {
            return Ok(callers);
        }
    }
}

fn caller(ask: &mut dyn Ask) -> Result<CallerAnswer, Error> {
    let why = "The caller is who runs Terraform in account A: only callers may assume the roles.";
    let kinds = list([
        "an IAM user",
        "an IAM role (a pipeline, or single sign-on)",
        "anyone in account A who is allowed to",
    ]);
    let kind = ask.choose(&Question::new("Who runs Terraform?", why), &kinds, 0)?;
    let name = |ask: &mut dyn Ask, prompt: &str, example: &str| {
        let why = format!("As IAM shows it, with its path if it has one, as in {example}.");
        typed::<PrincipalName>(ask, &Question::new(prompt, why))
    };
    match kind {
        0 => {
            let name = name(ask, "Name of the user", "`terraform`")?;
            Ok(CallerAnswer::User { name, mfa: mfa(ask)? })
        }
        1 => Ok(CallerAnswer::Role { name: name(ask, "Name of the role", "`ci/deployer`")? }),
        _ => Ok(CallerAnswer::Account { mfa: mfa(ask)? }),
    }
}

fn mfa(ask: &mut dyn Ask) -> Result<bool, Error> {
    let why = "With MFA a stolen key alone opens no account; a script for the session is generated.";
    ask.confirm(&Question::new("Demand MFA?", why), true)
}

pub(super) fn target(ask: &mut dyn Ask, state: &State, fresh: Fresh<'_>) -> Result<TargetState, Error> {
    let name = target_name(ask, state, None)?;
    let account_id = target_account(ask, state, None)?;
    let mut target = TargetState {
        name,
        account_id,
        region: None,
        ownership: Ownership::Organization,
        external_id: None,
        fresh_id: fresh()?,
        permissions: Vec::new(),
        bootstrap: None,
    };
    region(ask, state, &mut target)?;
    ownership(ask, &mut target)?;
    if target.ownership == Ownership::ThirdParty {
        external_id(ask, &mut target)?;
    }
    bootstrap(ask, &mut target)?;
    if target.bootstrap() != BootstrapAnswer::Existing {
        permissions(ask, state, &mut target)?;
    }
    Ok(target)
}

pub(super) fn target_name(
    ask: &mut dyn Ask,
    state: &State,
    known: Option<&TargetName>,
) -> Result<TargetName, Error> {
    let why = "A target is an account B to be entered. Its name becomes a folder.";
    let default = if state.targets.is_empty() { Some("staging") } else { None };
    let question = Question::new("Name of the target", why).or(known.map(TargetName::as_str).or(default));
    let is_free = |name: &TargetName| {
        let is_taken = state.targets.iter().any(|target| target.name == *name && Some(name) != known);
        if is_taken { Err(format!("there is a target `{name}` already")) } else { Ok(()) }
    };
    typed_if(ask, &question, &is_free)
}

pub(super) fn target_account(
    ask: &mut dyn Ask,
    state: &State,
    known: Option<&AccountId>,
) -> Result<AccountId, Error> {
    let question =
        Question::new("Its account id (12 digits)", "Everything generated for it refuses to run elsewhere.");
    let is_other = |id: &AccountId| {
        if *id == state.source.account_id {
            return Err("that is account A itself: a target is another account".to_owned());
        }
        match state.targets.iter().find(|target| target.account_id == *id && Some(id) != known) {
            Some(target) => Err(format!("that is the account of target `{}`", target.name)),
            None => Ok(()),
        }
    };
    typed_if(ask, &question.or(known), &is_other)
}

pub(super) fn region(ask: &mut dyn Ask, state: &State, target: &mut TargetState) -> Result<(), Error> {
    let partition = state.source.partition;
    let question = Question::new("Region", "Where its resources go.").or(state.region(target));
    let fits = |region: &Region| match region.partition() {
        found if found == partition => Ok(()),
        found => Err(format!("`{region}` is in partition `{found}`, and account A in `{partition}`")),
    };
    let region = typed_if(ask, &question, &fits)?;
    let is_first = state.targets.first().is_none_or(|first| first.name == target.name);
    target.region = Some(region).filter(|region| is_first || Some(region) != state.default_region().as_ref());
    Ok(())
}

pub(super) fn ownership(ask: &mut dyn Ask, target: &mut TargetState) -> Result<(), Error> {
    let why = "An account that is not ours gets an external id, and its owner creates the role.";
    let words = list(["ours: a member of our organization", "a third party's: a customer or partner"]);
    let known = usize::from(target.ownership == Ownership::ThirdParty);
    let chosen = ask.choose(&Question::new("Whose account is it?", why), &words, known)?;
    target.ownership = if chosen == 1 { Ownership::ThirdParty } else { Ownership::Organization };
    Ok(())
}

pub(super) fn external_id(ask: &mut dyn Ask, target: &mut TargetState) -> Result<(), Error> {
    let why = "Keeps other customers from making you enter this account. Take the random one, unless you agreed on another.";
    let offered = target.external_id().unwrap_or_else(|| target.fresh_id.clone());
    let id = typed::<ExternalId>(ask, &Question::new("External id", why).or(Some(&offered)))?;
    target.external_id =
        Some(id).filter(|id| *id != target.fresh_id || target.ownership == Ownership::Organization);
    Ok(())
}

pub(super) fn bootstrap(ask: &mut dyn Ask, target: &mut TargetState) -> Result<(), Error> {
    let why = "Somebody with rights in the account has to create the role, once.";
    let words = list([
        "through OrganizationAccountAccessRole, as new accounts have it",
        "through another role that is there",
        "with a profile of ~/.aws/config",
        "with credentials in the environment (the owner runs it)",
        "not at all: the role exists",
    ]);
    let known = match target.bootstrap() {
        BootstrapAnswer::AssumeRole(None) => 0,
        BootstrapAnswer::AssumeRole(Some(_)) => 1,
        BootstrapAnswer::Profile(_) => 2,
        BootstrapAnswer::Environment => 3,
        BootstrapAnswer::Existing => 4,
    };
    let chosen = ask.choose(&Question::new("How will the role be created?", why), &words, known)?;
    let answer = match chosen {
        0 => BootstrapAnswer::AssumeRole(None),
        1 => {
            let question =
                Question::new("Name of that role", "It has to trust account A, and may create roles.");
            BootstrapAnswer::AssumeRole(Some(typed::<RoleName>(ask, &question)?))
        }
        2 => {
            let question =
                Question::new("Name of the profile", "The name between the brackets, without `profile`.");
            BootstrapAnswer::Profile(typed::<ProfileName>(ask, &question)?)
        }
        3 => BootstrapAnswer::Environment,
        _ => BootstrapAnswer::Existing,
    };
    target.bootstrap = None;
    target.bootstrap = Some(answer).filter(|answer| *answer != target.bootstrap());
    Ok(())
}

/// What a line of the list of policies leads to.
#[derive(Clone, Copy)]
enum Pick {
    Managed(&'static str),
    Other,
    Enough,
}

pub(super) fn permissions(ask: &mut dyn Ask, state: &State, target: &mut TargetState) -> Result<(), Error> {
    const MOST: usize = 20;
    let why = "What the role may do there. The bucket that proves the wiring needs S3; start narrow.";
    target.permissions.clear();
    while target.permissions.len() < MOST {
        let is_first = target.permissions.is_empty();
        let picks = picks(target);
        let line = |pick: &Pick| match pick {
            Pick::Managed(name) => (*name).to_owned(),
            Pick::Other => "(another policy, by its ARN)".to_owned(),
            Pick::Enough if is_first => "(none for now)".to_owned(),
            Pick::Enough => "(that is all)".to_owned(),
        };
        let lines: Vec<String> = picks.iter().map(line).collect();
        let prompt = if is_first { "Permissions (type to search)" } else { "More permissions?" };
        let chosen = ask.search(&Question::new(prompt, if is_first { why } else { "" }), &lines)?;
        match picks.get(chosen).copied().unwrap_or(Pick::Enough) {
            Pick::Managed(name) => target.permissions.push(Permission::Managed(name)),
            Pick::Other => {
                let arn = policy_arn(ask, state, target)?;
                target.permissions.push(Permission::Arn(arn));
            }
            Pick::Enough => break,
        }
    }
    Ok(())
}

/// The policies that are left; being done comes first once there is one, so that Enter ends the list.
fn picks(target: &TargetState) -> Vec<Pick> {
    let is_left = |name: &&'static str| !target.permissions.contains(&Permission::Managed(name));
    let mut picks: Vec<Pick> = MANAGED.into_iter().filter(is_left).map(Pick::Managed).collect();
    picks.push(Pick::Other);
    let at = if target.permissions.is_empty() { picks.len() } else { 0 };
    picks.insert(at, Pick::Enough);
    picks
}

fn policy_arn(ask: &mut dyn Ask, state: &State, target: &TargetState) -> Result<PolicyArn, Error> {
    let why = "A policy of AWS's own, or of the target's account: IAM attaches no other.";
    let (partition, account) = (state.source.partition, &target.account_id);
    let fits = |arn: &PolicyArn| {
        if arn.partition() != Some(partition) {
            return Err(format!("it is not in partition `{partition}`"));
        }
        if !["aws", account.as_str()].contains(&arn.account()) {
            return Err(format!("it is not a policy of account {account}"));
        }
        Ok(())
    };
    typed_if(ask, &Question::new("ARN of the policy", why), &fits)
}
