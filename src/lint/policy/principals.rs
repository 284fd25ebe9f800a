//! Who may assume a role.

use std::collections::BTreeSet;

use super::Policy;
use crate::diagnostic::words::excerpt;
use crate::lint::finding::Findings;
use crate::policy::read::{Located, PrincipalKind, PrincipalPattern, Statement};

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

fn each<'p>(policy: &'p Policy<'_>) -> impl Iterator<Item = (&'p Statement, &'p Located<PrincipalPattern>)> {
    policy.allows().flat_map(|statement| statement.named_principals().iter().map(move |who| (statement, who)))
}

/// Each once, where it gets a session; statements about tags only repeat who it is.
fn each_once<'p>(policy: &'p Policy<'_>) -> impl Iterator<Item = &'p Located<PrincipalPattern>> {
    let mut seen = BTreeSet::new();
    let entering = each(policy).filter(|(statement, _)| statement.names_action(BY_AWS));
    entering.map(|(_, who)| who).filter(move |who| seen.insert(&who.value.text))
}

/// CR010
pub(super) fn anyone(policy: &Policy<'_>, found: &mut Findings) {
    for (statement, who) in each(policy).filter(|(_, who)| who.value.kind == PrincipalKind::Everyone) {
        if statement.conditions.are_all_read() && !statement.conditions.demand(&IDENTITY) {
            let shown = if who.value.key.is_empty() { "\"Principal\": \"*\"" } else { "\"AWS\": \"*\"" };
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
        let Some(account) = who.value.whole_account() else { continue };
        let is_narrow = statement.conditions.demand(&IDENTITY) || statement.conditions.demand(&NARROWING);
        if statement.conditions.are_all_read() && !is_narrow && statement.names_action(BY_AWS) {
            found.add(
                "CR011",
                who.at,
                format!("everyone in account {account} whose own policies allow it may assume the role"),
                "name the users or roles that need it, or demand `aws:PrincipalArn`, `aws:PrincipalOrgID`, `sts:ExternalId` or MFA",
            );
        }
    }
}

/// CR013
pub(super) fn by_unique_id(policy: &Policy<'_>, found: &mut Findings) {
    for who in each_once(policy) {
        let is_named = who.value.resource().is_some_and(|(service, resource)| {
            service == "iam" && (resource.starts_with("user/") || resource.starts_with("role/"))
        });
        if is_named && !who.value.text.contains(['*', '?']) {
            found.add(
                "CR013",
                who.at,
                format!("`{}` must exist before the role does, and must never be recreated", excerpt(&who.value.text)),
                "IAM keeps the principal's unique id: after recreating it, apply this trust policy again; an account with `aws:PrincipalArn` has no such bond",
            );
        }
    }
}

/// CR014
pub(super) fn deleted(policy: &Policy<'_>, found: &mut Findings) {
    for (_, who) in each(policy).filter(|(_, who)| who.value.key == "AWS") {
        let is_unique_id = who.value.text.len() >= 16
            && ["AIDA", "AROA"].iter().any(|prefix| who.value.text.starts_with(prefix))
            && who.value.text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if is_unique_id {
            found.add(
                "CR014",
                who.at,
                format!("`{}` is what is left of a user or role that was deleted", who.value.text),
                "name the principal that took its place by ARN, or remove it",
            );
        }
    }
}

/// CR018
pub(super) fn user(policy: &Policy<'_>, found: &mut Findings) {
    for who in each_once(policy) {
        if who
            .value
            .resource()
            .is_some_and(|(service, resource)| service == "iam" && resource.starts_with("user/"))
        {
            found.add(
                "CR018",
                who.at,
                format!("the IAM user `{}` has long-term keys", excerpt(&who.value.text)),
                "let a role call, entered by SSO or OIDC; where a user has to, demand MFA and rotate its keys",
            );
        }
    }
}

/// CR019
pub(super) fn action_of_another_kind(policy: &Policy<'_>, found: &mut Findings) {
    for (statement, who) in each(policy) {
        let Some(fitting) = fitting_action(&who.value) else { continue };
        let assumes = [BY_AWS, BY_TOKEN, BY_SAML].iter().any(|action| statement.names_action(action));
        if assumes && !statement.names_action(&fitting.to_lowercase()) {
            found.add(
                "CR019",
                who.at,
                format!("`{}` never calls an action of this statement", excerpt(&who.value.text)),
                format!("principals of the kind `{}` call `{fitting}`", who.value.key),
            );
        }
    }
}

/// How a principal gets a session of a role.
fn fitting_action(who: &PrincipalPattern) -> Option<&'static str> {
    Some(match who.key {
        "AWS" | "Service" => "sts:AssumeRole",
        "Federated" if who.kind == PrincipalKind::Saml => "sts:AssumeRoleWithSAML",
        "Federated" => "sts:AssumeRoleWithWebIdentity",
        _ => return None,
    })
}

/// CR089
pub(super) fn service_without_source(policy: &Policy<'_>, found: &mut Findings) {
    const SOURCE: [&str; 4] = ["aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"];
    for (statement, who) in each(policy).filter(|(_, who)| who.value.key == "Service") {
        if statement.conditions.are_all_read()
            && !WITHOUT_SOURCE.contains(&who.value.text.as_str())
            && !statement.conditions.demand(&SOURCE)
        {
            found.add(
                "CR089",
                who.at,
                format!("`{}` may assume the role on anybody's behalf", excerpt(&who.value.text)),
                "demand `aws:SourceAccount` or `aws:SourceArn`, so that the service acts for your account only",
            );
        }
    }
}
