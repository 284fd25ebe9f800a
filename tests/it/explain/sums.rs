//! The sum of all that is generated: whoever starts with what a caller has gets, by whatever chain of calls, into the roles
//! that list the caller and into no others.

use std::collections::{BTreeMap, BTreeSet};

use crossrole::explain::Entry;
use crossrole::model::{Caller, CallerIdentity, Fleet, Role, SourceAccount, TargetRole};
use crossrole::policy::evaluate::{Context, Kind, Policy, Principal, Request, decide};
use crossrole::policy::{Token, assume_policies, trust_policy, web_identity_policy};
use serde_json::{Map, json};

use super::fleets::fleets_with_many_callers;
use crate::effort::{least, scaled};

/// Every document of a fleet, read from its text as IAM would.
struct Documents {
    /// Of the roles of targets, in the fleet's order.
    trust: Vec<Policy>,
    /// What is attached, by caller.
    own: BTreeMap<String, Vec<Policy>>,
    /// Of the roles in A, by caller.
    entries: BTreeMap<String, Policy>,
}

fn read(text: &str, kind: Kind) -> Policy {
    Policy::parse(text, kind).unwrap_or_else(|error| panic!("{}\n{text}", error.message))
}

fn documents(fleet: &Fleet) -> Documents {
    let source = &fleet.source;
    let text = |one: TargetRole<'_>| trust_policy(source, &one.target.session, one.role).to_text();
    let own = assume_policies(fleet).expect("few targets");
    let own = own.iter().map(|(caller, policies)| {
        let documents = policies.documents.values();
        (caller.to_string(), documents.map(|document| read(&document.to_text(), Kind::Identity)).collect())
    });
    let entries = Entry::all(fleet).map(|entry| {
        let text = web_identity_policy(source, entry.federated).to_text();
        (entry.caller.id.to_string(), read(&text, Kind::Trust))
    });
    Documents {
        trust: fleet.roles().map(|one| read(&text(one), Kind::Trust)).collect(),
        own: own.collect(),
        entries: entries.collect(),
    }
}

/// Whom a caller is in A, if it is somebody there before any call, and the tokens that it has.
fn start(source: &SourceAccount, caller: &Caller) -> (Vec<String>, Vec<Token>) {
    let arn = |resource: &str| format!("arn:{}:iam::{}:{resource}", source.partition, source.account_id);
    let reserved = "role/aws-reserved/sso.amazonaws.com";
    let people =
        |set: &str, path: &str| arn(&format!("{reserved}{path}/AWSReservedSSO_{set}_0123456789abcdef"));
    match &caller.identity {
        CallerIdentity::Account { .. } => (vec![arn("user/any-body"), arn("role/any-body")], Vec::new()),
        CallerIdentity::IamUser { name, .. } => (vec![arn(&format!("user/{name}"))], Vec::new()),
        CallerIdentity::Role { name, .. } => (vec![arn(&format!("role/{name}"))], Vec::new()),
        CallerIdentity::PermissionSet { name, .. } => {
            (vec![people(name.as_str(), ""), people(name.as_str(), "/eu-west-1")], Vec::new())
        }
        CallerIdentity::Federated(federated) => {
            let token = |subject: &String| {
                let mut claims: Map<_, _> = federated
                    .claims
                    .iter()
                    .map(|(claim, values)| (claim.clone(), json!(values.first())))
                    .collect();
                claims.insert("aud".to_owned(), json!(federated.audience.as_str()));
                claims.insert("sub".to_owned(), json!(subject.replace('*', "1")));
                Token::made_up(federated.issuer.host(), claims)
            };
            (Vec::new(), federated.subjects.iter().map(token).collect())
        }
    }
}

/// The roles in A that tokens let into, by the ARN of each and the caller whose it is.
fn entered(fleet: &Fleet, documents: &Documents, tokens: &[Token]) -> Vec<(String, String)> {
    let lets_in = |entry: &Entry<'_>, token: &Token| {
        let request = entry.request(token).expect("a provider of A");
        decide(&documents.entries[entry.caller.id.as_str()], None, &request).is_allowed()
    };
    let entries = Entry::all(fleet).filter(|entry| tokens.iter().any(|token| lets_in(entry, token)));
    entries.map(|entry| (entry.role_arn(), entry.caller.id.to_string())).collect()
}

/// The request of somebody who does everything right.
fn request(fleet: &Fleet, TargetRole { target, role }: TargetRole<'_>, who: &str, mfa: bool) -> Request {
    let mut context = Context::default();
    for (key, value) in &target.session.tags {
        context.add(&format!("aws:RequestTag/{key}"), value.as_str());
        context.add("aws:TagKeys", key.as_str());
    }
    for key in &target.session.transitive_tag_keys {
        context.add("sts:TransitiveTagKeys", key.as_str());
    }
    let organization = fleet.source.organization_id.as_ref().map(|id| ("aws:PrincipalOrgID", id.as_str()));
    let identity = target.session.source_identity.as_ref().map(|id| ("sts:SourceIdentity", id.as_str()));
    let external = role.external_id.as_ref().map(|id| ("sts:ExternalId", id.as_str()));
    for (key, value) in [organization, identity, external].into_iter().flatten() {
        context.add(key, value);
    }
    context.set("aws:MultiFactorAuthPresent", [if mfa { "true" } else { "false" }]);
    let principal = Principal::parse(who).expect("a principal").with_session("run");
    Request::new(principal, "sts:AssumeRole", target.arn_of(role, fleet.source.partition), context)
}

fn lets_in(trust: &Policy, own: &[Policy], request: &Request) -> bool {
    let allows = |request: &Request| decide(trust, Some(own), request).is_allowed();
    // STS supplies the external ID for `sts:AssumeRole` alone.
    let without_id = |(mut request, _): (Request, _)| {
        request.context.remove("sts:ExternalId");
        allows(&request)
    };
    allows(request) && request.also_asked().all(without_id)
}

/// The roles of targets, by their number, that a caller gets into, and those that it is to.
fn reached(fleet: &Fleet, documents: &Documents, caller: &Caller) -> (BTreeSet<usize>, BTreeSet<usize>) {
    let (here, tokens) = start(&fleet.source, caller);
    let own = (here.into_iter().map(|who| (who, caller.id.to_string())))
        .chain(entered(fleet, documents, &tokens))
        .collect::<Vec<_>>();
    let gets_in = |one: TargetRole<'_>, trust: &Policy| {
        own.iter().any(|(who, id)| {
            lets_in(trust, &documents.own[id], &request(fleet, one, who, who.contains(":user/")))
        })
    };
    let roles = || fleet.roles().zip(&documents.trust).enumerate();
    let reached = roles().filter(|(_, (one, trust))| gets_in(*one, trust)).map(|(number, _)| number);
    let admits = |role: &Role| role.admits(caller);
    let listed = roles().filter(|(_, (one, _))| admits(one.role)).map(|(number, _)| number);
    (reached.collect(), listed.collect())
}

#[test]
fn a_caller_gets_into_the_roles_that_list_it_and_into_no_others() {
    let (mut let_in, mut refused) = (0, 0);
    for fleet in fleets_with_many_callers(scaled(256)) {
        let documents = documents(&fleet);
        for caller in &fleet.source.callers {
            let (reached, listed) = reached(&fleet, &documents, caller);
            assert_eq!(reached, listed, "{} of {:#?}", caller.described(), fleet.source.callers);
            let_in += listed.len();
            refused += documents.trust.len() - listed.len();
        }
    }
    assert!(let_in > least(2_000) && refused > least(2_000), "{let_in} let in, {refused} refused");
}

/// No role in A may be entered from another, nor by anybody who signs.
#[test]
fn roles_in_a_lead_to_no_other_of_them() {
    for fleet in fleets_with_many_callers(scaled(64)) {
        let documents = documents(&fleet);
        for (from, to) in Entry::all(&fleet).flat_map(|from| Entry::all(&fleet).map(move |to| (from, to))) {
            let principal = Principal::parse(&from.role_arn()).expect("a role").with_session("run");
            let request = Request::new(principal, "sts:AssumeRole", to.role_arn(), Context::default());
            let trust = &documents.entries[to.caller.id.as_str()];
            assert!(
                !decide(trust, None, &request).is_allowed(),
                "{} enters {}",
                from.caller.id,
                to.caller.id
            );
        }
    }
}
