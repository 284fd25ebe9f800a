//! Tables of Markdown: rows of both sides come together, and nothing is a conflict that is none for git.

use std::collections::BTreeMap;

use crossrole::output::FileKind;

use super::{MARK, Random, Triple};
use crate::effort::{least, scaled};

const CASES: u64 = 8_000;

const HEAD: &str = "# Fleet\n\nAll of them.\n\n| name | id |\n| --- | ---: |\n";
const TAIL: &str = "\nThe end.\n";

fn table(rows: &[(String, String)]) -> String {
    let rows: Vec<_> = rows.iter().map(|(name, id)| format!("| {name} | `{id}` |\n")).collect();
    format!("{HEAD}{}{TAIL}", rows.concat())
}

fn triple(base: &[(&str, &str)], ours: &[(&str, &str)], theirs: &[(&str, &str)]) -> Triple {
    let written = |rows: &[(&str, &str)]| {
        let rows: Vec<_> = rows.iter().map(|(name, id)| ((*name).to_owned(), (*id).to_owned())).collect();
        table(&rows)
    };
    Triple { base: written(base), ours: written(ours), theirs: written(theirs) }
}

#[track_caller]
fn comes_to(triple: &Triple, wanted: &str) {
    let merged = triple.merged(FileKind::Markdown, MARK);
    assert_eq!(merged.conflicts, []);
    assert_eq!(merged.text, wanted);
}

#[test]
fn rows_that_both_added_in_one_place_both_stay_in_order() {
    let one = triple(
        &[("a", "1"), ("z", "9")],
        &[("a", "1"), ("m", "4"), ("z", "9")],
        &[("a", "1"), ("b", "2"), ("x", "7"), ("z", "9")],
    );
    let sorted = HEAD.to_owned() + "| a | `1` |\n| b | `2` |\n| m | `4` |\n| x | `7` |\n| z | `9` |\n" + TAIL;
    comes_to(&one, &sorted);
    // Rows that nobody sorted stand behind what they stood behind.
    let base = [("z", "9"), ("a", "1")];
    let one = triple(&base, &[("z", "9"), ("m", "4"), ("a", "1")], &[("z", "9"), ("b", "2"), ("a", "1")]);
    comes_to(&one, &(HEAD.to_owned() + "| z | `9` |\n| m | `4` |\n| b | `2` |\n| a | `1` |\n" + TAIL));
}

#[test]
fn neighbours_that_went_and_changed_are_two_rows() {
    let one = triple(
        &[("a", "1"), ("b", "2"), ("c", "3")],
        &[("a", "1"), ("c", "3")],
        &[("a", "0"), ("b", "2"), ("c", "4")],
    );
    comes_to(&one, &(HEAD.to_owned() + "| a | `0` |\n| c | `4` |\n" + TAIL));
}

#[test]
fn what_is_contested_alone_is_marked() {
    let one = triple(
        &[("a", "1"), ("b", "2")],
        &[("a", "1"), ("b", "3"), ("c", "5")],
        &[("a", "0"), ("b", "4"), ("d", "6")],
    );
    let merged = one.merged(FileKind::Markdown, MARK);
    assert_eq!(merged.conflicts.len(), 1);
    let marked = "| a | `0` |\n<<<<<<< ours\n| b | `3` |\n||||||| base\n| b | `2` |\n=======\n| b | `4` |\n>>>>>>> theirs\n";
    assert!(merged.text.contains(&(marked.to_owned() + "| c | `5` |\n| d | `6` |\n")), "{}", merged.text);
}

#[test]
fn the_text_around_a_table_is_merged_by_lines() {
    let mut one = triple(&[("a", "1")], &[("a", "1"), ("b", "2")], &[("a", "1"), ("c", "3")]);
    one.ours = one.ours.replace("All of them.", "All of mine.");
    one.theirs = one.theirs.replace("The end.", "An end.");
    let wanted = HEAD.replace("of them", "of mine") + "| a | `1` |\n| b | `2` |\n| c | `3` |\n\nAn end.\n";
    comes_to(&one, &wanted);
}

/// Where nothing tells rows apart, or a side has another head, the bytes are git's.
#[test]
fn what_is_no_table_with_names_is_lines() {
    let twice = triple(
        &[("a", "1"), ("a", "2")],
        &[("a", "1"), ("a", "2"), ("b", "3")],
        &[("a", "1"), ("a", "2"), ("c", "4")],
    );
    let mut headed = triple(&[("a", "1")], &[("a", "1"), ("b", "2")], &[("a", "1"), ("c", "3")]);
    headed.theirs = headed.theirs.replace("| name |", "| target |");
    let moved =
        triple(&[("a", "1"), ("b", "2")], &[("b", "2"), ("a", "1")], &[("a", "1"), ("b", "2"), ("c", "3")]);
    for one in [twice, headed, moved] {
        assert_eq!(one.merged(FileKind::Markdown, MARK), one.merged(FileKind::Plain, MARK));
    }
}

fn edited(random: &mut Random, base: &[(String, String)], word: &str) -> Vec<(String, String)> {
    let mut rows = base.to_vec();
    for number in 0..=random.below(3) {
        let at = random.below(rows.len().max(1));
        match random.below(4) {
            0 if !rows.is_empty() => drop(rows.remove(at)),
            1 if !rows.is_empty() => rows[at].1 = format!("{word}{number}"),
            // Now and then both add a row of one name.
            _ => {
                let name = format!("n{}", random.below(40));
                if rows.iter().all(|(known, _)| *known != name) {
                    rows.push((name, format!("{word}{number}")));
                }
            }
        }
        rows.sort();
    }
    rows
}

fn rows(text: &str) -> BTreeMap<&str, &str> {
    let rows = text.lines().filter(|line| line.starts_with("| n") && !line.starts_with("| name"));
    let cells = rows.map(|row| row[2..].split_once(' ').expect("cells"));
    cells.collect()
}

/// A row is what the side that changed it made of it; a conflict is about rows that both changed.
#[test]
fn rows_follow_the_three_way_rule() {
    let (mut clean, mut marked, mut ours_alone) = (0, 0, 0);
    for seed in 0..scaled::<u64>(CASES) {
        let mut random = Random::new(seed);
        let mut base: Vec<_> =
            (0..random.below(9)).map(|number| (format!("n{number}"), "0".to_owned())).collect();
        base.sort();
        let (ours, theirs) = (edited(&mut random, &base, "o"), edited(&mut random, &base, "t"));
        let one = Triple { base: table(&base), ours: table(&ours), theirs: table(&theirs) };
        let (merged, by_git) = (one.merged(FileKind::Markdown, MARK), one.merged(FileKind::Plain, MARK));
        let [b, o, t] = [&one.base, &one.ours, &one.theirs].map(|text| rows(text));
        let names = b.keys().chain(o.keys()).chain(t.keys());
        let of = |name: &str| [b.get(name), o.get(name), t.get(name)];
        let is_contested = |name: &&&str| matches!(of(name), [b, o, t] if o != t && b != o && b != t);
        let has_contested = names.clone().any(|name| is_contested(&name));
        assert!(by_git.conflicts.len() >= merged.conflicts.len().min(1), "{one:?}");
        if !merged.conflicts.is_empty() {
            assert!(has_contested, "{one:?}\n{}", merged.text);
            marked += 1;
            continue;
        }
        let result = rows(&merged.text);
        for name in names.filter(|name| !is_contested(name)) {
            let [b, o, t] = of(name);
            assert_eq!(result.get(name), if b == o { t } else { o }, "{one:?}\n{}", merged.text);
        }
        clean += 1;
        ours_alone += usize::from(!by_git.conflicts.is_empty());
    }
    assert!(
        clean >= least(4_000) && marked >= least(500) && ours_alone >= least(500),
        "{clean} {marked} {ours_alone}"
    );
}

/// A page with commands for the first target that is active, and for the first that its owner makes.
fn page(rows: &[[&str; 3]], active: &str, owned: &str) -> String {
    let rows: Vec<_> =
        rows.iter().map(|[name, by, state]| format!("| {name} | {by} | {state} |\n")).collect();
    let rows = rows.concat();
    format!(
        "# Fleet\n\n```sh\ntarget={active}\nterraform apply\n```\n\n```sh\ntarget={owned}\ntar -czf out.tar.gz\n```\n\n| name | by | state |\n| --- | --- | --- |\n{rows}"
    )
}

#[test]
fn what_names_the_first_of_a_kind_names_the_first_of_the_merged_rows() {
    let (old, own) = (["m", "us", "active"], ["q", "owner", "active"]);
    let (mine, yours) = (["b", "us", "active"], ["a", "us", "active"]);
    let triple = Triple {
        base: page(&[["d", "us", "retired"], old, own], "m", "q"),
        ours: page(&[mine, ["d", "us", "retired"], old, own], "b", "q"),
        theirs: page(&[yours, ["d", "us", "retired"], old, own], "a", "q"),
    };
    comes_to(&triple, &page(&[yours, mine, ["d", "us", "retired"], old, own], "a", "q"));
    // Of one kind both added the first, of the other one side.
    let (late, early) = (["k", "owner", "active"], ["c", "owner", "active"]);
    let triple = Triple {
        base: page(&[old, own], "m", "q"),
        ours: page(&[late, old, own], "k", "k"),
        theirs: page(&[early, old, own], "c", "c"),
    };
    comes_to(&triple, &page(&[early, late, old, own], "c", "c"));
}

#[test]
fn a_line_that_names_another_row_than_the_first_is_contested() {
    let (old, own) = (["m", "us", "active"], ["q", "owner", "active"]);
    let triple = Triple {
        base: page(&[old, own], "m", "q"),
        ours: page(&[["b", "us", "active"], old, own], "b", "q"),
        theirs: page(&[["a", "us", "active"], old, own], "q", "q"),
    };
    assert_eq!(triple.merged(FileKind::Markdown, MARK).conflicts.len(), 1);
}
