//! What one side gives another name is followed: both sides' changes come together under the new one. What may be a
//! copy, or was renamed by both, is not.

use crossrole::merge::Resolution;
use crossrole::output::FileKind;

use super::{MARK, Triple};

mod hcl;
mod json;

/// Some replacements, of which each stands in the text once.
type Edits<'e> = &'e [[&'e str; 2]];

fn edited(text: &str, edits: Edits<'_>) -> String {
    edits.iter().fold(text.to_owned(), |text, [from, to]| {
        assert_eq!(text.matches(from).count(), 1, "`{from}` in\n{text}");
        text.replace(from, to)
    })
}

fn triple(base: &str, ours: Edits<'_>, theirs: Edits<'_>) -> Triple {
    Triple { base: base.to_owned(), ours: edited(base, ours), theirs: edited(base, theirs) }
}

/// Both edits come together, whoever made which, and to the letter as lines alone have them where those are clean.
#[track_caller]
fn followed(kind: FileKind, base: &str, ours: Edits<'_>, theirs: Edits<'_>) {
    let wanted = edited(&edited(base, ours), theirs);
    for (ours, theirs) in [(ours, theirs), (theirs, ours)] {
        let triple = triple(base, ours, theirs);
        let found = triple.merged(kind, MARK);
        assert_eq!(
            (&*found.text, &*found.conflicts),
            (&*wanted, &[][..]),
            "{}\n{}",
            triple.ours,
            triple.theirs
        );
    }
}

/// It is a conflict, whoever made which edits, and both sides can be had.
#[track_caller]
fn contested(kind: FileKind, base: &str, ours: Edits<'_>, theirs: Edits<'_>) {
    for (ours, theirs) in [(ours, theirs), (theirs, ours)] {
        let triple = triple(base, ours, theirs);
        let found = triple.merged(kind, MARK);
        assert_ne!(found.conflicts, [], "{}\n{}\n{}", triple.ours, triple.theirs, found.text);
        for (resolution, wanted) in [(Resolution::Ours, ours), (Resolution::Theirs, theirs)] {
            let settled = triple.merged(kind, resolution).text;
            assert!(settled.contains(wanted[0][1].trim_end()), "{settled}");
        }
    }
}
