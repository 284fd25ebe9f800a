//! Comments: what one side changed of them comes in, and two changes of one comment are a conflict.

use super::edit::{self, Edit};
use super::items::{ItemKind, MergeItem, trimmed_lines};
use super::parsed::Parsed;
use crate::hcl::{Block, Span, Token, TokenKind};
use crate::merge::matching::Pairing;
use crate::sides::{Side, Sides};

/// Two sides have changed one comment, each in its own way.
#[derive(Debug)]
pub(super) struct Contested;

/// The comments of one place on each side; a side that has no such place has none.
pub(super) type Spans = Sides<Option<Span>>;

/// The edit that makes of our comment lines above something what all sides make of them.
pub(super) fn above(sides: Sides<&Parsed<'_>>, spans: Spans, to: &str) -> Result<Option<Edit>, Contested> {
    let (Side::Theirs, Some(ours)) = (decided_by(sides, spans)?, spans.ours) else { return Ok(None) };
    let new = spans.theirs.filter(|theirs| !theirs.is_empty());
    let lines = new.map_or(String::new(), |theirs| edit::lines(sides.theirs, theirs, to));
    Ok(Some(Edit::above(ours, lines)))
}

/// The same for what stands behind something on its line.
pub(super) fn behind(sides: Sides<&Parsed<'_>>, spans: Spans) -> Result<Option<Edit>, Contested> {
    let (Side::Theirs, Some(ours)) = (decided_by(sides, spans)?, spans.ours) else { return Ok(None) };
    let new = spans.theirs.map_or("", |theirs| sides.theirs.slice(theirs)).trim();
    let text = if new.is_empty() { String::new() } else { format!(" {new}") };
    Ok((!new.contains('\n')).then(|| Edit::replace(ours, text)))
}

/// Whose comment it is to be.
fn decided_by(sides: Sides<&Parsed<'_>>, spans: Spans) -> Result<Side, Contested> {
    let text = |(side, span): (&Parsed<'_>, Option<Span>)| {
        span.map_or(String::new(), |span| trimmed_lines(side.slice(span)))
    };
    sides.zip(spans).map(text).trivial_by(String::eq).ok_or(Contested)
}

/// The same for what stands behind the braces of a block, each on its line.
pub(super) fn behind_braces(
    sides: Sides<&Parsed<'_>>,
    blocks: Sides<Option<&Block>>,
) -> Result<Vec<Edit>, Contested> {
    let mut edits = Vec::new();
    for brace in [TokenKind::OpenBrace, TokenKind::CloseBrace] {
        let spans = sides.zip(blocks).map(|(side, block)| {
            let block = block?;
            Some(tail(side, if brace == TokenKind::OpenBrace { block.header } else { block.footer }, brace))
        });
        edits.extend(behind(sides, spans)?);
    }
    Ok(edits)
}

/// What stands behind a brace on its line.
fn tail(side: &Parsed<'_>, span: Span, brace: TokenKind) -> Span {
    let is_brace = |token: &&Token| token.kind == brace;
    let end = side.tokens(span).iter().rfind(is_brace).map_or(span.end, |token| token.span().end);
    Span::from(end..span.start + side.slice(span).trim_end().len().max(end - span.start))
}

/// Takes a new comment of one side that stands where base has one that this side has no longer for
/// the new words of that one.
pub(super) fn reworded(pairings: &mut Vec<Pairing>, all: Sides<&[MergeItem<'_>]>, side: Side) {
    let items = all.pick(side);
    let is_comment = |at: &usize| matches!(items[*at].kind, ItemKind::Comment);
    let new = pairings.iter().filter(|one| one.is_only_of(side)).filter_map(|one| one.pick(side));
    for at in new.filter(is_comment).collect::<Vec<usize>>() {
        let Some(old) = replaced(pairings, all.base, side, at) else { continue };
        pairings.retain(|one| !(one.is_only_of(side) && one.pick(side) == Some(at)));
        if let Some(pairing) = pairings.iter_mut().find(|one| one.base == Some(old)) {
            *pairing.pick_mut(side) = Some(at);
        }
    }
}

/// The comment of base that a side replaced by the one at `at`: it stood beside the same item.
fn replaced(pairings: &[Pairing], base: &[MergeItem<'_>], side: Side, at: usize) -> Option<usize> {
    let in_base = |at: usize| pairings.iter().find(|one| one.pick(side) == Some(at)).and_then(|one| one.base);
    let before = at.checked_sub(1).and_then(in_base).map(|before| before + 1);
    let first = (at == 0).then_some(0);
    let after = in_base(at + 1).and_then(|after| after.checked_sub(1));
    let is_old = |index: &usize| base.get(*index).is_some_and(|item| matches!(item.kind, ItemKind::Comment));
    let is_gone = |one: &Pairing, index: usize| one.base == Some(index) && one.pick(side).is_none();
    let candidates = [before, first, after].into_iter().flatten().filter(is_old);
    candidates.into_iter().find(|&index| pairings.iter().any(|one| is_gone(one, index)))
}
