//! The stack set that creates the roles in every account of an organization's units.

use std::collections::BTreeSet;

use super::text::{made_of, text, words};

text! {
    /// An organizational unit, or the root of an organization.
    ///
    /// Source: the pattern of `OrganizationalUnitId` in the CloudFormation API reference.
    pub struct OrganizationalUnitId {
        what: "the ID of an organizational unit",
        rule: "it looks like `ou-ab12-c3d4e5f6`, or `r-ab12` for the whole organization; `aws organizations list-organizational-units-for-parent` prints it",
        pattern: "^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$",
        accepts: |text| {
            let is_part = |part: &str, most| made_of(part, most, |c| c.is_ascii_lowercase() || c.is_ascii_digit());
            let unit = text.strip_prefix("ou-").and_then(|rest| rest.split_once('-'));
            unit.is_some_and(|(root, unit)| is_part(root, 4..=32) && is_part(unit, 8..=32))
                || text.strip_prefix("r-").is_some_and(|root| is_part(root, 4..=32))
        },
    }
}

impl OrganizationalUnitId {
    /// Whether it is the root, which holds every unit.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.as_str().starts_with("r-")
    }
}

words! {
    /// What Account A is to its organization.
    pub enum CallAs: "a value for `call_as`" {
        /// The management account.
        Management = "self",
        /// A member account that may manage stack sets.
        DelegatedAdmin = "delegated_admin",
    }
}

impl CallAs {
    /// CloudFormation's word for it.
    #[must_use]
    pub fn api_word(self) -> &'static str {
        match self {
            Self::Management => "SELF",
            Self::DelegatedAdmin => "DELEGATED_ADMIN",
        }
    }
}

/// A stack set of Account A, which CloudFormation deploys to the accounts of units, and to those that join them.
#[derive(Debug, Clone)]
pub struct StackSet {
    /// The units; never empty.
    pub organizational_units: BTreeSet<OrganizationalUnitId>,
    /// What Account A is to the organization.
    pub call_as: CallAs,
    /// Whether an account that leaves the units keeps its roles.
    pub retain_on_removal: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Text as _;

    #[test]
    fn units_are_what_aws_takes() {
        for good in ["ou-ab12-c3d4e5f6", "r-ab12", "ou-0123456789abcdef-0123456789abcdef"] {
            assert!(OrganizationalUnitId::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "ou-ab12",
            "ou-ab1-c3d4e5f6",
            "ou-ab12-c3d4e5f",
            "OU-ab12-c3d4e5f6",
            "r-abc",
            "r-ab12-c3d4e5f6",
            "o-a1b2c3d4e5",
        ] {
            assert!(OrganizationalUnitId::parse(bad).is_err(), "{bad}");
        }
    }
}
