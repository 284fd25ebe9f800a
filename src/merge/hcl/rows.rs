//! The rows of a container: elements that have lines of their own, with the comments beside them.

use super::comments::{self, Contested};
use super::container::Container;
use super::edit::Edit;
use super::parsed::Parsed;
use crate::hcl::Span;
use crate::merge::matching::Pairing;
use crate::sides::Sides;

/// The lines of an element.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// All of them.
    pub(super) span: Span,
    /// The comment lines directly above.
    pub(super) above: Span,
    /// What stands behind it and its comma.
    pub(super) behind: Span,
}

/// The rows of the elements, where no two share a line. `None` if they do, or if there is none.
pub(super) fn rows(side: &Parsed<'_>, container: &Container) -> Option<Vec<Row>> {
    let inside = container.elements_span(side);
    let mut rows: Vec<Row> = Vec::new();
    let mut free = inside.start + side.text()[inside].find('\n')? + 1;
    if container.elements.first()?.span.start < free {
        return None;
    }
    for element in &container.elements {
        let line = element.span.start - side.indentation(element.span.start).len();
        let end = element.comma.map_or(element.span.end, |comma| comma + 1);
        let break_at = end + side.text()[end..inside.end].find('\n')?;
        let is_alone = side.text()[line..element.span.start].trim().is_empty() && line >= free;
        let behind = side.text()[end..break_at].trim();
        if !is_alone || !(behind.is_empty() || behind.starts_with(['#', '/'])) || behind.starts_with("/*") {
            return None;
        }
        let above = Span::from(comments_above(side, free, line)..line);
        let span = Span { start: above.start, end: break_at + 1 };
        rows.push(Row { span, above, behind: Span::from(end..break_at) });
        free = span.end;
    }
    Some(rows)
}

/// Where the lines of comments directly above a line begin.
fn comments_above(side: &Parsed<'_>, from: usize, line: usize) -> usize {
    let mut start = line;
    let lines: Vec<&str> = side.text()[from..line].split_inclusive('\n').collect();
    for text in lines.into_iter().rev() {
        if !text.trim_start().starts_with(['#', '/']) {
            break;
        }
        start -= text.len();
    }
    start
}

/// What both sides made of the comments beside elements that both have.
pub(super) fn comments(
    sides: Sides<&Parsed<'_>>,
    containers: Sides<&Container>,
    pairings: &[Pairing],
) -> Result<Vec<Edit>, Contested> {
    let of_all = sides.zip(containers).map(|(side, container)| rows(side, container));
    let mut edits = Vec::new();
    let Some(of_all) = of_all.all() else { return Ok(edits) };
    for pairing in pairings {
        let at = of_all.as_ref().zip(*pairing).map(|(rows, at)| at.map(|at| rows[at]));
        let (Some(ours), Some(_)) = (at.ours, at.theirs) else { continue };
        let to = sides.ours.indentation(ours.above.end);
        edits.extend(comments::above(sides, at.map(|row| row.map(|row| row.above)), to)?);
        edits.extend(comments::behind(sides, at.map(|row| row.map(|row| row.behind)))?);
    }
    Ok(edits)
}
