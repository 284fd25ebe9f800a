//! Trust policies and tokens, decided by an independent evaluator.

use serde_json::{Map, Value, json};

use super::context::request;
use super::token::Token;
use crate::explain::simulator::{simulated, simulator};

/// A trust policy, and the tokens with which its role is to be assumed.
pub(crate) struct Case<'c> {
    /// What it is, for whoever reads a complaint.
    pub(crate) what: &'c str,
    /// The ARN of the role, in whose account the provider is known.
    pub(crate) role: &'c str,
    pub(crate) trust: &'c Value,
    pub(crate) tokens: &'c [Token],
}

/// Every token that is let in and is wrong, or is right and is kept out: all cases are decided in one run of the evaluator. `None`
/// if that is not there.
#[track_caller]
pub(crate) fn disagreements(cases: &[Case<'_>]) -> Option<Vec<String>> {
    let mut simulator = simulator()?;
    let asked: Vec<(&Case<'_>, &Token)> =
        cases.iter().flat_map(|case| case.tokens.iter().map(move |token| (case, token))).collect();
    let lines: Vec<String> = asked.iter().map(|(case, token)| line(case, token)).collect();
    let decisions = simulated(&mut simulator, &lines);
    assert_eq!(decisions.len(), asked.len(), "one decision per token");
    let disagreement = |((case, token), decision): (&(&Case<'_>, &Token), &String)| {
        let (wanted, label) = if token.is_right { ("allow", "right") } else { ("deny", "wrong") };
        let (what, why) = (case.what, token.why);
        let claims = Value::Object(token.claims.clone());
        (decision != wanted).then(|| format!("{what}: {decision}, although it is {label} ({why}): {claims}"))
    };
    Some(asked.iter().zip(&decisions).filter_map(disagreement).collect())
}

/// The request of a token, as the evaluator reads it.
fn line(case: &Case<'_>, token: &Token) -> String {
    let request = request(&token.claims);
    let Some([_, partition, _, _, account, ..]) =
        case.role.split(':').collect::<Vec<_>>().first_chunk::<6>().copied()
    else {
        panic!("{} is not the ARN of a role", case.role)
    };
    let value = |values: &[String]| match values {
        [only] => json!(only),
        several => json!(several),
    };
    let context: Map<String, Value> =
        request.context.iter().map(|(key, values)| (key.clone(), value(values))).collect();
    json!({
        "principal": format!("arn:{partition}:iam::{account}:oidc-provider/{}", request.provider),
        "action": "sts:AssumeRoleWithWebIdentity", "resource": case.role,
        "context": context, "trust": case.trust, "identity": [], "as_given": true,
    })
    .to_string()
}
