//! What holds for every merge, tried with random files.

use std::collections::BTreeSet;

use crossrole::hcl;
use crossrole::merge::{Conflict, Merged, Resolution};

use super::model::{self, Document, Layout, Random, Who, written};
use super::oracle::{self, Verdict};
use super::{merged, resolved};
use crate::effort::{least, scaled};

/// How many files are tried.
const CASES: u64 = 2_000;

/// Three files: where both began, what a person made of it, and what is new.
pub(super) struct Triple {
    pub(super) base: String,
    pub(super) ours: String,
    pub(super) theirs: String,
}

/// A random triple with up to this many changes on each side.
pub(super) fn triple(seed: u64, most: usize) -> Triple {
    let mut random = Random::new(seed);
    let document = model::document(&mut random);
    let mut changed = |who: Who| -> Document {
        let mut changed = document.clone();
        for _ in 0..=random.below(most) {
            model::change(&mut changed, who, &mut random);
        }
        changed
    };
    let (ours, theirs) = (changed(Who::Ours), changed(Who::Theirs));
    let layout = if seed.is_multiple_of(2) { Layout::Canonical } else { Layout::Odd(seed) };
    Triple {
        base: written(&document, Layout::Canonical),
        ours: written(&ours, layout),
        theirs: written(&theirs, Layout::Canonical),
    }
}

fn triples() -> impl Iterator<Item = Triple> {
    (0..scaled(CASES)).map(|seed| triple(seed, 4))
}

#[test]
fn one_sided_changes_are_taken_as_they_are() {
    for Triple { base, ours, theirs } in triples() {
        for (b, o, t, wanted) in [
            (&base, &base, &theirs, &theirs),
            (&base, &ours, &base, &ours),
            (&base, &theirs, &theirs, &theirs),
        ] {
            let found = merged(b, o, t);
            assert_eq!(&found.text, wanted);
            assert!(found.conflicts.is_empty());
        }
    }
}

#[test]
fn every_change_is_at_its_own_address_and_nothing_else_is() {
    let (mut clean, mut conflicts) = (0, 0);
    for (seed, Triple { base, ours, theirs }) in (0_u64..).zip(triples()) {
        let found = merged(&base, &ours, &theirs);
        let shown = || {
            format!("{seed}\n{base}\n=== ours\n{ours}\n=== theirs\n{theirs}\n=== {found:?}\n{}", found.text)
        };
        let verdict = match oracle::verdict(&base, &ours, &theirs) {
            // Under a new alias a provider may be followed, with what the other side changed in it.
            Verdict::Conflict if found.conflicts.is_empty() => {
                let [base, ours, theirs] = under_one_alias([&base, &ours, &theirs]);
                oracle::verdict(&base, &ours, &theirs)
            }
            verdict => verdict,
        };
        match verdict {
            Verdict::Conflict => {
                assert!(!found.conflicts.is_empty(), "a conflict was lost: {}", shown());
                conflicts += 1;
            }
            // A comment alone is not a value, but it is not to be lost either.
            Verdict::Clean(_) if is_about_a_note(&found, [&ours, &theirs]) => conflicts += 1,
            Verdict::Clean(wanted) => {
                assert!(found.conflicts.is_empty(), "there is no conflict: {}", shown());
                assert!(oracle::agree(&oracle::values(&found.text), &wanted), "{}", shown());
                clean += 1;
            }
        }
    }
    assert!(clean >= least(500) && conflicts >= least(100), "{clean} clean, {conflicts} conflicts");
}

/// The three texts with a provider under its new alias in all of them, where one side gave it one.
fn under_one_alias([base, ours, theirs]: [&str; 3]) -> [String; 3] {
    let renamed = |side: &str| {
        let (before, after) = (aliases(base), aliases(side));
        let mut gone = before.difference(&after);
        let mut new = after.difference(&before);
        match (gone.next(), gone.next(), new.next(), new.next()) {
            (Some(gone), None, Some(new), None) => Some((format!("\"{gone}\""), format!("\"{new}\""))),
            _ => None,
        }
    };
    let mut texts = [base, ours, theirs].map(str::to_owned);
    for (from, to) in [ours, theirs].into_iter().filter_map(renamed) {
        texts = texts.map(|text| text.replace(&from, &to));
    }
    texts
}

/// The aliases of providers.
fn aliases(text: &str) -> BTreeSet<String> {
    let value = |line: &str| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == "alias").then(|| value.trim().trim_matches('"').to_owned())
    };
    text.lines().filter_map(value).collect()
}

/// Whether the only conflicts are about a comment, or about what one side deleted and the other wrote one in.
fn is_about_a_note(found: &Merged, [ours, theirs]: [&str; 2]) -> bool {
    let is_note = |one: &Conflict| match &*one.what {
        "changed here, deleted there" => ours.contains("# A note of ours"),
        "deleted here, changed there" => theirs.contains("# A note of theirs"),
        _ => one.at.starts_with("the comment above "),
    };
    !found.conflicts.is_empty() && found.conflicts.iter().all(is_note)
}

#[test]
fn what_ours_wrote_beside_the_values_stays() {
    let mut count = 0;
    for Triple { base, ours, theirs } in triples() {
        let found = merged(&base, &ours, &theirs);
        for note in ours.lines().map(str::trim).filter(|line| line.starts_with("# A note of ours")) {
            assert!(found.text.contains(note), "`{note}` is gone:\n{}", found.text);
            count += 1;
        }
    }
    assert!(count >= least(100), "only {count} notes");
}

#[test]
fn what_was_formatted_stays_formatted_and_what_was_not_stays_as_it_is() {
    let mut count = 0;
    for Triple { base, ours, theirs } in triples() {
        let found = merged(&base, &ours, &theirs);
        if !found.conflicts.is_empty() {
            continue;
        }
        let is_formatted = |text: &str| hcl::format(text).as_deref() == Ok(text);
        if is_formatted(&ours) {
            assert!(is_formatted(&found.text), "{}", found.text);
        }
        count += 1;
    }
    assert!(count >= least(500), "only {count} clean merges");
}

#[test]
fn sides_may_be_exchanged_and_conflicts_settled() {
    let mut conflicts = 0;
    for Triple { base, ours, theirs } in triples() {
        let (there, back) = (merged(&base, &ours, &theirs), merged(&base, &theirs, &ours));
        assert_eq!(there.conflicts.is_empty(), back.conflicts.is_empty(), "{base}\n{ours}\n{theirs}");
        if !there.conflicts.is_empty() {
            conflicts += 1;
            assert!(there.text.contains("<<<<<<< yours"), "{}", there.text);
            for side in [Resolution::Ours, Resolution::Theirs] {
                let settled = resolved(&base, &ours, &theirs, side);
                assert_eq!(
                    settled.conflicts, there.conflicts,
                    "{base}\n=== ours\n{ours}\n=== theirs\n{theirs}\n"
                );
                oracle::values(&settled.text);
            }
        }
    }
    assert!(conflicts >= least(100), "only {conflicts} conflicts");
}

#[test]
fn conflicts_are_about_a_place_and_not_about_the_file() {
    let mut count = 0;
    for seed in 0..scaled(CASES) {
        let Triple { base, ours, theirs } = triple(seed, 6);
        let found = merged(&base, &ours, &theirs);
        assert!(
            found.conflicts.iter().all(|one| one.at != "the whole file"),
            "{seed}: {:?}",
            found.conflicts
        );
        count += usize::from(!found.conflicts.is_empty());
    }
    assert!(count >= least(300), "only {count} conflicts");
}
