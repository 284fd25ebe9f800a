//! Whose tokens let them into a role in A.

use std::collections::BTreeSet;

use super::document::{Conditions, Document, Principal, Statement};
use crate::model::{Federated, SourceAccount};

/// The trust policy of the role that a workload enters through: its audience and its subject always, and every
/// claim that is said of it.
#[must_use]
pub fn web_identity_policy(source: &SourceAccount, federated: &Federated) -> Document {
    let host = federated.issuer.host();
    let mut conditions = Conditions::default();
    let audience = BTreeSet::from([federated.audience.to_string()]);
    let claims = federated.claims.iter().map(|(claim, values)| (claim.as_str(), values));
    for (claim, values) in [("aud", &audience), ("sub", &federated.subjects)].into_iter().chain(claims) {
        // One wildcard makes patterns of all of them, and those without any match themselves alone.
        let operator =
            if values.iter().any(|value| value.contains('*')) { "StringLike" } else { "StringEquals" };
        conditions.require(operator, format!("{host}:{claim}"), values.iter().map(String::as_str));
    }
    let statement = Statement {
        sid: "AssumeRoleWithWebIdentity".to_owned(),
        principals: BTreeSet::from([Principal::Federated(source.provider_of(federated))]),
        actions: &["sts:AssumeRoleWithWebIdentity"],
        conditions,
        ..Statement::default()
    };
    Document { statements: vec![statement] }
}
