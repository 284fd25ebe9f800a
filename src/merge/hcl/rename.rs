//! Addresses that theirs renamed: a new `moved` block says so, and base and ours follow before
//! anything is compared, so that edits of the old block belong to the new one.

use super::edit::{self, Edit};
use super::parsed::Parsed;
use crate::hcl::{Block, Span, TokenKind};
use crate::sides::Sides;

/// `aws_iam_role.a`, or `module.a`.
type Address = [String; 2];

/// Base and ours with the names that theirs gave; `None` if theirs renamed nothing.
///
/// Renamed are the header of the block and every reference to it, those that only ours has as well.
/// What `moved` blocks say stays: a chain of them is to be kept.
pub(super) fn followed(sides: Sides<&Parsed<'_>>) -> Option<[String; 2]> {
    let Sides { base, ours, theirs } = sides;
    let known = moves(base);
    let mut new = moves(theirs);
    new.retain(|one| !known.contains(one) && is_taken_over(one, [base, ours, theirs]));
    if new.is_empty() {
        return None;
    }
    Some([renamed(base, &new)?, renamed(ours, &new)?])
}

/// What the `moved` blocks of a side say, where they name whole resources or modules.
fn moves(side: &Parsed<'_>) -> Vec<(Address, Address)> {
    let blocks = side.body().blocks().filter(|block| block.keyword == "moved");
    blocks
        .filter_map(|block| {
            let of = |name: &str| address(side.slice(block.body.attribute(name)?.expression));
            Some((of("from")?, of("to")?))
        })
        .collect()
}

fn address(reference: &str) -> Option<Address> {
    let is_name =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    let (kind, name) = reference.split_once('.')?;
    (is_name(kind) && is_name(name)).then(|| [kind.to_owned(), name.to_owned()])
}

/// Whether the block was in base and ours under its old name, and is in theirs under its new one.
fn is_taken_over((from, to): &(Address, Address), [base, ours, theirs]: [&Parsed<'_>; 3]) -> bool {
    let has = |side: &Parsed<'_>, address: &Address| side.body().blocks().any(|block| is_of(block, address));
    let is_old = |side: &Parsed<'_>| has(side, from) && !has(side, to);
    from[0] == to[0] && is_old(base) && is_old(ours) && has(theirs, to) && !has(theirs, from)
}

fn is_of(block: &Block, [kind, name]: &Address) -> bool {
    match (&*block.keyword, &*block.labels) {
        ("resource", [known, label]) => known == kind && label == name,
        ("module", [label]) => kind == "module" && label == name,
        _ => false,
    }
}

/// A side with all of these renamed.
fn renamed(side: &Parsed<'_>, moves: &[(Address, Address)]) -> Option<String> {
    let mut edits = Vec::new();
    for block in side.body().blocks() {
        for (_, to) in moves.iter().filter(|(from, _)| is_of(block, from)) {
            edits.extend(label_edit(side, block, &to[1]));
        }
        if block.keyword != "moved" {
            edits.extend(references(side, block, moves));
        }
    }
    edit::apply(side.text(), Span::from(0..side.text().len()), &edits)
}

/// The edit that gives a block its new name, the last of its labels.
fn label_edit(side: &Parsed<'_>, block: &Block, name: &str) -> Option<Edit> {
    let tokens = side.tokens(block.header);
    let brace = tokens.iter().rposition(|token| token.kind == TokenKind::OpenBrace)?;
    let is_label = |kind: TokenKind| matches!(kind, TokenKind::QuotedLiteral | TokenKind::Identifier);
    let label = tokens[..brace].iter().rfind(|token| is_label(token.kind))?;
    Some(Edit::replace(label.span(), name.to_owned()))
}

/// The edits that give references in a block their new names.
fn references(side: &Parsed<'_>, block: &Block, moves: &[(Address, Address)]) -> Vec<Edit> {
    let tokens = side.tokens(block.body.span);
    let text = |index: usize| tokens.get(index).map_or("", |token| token.text(side.text()));
    let kind = |index: usize| tokens.get(index).map(|token| token.kind);
    let mut edits = Vec::new();
    for at in 0..tokens.len() {
        let is_pair = kind(at) == Some(TokenKind::Identifier)
            && kind(at + 1) == Some(TokenKind::Dot)
            && kind(at + 2) == Some(TokenKind::Identifier);
        let is_first = at.checked_sub(1).is_none_or(|before| kind(before) != Some(TokenKind::Dot));
        if is_pair && is_first {
            let named = moves.iter().find(|(from, _)| from[0] == text(at) && from[1] == text(at + 2));
            edits.extend(named.map(|(_, to)| Edit::replace(tokens[at + 2].span(), to[1].clone())));
        }
    }
    edits
}
