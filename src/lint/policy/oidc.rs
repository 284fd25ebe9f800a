//! Trust in tokens of an OIDC provider.

use super::Policy;
use crate::diagnostic::words::{excerpt, one_of};
use crate::diagnostic::{Level, Span};
use crate::lint::finding::Findings;
use crate::policy::issuer::{Issuer, Tenants};
use crate::policy::read::{Condition, Statement, Unknown};

const GITHUB: &str = "token.actions.githubusercontent.com";

/// A provider whose tokens a statement lets in.
pub(super) struct Trusted<'p> {
    statement: &'p Statement,
    /// Where it is named.
    at: Span,
    /// Its URL without scheme, in lower case.
    pub(super) host: String,
}

impl<'p> Trusted<'p> {
    /// What is known of the issuer.
    pub(super) fn issuer(&self) -> Option<&'static Issuer> {
        Issuer::of(&self.host)
    }

    /// The conditions on a claim.
    pub(super) fn tests(&self, claim: &str) -> impl Iterator<Item = &'p Condition> {
        let key = format!("{}:{claim}", self.host);
        self.statement.conditions.list.iter().filter(move |condition| condition.lower_key() == key)
    }

    /// Whether a claim is compared at all. What holds for every value is judged on its own.
    fn compares(&self, claim: &str) -> bool {
        self.tests(claim).any(|condition| condition.operator.is_equality() && !condition.operator.if_exists)
    }

    /// Whether chosen values of a claim are asked for.
    pub(super) fn demands(&self, claim: &str) -> bool {
        self.tests(claim).any(Condition::demands)
    }
}

/// The providers whose tokens statements let in, by name or by an ARN that is known at its end.
pub(super) fn trusted<'p>(policy: &'p Policy<'_>) -> impl Iterator<Item = Trusted<'p>> {
    let by_token =
        policy.allows().filter(|statement| statement.names_action("sts:AssumeRoleWithWebIdentity"));
    by_token.flat_map(hosts)
}

fn hosts(statement: &Statement) -> impl Iterator<Item = Trusted<'_>> {
    let known = statement.named_principals().iter();
    let known = known.filter_map(|who| Some((who.at, who.value.host()?.to_owned())));
    let unknown = statement.principals.known().into_iter().flat_map(|listed| &listed.unknown);
    let unknown = unknown.filter_map(|who| {
        let host = who.arn().1?.strip_prefix("oidc-provider/")?;
        Some((who.at, host.to_lowercase()))
    });
    known.chain(unknown).map(move |(at, host)| Trusted { statement, at, host })
}

/// CR080
pub(super) fn claims_missing(policy: &Policy<'_>, found: &mut Findings) {
    for trusted in trusted(policy).filter(|trusted| trusted.statement.conditions.are_all_read()) {
        let issuer = trusted.issuer();
        let (claims, tenant) = match issuer.map(|issuer| issuer.tenants) {
            Some(Tenants::Everybody(claims)) => (claims, None),
            Some(Tenants::One { who, is_shared, claims }) => (claims, Some((who, is_shared))),
            None => (&["sub"][..], None),
        };
        let is_told = claims.iter().any(|claim| trusted.compares(claim));
        let lacks_audience = issuer.is_none_or(Issuer::has_audience) && !trusted.compares("aud");
        if !is_told {
            let missing = if lacks_audience && claims == ["sub"] { &["aud", "sub"] } else { claims };
            nobody_told(&trusted, &keys(&trusted.host, missing, claims.len() == 1), tenant, found);
        } else if lacks_audience {
            let message = format!("tokens of `{}` are accepted for any audience", trusted.host);
            let help = format!("demand `{}:aud`, the audience that your tokens are issued for", trusted.host);
            found.add_as(Level::Warning, "CR080", trusted.at, message, help);
        }
        let open = trusted.tests("aud").filter(|condition| condition.operator.is_pattern());
        for value in open.flat_map(|condition| &condition.values).filter(|value| is_open(&value.text)) {
            let message = format!("`{}` accepts tokens for any audience", excerpt(&value.text));
            found.add("CR080", value.at, message, "name the audience that your tokens are issued for");
        }
    }
}

fn is_open(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| matches!(c, '*' | '?'))
}

/// The keys of claims, all or one of which would do.
fn keys(host: &str, claims: &[&str], all: bool) -> String {
    let keys: Vec<String> = claims.iter().map(|claim| format!("{host}:{claim}")).collect();
    if all {
        let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
        return keys.join(" and ");
    }
    one_of(&keys.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Nothing tells one owner of tokens from another.
fn nobody_told(trusted: &Trusted<'_>, keys: &str, tenant: Option<(&str, bool)>, found: &mut Findings) {
    let host = &trusted.host;
    let (level, message, help) = match tenant {
        Some((who, is_shared)) => (
            if is_shared { Level::Error } else { Level::Warning },
            format!("{who} of `{host}` is admitted: {keys} is not checked"),
            "name what needs the role by its subject; with `StringLike`, where a part of it changes from run to run"
                .to_owned(),
        ),
        None if host == GITHUB => (
            Level::Error,
            format!("tokens of `{host}` are accepted without checking {keys}"),
            format!("demand the repository: `{GITHUB}:sub` of `repo:OWNER@ID/REPO@ID:…`, and `aud` of `sts.amazonaws.com`"),
        ),
        None => (
            Level::Error,
            format!("tokens of `{host}` are accepted without checking {keys}"),
            format!("anyone with an account there gets such tokens: demand {keys} with `StringEquals`"),
        ),
    };
    found.add_as(level, "CR080", trusted.at, message, help);
}

/// CR088
pub(super) fn another_host(policy: &Policy<'_>, found: &mut Findings) {
    for statement in policy.allows() {
        let trusted: Vec<Trusted<'_>> = hosts(statement).collect();
        for who in statement.named_principals() {
            let Some((_, url)) = who.value.text.split_once(":oidc-provider/") else { continue };
            if let Some(help) = misspelt(url) {
                let message = format!("`{}` is not the ARN of a provider", excerpt(&who.value.text));
                found.add("CR088", who.at, message, help);
            }
        }
        let is_provider =
            |who: &Unknown| who.arn().1.is_some_and(|resource| resource.starts_with("oidc-provider/"));
        let are_all_known =
            statement.principals.known().is_some_and(|listed| listed.unknown.iter().all(is_provider));
        let Some(first) = trusted.first().filter(|_| are_all_known) else { continue };
        for condition in &statement.conditions.list {
            claim_of_another(condition, first, &trusted, found);
        }
    }
}

/// Why the URL of a provider is of a form that no provider has.
fn misspelt(url: &str) -> Option<&'static str> {
    let host = url.to_lowercase();
    if host.starts_with("http://") || host.starts_with("https://") {
        return Some("behind `oidc-provider/` stands the URL without its scheme");
    }
    let bare = host.strip_suffix('/')?;
    (Issuer::of(&host).is_none() && Issuer::of(bare).is_some())
        .then_some("its tokens name an issuer without the final slash, and so does the ARN of its provider")
}

/// A condition on a claim that is in no token of the providers.
fn claim_of_another(
    condition: &Condition,
    first: &Trusted<'_>,
    trusted: &[Trusted<'_>],
    found: &mut Findings,
) {
    let host = &first.host;
    let owner = trusted.iter().find_map(|trusted| {
        let claim = condition.lower_key().strip_prefix(&trusted.host)?.strip_prefix(':')?;
        Some((trusted, claim))
    });
    if let Some((trusted, claim)) = owner {
        if trusted.issuer().is_some_and(|issuer| !issuer.has_claim(claim)) {
            let message = format!("`{}` is not a claim that AWS compares", excerpt(&condition.key));
            let help = "it is never in a request; the keys that are stand in \"Available keys for AWS OIDC federation\"";
            found.add_as(Level::Warning, "CR088", condition.key_at, message, help);
        }
        return;
    }
    let Some((key_host, claim)) = condition.lower_key().rsplit_once(':') else { return };
    if key_host.contains('.') || key_host.contains('/') {
        let message = format!("`{}` is never in a token of `{host}`", excerpt(&condition.key));
        found.add("CR088", condition.key_at, message, format!("write `{host}:{claim}`"));
    }
}
