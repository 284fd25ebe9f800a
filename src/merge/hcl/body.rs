//! Merging bodies: part by part, as edits of our text and places where the sides clash.

use super::address;
use super::clash::Clash;
use super::edit::{self, Edit};
use super::notes;
use super::pair::Triple;
use super::parts::{Kind, Matched, Part, matched, meaning, parts};
use super::place::Places;
use super::side::Side;
use super::values::{self, Trio};
use crate::hcl::Span;
use crate::hcl::{Block, Body};

/// What a merge comes to, before conflicts are resolved.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) edits: Vec<Edit>,
    pub(super) clashes: Vec<Clash>,
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
    base: Vec<Part<'b>>,
    ours: Vec<Part<'b>>,
    theirs: Vec<Part<'b>>,
}

impl Merger<'_, '_> {
    fn body(&mut self, path: &str, base: Option<&Body>, ours: &Body, theirs: &Body) {
        let trio = self.trio;
        let bodies = Bodies {
            path,
            base: base.map_or_else(Vec::new, |base| parts(trio.base, base)),
            ours: parts(trio.ours, ours),
            theirs: parts(trio.theirs, theirs),
        };
        let Matched { mut triples, unclear } = matched(trio, [&bodies.base, &bodies.ours, &bodies.theirs]);
        notes::reworded(&mut triples, &bodies.base, &bodies.theirs);
        let mut places = Places::new(trio, ours, &bodies.ours, &bodies.theirs, &triples);
        triples.sort_by_key(|triple| triple.theirs);
        for triple in &triples {
            self.part(&bodies, &mut places, *triple);
        }
        for group in &unclear {
            self.unclear(&bodies, &mut places, group);
        }
        self.outcome.edits.extend(places.edits());
    }

    fn part(&mut self, bodies: &Bodies<'_>, places: &mut Places<'_, '_>, triple: Triple) {
        let base = triple.base.map(|at| &bodies.base[at]);
        let ours = triple.ours.map(|at| &bodies.ours[at]);
        let theirs = triple.theirs.map(|at| &bodies.theirs[at]);
        match (base, ours, theirs) {
            (_, Some(ours), Some(theirs)) => self.both(bodies.path, base, ours, theirs),
            (Some(base), Some(ours), None) if self.is_untouched(base, ours) => {
                self.outcome.edits.push(edit::removal(self.trio.ours, ours.span));
            }
            (Some(base), Some(ours), None) => {
                let clash = self.clash(bodies.path, "changed here, deleted there", ours, Some(base), None);
                self.outcome.clashes.push(clash);
            }
            (Some(base), None, Some(theirs)) if !self.is_deletable(base, theirs) => {
                let at = address::readable(bodies.path, &theirs.key);
                let (offset, indentation) = places.place(triple.theirs);
                self.outcome.clashes.push(Clash {
                    at,
                    what: "deleted here, changed there",
                    span: Span::empty(offset),
                    also: Vec::new(),
                    ours: String::new(),
                    base: edit::lines(self.trio.base, base.span, &indentation),
                    theirs: edit::lines(self.trio.theirs, theirs.span, &indentation),
                });
            }
            (None, None, Some(_)) => places.insert(triple.theirs),
            _ => {}
        }
    }

    /// Whether ours may go with what theirs deleted.
    fn is_untouched(&self, base: &Part<'_>, ours: &Part<'_>) -> bool {
        let (b, o) = (base.span, ours.span);
        self.trio.base.slice(b) == self.trio.ours.slice(o)
            || same(self.trio.base, base, self.trio.ours, ours) && values::loses_nothing(self.trio, b, o)
    }

    /// Whether what ours deleted may stay deleted.
    fn is_deletable(&self, base: &Part<'_>, theirs: &Part<'_>) -> bool {
        matches!(theirs.kind, Kind::Comment) || same(self.trio.base, base, self.trio.theirs, theirs)
    }

    fn both(&mut self, path: &str, base: Option<&Part<'_>>, ours: &Part<'_>, theirs: &Part<'_>) {
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
            (None, Kind::Attribute(_), Kind::Attribute(_))
                if !same(self.trio.ours, ours, self.trio.theirs, theirs) =>
            {
                self.clashing(path, "added on both sides", ours, None, theirs);
            }
            (Some(Kind::Attribute(b)), Kind::Attribute(o), Kind::Attribute(t)) => {
                if let Some(edits) = values::merge(self.trio, b.expression, o.expression, t.expression) {
                    self.outcome.edits.extend(edits);
                    notes::of_attribute(self.trio, b, o, t, &mut self.outcome.edits);
                } else {
                    self.clashing(path, "changed on both sides", ours, base, theirs);
                }
            }
            (Some(_), Kind::Comment, Kind::Comment) if ours.key != theirs.key => {
                let lines = edit::lines(self.trio.theirs, theirs.span, self.indentation(ours));
                self.outcome.edits.push(Edit::replace(ours.span, lines));
            }
            (kind, Kind::Block(o), Kind::Block(t)) => {
                let b = match kind {
                    Some(Kind::Block(block)) => Some(block),
                    _ => None,
                };
                self.block(path, (base, b), (ours, o), (theirs, t));
            }
            _ => {}
        }
    }

    /// Notes a clash about a part that both sides have.
    fn clashing(
        &mut self,
        path: &str,
        what: &'static str,
        ours: &Part<'_>,
        base: Option<&Part<'_>>,
        theirs: &Part<'_>,
    ) {
        let clash = self.clash(path, what, ours, base, Some(theirs));
        self.outcome.clashes.push(clash);
    }

    /// A clash about a part that ours has.
    fn clash(
        &self,
        path: &str,
        what: &'static str,
        ours: &Part<'_>,
        base: Option<&Part<'_>>,
        theirs: Option<&Part<'_>>,
    ) -> Clash {
        let span = if theirs.is_some() { ours.own_lines() } else { ours.span };
        let lines = |part: &Part<'_>| if theirs.is_some() { part.own_lines() } else { part.span };
        let to = self.indentation(ours);
        let base = base.map_or(String::new(), |base| edit::lines(self.trio.base, lines(base), to));
        let theirs = theirs.map_or(String::new(), |part| edit::lines(self.trio.theirs, lines(part), to));
        Clash {
            at: address::readable(path, &ours.key),
            what,
            ours: self.trio.ours.slice(span).to_owned(),
            span,
            also: Vec::new(),
            base,
            theirs,
        }
    }

    fn indentation(&self, ours: &Part<'_>) -> &str {
        let start = match ours.kind {
            Kind::Attribute(attribute) => attribute.name_span.start,
            Kind::Block(block) => block.leading.end,
            Kind::Comment => ours.span.start,
        };
        self.trio.ours.indentation(start)
    }

    fn block(
        &mut self,
        path: &str,
        base: (Option<&Part<'_>>, Option<&Block>),
        ours: (&Part<'_>, &Block),
        theirs: (&Part<'_>, &Block),
    ) {
        let path_above = path;
        let path = address::readable(path, &ours.0.key);
        if let Some(base) = base.1 {
            notes::of_block(self.trio, base, ours.1, theirs.1, &mut self.outcome.edits);
        }
        if self.trio.ours.slice(ours.1.header).ends_with('\n') {
            self.body(&path, base.1.map(|base| &base.body), &ours.1.body, &theirs.1.body);
        } else if !base.0.is_some_and(|base| self.is_deletable(base, theirs.0)) {
            if let Some(text) = self.one_line(base.1, ours.1, theirs.1) {
                let span = Span::from(ours.1.header.start..ours.1.footer.end);
                self.outcome.edits.push(Edit::replace(span, text));
            } else {
                let what = if base.0.is_some() { "changed on both sides" } else { "added on both sides" };
                let clash = self.clash(path_above, what, ours.0, base.0, Some(theirs.0));
                self.outcome.clashes.push(clash);
            }
        }
    }

    /// Merges a block that ours has on one line, where lines cannot be put into it. `None` is a
    /// conflict.
    fn one_line(&self, base: Option<&Block>, ours: &Block, theirs: &Block) -> Option<String> {
        let text = |side: &Side<'_>, block: &Block| {
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
        let (base, ours, theirs) = (Side::parse(&base)?, Side::parse(&expanded)?, Side::parse(&theirs)?);
        let outcome = merge(Trio { base: &base, ours: &ours, theirs: &theirs });
        if !outcome.clashes.is_empty() {
            return None;
        }
        edit::apply(&expanded, Span::from(0..expanded.len()), &outcome.edits)
    }

    /// A clash about parts that cannot be told apart: all of them against all of them.
    fn unclear(&mut self, bodies: &Bodies<'_>, places: &mut Places<'_, '_>, group: &[Vec<usize>; 3]) {
        let [base, ours, theirs] = group;
        let spans: Vec<Span> = ours.iter().map(|&at| bodies.ours[at].span).collect();
        let (first, indentation) = places.place(theirs.first().copied());
        let span = spans.first().cloned().unwrap_or(Span::empty(first));
        let all = |side: &Side<'_>, parts: &[Part<'_>], indices: &[usize]| -> String {
            let texts = indices.iter().map(|&at| edit::lines(side, parts[at].span, &indentation));
            texts.collect::<Vec<_>>().join("\n")
        };
        let named = [(&bodies.ours, ours), (&bodies.theirs, theirs), (&bodies.base, base)];
        let key = named.iter().find_map(|(parts, indices)| Some(&parts[*indices.first()?].key));
        self.outcome.clashes.push(Clash {
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

fn same(left_side: &Side<'_>, left: &Part<'_>, right_side: &Side<'_>, right: &Part<'_>) -> bool {
    match (meaning(left_side, left), meaning(right_side, right)) {
        (Some(left), Some(right)) => left.same(&right),
        (None, None) => left.key == right.key,
        _ => false,
    }
}
