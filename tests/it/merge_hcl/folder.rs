//! Blocks that moved to another file of their folder are found there.

use std::collections::BTreeMap;

use crossrole::merge::{FileSides, follow_moves};

use super::merged;
use super::model::{self, Document, Layout, Random, Who, written};
use super::oracle::{self, Verdict};
use crate::effort::{least, scaled};

type Folder = BTreeMap<String, FileSides>;

fn role(name: &str, path: &str) -> String {
    format!("resource \"aws_iam_role\" \"{name}\" {{\n  path = \"{path}\"\n}}\n")
}

fn file(base: Option<&str>, ours: Option<&str>, theirs: Option<&str>) -> FileSides {
    let own = |text: Option<&str>| text.map(str::to_owned);
    FileSides { base: own(base), ours: own(ours), theirs: own(theirs) }
}

fn folder(files: &[(&str, FileSides)]) -> Folder {
    files.iter().map(|(name, sides)| ((*name).to_owned(), sides.clone())).collect()
}

fn followed(files: &[(&str, FileSides)]) -> Folder {
    let mut folder = folder(files);
    follow_moves(&mut folder);
    folder
}

#[test]
fn where_nothing_moved_nothing_changes() {
    let (a, b, new) = (role("a", "/"), role("b", "/"), role("a", "/new/"));
    let files = [
        ("main.tf", file(Some(&a), Some(&a), Some(&new))),
        ("own.tf", file(None, Some("locals {\n  x = 1\n}\n"), None)),
        ("roles.tf", file(Some(&b), None, Some(&b))),
        ("new.tf", file(None, None, Some("locals {\n  x = 1\n}\n"))),
        ("broken.tf", file(Some(&role("c", "/")), Some("resource {"), Some(&role("c", "/x/")))),
    ];
    assert_eq!(followed(&files), folder(&files));
}

#[test]
fn what_ours_moved_is_changed_where_it_stands() {
    let (a, b, new) = (role("a", "/"), role("b", "/"), role("a", "/new/"));
    let found = followed(&[
        ("main.tf", file(Some(&format!("{a}\n{b}")), Some(&b), Some(&format!("{new}\n{b}")))),
        ("own.tf", file(None, Some(&a), None)),
    ]);
    assert_eq!(found["main.tf"], file(Some(&b), Some(&b), Some(&b)));
    assert_eq!(found["own.tf"], file(Some(&a), Some(&a), Some(&new)));
}

#[test]
fn what_theirs_moved_takes_ours_along() {
    let (a, b, mine) = (role("a", "/"), role("b", "/"), role("a", "/mine/"));
    let found = followed(&[
        ("main.tf", file(Some(&format!("{a}\n{b}")), Some(&format!("{mine}\n{b}")), Some(&b))),
        ("roles.tf", file(None, None, Some(&a))),
    ]);
    assert_eq!(found["main.tf"], file(Some(&b), Some(&b), Some(&b)));
    assert_eq!(found["roles.tf"], file(Some(&a), Some(&mine), Some(&a)));
}

#[test]
fn where_both_moved_a_block_ours_stands() {
    let (a, new) = (role("a", "/"), role("a", "/new/"));
    let found = followed(&[
        ("main.tf", file(Some(&a), Some(""), Some(""))),
        ("ours.tf", file(None, Some(&a), None)),
        ("theirs.tf", file(None, None, Some(&new))),
    ]);
    assert_eq!(found["ours.tf"], file(Some(&a), Some(&a), Some(&new)));
    assert_eq!(found["theirs.tf"], file(None, None, Some("")));
}

#[test]
fn a_deleted_file_stays_deleted_when_its_blocks_moved() {
    let (a, new) = (role("a", "/"), role("a", "/new/"));
    let found = followed(&[
        ("main.tf", file(Some(&a), None, Some(&new))),
        ("own.tf", file(None, Some(&format!("# Mine.\n{a}")), None)),
    ]);
    assert_eq!(found["main.tf"], file(Some(""), None, Some("")));
    assert_eq!(found["own.tf"].theirs.as_ref(), Some(&new));
}

#[test]
fn what_ours_moved_and_theirs_deleted_is_deleted() {
    let a = role("a", "/");
    let found =
        followed(&[("main.tf", file(Some(&a), Some(""), Some(""))), ("own.tf", file(None, Some(&a), None))]);
    assert_eq!(found["own.tf"], file(Some(&a), Some(&a), Some("")));
    assert_eq!(merged(&a, &a, "").text, "");
}

#[test]
fn what_has_no_address_of_its_own_stays() {
    let a = role("a", "/");
    let files = [
        ("main.tf", file(Some(&a), Some(""), Some(&role("a", "/new/")))),
        ("one.tf", file(None, Some(&a), None)),
        ("two.tf", file(None, Some(&a), None)),
    ];
    assert_eq!(followed(&files), folder(&files));
}

/// Whatever blocks both sides move between three files, the folder comes to what one file would.
#[test]
fn folders_merge_as_one_file_would() {
    let (mut clean, mut conflicts) = (0, 0);
    for seed in 0..scaled(500) {
        let mut random = Random::new(seed);
        let document = model::document(&mut random);
        let (mut ours, mut theirs) = (document.clone(), document.clone());
        for _ in 0..=random.below(3) {
            model::change(&mut ours, Who::Ours, &mut random);
            model::change(&mut theirs, Who::Theirs, &mut random);
        }
        let whole = [&document, &ours, &theirs].map(|side| written(side, Layout::Canonical));
        let mut folder = Folder::new();
        for side in 0..3 {
            let blocks = [&document, &ours, &theirs][side];
            for (name, part) in scattered(blocks, side, &mut random) {
                let text = Some(written(&part, Layout::Canonical));
                let sides = folder.entry(name).or_default();
                *[&mut sides.base, &mut sides.ours, &mut sides.theirs][side] = text;
            }
        }
        follow_moves(&mut folder);
        let side = |text: &Option<String>| text.clone().unwrap_or_default();
        let results: Vec<_> = folder
            .values()
            .map(|file| merged(&side(&file.base), &side(&file.ours), &side(&file.theirs)))
            .collect();
        let is_clean = results.iter().all(|result| result.conflicts.is_empty());
        match oracle::verdict(&whole[0], &whole[1], &whole[2]) {
            Verdict::Clean(wanted) if is_clean => {
                let text: String = results.iter().map(|result| &*result.text).collect();
                assert!(oracle::agree(&oracle::values(&text), &wanted), "{seed}\n{text}");
                clean += 1;
            }
            Verdict::Conflict => {
                assert!(!is_clean, "{seed}: a conflict was lost");
                conflicts += 1;
            }
            // A comment of ours in what theirs deleted.
            Verdict::Clean(_) => assert!(whole[1].contains("# A note of ours"), "{seed}: {results:?}"),
        }
    }
    assert!(clean >= least(200) && conflicts >= least(20), "{clean} clean, {conflicts} conflicts");
}

/// The blocks of a side in three files, most of them where base has them.
fn scattered(blocks: &Document, side: usize, random: &mut Random) -> BTreeMap<String, Document> {
    let mut files: BTreeMap<String, Document> = BTreeMap::new();
    for block in blocks {
        let home = format!("{block:?}").len() % 3;
        let place = if side > 0 && random.one_in(4) { random.below(3) } else { home };
        files.entry(format!("{place}.tf")).or_default().push(block.clone());
    }
    files
}
