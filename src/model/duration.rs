//! Lengths of sessions, as Go and so Terraform write them.

use std::fmt;

use super::text::{Invalid, Text, invalid};

/// A whole number of seconds, written as a Go duration: `1h`, `90m`, `1h30m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(u32);

impl Duration {
    /// The shortest session that STS gives: 15 minutes.
    pub const SHORTEST: Self = Self(900);
    /// The default and the least `MaxSessionDuration` of a role, and the most of a chained session.
    pub const HOUR: Self = Self(3600);
    /// The longest session of any role.
    pub const LONGEST: Self = Self(43_200);

    /// The number of seconds.
    #[must_use]
    pub fn seconds(self) -> u32 {
        self.0
    }
}

impl Text for Duration {
    const WHAT: &'static str = "a duration between 15m and 12h";
    const ID: Option<&'static str> = Some("CR040");

    fn parse(text: &str) -> Result<Self, Invalid> {
        let rule = "write hours, minutes and seconds as in `1h`, `90m` or `1h30m`";
        seconds(text)
            .map(Self)
            .filter(|duration| (Self::SHORTEST..=Self::LONGEST).contains(duration))
            .ok_or_else(|| invalid::<Self>(text, rule))
    }
}

/// The seconds of `1h30m15s`; units in descending order, each at most once.
fn seconds(text: &str) -> Option<u32> {
    let mut rest = text;
    let mut total: u32 = 0;
    for (unit, length) in [('h', 3600), ('m', 60), ('s', 1)] {
        let Some((number, after)) = rest.split_once(unit) else { continue };
        let digits = !number.is_empty() && number.len() <= 6 && number.bytes().all(|b| b.is_ascii_digit());
        let number: u32 = digits.then(|| number.parse().ok())??;
        total = total.checked_add(number.checked_mul(length)?)?;
        rest = after;
    }
    (rest.is_empty() && !text.is_empty()).then_some(total)
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [(self.0 / 3600, 'h'), (self.0 / 60 % 60, 'm'), (self.0 % 60, 's')];
        for (number, unit) in parts.into_iter().filter(|(number, _)| *number > 0) {
            write!(f, "{number}{unit}")?;
        }
        Ok(())
    }
}

impl serde::Serialize for Duration {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl schemars::JsonSchema for Duration {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Duration".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^([0-9]{1,6}h([0-9]{1,6}m)?([0-9]{1,6}s)?|[0-9]{1,6}m([0-9]{1,6}s)?|[0-9]{1,6}s)$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written_as_go_does() {
        for (written, seconds, shown) in [
            ("15m", 900, "15m"),
            ("1h", 3600, "1h"),
            ("60m", 3600, "1h"),
            ("1h30m", 5400, "1h30m"),
            ("900s", 900, "15m"),
            ("12h", 43_200, "12h"),
        ] {
            let duration = Duration::parse(written).expect(written);
            assert_eq!((duration.seconds(), &*duration.to_string()), (seconds, shown));
        }
    }

    #[test]
    fn durations_outside_what_sts_gives_are_refused() {
        for text in ["", "h", "14m59s", "12h0m1s", "1", "1H", "1m1h", "99999999999h", "-1h", "1h "] {
            assert!(Duration::parse(text).is_err(), "{text}");
        }
    }
}
