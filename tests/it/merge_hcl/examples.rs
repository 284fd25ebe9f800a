//! What a merge does, for a person to read: `snapshots/merge/<case>` holds three files and what comes
//! of them, `merged.tf`, or `conflict.tf` and `conflicts.txt`.

use std::fs;
use std::path::Path;

use super::merged;
use crate::support::{cases, compare, is_blessing, no_complaints};

/// Fewer cases than this, and some were lost.
const LEAST_CASES: usize = 20;

#[test]
fn merges_are_as_the_snapshots_show() {
    let cases = cases("snapshots/merge");
    assert!(cases.len() >= LEAST_CASES, "only {} cases", cases.len());
    let complaints: Vec<String> = cases.iter().flat_map(|case| check(case)).collect();
    no_complaints(&complaints);
}

fn check(case: &Path) -> Vec<String> {
    let side = |name: &str| fs::read_to_string(case.join(name)).expect("every case has three sides");
    let found = merged(&side("base.tf"), &side("ours.tf"), &side("theirs.tf"));
    let conflicts: Vec<String> =
        found.conflicts.iter().map(|one| format!("{} {}\n", one.at, one.what)).collect();
    let conflicts = conflicts.concat();
    let (shown, hidden) =
        if conflicts.is_empty() { ("merged.tf", "conflict.tf") } else { ("conflict.tf", "merged.tf") };
    if is_blessing() {
        _ = fs::remove_file(case.join(hidden));
        _ = fs::remove_file(case.join("conflicts.txt"));
    }
    let mut complaints = Vec::new();
    complaints.extend(compare(&case.join(shown), &found.text).err());
    if !conflicts.is_empty() || case.join("conflicts.txt").exists() {
        complaints.extend(compare(&case.join("conflicts.txt"), &conflicts).err());
    }
    complaints
}
