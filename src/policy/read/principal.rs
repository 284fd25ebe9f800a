//! Whom a text of a policy names.

use crate::diagnostic::words::visible;
use crate::model::ArnParts;
use crate::policy::issuer;

/// An entry of `Principal` or `NotPrincipal`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalPattern {
    /// The entry as it is written.
    pub text: String,
    /// The key that it stands under: `AWS`, say; empty for a `*` that stands alone.
    pub key: &'static str,
    /// Whom it names.
    pub kind: PrincipalKind,
}

/// Who a principal is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrincipalKind {
    /// `*`: everybody, with credentials or without.
    Everyone,
    /// An account, by its number or its root, in whatever partition unless one is written.
    Account {
        /// The partition that is written.
        partition: Option<String>,
        /// Twelve digits.
        account: String,
    },
    /// An IAM user.
    User {
        /// Twelve digits.
        account: String,
        /// The name without its path.
        user: String,
    },
    /// A role, by an ARN with its path: all its sessions.
    Role {
        /// The partition.
        partition: String,
        /// Twelve digits.
        account: String,
        /// The name without its path.
        role: String,
    },
    /// A session of a role, whose path its ARN drops.
    Session {
        /// The partition.
        partition: String,
        /// Twelve digits.
        account: String,
        /// The name of the role.
        role: String,
        /// The name of the session.
        session: String,
    },
    /// A session of `GetFederationToken`.
    FederatedUser {
        /// Twelve digits.
        account: String,
    },
    /// An AWS service.
    Service,
    /// A provider of OIDC tokens.
    Oidc {
        /// The host that its tokens come from, in lower case and without scheme; a final slash belongs to it.
        host: String,
    },
    /// A provider of SAML assertions.
    Saml,
    /// Another text under `Federated`, such as `*`.
    Federated,
    /// An account of S3, by its canonical id.
    CanonicalUser,
    /// What no request can match: the id of a deleted user or role, a pattern, a group.
    Other,
}

impl PrincipalPattern {
    /// Everybody, by a `*` that stands alone.
    pub(in crate::policy) fn everyone() -> Self {
        Self { text: "*".to_owned(), key: "", kind: PrincipalKind::Everyone }
    }

    /// An entry under a key.
    pub(super) fn new(key: &'static str, text: &str) -> Self {
        let kind = match key {
            "Service" => PrincipalKind::Service,
            "Federated" => federated(text),
            "CanonicalUser" => PrincipalKind::CanonicalUser,
            _ if text == "*" => PrincipalKind::Everyone,
            _ => PrincipalKind::parse(text).filter(is_of_aws).unwrap_or(PrincipalKind::Other),
        };
        Self { text: text.to_owned(), key, kind }
    }

    /// The account that it stands for as a whole.
    #[must_use]
    pub fn whole_account(&self) -> Option<&str> {
        match &self.kind {
            PrincipalKind::Account { account, .. } => Some(account),
            _ => None,
        }
    }

    /// Whether it is an account, or somebody in one.
    pub(super) fn is_of_account(&self) -> bool {
        let is_one_word = !self.text.contains(char::is_whitespace);
        is_one_word && !matches!(self.kind, PrincipalKind::Other | PrincipalKind::Everyone)
    }

    /// Service and resource of its ARN, whether or not anybody is called so: `("iam", "role/ci/deployer")`.
    #[must_use]
    pub fn resource(&self) -> Option<(&str, &str)> {
        let parts = ArnParts::split(&self.text).filter(|_| self.key == "AWS")?;
        Some((parts.service, parts.resource))
    }

    /// Whether its credentials can only be a session without MFA.
    ///
    /// Source: "temporary credentials returned by `AssumeRole` do not include MFA information" (IAM User Guide).
    #[must_use]
    pub fn never_has_mfa(&self) -> bool {
        let is_role = self.resource().is_some_and(|(service, resource)| {
            service == "sts" || (service == "iam" && resource.starts_with("role/"))
        });
        is_role || matches!(self.key, "Federated" | "Service")
    }

    /// Whom it names, in words.
    #[must_use]
    pub fn in_words(&self) -> String {
        let text = visible(&self.text);
        match &self.kind {
            PrincipalKind::Everyone => "anyone in AWS".to_owned(),
            PrincipalKind::Account { account, .. } => format!("anyone in account {account}"),
            PrincipalKind::Service => format!("the AWS service `{text}`"),
            PrincipalKind::Oidc { .. } | PrincipalKind::Saml | PrincipalKind::Federated => {
                format!("a user of the identity provider `{text}`")
            }
            _ => format!("`{text}`"),
        }
    }

    /// The host that a web identity provider's tokens come from.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        match &self.kind {
            PrincipalKind::Oidc { host } => Some(host),
            _ => None,
        }
    }
}

impl PrincipalKind {
    /// Who a text names by an ARN or by the number of an account.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if is_account(text) {
            return Some(Self::Account { partition: None, account: text.to_owned() });
        }
        if issuer::is_built_in(text) {
            return Some(federated(text));
        }
        let parts = ArnParts::split(text).filter(|_| !text.contains(['*', '?']))?;
        if !parts.region.is_empty() || !is_account(parts.account) {
            return None;
        }
        let (partition, account) = (parts.partition.to_owned(), parts.account.to_owned());
        let (kind, name) = parts.resource.split_once('/').unwrap_or((parts.resource, ""));
        let last = name.rsplit('/').next().filter(|last| !last.is_empty());
        match (parts.service, kind) {
            ("iam", "root") if name.is_empty() => Some(Self::Account { partition: Some(partition), account }),
            ("iam", "user") => Some(Self::User { account, user: last?.to_owned() }),
            ("iam", "role") => Some(Self::Role { partition, account, role: last?.to_owned() }),
            ("iam", "saml-provider") => last.map(|_| federated(text)),
            // A last slash is part of the URL.
            ("iam", "oidc-provider") => name.starts_with(|c| c != '/').then(|| federated(text)),
            ("sts", "assumed-role") => {
                let (role, session) = name.split_once('/')?;
                let is_whole = !role.is_empty() && !session.is_empty() && !session.contains('/');
                let (role, session) = (role.to_owned(), session.to_owned());
                is_whole.then_some(Self::Session { partition, account, role, session })
            }
            ("sts", "federated-user") => last.map(|_| Self::FederatedUser { account }),
            _ => None,
        }
    }
}

/// Whether it can stand under the key `AWS`.
fn is_of_aws(kind: &PrincipalKind) -> bool {
    !matches!(kind, PrincipalKind::Oidc { .. } | PrincipalKind::Saml | PrincipalKind::Federated)
}

/// A provider of identities, by its ARN or by the host of one that is built in.
fn federated(text: &str) -> PrincipalKind {
    if text.contains(":saml-provider/") {
        return PrincipalKind::Saml;
    }
    let host = match ArnParts::split(text) {
        Some(parts) => parts.resource.strip_prefix("oidc-provider/"),
        None => Some(text).filter(|text| text.contains('.')),
    };
    let Some(host) = host else { return PrincipalKind::Federated };
    let host = host.strip_prefix("https://").or_else(|| host.strip_prefix("http://")).unwrap_or(host);
    PrincipalKind::Oidc { host: host.to_lowercase() }
}

/// Whether a text is the number of an account: twelve digits.
#[must_use]
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
