//! What holds for every merge.

use crossrole::merge::Merged;
use crossrole::output::FileKind;

use super::edits::Family;
use super::{Outcome, Triple};
use crate::effort::{least, scaled};

const CASES: u64 = 20_000;

fn triples() -> impl Iterator<Item = (u64, Triple)> {
    (0..scaled(CASES)).map(|seed| (seed, Triple::random(seed, &Family::ALL)))
}

#[test]
fn nothing_is_lost_doubled_revived_or_misplaced() {
    let (mut clean, mut conflicts) = (0, 0);
    for (seed, triple) in triples() {
        let merged = triple.merged(FileKind::Hcl);
        match triple.outcome(&merged) {
            Outcome::Right => clean += 1,
            Outcome::Conflict => conflicts += 1,
            Outcome::Wrong => panic!("{seed}\n{}", triple.shown(&merged)),
        }
    }
    assert!(clean >= least(8_000) && conflicts >= least(1_000), "{clean} clean, {conflicts} conflicts");
}

/// That lines are merged as git merges them, to the byte, is a test of its own (`merge::lines`).
#[test]
fn where_git_is_right_so_are_we() {
    let (mut both, mut ours_alone, mut gone) = (0, 0, 0);
    for (seed, triple) in triples() {
        let (merged, by_git) = (triple.merged(FileKind::Hcl), triple.merged(FileKind::Plain));
        match (triple.outcome(&by_git), triple.outcome(&merged)) {
            // Both have all that the judge asks for; they may differ in what both sides did alike, once or twice.
            (Outcome::Right, Outcome::Right) => both += 1,
            (Outcome::Right, Outcome::Conflict) if is_about_what_is_gone(&merged) => gone += 1,
            (Outcome::Right, _) => panic!("{seed}\n{}\n=== git\n{}", triple.shown(&merged), by_git.text),
            (_, Outcome::Right) => ours_alone += 1,
            _ => {}
        }
    }
    assert!(both >= least(5_000) && ours_alone >= least(1_000), "{both} both, {ours_alone} only ours");
    assert!(gone * 100 <= both, "{gone} conflicts about what is gone, beside {both}");
}

/// Whether one side deleted what the other changed. For git that may be two changes far apart: it takes the lines of a
/// deleted block for those of its neighbour, or what stands in its place under another name for the same block. Or
/// whether it is about rules that are alike to the letter, of which git takes one that came for one that moved.
fn is_about_what_is_gone(merged: &Merged) -> bool {
    merged
        .conflicts
        .iter()
        .all(|one| one.what.contains("deleted") || one.at.rsplit('.').next() == Some("rule"))
}

#[test]
fn a_side_that_alone_changed_is_the_result() {
    for (_, Triple { base, ours, theirs, names }) in triples().take(1_000) {
        for (b, o, t, wanted) in
            [(&base, &base, &theirs, &theirs), (&base, &ours, &base, &ours), (&base, &ours, &ours, &ours)]
        {
            let triple = Triple { base: b.clone(), ours: o.clone(), theirs: t.clone(), names: names.clone() };
            let merged = triple.merged(FileKind::Hcl);
            assert_eq!((&merged.text, merged.conflicts.len()), (wanted, 0));
        }
    }
}

#[test]
fn sides_may_be_exchanged() {
    for (seed, triple) in triples() {
        let turned = Triple {
            base: triple.base.clone(),
            ours: triple.theirs.clone(),
            theirs: triple.ours.clone(),
            names: triple.names.clone(),
        };
        let (one, other) = (triple.merged(FileKind::Hcl), turned.merged(FileKind::Hcl));
        let shown = || format!("{seed}\n{}\n=== turned\n{}", triple.shown(&one), turned.shown(&other));
        assert_eq!(one.conflicts.is_empty(), other.conflicts.is_empty(), "{}", shown());
    }
}
