//! What was found, and in which order it is shown.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::catalogue;
use crate::diagnostic::{Diagnostic, Level, Source, Sources, Span};
use crate::model::TargetName;

/// Something that a rule found.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What, where, and the way out. It always has an id.
    pub diagnostic: Diagnostic,
    /// The target of the spec that it is about, if it is about one.
    pub target: Option<TargetName>,
}

/// Findings while rules look at one text, or at several in one space of places.
pub(super) struct Findings {
    sources: Arc<Sources>,
    target: Option<TargetName>,
    with_notes: bool,
    list: Vec<Finding>,
}

impl Findings {
    pub(super) fn of(source: &Arc<Source>) -> Self {
        Self::among(&Arc::new(Sources::of(source)))
    }

    pub(super) fn among(sources: &Arc<Sources>) -> Self {
        Self { sources: Arc::clone(sources), target: None, with_notes: true, list: Vec::new() }
    }

    /// The same, without notes where nobody asks for them.
    pub(super) fn with_notes(self, with_notes: bool) -> Self {
        Self { with_notes, ..self }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.list.len()
    }

    /// Those behind the first so many.
    pub(super) fn since(&self, count: usize) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter().skip(count).map(|finding| &finding.diagnostic)
    }

    /// What follows is about this target.
    pub(super) fn about(&mut self, target: Option<&TargetName>) {
        self.target = target.cloned();
    }

    /// Adds a finding of the rule's own level.
    pub(super) fn add(
        &mut self,
        id: &'static str,
        at: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let level = catalogue::rule(id).map_or(Level::Error, |rule| rule.level);
        self.add_as(level, id, at, message, help);
    }

    /// Adds a finding of another level than the rule's own.
    pub(super) fn add_as(
        &mut self,
        level: Level,
        id: &'static str,
        at: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        if !self.takes(level) {
            return;
        }
        let mut diagnostic = Diagnostic::error(message).id(id).help(help);
        diagnostic.place = self.sources.place(at);
        diagnostic.level = level;
        self.push(diagnostic);
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        if self.takes(diagnostic.level) {
            self.list.push(Finding { diagnostic, target: self.target.clone() });
        }
    }

    fn takes(&self, level: Level) -> bool {
        self.with_notes || level != Level::Note
    }

    pub(super) fn append(&mut self, other: Self) {
        self.list.extend(other.list);
    }

    pub(super) fn into_list(self) -> Vec<Finding> {
        self.list
    }
}

/// In the order of files and texts, each once: what many targets inherit is wrong in one place.
pub(super) fn in_order(mut found: Vec<Finding>) -> Vec<Finding> {
    let place = |finding: &Finding| {
        let place = finding.diagnostic.place.as_ref();
        place.map(|place| (place.source.name.clone(), place.span))
    };
    found.sort_by_cached_key(|finding| {
        (place(finding), finding.diagnostic.id, finding.diagnostic.message.clone())
    });
    let mut seen = BTreeSet::new();
    found.retain(|finding| {
        seen.insert((place(finding), finding.diagnostic.id, finding.diagnostic.message.clone()))
    });
    found
}
