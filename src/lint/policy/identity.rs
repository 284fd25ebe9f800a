//! Permissions that are too wide.

use super::Policy;
use crate::diagnostic::words::excerpt;
use crate::lint::finding::Findings;

/// CR060
pub(super) fn everything(policy: &Policy<'_>, found: &mut Findings) {
    for statement in
        policy.allows().filter(|statement| statement.conditions.is_empty() && statement.is_closed)
    {
        let action = statement.actions.iter().find(|action| matches!(action.text, "*" | "*:*"));
        if let Some(action) = action
            && statement.resources.iter().any(|resource| resource.text == "*")
        {
            found.add(
                "CR060",
                action.at,
                "everything is allowed on everything",
                "list the actions that are needed, on the resources they are needed for",
            );
        }
    }
}

/// CR066
pub(super) fn any_role(policy: &Policy<'_>, found: &mut Findings) {
    const RESTRICTING: [&str; 4] =
        ["aws:resourceorgid", "aws:resourceaccount", "aws:resourceorgpaths", "iam:resourcetag/"];
    for statement in policy.allows().filter(|statement| statement.covers_action("sts:AssumeRole")) {
        // What allows everything has a finding of its own.
        let is_all = statement.actions.iter().any(|action| matches!(action.text, "*" | "*:*"));
        if is_all || !statement.is_closed || statement.demands(&RESTRICTING) {
            continue;
        }
        for resource in statement.resources.iter().filter(|resource| is_any_role(resource.text)) {
            let message =
                format!("`sts:AssumeRole` on `{}` lets it try every role there is", excerpt(resource.text));
            found.add("CR066", resource.at, message, "list the ARNs of the roles that it needs");
        }
    }
}

/// Whether a resource covers any role of any account.
fn is_any_role(resource: &str) -> bool {
    let probe = |account: &str| format!("arn:aws:iam::{account}:role/some/name");
    let is_wild = resource.contains('*');
    is_wild
        && ["210987654321", "098765432109"]
            .iter()
            .all(|account| super::statement::matches(resource, &probe(account)))
}
