//! The same for names within names: entries of maps that hold objects, types and labels of blocks, attributes.

use crossrole::output::FileKind;

use super::document::{Item, Kind};
use super::edits::Family;
use super::random::Random;
use super::{Outcome, Triple};
use crate::effort::{least, scaled};

const CASES: u64 = 10_000;

/// What is done to names, and beside that.
pub(super) const FAMILIES: [Family; 4] = [Family::Renames, Family::Renames, Family::Values, Family::Copies];

/// A file of maps of near-identical objects, and of blocks with types.
pub(super) fn document(random: &mut Random) -> Vec<Item> {
    let object = |name: String, inner: Vec<Item>| Item::new(Kind::Block(format!("{name} ="), inner));
    let account = |number: usize| {
        let id = format!("\"id-{number}\"");
        let others = ["email", "owner", "team", "unit"].map(|name| Item::attribute(name, "\"x\""));
        object(format!("a{number}"), std::iter::once(Item::attribute("id", &id)).chain(others).collect())
    };
    let accounts = (0..2 + random.below(3)).map(account).collect();
    let settings = |number: usize| {
        // Two may be equal to the letter.
        let level = Item::attribute("level", &(number / 2).to_string());
        let names = ["one", "two", "three", "four"];
        object(
            format!("s{number}"),
            names.map(|name| Item::attribute(name, "1")).into_iter().chain([level]).collect(),
        )
    };
    let map = object("settings".to_owned(), (0..2 + random.below(3)).map(settings).collect());
    let mut items = vec![Item::new(Kind::Block(
        "module \"all\"".to_owned(),
        vec![object("accounts".to_owned(), accounts), map],
    ))];
    for number in 0..=random.below(3) {
        let triggers =
            object("triggers".to_owned(), ["a", "b", "c"].map(|name| Item::attribute(name, "1")).to_vec());
        let inner = ["command", "when", "quiet"]
            .map(|name| Item::attribute(name, &format!("\"{name}{number}\"")))
            .to_vec();
        let provisioner = Item::new(Kind::Block("provisioner \"local\"".to_owned(), inner));
        let header = format!("resource \"null_resource\" \"r{number}\"");
        items
            .push(Item::new(Kind::Block(header, vec![Item::attribute("count", "1"), triggers, provisioner])));
    }
    items
}

#[test]
fn a_new_name_is_followed_and_no_copy_is_taken_for_one() {
    let (mut both, mut ours_alone, mut conflicts, mut gits_alone) = (0, 0, 0, 0);
    for seed in 0..scaled(CASES) {
        let triple = Triple::of(document, seed, &FAMILIES);
        let (merged, by_git) = (triple.merged(FileKind::Hcl), triple.merged(FileKind::Plain));
        let shown = || format!("{seed}\n{}\n=== git\n{}", triple.shown(&merged), by_git.text);
        match (triple.outcome(&by_git), triple.outcome(&merged)) {
            (_, Outcome::Wrong) => panic!("{}", shown()),
            (Outcome::Right, Outcome::Right) => both += 1,
            (Outcome::Right, Outcome::Conflict) => gits_alone += 1,
            (_, Outcome::Right) => ours_alone += 1,
            (_, Outcome::Conflict) => conflicts += 1,
        }
    }
    // What has another name, and says more that is new than what it said before, may be another.
    assert!(gits_alone * 1_000 <= both, "{gits_alone} of git's alone, {both} of both");
    assert!(
        both >= least(5_000) && ours_alone >= least(500) && conflicts >= least(500),
        "{both} both, {ours_alone} only ours, {conflicts} conflicts"
    );
}
