//! Policies that IAM refuses, or reads as something else than they look like.

use super::Policy;
use crate::diagnostic::{Level, Span};
use crate::lint::finding::Findings;
use crate::policy::evaluate::{Fault, Member, Node, Part, faults};
use crate::value::{Data, Entry, Value};

/// CR015, CR069, CR100 and CR101: what `explain` refuses to evaluate.
pub(super) fn refused(policy: &Policy<'_>, found: &mut Findings) {
    for Fault { id, place, message, help, .. } in faults(policy.value, policy.kind) {
        found.add_as(Level::Error, id, place, message, help);
    }
}

impl Node for Value {
    type Place = Span;

    fn place(&self) -> Span {
        match self.data {
            Data::List(_) | Data::Object(_) => self.start(),
            _ => self.at,
        }
    }

    fn part(&self) -> Part<'_, Self> {
        match &self.data {
            Data::Object(entries) => Part::Object(entries.iter().map(member).collect()),
            Data::List(items) => Part::List(items),
            Data::Text(text) => text.as_str().map_or(Part::Unknown, Part::Text),
            Data::Number(number) => Part::Scalar(number.clone()),
            Data::Bool(value) => Part::Scalar(value.to_string()),
            Data::Null => Part::Null,
            Data::Unknown(_) => Part::Unknown,
        }
    }
}

fn member(entry: &Entry) -> Member<'_, Value> {
    Member { key: entry.name(), place: entry.key_at, value: &entry.value }
}
