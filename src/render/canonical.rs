//! Rendered text in its canonical form, which for HCL is what `terraform fmt` prints.
//!
//! Thousands of accounts differ in a few text literals only, and these seldom change the layout. So
//! the layout is computed once for each *skeleton*, the rendered text without what values filled in,
//! and the fills are put into it. Whether a skeleton's layout really does not depend on its fills is
//! not assumed: it is tried out with fills chosen to disturb it. If one does, every text of that
//! skeleton is formatted in full.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;

use super::Entry;
use super::skeleton::{UnsafeSlot, altered, fill, layout_of, one_final_newline, plain, split, unsafe_slot};
use crate::diagnostic::{Diagnostic, Source, Span};
use crate::hcl;
use crate::output::FileKind;
use crate::pack::Pack;
use crate::policy::canonical_text;

/// Skeletons to remember; a pack has a few dozen, and a hostile spec shall not fill the memory.
const MOST_SKELETONS: usize = 4096;

type Skeletons = HashMap<Box<str>, Layout, foldhash::fast::RandomState>;

/// The layouts found so far.
#[derive(Default)]
pub(super) struct Canonical {
    skeletons: RwLock<Skeletons>,
    texts: RwLock<HashMap<Box<str>, Arc<str>, foldhash::fast::RandomState>>,
}

/// The layout of a skeleton.
#[derive(Clone)]
enum Layout {
    /// The canonical text around the fills.
    Fixed(Arc<[Box<str>]>),
    /// It depends on the values.
    DependsOnValues,
}

/// Why a rendered text has no canonical form.
pub(super) struct Flaw {
    rendered: String,
    at: Span,
    /// What the template does.
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

    /// Texts without fills are the same for many accounts, and kept once.
    fn shared(&self, text: Cow<'_, str>) -> Arc<str> {
        let text = one_final_newline(text);
        if let Some(known) = self.texts.read().unwrap_or_else(PoisonError::into_inner).get(&*text) {
            return Arc::clone(known);
        }
        let shared: Arc<str> = Arc::from(&*text);
        let mut texts = self.texts.write().unwrap_or_else(PoisonError::into_inner);
        if texts.len() < MOST_SKELETONS {
            texts.insert((&*text).into(), Arc::clone(&shared));
        }
        shared
    }

    fn hcl(&self, rendered: &str) -> Result<Arc<str>, Flaw> {
        let (skeleton, fills) = split(rendered);
        refuse(rendered, altered(rendered, &fills))?;
        let known = self.skeletons.read().unwrap_or_else(PoisonError::into_inner).get(&*skeleton).cloned();
        let layout = match known {
            Some(layout) => layout,
            None => self.learn(skeleton, &fills, rendered)?,
        };
        match layout {
            Layout::Fixed(pieces) if fills.is_empty() => {
                let only = pieces.first().map_or("", |piece| piece);
                Ok(self.shared(Cow::Borrowed(only)))
            }
            Layout::Fixed(pieces) => Ok(fill(&pieces, fills.iter().copied()).into()),
            Layout::DependsOnValues => Ok(format(&plain(rendered))?.into()),
        }
    }

    fn learn(&self, skeleton: String, fills: &[&str], rendered: &str) -> Result<Layout, Flaw> {
        // In full first: what is wrong is said about the text as it is.
        let full = format(&plain(rendered))?;
        refuse(rendered, unsafe_slot(rendered))?;
        let layout = match layout_of(&skeleton) {
            Some(pieces) if fill(&pieces, fills.iter().copied()) == full => Layout::Fixed(pieces.into()),
            _ => Layout::DependsOnValues,
        };
        let mut skeletons = self.skeletons.write().unwrap_or_else(PoisonError::into_inner);
        if skeletons.len() < MOST_SKELETONS {
            skeletons.insert(skeleton.into(), layout.clone());
        }
        Ok(layout)
    }
}

fn refuse(rendered: &str, found: Option<UnsafeSlot>) -> Result<(), Flaw> {
    found.map_or(Ok(()), |UnsafeSlot { at, message, help }| {
        Err(Flaw { rendered: plain(rendered), at, message: message.to_owned(), help: help.to_owned() })
    })
}

fn format(text: &str) -> Result<String, Flaw> {
    let text = one_final_newline(Cow::Borrowed(text));
    hcl::format(&text).map_err(|error| Flaw {
        at: Span::new(error.span.range()),
        message: format!("renders what is not HCL: {}", error.message),
        help: error.hint.unwrap_or_default(),
        rendered: text.into_owned(),
    })
}

fn json(rendered: &str) -> Result<Arc<str>, Flaw> {
    match serde_json::from_str::<Value>(rendered) {
        Ok(value) => Ok(canonical_text(&value).into()),
        Err(error) => {
            let before: usize =
                rendered.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
            let at = (before + error.column().saturating_sub(1)).min(rendered.len());
            let message = error.to_string();
            let message = message.split(" at line").next().unwrap_or_default();
            let message = format!("renders what is not JSON: {message}");
            Err(Flaw { at: Span::new(at..at), message, help: String::new(), rendered: rendered.to_owned() })
        }
    }
}

impl Flaw {
    /// At its place in the rendered text, and beside it the line of the template it came from.
    pub(super) fn diagnose(self, pack: &Pack, entry: &Entry, path: &str) -> Diagnostic {
        let rendered = Source::new(format!("{path} (as rendered)"), self.rendered);
        let message = format!("template `{}` {}", entry.content, self.message);
        let diagnostic = Diagnostic::error(message).help(self.help).at(&rendered, self.at);
        match entry.content.template().and_then(|template| pack.source(template)) {
            Some(template) => {
                let line = origin(&template.text, &rendered.text, self.at.range().start);
                diagnostic.related(template, line, "rendered from about here")
            }
            None => diagnostic,
        }
    }
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
