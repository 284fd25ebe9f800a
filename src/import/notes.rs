//! What is left out, or changes, said once per kind with all its places.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Level, Place};

/// Different details, or ways out, that are named for one kind.
const MOST_NAMED: usize = 3;

/// Something worth saying of a place.
#[derive(Debug)]
pub(super) struct Note {
    level: Level,
    /// What places of one kind have in common.
    subject: String,
    /// What is said of this place alone; may be empty.
    detail: String,
    help: String,
    /// The variable of Terraform that decides, if one does.
    variable: Option<String>,
    place: Option<Place>,
}

impl Note {
    /// Something that is left out.
    pub(super) fn new(place: Option<Place>, subject: impl Into<String>) -> Self {
        let (detail, help, variable) = (String::new(), String::new(), None);
        Self { level: Level::Note, subject: subject.into(), detail, help, variable, place }
    }

    /// The same, as a warning.
    pub(super) fn warning(self) -> Self {
        Self { level: Level::Warning, ..self }
    }

    /// The same with what holds for this place alone.
    pub(super) fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    /// The same with a way out.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: help.into(), ..self }
    }

    /// Adds a way out where there is none.
    pub(super) fn add_help(&mut self, help: &str) {
        if self.help.is_empty() {
            help.clone_into(&mut self.help);
        }
    }

    /// The same with the variable that would have to be known.
    pub(super) fn variable(self, name: Option<&str>) -> Self {
        Self { variable: name.map(str::to_owned), ..self }
    }

    fn position(&self) -> Option<(&str, crate::diagnostic::Span)> {
        self.place.as_ref().map(|place| (place.source.name.as_str(), place.span))
    }
}

/// One diagnostic for each kind, in the order of their first places.
pub(super) fn grouped(mut notes: Vec<Note>) -> Vec<Diagnostic> {
    notes.sort_by(|left, right| left.position().cmp(&right.position()));
    let mut known: BTreeMap<(Level, String), usize> = BTreeMap::new();
    let mut groups: Vec<Vec<Note>> = Vec::new();
    for note in notes {
        let index = *known.entry((note.level, note.subject.clone())).or_insert(groups.len());
        match groups.get_mut(index) {
            Some(group) => group.push(note),
            None => groups.push(vec![note]),
        }
    }
    groups.into_iter().filter_map(one).collect()
}

fn one(group: Vec<Note>) -> Option<Diagnostic> {
    let details = named(group.iter().map(|note| &note.detail), "; ");
    let helps = named(group.iter().map(|note| &note.help), "; ");
    let variables: Vec<String> = group
        .iter()
        .filter_map(|note| note.variable.as_ref())
        .map(|name| format!("`--var {name}=VALUE`"))
        .collect();
    let helps = match (variables.is_empty(), helps.is_empty()) {
        (true, _) => helps,
        (false, true) => format!("pass {}, or `--var-file FILE`", named(variables.iter(), ", ")),
        (false, false) => format!("pass {}, or `--var-file FILE`; or {helps}", named(variables.iter(), ", ")),
    };
    let first = group.first()?;
    let (level, subject) = (first.level, first.subject.clone());
    let mut places: Vec<Place> = Vec::new();
    for place in group.into_iter().filter_map(|note| note.place) {
        let is_same = |last: &Place| last.source.name == place.source.name && last.span == place.span;
        if !places.last().is_some_and(is_same) {
            places.push(place);
        }
    }
    let colon = if details.is_empty() { "" } else { ": " };
    let count = if places.len() > 1 { format!(" ({} places)", places.len()) } else { String::new() };
    let mut places = places.into_iter();
    let diagnostic = Diagnostic::warning(format!("{subject}{colon}{details}{count}")).help(helps);
    Some(Diagnostic { level, place: places.next(), also: places.collect(), ..diagnostic })
}

/// The first of the texts that differ, and how many more there are.
fn named<'t>(texts: impl Iterator<Item = &'t String>, between: &str) -> String {
    let mut seen = std::collections::BTreeSet::new();
    let different: Vec<&str> =
        texts.filter(|text| !text.is_empty() && seen.insert(*text)).map(String::as_str).collect();
    let shown = different.iter().take(MOST_NAMED).copied().collect::<Vec<_>>().join(between);
    match different.len().saturating_sub(MOST_NAMED) {
        0 => shown,
        more => format!("{shown}{between}and {more} more"),
    }
}
