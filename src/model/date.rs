//! Days of the calendar: one type for whatever counts or compares them.

use std::fmt;

use super::text::{Invalid, Text, invalid};

/// A day of the Gregorian calendar, in the years 0 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day, if the calendar has it.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let is_day = year <= 9999 && (1..=length(year, month)).contains(&day);
        is_day.then_some(Self { year, month, day })
    }

    /// The day that comes so many days after 1970-01-01.
    #[must_use]
    pub fn after_1970(days: u64) -> Self {
        let days = i64::try_from(days).unwrap_or(i64::MAX);
        let mut date = Self { year: 1970, month: 1, day: 1 };
        let is_reached = |date: Self| date.days_since_1970() <= days && date.year <= 9999;
        while let Some(next) = Some(Self { year: date.year + 1, ..date }).filter(|next| is_reached(*next)) {
            date = next;
        }
        while let Some(next) = Self::new(date.year, date.month + 1, 1).filter(|next| is_reached(*next)) {
            date = next;
        }
        let past = u8::try_from(days - date.days_since_1970()).unwrap_or(u8::MAX);
        Self { day: past.saturating_add(1).min(length(date.year, date.month)), ..date }
    }

    /// How many days it comes after 1970-01-01, or before it if negative.
    #[must_use]
    pub fn days_since_1970(self) -> i64 {
        let past = i64::from(self.year) - 1;
        let leap_days = past.div_euclid(4) - past.div_euclid(100) + past.div_euclid(400);
        let months: i64 = (1..self.month).map(|month| i64::from(length(self.year, month))).sum();
        // The same sum for 1970-01-01 is 719,163.
        past * 365 + leap_days + months + i64::from(self.day) - 719_163
    }
}

/// The days of a month; none where there is no such month.
fn length(year: u16, month: u8) -> u8 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u8::from(is_leap),
        _ => 0,
    }
}

impl Text for Date {
    const WHAT: &'static str = "a date";
    const ID: Option<&'static str> = None;

    fn parse(text: &str) -> Result<Self, Invalid> {
        let is_form = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        let date = || Self::new(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?);
        let date = if is_form { date() } else { None };
        date.ok_or_else(|| invalid::<Self>(text, "write year, month and day as in `2027-06-30`"))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl schemars::JsonSchema for Date {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_the_calendar_does() {
        for (days, text) in [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (19_722, "2023-12-31"),
            (20_999, "2027-06-30"),
        ] {
            let date = Date::after_1970(days);
            assert_eq!(date.to_string(), text);
            assert_eq!(date.days_since_1970().cast_unsigned(), days);
        }
        assert_eq!(Date::parse("0000-01-01").map(Date::days_since_1970), Ok(-719_528));
    }

    #[test]
    fn every_day_is_found_again_and_comes_after_the_one_before() {
        let mut before = None;
        for days in 0..60_000 {
            let date = Date::after_1970(days);
            assert!(before < Some(date), "{date}");
            assert_eq!(Date::parse(&date.to_string()), Ok(date));
            before = Some(date);
        }
        assert_eq!(Date::after_1970(u64::MAX).to_string(), "9999-12-31");
    }

    #[test]
    fn what_the_calendar_has_not_is_no_date() {
        for text in [
            "",
            "2027",
            "2027-6-30",
            "2027-06-31",
            "2027-02-29",
            "1900-02-29",
            "2027-13-01",
            "2027-00-10",
            "2027-01-00",
            "2027/06/30",
            "+027-06-30",
            "2027-06-30 ",
            "２027-06-3",
        ] {
            assert!(Date::parse(text).is_err(), "{text}");
        }
    }
}
