//! Numbers as IAM compares them: integers and decimals of any length.

use std::cmp::Ordering;

/// A decimal number, digit by digit: nothing is rounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    negative: bool,
    /// Without leading zeros.
    whole: String,
    /// Without trailing zeros.
    fraction: String,
}

impl Number {
    /// The number of a text like `-12.50`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !is_digits(whole) || !is_digits(fraction) {
            return None;
        }
        let whole = whole.trim_start_matches('0').to_owned();
        let fraction = fraction.trim_end_matches('0').to_owned();
        let is_zero = whole.is_empty() && fraction.is_empty();
        Some(Self { negative: negative && !is_zero, whole, fraction })
    }

    fn size(&self) -> (usize, &str, &str) {
        (self.whole.len(), &self.whole, &self.fraction)
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.size().cmp(&other.size()),
            (true, true) => other.size().cmp(&self.size()),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_compare_by_value() {
        let order = ["-10", "-2.5", "-0.1", "0", "0.05", "0.1", "1", "9.99", "10", "123456789012345678901"];
        let numbers: Vec<Number> = order.iter().map(|text| Number::parse(text).expect("a number")).collect();
        assert!(numbers.is_sorted());
        assert_eq!(Number::parse("-0.00"), Number::parse("0"));
        assert_eq!(Number::parse("007.10"), Number::parse("7.1"));
        for text in ["", ".", "-", "1e3", "1,5", "0x10", "1.2.3"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }
}
