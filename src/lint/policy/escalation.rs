//! Permissions with which their holder can give itself any other.

use super::Policy;
use super::identity::is_everything;
use crate::diagnostic::words::excerpt;
use crate::lint::finding::Findings;
use crate::policy::read::{Case, Part};

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
        let conditions = &statement.conditions;
        let is_limited = conditions.list.iter().any(|condition| condition.lower_key().starts_with("iam:"))
            || matches!(conditions.rest, Part::Refused);
        let is_wide = statement.named_resources().iter().any(|resource| {
            let covers = |kind: &str| {
                resource.value.covers_resource(&format!("arn:aws:iam::210987654321:{kind}/some-name"))
            };
            ["role", "policy", "user"].into_iter().any(covers)
        });
        if is_limited || !is_wide {
            continue;
        }
        // What allows everything has a finding of its own.
        let named = statement.named_actions().iter().filter(|action| !is_everything(&action.value));
        let gained =
            named.filter(|action| ACTIONS.iter().any(|known| action.value.covers(known, Case::Ignored)));
        for action in gained {
            let message = format!(
                "with `{}` on such resources its holder can give itself any other right",
                excerpt(action.value.as_str())
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
