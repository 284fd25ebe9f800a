//! Merging bodies: item by item, as edits of our text and places where the sides conflict.

use super::address;
use super::comments;
use super::conflict::ConflictRegion;
use super::edit::{self, Edit};
use super::expression::{self, Trio};
use super::insertion::Insertions;
use super::items::{ItemKind, Matched, MergeItem, items, matched, meaning};
use super::matching::Pairing;
use super::parsed::Parsed;
use crate::hcl::{Block, Body, Span};

/// What a merge comes to, before conflicts are resolved.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) edits: Vec<Edit>,
    pub(super) conflicts: Vec<ConflictRegion>,
}

/// Merges three texts.
pub(super) fn merge(trio: Trio<'_, '_>) -> Outcome {
    let mut merger = Merger { trio, outcome: Outcome::default() };
    merger.body("", Some(trio.base.body()), trio.ours.body(), trio.theirs.body());
    merger.outcome
}

struct Merger<'m, 't> {
    trio: Trio<'m, 't>,
    outcome: Outcome,
}

/// A body on three sides, taken apart.
struct Bodies<'b> {
    path: &'b str,
    base: Vec<MergeItem<'b>>,
    ours: Vec<MergeItem<'b>>,
    theirs: Vec<MergeItem<'b>>,
}

impl Merger<'_, '_> {
    fn body(&mut self, path: &str, base: Option<&Body>, ours: &Body, theirs: &Body) {
        let trio = self.trio;
        let bodies = Bodies {
            path,
            base: base.map_or_else(Vec::new, |base| items(trio.base, base)),
            ours: items(trio.ours, ours),
            theirs: items(trio.theirs, theirs),
        };
        let Matched { mut pairings, unclear } = matched(trio, [&bodies.base, &bodies.ours, &bodies.theirs]);
        comments::reworded(&mut pairings, &bodies.base, &bodies.theirs);
        let mut insertions = Insertions::new(trio, ours, &bodies.ours, &bodies.theirs, &pairings);
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
        let base = pairing.base.map(|at| &bodies.base[at]);
        let ours = pairing.ours.map(|at| &bodies.ours[at]);
        let theirs = pairing.theirs.map(|at| &bodies.theirs[at]);
        match (base, ours, theirs) {
            (_, Some(ours), Some(theirs)) => self.both(bodies.path, base, ours, theirs),
            (Some(base), Some(ours), None) if self.is_untouched(base, ours) => {
                self.outcome.edits.push(edit::removal(self.trio.ours, ours.span));
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
                    ours: String::new(),
                    base: edit::lines(self.trio.base, base.span, &indentation),
                    theirs: edit::lines(self.trio.theirs, theirs.span, &indentation),
                });
            }
            (None, None, Some(_)) => insertions.insert(pairing.theirs),
            _ => {}
        }
    }

    /// Whether ours may go with what theirs deleted.
    fn is_untouched(&self, base: &MergeItem<'_>, ours: &MergeItem<'_>) -> bool {
        let (b, o) = (base.span, ours.span);
        self.trio.base.slice(b) == self.trio.ours.slice(o)
            || same(self.trio.base, base, self.trio.ours, ours) && expression::loses_nothing(self.trio, b, o)
    }

    /// Whether what ours deleted may stay deleted.
    fn is_deletable(&self, base: &MergeItem<'_>, theirs: &MergeItem<'_>) -> bool {
        matches!(theirs.kind, ItemKind::Comment) || same(self.trio.base, base, self.trio.theirs, theirs)
    }

    fn both(
        &mut self,
        path: &str,
        base: Option<&MergeItem<'_>>,
        ours: &MergeItem<'_>,
        theirs: &MergeItem<'_>,
    ) {
        let text = self.trio.ours.slice(ours.span);
        let known = base.map(|base| self.trio.base.slice(base.span));
        let new = self.trio.theirs.slice(theirs.span);
        if known == Some(new) || text == new {
            return;
        }
        if known == Some(text) && text.ends_with('\n') {
            let lines = edit::lines(self.trio.theirs, theirs.span, self.indentation(ours));
            self.outcome.edits.push(Edit::replace(ours.span, lines));
            return;
        }
        match (base.map(|base| base.kind), ours.kind, theirs.kind) {
            (None, ItemKind::Attribute(_), ItemKind::Attribute(_))
                if !same(self.trio.ours, ours, self.trio.theirs, theirs) =>
            {
                self.conflicting(path, "added on both sides", ours, None, theirs);
            }
            (Some(ItemKind::Attribute(b)), ItemKind::Attribute(o), ItemKind::Attribute(t)) => {
                if let Some(edits) = expression::merge(self.trio, b.expression, o.expression, t.expression) {
                    self.outcome.edits.extend(edits);
                    comments::for_attribute(self.trio, b, o, t, &mut self.outcome.edits);
                } else {
                    self.conflicting(path, "changed on both sides", ours, base, theirs);
                }
            }
            (Some(_), ItemKind::Comment, ItemKind::Comment) if ours.key != theirs.key => {
                let lines = edit::lines(self.trio.theirs, theirs.span, self.indentation(ours));
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

    /// Notes a conflict about a item that both sides have.
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

    /// A conflict about a item that ours has.
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
        let base = base.map_or(String::new(), |base| edit::lines(self.trio.base, lines(base), to));
        let theirs = theirs.map_or(String::new(), |item| edit::lines(self.trio.theirs, lines(item), to));
        ConflictRegion {
            at: address::readable(path, &ours.key),
            what,
            ours: self.trio.ours.slice(span).to_owned(),
            span,
            also: Vec::new(),
            base,
            theirs,
        }
    }

    fn indentation(&self, ours: &MergeItem<'_>) -> &str {
        let start = match ours.kind {
            ItemKind::Attribute(attribute) => attribute.name_span.start,
            ItemKind::Block(block) => block.leading.end,
            ItemKind::Comment => ours.span.start,
        };
        self.trio.ours.indentation(start)
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
            comments::for_block(self.trio, base, ours.1, theirs.1, &mut self.outcome.edits);
        }
        if self.trio.ours.slice(ours.1.header).ends_with('\n') {
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
        let side = self.trio.ours;
        let to = side.indentation(ours.header.start);
        let (header, footer) = (side.slice(ours.header), side.slice(ours.footer));
        let inside = side.slice(ours.body.span).trim();
        let inside = if inside.is_empty() { String::new() } else { format!("{to}  {inside}\n") };
        let expanded = format!("{header}\n{inside}{to}{}", footer.trim_start());
        let base = base.map_or(String::new(), |base| text(self.trio.base, base));
        let theirs = text(self.trio.theirs, theirs);
        let (base, ours, theirs) =
            (Parsed::parse(&base)?, Parsed::parse(&expanded)?, Parsed::parse(&theirs)?);
        let outcome = merge(Trio { base: &base, ours: &ours, theirs: &theirs });
        if !outcome.conflicts.is_empty() {
            return None;
        }
        edit::apply(&expanded, Span::from(0..expanded.len()), &outcome.edits)
    }

    /// A conflict about items that cannot be told apart: all of them against all of them.
    fn unclear(&mut self, bodies: &Bodies<'_>, insertions: &mut Insertions<'_, '_>, group: &[Vec<usize>; 3]) {
        let [base, ours, theirs] = group;
        let spans: Vec<Span> = ours.iter().map(|&at| bodies.ours[at].span).collect();
        let (first, indentation) = insertions.place(theirs.first().copied());
        let span = spans.first().cloned().unwrap_or(Span::empty(first));
        let all = |side: &Parsed<'_>, items: &[MergeItem<'_>], indices: &[usize]| -> String {
            let texts = indices.iter().map(|&at| edit::lines(side, items[at].span, &indentation));
            texts.collect::<Vec<_>>().join("\n")
        };
        let named = [(&bodies.ours, ours), (&bodies.theirs, theirs), (&bodies.base, base)];
        let key = named.iter().find_map(|(items, indices)| Some(&items[*indices.first()?].key));
        self.outcome.conflicts.push(ConflictRegion {
            at: address::readable(bodies.path, key.map_or("", |key| key)),
            what: "changed on both sides",
            ours: all(self.trio.ours, &bodies.ours, ours),
            span,
            also: spans.into_iter().skip(1).collect(),
            base: all(self.trio.base, &bodies.base, base),
            theirs: all(self.trio.theirs, &bodies.theirs, theirs),
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
