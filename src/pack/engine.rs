//! Tera, and the only place that names it outside escaping: compiling, rendering, its errors.
//!
//! There is one engine per kind of file, because each kind escapes values in its own way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tera::{ErrorKind, Tera};

use super::escape::{COMMENT_START, FILL_END, LITERAL_START, install};
use super::manifest::Entry;
use super::meter::{self, Output};
use super::tags::{self, Metered, Refused};
use super::{Values, file_name};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::output::FileKind;

/// A compiled pack.
#[derive(Debug)]
pub(super) struct Engines {
    by_kind: BTreeMap<FileKind, Tera>,
    /// The names that each template uses, by itself or through what it includes.
    names: BTreeMap<String, BTreeSet<String>>,
    /// All of these.
    used: BTreeSet<String>,
    /// The manifest's text.
    source: Arc<Source>,
    /// The templates as the engines have them, by their names.
    metered: BTreeMap<String, Metered>,
}

impl Engines {
    pub(super) fn compile(
        text: &Arc<Source>,
        sources: &BTreeMap<String, Arc<Source>>,
        found: &mut Diagnostics,
    ) -> Self {
        let mut engines = Self {
            by_kind: BTreeMap::new(),
            names: BTreeMap::new(),
            used: BTreeSet::new(),
            source: Arc::clone(text),
            metered: BTreeMap::new(),
        };
        for source in sources.values() {
            refuse_fill_marks(source, found);
        }
        for kind in FileKind::ALL {
            let mine = sources.iter().filter(|(name, _)| FileKind::of(file_name(name)) == kind);
            let mine: Vec<_> = mine.map(|(name, source)| (name.as_str(), source)).collect();
            if !mine.is_empty() {
                engines.add(kind, &mine, sources, found);
            }
        }
        engines
    }

    /// Compiles the templates of one kind.
    fn add(
        &mut self,
        kind: FileKind,
        templates: &[(&str, &Arc<Source>)],
        sources: &BTreeMap<String, Arc<Source>>,
        found: &mut Diagnostics,
    ) {
        let mut problems = put_meters(templates, &mut self.metered);
        let mut tera = engine(kind);
        let names = templates.iter().map(|(name, _)| *name);
        let texts = names.filter_map(|name| Some((name, self.metered.get(name)?.text.as_str())));
        let compiled = tera.add_raw_templates(texts);
        for (name, _) in templates {
            let names = tera.get_template_variables(name).unwrap_or_default();
            let names: BTreeSet<String> = names.into_iter().map(str::to_owned).collect();
            self.used.extend(names.iter().cloned());
            self.names.insert((*name).to_owned(), names);
        }
        self.by_kind.insert(kind, tera);
        if let (Err(error), true) = (compiled, problems.is_empty()) {
            problems.push(diagnose(&error, sources, &self.metered));
        }
        if problems.is_empty() {
            return;
        }
        // What the engine minds is said of the templates as they are written, and before anything else.
        let as_written = templates.iter().map(|(name, source)| (*name, source.text.as_str()));
        match engine(kind).add_raw_templates(as_written) {
            Err(error) => found.push(diagnose(&error, sources, &self.metered)),
            Ok(()) => problems.into_iter().for_each(|problem| found.push(problem)),
        }
    }

    /// A problem at an entry's place in the manifest.
    pub(super) fn at_entry(&self, entry: &Entry, problem: Diagnostic) -> Diagnostic {
        problem.at(&self.source, entry.at)
    }

    /// The names that an entry's template uses, by itself or through what it includes.
    pub(super) fn names(&self, entry: &Entry) -> impl Iterator<Item = &str> {
        let names = entry.content.template().and_then(|template| self.names.get(template));
        names.into_iter().flatten().map(String::as_str)
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
        let rendered = engine.render_to(template, values.context(&self.used), &mut text);
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

fn engine(kind: FileKind) -> Tera {
    let mut tera = Tera::default();
    install(&mut tera, kind);
    meter::install(&mut tera);
    tera
}

/// Puts meters into templates; what may not be in one is refused.
fn put_meters(
    templates: &[(&str, &Arc<Source>)],
    metered: &mut BTreeMap<String, Metered>,
) -> Vec<Diagnostic> {
    let mut refusals = Vec::new();
    for (name, source) in templates {
        match tags::metered(&source.text) {
            Ok(text) => drop(metered.insert((*name).to_owned(), text)),
            Err(Refused { at, message, help }) => {
                refusals.push(Diagnostic::error(message).help(help).at(source, Span::new(at)));
            }
        }
    }
    refusals
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
