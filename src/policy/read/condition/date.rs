//! Dates as IAM compares them: the W3C's profile of ISO 8601, or seconds since 1970.

use crate::model::{Date, Text};

/// A point in time: nanoseconds since 1970, UTC.
pub(super) type Instant = i128;

const NANOSECONDS: i128 = 1_000_000_000;

/// The instant of `2020`, `2020-04-01`, `2020-04-01T00:00:01.5Z`, `…+02:00`, or of a count of seconds. Four
/// digits are a year.
pub(super) fn parse(text: &str) -> Option<Instant> {
    let text = text.trim();
    let is_count = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_count && text.len() != 4 {
        return text.parse::<i64>().ok().map(|seconds| i128::from(seconds) * NANOSECONDS);
    }
    let (date, time) = match text.split_once(['T', 't']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let (days, is_whole) = days(date)?;
    match time {
        Some(time) if is_whole => Some(days * 86_400 * NANOSECONDS + time_of_day(time)?),
        Some(_) => None,
        None => Some(days * 86_400 * NANOSECONDS),
    }
}

/// Days since 1970 of `YYYY[-MM[-DD]]`, and whether the day was named.
fn days(date: &str) -> Option<(i128, bool)> {
    let rest = ["", "-01", "-01-01"].into_iter().find(|rest| date.len() + rest.len() == 10)?;
    let day = Date::parse(&format!("{date}{rest}")).ok()?;
    Some((day.days_since_1970().into(), rest.is_empty()))
}

/// Nanoseconds of `hh:mm[:ss[.s…]]` with its zone, which is not optional.
fn time_of_day(time: &str) -> Option<i128> {
    let zone_at = time.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = time.split_at(zone_at);
    let mut parts = clock.split(':');
    let hours = digits(parts.next()?, 2)?;
    let minutes = digits(parts.next()?, 2)?;
    let (seconds, fraction) = match parts.next() {
        None => (0, 0),
        Some(seconds) => match seconds.split_once('.') {
            Some((seconds, fraction)) => (digits(seconds, 2)?, nanoseconds(fraction)?),
            None => (digits(seconds, 2)?, 0),
        },
    };
    if parts.next().is_some() || hours > 23 || minutes > 59 || seconds > 60 {
        return None;
    }
    let offset = offset(zone)?;
    Some((hours * 3600 + minutes * 60 + seconds - offset) * NANOSECONDS + fraction)
}

/// Seconds east of Greenwich.
fn offset(zone: &str) -> Option<i128> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, clock) = match zone.strip_prefix('-') {
        Some(clock) => (-1, clock),
        None => (1, zone.strip_prefix('+')?),
    };
    let (hours, minutes) = clock.split_once(':').or_else(|| clock.split_at_checked(2))?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

fn nanoseconds(fraction: &str) -> Option<i128> {
    let kept = fraction.get(..fraction.len().min(9))?;
    let is_digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then(|| format!("{kept:0<9}").parse().ok())?
}

fn digits(text: &str, count: usize) -> Option<i128> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<i128> {
        parse(text).map(|instant| instant / NANOSECONDS)
    }

    #[test]
    fn forms_of_one_instant_are_equal() {
        for text in [
            "1609459200",
            "2021",
            "2021-01",
            "2021-01-01",
            "2021-01-01T00:00Z",
            "2021-01-01T00:00:00Z",
            "2021-01-01T00:00:00.000Z",
            "2021-01-01T02:00:00+02:00",
            "2020-12-31T19:00:00-0500",
        ] {
            assert_eq!(seconds(text), Some(1_609_459_200), "{text}");
        }
        assert_eq!(seconds("2000-02-29T12:00:00Z"), Some(951_825_600));
        assert_eq!(seconds("1970-01-01"), Some(0));
    }

    #[test]
    fn what_is_no_date_has_no_instant() {
        for text in
            ["", "x", "2021-13-01", "2021-02-29", "2021-01-01T00:00:00", "2021-01T00:00Z", "-5", "1.5"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
