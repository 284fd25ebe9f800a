//! The first hop: whose tokens let them into the role in A that a caller of the spec enters through.
//!
//! Responsible for the tokens that matter, made up: those of the caller, and those that nearly are. Refuses to look
//! at what the role may do then: that is the second hop, and the same as for any role of A.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::matrix::{RoleOf, Row};
use super::probe::Attached;
use super::scenario::OTHER;
use crate::model::{Caller, Federated, Fleet, Platform, SourceAccount};
use crate::policy::evaluate::{Context, Decision, Policy, Principal, Request, decide};
use crate::policy::{self, Token};

/// What STS calls the request that is made with a token.
const WITH_TOKEN: &str = "sts:AssumeRoleWithWebIdentity";

/// A caller that enters A with its tokens.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'f> {
    source: &'f SourceAccount,
    /// The caller.
    pub caller: &'f Caller,
    /// What its tokens are like.
    pub federated: &'f Federated,
}

impl<'f> Entry<'f> {
    /// Every such caller.
    pub fn all(fleet: &'f Fleet) -> impl Iterator<Item = Self> {
        let source = &fleet.source;
        source
            .callers
            .iter()
            .filter_map(move |caller| Some(Self { source, caller, federated: caller.federated()? }))
    }

    /// The ARN of the role in A.
    #[must_use]
    pub fn role_arn(self) -> String {
        self.source.role_of(self.federated)
    }

    pub(super) fn whose(self) -> RoleOf {
        let (id, federated) = (self.caller.id.clone(), self.federated);
        let (described, issuer) = (federated.described.clone(), federated.issuer.host().to_owned());
        RoleOf::Caller { id, described, issuer }
    }

    /// The trust policy that the spec asks for.
    #[must_use]
    pub fn trust_policy(self) -> policy::Document {
        policy::web_identity_policy(self.source, self.federated)
    }

    /// The request that is made with a token; `None` where the account cannot know its issuer.
    #[must_use]
    pub fn request(self, token: &Token) -> Option<Request> {
        let role_arn = self.role_arn();
        Some(Request::new(token.principal(&role_arn)?, WITH_TOKEN, role_arn, token.context()))
    }
}

/// One answer for each token that matters.
pub(super) fn rows(entry: Entry<'_>, trust: &Policy) -> Vec<Row> {
    let row = |who: &str, with: Option<String>, request: Request, expected| Row {
        who: who.to_owned(),
        caller: None,
        verdict: decide(trust, None, &request),
        request,
        with: with.into_iter().collect(),
        attached: Attached::Anything,
        expected,
        delegated: false,
    };
    let right = entry.federated.subjects.iter().filter_map(|subject| {
        let request = MadeUp::right(entry.federated, subject).request(entry)?;
        Some(row("a token of this caller", Some(filled(subject)), request, Decision::Allow))
    });
    let wrong = wrong(entry.federated).into_iter().filter_map(|(who, token)| {
        let with = token.subject.clone().filter(|_| token.names_itself);
        Some(row(who, with, token.request(entry)?, Decision::Deny))
    });
    let signed = ["user", "role"].into_iter().filter_map(|kind| {
        let SourceAccount { partition, account_id, .. } = entry.source;
        let principal =
            Principal::parse(&format!("arn:{partition}:iam::{account_id}:{kind}/{OTHER}")).ok()?;
        let request = Request::new(principal, "sts:AssumeRole", entry.role_arn(), Context::default());
        Some(row(&format!("a {kind} of A"), None, request, Decision::Deny))
    });
    right.chain(wrong).chain(signed).collect()
}

/// A token that somebody could have.
#[derive(Debug, Clone)]
struct MadeUp<'f> {
    issuer: &'f str,
    audience: &'f str,
    subject: Option<String>,
    claims: Map<String, Value>,
    /// Whether its subject is what matters about it.
    names_itself: bool,
}

impl<'f> MadeUp<'f> {
    fn right(federated: &'f Federated, subject: &str) -> Self {
        let claim = |(claim, values): (&String, &BTreeSet<String>)| {
            Some((claim.clone(), json!(filled(values.first()?))))
        };
        Self {
            issuer: federated.issuer.host(),
            audience: federated.audience.as_str(),
            subject: Some(filled(subject)),
            claims: federated.claims.iter().filter_map(claim).collect(),
            names_itself: false,
        }
    }

    fn of_subject(self, subject: String) -> Self {
        Self { subject: Some(subject), names_itself: true, ..self }
    }

    /// With the ids of something else.
    fn of_others(mut self) -> Self {
        self.claims.values_mut().for_each(|value| *value = json!(OTHER));
        self
    }

    fn request(&self, entry: Entry<'_>) -> Option<Request> {
        let mut claims = self.claims.clone();
        claims.insert("aud".to_owned(), json!(self.audience));
        claims.extend(self.subject.iter().map(|subject| ("sub".to_owned(), json!(subject))));
        entry.request(&Token::made_up(self.issuer, claims))
    }
}

/// A pattern with something in its open parts.
fn filled(pattern: &str) -> String {
    pattern.replace('*', "x")
}

/// Tokens that are not the caller's, each with one thing that is not.
fn wrong(federated: &Federated) -> Vec<(&'static str, MadeUp<'_>)> {
    /// Nobody's.
    const ISSUER: &str = "crossrole-somebody-else.example.com";
    let Some(subject) = federated.subjects.first() else { return Vec::new() };
    let right = MadeUp::right(federated, subject);
    let is_declared = |subject: &String| federated.subjects.iter().any(|pattern| may_be(pattern, subject));
    let subjects = others(federated.platform, subject).into_iter();
    let mut wrong: Vec<_> = subjects
        .filter(|(_, subject, _)| !is_declared(subject))
        .map(|(who, subject, is_theirs)| {
            let token = right.clone().of_subject(subject);
            (who, if is_theirs { token } else { token.of_others() })
        })
        .collect();
    let is_open = |values: &BTreeSet<String>| values.iter().any(|pattern| may_be(pattern, OTHER));
    if federated.claims.values().any(|values| !is_open(values)) {
        wrong.push(("a token of the same subject with other claims", right.clone().of_others()));
    }
    wrong.push(("a token for another audience", MadeUp { audience: OTHER, ..right.clone() }));
    wrong.push(("a token of another issuer", MadeUp { issuer: ISSUER, ..right.clone() }));
    wrong.push(("a token without a subject", MadeUp { subject: None, ..right }));
    wrong
}

/// Whether a subject may fit a pattern: certainly not, where it begins otherwise.
fn may_be(pattern: &str, subject: &str) -> bool {
    match pattern.split_once('*') {
        Some((first, _)) => subject.starts_with(first),
        None => subject == pattern,
    }
}

/// Subjects of something else on the same platform, and whether it belongs to the same owner.
///
/// Sources: as in `check`, of the platforms' forms of subjects.
fn others(platform: Platform, subject: &str) -> Vec<(&'static str, String, bool)> {
    const BRANCH: &str = "a token of another branch";
    let mut parts: Vec<&str> = subject.split(':').collect();
    let mut with = |at: usize, other: &'static str| {
        let part = parts.get_mut(at)?;
        let own = std::mem::replace(part, other);
        let changed = parts.join(":");
        parts[at] = own;
        Some(changed)
    };
    let owner = || subject.splitn(3, ':').take(2).collect::<Vec<_>>().join(":");
    let found = match platform {
        Platform::GithubActions => vec![
            ("a token of another repository", with(1, "crossrole/somebody-else"), false),
            (BRANCH, Some(format!("{}:ref:refs/heads/{OTHER}", owner())), true),
        ],
        Platform::Gitlab => vec![
            ("a token of another project", with(1, "crossrole/somebody-else"), false),
            (BRANCH, Some(format!("{}:ref_type:branch:ref:{OTHER}", owner())), true),
        ],
        Platform::HcpTerraform => vec![
            ("a token of another organization", with(1, OTHER), false),
            ("a token of another project", with(3, OTHER), true),
            ("a token of another workspace", with(5, OTHER), true),
        ],
        Platform::Oidc => vec![("a token of another subject", Some(OTHER.to_owned()), true)],
    };
    found.into_iter().filter_map(|(who, subject, is_theirs)| Some((who, subject?, is_theirs))).collect()
}
