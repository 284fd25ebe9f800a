//! Trust in tokens of an OIDC provider.

use super::Policy;
use crate::diagnostic::Span;
use crate::diagnostic::words::excerpt;
use crate::lint::finding::Findings;
use crate::policy::read::Statement;

/// Providers whose tenants are told apart by `aud` alone. Source: the list of shared providers in
/// the IAM User Guide.
const TENANT_IN_AUDIENCE: [&str; 4] =
    ["oidc.vercel.com", "api.pulumi.com/oidc", "sandboxes.cloud", "cognito-identity.amazonaws.com"];
/// Providers of whose tokens AWS reads `aud` by another name or not at all.
const WITHOUT_AUDIENCE: [&str; 3] = ["www.amazon.com", "graph.facebook.com", "accounts.google.com"];

/// The statements that let tokens of a provider in, with the place and the host of the provider.
pub(super) fn trusted<'p>(policy: &'p Policy<'_>) -> impl Iterator<Item = (&'p Statement, Span, String)> {
    let by_token =
        policy.allows().filter(|statement| statement.names_action("sts:AssumeRoleWithWebIdentity"));
    by_token.flat_map(|statement| hosts(statement).into_iter().map(move |(at, host)| (statement, at, host)))
}

/// The hosts that a statement names; that of a provider is known where the account in its ARN is not.
fn hosts(statement: &Statement) -> Vec<(Span, String)> {
    let named = statement.named_principals().iter();
    let known = named.filter_map(|who| Some((who.at, who.value.host()?.to_owned())));
    let listed = statement.principals.known().filter(|listed| !listed.negated);
    let unknown = listed.into_iter().flat_map(|listed| &listed.unknown);
    let referred = unknown.filter_map(|who| {
        let (_, host) = who.last.split_once("oidc-provider/")?;
        let host = host.trim_end_matches('/').to_lowercase();
        (!host.is_empty()).then_some((who.at, host))
    });
    known.chain(referred).collect()
}

/// CR080
pub(super) fn claims_missing(policy: &Policy<'_>, found: &mut Findings) {
    for (statement, at, host) in trusted(policy).filter(|(statement, ..)| statement.conditions.are_all_read())
    {
        let is_tested = |claim: &str| {
            // What holds for every value is judged on its own.
            let name = format!("{host}:{claim}");
            statement
                .conditions_on(&name)
                .any(|condition| condition.operator.is_equality() && !condition.operator.if_exists)
        };
        let mut missing = Vec::new();
        if !WITHOUT_AUDIENCE.contains(&&*host) && !is_tested("aud") {
            missing.push("aud");
        }
        if !TENANT_IN_AUDIENCE.contains(&&*host) && !is_tested("sub") {
            missing.push("sub");
        }
        if missing.is_empty() {
            continue;
        }
        let claims: Vec<String> = missing.iter().map(|claim| format!("`{host}:{claim}`")).collect();
        let message = format!("tokens of `{host}` are let in without a look at {}", claims.join(" and "));
        let help = match (missing.contains(&"sub"), &*host) {
            (true, "token.actions.githubusercontent.com") => {
                "demand the repository: `token.actions.githubusercontent.com:sub` of `repo:OWNER@ID/REPO@ID:…`, and `aud` of `sts.amazonaws.com`"
            }
            (true, _) => {
                "anyone with an account there gets such tokens: demand both `aud` and `sub` with `StringEquals`"
            }
            (false, _) => "demand the audience that your tokens are issued for",
        };
        found.add("CR080", at, message, help);
    }
}

/// CR088
pub(super) fn another_host(policy: &Policy<'_>, found: &mut Findings) {
    for statement in policy.allows() {
        let principals = statement.named_principals();
        let hosts: Vec<String> = hosts(statement).into_iter().map(|(_, host)| host).collect();
        for who in principals {
            let url = who.value.text.split_once(":oidc-provider/").map(|(_, url)| url);
            if url.is_some_and(|url| {
                url.starts_with("http://") || url.starts_with("https://") || url.ends_with('/')
            }) {
                let message = format!("`{}` is the ARN of no provider", excerpt(&who.value.text));
                found.add(
                    "CR088",
                    who.at,
                    message,
                    "behind `oidc-provider/` stands the host, without scheme and final slash",
                );
            }
        }
        for condition in statement.conditions.list.iter().filter(|_| !hosts.is_empty()) {
            let Some((key_host, claim)) = condition.lower_key().rsplit_once(':') else { continue };
            let is_claim = key_host.contains('.') || key_host.contains('/');
            if is_claim && !hosts.iter().any(|host| host == key_host) {
                let message = format!("`{}` is never in a token of `{}`", excerpt(&condition.key), hosts[0]);
                found.add("CR088", condition.key_at, message, format!("write `{}:{claim}`", hosts[0]));
            }
        }
    }
}
