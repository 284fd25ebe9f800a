//! Regions: by name, in capitals, or as the console calls them.

use std::collections::BTreeSet;

use super::{Pasted, read};
use crate::answers::names::safe_name;
use crate::diagnostic::words::few;
use crate::model::{Partition, Region, Text};

/// What the console calls regions.
///
/// Source: the descriptions of botocore's `partitions.json`, and "AWS Regions" of the AWS Regions and Availability Zones
/// guide for those that it does not list.
const DISPLAYED: [(&str, &str); 39] = [
    ("af-south-1", "Africa (Cape Town)"),
    ("ap-east-1", "Asia Pacific (Hong Kong)"),
    ("ap-east-2", "Asia Pacific (Taipei)"),
    ("ap-northeast-1", "Asia Pacific (Tokyo)"),
    ("ap-northeast-2", "Asia Pacific (Seoul)"),
    ("ap-northeast-3", "Asia Pacific (Osaka)"),
    ("ap-south-1", "Asia Pacific (Mumbai)"),
    ("ap-south-2", "Asia Pacific (Hyderabad)"),
    ("ap-southeast-1", "Asia Pacific (Singapore)"),
    ("ap-southeast-2", "Asia Pacific (Sydney)"),
    ("ap-southeast-3", "Asia Pacific (Jakarta)"),
    ("ap-southeast-4", "Asia Pacific (Melbourne)"),
    ("ap-southeast-5", "Asia Pacific (Malaysia)"),
    ("ap-southeast-6", "Asia Pacific (New Zealand)"),
    ("ap-southeast-7", "Asia Pacific (Thailand)"),
    ("ca-central-1", "Canada (Central)"),
    ("ca-west-1", "Canada West (Calgary)"),
    ("cn-north-1", "China (Beijing)"),
    ("cn-northwest-1", "China (Ningxia)"),
    ("eu-central-1", "Europe (Frankfurt)"),
    ("eu-central-2", "Europe (Zurich)"),
    ("eu-north-1", "Europe (Stockholm)"),
    ("eu-south-1", "Europe (Milan)"),
    ("eu-south-2", "Europe (Spain)"),
    ("eu-west-1", "Europe (Ireland)"),
    ("eu-west-2", "Europe (London)"),
    ("eu-west-3", "Europe (Paris)"),
    ("eusc-de-east-1", "AWS European Sovereign Cloud (Germany)"),
    ("il-central-1", "Israel (Tel Aviv)"),
    ("me-central-1", "Middle East (UAE)"),
    ("me-south-1", "Middle East (Bahrain)"),
    ("mx-central-1", "Mexico (Central)"),
    ("sa-east-1", "South America (São Paulo)"),
    ("us-east-1", "US East (N. Virginia)"),
    ("us-east-2", "US East (Ohio)"),
    ("us-gov-east-1", "AWS GovCloud (US-East)"),
    ("us-gov-west-1", "AWS GovCloud (US-West)"),
    ("us-west-1", "US West (N. California)"),
    ("us-west-2", "US West (Oregon)"),
];

/// A region, also in capitals, by one of its zones, or by its display name where that means only one.
///
/// # Errors
/// The rule that is broken, a display name that means several, or a region of another partition.
pub fn region(text: &str, wanted: Partition) -> Result<Pasted<Region>, String> {
    let found = read(text, |text| match named(text) {
        Some(region) => Ok(Some(Pasted::Part(region))),
        None => displayed(text, wanted).map(|found| found.map(Pasted::Part)),
    })?;
    match found.value().partition() {
        partition if partition == wanted => Ok(found),
        other => {
            let name = found.value();
            Err(format!("`{name}` is in partition `{other}`, and account A is in `{wanted}`"))
        }
    }
}

/// The region whose name, or one of whose zones, stands in the text.
fn named(text: &str) -> Option<Region> {
    let lowered = text.to_lowercase();
    let region = |word: &str| {
        let zone = word.strip_suffix(|c: char| c.is_ascii_lowercase()).unwrap_or(word);
        Region::parse(word).or_else(|_| Region::parse(zone)).ok()
    };
    let words = lowered.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let found: BTreeSet<Region> = words.filter_map(region).collect();
    let hyphened = lowered.replace([' ', '_'], "-");
    if found.len() == 1 { found.into_iter().next() } else { region(&hyphened) }
}

/// The one region in whose display name all words of the text stand; those of the partition come first.
fn displayed(text: &str, wanted: Partition) -> Result<Option<Region>, String> {
    let all: Vec<Region> = DISPLAYED
        .iter()
        .filter(|(_, name)| has_words(name, text))
        .filter_map(|(region, _)| Region::parse(region).ok())
        .collect();
    let near: Vec<&Region> = all.iter().filter(|region| region.partition() == wanted).collect();
    match (near.as_slice(), all.as_slice()) {
        ([one], _) => Ok(Some((*one).clone())),
        ([], [one]) => Ok(Some(one.clone())),
        ([], []) => Ok(None),
        (near, all) => {
            let all: Vec<&Region> = if near.is_empty() { all.iter().collect() } else { near.to_vec() };
            let names: Vec<&str> = all.iter().map(|region| region.as_str()).collect();
            Err(format!("that could be any of {}: name one of them", few(&names)))
        }
    }
}

fn has_words(name: &str, text: &str) -> bool {
    let (name, text) = (safe_name(name), safe_name(text));
    let known: Vec<&str> = name.split('-').collect();
    // The name of Europe was EU until 2019, and price lists still have it.
    let is_known = |word: &str| known.contains(&word) || word == "eu" && known[0] == "europe";
    !text.is_empty() && text.split('-').all(is_known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_found_by_all_their_names() {
        for (text, wanted) in [
            ("EU-West-1", "eu-west-1"),
            ("eu-west-1 ", "eu-west-1"),
            ("us east 1", "us-east-1"),
            ("us_west_2", "us-west-2"),
            ("eu-central-1b", "eu-central-1"),
            ("Europe (Ireland)", "eu-west-1"),
            ("EU (Ireland)", "eu-west-1"),
            ("Europe (Frankfurt) eu-central-1", "eu-central-1"),
            ("frankfurt", "eu-central-1"),
            ("N. Virginia", "us-east-1"),
            ("US West (Oregon)", "us-west-2"),
            ("sao paulo", "sa-east-1"),
            ("Canada (Central)", "ca-central-1"),
        ] {
            let found = region(text, Partition::Aws).expect(text);
            assert_eq!(found.value().as_str(), wanted, "{text}");
        }
        assert_eq!(
            region("us-east", Partition::UsGov).map(|found| found.value().to_string()),
            Ok("us-gov-east-1".to_owned())
        );
    }

    #[test]
    fn what_means_several_or_none_is_refused() {
        for (text, reason) in [
            ("Europe", "could be any of `eu-central-1`"),
            ("us east", "could be any of `us-east-1`"),
            ("mars", "is not a region"),
            ("eu-west-1 or eu-west-2", "is not a region"),
            ("GovCloud (US-West)", "is in partition `aws-us-gov`"),
            ("cn-north-1", "is in partition `aws-cn`, and account A is in `aws`"),
        ] {
            let why = region(text, Partition::Aws).expect_err(text);
            assert!(why.contains(reason), "{text}: {why}");
        }
    }

    #[test]
    fn every_display_name_means_its_region() {
        for (name, shown) in DISPLAYED {
            let expected = Region::parse(name).expect(name);
            let found = region(shown, expected.partition()).expect(shown);
            assert!(found.value() == &expected && expected.is_known(), "{shown}: {found:?}");
        }
    }
}
