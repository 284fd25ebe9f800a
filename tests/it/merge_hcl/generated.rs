//! Files with everything that the grammar has, however odd: edits of different attributes go
//! together, and whatever happens, the result is a Terraform file.

use crossrole::hcl::{self, Body, Document, Span};

use super::merged;
use crate::effort::{least, scaled};
use crate::hcl::generator::{self, Random};

const CASES: u64 = 6_000;

#[test]
fn edits_of_different_attributes_go_together() {
    let mut count = 0;
    for seed in 0..scaled(CASES) {
        let mut random = Random::new(seed);
        let base = generator::file(seed);
        let Ok(document) = Document::parse(&base) else { continue };
        let mut expressions = Vec::new();
        outermost(document.body(), &mut expressions);
        let last = expressions.len();
        if last < 2 || base.contains('\r') || base.starts_with('\u{feff}') {
            continue;
        }
        let at = random.below(last);
        let other = (at + 1 + random.below(last - 1)) % last;
        let ours = replaced(&base, expressions[at], "\"ours\"");
        let theirs = replaced(&base, expressions[other], "[\"theirs\"]");
        let ours = if random.one_in(3) { hcl::format(&ours).unwrap_or(ours) } else { ours };
        let found = merged(&base, &ours, &theirs);
        let shown = || format!("{seed}\n{base}\n=== ours\n{ours}\n=== theirs\n{theirs}\n=== {found:?}");
        // Parts that cannot be told apart may be a conflict, but not a mistake.
        if found.conflicts.is_empty() {
            assert!(Document::parse(&found.text).is_ok(), "{}", shown());
            assert_eq!(
                found.text.matches("\"ours\"").count(),
                ours.matches("\"ours\"").count(),
                "{}",
                shown()
            );
            let wanted = theirs.matches("\"theirs\"").count();
            assert_eq!(found.text.matches("\"theirs\"").count(), wanted, "{}", shown());
            count += 1;
        } else {
            assert!(found.conflicts.iter().all(|one| one.at != "the whole file"), "{}", shown());
        }
    }
    assert!(count >= least(1_000), "only {count} merges");
}

/// The expressions of all attributes.
fn outermost(body: &Body, found: &mut Vec<Span>) {
    found.extend(body.attributes().map(|attribute| attribute.expression));
    for block in body.blocks() {
        outermost(&block.body, found);
    }
}

fn replaced(text: &str, span: Span, new: &str) -> String {
    format!("{}{new}{}", &text[..span.start], &text[span.end..])
}

#[test]
fn any_two_files_can_be_merged() {
    let mut count = 0;
    for seed in 0..scaled(2_000) {
        let base = generator::file(seed);
        let (ours, theirs) =
            (generator::corrupted(seed), generator::corrupted(seed + 1_000_000 * (seed % 2)));
        let found = merged(&base, &ours, &theirs);
        if [&base, &ours, &theirs].iter().all(|side| hcl::check(side).is_ok()) && found.conflicts.is_empty() {
            assert!(hcl::check(&found.text).is_ok(), "{seed}: {found:?}");
            count += 1;
        }
    }
    assert!(count >= least(50), "only {count} merges");
}
