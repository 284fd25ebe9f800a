//! What holds for every merge.

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

/// Where git is clean, and every line and comment is there as both sides' changes make it, below the block that it
/// belongs to by its hidden identity, the merge is clean and has all of that, too. Where git is clean and that is
/// not so, something was lost, doubled, revived or moved to another block: only then may the merge be a conflict.
///
/// That lines are merged as git merges them, to the byte, is a test of its own (`merge::lines`).
#[test]
fn where_git_is_clean_and_right_so_are_we() {
    let (mut both, mut ours_alone, mut git_is_wrong) = (0, 0, 0);
    for (seed, triple) in triples() {
        let (merged, by_git) = (triple.merged(FileKind::Hcl), triple.merged(FileKind::Plain));
        match (triple.outcome(&by_git), triple.outcome(&merged)) {
            // They may differ in what both sides did alike, once or twice.
            (Outcome::Right, Outcome::Right) => both += 1,
            (Outcome::Right, _) => panic!("{seed}\n{}\n=== git\n{}", triple.shown(&merged), by_git.text),
            (Outcome::Wrong, _) => git_is_wrong += 1,
            (Outcome::Conflict, Outcome::Right) => ours_alone += 1,
            (Outcome::Conflict, _) => {}
        }
    }
    assert!(both >= least(5_000) && ours_alone >= least(1_000), "{both} both, {ours_alone} only ours");
    assert!(git_is_wrong >= least(100), "{git_is_wrong} of git's are wrong");
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
