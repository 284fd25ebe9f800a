//! A token of an OIDC provider as a request: who asks, and which of its claims AWS compares.
//!
//! Responsible for reading a JWT or its payload, whoever wrote it. Refuses to check the signature and the times, and
//! to show anything of the text but its issuer: a token is a credential.

use std::collections::BTreeSet;
use std::fmt;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde_json::{Map, Value};

use super::evaluate::{Context, Policy, Principal};
use super::issuer::{self, Issuer};
use super::unique_json;
use crate::model::ArnParts;

/// Characters of a token. Source: STS, `AssumeRoleWithWebIdentity`, `WebIdentityToken`.
const MOST_CHARACTERS: usize = 20_000;
/// Characters of a provider's URL. Source: IAM, `CreateOpenIDConnectProvider`, `Url`.
const LONGEST_ISSUER: usize = 255;

/// Where session tags and the source identity are.
///
/// Source: "Passing session tags using `AssumeRoleWithWebIdentity`" and "Monitor and control actions taken with assumed
/// roles" (IAM User Guide).
const TAGS: &str = "https://aws.amazon.com/tags";
const SOURCE_IDENTITY: &str = "https://aws.amazon.com/source_identity";

/// What a token claims.
pub struct Token {
    /// Its issuer without `https://`: what its provider is called in IAM.
    issuer: String,
    claims: Map<String, Value>,
}

/// Why a text is not a token that STS could take. It holds nothing of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAToken {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: &'static str,
}

impl fmt::Display for NotAToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for NotAToken {}

/// Nobody is shown what it claims.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

fn refused(message: impl Into<String>) -> NotAToken {
    let help =
        "give a JWT as the provider issues it (`header.payload.signature`), or its payload as a JSON object";
    NotAToken { message: message.into(), help }
}

impl Token {
    /// Reads a JWT, or the payload of one as JSON.
    ///
    /// # Errors
    /// Why STS would not take it, or why nothing can be read of it.
    pub fn parse(text: &str) -> Result<Self, NotAToken> {
        let text = text.trim();
        let claims = if text.starts_with('{') { object(text, "the payload")? } else { payload(text)? };
        let issuer = match claims.get("iss") {
            Some(Value::String(issuer)) => host(issuer)?,
            Some(_) => return Err(refused("the claim `iss` of the token is not a text")),
            None => return Err(refused("the token has no claim `iss`, which names its issuer")),
        };
        Ok(Self { issuer, claims })
    }

    /// A token with these claims of an issuer, which is written without `https://`.
    #[must_use]
    pub fn made_up(issuer: &str, claims: Map<String, Value>) -> Self {
        Self { issuer: issuer.to_owned(), claims }
    }

    /// Its issuer without `https://`.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The provider by which the account of a role knows the issuer.
    #[must_use]
    pub fn principal(&self, role_arn: &str) -> Option<Principal> {
        if issuer::is_built_in(&self.issuer) {
            return Principal::parse(&self.issuer).ok();
        }
        let ArnParts { partition, account, .. } = ArnParts::split(role_arn)?;
        Principal::parse(&format!("arn:{partition}:iam::{account}:oidc-provider/{}", self.issuer)).ok()
    }

    /// The condition keys that follow from its claims.
    #[must_use]
    pub fn context(&self) -> Context {
        let mut context = Context::default();
        for claim in self.compared() {
            self.add(&mut context, claim, claim);
        }
        // AWS compares `aud` with the authorized party, where there is one.
        self.add(&mut context, "aud", if self.values("azp").is_empty() { "aud" } else { "azp" });
        self.add(&mut context, "oaud", "aud");
        self.add_tags(&mut context);
        for identity in self.values(SOURCE_IDENTITY) {
            context.add("sts:SourceIdentity", identity);
        }
        context
    }

    /// Claims that a policy asks about, that the token has, and that AWS does not compare as far as its documentation
    /// says.
    #[must_use]
    pub fn not_compared(&self, policy: &Policy) -> BTreeSet<String> {
        let prefix = format!("{}:", self.issuer.to_lowercase());
        let conditions = policy.statements().iter().flat_map(|statement| &statement.conditions.list);
        let asked = conditions.filter_map(|condition| condition.lower_key().strip_prefix(&prefix));
        let is_compared =
            |asked: &str| ["aud", "oaud"].contains(&asked) || self.compared().any(|claim| claim == asked);
        let has = |asked: &str| self.claims.keys().any(|claim| claim.eq_ignore_ascii_case(asked));
        asked.filter(|asked| has(asked) && !is_compared(asked)).map(str::to_owned).collect()
    }

    /// Claims that STS needs and the token has not.
    ///
    /// Source: "Create an `OpenID` Connect identity provider in IAM" (IAM User Guide).
    pub fn missing(&self) -> impl Iterator<Item = &'static str> {
        ["aud", "sub"].into_iter().filter(|claim| self.values(claim).is_empty())
    }

    /// The claims that AWS compares under their own names.
    fn compared(&self) -> impl Iterator<Item = &'static str> {
        let known = Issuer::of(&self.issuer.to_lowercase());
        let own = known.map(|issuer| issuer.keys).unwrap_or_default();
        issuer::COMPARED_EVERYWHERE.into_iter().chain(own.iter().copied())
    }

    fn add(&self, context: &mut Context, key: &str, claim: &str) {
        for value in self.values(claim) {
            context.add(&format!("{}:{key}", self.issuer), value);
        }
    }

    fn add_tags(&self, context: &mut Context) {
        let nested = self.claims.get(TAGS);
        let tags = nested.and_then(|tags| tags.get("principal_tags")?.as_object());
        let flat = format!("{TAGS}/principal_tags/");
        let flat = self.claims.iter().filter_map(|(key, value)| Some((key.strip_prefix(&flat)?, value)));
        for (key, value) in tags.into_iter().flatten().map(|(key, value)| (key.as_str(), value)).chain(flat) {
            context.add("aws:TagKeys", key);
            for value in values(value) {
                context.add(&format!("aws:RequestTag/{key}"), value);
            }
        }
        let transitive = nested.and_then(|tags| tags.get("transitive_tag_keys"));
        let flat = self.claims.get(&format!("{TAGS}/transitive_tag_keys"));
        for key in transitive.into_iter().chain(flat).flat_map(values) {
            context.add("sts:TransitiveTagKeys", key);
        }
    }

    fn values(&self, claim: &str) -> Vec<String> {
        self.claims.get(claim).map(values).unwrap_or_default()
    }
}

/// The texts that a claim is compared by.
fn values(claim: &Value) -> Vec<String> {
    match claim {
        Value::String(text) => vec![text.clone()],
        Value::Bool(_) | Value::Number(_) => vec![claim.to_string()],
        Value::Array(list) => list.iter().filter(|item| !item.is_array()).flat_map(values).collect(),
        Value::Null | Value::Object(_) => Vec::new(),
    }
}

/// The payload of a JWT.
fn payload(token: &str) -> Result<Map<String, Value>, NotAToken> {
    if token.len() > MOST_CHARACTERS {
        return Err(refused(format!(
            "the token is longer than the {MOST_CHARACTERS} characters that STS takes"
        )));
    }
    let parts: Vec<&str> = token.split('.').collect();
    match parts.as_slice() {
        [header, payload, _] => {
            part(header, "the header")?;
            part(payload, "the payload")
        }
        [_, _, _, _, _] => Err(refused("the token is encrypted, and STS takes only signed ones")),
        _ => Err(refused("this is not a JWT, which has three parts with dots between them")),
    }
}

fn part(text: &str, what: &str) -> Result<Map<String, Value>, NotAToken> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text.trim_end_matches('='));
    let bytes = bytes.map_err(|_| refused(format!("{what} of the token is not base64url")))?;
    let text = String::from_utf8(bytes);
    object(&text.map_err(|_| refused(format!("{what} of the token is not UTF-8")))?, what)
}

fn object(text: &str, what: &str) -> Result<Map<String, Value>, NotAToken> {
    match unique_json(text) {
        Ok(Value::Object(claims)) => Ok(claims),
        Ok(_) => Err(refused(format!("{what} of the token is not a JSON object"))),
        Err(_) => {
            Err(refused(format!("{what} of the token is not JSON, nested too deep, or has a key twice")))
        }
    }
}

/// What stands behind `https://`, if nothing in it could be anything but the address of a provider.
fn host(issuer: &str) -> Result<String, NotAToken> {
    let host = match issuer.strip_prefix("https://") {
        Some(host) => host,
        None if issuer::is_built_in(issuer) => issuer,
        None => return Err(refused("the issuer of the token is not an `https://` URL")),
    };
    let is_address = |c: char| c.is_ascii_alphanumeric() || "-._~/:%".contains(c);
    let is_host = host.starts_with(|c: char| c.is_ascii_alphanumeric()) && host.chars().all(is_address);
    if is_host && issuer.len() <= LONGEST_ISSUER {
        Ok(host.to_owned())
    } else {
        Err(refused("the issuer of the token is not the URL of an OIDC provider"))
    }
}
