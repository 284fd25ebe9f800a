//! Where no block moves, git's merge is a second opinion: what it merges, we merge, to the same
//! text.

use std::fs;
use std::process::Command;

use crossrole::hcl;

use super::laws::Triple;
use super::merged;
use super::model::{self, Layout, Random, Who, written};
use crate::effort::{least, scaled};
use crate::oracle::oracle;
use crate::support::temporary;

const CASES: u64 = 1_000;

#[test]
fn what_git_merges_comes_out_the_same() {
    let Some(git) = oracle("git") else { return };
    let folder = temporary();
    let (mut both, mut ours_alone) = (0, 0);
    for seed in 0..scaled(CASES) {
        let Triple { base, ours, theirs } = unmoved(seed);
        for (name, text) in [("base", &base), ("ours", &ours), ("theirs", &theirs)] {
            fs::write(folder.path().join(name), text).expect("files can be written");
        }
        let output = Command::new(&git)
            .args(["merge-file", "-p", "ours", "base", "theirs"])
            .current_dir(folder.path())
            .output()
            .expect("git can be started");
        let text = String::from_utf8(output.stdout).expect("git prints text");
        let found = merged(&base, &ours, &theirs);
        if output.status.success() {
            let shown = format!("{seed}\n{base}\n=== {ours}\n=== {theirs}\n=== {:?}", found.conflicts);
            assert!(found.conflicts.is_empty(), "git has no conflict: {shown}");
            assert_eq!(hcl::format(&found.text), hcl::format(&text), "{shown}");
            both += 1;
        } else if found.conflicts.is_empty() {
            ours_alone += 1;
        }
    }
    assert!(both >= least(200), "only {both} merges without conflicts");
    assert!(ours_alone >= least(50), "only {ours_alone} merges that git has conflicts in");
}

/// A triple in which every block stays where it is.
fn unmoved(seed: u64) -> Triple {
    let mut random = Random::new(seed);
    let document = model::document(&mut random);
    let mut side = |who: Who| {
        let mut changed = document.clone();
        for _ in 0..=random.below(3) {
            let at = random.below(changed.len());
            let mut one = vec![changed[at].clone()];
            while one == [changed[at].clone()] || one.len() != 1 {
                one.truncate(0);
                one.push(changed[at].clone());
                model::change(&mut one, who, &mut random);
            }
            changed[at] = one.remove(0);
        }
        written(&changed, Layout::Canonical)
    };
    let (ours, theirs) = (side(Who::Ours), side(Who::Theirs));
    Triple { base: written(&document, Layout::Canonical), ours, theirs }
}
