//! Amazon Resource Names, and the few kinds of them that the spec holds.

use super::text::{Text, text};
use super::{AccountId, Partition};

/// The parts of `arn:partition:service:region:account:resource`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArnParts<'a> {
    /// The partition, as written.
    pub partition: &'a str,
    /// The service, as in `iam`.
    pub service: &'a str,
    /// The region; empty for IAM.
    pub region: &'a str,
    /// The account: twelve digits, `aws`, or empty.
    pub account: &'a str,
    /// Everything behind the fifth colon.
    pub resource: &'a str,
}

impl<'a> ArnParts<'a> {
    /// Splits an ARN; `None` when it has fewer parts or does not begin with `arn:`.
    #[must_use]
    pub fn split(arn: &'a str) -> Option<Self> {
        let mut parts = arn.strip_prefix("arn:")?.splitn(5, ':');
        Some(Self {
            partition: parts.next()?,
            service: parts.next()?,
            region: parts.next()?,
            account: parts.next()?,
            resource: parts.next().filter(|resource| !resource.is_empty())?,
        })
    }
}

/// Defines an ARN type: a text of one service, with a resource of one form.
macro_rules! arn {
    ($(#[$meta:meta])* $Name:ident, $what:literal, $rule:literal, $pattern:literal, $accepts:expr) => {
        text! {
            $(#[$meta])*
            pub struct $Name {
                what: $what,
                id: "CR068",
                rule: $rule,
                pattern: $pattern,
                accepts: |text| {
                    let accepts: fn(&ArnParts<'_>) -> bool = $accepts;
                    ArnParts::split(text)
                        .is_some_and(|parts| Partition::parse(parts.partition).is_ok() && accepts(&parts))
                },
            }
        }

        impl $Name {
            /// The partition it is in; `None` for one that does not exist.
            #[must_use]
            pub fn partition(&self) -> Option<Partition> {
                ArnParts::split(&self.0).and_then(|parts| Partition::parse(parts.partition).ok())
            }

            /// The account field: twelve digits, or `aws`.
            #[must_use]
            pub fn account(&self) -> &str {
                ArnParts::split(&self.0).map_or("", |parts| parts.account)
            }
        }
    };
}

/// An IAM resource `kind/[path/]name` with IAM's characters, in an account that `accepts` likes.
fn is_iam(parts: &ArnParts<'_>, kind: &str, longest_name: usize) -> bool {
    let Some((found, full_name)) = parts.resource.split_once('/') else {
        return false;
    };
    let name = full_name.rsplit('/').next().unwrap_or(full_name);
    parts.service == "iam"
        && parts.region.is_empty()
        && found == kind
        && (1..=longest_name).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c))
        && full_name.chars().all(|c| c.is_ascii_graphic() && !"*?$\\\"".contains(c))
}

arn! {
    /// A managed policy: of AWS (`arn:aws:iam::aws:policy/…`) or of one account.
    PolicyArn,
    "the ARN of a managed policy",
    "it looks like `arn:aws:iam::aws:policy/ReadOnlyAccess` or `arn:aws:iam::222222222222:policy/NAME`",
    "^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[!#%-)+->@-\\[\\]-~]+$",
    |parts| {
        is_iam(parts, "policy", 128)
            && (parts.account == "aws" || AccountId::parse(parts.account).is_ok())
    }
}

impl PolicyArn {
    /// Path and name of a policy of AWS itself, as in `job-function/ViewOnlyAccess`.
    #[must_use]
    pub fn aws_name(&self) -> Option<&str> {
        let parts = ArnParts::split(&self.0).filter(|parts| parts.account == "aws")?;
        parts.resource.strip_prefix("policy/")
    }

    /// The same policy in whatever account a template is deployed to, for CloudFormation's `Fn::Sub`; `None` for a
    /// policy of AWS itself, which has one ARN.
    #[must_use]
    pub fn in_each_account(&self) -> Option<String> {
        let account = self.account();
        let own = format!(":{account}:");
        (account != "aws").then(|| self.as_str().replacen(&own, ":${AWS::AccountId}:", 1))
    }
}

arn! {
    /// A role.
    RoleArn,
    "the ARN of a role",
    "it looks like `arn:aws:iam::222222222222:role/NAME`",
    "^arn:aws[a-z-]*:iam::[0-9]{12}:role/[!#%-)+->@-\\[\\]-~]+$",
    |parts| is_iam(parts, "role", 64) && AccountId::parse(parts.account).is_ok()
}

arn! {
    /// A key of KMS, by id or by alias.
    KeyArn,
    "the ARN of a KMS key",
    "it looks like `arn:aws:kms:us-east-1:111111111111:key/ID`",
    "^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/[A-Za-z0-9/_-]+$",
    |parts| {
        let kind = parts.resource.split_once('/');
        parts.service == "kms"
            && !parts.region.is_empty()
            && AccountId::parse(parts.account).is_ok()
            && kind.is_some_and(|(kind, id)| {
                matches!(kind, "key" | "alias")
                    && !id.is_empty()
                    && id.chars().all(|c| c.is_ascii_alphanumeric() || "/_-".contains(c))
            })
    }
}
