//! The time, as evidence has it.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::model::Date;

/// Now, in UTC: `2026-01-02T03:04:05Z`.
pub(super) fn now() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (date, second) = (Date::after_1970(seconds / 86_400), seconds % 86_400);
    format!("{date}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}
