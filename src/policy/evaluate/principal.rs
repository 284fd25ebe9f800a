//! Who asks, and whether a statement means them.

use crate::model::{ArnParts, Region, Text as _};
use crate::policy::issuer;
use crate::policy::read::{PrincipalKind, PrincipalPattern};

/// Someone who makes requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The ARN; the name of a service or of a federated provider.
    name: String,
    kind: PrincipalKind,
    /// The session of a role that is given by its own ARN.
    session: Option<String>,
}

/// A text that names no principal who could make a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAPrincipal(String);

impl std::fmt::Display for NotAPrincipal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotAPrincipal {}

impl Principal {
    /// The principal of an ARN: a user, a role, a session of either kind, the root of an account, an
    /// identity provider; or a service's name, as in `ec2.amazonaws.com`, one of the providers that AWS knows by
    /// itself, as in `accounts.google.com`, or `*` for anybody without credentials.
    ///
    /// # Errors
    /// What is wrong with the text, when it names no such principal.
    pub fn parse(text: &str) -> Result<Self, NotAPrincipal> {
        let kind = match text {
            "*" => Some(PrincipalKind::Everyone),
            _ if issuer::is_built_in(text) => PrincipalKind::parse(text),
            _ if is_service(text) => Some(PrincipalKind::Service),
            _ => PrincipalKind::parse(text),
        };
        // The number of an account stands for its root.
        let name = match &kind {
            Some(PrincipalKind::Account { partition: None, account }) => {
                format!("arn:aws:iam::{account}:root")
            }
            _ => text.to_owned(),
        };
        let shown = crate::diagnostic::words::excerpt(text);
        kind.map(|kind| Self { name, kind, session: None }).ok_or_else(|| {
            NotAPrincipal(format!(
                "`{shown}` names no principal; it looks like `arn:aws:iam::111111111111:user/NAME`, `…:role/NAME` or `arn:aws:sts::111111111111:assumed-role/NAME/SESSION`"
            ))
        })
    }

    /// A session of a role, whose ARN with its path is known.
    #[must_use]
    pub fn with_session(mut self, name: &str) -> Self {
        if let PrincipalKind::Role { .. } = self.kind {
            self.session = Some(name.to_owned());
        }
        self
    }

    /// The ARN, or what stands for one.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The account it belongs to; services and federated users have none.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match &self.kind {
            PrincipalKind::Account { account, .. }
            | PrincipalKind::User { account, .. }
            | PrincipalKind::Role { account, .. }
            | PrincipalKind::Session { account, .. }
            | PrincipalKind::FederatedUser { account } => Some(account),
            _ => None,
        }
    }

    /// Whether it is the root user of an account.
    #[must_use]
    pub fn is_root(&self) -> bool {
        matches!(self.kind, PrincipalKind::Account { .. })
    }

    /// Whether it is a role, or a session of one.
    #[must_use]
    pub fn is_role(&self) -> bool {
        matches!(self.kind, PrincipalKind::Role { .. } | PrincipalKind::Session { .. })
    }

    /// Whether it is one session of a role, by its own ARN, which does not tell the path of the role.
    pub(super) fn is_session(&self) -> bool {
        matches!(self.kind, PrincipalKind::Session { .. })
    }

    /// The condition keys that follow from who it is.
    pub(super) fn keys(&self) -> Vec<(&'static str, String)> {
        let kind = match &self.kind {
            PrincipalKind::Account { .. } => "Account",
            PrincipalKind::User { .. } => "User",
            PrincipalKind::Role { .. } | PrincipalKind::Session { .. } => "AssumedRole",
            PrincipalKind::FederatedUser { .. } => "FederatedUser",
            PrincipalKind::Service => {
                let service = ("aws:PrincipalServiceName", self.name.clone());
                return vec![("aws:PrincipalIsAWSService", "true".to_owned()), service];
            }
            _ if self.is_federated() => return vec![("aws:FederatedProvider", self.name.clone())],
            _ => "Anonymous",
        };
        let mut keys = vec![("aws:PrincipalType", kind.to_owned())];
        if let Some(account) = self.account() {
            keys.push(("aws:PrincipalAccount", account.to_owned()));
            keys.push(("aws:PrincipalArn", self.arn_of_policies()));
            keys.push(("aws:PrincipalIsAWSService", "false".to_owned()));
        }
        if let PrincipalKind::User { user, .. } = &self.kind {
            keys.push(("aws:username", user.clone()));
        }
        keys
    }

    /// The value of `aws:PrincipalArn`: of a session it is the role's.
    ///
    /// Source: "For IAM roles, the request context returns the ARN of the role, not the ARN of the
    /// user that assumed the role" (IAM User Guide, global condition keys).
    fn arn_of_policies(&self) -> String {
        let PrincipalKind::Session { partition, account, role, .. } = &self.kind else {
            return self.name.clone();
        };
        let path = if is_of_sso(role) { SSO_PATH } else { "" };
        format!("arn:{partition}:iam::{account}:role/{path}{role}")
    }

    /// Other values that `aws:PrincipalArn` may have: where Identity Center has its home in another region than
    /// us-east-1, the path of its roles holds the region, and a session does not say so.
    ///
    /// Source: "Referencing permission sets in resource policies" (IAM Identity Center User Guide).
    pub(super) fn other_arns(&self) -> impl Iterator<Item = String> {
        let role = match &self.kind {
            PrincipalKind::Session { partition, account, role, .. } if is_of_sso(role) => {
                Some((partition, account, role))
            }
            _ => None,
        };
        role.into_iter().flat_map(|(partition, account, role)| {
            regions(partition)
                .map(move |region| format!("arn:{partition}:iam::{account}:role/{SSO_PATH}{region}/{role}"))
        })
    }

    pub(super) fn kind(&self) -> &PrincipalKind {
        &self.kind
    }

    pub(super) fn is_federated(&self) -> bool {
        is_federated(&self.kind)
    }

    /// Whether it is a service.
    pub(super) fn is_service(&self) -> bool {
        self.kind == PrincipalKind::Service
    }

    /// Whether its requests can carry MFA: those of users alone.
    ///
    /// Source: "temporary credentials returned by `AssumeRole` do not include MFA information" (IAM User Guide).
    #[must_use]
    pub fn can_show_mfa(&self) -> bool {
        matches!(self.kind, PrincipalKind::User { .. } | PrincipalKind::Account { .. })
    }

    /// The partition of its ARN, if it has one.
    pub(super) fn partition(&self) -> Option<&str> {
        ArnParts::split(&self.name).map(|parts| parts.partition)
    }

    /// How an entry of a statement names them, if it does.
    pub(super) fn match_strength(&self, entry: &PrincipalPattern) -> Option<MatchStrength> {
        let is_named = match &entry.kind {
            PrincipalKind::Everyone => return Some(MatchStrength::Everyone),
            PrincipalKind::Account { partition, account } => {
                let is_here =
                    partition.as_deref().is_none_or(|partition| self.partition() == Some(partition));
                let is_meant = is_here && self.account() == Some(account);
                return is_meant.then_some(if self.is_root() {
                    MatchStrength::Itself
                } else {
                    MatchStrength::Account
                });
            }
            PrincipalKind::Role { partition, account, role } => match &self.kind {
                PrincipalKind::Role { .. } => entry.text == self.name,
                PrincipalKind::Session { partition: their, account: of, role: name, .. } => {
                    let is_there = !is_of_sso(role) || entry.text.contains(&format!(":role/{SSO_PATH}"));
                    partition == their && account == of && role == name && is_there
                }
                _ => false,
            },
            PrincipalKind::Session { partition, account, role, session } => match &self.kind {
                PrincipalKind::Role { partition: their, account: of, role: name }
                    if self.session.is_some() =>
                {
                    partition == their
                        && account == of
                        && role == name
                        && self.session.as_ref() == Some(session)
                }
                _ => entry.text == self.name,
            },
            PrincipalKind::User { .. } | PrincipalKind::FederatedUser { .. } => entry.text == self.name,
            PrincipalKind::Service => {
                self.kind == PrincipalKind::Service && (entry.text == "*" || entry.text == self.name)
            }
            PrincipalKind::Oidc { .. } | PrincipalKind::Saml | PrincipalKind::Federated => {
                self.is_federated() && (entry.text == "*" || entry.text == self.name)
            }
            PrincipalKind::CanonicalUser | PrincipalKind::Other => false,
        };
        is_named.then_some(MatchStrength::Itself)
    }
}

/// The path of the roles of permission sets.
const SSO_PATH: &str = "aws-reserved/sso.amazonaws.com/";

/// Whether a role is that of a permission set: nobody else can make one of such a name.
fn is_of_sso(role: &str) -> bool {
    role.starts_with("AWSReservedSSO_")
}

/// The regions in which Identity Center can have its home, but for us-east-1, which its paths leave out.
///
/// Source: the regions of botocore 1.43.11 by partition.
fn regions(partition: &str) -> impl Iterator<Item = &'static str> {
    const REGIONS: &str = "af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 \
        ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 \
        ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 \
        eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-2 us-west-1 us-west-2 \
        cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1 eusc-de-east-1";
    let partition = partition.to_owned();
    REGIONS.split_whitespace().filter(move |region| {
        Region::parse(region).is_ok_and(|region| region.partition().as_str() == partition)
    })
}

fn is_federated(kind: &PrincipalKind) -> bool {
    matches!(kind, PrincipalKind::Oidc { .. } | PrincipalKind::Saml | PrincipalKind::Federated)
}

fn is_service(text: &str) -> bool {
    let is_host = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
    text.contains(".amazonaws.com") && text.chars().all(is_host)
}

/// How a statement names a principal, from the loosest to the closest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum MatchStrength {
    /// By its account, which decides for itself whom it lets.
    Account,
    /// As everybody.
    Everyone,
    /// By itself.
    Itself,
}
