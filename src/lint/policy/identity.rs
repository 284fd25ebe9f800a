//! Permissions that are too wide.

use super::Policy;
use crate::diagnostic::words::excerpt;
use crate::lint::finding::Findings;
use crate::policy::read::Pattern;

/// CR060
pub(super) fn everything(policy: &Policy<'_>, found: &mut Findings) {
    for statement in policy
        .allows()
        .filter(|statement| statement.conditions.list.is_empty() && statement.conditions.are_all_read())
    {
        let action = statement.named_actions().iter().find(|action| is_everything(&action.value));
        if let Some(action) = action
            && statement.named_resources().iter().any(|resource| resource.value.is_all())
        {
            found.add(
                "CR060",
                action.at,
                "all actions are allowed on all resources",
                "list only the actions and resources that are needed",
            );
        }
    }
}

/// CR066
pub(super) fn any_role(policy: &Policy<'_>, found: &mut Findings) {
    const RESTRICTING: [&str; 4] =
        ["aws:resourceorgid", "aws:resourceaccount", "aws:resourceorgpaths", "iam:resourcetag/"];
    for statement in policy.allows().filter(|statement| statement.names_action("sts:AssumeRole")) {
        // What allows everything has a finding of its own.
        let is_all = statement.named_actions().iter().any(|action| is_everything(&action.value));
        if is_all || !statement.conditions.are_all_read() || statement.conditions.demand(&RESTRICTING) {
            continue;
        }
        for resource in statement.named_resources().iter().filter(|resource| is_any_role(&resource.value)) {
            let message = format!(
                "`sts:AssumeRole` on `{}` allows trying every role",
                excerpt(resource.value.as_str())
            );
            found.add("CR066", resource.at, message, "list only the ARNs of the roles it needs");
        }
    }
}

/// Whether an action stands for all there are.
pub(super) fn is_everything(action: &Pattern) -> bool {
    matches!(action.as_str(), "*" | "*:*")
}

/// Whether a resource covers any role of any account.
fn is_any_role(resource: &Pattern) -> bool {
    let probe = |account: &str| format!("arn:aws:iam::{account}:role/some/name");
    ["210987654321", "098765432109"].iter().all(|account| resource.covers_resource(&probe(account)))
}
