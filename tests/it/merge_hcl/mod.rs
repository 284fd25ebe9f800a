//! Merging Terraform files by address: shown by examples, tried with random ones, judged by others.

mod examples;
mod folder;
mod generated;
mod git;
mod hostile;
mod laws;
mod model;
mod oracle;
mod table;

use crossrole::merge::{self, Labels, Merged, Resolution, Style};
use crossrole::output::FileKind;
use crossrole::sides::Sides;

/// Merges three Terraform files, conflicts marked.
fn merged(base: &str, ours: &str, theirs: &str) -> Merged {
    resolved(base, ours, theirs, Resolution::Mark(Style::Diff3))
}

/// Merges three Terraform files.
fn resolved(base: &str, ours: &str, theirs: &str, resolution: Resolution) -> Merged {
    let labels = Labels { base: "base".to_owned(), ours: "yours".to_owned(), theirs: "template".to_owned() };
    merge::merge(FileKind::Hcl, Sides { base, ours, theirs }, resolution, &labels)
}
