//! Random policies and requests, decided by us and by an independent evaluator: every decision must
//! agree, but for what is known and documented.
//!
//! Needs `node` and the npm package `@cloud-copilot/iam-simulate`. `IAM_CASES` and `IAM_SEED` choose how many cases
//! of which sequence are tried.

#![expect(clippy::print_stderr, reason = "a test says how much it tried")]

use std::env;

use crossrole::explain::{AccessAudit, Attached};
use crossrole::policy::evaluate::{Kind, Policy, Request, decide};
use crossrole::policy::{assume_policies, trust_policy};
use serde_json::{Map, Value, json};

use super::case::Case;
use super::fleets::fleets;
use super::known::KNOWN;
use super::random::{self, Random};
use super::simulator::{simulated, simulator};

/// Requests that are tried.
const CASES: u64 = 12_000;

#[test]
fn random_requests_are_decided_as_by_an_independent_evaluator() {
    let Some(mut simulator) = simulator() else { return };
    let number = |name: &str, otherwise: u64| {
        env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
    };
    let random_was_chosen = ["IAM_SEED", "IAM_CASES"].iter().any(|name| env::var_os(name).is_some());
    let mut random = Random(number("IAM_SEED", 1));
    let mut cases: Vec<Case> = (0..number("IAM_CASES", CASES)).map(|_| random::case(&mut random)).collect();
    let ours: Vec<&str> = cases.iter_mut().map(decided).collect();
    let lines: Vec<String> = cases.iter().map(Case::line).collect();
    let theirs = simulated(&mut simulator, &lines);
    assert_eq!(ours.len(), theirs.len(), "one decision per case");
    let mut explained = [0; KNOWN.len()];
    let mut unexplained = Vec::new();
    for ((case, ours), theirs) in
        cases.iter().zip(&ours).zip(&theirs).filter(|((_, ours), theirs)| *ours != theirs)
    {
        match KNOWN.iter().position(|known| (known.applies)(case)) {
            Some(known) => explained[known] += 1,
            None => unexplained.push(format!("we {ours}, they {theirs}:\n{}", case.line())),
        }
    }
    let allowed = ours.iter().filter(|ours| **ours == "allow").count();
    let differing: usize = explained.iter().sum();
    eprintln!(
        "{} requests: {allowed} allowed; {differing} decided otherwise for a known reason {explained:?}",
        cases.len()
    );
    let shown = unexplained.iter().take(9).cloned().collect::<Vec<_>>().join("\n");
    assert!(unexplained.is_empty(), "{} unexplained differences:\n{shown}", unexplained.len());
    assert!(allowed * 8 > cases.len() && allowed * 2 < cases.len(), "{allowed} are allowed");
    assert!(differing * 20 < cases.len(), "too much is put down to known differences");
    for (known, count) in KNOWN.iter().zip(explained) {
        assert!(random_was_chosen || count > 0, "no difference any more: {}", known.what);
    }
}

/// What the matrix says of random specs, the other evaluator says, too.
#[test]
fn callers_of_random_specs_are_decided_as_by_an_independent_evaluator() {
    let Some(mut simulator) = simulator() else { return };
    let mut lines = Vec::new();
    let mut rows = Vec::new();
    for fleet in fleets(96) {
        let policies = assume_policies(&fleet).expect("few targets");
        let judge = AccessAudit::new(&fleet);
        for one in fleet.roles() {
            let trust = json!(trust_policy(&fleet.source, &one.target.session, one.role));
            for row in judge.matrix(one, &judge.trust_of(one)).rows {
                let own = row.caller.as_ref().and_then(|caller| policies.of(caller));
                let own = own.into_iter().flat_map(|policies| policies.documents.values());
                let identity = match row.attached {
                    Attached::Generated => own.map(|document| json!(document)).collect(),
                    Attached::Nothing => Vec::new(),
                    Attached::Anything => vec![random::everything()],
                };
                lines.push(line(&row.request, &trust, &identity, false));
                rows.push(row);
            }
        }
        for entry in judge.entries() {
            let trust = json!(entry.trust_policy());
            let declared = Policy::from_value(&trust, Kind::Trust).expect("a trust policy");
            for row in judge.entry_matrix(entry, &declared).rows {
                lines.push(line(&row.request, &trust, &[random::everything()], true));
                rows.push(row);
            }
        }
    }
    let theirs = simulated(&mut simulator, &lines);
    eprintln!("{} callers of random specs", rows.len());
    assert!(rows.len() >= 1_000 && rows.len() == theirs.len(), "{} rows", rows.len());
    for ((row, theirs), line) in rows.iter().zip(&theirs).zip(&lines) {
        assert_eq!(row.verdict.decision.as_str(), theirs, "{} with {:?}:\n{line}", row.who, row.with);
    }
}

/// A request for the other evaluator. The claims of tokens are none of the keys that it knows.
fn line(request: &Request, trust: &Value, identity: &[Value], as_given: bool) -> String {
    let context: Map<String, Value> =
        request.context.iter().map(|(key, values)| (key.to_owned(), found(key, values))).collect();
    let Request { principal, action, resource, .. } = request;
    let mut line = json!({
        "principal": principal.name(), "action": action, "resource": resource,
        "context": context, "trust": trust, "identity": identity,
    });
    if as_given {
        line["as_given"] = json!(true);
    }
    line.to_string()
}

/// The values of a key as the other evaluator wants them.
fn found(key: &str, values: &[String]) -> Value {
    match values {
        [only] if !key.ends_with("tagkeys") => json!(only),
        several => json!(several),
    }
}

/// Our decision.
fn decided(case: &mut Case) -> &'static str {
    let request = case.request();
    let trust = Policy::from_value(&case.trust, Kind::Trust).expect("a trust policy");
    let read = |policy: &Value| Policy::from_value(policy, Kind::Identity).expect("an identity policy");
    let identity: Vec<Policy> = case.identity.iter().map(read).collect();
    decide(&trust, Some(&identity), &request).decision.as_str()
}
