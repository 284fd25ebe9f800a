//! Who may assume a role.

use std::collections::BTreeSet;

use super::Policy;
use super::mfa;
use super::narrowing::{is_of_services, names_caller, names_source, shuts_strangers_out};
use crate::diagnostic::Span;
use crate::diagnostic::words::excerpt;
use crate::lint::finding::Findings;
use crate::policy::read::{Located, PrincipalKind, PrincipalPattern, Statement, Unknown, is_account};

/// Keys that say who of an account the caller is.
const IDENTITY: [&str; 5] = [
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
];
/// Keys that narrow an account down, beside those and MFA.
const NARROWING: [&str; 3] = ["sts:externalid", "aws:principaltag/", "aws:userid"];

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
    if shuts_strangers_out(policy.statements.iter()) {
        return;
    }
    for (statement, who) in each(policy).filter(|(_, who)| who.value.kind == PrincipalKind::Everyone) {
        let is_judged = statement.conditions.are_all_read() && !names_caller(statement);
        if is_judged && !is_of_services(statement) {
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
    for statement in policy.allows().filter(|statement| statement.names_action(BY_AWS)) {
        let conditions = &statement.conditions;
        let is_narrow =
            conditions.demand(&IDENTITY) || conditions.demand(&NARROWING) || mfa::is_demanded(statement);
        if !conditions.are_all_read() || is_narrow {
            continue;
        }
        let known = statement.named_principals().iter();
        let known = known.filter_map(|who| Some((who.at, format!("account {}", who.value.whole_account()?))));
        let unknown = statement.principals.known().into_iter().flat_map(|listed| &listed.unknown);
        let unknown = unknown.filter_map(whole_account_at_the_end);
        for (at, account) in known.chain(unknown) {
            found.add(
                "CR011",
                at,
                format!("any principal in {account} whose own IAM policies allow it can assume the role"),
                "add a condition: `aws:PrincipalArn` of the users or roles, `aws:PrincipalOrgID`, `sts:ExternalId` or MFA",
            );
        }
    }
}

/// An account of which only a run would show the number, or the partition: `arn:aws:iam::${var.vendor}:root`.
fn whole_account_at_the_end(who: &Unknown) -> Option<(Span, String)> {
    let (account, resource) = who.arn();
    let is_root = resource == Some("root") && who.first.starts_with("arn:");
    let account = account.filter(|account| is_account(account));
    is_root.then(|| (who.at, account.map_or("an account".to_owned(), |account| format!("account {account}"))))
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
                format!("`{}` must exist before the role is created, and must not be recreated", excerpt(&who.value.text)),
                "IAM resolves this ARN to a unique ID: if the principal is recreated, re-apply the trust policy; or trust the account with a condition on `aws:PrincipalArn`",
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
                format!("`{}` is the ID of a user or role that was deleted", who.value.text),
                "name the principal that replaced it by ARN, or remove it",
            );
        }
    }
}

/// CR018
pub(super) fn user(policy: &Policy<'_>, found: &mut Findings) {
    let known = each_once(policy).filter_map(|who| {
        let (service, resource) = who.value.resource()?;
        (service == "iam" && resource.starts_with("user/")).then_some((who.at, who.value.text.as_str()))
    });
    let mut seen = BTreeSet::new();
    let entering = policy.allows().filter(|statement| statement.names_action(BY_AWS));
    let unknown = entering
        .flat_map(Statement::principals_by_their_end)
        .filter(|(_, resource)| resource.starts_with("user/"));
    for (at, user) in known.chain(unknown.filter(|(_, resource)| seen.insert(*resource))) {
        found.add(
            "CR018",
            at,
            format!("the IAM user `{}` has long-term keys", excerpt(user)),
            "prefer a role assumed through SSO or OIDC; if it must be a user, require MFA and rotate its keys",
        );
    }
}

/// CR019
pub(super) fn action_of_another_kind(policy: &Policy<'_>, found: &mut Findings) {
    for statement in policy.allows() {
        let known = statement.named_principals().iter();
        let known = known.filter_map(|who| {
            Some((who.at, who.value.text.as_str(), who.value.key, fitting_action(&who.value)?))
        });
        let unknown = statement.principals_by_their_end().filter_map(|(at, resource)| {
            let (key, fitting) = fitting_action_of(resource)?;
            Some((at, resource, key, fitting))
        });
        let assumes = [BY_AWS, BY_TOKEN, BY_SAML].iter().any(|action| statement.names_action(action));
        for (at, who, key, fitting) in known.chain(unknown).filter(|_| assumes) {
            if !statement.names_action(&fitting.to_lowercase()) {
                found.add(
                    "CR019",
                    at,
                    format!("`{}` never calls an action in this statement", excerpt(who)),
                    format!("principals of the kind `{key}` call `{fitting}`"),
                );
            }
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

/// The same of an ARN whose end alone is known, with the kind of principal that it is.
fn fitting_action_of(resource: &str) -> Option<(&'static str, &'static str)> {
    let (kind, _) = resource.split_once('/').unwrap_or((resource, ""));
    Some(match kind {
        "root" | "user" | "role" => ("AWS", "sts:AssumeRole"),
        "saml-provider" => ("Federated", "sts:AssumeRoleWithSAML"),
        "oidc-provider" => ("Federated", "sts:AssumeRoleWithWebIdentity"),
        _ => return None,
    })
}

/// CR089
pub(super) fn service_without_source(policy: &Policy<'_>, found: &mut Findings) {
    const HELP: &str =
        "demand `aws:SourceAccount` or `aws:SourceArn`, so that the service acts for your account only";
    for (statement, who) in each(policy) {
        if !statement.conditions.are_all_read() || names_source(statement) {
            continue;
        }
        if who.value.kind == PrincipalKind::Everyone && is_of_services(statement) {
            let message =
                "every AWS service that matches the conditions can assume the role on behalf of any account";
            found.add("CR089", who.at, message, HELP);
        }
        // In China some services have a name of their own.
        let name = who.value.text.strip_suffix(".cn").unwrap_or(&who.value.text);
        if who.value.key == "Service" && !WITHOUT_SOURCE.contains(&name) {
            let message =
                format!("`{}` can assume the role on behalf of any account", excerpt(&who.value.text));
            found.add("CR089", who.at, message, HELP);
        }
    }
}
