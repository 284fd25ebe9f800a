//! What all records have in common: a format's number first, and a reader that believes nothing.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The version of the record's format that this program writes.
pub const FORMAT: u32 = 1;

/// A record that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// Written by a newer crossrole.
    Newer(u32),
    /// Not a record of ours, or damaged: what about it.
    Damaged(String),
}

/// Refuses a format that this program does not know.
pub(super) fn check_format(format: u32) -> Result<(), Unreadable> {
    match format {
        0 => Err(Unreadable::Damaged("it has no `format`".to_owned())),
        FORMAT => Ok(()),
        newer => Err(Unreadable::Newer(newer)),
    }
}

/// A record behind the number of its format.
#[derive(Serialize, Deserialize)]
struct Numbered<T> {
    format: u32,
    #[serde(flatten)]
    record: T,
}

/// A record as YAML.
pub(super) fn write<T: Serialize>(record: &T) -> Result<String, String> {
    serde_yaml::to_string(&Numbered { format: FORMAT, record }).map_err(|error| error.to_string())
}

/// Reads such a record. Newer formats are told by their number alone, whatever else they hold.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    #[derive(Deserialize)]
    #[serde(expecting = "a record")]
    struct Header {
        format: u32,
    }
    if let Ok(Numbered { format: FORMAT, record }) = serde_yaml::from_str(text) {
        return Ok(record);
    }
    let damaged = |error: serde_yaml::Error| Unreadable::Damaged(error.to_string());
    check_format(serde_yaml::from_str::<Header>(text).map_err(damaged)?.format)?;
    serde_yaml::from_str(text).map_err(damaged)
}
