//! Where an account is: partitions and their regions.

use super::text::{Invalid, Text, invalid, text, words};

words! {
    /// A group of regions that shares nothing with the others: no ARNs, no principals, no roles.
    ///
    /// Source: the partitions of botocore 1.43.11. "You cannot delegate access across partitions"
    /// (IAM User Guide).
    pub enum Partition: "a partition" {
        /// The commercial regions.
        Aws = "aws",
        /// China, operated by Sinnet and NWCD.
        China = "aws-cn",
        /// US GovCloud.
        UsGov = "aws-us-gov",
        /// The European Sovereign Cloud.
        Eusc = "aws-eusc",
        /// US ISO (Top Secret).
        Iso = "aws-iso",
        /// US ISOB (Secret).
        IsoB = "aws-iso-b",
        /// EU ISOE.
        IsoE = "aws-iso-e",
        /// US ISOF.
        IsoF = "aws-iso-f",
    }
}

impl Partition {
    /// The region used where the spec names none.
    #[must_use]
    pub fn default_region(self) -> &'static str {
        match self {
            Self::Aws => "us-east-1",
            Self::China => "cn-north-1",
            Self::UsGov => "us-gov-west-1",
            Self::Eusc => "eusc-de-east-1",
            Self::Iso => "us-iso-east-1",
            Self::IsoB => "us-isob-east-1",
            Self::IsoE => "eu-isoe-west-1",
            Self::IsoF => "us-isof-south-1",
        }
    }

    /// The partition whose regions begin like this.
    fn of_region_area(area: &str) -> Option<Self> {
        Some(match area {
            "us" | "eu" | "ap" | "sa" | "ca" | "me" | "af" | "il" | "mx" => Self::Aws,
            "cn" => Self::China,
            "us-gov" => Self::UsGov,
            "eusc-de" => Self::Eusc,
            "us-iso" => Self::Iso,
            "us-isob" => Self::IsoB,
            "eu-isoe" => Self::IsoE,
            "us-isof" => Self::IsoF,
            _ => return None,
        })
    }
}

/// Regions that Terraform 1.11.0 and the AWS provider 5.67.0 know, the oldest that are used by default.
///
/// Source: `endpoints` of hashicorp/aws-sdk-go-base, v2.0.0-beta.58 (Terraform v1.10.0 to v1.11.1, by its `go.mod`), which has
/// the same as v2.0.0-beta.55 (August 2024, before provider 5.67.0).
const LONG_KNOWN: [&str; 38] = [
    "af-south-1",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-isoe-west-1",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-isob-east-1",
    "us-west-1",
    "us-west-2",
];

/// Regions that only later versions know. Source: as above, up to v2.0.0-beta.73 (May 2026).
///
/// Their first Terraform: 1.11.2 for `ap-southeast-7`, `mx-central-1`, `us-isof-east-1` and `us-isof-south-1`, 1.13.5 for
/// `ap-east-2` and `eusc-de-east-1`, 1.14.0 for `ap-southeast-6` (not 1.14.0-beta2), 1.14.9 for `us-isob-west-1`. The provider
/// knows `ap-southeast-6` from 6.12.0 on (its changelog).
const NEWER: [&str; 8] = [
    "ap-east-2",
    "ap-southeast-6",
    "ap-southeast-7",
    "eusc-de-east-1",
    "mx-central-1",
    "us-isob-west-1",
    "us-isof-east-1",
    "us-isof-south-1",
];

/// A region: its area, a direction and a number, as in `ap-southeast-2`.
///
/// The names are not a closed list, AWS adds some every year; what is checked is their form, which
/// neither `terraform validate` nor the provider does (both accept `mars-1`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Region(Box<str>);

impl Region {
    const RULE: &'static str = "regions look like `us-east-1` or `ap-southeast-2`";

    /// The name, as in `eu-west-1`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The partition the region belongs to.
    #[must_use]
    pub fn partition(&self) -> Partition {
        // The name was checked when the region was made, so the fallback is never taken.
        Self::partition_of(&self.0).unwrap_or(Partition::Aws)
    }

    /// Whether it is known to exist.
    #[must_use]
    pub fn is_known(&self) -> bool {
        LONG_KNOWN.contains(&self.as_str()) || NEWER.contains(&self.as_str())
    }

    /// Whether the oldest Terraform and AWS provider that are used by default refuse it, unless they are told not to look.
    #[must_use]
    pub fn is_newer_than_terraform(&self) -> bool {
        !LONG_KNOWN.contains(&self.as_str())
    }

    /// The regions that are called alike but for their number.
    #[must_use]
    pub fn known_beside(&self) -> Vec<&'static str> {
        let stem = self.0.trim_end_matches(|c: char| c.is_ascii_digit());
        let known = LONG_KNOWN.iter().chain(&NEWER).copied();
        let mut beside: Vec<_> = known.filter(|known| known.starts_with(stem)).collect();
        beside.sort_unstable();
        beside
    }

    fn partition_of(name: &str) -> Option<Partition> {
        const DIRECTIONS: [&str; 9] =
            ["north", "south", "east", "west", "central", "northeast", "northwest", "southeast", "southwest"];
        let (rest, number) = name.rsplit_once('-')?;
        let (area, direction) = rest.rsplit_once('-')?;
        let numbered = matches!(number.as_bytes(), [b'1'..=b'9']);
        (numbered && DIRECTIONS.contains(&direction)).then(|| Partition::of_region_area(area))?
    }
}

impl Text for Region {
    const WHAT: &'static str = "a region";
    const ID: Option<&'static str> = Some("CR005");

    fn parse(text: &str) -> Result<Self, Invalid> {
        match Self::partition_of(text) {
            Some(_) => Ok(Self(text.into())),
            None => Err(invalid::<Self>(text, Self::RULE)),
        }
    }
}

impl std::fmt::Display for Region {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl schemars::JsonSchema for Region {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Region".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^(us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov|eusc-de|us-iso|us-isob|eu-isoe|us-isof)-(north|south|east|west|central|northeast|northwest|southeast|southwest)-[1-9]$",
        })
    }
}

text! {
    /// An AWS account: twelve digits, leading zeros included, so always a text and never a number.
    ///
    /// Source: the pattern `\d{12}` of IAM's and STS's service models.
    pub struct AccountId {
        what: "an account ID",
        id: "CR001",
        rule: "an account ID has exactly 12 digits; write it in quotes, as in \"012345678901\"",
        pattern: "^[0-9]{12}$",
        accepts: |text| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

text! {
    /// An organization of AWS Organizations: `o-` and 10 to 32 lower-case letters or digits.
    ///
    /// Source: the pattern of `OrganizationId` in the Organizations API reference.
    pub struct OrganizationId {
        what: "an organization id",
        rule: "it looks like `o-a1b2c3d4e5`; `aws organizations describe-organization` prints it",
        pattern: "^o-[a-z0-9]{10,32}$",
        accepts: |text| text.strip_prefix("o-").is_some_and(|rest| {
            super::text::made_of(rest, 10..=32, |c| c.is_ascii_lowercase() || c.is_ascii_digit())
        }),
    }
}
