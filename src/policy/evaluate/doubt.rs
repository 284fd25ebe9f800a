//! Keys that a request does not give, and that could turn the answer.

use super::policy::Policy;
use super::reason::{Reason, covers_action, covers_resource, names, reason};
use super::request::Request;
use crate::policy::read::{Condition, Statement};

/// Keys that are there or not as the caller wants it, or never.
///
/// `explain` has a flag for the first three, and without it they are not there.
const SETTLED: [&str; 3] = ["sts:externalid", "aws:multifactorauthpresent", "aws:multifactorauthage"];
/// Keys that only the requests of services carry.
const OF_SERVICES: &str = "aws:source";
/// Those of them that every request may carry.
const OF_EVERYBODY: [&str; 4] = ["aws:sourceip", "aws:sourceidentity", "aws:sourcevpc", "aws:sourcevpce"];

/// The keys, as they are written, that an allowed request does not give and under some value of which it would be
/// denied; each by itself, or else all of them together.
pub(super) fn keys<'p>(
    trust: &'p Policy,
    identity: Option<&'p [Policy]>,
    request: &'p Request,
) -> Vec<&'p Condition> {
    let own = identity.unwrap_or_default().iter().flat_map(|policy| &policy.statements);
    let mut open: Vec<&Condition> = Vec::new();
    for condition in trust.statements.iter().chain(own).flat_map(|statement| asked(statement, request)) {
        if open.iter().all(|known| known.lower_key() != condition.lower_key()) {
            open.push(condition);
        }
    }
    let is_denied =
        |doubt: &[&str]| !matches!(reason(trust, identity, request, doubt), Reason::Allowed { .. });
    let by_itself: Vec<&Condition> =
        open.iter().copied().filter(|condition| is_denied(&[condition.lower_key()])).collect();
    let all: Vec<&str> = open.iter().map(|condition| condition.lower_key()).collect();
    if by_itself.is_empty() && !all.is_empty() && is_denied(&all) { open } else { by_itself }
}

/// The conditions of a statement about this request that ask for a key which is not given.
fn asked<'s>(statement: &'s Statement, request: &'s Request) -> impl Iterator<Item = &'s Condition> {
    let is_about = names(statement, request).is_some()
        && covers_action(statement, request)
        && covers_resource(statement, request);
    let conditions = statement.conditions.list.iter().filter(move |_| is_about);
    conditions.filter(|condition| {
        request.context.get(&condition.key).is_none() && is_open(condition.lower_key(), request)
    })
}

/// Whether a request of this principal may carry a key, for all that is known.
fn is_open(key: &str, request: &Request) -> bool {
    let is_of_services = key.starts_with(OF_SERVICES) && !OF_EVERYBODY.contains(&key);
    !SETTLED.contains(&key) && (key != "aws:username") && (!is_of_services || request.principal.is_service())
}
