//! Numbers as Terraform counts and writes them, as far as they are whole.
//!
//! Terraform's numbers have 512 bits. Whole ones that fit into 128 are counted here; what else would
//! have to be rounded just as Terraform does is left unknown instead.

/// The number that a literal or a text stands for, as Terraform writes it; `None` for what is not a
/// number, or might be written otherwise.
pub(super) fn canonical(written: &str) -> Option<String> {
    let (sign, digits) = written.strip_prefix('-').map_or(("", written), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty()
        || !is_digits(whole)
        || !is_digits(fraction)
        || digits.len() > 30
        || digits.ends_with('.')
    {
        return exponent(written);
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    let digits = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
    Some(if digits == "0" { digits } else { format!("{sign}{digits}") })
}

/// `1e3`, if it is whole and small.
fn exponent(written: &str) -> Option<String> {
    const LARGEST: f64 = 1e15;
    if !written.contains(['e', 'E']) {
        return None;
    }
    let number: f64 = written.parse().ok()?;
    (number.fract() == 0.0 && number.abs() < LARGEST).then(|| format!("{number:.0}"))
}

/// The whole number that a text is.
pub(super) fn whole(text: &str) -> Option<i128> {
    canonical(text)?.parse().ok()
}

/// Which of two numbers is greater, of any that are written in full.
pub(super) fn compare(left: &str, right: &str) -> Option<std::cmp::Ordering> {
    if let (Some(left), Some(right)) = (whole(left), whole(right)) {
        return Some(left.cmp(&right));
    }
    let (left, right) = (canonical(left)?, canonical(right)?);
    if left == right {
        return Some(std::cmp::Ordering::Equal);
    }
    let (left, right): (f64, f64) = (left.parse().ok()?, right.parse().ok()?);
    left.partial_cmp(&right).filter(|order| order.is_ne())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_terraform_writes_them() {
        for (written, wanted) in [
            ("007", Some("7")),
            ("-0", Some("0")),
            ("1.50", Some("1.5")),
            ("111111111111", Some("111111111111")),
            ("1e3", Some("1000")),
            ("1e99", None),
            ("1.", None),
            ("", None),
            ("a", None),
            ("infinity", None),
        ] {
            assert_eq!(canonical(written).as_deref(), wanted, "{written}");
        }
        assert_eq!(compare("1.5", "1.25"), Some(std::cmp::Ordering::Greater));
    }
}
