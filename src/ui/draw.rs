//! A diagnostic as people read it: what, where, the line itself, and the way out.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level as Shown, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Level, Place};

/// The diagnostic with its excerpts, in colour.
pub(super) fn diagnostic(diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.level {
        Level::Error => Shown::ERROR,
        Level::Warning => Shown::WARNING,
        Level::Note => Shown::NOTE,
    };
    let mut title = level.primary_title(&diagnostic.message);
    if let Some(id) = diagnostic.id {
        title = title.id(id);
    }
    let mut group = Group::with_title(title);
    let place = diagnostic.place.as_ref();
    let related = diagnostic.related.as_ref();
    if let Some(place) = place {
        let primary = excerpt(place, AnnotationKind::Primary, &diagnostic.label);
        group = group.element(primary);
    }
    if let Some((place, label)) = related {
        group = group.element(excerpt(place, AnnotationKind::Context, label));
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

/// The lines of a place, cut out of their text, so that the size of the text does not matter.
fn excerpt<'d>(place: &'d Place, kind: AnnotationKind, label: &'d str) -> Snippet<'d, Annotation<'d>> {
    let text = &place.source.text;
    let (start, end) = on_boundaries(text, place.span.range());
    let first = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let last = text[end..].find('\n').map_or(text.len(), |newline| end + newline);
    let (line, _) = place.source.line_and_column(first);
    let mut annotation = kind.span(start - first..end - first);
    if !label.is_empty() {
        annotation = annotation.label(label);
    }
    Snippet::source(&text[first..last]).path(&place.source.name).line_start(line).annotation(annotation)
}

/// A range within the text that cuts no character, and covers one where there is one.
fn on_boundaries(text: &str, range: std::ops::Range<usize>) -> (usize, usize) {
    let mut start = range.start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = range.end.clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    // A range over several lines points at the first of them.
    let line = text[start..end].find('\n').map_or(end, |newline| start + newline);
    (start, line)
}
