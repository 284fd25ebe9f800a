//! What was seen in a step, and whether it was expected.

use super::answer::{Answer, Failure};
use crate::evidence::{Expected, Step, StepOutcome};

/// Judges the answer to a request.
pub(super) fn request(step: &mut Step, answer: &Answer) {
    step.request_id.clone_from(&answer.request_id);
    let failure = answer.result.as_ref().err();
    let seen = match (step.expected, failure) {
        (Expected::Found | Expected::NotFound, None) => "found",
        (_, None) => "allowed",
        // A bucket of another account refuses everyone who expects it in this one.
        (Expected::Found | Expected::NotFound, Some(Failure::Missing(_)))
        | (Expected::NotFound, Some(Failure::Refused(_))) => "not_found",
        (_, Some(Failure::Refused(_))) => "refused",
        (_, Some(_)) => "error",
    };
    if let Some(failure) = failure {
        step.tell(failure.said());
    }
    see(step, seen);
}

/// Judges the account that a session is in.
pub(super) fn account(step: &mut Step, answer: &Answer, expected: &str) {
    step.request_id.clone_from(&answer.request_id);
    let account = match &answer.result {
        Ok(identity) => identity["Account"].as_str(),
        Err(failure) => {
            step.tell(failure.said());
            None
        }
    };
    match account {
        Some(account) if account == expected => see(step, Expected::Passes.as_str()),
        Some(account) => {
            step.tell(&format!("the session is in account {account}"));
            see(step, "another_account");
        }
        None => see(step, "error"),
    }
}

/// Judges a run of Terraform: whether it succeeded, and what it said if not.
pub(super) fn run(step: &mut Step, result: &Result<(), String>) {
    if let Err(said) = result {
        step.tell(said);
    }
    see(step, if result.is_ok() { Expected::Passes.as_str() } else { "fails" });
}

fn see(step: &mut Step, seen: &str) {
    step.outcome = if seen == step.expected.as_str() { StepOutcome::Ok } else { StepOutcome::Failed };
    step.seen = Some(seen.to_owned());
}
