//! Merging by lines.

use super::{Conflict, Labels, Merged, Resolution, Sides};

/// Merges three texts by lines.
pub(super) fn merge(sides: Sides<'_>, _: Resolution, _: &Labels) -> Merged {
    let Sides { base, ours, theirs } = sides;
    let taken = if ours == base { theirs } else { ours };
    let conflicts = if ours == base || theirs == base || ours == theirs {
        Vec::new()
    } else {
        vec![Conflict { at: "the whole file".to_owned(), what: "changed on both sides".to_owned() }]
    };
    Merged { text: taken.to_owned(), conflicts }
}
