//! The day on which the program runs.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::model::Date;

/// Today in UTC.
pub(super) fn today() -> Date {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Date::after_1970(seconds / 86_400)
}
