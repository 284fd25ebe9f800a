//! A diagnostic as people read it: what, where, the line itself, and the way out.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level as Shown, Origin, Renderer, Snippet};

use super::grouped::{Repeated, also};
use crate::diagnostic::secrets::hide;
use crate::diagnostic::words::Count;
use crate::diagnostic::{Level, Place};
use crate::lint;

/// Places that are named besides the first, unless details are wanted.
pub(super) const MOST_PLACES: usize = 10;

/// A diagnostic with its excerpts, in colour, and the places of others that say the same.
pub(super) fn repeated(group: &Repeated<'_>) -> String {
    with_places(group, MOST_PLACES)
}

/// The same, with so many of the further places of its own at most.
pub(super) fn with_places(found: &Repeated<'_>, most: usize) -> String {
    let diagnostic = found.first;
    let level = match diagnostic.level {
        Level::Error => Shown::ERROR,
        Level::Warning => Shown::WARNING,
        Level::Note => Shown::NOTE,
    };
    let mut title = level.primary_title(&diagnostic.message);
    if let Some(id) = diagnostic.id {
        title = title.id(called(id));
    }
    let mut group = Group::with_title(title);
    let place = diagnostic.place.as_ref();
    let related = diagnostic.related.as_ref();
    if let Some(place) = place {
        group = excerpt(group, place, AnnotationKind::Primary, &diagnostic.label);
    }
    if let Some((place, label)) = related {
        group = excerpt(group, place, AnnotationKind::Context, label);
    }
    for place in diagnostic.also.iter().take(most) {
        let (line, column) = place.source.line_and_column(place.span.start as usize);
        group = group.element(Origin::path(&place.source.name).line(line).char_column(column));
    }
    let more = diagnostic.also.len().saturating_sub(most);
    let more = format!("and {}; `--verbose` names them all", Count(more, "more place"));
    if diagnostic.also.len() > most {
        group = group.element(Shown::NOTE.message(&more));
    }
    let others = also(&found.others);
    if let Some(others) = &others {
        group = group.element(Shown::NOTE.no_name().message(others));
    }
    let renderer = Renderer::styled().decor_style(DecorStyle::Ascii);
    match &diagnostic.help {
        Some(help) if place.is_some() => renderer.render(&[group.element(Shown::HELP.message(help))]),
        // Without an excerpt there is no frame that the help could belong to.
        Some(help) => {
            let help = Group::with_title(Shown::HELP.secondary_title(help));
            format!("{}\n{}", renderer.render(&[group]), renderer.render(&[help]))
        }
        None => renderer.render(&[group]),
    }
}

/// A finding's id with its name: `CR011 account-root-principal`.
pub(crate) fn called(id: &str) -> String {
    lint::rule(id).map_or_else(|| id.to_owned(), |rule| format!("{id} {}", rule.name))
}

/// What is shown of a line beside the place in it, and of the place; a terminal shows less.
const MARGIN: usize = 400;

/// The line of a place without credentials, cut out of its text, so that the size of neither matters.
fn excerpt<'d>(group: Group<'d>, place: &'d Place, kind: AnnotationKind, label: &'d str) -> Group<'d> {
    let text = &place.source.text;
    let (start, end) = on_boundaries(text, place.span.range());
    let first = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let last = text[end..].find('\n').map_or(text.len(), |newline| end + newline);
    let end = floor(text, end.min(start + MARGIN));
    let (from, to) =
        (floor(text, first.max(start.saturating_sub(MARGIN))), floor(text, last.min(end + MARGIN)));
    let (line, column) = place.source.line_and_column(start);
    let mut annotation = kind.span(start - from..end - from);
    if !label.is_empty() {
        annotation = annotation.label(label);
    }
    let snippet = Snippet::source(hide(&text[from..to])).line_start(line).annotation(annotation);
    if from == first {
        return group.element(snippet.path(&place.source.name));
    }
    // The column is that of the whole line.
    let origin = Origin::path(&place.source.name).line(line).char_column(column);
    group.element(origin).element(snippet)
}

/// The next place before one, or itself, that cuts no character.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A range within the text that cuts no character, and covers one where there is one.
fn on_boundaries(text: &str, range: std::ops::Range<usize>) -> (usize, usize) {
    let start = floor(text, range.start.min(text.len()));
    let mut end = range.end.clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    // A range over several lines points at the first of them.
    let line = text[start..end].find('\n').map_or(end, |newline| start + newline);
    (start, line)
}
