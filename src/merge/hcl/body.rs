//! Merging bodies: item by item, as edits of our text and places where the sides conflict.

use super::address;
use super::comments;
use super::conflict::ConflictRegion;
use super::edit::{self, Edit};
use super::expression;
use super::insertion::Insertions;
use super::items::{ItemKind, Matched, MergeItem, items, matched, meaning};
use super::parsed::Parsed;
use super::renamed;
use crate::hcl::{Attribute, Block, Body, Span, TokenKind};
use crate::merge::matching::Pairing;
use crate::sides::{Side, Sides};

const CHANGED_BY_BOTH: &str = "changed on both sides";
const ADDED_BY_BOTH: &str = "added on both sides";

/// What a merge comes to, before conflicts are resolved.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) edits: Vec<Edit>,
    pub(super) conflicts: Vec<ConflictRegion>,
}

/// Merges three texts.
pub(super) fn merge(sides: Sides<&Parsed<'_>>) -> Outcome {
    let mut merger = Merger { sides, outcome: Outcome::default() };
    merger.body("", Some(sides.base.body()), sides.ours.body(), sides.theirs.body());
    merger.outcome
}

struct Merger<'m, 't> {
    sides: Sides<&'m Parsed<'t>>,
    outcome: Outcome,
}

/// A body on three sides, taken apart.
struct Bodies<'b> {
    path: &'b str,
    items: Sides<Vec<MergeItem<'b>>>,
}

impl Merger<'_, '_> {
    fn body(&mut self, path: &str, base: Option<&Body>, ours: &Body, theirs: &Body) {
        let sides = self.sides;
        let of_all = sides.zip(Sides { base, ours: Some(ours), theirs: Some(theirs) });
        let items = of_all.map(|(side, body)| body.map_or_else(Vec::new, |body| items(side, body)));
        let bodies = Bodies { path, items };
        let all = bodies.items.as_ref().map(Vec::as_slice);
        let Matched { mut pairings, unclear } = matched(sides, all);
        for side in [Side::Ours, Side::Theirs] {
            comments::reworded(&mut pairings, all, side);
        }
        renamed::paired(&mut pairings, sides, all);
        let mut insertions = Insertions::new(sides, ours, all.ours, all.theirs, &pairings);
        pairings.sort_by_key(|pairing| pairing.theirs);
        for pairing in &pairings {
            self.item(&bodies, &mut insertions, *pairing);
        }
        for group in &unclear {
            self.unclear(&bodies, &mut insertions, group);
        }
        self.outcome.edits.extend(insertions.edits());
    }

    fn item(&mut self, bodies: &Bodies<'_>, insertions: &mut Insertions<'_, '_>, pairing: Pairing) {
        let base = pairing.base.map(|at| &bodies.items.base[at]);
        let ours = pairing.ours.map(|at| &bodies.items.ours[at]);
        let theirs = pairing.theirs.map(|at| &bodies.items.theirs[at]);
        match (base, ours, theirs) {
            (_, Some(ours), Some(theirs)) => self.both(bodies.path, base, ours, theirs),
            (Some(base), Some(ours), None)
                if is_untouched((self.sides.base, base), (self.sides.ours, ours)) =>
            {
                self.outcome.edits.push(edit::removal(self.sides.ours, ours.span));
            }
            (Some(base), Some(ours), None) => {
                let conflict = self.conflict(
                    bodies.path,
                    what_of_one(base, ours, ["changed here, deleted there", "renamed here, deleted there"]),
                    ours,
                    Some(base),
                    None,
                );
                self.outcome.conflicts.push(conflict);
            }
            (Some(base), None, Some(theirs))
                if !is_untouched((self.sides.base, base), (self.sides.theirs, theirs)) =>
            {
                let at = address::readable(bodies.path, &theirs.key);
                let (offset, indentation) = insertions.place(pairing.theirs);
                self.outcome.conflicts.push(ConflictRegion {
                    at,
                    what: what_of_one(
                        base,
                        theirs,
                        ["deleted here, changed there", "deleted here, renamed there"],
                    ),
                    span: Span::empty(offset),
                    also: Vec::new(),
                    texts: Sides {
                        base: edit::lines(self.sides.base, base.span, &indentation),
                        ours: String::new(),
                        theirs: edit::lines(self.sides.theirs, theirs.span, &indentation),
                    },
                });
            }
            (None, None, Some(_)) => insertions.insert(pairing.theirs),
            _ => {}
        }
    }

    fn both(
        &mut self,
        path: &str,
        base: Option<&MergeItem<'_>>,
        ours: &MergeItem<'_>,
        theirs: &MergeItem<'_>,
    ) {
        let spans =
            Sides { base: base.map(|base| base.span), ours: Some(ours.span), theirs: Some(theirs.span) };
        let texts = self.sides.zip(spans).map(|(side, span)| span.map(|span| side.slice(span)));
        match texts.trivial_by(Option::eq) {
            Some(Side::Theirs) if texts.ours.is_some_and(|text| text.ends_with('\n')) => {
                let lines = edit::lines(self.sides.theirs, theirs.span, self.indentation(ours));
                self.outcome.edits.push(Edit::replace(ours.span, lines));
                return;
            }
            Some(Side::Theirs) | None => {}
            Some(_) => return,
        }
        match (base.map(|base| base.kind), ours.kind, theirs.kind) {
            (Some(ItemKind::Comment), ItemKind::Comment, ItemKind::Comment) => {
                let keys = Sides {
                    base: base.map(|base| &base.key),
                    ours: Some(&ours.key),
                    theirs: Some(&theirs.key),
                };
                match keys.trivial_by(Option::eq) {
                    Some(Side::Theirs) => {
                        let lines = edit::lines(self.sides.theirs, theirs.span, self.indentation(ours));
                        self.outcome.edits.push(Edit::replace(ours.span, lines));
                    }
                    Some(_) => {}
                    None => self.conflicting(path, CHANGED_BY_BOTH, ours, base, theirs),
                }
            }
            _ if ours.key != theirs.key => self.conflicting(path, CHANGED_BY_BOTH, ours, base, theirs),
            (base_kind, ItemKind::Attribute(o), ItemKind::Attribute(t)) => {
                let b = match base_kind {
                    Some(ItemKind::Attribute(attribute)) => Some(attribute),
                    _ => None,
                };
                self.attribute(path, (base, b), (ours, o), (theirs, t));
            }
            (kind, ItemKind::Block(o), ItemKind::Block(t)) => {
                let b = match kind {
                    Some(ItemKind::Block(block)) => Some(block),
                    _ => None,
                };
                self.block(path, (base, b), (ours, o), (theirs, t));
            }
            _ => {}
        }
    }

    fn attribute(
        &mut self,
        path: &str,
        base: (Option<&MergeItem<'_>>, Option<&Attribute>),
        ours: (&MergeItem<'_>, &Attribute),
        theirs: (&MergeItem<'_>, &Attribute),
    ) {
        let attributes = Sides { base: base.1, ours: Some(ours.1), theirs: Some(theirs.1) };
        let leading = attributes.map(|attribute| attribute.map(|attribute| attribute.leading));
        self.above(path, ours.0, leading);
        let value = match base.1 {
            Some(b) => expression::merge(self.sides, b.expression, ours.1.expression, theirs.1.expression),
            None => same(self.sides.ours, ours.0, self.sides.theirs, theirs.0).then(Vec::new),
        };
        let has_heredoc = |(side, attribute): (&Parsed<'_>, Option<&Attribute>)| {
            attribute.is_some_and(|attribute| {
                side.tokens(attribute.expression).iter().any(|token| token.kind == TokenKind::HeredocOpen)
            })
        };
        let ends_plainly = !self.sides.zip(attributes).map(has_heredoc).into_array().contains(&true);
        let trailing = attributes.map(|attribute| {
            let (end, trailing) =
                attribute.map(|attribute| (attribute.expression.end, attribute.trailing))?;
            Some(Span::from(end..trailing.end.max(end))).filter(|_| ends_plainly)
        });
        match (value, comments::behind(self.sides, trailing)) {
            (Some(edits), Ok(behind)) => self.outcome.edits.extend(edits.into_iter().chain(behind)),
            _ => self.conflicting(path, what_of_both(base.0), ours.0, base.0, theirs.0),
        }
    }

    /// Merges the comment lines above an item that both sides have.
    fn above(&mut self, path: &str, ours: &MergeItem<'_>, leading: comments::Spans) {
        let to = self.indentation(ours);
        if let Ok(edit) = comments::above(self.sides, leading, to) {
            self.outcome.edits.extend(edit);
            return;
        }
        let lines = |(side, span): (&Parsed<'_>, Option<Span>)| {
            span.filter(|span| !span.is_empty()).map_or(String::new(), |span| edit::lines(side, span, to))
        };
        self.outcome.conflicts.push(ConflictRegion {
            at: format!("the comment above {}", address::readable(path, &ours.key)),
            what: if leading.base.is_none_or(Span::is_empty) { ADDED_BY_BOTH } else { CHANGED_BY_BOTH },
            span: leading.ours.unwrap_or_default(),
            also: Vec::new(),
            texts: self.sides.zip(leading).map(lines),
        });
    }

    /// Notes a conflict about an item that both sides have.
    fn conflicting(
        &mut self,
        path: &str,
        what: &'static str,
        ours: &MergeItem<'_>,
        base: Option<&MergeItem<'_>>,
        theirs: &MergeItem<'_>,
    ) {
        let conflict = self.conflict(path, what, ours, base, Some(theirs));
        self.outcome.conflicts.push(conflict);
    }

    /// A conflict about an item that ours has.
    fn conflict(
        &self,
        path: &str,
        what: &'static str,
        ours: &MergeItem<'_>,
        base: Option<&MergeItem<'_>>,
        theirs: Option<&MergeItem<'_>>,
    ) -> ConflictRegion {
        let span = if theirs.is_some() { ours.own_lines() } else { ours.span };
        let lines = |item: &MergeItem<'_>| if theirs.is_some() { item.own_lines() } else { item.span };
        let to = self.indentation(ours);
        let texts = Sides {
            base: base.map_or(String::new(), |base| edit::lines(self.sides.base, lines(base), to)),
            ours: self.sides.ours.slice(span).to_owned(),
            theirs: theirs.map_or(String::new(), |item| edit::lines(self.sides.theirs, lines(item), to)),
        };
        ConflictRegion { at: address::readable(path, &ours.key), what, span, also: Vec::new(), texts }
    }

    fn indentation(&self, ours: &MergeItem<'_>) -> &str {
        let start = match ours.kind {
            ItemKind::Attribute(attribute) => attribute.name_span.start,
            ItemKind::Block(block) => block.leading.end,
            ItemKind::Comment => ours.span.start,
        };
        self.sides.ours.indentation(start)
    }

    fn block(
        &mut self,
        path: &str,
        base: (Option<&MergeItem<'_>>, Option<&Block>),
        ours: (&MergeItem<'_>, &Block),
        theirs: (&MergeItem<'_>, &Block),
    ) {
        let path_above = path;
        let path = address::readable(path, &ours.0.key);
        let blocks = Sides { base: base.1, ours: Some(ours.1), theirs: Some(theirs.1) };
        self.above(path_above, ours.0, blocks.map(|block| block.map(|block| block.leading)));
        if self.sides.ours.slice(ours.1.header).ends_with('\n') {
            match comments::behind_braces(self.sides, blocks) {
                Ok(edits) => self.outcome.edits.extend(edits),
                Err(comments::Contested) => {
                    return self.conflicting(path_above, what_of_both(base.0), ours.0, base.0, theirs.0);
                }
            }
            self.body(&path, base.1.map(|base| &base.body), &ours.1.body, &theirs.1.body);
        } else if !base
            .0
            .is_some_and(|base| is_untouched((self.sides.base, base), (self.sides.theirs, theirs.0)))
        {
            if let Some(text) = self.one_line(base.1, ours.1, theirs.1) {
                let span = Span::from(ours.1.header.start..ours.1.footer.end);
                self.outcome.edits.push(Edit::replace(span, text));
            } else {
                self.conflicting(path_above, what_of_both(base.0), ours.0, base.0, theirs.0);
            }
        }
    }

    /// Merges a block that ours has on one line, where lines cannot be put into it. `None` is a
    /// conflict.
    fn one_line(&self, base: Option<&Block>, ours: &Block, theirs: &Block) -> Option<String> {
        let text = |side: &Parsed<'_>, block: &Block| {
            side.slice(Span::from(block.header.start..block.footer.end)).to_owned()
        };
        let side = self.sides.ours;
        let to = side.indentation(ours.header.start);
        let (header, footer) = (side.slice(ours.header), side.slice(ours.footer));
        let inside = side.slice(ours.body.span).trim();
        let inside = if inside.is_empty() { String::new() } else { format!("{to}  {inside}\n") };
        let expanded = format!("{header}\n{inside}{to}{}", footer.trim_start());
        let base = base.map_or(String::new(), |base| text(self.sides.base, base));
        let theirs = text(self.sides.theirs, theirs);
        let (base, ours, theirs) =
            (Parsed::parse(&base)?, Parsed::parse(&expanded)?, Parsed::parse(&theirs)?);
        let outcome = merge(Sides { base: &base, ours: &ours, theirs: &theirs });
        if !outcome.conflicts.is_empty() {
            return None;
        }
        edit::apply(&expanded, Span::from(0..expanded.len()), &outcome.edits)
    }

    /// A conflict about items that cannot be told apart: all of them against all of them.
    fn unclear(
        &mut self,
        bodies: &Bodies<'_>,
        insertions: &mut Insertions<'_, '_>,
        group: &Sides<Vec<usize>>,
    ) {
        let Sides { base, ours, theirs } = group;
        let spans: Vec<Span> = ours.iter().map(|&at| bodies.items.ours[at].span).collect();
        let (first, indentation) = insertions.place(theirs.first().copied());
        let span = spans.first().copied().unwrap_or(Span::empty(first));
        let all = |side: &Parsed<'_>, items: &[MergeItem<'_>], indices: &[usize]| -> String {
            let texts = indices.iter().map(|&at| edit::lines(side, items[at].span, &indentation));
            texts.collect::<Vec<_>>().join("\n")
        };
        let named = [(&bodies.items.ours, ours), (&bodies.items.theirs, theirs), (&bodies.items.base, base)];
        let key = named.iter().find_map(|(items, indices)| Some(&items[*indices.first()?].key));
        self.outcome.conflicts.push(ConflictRegion {
            at: address::readable(bodies.path, key.map_or("", |key| key)),
            what: CHANGED_BY_BOTH,
            span,
            also: spans.into_iter().skip(1).collect(),
            texts: Sides {
                base: all(self.sides.base, &bodies.items.base, base),
                ours: all(self.sides.ours, &bodies.items.ours, ours),
                theirs: all(self.sides.theirs, &bodies.items.theirs, theirs),
            },
        });
    }
}

/// What both sides did to something that both have.
fn what_of_both(base: Option<&MergeItem<'_>>) -> &'static str {
    if base.is_some() { CHANGED_BY_BOTH } else { ADDED_BY_BOTH }
}

/// What one side did to something that the other deleted: it changed it, or it renamed it.
fn what_of_one(
    base: &MergeItem<'_>,
    side: &MergeItem<'_>,
    [changed, renamed]: [&'static str; 2],
) -> &'static str {
    let is_renamed = base.key != side.key && !matches!(side.kind, ItemKind::Comment);
    if is_renamed { renamed } else { changed }
}

/// Whether a side has left alone what the other deleted.
fn is_untouched(base: (&Parsed<'_>, &MergeItem<'_>), side: (&Parsed<'_>, &MergeItem<'_>)) -> bool {
    same(base.0, base.1, side.0, side.1)
        && expression::loses_nothing((base.0, base.1.span), (side.0, side.1.span))
}

fn same(
    left_side: &Parsed<'_>,
    left: &MergeItem<'_>,
    right_side: &Parsed<'_>,
    right: &MergeItem<'_>,
) -> bool {
    let is_said = match (meaning(left_side, left), meaning(right_side, right)) {
        (Some(left), Some(right)) => left.same(&right),
        (left, right) => left.is_none() && right.is_none(),
    };
    is_said && left.key == right.key
}
