//! A request that shows an excess: made up from a part, and tried.

use super::super::decision::decide;
use super::super::policy::Policy;
use super::super::principal::Principal;
use super::super::request::Request;
use super::part::{ORGANIZATION, Part};
use crate::policy::read::{Context, PrincipalKind, Statement};

/// An account that nobody here has.
const STRANGER: &str = "999999999999";

/// A request of the part that the policy allows and what is declared does not, if one was found.
pub(super) fn request(part: &Part<'_>, policy: &[Statement], declared: &[Statement]) -> Option<Request> {
    let (policy, declared) = (known(policy)?, known(declared)?);
    let context = context(part)?;
    let narrowed = context.get("aws:PrincipalArn").and_then(|arns| Principal::parse(arns.first()?).ok());
    let candidates = match part.principal.clone().or(narrowed) {
        Some(principal) => vec![principal],
        None => principals(part),
    };
    candidates.into_iter().find_map(|principal| {
        let principal = principal.with_session("session");
        let request = Request::new(principal, part.action, part.known.role, context.clone());
        let allows = |policy| decide(policy, None, &request).is_allowed();
        (allows(&policy) && !allows(&declared)).then_some(request)
    })
}

/// The policy, where all of it is known.
fn known(statements: &[Statement]) -> Option<Policy> {
    let is_known =
        |statement: &Statement| statement.unknown().next().is_none() && statement.conditions.are_all_read();
    statements.iter().all(is_known).then(|| Policy { statements: statements.to_vec() })
}

/// Some of those whom the part lets in.
fn principals(part: &Part<'_>) -> Vec<Principal> {
    let account = part.account().unwrap_or(STRANGER);
    let texts = match &part.entry.kind {
        PrincipalKind::Service => vec!["lambda.amazonaws.com".to_owned()],
        PrincipalKind::Federated => vec![format!("arn:aws:iam::{account}:oidc-provider/example.com")],
        _ => {
            let partition = part.partition().unwrap_or("aws");
            ["role", "user"].map(|kind| format!("arn:{partition}:iam::{account}:{kind}/anyone")).into()
        }
    };
    texts.iter().filter_map(|text| Principal::parse(text).ok()).collect()
}

/// What the conditions of a part ask for; `None` where that cannot be named.
fn context(part: &Part<'_>) -> Option<Context> {
    let mut context = Context::default();
    if let Some(organization) = part.facts.get(ORGANIZATION) {
        context.set(ORGANIZATION, organization);
    }
    for condition in &part.conditions {
        if condition.holds(&context) {
            continue;
        }
        match condition.cure()? {
            values if values.is_empty() => context.remove(&condition.key),
            values => context.set(&condition.key, values),
        }
    }
    Some(context)
}
