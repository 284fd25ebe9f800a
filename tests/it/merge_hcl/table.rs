//! The table that names what other tools do wrong: files of providers that are almost alike, one
//! edit, and a change of the list of accounts.

use super::merged;
use super::model::{self, Document, Layout, Random, Value, written};
use super::oracle::{self, Verdict};
use crate::effort::scaled;

const CASES: u64 = 300;

#[test]
fn no_edit_goes_to_another_account() {
    let (mut correct, mut conflicts, mut wrong) = (0, 0, 0);
    for seed in 0..scaled(CASES) {
        let mut random = Random::new(seed);
        let count = 4 + random.below(9);
        let base: Document = (0..count).map(|number| model::provider(&format!("a{number}"))).collect();
        let mut ours = base.clone();
        let edited = random.below(count);
        edit(&mut ours, edited, &mut random);
        let mut theirs = base.clone();
        update(&mut theirs, edited, &mut random);
        let [base, ours, theirs] = [base, ours, theirs].map(|side| written(&side, Layout::Canonical));
        let found = merged(&base, &ours, &theirs);
        let Verdict::Clean(wanted) = oracle::verdict(&base, &ours, &theirs) else {
            panic!("the sides change different things")
        };
        if !found.conflicts.is_empty() {
            conflicts += 1;
        } else if oracle::values(&found.text) == wanted {
            correct += 1;
        } else {
            wrong += 1;
        }
    }
    assert_eq!((correct, conflicts, wrong), (scaled(CASES), 0, 0));
}

/// One edit of one block.
fn edit(document: &mut Document, at: usize, random: &mut Random) {
    let block = &mut document[at];
    match random.below(4) {
        0 => block.attributes[1].1 = Value::Plain("\"us-east-1\"".to_owned()),
        1 => block.blocks[0].attributes[1].1 = Value::Plain("\"15m\"".to_owned()),
        2 => block.attributes.push(("profile".to_owned(), Value::Plain("\"mine\"".to_owned()))),
        _ => {
            block.attributes.remove(2);
        }
    }
}

/// Blocks come, go and move, or the template changes in all of them.
fn update(document: &mut Document, edited: usize, random: &mut Random) {
    let count = document.len();
    match random.below(4) {
        0 => document.insert(random.below(count + 1), model::provider("new")),
        1 => {
            document.remove((edited + 1 + random.below(count - 1)) % count);
        }
        2 => {
            let (from, to) = (random.below(count), random.below(count));
            let moved = document.remove(from);
            document.insert(to, moved);
            document.reverse();
        }
        _ => {
            for block in document {
                block.blocks[0].attributes[0].1 = Value::Plain("var.new_role".to_owned());
            }
        }
    }
}
