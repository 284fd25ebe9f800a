//! Buckets and hosts: by name, or out of an address.

use super::{Pasted, read};
use crate::model::{ArnParts, BucketName, Hostname, Text};

/// The name of a bucket, also out of its ARN or an `s3://` address.
///
/// # Errors
/// The rule that is broken.
pub fn bucket(text: &str) -> Result<Pasted<BucketName>, String> {
    read(text, |text| {
        let arn = ArnParts::split(text).filter(|arn| arn.service == "s3").map(|arn| arn.resource);
        let Some(inside) = arn.or_else(|| text.strip_prefix("s3://")) else {
            return Ok(BucketName::parse(&text.to_lowercase()).ok().map(Pasted::Near));
        };
        let name = inside.split('/').next().unwrap_or_default();
        Ok(BucketName::parse(name).ok().map(Pasted::Part))
    })
}

/// The name of a host, also out of the address of a page.
///
/// # Errors
/// The rule that is broken.
pub fn hostname(text: &str) -> Result<Pasted<Hostname>, String> {
    read(text, |text| {
        let (_, rest) = text.split_once("://").unwrap_or(("", text));
        let name = rest.split('/').next().unwrap_or_default();
        Ok(Hostname::parse(name).ok().map(Pasted::Part))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_addresses() {
        for text in ["arn:aws:s3:::states", "s3://states/a/b", "s3://states"] {
            assert!(matches!(bucket(text), Ok(Pasted::Part(name)) if name.as_str() == "states"), "{text}");
        }
        assert!(matches!(bucket("States"), Ok(Pasted::Near(name)) if name.as_str() == "states"));
        assert!(bucket("a b").is_err());
        let host = hostname("https://tfe.example.com/app/acme");
        assert!(matches!(host, Ok(Pasted::Part(name)) if name.as_str() == "tfe.example.com"));
    }
}
