//! What `lint` found, by rule, and what was accepted.

use std::collections::BTreeMap;

use super::{FindingFact, FindingPlace, WaiverFact};
use crate::diagnostic::Diagnostic;
use crate::lint;
use crate::model::{Date, TargetName};
use crate::spec::Spec;

/// Places of one rule that are shown; `lint` has all of them.
const MOST_PLACES: usize = 10;

/// Findings by rule, what is worst first.
#[must_use]
pub fn findings<'d>(found: impl Iterator<Item = &'d Diagnostic>) -> Vec<FindingFact> {
    let mut rules: BTreeMap<_, FindingFact> = BTreeMap::new();
    for diagnostic in found {
        let id = diagnostic.id.unwrap_or_default();
        let fact = rules.entry((std::cmp::Reverse(diagnostic.level), id)).or_insert_with(|| FindingFact {
            id: id.to_owned(),
            level: diagnostic.level.as_str(),
            title: title(id),
            count: 0,
            places: Vec::new(),
        });
        fact.count += 1;
        if fact.places.len() < MOST_PLACES {
            fact.places.push(place(diagnostic));
        }
    }
    rules.into_values().collect()
}

fn title(id: &str) -> String {
    lint::rule(id).map(|rule| rule.title.to_owned()).unwrap_or_default()
}

fn place(diagnostic: &Diagnostic) -> FindingPlace {
    let place = diagnostic.place.as_ref().map(|place| {
        let line = place.source.line_and_column(place.span.start as usize).0;
        format!("{}:{line}", place.source.name)
    });
    FindingPlace { message: diagnostic.message.clone(), help: diagnostic.help.clone(), place }
}

/// The waivers of a spec on a day, those that end soonest first. Where the report is limited to some targets, only theirs.
#[must_use]
pub fn waivers(spec: &Spec, today: Date, is_asked: impl Fn(Option<&TargetName>) -> bool) -> Vec<WaiverFact> {
    let written = spec.waivers.value().into_iter().flatten().filter_map(|written| {
        let id = written.value.id.value()?;
        let id = lint::rule(id).map_or(id.as_str(), |rule| rule.id);
        let target = written.value.target.value();
        let last_day = *written.value.expires.value()?;
        let waiver = WaiverFact {
            id: id.to_owned(),
            title: title(id),
            target: target.map(ToString::to_string),
            reason: written.value.reason.value()?.clone(),
            last_day: last_day.to_string(),
            is_over: last_day < today,
        };
        is_asked(target).then_some((last_day, waiver))
    });
    let mut waivers: Vec<(Date, WaiverFact)> = written.collect();
    waivers.sort_by_key(|(last_day, _)| *last_day);
    waivers.into_iter().map(|(_, waiver)| waiver).collect()
}
