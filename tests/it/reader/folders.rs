//! Small folders, one for each way to write a provider, a role or a trust policy, and what is read of
//! each: `snapshots/terraform/<case>/read.txt`.

use super::{page, read_files};
use crate::support::{cases, compare, files, no_complaints};

/// Fewer folders than these, and some were lost.
const LEAST_CASES: usize = 60;

#[test]
fn folders_are_read_as_the_snapshots_show() {
    let cases = cases("snapshots/terraform");
    assert!(cases.len() >= LEAST_CASES, "only {} folders", cases.len());
    let mut complaints = Vec::new();
    for case in cases {
        let mut input = files(&case);
        input.remove("read.txt");
        complaints.extend(compare(&case.join("read.txt"), &page(&read_files(&input))).err());
    }
    no_complaints(&complaints);
}
