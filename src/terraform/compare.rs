//! Whether two values are the same, as `==` and sets tell.

use std::cmp::Ordering;

use super::number;
use crate::value::{Data, Value};

/// Whether two values are the same; `None` where only a run would show it. Values of different types
/// never are.
pub(super) fn equal(left: &Value, right: &Value) -> Option<bool> {
    match (&left.data, &right.data) {
        (Data::Unknown(_), _) | (_, Data::Unknown(_)) => None,
        (Data::Null, Data::Null) => Some(true),
        (Data::Bool(left), Data::Bool(right)) => Some(left == right),
        (Data::Number(left), Data::Number(right)) => number::compare(left, right).map(Ordering::is_eq),
        (Data::Text(left), Data::Text(right)) => match (left.as_str(), right.as_str()) {
            (Some(left), Some(right)) => Some(left == right),
            _ => differ(left.ends(), right.ends()).then_some(false),
        },
        (Data::List(left), Data::List(right)) => {
            if left.len() != right.len() {
                return Some(false);
            }
            all(left.iter().zip(right).map(|(left, right)| equal(left, right)))
        }
        (Data::Object(left), Data::Object(right)) => {
            if left.iter().chain(right).any(|entry| entry.name().is_none()) {
                return None;
            }
            if left.len() != right.len() {
                return Some(false);
            }
            all(left.iter().map(|entry| {
                let other = right.iter().find(|other| other.name() == entry.name());
                other.map_or(Some(false), |other| equal(&entry.value, &other.value))
            }))
        }
        _ => Some(false),
    }
}

/// Whether texts of which only the ends are known cannot be the same.
fn differ(left: (&str, &str), right: (&str, &str)) -> bool {
    let begins = !left.0.starts_with(right.0) && !right.0.starts_with(left.0);
    begins || (!left.1.ends_with(right.1) && !right.1.ends_with(left.1))
}

fn all(mut parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut whole = Some(true);
    loop {
        match parts.next() {
            None => return whole,
            Some(Some(false)) => return Some(false),
            Some(None) => whole = None,
            Some(Some(true)) => {}
        }
    }
}
