//! Questions about callers. Each kind has questions of its own.

use super::ask::{Ask, Question, required};
use super::state::SourceState;
use crate::answers::CallerAnswer;
use crate::answers::pasted::{self, PrincipalKind};
use crate::diagnostic::Error;
use crate::model::PrincipalName;

/// A kind of caller, as it is offered, and what is asked of one.
struct Kind {
    words: &'static str,
    ask: fn(&mut dyn Ask, &SourceState) -> Result<CallerAnswer, Error>,
}

/// Those whose sessions are short come first, and never first whoever is in the account.
const KINDS: [Kind; 3] = [
    Kind { words: "an IAM role (a pipeline, or IAM Identity Center)", ask: role },
    Kind { words: "an IAM user", ask: user },
    Kind { words: "any principal in account A whose own IAM policies allow it", ask: everyone },
];

pub(super) fn callers(ask: &mut dyn Ask, source: &SourceState) -> Result<Vec<CallerAnswer>, Error> {
    let mut callers = Vec::new();
    loop {
        let caller = caller(ask, source)?;
        let is_everyone = matches!(caller, CallerAnswer::Account { .. });
        if callers.contains(&caller) {
            ask.say("note: that caller is already listed");
        } else {
            callers.push(caller);
        }
        if is_everyone || !ask.confirm(&Question::new("Another caller?", ""), false)? {
            return Ok(callers);
        }
    }
}

fn caller(ask: &mut dyn Ask, source: &SourceState) -> Result<CallerAnswer, Error> {
    let why = "Only these callers will be allowed to assume the roles.";
    let words = KINDS.map(|kind| kind.words.to_owned());
    let chosen = ask.choose(&Question::new("Who runs Terraform in account A?", why), &words, 0)?;
    let kind = KINDS.get(chosen).unwrap_or(&KINDS[0]);
    (kind.ask)(ask, source)
}

fn role(ask: &mut dyn Ask, source: &SourceState) -> Result<CallerAnswer, Error> {
    let question =
        Question::new("Name or ARN of the role", "With its path if it has one, as in `ci/deployer`.");
    Ok(CallerAnswer::Role { name: principal(ask, source, &question, PrincipalKind::Role)? })
}

fn user(ask: &mut dyn Ask, source: &SourceState) -> Result<CallerAnswer, Error> {
    let question =
        Question::new("Name or ARN of the user", "With its path if it has one, as in `people/ana`.");
    let name = principal(ask, source, &question, PrincipalKind::User)?;
    Ok(CallerAnswer::User { name, mfa: mfa(ask)? })
}

fn everyone(ask: &mut dyn Ask, _: &SourceState) -> Result<CallerAnswer, Error> {
    Ok(CallerAnswer::Account { mfa: mfa(ask)? })
}

fn principal(
    ask: &mut dyn Ask,
    source: &SourceState,
    question: &Question,
    kind: PrincipalKind,
) -> Result<PrincipalName, Error> {
    required(ask, question, &|text| pasted::principal(text, kind, source.home()))
}

fn mfa(ask: &mut dyn Ask) -> Result<bool, Error> {
    let why =
        "A stolen access key is then useless on its own. A helper script for MFA sessions is generated.";
    ask.confirm(&Question::new("Require MFA?", why), true)
}
