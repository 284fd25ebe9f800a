//! Comments: ours stay as they are, and what theirs changed comes in where ours has the old one.

use super::edit::{self, Edit};
use super::items::{ItemKind, MergeItem, trimmed_lines};
use super::matching::Pairing;
use super::parsed::Parsed;
use crate::hcl::{Attribute, Block, Span, TokenKind};
use crate::sides::{Side, Sides};

/// Brings in what theirs made of the comments above and behind an attribute.
pub(super) fn for_attribute(
    sides: Sides<&Parsed<'_>>,
    base: &Attribute,
    ours: &Attribute,
    theirs: &Attribute,
    edits: &mut Vec<Edit>,
) {
    above(sides, base.leading, (ours.leading, ours.name_span.start), theirs.leading, edits);
    let has_heredoc =
        sides.ours.tokens(ours.expression).iter().any(|token| token.kind == TokenKind::HeredocOpen);
    let new = sides.theirs.slice(theirs.trailing);
    let is_new = is_changed(sides, base.trailing, ours.trailing, theirs.trailing);
    if is_new && !has_heredoc && !new.contains('\n') {
        behind(Span::from(ours.expression.end..ours.trailing.end.max(ours.expression.end)), new, edits);
    }
}

/// Brings in what theirs made of the comments above a block, and behind its braces.
pub(super) fn for_block(
    sides: Sides<&Parsed<'_>>,
    base: &Block,
    ours: &Block,
    theirs: &Block,
    edits: &mut Vec<Edit>,
) {
    above(sides, base.leading, (ours.leading, ours.leading.end), theirs.leading, edits);
    if !sides.ours.slice(ours.header).ends_with('\n') {
        return;
    }
    let headers = [(sides.base, base.header), (sides.ours, ours.header), (sides.theirs, theirs.header)];
    let footers = [(sides.base, base.footer), (sides.ours, ours.footer), (sides.theirs, theirs.footer)];
    for (brace, spans) in [(TokenKind::OpenBrace, headers), (TokenKind::CloseBrace, footers)] {
        let [base, ours, theirs] = spans.map(|(side, span)| tail(side, span, brace));
        let new = sides.theirs.slice(theirs);
        if is_changed(sides, base, ours, theirs) && !new.contains('\n') {
            behind(ours, new.trim(), edits);
        }
    }
}

/// What stands behind a brace on its line.
fn tail(side: &Parsed<'_>, span: Span, brace: TokenKind) -> Span {
    let tokens = side.tokens(span);
    let end =
        tokens.iter().rev().find(|token| token.kind == brace).map_or(span.end, |token| token.span().end);
    Span::from(end..span.start + side.slice(span).trim_end().len().max(end - span.start))
}

/// Puts a comment behind something on its line.
fn behind(span: Span, new: &str, edits: &mut Vec<Edit>) {
    let text = if new.is_empty() { String::new() } else { format!(" {new}") };
    edits.push(Edit::replace(span, text));
}

/// Whether theirs, and only theirs, has other words there.
fn is_changed(sides: Sides<&Parsed<'_>>, base: Span, ours: Span, theirs: Span) -> bool {
    let spans = sides.zip(Sides { base, ours, theirs });
    spans.map(|(side, span)| trimmed_lines(side.slice(span))).trivial_by(String::eq) == Some(Side::Theirs)
}

fn above(sides: Sides<&Parsed<'_>>, base: Span, ours: (Span, usize), theirs: Span, edits: &mut Vec<Edit>) {
    if is_changed(sides, base, ours.0, theirs) {
        let to = sides.ours.indentation(ours.1);
        let new = if theirs.is_empty() { String::new() } else { edit::lines(sides.theirs, theirs, to) };
        edits.push(Edit::replace(ours.0, new));
    }
}

/// Takes a comment of theirs that stands where base has one that theirs has no longer for the new
/// words of that one.
pub(super) fn reworded(pairings: &mut Vec<Pairing>, base: &[MergeItem<'_>], theirs: &[MergeItem<'_>]) {
    let is_new = |one: &Pairing| one.base.is_none() && one.ours.is_none();
    let new = pairings.iter().filter(|one| is_new(one)).filter_map(|one| one.theirs);
    let new: Vec<usize> = new.filter(|&at| matches!(theirs[at].kind, ItemKind::Comment)).collect();
    for at in new {
        if let Some(old) = replaced(pairings, base, at) {
            pairings.retain(|one| one.theirs != Some(at));
            if let Some(pairing) = pairings.iter_mut().find(|one| one.base == Some(old)) {
                pairing.theirs = Some(at);
            }
        }
    }
}

/// The comment of base that theirs replaced by the one at `at`: it stood beside the same item.
fn replaced(pairings: &[Pairing], base: &[MergeItem<'_>], at: usize) -> Option<usize> {
    let in_base = |at: usize| pairings.iter().find(|one| one.theirs == Some(at)).and_then(|one| one.base);
    let before = at.checked_sub(1).and_then(in_base).map(|before| before + 1);
    let first = (at == 0).then_some(0);
    let after = in_base(at + 1).and_then(|after| after.checked_sub(1));
    let is_old = |index: &usize| base.get(*index).is_some_and(|item| matches!(item.kind, ItemKind::Comment));
    [before, first, after]
        .into_iter()
        .flatten()
        .filter(is_old)
        .find(|&index| pairings.iter().any(|one| one.base == Some(index) && one.theirs.is_none()))
}
