//! Merging bodies: item by item, as edits of our text and places where the sides conflict.

use super::address;
use super::comments;
use super::conflict::ConflictRegion;
use super::edit::{self, Edit};
use super::expression;
use super::insertion::Insertions;
use super::items::{ItemKind, Matched, MergeItem, items, matched, meaning};
use super::matching::Pairing;
use super::parsed::Parsed;
use crate::hcl::{Block, Body, Span};
use crate::sides::{Side, Sides};

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
        comments::reworded(&mut pairings, all.base, all.theirs);
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
            (Some(base), Some(ours), None) if self.is_untouched(base, ours) => {
                self.outcome.edits.push(edit::removal(self.sides.ours, ours.span));
            }
            (Some(base), Some(ours), None) => {
                let conflict =
                    self.conflict(bodies.path, "changed here, deleted there", ours, Some(base), None);
                self.outcome.conflicts.push(conflict);
            }
            (Some(base), None, Some(theirs)) if !self.is_deletable(base, theirs) => {
                let at = address::readable(bodies.path, &theirs.key);
                let (offset, indentation) = insertions.place(pairing.theirs);
                self.outcome.conflicts.push(ConflictRegion {
                    at,
                    what: "deleted here, changed there",
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

    /// Whether ours may go with what theirs deleted.
    fn is_untouched(&self, base: &MergeItem<'_>, ours: &MergeItem<'_>) -> bool {
        let (b, o) = (base.span, ours.span);
        self.sides.base.slice(b) == self.sides.ours.slice(o)
            || same(self.sides.base, base, self.sides.ours, ours)
                && expression::loses_nothing(self.sides, b, o)
    }

    /// Whether what ours deleted may stay deleted.
    fn is_deletable(&self, base: &MergeItem<'_>, theirs: &MergeItem<'_>) -> bool {
        matches!(theirs.kind, ItemKind::Comment) || same(self.sides.base, base, self.sides.theirs, theirs)
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
            (None, ItemKind::Attribute(_), ItemKind::Attribute(_))
                if !same(self.sides.ours, ours, self.sides.theirs, theirs) =>
            {
                self.conflicting(path, "added on both sides", ours, None, theirs);
            }
            (Some(ItemKind::Attribute(b)), ItemKind::Attribute(o), ItemKind::Attribute(t)) => {
                if let Some(edits) = expression::merge(self.sides, b.expression, o.expression, t.expression) {
                    self.outcome.edits.extend(edits);
                    comments::for_attribute(self.sides, b, o, t, &mut self.outcome.edits);
                } else {
                    self.conflicting(path, "changed on both sides", ours, base, theirs);
                }
            }
            (Some(_), ItemKind::Comment, ItemKind::Comment) if ours.key != theirs.key => {
                let lines = edit::lines(self.sides.theirs, theirs.span, self.indentation(ours));
                self.outcome.edits.push(Edit::replace(ours.span, lines));
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
        if let Some(base) = base.1 {
            comments::for_block(self.sides, base, ours.1, theirs.1, &mut self.outcome.edits);
        }
        if self.sides.ours.slice(ours.1.header).ends_with('\n') {
            self.body(&path, base.1.map(|base| &base.body), &ours.1.body, &theirs.1.body);
        } else if !base.0.is_some_and(|base| self.is_deletable(base, theirs.0)) {
            if let Some(text) = self.one_line(base.1, ours.1, theirs.1) {
                let span = Span::from(ours.1.header.start..ours.1.footer.end);
                self.outcome.edits.push(Edit::replace(span, text));
            } else {
                let what = if base.0.is_some() { "changed on both sides" } else { "added on both sides" };
                let conflict = self.conflict(path_above, what, ours.0, base.0, Some(theirs.0));
                self.outcome.conflicts.push(conflict);
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
            what: "changed on both sides",
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

fn same(
    left_side: &Parsed<'_>,
    left: &MergeItem<'_>,
    right_side: &Parsed<'_>,
    right: &MergeItem<'_>,
) -> bool {
    match (meaning(left_side, left), meaning(right_side, right)) {
        (Some(left), Some(right)) => left.same(&right),
        (None, None) => left.key == right.key,
        _ => false,
    }
}
