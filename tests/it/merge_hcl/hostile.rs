//! Files that nobody would write.

use std::time::{Duration, Instant};

use crossrole::hcl;
use proptest::prelude::*;

use super::laws::{self, Triple};
use super::merged;
use crate::effort::scaled;

/// What a merge of the largest files may take, on a slow machine and without optimisation.
const LONGEST: Duration = Duration::from_secs(20);

#[test]
fn blocks_in_blocks_are_merged_at_any_depth() {
    let nested = |value: &str, other: &str| {
        let (open, close) = ("b {\n".repeat(199), "}\n".repeat(199));
        format!("{open}value = {value}\n\nother = {other}\n{close}")
    };
    let found = merged(&nested("1", "1"), &nested("2", "1"), &nested("1", "2"));
    assert_eq!(found.conflicts, []);
    assert_eq!(found.text, nested("2", "2"));
}

#[test]
fn ten_thousand_equal_blocks_take_no_longer_than_they_should() {
    let block = "locals {\n  value = 1\n}\n\n";
    let all = |at: usize, new: &str| format!("{}{new}{}", block.repeat(at), block.repeat(9_999 - at));
    let start = Instant::now();
    let base = all(0, block);
    let found =
        merged(&base, &all(10, "locals {\n  value = 2\n}\n\n"), &all(9_990, "locals {\n  value = 3\n}\n\n"));
    assert_eq!(found.conflicts, []);
    assert_eq!(found.text.matches("value = 2").count() + found.text.matches("value = 3").count(), 2);
    let longer = merged(&base, &all(10, &format!("{block}{block}")), &all(5, "locals {\n  value = 3\n}\n\n"));
    assert_eq!(longer.conflicts, []);
    assert_eq!(
        (longer.text.matches("locals").count(), longer.text.matches("value = 3").count()),
        (10_001, 1)
    );
    assert!(start.elapsed() < LONGEST, "{:?}", start.elapsed());
}

#[test]
fn what_is_not_hcl_is_merged_by_lines() {
    for (base, ours, theirs) in [("a {", "a {\n", "b"), ("", "a = ", "a = 1\n"), ("a = 1\n", "a = 2\n", "]")]
    {
        let found = merged(base, ours, theirs);
        assert!(!found.conflicts.is_empty(), "{base:?} {ours:?} {theirs:?}");
    }
}

#[test]
fn line_breaks_and_marks_of_ours_stay() {
    let base = "a = 1\n\nb = 1\n";
    let found = merged(base, "\u{feff}a = 2\r\n\r\nb = 1\r\n", "a = 1\n\nb = 2\n");
    assert_eq!((&*found.text, found.conflicts), ("\u{feff}a = 2\r\n\r\nb = 2\r\n", vec![]));
    let found = merged(base, "a = 2\n\nb = 1", "a = 1\n\nb = 1\n\nc = 1\n");
    assert_eq!((&*found.text, found.conflicts), ("a = 2\n\nb = 1\n\nc = 1\n", vec![]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(scaled(1_000)))]

    #[test]
    fn no_text_makes_a_merge_panic(seed in 0_u64..1_000_000, cuts in prop::collection::vec((0..3_usize, any::<prop::sample::Index>(), piece()), 0..6)) {
        let Triple { base, ours, theirs } = laws::triple(seed, 3);
        let mut sides = [base, ours, theirs];
        for (side, at, new) in cuts {
            let text = &mut sides[side];
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let at = *at.get(&places);
            text.insert_str(at, new);
        }
        let [base, ours, theirs] = sides;
        let found = merged(&base, &ours, &theirs);
        let windows = merged(&base, &ours.replace('\n', "\r\n"), &theirs);
        // By lines, every line of ours differs then.
        let is_plain = [&base, &ours, &theirs].iter().all(|side| !side.contains('\r') && hcl::check(side).is_ok());
        prop_assert!(!is_plain || found.conflicts.is_empty() == windows.conflicts.is_empty());
    }

    #[test]
    fn nothing_at_all_makes_a_merge_panic(base in any::<String>(), ours in any::<String>(), theirs in any::<String>()) {
        merged(&base, &ours, &theirs);
    }
}

/// A piece of HCL that may or may not fit.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "a { b = 1 }\n",
        "a {}\n",
        "\n",
        "# c\n",
        "/* c */",
        "x = <<EOT\n  text\nEOT\n",
        "x = [\n1, 2\n]\n",
        "{",
        "}",
        "\"",
        "\r\n",
        "x = { a = 1, b = 2 }\n",
        "\u{feff}",
        "x = f(1, [2])\n",
        "<<<<<<< a\n",
        "x = {}\n",
        " ",
        ",",
        "1",
        "x = [for a in b : a]\n",
        "x = {\n  # c\n  a = 1 # d\n}\n",
        "${",
        "\"${x}\"",
    ])
}

#[test]
fn lists_in_lists_are_merged_at_any_depth() {
    for (depth, open, close) in
        [(100, "[", "]"), (5_000, "[", "]"), (5_000, "{ a = ", " }"), (5_000, "f(", ")")]
    {
        let nested = |value: &str| format!("x = [1, {}{value}{}]\n", open.repeat(depth), close.repeat(depth));
        merged(&nested("1"), &nested("2"), &nested("3"));
        merged(&nested("1"), &nested("2"), &nested("1").replace("[1,", "[9,"));
    }
}
