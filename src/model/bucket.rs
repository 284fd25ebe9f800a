//! Names of S3 buckets, and what else an S3 backend is told.

use super::text::{made_of, text};
use super::{AccountId, Region};

/// Beginnings that S3 keeps for itself. Source: "General purpose bucket naming rules".
const RESERVED_STARTS: [&str; 3] = ["xn--", "sthree-", "amzn-s3-demo-"];
/// Endings that S3 keeps for itself, `-an` being for account-regional names. Source: as above.
const RESERVED_ENDS: [&str; 6] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3", "-an"];

text! {
    /// The name of a general purpose bucket.
    ///
    /// Source: "General purpose bucket naming rules" of the S3 User Guide. Neither the provider
    /// nor `terraform validate` checks any of it.
    pub struct BucketName {
        what: "a bucket name",
        id: "CR090",
        rule: "3 to 63 lower-case letters, digits, `.` and `-`, with a letter or digit at both ends, no `..`, no IP address, and none of S3's own beginnings and endings (`xn--`, `sthree-`, `amzn-s3-demo-`, `-s3alias`, `--ol-s3`, `.mrap`, `--x-s3`, `--table-s3`, `-an`)",
        pattern: "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
        accepts: |text| {
            let is_end = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
            made_of(text, 3..=63, |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '-')
                && text.starts_with(is_end)
                && text.ends_with(is_end)
                && !text.contains("..")
                && text.parse::<std::net::Ipv4Addr>().is_err()
                && !RESERVED_STARTS.iter().any(|start| text.starts_with(start))
                && !RESERVED_ENDS.iter().any(|end| text.ends_with(end))
        },
    }
}

impl BucketName {
    /// `prefix-account-region-hash`: unique without a random provider, and the same every time.
    ///
    /// A [`BucketPrefix`] is short enough for every region, so the result is always a valid name.
    pub(crate) fn derived(prefix: &BucketPrefix, account: &AccountId, region: &Region, hash: &str) -> Self {
        Self(format!("{prefix}-{account}-{region}-{hash}").into())
    }
}

text! {
    /// The beginning of a derived bucket name.
    ///
    /// At most 24 characters, so that `-123456789012-ap-southeast-2-0a1b2c3d` fits behind it for
    /// the region with the longest name.
    pub struct BucketPrefix {
        what: "a bucket prefix",
        id: "CR090",
        rule: "1 to 24 lower-case letters, digits and `-`, beginning with a letter or digit and with none of `xn--`, `sthree-`, `amzn-s3-demo-`",
        pattern: "^[a-z0-9][a-z0-9-]{0,23}$",
        accepts: |text| {
            made_of(text, 1..=24, |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
                && !text.starts_with('-')
                && !RESERVED_STARTS.iter().any(|start| text.starts_with(start) || format!("{text}-").starts_with(start))
        },
    }
}

text! {
    /// The folder of a state bucket under which every root has its key.
    pub struct KeyPrefix {
        what: "a key prefix",
        rule: "1 to 512 letters, digits and any of `!_.*'()/-`, without a `/` at either end",
        pattern: "^[A-Za-z0-9!_.*'()-]+(/[A-Za-z0-9!_.*'()-]+)*$",
        longest: 512,
        accepts: |text| {
            made_of(text, 1..=512, |c| c.is_ascii_alphanumeric() || "!_.*'()/-".contains(c))
                && text.split('/').all(|part| !part.is_empty())
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::Text;
    use super::*;

    #[test]
    fn the_longest_derived_name_is_valid() {
        let prefix = BucketPrefix::parse(&"a".repeat(24)).expect("24 letters");
        let account = AccountId::parse("123456789012").expect("12 digits");
        for region in
            ["ap-southeast-2", "ap-northeast-1", "us-gov-west-1", "eusc-de-east-1", "us-isob-east-1"]
        {
            let region = Region::parse(region).expect(region);
            let name = BucketName::derived(&prefix, &account, &region, "0a1b2c3d");
            assert_eq!(BucketName::parse(name.as_str()).as_ref(), Ok(&name));
        }
    }

    #[test]
    fn names_that_s3_refuses_are_refused() {
        for name in [
            "ab",
            "Bad_Bucket..Name",
            "sthree-abc-s3alias",
            "192.168.5.4",
            "xn--abc",
            "abc-",
            "-abc",
            "amzn-s3-demo-x",
            "abc--ol-s3",
            "abc.mrap",
            "x-123456789012-us-east-1-an",
        ] {
            assert!(BucketName::parse(name).is_err(), "{name}");
        }
        assert!(BucketPrefix::parse("xn-").is_err(), "with its hyphen it begins like `xn--`");
    }
}
