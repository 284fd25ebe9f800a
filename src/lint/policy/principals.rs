//! Who may assume a role.

use std::collections::BTreeSet;

use super::{Condition, Policy, Principal, Statement};
use crate::diagnostic::words::excerpt;
use crate::lint::finding::Findings;
use crate::model::ArnParts;

/// Keys that say who the caller is, whatever principal is named.
const IDENTITY: [&str; 5] = [
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
];
/// Keys that narrow an account down, beside those.
const NARROWING: [&str; 3] = ["sts:externalid", "aws:multifactorauthpresent", "aws:principaltag/"];

/// What a request for a session is called, by who makes it.
const BY_AWS: &str = "sts:assumerole";
const BY_TOKEN: &str = "sts:assumerolewithwebidentity";
const BY_SAML: &str = "sts:assumerolewithsaml";

/// Services that pass a role to what runs in the account itself, and name no source.
const WITHOUT_SOURCE: [&str; 4] =
    ["ec2.amazonaws.com", "lambda.amazonaws.com", "edgelambda.amazonaws.com", "pods.eks.amazonaws.com"];

fn each<'p, 'v>(policy: &'p Policy<'v>) -> impl Iterator<Item = (&'p Statement<'v>, &'p Principal<'v>)> {
    policy.allows().flat_map(|statement| statement.principals.iter().map(move |who| (statement, who)))
}

/// Each once, where it gets a session; statements about tags only repeat who it is.
fn each_once<'p, 'v>(policy: &'p Policy<'v>) -> impl Iterator<Item = &'p Principal<'v>> {
    let mut seen = BTreeSet::new();
    let entering = each(policy).filter(|(statement, _)| statement.covers_action(BY_AWS));
    entering.map(|(_, who)| who).filter(move |who| seen.insert(who.text))
}

/// CR010
pub(super) fn anyone(policy: &Policy<'_>, found: &mut Findings) {
    for (statement, who) in each(policy).filter(|(_, who)| who.is_anyone()) {
        if statement.is_closed && !statement.demands(&IDENTITY) {
            let shown = if who.kind == "*" { "\"Principal\": \"*\"" } else { "\"AWS\": \"*\"" };
            found.add(
                "CR010",
                who.at,
                format!("`{shown}` lets every AWS account assume the role"),
                "name the account, user or role by ARN; where everyone of an organization is meant, demand `aws:PrincipalOrgID` with `StringEquals`",
            );
        }
    }
}

/// CR011
pub(super) fn whole_account(policy: &Policy<'_>, found: &mut Findings) {
    for (statement, who) in each(policy) {
        let Some(account) = who.whole_account() else { continue };
        let is_narrow = statement.demands(&IDENTITY) || narrows(statement);
        if statement.is_closed && !is_narrow && statement.covers_action(BY_AWS) {
            found.add(
                "CR011",
                who.at,
                format!("everyone in account {account} whose own policies allow it may assume the role"),
                "keep the account and demand who needs it: `aws:PrincipalArn` of the users or roles, `aws:PrincipalOrgID`, `sts:ExternalId` or MFA",
            );
        }
    }
}

/// Whether a condition narrows an account down; that MFA is missing does not.
fn narrows(statement: &Statement<'_>) -> bool {
    let is_absent = |condition: &Condition<'_>| {
        condition.operator == "bool" && condition.values.iter().all(|value| value.text == "false")
    };
    let names = |condition: &&Condition<'_>| NARROWING.iter().any(|name| condition.name.starts_with(name));
    let mut conditions = statement.conditions.iter().filter(names);
    conditions.any(|condition| condition.demands() && !is_absent(condition))
}

/// CR012
pub(super) fn wildcard(policy: &Policy<'_>, found: &mut Findings) {
    for (_, who) in each(policy).filter(|(_, who)| who.kind == "AWS" && who.text != "*") {
        let is_group = who.resource().is_some_and(|(_, resource)| resource.starts_with("group/"));
        let shown = excerpt(who.text);
        if who.text.contains(['*', '?']) {
            let help = "IAM takes no wildcard inside a principal: name the account, and compare `aws:PrincipalArn` with `ArnLike`";
            found.add("CR012", who.at, format!("the principal `{shown}` holds a wildcard"), help);
        } else if is_group {
            let help = "name the users, or the account with `aws:PrincipalArn`";
            found.add("CR012", who.at, format!("the group `{shown}` cannot be a principal"), help);
        }
    }
}

/// CR013
pub(super) fn by_unique_id(policy: &Policy<'_>, found: &mut Findings) {
    for who in each_once(policy) {
        let is_named = who.resource().is_some_and(|(service, resource)| {
            service == "iam" && (resource.starts_with("user/") || resource.starts_with("role/"))
        });
        if is_named && !who.text.contains(['*', '?']) {
            found.add(
                "CR013",
                who.at,
                format!("`{}` must exist before the role does, and must never be recreated", excerpt(who.text)),
                "IAM keeps the principal's unique id: after recreating it, apply this trust policy again; an account with `aws:PrincipalArn` has no such bond",
            );
        }
    }
}

/// CR014
pub(super) fn deleted(policy: &Policy<'_>, found: &mut Findings) {
    for (_, who) in each(policy).filter(|(_, who)| who.kind == "AWS") {
        let is_unique_id = who.text.len() >= 16
            && ["AIDA", "AROA"].iter().any(|prefix| who.text.starts_with(prefix))
            && who.text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if is_unique_id {
            found.add(
                "CR014",
                who.at,
                format!("`{}` is what is left of a user or role that was deleted", who.text),
                "name the principal that took its place by ARN, or remove it",
            );
        }
    }
}

/// CR018
pub(super) fn user(policy: &Policy<'_>, found: &mut Findings) {
    for who in each_once(policy) {
        if who.resource().is_some_and(|(service, resource)| service == "iam" && resource.starts_with("user/"))
        {
            found.add(
                "CR018",
                who.at,
                format!("the IAM user `{}` has long-term keys", excerpt(who.text)),
                "let a role call, entered by SSO or OIDC; where a user has to, demand MFA and rotate its keys",
            );
        }
    }
}

/// CR015
pub(super) fn everyone_but(policy: &Policy<'_>, found: &mut Findings) {
    for entry in policy.statements.iter().filter_map(|statement| statement.value.entry("NotPrincipal")) {
        let help = "say whom you mean with `Principal`, and whom not with a `Deny`";
        found.add("CR015", entry.key_at, "a trust policy cannot hold `NotPrincipal`", help);
    }
}

/// CR019
pub(super) fn action_of_another_kind(policy: &Policy<'_>, found: &mut Findings) {
    for (statement, who) in each(policy) {
        let Some(fitting) = fitting_action(who) else { continue };
        let assumes = [BY_AWS, BY_TOKEN, BY_SAML].iter().any(|action| statement.covers_action(action));
        if assumes && !statement.covers_action(&fitting.to_lowercase()) {
            found.add(
                "CR019",
                who.at,
                format!("`{}` never calls an action of this statement", excerpt(who.text)),
                format!("principals of the kind `{}` call `{fitting}`", who.kind),
            );
        }
    }
}

/// How a principal gets a session of a role.
fn fitting_action(who: &Principal<'_>) -> Option<&'static str> {
    Some(match who.kind {
        "AWS" | "Service" => "sts:AssumeRole",
        "Federated" if who.text.contains(":saml-provider/") => "sts:AssumeRoleWithSAML",
        "Federated" => "sts:AssumeRoleWithWebIdentity",
        _ => return None,
    })
}

/// CR089
pub(super) fn service_without_source(policy: &Policy<'_>, found: &mut Findings) {
    const SOURCE: [&str; 4] = ["aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"];
    for (statement, who) in each(policy).filter(|(_, who)| who.kind == "Service") {
        // Services of China have a suffix of their own there.
        let name = who.text.strip_suffix(".cn").unwrap_or(who.text);
        if statement.is_closed && !WITHOUT_SOURCE.contains(&name) && !statement.demands(&SOURCE) {
            found.add(
                "CR089",
                who.at,
                format!("`{}` may assume the role on anybody's behalf", excerpt(who.text)),
                "demand `aws:SourceAccount` or `aws:SourceArn`, so that the service acts for your account only",
            );
        }
    }
}

/// The host that a web identity provider's tokens come from.
pub(super) fn host(who: &Principal<'_>) -> Option<String> {
    if who.kind != "Federated" || who.text.contains(":saml-provider/") {
        return None;
    }
    let host = match ArnParts::split(who.text) {
        Some(parts) => parts.resource.strip_prefix("oidc-provider/")?,
        None if who.text.contains('.') => who.text,
        None => return None,
    };
    let host = host.strip_prefix("https://").or_else(|| host.strip_prefix("http://")).unwrap_or(host);
    Some(host.trim_end_matches('/').to_lowercase())
}
