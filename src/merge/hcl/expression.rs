//! Merging expressions: objects by key, lists by their order, everything else whole.

use super::container::{Container, ContainerKind, Element, container};
use super::edit::{self, Edit};
use super::parsed::Parsed;
use super::rows::{self, Row, rows};
use crate::hcl::{Span, TokenKind};
use crate::merge::matching::{self, Pairing};
use crate::merge::meaning::{Meaning, natural_keys};
use crate::sides::{Side, Sides};

/// The edits of our expression that bring in what theirs changed. `None` is a conflict.
pub(super) fn merge(sides: Sides<&Parsed<'_>>, base: Span, ours: Span, theirs: Span) -> Option<Vec<Edit>> {
    let spans = sides.zip(Sides { base, ours, theirs });
    match spans.map(|(side, span)| side.slice(span)).trivial_by(|left, right| left == right) {
        Some(Side::Theirs) => return Some(vec![whole(sides, ours, theirs)]),
        Some(_) => return Some(Vec::new()),
        None => {}
    }
    let meanings = spans.map(|(side, span)| Meaning::from_expression(side, span));
    let comments = spans.map(|(side, span)| side.comments(span));
    let said = meanings.as_ref().zip(comments.as_ref());
    if said.trivial().is_some_and(|said| *said == (&meanings.ours, &comments.ours)) {
        return Some(Vec::new());
    }
    structural(sides, base, ours, theirs).or_else(|| {
        let is_theirs = meanings.trivial_by(Meaning::eq) == Some(Side::Theirs);
        let is_ours_free = is_theirs && loses_nothing((sides.base, base), (sides.ours, ours));
        is_ours_free.then(|| vec![whole(sides, ours, theirs)])
    })
}

/// Whether a side has no comment in a place that base has not.
pub(super) fn loses_nothing(base: (&Parsed<'_>, Span), side: (&Parsed<'_>, Span)) -> bool {
    let known = base.0.comments(base.1);
    side.0.comments(side.1).iter().all(|comment| known.binary_search(comment).is_ok())
}

/// Their expression in the place of ours.
fn whole(sides: Sides<&Parsed<'_>>, ours: Span, theirs: Span) -> Edit {
    let from = sides.theirs.indentation(theirs.start);
    let to = sides.ours.indentation(ours.start);
    Edit::replace(ours, edit::fitted(sides.theirs, theirs, from, to))
}

fn structural(sides: Sides<&Parsed<'_>>, base: Span, ours: Span, theirs: Span) -> Option<Vec<Edit>> {
    let b = container(sides.base, base)?;
    let o = container(sides.ours, ours)?;
    let t = container(sides.theirs, theirs)?;
    if b.kind != o.kind || b.kind != t.kind {
        return None;
    }
    let pairings = pairings(sides, Sides { base: &b, ours: &o, theirs: &t })?;
    let mut edits = Vec::new();
    let mut removed = vec![false; o.elements.len()];
    let mut place = vec![None; t.elements.len()];
    for pairing in &pairings {
        let of = |container: &'_ Container, index: Option<usize>| {
            index.map(|index| container.elements[index].value)
        };
        match (of(&b, pairing.base), of(&o, pairing.ours), of(&t, pairing.theirs)) {
            (Some(b), Some(o), Some(t)) => edits.extend(merge(sides, b, o, t)?),
            (Some(b), Some(ours), None) => {
                if !is_untouched((sides.base, b), (sides.ours, ours)) {
                    return None;
                }
                removed[pairing.ours?] = true;
            }
            (Some(b), None, Some(t)) if !is_untouched((sides.base, b), (sides.theirs, t)) => return None,
            (None, Some(o), Some(t)) if !says_same((sides.ours, o), (sides.theirs, t)) => return None,
            _ => {}
        }
        if let (Some(theirs), Some(ours)) = (pairing.theirs, pairing.ours) {
            place[theirs] = Some(ours);
        }
    }
    edits.extend(rows::comments(sides, Sides { base: &b, ours: &o, theirs: &t }, &pairings).ok()?);
    let is_new = |index: usize| {
        pairings.iter().any(|one| *one == Pairing { theirs: Some(index), ..Pairing::default() })
    };
    let change = ContainerChange { sides, ours: &o, theirs: &t, edits, removed, place };
    let new: Vec<usize> =
        (0..t.elements.len()).filter(|&at| change.place[at].is_none() && is_new(at)).collect();
    change.written(&new)
}

/// Whether a side has left alone what the other deleted.
fn is_untouched(base: (&Parsed<'_>, Span), side: (&Parsed<'_>, Span)) -> bool {
    says_same(base, side) && loses_nothing(base, side)
}

fn says_same(left: (&Parsed<'_>, Span), right: (&Parsed<'_>, Span)) -> bool {
    Meaning::from_expression(left.0, left.1) == Meaning::from_expression(right.0, right.1)
}

/// Which elements are the same. `None` where that would be a guess, or one may have another name.
fn pairings(sides: Sides<&Parsed<'_>>, containers: Sides<&Container>) -> Option<Vec<Pairing>> {
    let said = sides.zip(containers).map(|(side, container)| said(side, container));
    let said = said.as_ref().map(Vec::as_slice);
    let mut pairings = matched(containers, said)?;
    let is_known = match containers.base.kind {
        ContainerKind::Object => true,
        ContainerKind::Call(_) => false,
        ContainerKind::List => natural_keys(said.into_array()).is_some(),
    };
    let is_like = |base: usize, side, at: usize| said.base[base].is_shaped_like(&said.pick(side)[at]);
    (!is_known || matching::renamed(&mut pairings, is_like).is_empty()).then_some(pairings)
}

/// What each element says.
pub(super) fn said(side: &Parsed<'_>, container: &Container) -> Vec<Meaning> {
    container.elements.iter().map(|element| Meaning::from_expression(side, element.value)).collect()
}

/// Which elements of containers of one kind, that say this, are the same.
pub(super) fn matched(containers: Sides<&Container>, said: Sides<&[Meaning]>) -> Option<Vec<Pairing>> {
    match containers.base.kind {
        ContainerKind::Object => {
            let keys = |container: &Container| -> Vec<String> {
                container.elements.iter().filter_map(|element| element.key.clone()).collect()
            };
            let keys = containers.map(keys);
            Some(matching::by_key(&keys.base, &keys.ours, &keys.theirs))
        }
        ContainerKind::Call(_) => {
            let is_even = said.base.len() == said.ours.len() && said.base.len() == said.theirs.len();
            let all = 0..said.base.len();
            let same = all.map(|at| Sides { base: Some(at), ours: Some(at), theirs: Some(at) });
            is_even.then(|| same.collect())
        }
        ContainerKind::List => match natural_keys(said.into_array()) {
            Some([b, o, t]) => matching::by_key_in_order(&b, &o, &t),
            None => matching::by_order(said.base, said.ours, said.theirs),
        },
    }
}

/// What is to be done to our container.
struct ContainerChange<'m, 't> {
    sides: Sides<&'m Parsed<'t>>,
    ours: &'m Container,
    theirs: &'m Container,
    /// What changes within elements.
    edits: Vec<Edit>,
    /// Which of our elements go.
    removed: Vec<bool>,
    /// Which of our elements is the same as one of theirs.
    place: Vec<Option<usize>>,
}

impl ContainerChange<'_, '_> {
    /// The edits for all of it, with these elements of theirs as new ones.
    fn written(mut self, new: &[usize]) -> Option<Vec<Edit>> {
        if new.is_empty() && !self.removed.contains(&true) {
            return Some(self.edits);
        }
        if new.iter().any(|&at| self.has_heredoc(at)) && self.ours.kind == ContainerKind::List {
            return None;
        }
        match rows(self.sides.ours, self.ours) {
            Some(rows) => {
                self.by_rows(&rows, new);
                Some(self.edits)
            }
            None => self.anew(new),
        }
    }

    fn has_heredoc(&self, theirs: usize) -> bool {
        let span = self.theirs.elements[theirs].span;
        self.sides.theirs.tokens(span).iter().any(|token| token.kind == TokenKind::HeredocOpen)
    }

    /// After which of ours a new element of theirs goes; `None` is before all of them.
    fn anchor(&self, theirs: usize) -> Option<usize> {
        let stays = |at: usize| self.place[at].filter(|&ours| !self.removed[ours]);
        (0..theirs).rev().find_map(stays)
    }

    /// Where each element has lines of its own: lines come and go.
    fn by_rows(&mut self, rows: &[Row], new: &[usize]) {
        let is_list = self.ours.kind != ContainerKind::Object;
        let count = rows.len();
        let ends_with_comma = self.ours.elements.last().is_some_and(|last| last.comma.is_some());
        let last_kept = (0..count).rev().find(|&at| !self.removed[at]);
        for at in (0..count).filter(|&at| self.removed[at]) {
            self.edits.push(Edit::replace(rows[at].span, String::new()));
        }
        let anchors: Vec<Option<usize>> = new.iter().map(|&theirs| self.anchor(theirs)).collect();
        let last_new = (0..new.len()).rev().find(|&at| anchors[at] == last_kept);
        for (index, &theirs) in new.iter().enumerate() {
            let has_comma = is_list && (ends_with_comma || Some(index) != last_new);
            let text = self.row(theirs, rows[0].span.end, has_comma);
            self.edits.push(match anchors[index] {
                Some(anchor) => Edit::after(rows[anchor].span.end, text),
                None => Edit::before(rows[0].span.start, text),
            });
        }
        if let Some(last) = last_kept.filter(|_| is_list) {
            let element = &self.ours.elements[last];
            match element.comma {
                None if last_new.is_some() => self.edits.push(Edit::after(element.span.end, ",".to_owned())),
                Some(comma) if last_new.is_none() && last + 1 < count && !ends_with_comma => {
                    self.edits.push(Edit::replace(Span::from(comma..comma + 1), String::new()));
                }
                _ => {}
            }
        }
    }

    /// A new element as lines of its own.
    fn row(&self, theirs: usize, like: usize, has_comma: bool) -> String {
        let to = self.sides.ours.indentation(like - 1);
        let element = &self.theirs.elements[theirs];
        let from = self.sides.theirs.indentation(element.span.start);
        let own = rows(self.sides.theirs, self.theirs).map(|rows| rows[theirs]);
        let above = own.filter(|row| !row.above.is_empty());
        let above = above.map_or(String::new(), |row| edit::lines(self.sides.theirs, row.above, to));
        let value = edit::fitted(self.sides.theirs, element.span, from, to);
        let behind = own.map_or("", |row| self.sides.theirs.slice(row.behind).trim());
        let comma = if has_comma { "," } else { "" };
        let gap = if behind.is_empty() { "" } else { " " };
        format!("{above}{to}{value}{comma}{gap}{behind}\n")
    }

    /// Writes the whole container again, each element as it stands.
    fn anew(&self, new: &[usize]) -> Option<Vec<Edit>> {
        let (ours, theirs) = (self.sides.ours, self.sides.theirs);
        let inner = self.ours.elements.iter().map(|element| element.span);
        let inside: usize = inner.map(|span| ours.comments(span).len()).sum();
        if inside < ours.comments(self.ours.span).len() {
            return None;
        }
        if self.ours.elements.is_empty() {
            return Some(vec![whole(self.sides, self.ours.span, self.theirs.span)]);
        }
        let text = |element: &Element| edit::apply(ours.text(), element.span, &self.edits);
        let anchors: Vec<Option<usize>> = new.iter().map(|&theirs| self.anchor(theirs)).collect();
        let added = |anchor: Option<usize>| {
            let here = new.iter().zip(&anchors).filter(move |(_, at)| **at == anchor);
            here.map(|(&index, _)| theirs.slice(self.theirs.elements[index].span).to_owned())
        };
        let mut parts: Vec<String> = added(None).collect();
        for (index, element) in self.ours.elements.iter().enumerate() {
            if !self.removed[index] {
                parts.push(text(element)?);
                parts.extend(added(Some(index)));
            }
        }
        let written = bracketed(ours, self.ours, &parts)?;
        let span = self.ours.elements_span(ours);
        Some(vec![Edit::replace(span, written)])
    }
}

/// Elements between the brackets, on one line if they were.
fn bracketed(side: &Parsed<'_>, container: &Container, parts: &[String]) -> Option<String> {
    if !side.slice(container.span).contains('\n') || !side.slice(container.elements_span(side)).contains('\n')
    {
        let padding = if container.kind == ContainerKind::Object && !parts.is_empty() { " " } else { "" };
        return Some(format!("{padding}{}{padding}", parts.join(", ")));
    }
    if parts.iter().any(|part| part.contains("<<")) {
        return None;
    }
    let indentation = side.indentation(container.span.start);
    let rows: Vec<String> = parts.iter().map(|part| format!("{indentation}  {part},\n")).collect();
    Some(format!("\n{}{indentation}", rows.concat()))
}
