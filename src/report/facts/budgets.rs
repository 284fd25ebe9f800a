//! What is used of the limits that AWS sets, and how long sessions last.

use super::{Budget, SessionFact};
use crate::model::{Fleet, TargetName};
use crate::policy::{
    ATTACHMENT_QUOTA, AssumePolicies, MANAGED_QUOTA, RAISED_TRUST_QUOTA, TRUST_QUOTA, trust_policy,
    trust_policy_bound,
};

/// What a session of a role that was reached by way of another role can last at most.
///
/// Source: "role chaining limits your session to a maximum of one hour" (IAM User Guide).
const CHAINED: &str = "1h";

/// The fullest of each kind, among the targets that are asked about; A's own policies where all are.
#[must_use]
pub fn budgets(
    fleet: &Fleet,
    policies: Option<&AssumePolicies>,
    is_asked: impl Fn(&TargetName) -> bool,
) -> Vec<Budget> {
    let roles = || fleet.roles().filter(|one| is_asked(&one.target.name));
    let largest = roles().max_by_key(|one| trust_policy_bound(&fleet.source, &one.target.session, one.role));
    let trust = largest.map(|one| {
        let used = trust_policy(&fleet.source, &one.target.session, one.role).size();
        // A larger one is accepted where the spec says that the quota was raised.
        let limit = if used > TRUST_QUOTA { RAISED_TRUST_QUOTA } else { TRUST_QUOTA };
        let what = "Trust policy of a role".to_owned();
        Budget { what, used, limit, unit: "characters", place: one.to_string() }
    });
    let attached = roles().max_by_key(|one| one.role.policy_arns.len()).map(|one| Budget {
        what: "Managed policies of a role".to_owned(),
        used: one.role.policy_arns.len(),
        limit: ATTACHMENT_QUOTA as usize,
        unit: "policies",
        place: one.to_string(),
    });
    let own = policies.into_iter().flat_map(of_callers);
    trust.into_iter().chain(attached).chain(own).collect()
}

fn of_callers(policies: &AssumePolicies) -> Vec<Budget> {
    let most = policies.iter().max_by_key(|(_, policies)| policies.documents.len());
    let attached = most.map(|(caller, policies)| Budget {
        what: "Managed policies of a caller".to_owned(),
        used: policies.documents.len(),
        limit: ATTACHMENT_QUOTA as usize,
        unit: "policies",
        place: caller.to_string(),
    });
    let sizes = policies.iter().flat_map(|(caller, policies)| {
        policies.documents.values().map(move |document| (document.size(), caller))
    });
    let largest = sizes.max_by_key(|(size, _)| *size).map(|(used, caller)| Budget {
        what: "Managed policy of a caller".to_owned(),
        used,
        limit: MANAGED_QUOTA,
        unit: "characters",
        place: caller.to_string(),
    });
    attached.into_iter().chain(largest).collect()
}

/// How long the sessions last of the callers that may enter a role which is asked about.
#[must_use]
pub fn sessions(fleet: &Fleet, is_asked: impl Fn(&TargetName) -> bool) -> Vec<SessionFact> {
    let roles = || fleet.roles().filter(|one| is_asked(&one.target.name));
    let of = |caller: &crate::model::Caller| {
        let longest = roles().filter(|one| one.role.admits(caller)).map(|one| {
            let asked = one.target.session.duration.filter(|asked| *asked < one.role.max_session_duration);
            asked.unwrap_or(one.role.max_session_duration)
        });
        let longest = longest.max()?;
        let (longest, why) = if caller.is_session() {
            (CHAINED.to_owned(), "the caller's own credentials are a session, so this is a chain of roles")
        } else {
            (longest.to_string(), "the role, or the provider, sets it")
        };
        let roles = if caller.federated().is_some() { 2 } else { 1 };
        Some(SessionFact { caller: caller.id.to_string(), who: caller.described(), roles, longest, why })
    };
    fleet.source.callers.iter().filter_map(of).collect()
}
