//! Diagnostics that say the same, as one with its places.
//!
//! Responsible for what people read once although it was found often. Refuses to leave anything out: each
//! diagnostic is in one group.

use std::collections::BTreeMap;

use super::Detail;
use crate::diagnostic::words::{Count, Number};
use crate::diagnostic::{Diagnostic, Level};

/// Places beside the first that are named.
const MOST_PLACES: usize = 5;
/// Errors that say the same and are still shown one by one: each has to be mended.
const MOST_ERRORS: usize = 3;
/// Messages that differ in names alone and are still shown one by one; of errors, more.
const MOST_ALIKE: [usize; 2] = [3, 10];

/// A diagnostic, and others that say no more.
#[derive(Debug)]
pub(super) struct Repeated<'d> {
    pub(super) first: &'d Diagnostic,
    pub(super) others: Vec<&'d Diagnostic>,
}

/// Puts together what says the same, in the order of the first; nothing where every detail is wanted.
pub(super) fn grouped<'d>(found: impl Iterator<Item = &'d Diagnostic>, detail: Detail) -> Vec<Repeated<'d>> {
    let alone = |first| Repeated { first, others: Vec::new() };
    if detail == Detail::All {
        return found.map(alone).collect();
    }
    let most = |level, of_others, of_errors| if level == Level::Error { of_errors } else { of_others };
    // What has no place says itself what it is about.
    let same = |found: &Diagnostic| found.place.as_ref().map(|_| said(found));
    let same = by_key(found.map(alone).collect(), same, |level| most(level, 1, MOST_ERRORS));
    let [others, errors] = MOST_ALIKE;
    by_key(same, |found| Some(without_names(&found.message)), |level| most(level, others, errors))
}

/// What a diagnostic says; a note is about its rule more than about what it names.
fn said(found: &Diagnostic) -> String {
    match found.level {
        Level::Note if found.id.is_some_and(|id| id != "CR110") => String::new(),
        Level::Note | Level::Warning => found.message.clone(),
        Level::Error => format!("{} {:?}", found.message, found.help),
    }
}

/// A message with nothing between its backticks, and without numbers.
fn without_names(message: &str) -> String {
    let words = message.split('`').step_by(2).collect::<Vec<_>>().join("``");
    words.chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// Groups that have the same key and level become one where there are more than so many of them.
fn by_key<'d>(
    groups: Vec<Repeated<'d>>,
    key: impl Fn(&Diagnostic) -> Option<String>,
    most: impl Fn(Level) -> usize,
) -> Vec<Repeated<'d>> {
    // A kind has its key once, however many say the same: an error found 200,000 times costs no memory twice.
    let mut kinds = BTreeMap::new();
    let mut kind = |group: &Repeated<'_>| {
        let key = (group.first.level, group.first.id, key(group.first)?);
        let next = kinds.len();
        Some(*kinds.entry(key).or_insert(next))
    };
    let kind_of: Vec<_> = groups.iter().map(&mut kind).collect();
    let mut counts = vec![0_usize; kinds.len()];
    kind_of.iter().flatten().for_each(|kind| counts[*kind] += 1);
    let mut first_of = vec![None; kinds.len()];
    let mut joined: Vec<Repeated<'d>> = Vec::new();
    for (group, kind) in groups.into_iter().zip(kind_of) {
        let kind = kind.filter(|kind| counts[*kind] > most(group.first.level));
        let at = kind.map_or(joined.len(), |kind| *first_of[kind].get_or_insert(joined.len()));
        match joined.get_mut(at) {
            Some(first) => {
                first.others.push(group.first);
                first.others.extend(group.others);
            }
            None => joined.push(group),
        }
    }
    joined
}

/// The other places of a group, if it has any.
pub(super) fn also(others: &[&Diagnostic]) -> Option<String> {
    if others.is_empty() {
        return None;
    }
    let places = others.iter().filter_map(|found| found.place.as_ref()).take(MOST_PLACES).map(|place| {
        let (line, _) = place.source.line_and_column(place.span.range().start);
        format!("{}:{line}", place.source.name)
    });
    let places: Vec<_> = places.collect();
    if places.is_empty() {
        return Some(format!("{} more of the same kind; `--verbose` shows all", Number(others.len())));
    }
    let more = match others.len() - places.len() {
        0 => String::new(),
        more => format!(" and {} more", Number(more)),
    };
    Some(format!("{} in all, also at {}{more}", Count(others.len() + 1, "place"), places.join(", ")))
}
