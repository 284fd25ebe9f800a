//! Questions about callers. Each kind has questions of its own.

use super::ask::{Ask, Question, Stop, required};
use super::roles;
use super::state::{CallerState, SourceState, Uses};
use super::workloads;
use crate::answers::pasted::{self, PrincipalKind};
use crate::answers::{CallerAnswer, Who};
use crate::model::{CallerId, PrincipalName, RoleMatch};

/// A kind of caller, as it is offered, and what is asked of one.
struct Kind {
    words: &'static str,
    ask: fn(&mut dyn Ask, &SourceState) -> Result<Who, Stop>,
}

/// Those whose sessions are short come first, and never first whoever is in the account.
const KINDS: [Kind; 8] = [
    Kind { words: "people with a permission set of IAM Identity Center", ask: people },
    Kind { words: "GitHub Actions", ask: workloads::github },
    Kind { words: "GitLab CI/CD", ask: workloads::gitlab },
    Kind { words: "HCP Terraform or Terraform Enterprise", ask: workloads::hcp_terraform },
    Kind { words: "a workload with tokens of another OIDC provider", ask: workloads::oidc },
    Kind { words: "an IAM role", ask: role },
    Kind { words: "an IAM user", ask: user },
    Kind { words: "any principal in account A whose own IAM policies allow it", ask: everyone },
];

pub(super) fn callers(ask: &mut dyn Ask, source: &mut SourceState) -> Result<(), Stop> {
    loop {
        add(ask, source)?;
        let has_everyone =
            source.callers.iter().any(|caller| matches!(caller.answer.who, Who::Account { .. }));
        if has_everyone || !ask.confirm(&Question::new("Another caller?", ""), false)? {
            return Ok(());
        }
    }
}

/// One more caller, unless it is there already.
pub(super) fn add(ask: &mut dyn Ask, source: &mut SourceState) -> Result<(), Stop> {
    let caller = caller(ask, source, None)?;
    source.callers.extend(caller);
    Ok(())
}

/// Another caller in the place of one.
pub(super) fn change(ask: &mut dyn Ask, source: &mut SourceState, index: usize) -> Result<(), Stop> {
    if let Some(caller) = caller(ask, source, Some(index))? {
        source.callers[index] = caller;
    }
    Ok(())
}

/// Another ID for a caller.
pub(super) fn change_id(ask: &mut dyn Ask, source: &mut SourceState, index: usize) -> Result<(), Stop> {
    let why = "Roles list their callers by ID, and a workload's role in account A is named after it.";
    let question = Question::new("ID of this caller", why).or(source.callers[index].answer.id());
    let others: Vec<String> =
        others(source, Some(index)).filter_map(CallerAnswer::id).map(|id| id.label()).collect();
    let id: CallerId = required(ask, &question, &|text| {
        let found = pasted::plain::<CallerId>(text)?;
        if others.contains(&found.value().label()) {
            return Err(format!("another caller already has the ID `{}` or a similar one", found.value()));
        }
        Ok(found)
    })?;
    source.callers[index].answer.id = Some(id);
    Ok(())
}

fn others(source: &SourceState, index: Option<usize>) -> impl Iterator<Item = &CallerAnswer> {
    let others = source.callers.iter().enumerate().filter(move |(at, _)| Some(*at) != index);
    others.map(|(_, caller)| &caller.answer)
}

/// A caller that is not there yet, in the place of one or beside all.
fn caller(
    ask: &mut dyn Ask,
    source: &SourceState,
    index: Option<usize>,
) -> Result<Option<CallerState>, Stop> {
    let who = who(ask, source)?;
    if others(source, index).any(|known| known.who.is_one_with(&who)) {
        ask.say("note: that caller is already listed");
        return Ok(None);
    }
    let answer = CallerAnswer { id: None, who }.apart_from(others(source, index));
    if let Some(id) = &answer.id {
        ask.say(&format!("its ID: `{id}` (the review can change it)"));
    }
    let uses = if source.has_two_roles { roles::uses(ask, &answer)? } else { Uses::Both };
    Ok(Some(CallerState { answer, uses }))
}

fn who(ask: &mut dyn Ask, source: &SourceState) -> Result<Who, Stop> {
    let why = "Only these callers will be allowed to assume the roles.";
    let words = KINDS.map(|kind| kind.words.to_owned());
    let chosen = ask.choose(&Question::new("Who runs Terraform in account A?", why), &words, 0)?;
    let kind = KINDS.get(chosen).unwrap_or(&KINDS[0]);
    (kind.ask)(ask, source)
}

fn people(ask: &mut dyn Ask, source: &SourceState) -> Result<Who, Stop> {
    let why = "Everyone with this permission set in account A can assume the roles. The ARN of its `AWSReservedSSO_` role will do.";
    let question = Question::new("Name of the permission set", why);
    let name = required(ask, &question, &|text| pasted::permission_set(text, source.home()))?;
    Ok(Who::PermissionSet { name })
}

fn role(ask: &mut dyn Ask, source: &SourceState) -> Result<Who, Stop> {
    let question =
        Question::new("Name or ARN of the role", "Include the path if it has one, as in `ci/deployer`.");
    let name = principal(ask, source, &question, PrincipalKind::Role)?;
    let why = "IAM resolves an ARN to a unique ID, so a role that is deleted and created again is locked out until the trust policy is applied again. A condition on aws:PrincipalArn lets it in.";
    let question = Question::new("Is this role ever deleted and created again?", why);
    let match_by = if ask.confirm(&question, false)? { RoleMatch::PrincipalArn } else { RoleMatch::Arn };
    Ok(Who::Role { name, match_by })
}

fn user(ask: &mut dyn Ask, source: &SourceState) -> Result<Who, Stop> {
    let question =
        Question::new("Name or ARN of the user", "Include the path if it has one, as in `people/ana`.");
    let name = principal(ask, source, &question, PrincipalKind::User)?;
    Ok(Who::User { name, mfa: mfa(ask)? })
}

fn everyone(ask: &mut dyn Ask, _: &SourceState) -> Result<Who, Stop> {
    Ok(Who::Account { mfa: mfa(ask)? })
}

fn principal(
    ask: &mut dyn Ask,
    source: &SourceState,
    question: &Question,
    kind: PrincipalKind,
) -> Result<PrincipalName, Stop> {
    required(ask, question, &|text| pasted::principal(text, kind, source.home()))
}

fn mfa(ask: &mut dyn Ask) -> Result<bool, Stop> {
    let why =
        "A stolen access key is then useless on its own. A helper script for MFA sessions is generated.";
    ask.confirm(&Question::new("Require MFA?", why), true)
}
