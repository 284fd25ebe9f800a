//! Names in a pack: whether something could have each of them, before anything is rendered.
//!
//! Tera takes an unknown name in a condition for false, so a mistyped one would never be noticed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::engine::Engines;
use super::manifest::{Entry, Manifest};
use super::{Each, Vocabulary};
use crate::diagnostic::words::{did_you_mean, one_of};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};

/// A pack that is looked at.
pub(super) struct Names<'p> {
    pub(super) manifest: &'p Manifest,
    /// The manifest's text.
    pub(super) text: &'p Arc<Source>,
    pub(super) sources: &'p BTreeMap<String, Arc<Source>>,
    pub(super) engines: &'p Engines,
}

impl Names<'_> {
    /// Reports names that nothing can have.
    pub(super) fn check(&self, vocabulary: Vocabulary, found: &mut Diagnostics) {
        for entry in &self.manifest.entries {
            let known = vocabulary(entry.for_each);
            self.check_path_differs(entry, found);
            let in_path = entry.path.value.names().map(|name| (name, entry.path.at));
            let in_when = entry.when.iter().map(|condition| (condition.value.name.as_str(), condition.at));
            for (name, at) in in_path.chain(in_when).filter(|(name, _)| !known.contains(name)) {
                found.push(unknown_name(name, &known).at(self.text, at));
            }
            self.check_template(entry, &known, found);
        }
    }

    fn check_template(&self, entry: &Entry, known: &BTreeSet<&str>, found: &mut Diagnostics) {
        let Some(template) = entry.content.template() else { return };
        for unknown in self.engines.names(entry).filter(|name| !known.contains(name)) {
            let (source, span) = find_name(self.sources, template, unknown).unwrap_or((self.text, entry.at));
            found.push(unknown_name(unknown, known).at(source, span));
        }
    }

    /// Reports a file that would be written to one path for every target, or policy.
    fn check_path_differs(&self, entry: &Entry, found: &mut Diagnostics) {
        let needed: &[&str] = match entry.for_each {
            Each::Once => &[],
            // The paths of several roles, or of their policies, are compared where they are made.
            Each::Target | Each::Role => &["target"],
            Each::InlinePolicy => &["target", "policy_name"],
            Each::AssumePolicy => &["caller", "number"],
            Each::Caller => &["caller"],
        };
        let lacks = |name: &&&str| entry.path.value.names().all(|known| known != **name);
        if let Some(missing) = needed.iter().find(lacks) {
            let message = format!("`{}` would be written to the same path again and again", entry.id);
            let help = format!(
                "its path has to hold `{{{missing}}}`, because it is written `for_each: {}`",
                entry.for_each
            );
            found.push(Diagnostic::error(message).at(self.text, entry.path.at).help(help));
        }
    }
}

fn unknown_name(name: &str, known: &BTreeSet<&str>) -> Diagnostic {
    let known: Vec<&str> = known.iter().copied().collect();
    let help = match did_you_mean(name, &known) {
        help if help.starts_with("did") => format!("{help} Known here: {}", one_of(&known)),
        help => help,
    };
    Diagnostic::error(format!("no value is called `{name}` here")).help(help)
}

/// Where a name stands in a template or in one that it includes.
fn find_name<'s>(
    sources: &'s BTreeMap<String, Arc<Source>>,
    template: &str,
    name: &str,
) -> Option<(&'s Arc<Source>, Span)> {
    let own = sources.get(template);
    let included =
        sources.values().filter(|source| own.is_some_and(|own| own.text.contains(short_name(source))));
    own.into_iter().chain(included).find_map(|source| {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let mut places = source.text.match_indices(name);
        let (at, _) = places.find(|(at, _)| {
            let (before, after) = (&source.text[..*at], &source.text[at + name.len()..]);
            !before.ends_with(is_word)
                && !after.starts_with(is_word)
                && before.rfind("{{").max(before.rfind("{%")).is_some()
        })?;
        Some((source, Span::new(at..at + name.len())))
    })
}

/// A template's name without the pack's, as includes write it.
fn short_name(source: &Source) -> &str {
    source.name.split_once('/').map_or(&source.name, |(_, name)| name)
}
