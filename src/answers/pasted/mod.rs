//! What a person types or pastes where one value is asked for.
//!
//! Responsible for finding the value in what people copy from consoles, command lines and other files: an ARN, an ID
//! with dashes, a region's display name. Refuses to guess silently: whatever is not the text itself is said, and what was
//! made up from it is shown before it is taken. For prompts only: files and flags are read strictly.

mod account;
mod iam;
mod place;
mod platform;
mod region;

use crate::diagnostic::words::{excerpt, is_hidden};
use crate::model::{AccountId, ArnParts, Invalid, Partition, TargetName, Text};

use super::names::safe_name;

pub use account::{account_id, organization_id, partition};
pub use iam::{PrincipalKind, permission_set, policy_arn, principal, role_arn, role_name};
pub use place::{bucket, hostname};
pub use platform::{
    branch, claims, enterprise, number, organization, other_host, project, repository, tag, workspace,
};
pub use region::region;

/// What was made of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pasted<T> {
    /// The text is the value.
    Exact(T),
    /// The part of the text that was asked for.
    Part(T),
    /// A value that the text is near to: to be shown before it is taken.
    Near(T),
}

/// The account in which something is asked for: an ARN from elsewhere is a mistake.
#[derive(Debug, Clone, Copy)]
pub struct Home<'a> {
    /// The partition of all accounts.
    pub partition: Partition,
    /// The account.
    pub account: &'a AccountId,
    /// What it is called in messages, as in `account A`.
    pub name: &'a str,
}

impl<T> Pasted<T> {
    /// The value, however it was found.
    pub fn value(&self) -> &T {
        match self {
            Self::Exact(value) | Self::Part(value) | Self::Near(value) => value,
        }
    }
}

impl Home<'_> {
    /// Refuses the ARN of something in another account or partition.
    fn check(&self, arn: &ArnParts<'_>) -> Result<(), String> {
        check_partition(arn, self.partition)?;
        if arn.account == self.account.as_str() {
            return Ok(());
        }
        let found = excerpt(arn.account);
        Err(format!("that ARN is in account {found}, and {} is {}", self.name, self.account))
    }
}

fn check_partition(arn: &ArnParts<'_>, wanted: Partition) -> Result<(), String> {
    if arn.partition == wanted.as_str() {
        return Ok(());
    }
    let found = excerpt(arn.partition);
    Err(format!("that ARN is in partition `{found}`, and account A is in `{wanted}`"))
}

/// A value of any type; only blanks and quotes around it are taken off.
///
/// # Errors
/// The rule that is broken, in one line.
pub fn plain<T: Text>(text: &str) -> Result<Pasted<T>, String> {
    read(text, |_| Ok(None))
}

/// The name of a target; any other name in a target's spelling is near to it.
///
/// # Errors
/// The rule that is broken, in one line.
pub fn target_name(text: &str) -> Result<Pasted<TargetName>, String> {
    read(text, |text| Ok(TargetName::parse(&safe_name(text)).ok().map(Pasted::Near)))
}

/// The text itself where it is a value, or else what `find` makes of it.
fn read<T: Text>(
    text: &str,
    find: impl FnOnce(&str) -> Result<Option<Pasted<T>>, String>,
) -> Result<Pasted<T>, String> {
    let text = text.trim_matches(is_blank);
    if text.is_empty() {
        return Err(format!("{} is required", T::WHAT));
    }
    let invalid = match T::parse(text) {
        Ok(value) => return Ok(Pasted::Exact(value)),
        Err(invalid) => invalid,
    };
    let bare = text.trim_matches(|c: char| is_blank(c) || "\"'`,;".contains(c));
    if let Ok(value) = T::parse(bare) {
        return Ok(Pasted::Part(value));
    }
    find(bare)?.ok_or_else(|| said(&invalid))
}

/// Blanks, and what text copied from a page has around it.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_hidden(c)
}

/// A broken rule in one line; what the help says of YAML behind a semicolon is of no use at a prompt.
fn said(invalid: &Invalid) -> String {
    let rule = invalid.help.split(';').next().unwrap_or_default();
    format!("{}: {rule}", invalid.message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ExternalId, ProfileName};

    #[test]
    fn blanks_and_quotes_are_taken_off() {
        let exact = |text| plain::<ProfileName>(text).expect(text);
        assert!(matches!(exact(" ops\u{a0}\u{feff}\t"), Pasted::Exact(name) if name.as_str() == "ops"));
        assert!(matches!(exact("\"ops\","), Pasted::Part(name) if name.as_str() == "ops"));
        assert_eq!(plain::<ExternalId>(" "), Err("an external ID is required".to_owned()));
    }

    #[test]
    fn names_of_accounts_are_near_to_names_of_targets() {
        let name = |text| target_name(text).map(|name| (name.value().to_string(), name));
        for (text, wanted) in [("Acme Prod", "acme-prod"), ("ACME_prod.1 ", "acme-prod-1"), ("Zoë", "zoe")] {
            let (found, pasted) = name(text).expect(text);
            assert!(found == wanted && matches!(pasted, Pasted::Near(_)), "{text}: {found}");
        }
        assert!(matches!(target_name(" prod "), Ok(Pasted::Exact(_))));
        for text in ["!!", "", "CON"] {
            assert!(name(text).is_err(), "{text}");
        }
    }
}
