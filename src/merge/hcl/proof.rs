//! The proof of a merge: the result, read anew, says what ours changed and what theirs changed, each
//! at its own address, and nothing else.
//!
//! Comments count as well: each is there as often as the changes of both sides make it.

use std::collections::{BTreeMap, BTreeSet};

use super::address;
use super::parsed::Parsed;
use crate::hcl::{Body, Span};
use crate::merge::meaning::Meaning;
use crate::merge::proof::{Allowed, follows, wanted};
use crate::sides::Sides;

/// Whether a result is what the three sides say.
pub(super) fn holds(sides: Sides<&Parsed<'_>>, result: &str, allowed: Allowed) -> bool {
    let Some(result) = Parsed::parse(result) else { return false };
    let meanings = sides.map(|side| Meaning::from_body(side, side.body()));
    let merged = Meaning::from_body(&result, result.body());
    keeps_comments(sides, &result, allowed)
        && keeps_apart(sides, &result)
        && follows(meanings.as_ref().map(Some), Some(&merged), allowed)
}

/// Blocks that Terraform takes once in whatever they stand in, though they have no labels.
const SINGLE: [&str; 5] = ["backend", "cloud", "lifecycle", "required_providers", "timeouts"];

/// Whether no block is there more often than on any side, of which Terraform takes one: a labelled one of the
/// outermost level, or one of its settings.
fn keeps_apart(sides: Sides<&Parsed<'_>>, result: &Parsed<'_>) -> bool {
    let Sides { base, ours, theirs } = sides;
    let known = [base, ours, theirs].map(single_blocks);
    let most = |block: &String| known.iter().map(|side| side.get(block).copied().unwrap_or_default()).max();
    single_blocks(result).iter().all(|(block, count)| *count <= most(block).unwrap_or_default().max(1))
}

fn single_blocks(side: &Parsed<'_>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for block in side.body().blocks() {
        let path = address::block_key(&side.document, block);
        if !block.labels.is_empty() {
            *counts.entry(path.clone()).or_default() += 1;
        }
        for inner in block.body.blocks().filter(|inner| SINGLE.contains(&inner.keyword.as_str())) {
            *counts.entry(format!("{path}\0\0\0{}", inner.keyword)).or_default() += 1;
        }
    }
    counts
}

/// How often each comment is in each block of a text. One above a block belongs to what the block is in, as it
/// does with a blank line between.
fn comments(side: &Parsed<'_>) -> Comments {
    let mut counts = Comments::new();
    count(side, side.body(), "", &mut counts);
    counts
}

/// Comments with the blocks that they are in.
type Comments = BTreeMap<(String, String), usize>;

fn count(side: &Parsed<'_>, body: &Body, path: &str, counts: &mut Comments) {
    let mut add = |path: &str, span: Span| {
        for comment in side.comments(span) {
            *counts.entry((path.to_owned(), comment.to_owned())).or_default() += 1;
        }
    };
    let mut from = body.span.start;
    let mut inner = Vec::new();
    for block in body.blocks() {
        let path_inside = format!("{path}\0\0\0{}", address::block_key(&side.document, block));
        add(path, Span { start: from, end: block.header.start });
        add(&path_inside, block.header);
        add(&path_inside, block.footer);
        from = block.span.end;
        inner.push((path_inside, block));
    }
    add(path, Span { start: from, end: body.span.end });
    for (path, block) in inner {
        count(side, &block.body, &path, counts);
    }
}

/// Every comment that is in any of these texts, with how often it is in each.
fn counted<'p, 't: 'p>(texts: impl IntoIterator<Item = &'p Parsed<'t>>) -> Vec<Vec<usize>> {
    let all: Vec<Comments> = texts.into_iter().map(comments).collect();
    let known: BTreeSet<&(String, String)> = all.iter().flat_map(BTreeMap::keys).collect();
    let of = |comment: &(String, String)| {
        all.iter().map(|text| text.get(comment).copied().unwrap_or_default()).collect()
    };
    known.into_iter().map(of).collect()
}

/// Every comment is there as often as the changes of both sides make it.
fn keeps_comments(sides: Sides<&Parsed<'_>>, result: &Parsed<'_>, allowed: Allowed) -> bool {
    let Sides { base, ours, theirs } = sides;
    counted([base, ours, theirs, result]).into_iter().all(|counts| {
        let [base, ours, theirs, result] = counts[..] else { return false };
        match allowed {
            Allowed::Neither => wanted(Sides { base, ours, theirs }).contains(&result),
            Allowed::Ours => ours <= base || result >= ours - base,
            Allowed::Theirs => theirs <= base || result >= theirs - base,
        }
    })
}

/// Whether no comment is lost between two results, one that decides every conflict for ours and one that
/// does for theirs.
pub(super) fn share_comments(sides: Sides<&Parsed<'_>>, results: [&str; 2]) -> bool {
    let [Some(one), Some(other)] = results.map(Parsed::parse) else { return false };
    let Sides { base, ours, theirs } = sides;
    counted([base, ours, theirs, &one, &other]).into_iter().all(|counts| {
        let [base, ours, theirs, one, other] = counts[..] else { return false };
        let [least, both] = wanted(Sides { base, ours, theirs });
        one.max(other) >= least.min(both)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(name: &str, region: u32, duration: u32) -> String {
        format!("p \"{name}\" {{\n  region   = {region}\n  duration = {duration}\n  tags = [1, 2]\n}}\n")
    }

    #[track_caller]
    fn proves(base: &str, ours: &str, theirs: &str, result: &str) -> bool {
        let side = |text| Parsed::parse(text).expect("valid text");
        let (base, ours, theirs) = (side(base), side(ours), side(theirs));
        holds(Sides { base: &base, ours: &ours, theirs: &theirs }, result, Allowed::Neither)
    }

    /// The wrong results that other tools report as merges.
    #[test]
    fn what_is_lost_moved_or_made_up_is_not_proved() {
        let all = |a: String, b: String| format!("{a}{b}");
        let base = all(block("a", 1, 1), block("b", 1, 1));
        let ours = all(block("a", 1, 1), format!("# mine\n{}", block("b", 2, 1)));
        let theirs = all(block("a", 1, 3), block("b", 1, 3));
        let right = all(block("a", 1, 3), format!("# mine\n{}", block("b", 2, 3)));
        assert!(proves(&base, &ours, &theirs, &right));
        let reordered = all(format!("# mine\n{}", block("b", 2, 3)), block("a", 1, 3));
        assert!(proves(&base, &ours, &theirs, &reordered));
        for wrong in [
            all(block("a", 2, 3), format!("# mine\n{}", block("b", 1, 3))),
            all(block("a", 1, 1), format!("# mine\n{}", block("b", 2, 3))),
            all(block("a", 1, 3), format!("# mine\n{}", block("b", 1, 3))),
            right.replace("# mine\n", ""),
            right.replace("[1, 2]", "[2, 1]"),
            format!("{right}{}", block("a", 1, 3)),
            block("a", 1, 3),
            format!("{right}}}"),
        ] {
            assert!(!proves(&base, &ours, &theirs, &wrong), "{wrong}");
        }
    }
}
