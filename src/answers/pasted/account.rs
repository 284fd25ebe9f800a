//! IDs of accounts and organizations.

use super::{Pasted, check_partition, read};
use crate::diagnostic::words::excerpt;
use crate::model::{AccountId, ArnParts, OrganizationId, Partition, Text};

/// The ID of an account: as the console shows it (`1111-2222-3333`), or out of an ARN of anything in it.
///
/// # Errors
/// The rule that is broken, an ARN that names no account, or one of another partition.
pub fn account_id(text: &str, wanted: Option<Partition>) -> Result<Pasted<AccountId>, String> {
    read(text, |text| {
        if let Some(arn) = ArnParts::split(text) {
            return of_arn(text, &arn, wanted).map(|id| Some(Pasted::Part(id)));
        }
        let digits: String = text.chars().filter(|c| !is_separator(*c)).collect();
        Ok(AccountId::parse(&digits).ok().map(Pasted::Part).or_else(|| only_one_in(text).map(Pasted::Near)))
    })
}

/// The partition that an ARN names.
#[must_use]
pub fn partition(text: &str) -> Option<Partition> {
    ArnParts::split(text.trim()).and_then(|arn| Partition::parse(arn.partition).ok())
}

/// The ID of an organization, also out of an ARN of the organization or of an account of it.
///
/// # Errors
/// The rule that is broken.
pub fn organization_id(text: &str) -> Result<Pasted<OrganizationId>, String> {
    read(text, |text| {
        let lowered = text.to_lowercase();
        let mut parts = lowered.split(['/', ':']);
        Ok(parts.find_map(|part| OrganizationId::parse(part).ok()).map(Pasted::Part))
    })
}

fn of_arn(text: &str, arn: &ArnParts<'_>, wanted: Option<Partition>) -> Result<AccountId, String> {
    if let Some(wanted) = wanted {
        check_partition(arn, wanted)?;
    }
    // Organizations names the management account first, and the account itself last.
    let member = arn.resource.strip_prefix("account/").and_then(|rest| rest.rsplit('/').next());
    let account = member.filter(|_| arn.service == "organizations").unwrap_or(arn.account);
    AccountId::parse(account).map_err(|_| format!("`{}` does not name an account", excerpt(text)))
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || c == '-' || ('\u{2010}'..='\u{2015}').contains(&c)
}

/// The only ID in a text, as in `prod (1111-2222-3333)` or the address of a sign-in page.
fn only_one_in(text: &str) -> Option<AccountId> {
    let words = text.split(|c: char| !c.is_ascii_digit() && !is_separator(c) || c.is_whitespace());
    let digits = words.map(|word| word.chars().filter(char::is_ascii_digit).collect::<String>());
    let mut ids = digits.filter_map(|digits| AccountId::parse(&digits).ok());
    ids.next().filter(|_| ids.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_what_people_copy() {
        for text in [
            "1111-2222-3333",
            " 1111 2222 3333 ",
            "1111\u{2011}2222\u{2011}3333",
            "\"111122223333\",",
            "arn:aws:iam::111122223333:root",
            "arn:aws:sts::111122223333:assumed-role/ci/session",
            "arn:aws:organizations::999999999999:account/o-a1b2c3d4e5/111122223333",
        ] {
            let found = account_id(text, Some(Partition::Aws)).expect(text);
            assert!(matches!(&found, Pasted::Part(id) if id.as_str() == "111122223333"), "{text}: {found:?}");
        }
        for text in ["prod (1111-2222-3333)", "https://111122223333.signin.aws.amazon.com/console"] {
            let found = account_id(text, None).expect(text);
            assert!(matches!(&found, Pasted::Near(id) if id.as_str() == "111122223333"), "{text}: {found:?}");
        }
    }

    #[test]
    fn what_names_no_account_or_another_partition_is_refused_with_the_reason() {
        for (text, reason) in [
            ("1111-2222-333", "exactly 12 digits"),
            ("111111111111 or 222222222222", "exactly 12 digits"),
            ("arn:aws:s3:::states", "does not name an account"),
            ("arn:aws:iam::aws:policy/ReadOnlyAccess", "does not name an account"),
            ("arn:aws-cn:iam::111122223333:root", "is in partition `aws-cn`, and account A is in `aws`"),
        ] {
            let why = account_id(text, Some(Partition::Aws)).expect_err(text);
            assert!(why.contains(reason), "{text}: {why}");
        }
    }

    #[test]
    fn organizations_are_found_in_their_arns() {
        for text in [
            "O-A1B2C3D4E5",
            "arn:aws:organizations::111111111111:organization/o-a1b2c3d4e5",
            "arn:aws:organizations::111111111111:account/o-a1b2c3d4e5/222222222222",
        ] {
            let found = organization_id(text).expect(text);
            assert!(matches!(&found, Pasted::Part(id) if id.as_str() == "o-a1b2c3d4e5"), "{text}: {found:?}");
        }
        assert!(organization_id("ou-a1b2-c3d4e5f6").is_err());
    }
}
