//! Rendered text in its canonical form, which for HCL is what `terraform fmt` prints.
//!
//! Thousands of accounts differ in a few text literals only, and these seldom change the layout. So
//! the layout is computed once for each *shape*, the rendered text without what values filled in,
//! and the fills are put into it. Whether a shape's layout really does not depend on its fills is
//! not assumed: it is tried out with fills chosen to disturb it. If one does, every text of that
//! shape is formatted in full.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;

use super::Entry;
use crate::diagnostic::{Diagnostic, Source, Span};
use crate::hcl;
use crate::pack::{COMMENT_START, FILL_END, LITERAL_START, Pack};
use crate::policy::canonical_text;
use crate::tree::FileKind;

/// Shapes to remember; a pack has a few dozen, and a hostile spec shall not fill the memory.
const MOST_SHAPES: usize = 4096;

/// Fills that a layout must not feel: no text, a word that `terraform fmt` rewrites in the `type`
/// of a variable, and a long one with an escape that it rewrites in labels.
const PROBES: [&str; 3] =
    ["", "list", "\\u0041bcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz"];

/// What begins a fill.
const STARTS: [char; 2] = [LITERAL_START, COMMENT_START];

type Shapes = HashMap<Box<str>, Layout, foldhash::fast::RandomState>;

/// The layouts found so far.
#[derive(Default)]
pub(super) struct Canonical {
    shapes: RwLock<Shapes>,
    texts: RwLock<HashMap<Box<str>, Arc<str>, foldhash::fast::RandomState>>,
}

/// The layout of a shape.
#[derive(Clone)]
enum Layout {
    /// The canonical text around the fills.
    Fixed(Arc<[Box<str>]>),
    /// It depends on what is filled in.
    Sensitive,
}

/// Why a rendered text has no canonical form.
pub(super) struct Flaw {
    rendered: String,
    at: Span,
    message: String,
    help: String,
}

impl Canonical {
    /// The canonical text of a rendered file.
    pub(super) fn text(&self, kind: FileKind, rendered: &str) -> Result<Arc<str>, Flaw> {
        match kind {
            FileKind::Hcl => self.hcl(rendered),
            FileKind::Json => json(rendered),
            FileKind::Shell | FileKind::Markdown | FileKind::Plain => {
                Ok(self.shared(Cow::Borrowed(rendered)))
            }
        }
    }

    /// The canonical pieces of a shape that was met before, if its layout does not feel the fills.
    pub(super) fn layout(&self, shape: &str) -> Option<Arc<[Box<str>]>> {
        match self.shapes.read().unwrap_or_else(PoisonError::into_inner).get(shape)? {
            Layout::Fixed(pieces) => Some(Arc::clone(pieces)),
            Layout::Sensitive => None,
        }
    }

    /// Texts without fills are the same for many accounts, and kept once.
    fn shared(&self, text: Cow<'_, str>) -> Arc<str> {
        let text = one_final_newline(text);
        if let Some(known) = self.texts.read().unwrap_or_else(PoisonError::into_inner).get(&*text) {
            return Arc::clone(known);
        }
        let shared: Arc<str> = Arc::from(&*text);
        let mut texts = self.texts.write().unwrap_or_else(PoisonError::into_inner);
        if texts.len() < MOST_SHAPES {
            texts.insert((&*text).into(), Arc::clone(&shared));
        }
        shared
    }

    fn hcl(&self, rendered: &str) -> Result<Arc<str>, Flaw> {
        let (shape, fills) = split(rendered);
        let known = self.shapes.read().unwrap_or_else(PoisonError::into_inner).get(&*shape).cloned();
        let layout = match known {
            Some(layout) => layout,
            None => self.learn(shape, rendered)?,
        };
        match layout {
            Layout::Fixed(pieces) if fills.is_empty() => {
                let only = pieces.first().map_or("", |piece| piece);
                Ok(self.shared(Cow::Borrowed(only)))
            }
            Layout::Fixed(pieces) => Ok(fill(&pieces, fills.iter().copied()).into()),
            Layout::Sensitive => Ok(format(&plain(rendered))?.into()),
        }
    }

    fn learn(&self, shape: String, rendered: &str) -> Result<Layout, Flaw> {
        // In full first: what is wrong is said about the text as it is.
        let full = format(&plain(rendered))?;
        let layout = layout_of(&shape);
        let layout = match layout {
            Some(pieces) if fill(&pieces, split(rendered).1.into_iter()) == full => {
                Layout::Fixed(pieces.into())
            }
            _ => Layout::Sensitive,
        };
        let mut shapes = self.shapes.write().unwrap_or_else(PoisonError::into_inner);
        if shapes.len() < MOST_SHAPES {
            shapes.insert(shape.into(), layout.clone());
        }
        Ok(layout)
    }
}

/// The canonical pieces of a shape, if its layout does not feel any of the probes.
fn layout_of(shape: &str) -> Option<Vec<Box<str>>> {
    let with = |fill: &str| shape.replace(LITERAL_START, &format!("\"{fill}\"")).replace(COMMENT_START, fill);
    // A mark is neither blank nor part of a name, so it can stand for the text of either fill.
    let mark = LITERAL_START.to_string();
    let formatted = format(&with(&mark)).ok()?;
    let formatted = formatted.replace(&format!("\"{mark}\""), &mark);
    let pieces: Vec<Box<str>> = formatted.split(LITERAL_START).map(Box::from).collect();
    let starts: Vec<char> = shape.chars().filter(|c| STARTS.contains(c)).collect();
    let feels_none = PROBES.iter().all(|probe| {
        let literal = format!("\"{probe}\"");
        let fills = starts.iter().map(|start| if *start == LITERAL_START { &*literal } else { probe });
        format(&with(probe)).is_ok_and(|probed| fill(&pieces, fills) == probed)
    });
    feels_none.then_some(pieces)
}

/// A rendered text as its shape, each fill one mark, and its fills in order.
pub(super) fn split(rendered: &str) -> (String, Vec<&str>) {
    let mut shape = String::with_capacity(rendered.len());
    let mut fills = Vec::new();
    let mut rest = rendered;
    // Marks are one byte long, so bytes can be searched for them.
    while let Some(start) = memchr::memchr2(LITERAL_START as u8, COMMENT_START as u8, rest.as_bytes()) {
        shape.push_str(&rest[..=start]);
        let (fill, after) = rest[start + 1..].split_once(FILL_END).unwrap_or((&rest[start + 1..], ""));
        fills.push(fill);
        rest = after;
    }
    shape.push_str(rest);
    (shape, fills)
}

/// A rendered text without the marks around its fills.
fn plain(rendered: &str) -> String {
    rendered.replace([LITERAL_START, COMMENT_START, FILL_END], "")
}

/// Pieces with fills between them.
fn fill<'f>(pieces: &[Box<str>], fills: impl Iterator<Item = &'f str> + Clone) -> String {
    let length =
        pieces.iter().map(|piece| piece.len()).sum::<usize>() + fills.clone().map(str::len).sum::<usize>();
    let mut text = String::with_capacity(length);
    let mut pieces = pieces.iter();
    text.push_str(pieces.next().map_or("", |piece| piece));
    for (literal, piece) in fills.zip(pieces) {
        text.push_str(literal);
        text.push_str(piece);
    }
    text
}

fn format(text: &str) -> Result<String, Flaw> {
    let text = one_final_newline(Cow::Borrowed(text));
    hcl::format(&text).map_err(|error| Flaw {
        at: Span::new(error.span),
        message: error.message,
        help: error.hint.unwrap_or_default(),
        rendered: text.into_owned(),
    })
}

/// Leading blank lines and all but one line feed at the end come from the tags of templates.
fn one_final_newline(text: Cow<'_, str>) -> Cow<'_, str> {
    let trimmed = text.trim_start_matches('\n').trim_end_matches('\n');
    match text.strip_suffix('\n') {
        Some(line) if line.len() == trimmed.len() => text,
        _ => Cow::Owned(format!("{trimmed}\n")),
    }
}

fn json(rendered: &str) -> Result<Arc<str>, Flaw> {
    match serde_json::from_str::<Value>(rendered) {
        Ok(value) => Ok(canonical_text(&value).into()),
        Err(error) => {
            let before: usize =
                rendered.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
            let at = (before + error.column().saturating_sub(1)).min(rendered.len());
            let message = error.to_string();
            let message = message.split(" at line").next().unwrap_or_default().to_owned();
            Err(Flaw { at: Span::new(at..at), message, help: String::new(), rendered: rendered.to_owned() })
        }
    }
}

impl Flaw {
    /// At its place in the rendered text, and beside it the line of the template it came from.
    pub(super) fn diagnose(self, pack: &Pack, entry: &Entry, path: &str) -> Diagnostic {
        let rendered = Source::new(format!("{path} (as rendered)"), self.rendered);
        let message = format!(
            "template `{}` renders what is no {}: {}",
            entry.template,
            language(entry.kind),
            self.message
        );
        let diagnostic = Diagnostic::error(message).help(self.help).at(&rendered, self.at);
        match pack.source(&entry.template) {
            Some(template) => {
                let line = origin(&template.text, &rendered.text, self.at.range().start);
                diagnostic.related(template, line, "rendered from about here")
            }
            None => diagnostic,
        }
    }
}

fn language(kind: FileKind) -> &'static str {
    if kind == FileKind::Json { "JSON" } else { "HCL" }
}

/// The line of a template that is most like the line of its output around `at`.
fn origin(template: &str, rendered: &str, at: usize) -> Span {
    let start = rendered[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = rendered[start..].lines().next().unwrap_or_default().trim();
    let likeness = |candidate: &str| strsim::normalized_levenshtein(candidate.trim(), line);
    let mut offset = 0;
    let lines = template.split_inclusive('\n').map(|candidate| {
        offset += candidate.len();
        (likeness(candidate), offset - candidate.len(), candidate.trim_end().len())
    });
    let best = lines.max_by(|left, right| left.0.total_cmp(&right.0));
    best.map_or_else(Span::default, |(_, start, length)| Span::new(start..start + length))
}
