//! One part of a fleet, for a job that runs beside others.

use std::fmt;
use std::str::FromStr;

use crate::model::AccountId;

/// The most parts that a fleet is cut into: a matrix of GitHub Actions has no more jobs.
///
/// Source: "Usage limits, billing, and administration" (GitHub Actions); GitLab's matrix has 200.
const MOST: u64 = 256;

/// `I/N`: the I-th of N parts, counted from 1.
///
/// An account is in one part, whatever other accounts there are, so that two jobs never work in one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    number: u64,
    of: u64,
}

impl Shard {
    /// Whether an account belongs to this part.
    #[must_use]
    pub fn holds(self, account: &AccountId) -> bool {
        // Twelve digits, so this is the account's number: run.sh computes the same.
        let number = account.as_str().bytes().fold(0, |number, digit| number * 10 + u64::from(digit - b'0'));
        number % self.of + 1 == self.number
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| -> Option<u64> {
            let is_number = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| text.parse().ok())?
        };
        let parts = text.split_once('/').and_then(|(number_, of)| Some((number(number_)?, number(of)?)));
        match parts {
            Some((number, of)) if number <= of && of <= MOST => Ok(Self { number, of }),
            _ => Err(format!("a shard is `I/N`, with I from 1 to N and N at most {MOST}")),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}
