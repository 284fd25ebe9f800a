//! Tera, and the only place that names it outside escaping: compiling, rendering, its errors.
//!
//! There is one engine per kind of file, because each kind escapes values in its own way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tera::{ErrorKind, Tera};

use super::escape::{COMMENT_START, FILL_END, LITERAL_START, install};
use super::manifest::{Entry, Manifest, PathPiece};
use super::meter::{self, Output};
use super::tags::{self, Metered, Refused};
use super::{Each, MANIFEST, Values, Vocabulary};
use crate::diagnostic::words::{did_you_mean, one_of};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::tree::FileKind;

/// A compiled pack.
#[derive(Debug)]
pub(super) struct Engines {
    by_kind: BTreeMap<FileKind, Tera>,
    /// Paths and conditions, named after the entry's id.
    manifest: Tera,
    source: Arc<Source>,
    /// The templates as the engines have them, by their names.
    metered: BTreeMap<String, Metered>,
}

impl Engines {
    pub(super) fn compile(
        manifest: &Manifest,
        text: &Arc<Source>,
        sources: &BTreeMap<String, Arc<Source>>,
        found: &mut Diagnostics,
    ) -> Self {
        let mut by_kind = BTreeMap::new();
        let mut metered = BTreeMap::new();
        for kind in FileKind::ALL {
            let mut tera = Tera::default();
            install(&mut tera, kind);
            meter::install(&mut tera);
            let mine = sources.iter().filter(|(name, _)| FileKind::of(name) == kind);
            let mut texts = Vec::new();
            for (name, source) in mine {
                refuse_fill_marks(source, found);
                texts.push((name.as_str(), source.text.as_str()));
            }
            // First as they are written, so that mistakes are found where they stand.
            match tera.add_raw_templates(texts.iter().copied()) {
                Err(error) => found.push(diagnose(&error, sources, &metered)),
                Ok(()) => put_meters(&mut tera, &texts, sources, &mut metered, found),
            }
            by_kind.insert(kind, tera);
        }
        let mut tera = Tera::default();
        tera.autoescape_on(Vec::<&str>::new());
        meter::install(&mut tera);
        for entry in &manifest.entries {
            let when = entry
                .when
                .as_deref()
                .map(|when| (&entry.when_name, format!("{{% if {when} %}}yes{{% endif %}}")));
            for (name, text_) in [(&entry.path_name, entry.path.clone())].into_iter().chain(when) {
                match tera.add_raw_template(name, &text_).map(|()| tags::metered(&text_)) {
                    Err(error) => found.push(in_manifest(&error, text, entry.at)),
                    Ok(Err(Refused { message, help, .. })) => {
                        found.push(Diagnostic::error(message).at(text, entry.at).help(help));
                    }
                    Ok(Ok(metered)) => {
                        if let Err(error) = tera.add_raw_template(name, &metered.text) {
                            found.push(in_manifest(&error, text, entry.at));
                        }
                    }
                }
            }
        }
        Self { by_kind, manifest: tera, source: Arc::clone(text), metered }
    }

    /// Reports names that no template can know: Tera takes an unknown name in a condition for false.
    pub(super) fn check_names(
        &self,
        manifest: &Manifest,
        sources: &BTreeMap<String, Arc<Source>>,
        vocabulary: Vocabulary,
        found: &mut Diagnostics,
    ) {
        for entry in &manifest.entries {
            let known = vocabulary(entry.for_each);
            self.check_path_differs(entry, found);
            for name in [&entry.path_name, &entry.when_name] {
                for unknown in unknown_names(&self.manifest, name, &known) {
                    found.push(unknown_name(&unknown, &known).at(&self.source, entry.at));
                }
            }
            let Some(engine) = self.by_kind.get(&entry.kind) else { continue };
            let Some(template) = entry.content.template() else { continue };
            for unknown in unknown_names(engine, template, &known) {
                let place = find_name(sources, template, &unknown);
                let diagnostic = unknown_name(&unknown, &known);
                found.push(match place {
                    Some((source, span)) => diagnostic.at(source, span),
                    None => diagnostic.at(&self.source, entry.at),
                });
            }
        }
    }

    /// Reports a file that would be written to one path for every target, or policy.
    fn check_path_differs(&self, entry: &Entry, found: &mut Diagnostics) {
        let needed: &[&str] = match entry.for_each {
            Each::Once => &[],
            Each::Target => &["target"],
            Each::InlinePolicy => &["target", "policy_name"],
            Each::AssumePolicy => &["number"],
        };
        let names = self.manifest.get_template_variables(&entry.path_name).unwrap_or_default();
        if let Some(missing) = needed.iter().find(|name| !names.contains(*name)) {
            let message = format!("`{}` would be written to the same path again and again", entry.id);
            let help = format!(
                "its path has to hold `{{{{ {missing} }}}}`, because it is written `for_each: {}`",
                entry.for_each
            );
            found.push(Diagnostic::error(message).at(&self.source, entry.at).help(help));
        }
    }

    /// The problem at an entry's place in the manifest.
    pub(super) fn at_entry(&self, entry: &Entry, problem: Diagnostic) -> Diagnostic {
        problem.at(&self.source, entry.at)
    }

    /// The names that an entry's template uses, by itself or through what it includes.
    pub(super) fn names(&self, entry: &Entry) -> BTreeSet<&str> {
        let engine = self.by_kind.get(&entry.kind).zip(entry.content.template());
        let names = engine.and_then(|(engine, template)| engine.get_template_variables(template).ok());
        names.into_iter().flatten().collect()
    }

    pub(super) fn path(&self, entry: &Entry, values: &Values<'_>) -> Result<String, Diagnostic> {
        if let Some(path) = entry.pieces.as_deref().and_then(|pieces| fill_in(pieces, values)) {
            return Ok(path);
        }
        let mut path = Output::with_capacity(64);
        meter::start();
        let rendered = self.manifest.render_to(&entry.path_name, values.context(), &mut path);
        rendered.map_err(|error| in_manifest(&error, &self.source, entry.at))?;
        Ok(into_text(path.bytes))
    }

    pub(super) fn applies(&self, entry: &Entry, values: &Values<'_>) -> Result<bool, Diagnostic> {
        if let Some(answer) = entry.condition.as_ref().and_then(|condition| condition.holds(values)) {
            return Ok(answer);
        }
        let mut answer = Output::with_capacity(4);
        meter::start();
        let rendered = self.manifest.render_to(&entry.when_name, values.context(), &mut answer);
        rendered.map_err(|error| in_manifest(&error, &self.source, entry.at))?;
        Ok(!answer.bytes.is_empty())
    }

    pub(super) fn render(
        &self,
        entry: &Entry,
        values: &Values<'_>,
        sources: &BTreeMap<String, Arc<Source>>,
    ) -> Result<String, Diagnostic> {
        // Larger than nearly all files, so that writing need not make room again and again.
        let mut text = Output::with_capacity(4096);
        let (engine, template) = self
            .by_kind
            .get(&entry.kind)
            .zip(entry.content.template())
            .ok_or_else(|| Diagnostic::error("no template for this file"))?;
        meter::start();
        let rendered = engine.render_to(template, values.context(), &mut text);
        match (rendered, text.complaint()) {
            (Ok(()), _) => Ok(into_text(text.bytes)),
            (Err(_), Some(complaint)) => {
                let message = format!("`{template}`: {complaint}");
                Err(self.at_entry(entry, Diagnostic::error(message).help("write less, or several files")))
            }
            (Err(error), None) => Err(diagnose(&error, sources, &self.metered)),
        }
    }
}

/// Fills in the names of a path that is nothing else, which needs no engine. `None` where something is
/// not a text.
fn fill_in(pieces: &[PathPiece], values: &Values<'_>) -> Option<String> {
    let mut path = String::with_capacity(64);
    for piece in pieces {
        match piece {
            PathPiece::Text(text) => path.push_str(text),
            PathPiece::Name(name) => path.push_str(values.text(name)?),
        }
    }
    Some(path)
}

/// Tera writes nothing but the UTF-8 of templates and values.
fn into_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}

fn refuse_fill_marks(source: &Arc<Source>, found: &mut Diagnostics) {
    if let Some(at) = source.text.find([LITERAL_START, COMMENT_START, FILL_END]) {
        let diagnostic = Diagnostic::error("a template cannot hold the control characters U+0001 to U+0003");
        found.push(diagnostic.at(source, Span::new(at..at + 1)).help("remove it"));
    }
}

fn unknown_names(engine: &Tera, template: &str, known: &BTreeSet<&str>) -> Vec<String> {
    let names = engine.get_template_variables(template).unwrap_or_default();
    let mut unknown: Vec<_> =
        names.into_iter().filter(|name| !known.contains(name)).map(str::to_owned).collect();
    unknown.sort();
    unknown
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

fn in_manifest(error: &tera::Error, source: &Arc<Source>, at: Span) -> Diagnostic {
    let message = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => report.message().to_owned(),
        kind => kind.to_string(),
    };
    Diagnostic::error(message)
        .at(source, at)
        .help(format!("in the `path` or `when` of this file of {MANIFEST}"))
}

/// Puts meters into templates that compile.
fn put_meters(
    tera: &mut Tera,
    texts: &[(&str, &str)],
    sources: &BTreeMap<String, Arc<Source>>,
    metered: &mut BTreeMap<String, Metered>,
    found: &mut Diagnostics,
) {
    let mut names = Vec::new();
    for (name, text) in texts {
        match tags::metered(text) {
            Ok(text) => {
                metered.insert((*name).to_owned(), text);
                names.push(*name);
            }
            Err(Refused { at, message, help }) => {
                let refusal = Diagnostic::error(message).help(help);
                found.push(match sources.get(*name) {
                    Some(source) => refusal.at(source, Span::new(at)),
                    None => refusal,
                });
            }
        }
    }
    let texts = names.iter().filter_map(|name| Some((*name, metered.get(*name)?.text.as_str())));
    if let Err(error) = tera.add_raw_templates(texts) {
        found.push(diagnose(&error, sources, metered));
    }
}

/// An error of Tera at its place in the template.
fn diagnose(
    error: &tera::Error,
    sources: &BTreeMap<String, Arc<Source>>,
    metered: &BTreeMap<String, Metered>,
) -> Diagnostic {
    let (ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report)) = error.kind() else {
        return diagnose_text(&error.to_string(), sources);
    };
    let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let diagnostic = Diagnostic::error(report.message().to_owned()).help(cause);
    match sources.get(report.filename()) {
        Some(source) => {
            let is_rendering = matches!(error.kind(), ErrorKind::RenderingError(_));
            let metered = metered.get(report.filename()).filter(|_| is_rendering);
            let Some(metered) = metered else {
                return diagnostic.at(source, span(&source.text, report.span()));
            };
            let there = span(&metered.text, report.span()).range();
            let (start, end) = (metered.origin(there.start), metered.origin(there.end));
            diagnostic.at(source, Span::new(start..end))
        }
        None => diagnostic,
    }
}

/// Some errors are texts that Tera has drawn already: `error: …`, then `--> template:line:column`.
fn diagnose_text(text: &str, sources: &BTreeMap<String, Arc<Source>>) -> Diagnostic {
    let message = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
    let diagnostic = Diagnostic::error(message);
    let place = text.lines().find_map(|line| {
        let mut parts = line.trim().strip_prefix("--> ")?.rsplitn(3, ':');
        let column: usize = parts.next()?.parse().ok()?;
        let line: usize = parts.next()?.parse().ok()?;
        let source = sources.get(parts.next()?)?;
        Some((source, offset(&source.text, line, column.saturating_sub(1))))
    });
    match place {
        Some((source, at)) => diagnostic.at(source, Span::new(at..at + 1)),
        None => diagnostic,
    }
}

/// Tera counts lines from 1 and columns, in characters, from 0.
fn span(text: &str, span: &tera::Span) -> Span {
    let start = offset(text, span.start_line, span.start_col);
    Span::new(start..offset(text, span.end_line, span.end_col).max(start))
}

fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(before..).unwrap_or_default();
    before + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at)
}
