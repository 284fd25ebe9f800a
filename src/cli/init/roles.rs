//! Which roles every account has: one, or one that applies and one that plans, and which caller may assume which.

use super::ask::{Ask, Question, Stop};
use super::offers::list;
use super::state::{CallerState, SourceState, Uses};
use crate::answers::CallerAnswer;

/// Whether it is worth a question: callers that differ, or one that only plans.
pub(super) fn are_worth_asking(source: &SourceState) -> bool {
    source.callers.len() > 1 || source.callers.iter().any(|caller| caller.answer.who.only_plans())
}

/// Whether some callers only plan, and others do not.
fn differ(source: &SourceState) -> bool {
    let plan = |caller: &CallerState| caller.answer.who.only_plans();
    source.callers.iter().any(plan) && !source.callers.iter().all(plan)
}

pub(super) fn roles(ask: &mut dyn Ask, source: &mut SourceState) -> Result<(), Stop> {
    let why = "Plans only need read access. A separate role for them limits what unreviewed code in a pull request can do.";
    let words = list(["one role for all callers", "two roles: `apply`, and a read-only `plan`"]);
    let suggested = usize::from(source.has_two_roles || differ(source));
    let chosen =
        ask.choose(&Question::new("Which roles should every account have?", why), &words, suggested)?;
    source.has_two_roles = chosen == 1;
    while source.has_two_roles {
        for caller in &mut source.callers {
            caller.uses = uses(ask, &caller.answer)?;
        }
        let Some(lonely) = source.lonely_role() else { break };
        ask.say(&format!("no caller can assume `{lonely}`; each role needs at least one"));
    }
    Ok(())
}

/// Which of the two a caller may assume.
pub(super) fn uses(ask: &mut dyn Ask, caller: &CallerAnswer) -> Result<Uses, Stop> {
    let words = list(["apply and plan", "only plan", "only apply"]);
    let id = caller.id().map(|id| id.to_string()).unwrap_or_default();
    let question = Question::new(format!("Which roles can `{id}` assume?"), "");
    Ok(match ask.choose(&question, &words, usize::from(caller.who.only_plans()))? {
        0 => Uses::Both,
        1 => Uses::Plan,
        _ => Uses::Apply,
    })
}
