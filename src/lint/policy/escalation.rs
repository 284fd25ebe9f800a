//! Permissions with which their holder can give itself any other.

use super::Policy;
use super::statement::matches;
use crate::diagnostic::words::excerpt;
use crate::lint::finding::Findings;

/// Actions that change what a principal may do, or hand out credentials of another.
const ACTIONS: [&str; 18] = [
    "iam:addusertogroup",
    "iam:attachgrouppolicy",
    "iam:attachrolepolicy",
    "iam:attachuserpolicy",
    "iam:createaccesskey",
    "iam:createloginprofile",
    "iam:createpolicyversion",
    "iam:deleterolepermissionsboundary",
    "iam:deleteuserpermissionsboundary",
    "iam:passrole",
    "iam:putgrouppolicy",
    "iam:putrolepermissionsboundary",
    "iam:putrolepolicy",
    "iam:putuserpolicy",
    "iam:setdefaultpolicyversion",
    "iam:updateassumerolepolicy",
    "iam:updateloginprofile",
    "iam:putuserpermissionsboundary",
];

/// CR061
pub(super) fn unbounded(policy: &Policy<'_>, found: &mut Findings) {
    if policy.bounded {
        return;
    }
    for statement in policy.allows() {
        let is_limited = statement.conditions.iter().any(|condition| condition.name.starts_with("iam:"));
        let is_wide = statement.resources.iter().any(|resource| {
            matches(resource.text, "arn:aws:iam::210987654321:role/some-name")
                || matches(resource.text, "arn:aws:iam::210987654321:policy/some-name")
                || matches(resource.text, "arn:aws:iam::210987654321:user/some-name")
        });
        if is_limited || !is_wide {
            continue;
        }
        // What allows everything has a finding of its own.
        let named = statement.actions.iter().filter(|action| !matches!(action.text, "*" | "*:*"));
        let gained = named.filter(|action| ACTIONS.iter().any(|known| matches(&action.lower(), known)));
        for action in gained {
            let message = format!(
                "with `{}` on such resources its holder can give itself any other right",
                excerpt(action.text)
            );
            found.add(
                "CR061",
                action.at,
                message,
                "limit the resources, demand `iam:PermissionsBoundary` or `iam:PassedToService`, or give the holder a permissions boundary",
            );
        }
    }
}
