//! Who asks, and whom a statement names.

use crate::model::ArnParts;

/// Someone who makes requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The ARN; the name of a service or of a federated provider.
    name: String,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// The root user of an account.
    Root { account: String },
    /// An IAM user; the name without its path.
    User { account: String, user: String },
    /// A role, as whatever session it has. Only a role given by its own ARN has a path that is
    /// known: the ARN of a session drops it.
    Role { partition: String, account: String, role: String, arn: Option<String>, session: Option<String> },
    /// A session of `GetFederationToken`.
    FederatedUser { account: String },
    /// An AWS service.
    Service,
    /// A user of an identity provider, before AWS knows them.
    Federated,
    /// Nobody in particular.
    Anonymous,
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
    /// identity provider; or a service's name, as in `ec2.amazonaws.com`, or `*` for anybody without
    /// credentials.
    ///
    /// # Errors
    /// What is wrong with the text, when it names no such principal.
    pub fn parse(text: &str) -> Result<Self, NotAPrincipal> {
        let kind = match ArnParts::split(text) {
            Some(parts) => of_arn(&parts, text),
            None if text == "*" => Some(Kind::Anonymous),
            None if is_account(text) => return Self::parse(&format!("arn:aws:iam::{text}:root")),
            None if is_service(text) => Some(Kind::Service),
            None => None,
        };
        let shown = crate::diagnostic::words::excerpt(text);
        kind.map(|kind| Self { name: text.to_owned(), kind }).ok_or_else(|| {
            NotAPrincipal(format!(
                "`{shown}` names no principal; it looks like `arn:aws:iam::111111111111:user/NAME`, `…:role/NAME` or `arn:aws:sts::111111111111:assumed-role/NAME/SESSION`"
            ))
        })
    }

    /// A session of a role, whose ARN with its path is known.
    #[must_use]
    pub fn with_session(mut self, name: &str) -> Self {
        if let Kind::Role { session, .. } = &mut self.kind {
            *session = Some(name.to_owned());
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
            Kind::Root { account }
            | Kind::User { account, .. }
            | Kind::Role { account, .. }
            | Kind::FederatedUser { account } => Some(account),
            Kind::Service | Kind::Federated | Kind::Anonymous => None,
        }
    }

    /// Whether it is the root user of an account.
    #[must_use]
    pub fn is_root(&self) -> bool {
        matches!(self.kind, Kind::Root { .. })
    }

    /// Whether it is a role, or a session of one.
    #[must_use]
    pub fn is_role(&self) -> bool {
        matches!(self.kind, Kind::Role { .. })
    }

    /// The condition keys that follow from who it is.
    pub(super) fn keys(&self) -> Vec<(&'static str, String)> {
        let kind = match &self.kind {
            Kind::Root { .. } => "Account",
            Kind::User { .. } => "User",
            Kind::Role { .. } => "AssumedRole",
            Kind::FederatedUser { .. } => "FederatedUser",
            Kind::Anonymous => "Anonymous",
            Kind::Service => {
                let service = ("aws:PrincipalServiceName", self.name.clone());
                return vec![("aws:PrincipalIsAWSService", "true".to_owned()), service];
            }
            Kind::Federated => return vec![("aws:FederatedProvider", self.name.clone())],
        };
        let mut keys = vec![("aws:PrincipalType", kind.to_owned())];
        if let Some(account) = self.account() {
            keys.push(("aws:PrincipalAccount", account.to_owned()));
            keys.push(("aws:PrincipalArn", self.arn_of_policies()));
            keys.push(("aws:PrincipalIsAWSService", "false".to_owned()));
        }
        if let Kind::User { user, .. } = &self.kind {
            keys.push(("aws:username", user.clone()));
        }
        keys
    }

    /// The value of `aws:PrincipalArn`: of a session it is the role's.
    ///
    /// Source: "For IAM roles, the request context returns the ARN of the role, not the ARN of the
    /// user that assumed the role" (IAM User Guide, global condition keys).
    fn arn_of_policies(&self) -> String {
        match &self.kind {
            Kind::Role { arn: Some(arn), .. } => arn.clone(),
            Kind::Role { partition, account, role, .. } => {
                format!("arn:{partition}:iam::{account}:role/{role}")
            }
            _ => self.name.clone(),
        }
    }

    fn partition(&self) -> &str {
        ArnParts::split(&self.name).map_or("aws", |parts| parts.partition)
    }
}

fn of_arn(parts: &ArnParts<'_>, text: &str) -> Option<Kind> {
    if text.contains(['*', '?']) || !parts.region.is_empty() || !is_account(parts.account) {
        return None;
    }
    let account = parts.account.to_owned();
    let (kind, name) = parts.resource.split_once('/').unwrap_or((parts.resource, ""));
    let last = name.rsplit('/').next().filter(|last| !last.is_empty());
    let role = |role: &str, arn, session| Kind::Role {
        partition: parts.partition.to_owned(),
        account: account.clone(),
        role: role.to_owned(),
        arn,
        session,
    };
    match (parts.service, kind) {
        ("iam", "root") if name.is_empty() => Some(Kind::Root { account }),
        ("iam", "user") => Some(Kind::User { account, user: last?.to_owned() }),
        ("iam", "role") => Some(role(last?, Some(text.to_owned()), None)),
        ("iam", "oidc-provider" | "saml-provider") => last.map(|_| Kind::Federated),
        ("sts", "assumed-role") => {
            let (name, session) = name.split_once('/')?;
            let is_whole = !name.is_empty() && !session.is_empty() && !session.contains('/');
            is_whole.then(|| role(name, None, Some(session.to_owned())))
        }
        ("sts", "federated-user") => last.map(|_| Kind::FederatedUser { account }),
        _ => None,
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_service(text: &str) -> bool {
    let is_host = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
    text.contains(".amazonaws.com") && text.chars().all(is_host)
}

/// How a statement names a principal, from the loosest to the closest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grip {
    /// By its account, which decides for itself whom it lets.
    Account,
    /// As everybody.
    Everyone,
    /// By itself.
    Itself,
}

/// One entry of `Principal` or `NotPrincipal`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// `*`.
    Everyone,
    /// An account, in whatever partition it is unless one is written.
    Account { partition: Option<String>, account: String },
    /// A role: all its sessions. The second text begins the ARN of each.
    Role { arn: String, sessions: String },
    /// A user, a session of a role, a federated user.
    Exactly(String),
    /// A service; `*` is every one.
    Service(String),
    /// A provider of identities; `*` is every one.
    Federated(String),
    /// What no request can match: the id of a deleted user or role, a pattern, a group.
    Nobody(String),
}

impl Named {
    /// An entry below the key `AWS`.
    pub(super) fn aws(text: &str) -> Self {
        if text == "*" {
            return Self::Everyone;
        }
        if is_account(text) {
            return Self::Account { partition: None, account: text.to_owned() };
        }
        match Principal::parse(text).map(|principal| principal.kind) {
            Ok(Kind::Root { account }) => {
                let partition = ArnParts::split(text).map(|parts| parts.partition.to_owned());
                Self::Account { partition, account }
            }
            Ok(Kind::Role { partition, account, role, arn: Some(arn), .. }) => {
                Self::Role { arn, sessions: format!("arn:{partition}:sts::{account}:assumed-role/{role}/") }
            }
            Ok(Kind::User { .. } | Kind::Role { .. } | Kind::FederatedUser { .. }) => {
                Self::Exactly(text.to_owned())
            }
            _ => Self::Nobody(text.to_owned()),
        }
    }

    /// The entry as it is written.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Everyone => "*",
            Self::Account { account, .. } => account,
            Self::Role { arn: text, .. }
            | Self::Exactly(text)
            | Self::Service(text)
            | Self::Federated(text)
            | Self::Nobody(text) => text,
        }
    }

    /// How the entry names a principal, if it does.
    pub(super) fn grip(&self, principal: &Principal) -> Option<Grip> {
        let is_named = match self {
            Self::Everyone => return Some(Grip::Everyone),
            Self::Account { partition, account } => {
                let is_here = partition.as_deref().is_none_or(|partition| partition == principal.partition());
                let is_meant = is_here && principal.account() == Some(account);
                return is_meant.then_some(if principal.is_root() { Grip::Itself } else { Grip::Account });
            }
            Self::Role { arn, sessions } => match &principal.kind {
                Kind::Role { arn: Some(theirs), .. } => arn == theirs,
                Kind::Role { arn: None, .. } => principal.name.starts_with(&**sessions),
                _ => false,
            },
            Self::Exactly(name) => match &principal.kind {
                Kind::Role { partition, account, role, session: Some(session), .. } => {
                    *name == format!("arn:{partition}:sts::{account}:assumed-role/{role}/{session}")
                }
                _ => *name == principal.name,
            },
            Self::Service(name) => {
                principal.kind == Kind::Service && (name == "*" || *name == principal.name)
            }
            Self::Federated(name) => {
                principal.kind == Kind::Federated && (name == "*" || *name == principal.name)
            }
            Self::Nobody(_) => false,
        };
        is_named.then_some(Grip::Itself)
    }
}

/// Whether `NotPrincipal` of a statement that denies leaves a principal out: it must list every name
/// that the principal goes by, the account's among them.
///
/// Source: "When you use `NotPrincipal` with `Deny`, you must also specify the account ARN of the
/// not-denied principal", and for a session its role's, too (IAM User Guide, `NotPrincipal`).
pub(super) fn is_exempt(principal: &Principal, entries: &[Named]) -> bool {
    let is_listed = |entry: &&Named| entry.grip(principal) == Some(Grip::Itself);
    let by_itself = entries.iter().any(|entry| is_listed(&entry));
    let by_account = entries.iter().any(|entry| entry.grip(principal) == Some(Grip::Account));
    let by_role = entries.iter().filter(is_listed).any(|entry| matches!(entry, Named::Role { .. }));
    let by_session = entries.iter().filter(is_listed).any(|entry| matches!(entry, Named::Exactly(_)));
    entries.contains(&Named::Everyone)
        || match &principal.kind {
            Kind::User { .. } | Kind::FederatedUser { .. } => by_itself && by_account,
            Kind::Role { session: Some(_), .. } => by_session && by_role && by_account,
            Kind::Role { session: None, .. } => by_role && by_account,
            Kind::Root { .. } | Kind::Service | Kind::Federated | Kind::Anonymous => by_itself,
        }
}
