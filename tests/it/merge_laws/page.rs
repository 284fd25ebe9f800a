//! `docs/merges-compared.md` has the figures beside git's, as they are today.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crossrole::output::FileKind;

use super::document::{self, Item};
use super::edits::Family;
use super::names;
use super::random::Random;
use super::{Outcome, Triple};
use crate::support::{compare, no_complaints, repository};

/// So many merges of each family; the page is the same whatever `CASES` says.
const CASES: u64 = 200;

const HEAD: &str = "# Merges compared

Random Terraform files of two to five near-identical blocks, each with attributes, a list, an object, nested blocks and
comments, are edited by two people at once, up to three edits each. A reader that knows nothing of merging then counts
every line and comment under the header that it stands below: a clean merge is *right* if everything is there as often as
both people's changes make it, and *wrong* if something was lost, doubled, revived or moved to another block.

git is `git merge-file`. The laws behind this page hold for 20,000 such files (`tests/it/merge_laws`), and wherever git is
clean and right, so is crossrole, with the same meaning. The files for the row about keys hold maps of near-identical objects;
there, in less than one merge of a thousand, what got another name and more that is new than it kept is a conflict, for it may
be something else. To reproduce it: `BLESS=1 cargo test --test it merge_laws`.

| of 200 merges where … | git: right | conflict | wrong | crossrole: right | conflict | wrong |
| --- | --- | --- | --- | --- | --- | --- |
";

#[test]
fn the_page_says_what_is_so() {
    let mut page = HEAD.to_owned();
    let files: fn(&mut Random) -> Vec<Item> = document::document;
    let families = Family::ALL.map(|family| (family.title(), files, vec![family]));
    let names: fn(&mut Random) -> Vec<Item> = names::document;
    let names = ("keys of objects, types and labels get other names", names, names::FAMILIES.to_vec());
    let all = ("everything at once", files, Family::ALL.to_vec());
    for (title, document, families) in families.into_iter().chain([names, all]) {
        let of = |kind: FileKind| {
            let mut counts: BTreeMap<Outcome, usize> = BTreeMap::new();
            for seed in 0..CASES {
                let triple = Triple::of(document, 1_000_000 + seed, &families);
                let merged = triple.merged(kind);
                let outcome = triple.outcome(&merged);
                let is_ours = kind == FileKind::Hcl;
                assert!(!is_ours || outcome != Outcome::Wrong, "{}", triple.shown(&merged));
                *counts.entry(outcome).or_default() += 1;
            }
            let count = |outcome| counts.get(&outcome).copied().unwrap_or_default();
            [Outcome::Right, Outcome::Conflict, Outcome::Wrong].map(count)
        };
        let ([gr, gc, gw], [r, c, w]) = (of(FileKind::Plain), of(FileKind::Hcl));
        _ = writeln!(page, "| {title} | {gr} | {gc} | {gw} | {r} | {c} | {w} |");
    }
    no_complaints(
        &compare(&repository("docs/merges-compared.md"), &page).err().into_iter().collect::<Vec<_>>(),
    );
}
