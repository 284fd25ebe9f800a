//! Which principals can make which calls at all, whatever policies say.

use std::fmt;

use super::principal::Principal;
use super::request::Request;
use crate::model::ArnParts;
use crate::policy::read::PrincipalKind;

/// Why a principal never makes a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// Source: "You cannot use AWS account root user credentials to call `AssumeRole`" (STS API reference).
    RootUser,
    /// Source: "You cannot call any STS API except `GetCallerIdentity`" (STS API reference, `GetFederationToken`).
    FederationToken,
    /// `AssumeRole` is signed, and the two calls without a signature are made with a token of a provider.
    NoCredentials,
    /// Its kind of principal gets sessions by another call, which is this one.
    ///
    /// Source: "Compare AWS STS credentials" (IAM User Guide).
    AnotherCall(&'static str),
    /// Source: "You cannot delegate access across partitions" (IAM User Guide).
    AnotherPartition,
    /// Tokens and assertions are for roles of the account that knows their provider.
    ///
    /// Source: "IAM identity providers and federation" (IAM User Guide).
    AnotherAccount,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RootUser => f.write_str("the root user of an account cannot assume a role"),
            Self::FederationToken => f.write_str(
                "with credentials of `GetFederationToken` no call of STS can be made but `GetCallerIdentity`",
            ),
            Self::NoCredentials => f.write_str(
                "nobody in particular makes no such call: it is signed with credentials, or made with a token",
            ),
            Self::AnotherCall(fitting) => write!(f, "such a principal never makes this call, but `{fitting}`"),
            Self::AnotherPartition => f.write_str("no role is assumed from another partition"),
            Self::AnotherAccount => {
                f.write_str("a role is assumed by tokens of a provider in its own account alone")
            }
        }
    }
}

/// Why a request is never made, if so.
pub(super) fn obstacle(request: &Request) -> Option<Obstacle> {
    let principal = &request.principal;
    if principal.is_root() {
        return Some(Obstacle::RootUser);
    }
    let action = request.action.to_lowercase();
    let operation = action.strip_prefix("sts:").filter(|operation| *operation != "getcalleridentity")?;
    let role = ArnParts::split(&request.resource);
    let is_elsewhere =
        role.as_ref().zip(principal.partition()).is_some_and(|(role, of)| role.partition != of);
    match principal.kind() {
        PrincipalKind::FederatedUser { .. } => return Some(Obstacle::FederationToken),
        PrincipalKind::Everyone => return Some(Obstacle::NoCredentials),
        _ if is_elsewhere => return Some(Obstacle::AnotherPartition),
        _ => {}
    }
    let fitting = fitting_call(principal);
    if operation.starts_with("assumerole") && !action.eq_ignore_ascii_case(fitting) {
        return Some(Obstacle::AnotherCall(fitting));
    }
    let provider = ArnParts::split(principal.name()).filter(|_| principal.is_federated());
    let is_foreign = role.zip(provider).is_some_and(|(role, provider)| role.account != provider.account);
    is_foreign.then_some(Obstacle::AnotherAccount)
}

/// How a principal gets a session of a role.
fn fitting_call(principal: &Principal) -> &'static str {
    match principal.kind() {
        PrincipalKind::Saml => "sts:AssumeRoleWithSAML",
        _ if principal.is_federated() => "sts:AssumeRoleWithWebIdentity",
        _ => "sts:AssumeRole",
    }
}
