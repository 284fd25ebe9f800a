//! Three-way merges of one file: what both sides changed, at the place where they changed it.
//!
//! Responsible for telling edits apart by what they mean where the kind of file allows it: Terraform
//! by block address and attribute, policies by statement and set, tables of Markdown by row, everything
//! else by lines. A side that does not parse is merged by lines, too. Refuses to guess: what both sides
//! changed in different ways is a [`Conflict`], and what a merge cannot prove to have kept is one as well.
//! Knows nothing of folders, records or the terminal.

mod hcl;
mod json;
mod lines;
mod markdown;
mod markers;
mod matching;
mod meaning;
mod moves;
mod proof;
mod renames;
mod unique_blocks;

use crate::output::FileKind;
use crate::sides::Sides;
pub use lines::changed_lines;
pub use markers::has_markers;
pub use moves::{FileSides, follow_moves};
pub use unique_blocks::{UniqueBlock, remove_blocks, unique_blocks, unique_blocks_in_json};

/// What the sides are called in conflict markers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// After `|||||||`.
    pub base: String,
    /// After `<<<<<<<`.
    pub ours: String,
    /// After `>>>>>>>`.
    pub theirs: String,
}

/// How a conflict appears in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Both sides between markers.
    Merge,
    /// Both sides and the base.
    Diff3,
    /// Both sides and the base, without the lines that both sides begin or end with.
    Zdiff3,
}

/// What to do about a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// Mark it in the text, for a person to decide.
    Mark(Style),
    /// Take our side of it, and theirs everywhere else.
    Ours,
    /// Take their side of it, and ours everywhere else.
    Theirs,
}

/// A change of one side that the other side's change does not go together with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// What it is about: an address such as `provider.aws.b` or
    /// `resource.aws_iam_role.this.max_session_duration`, a statement such as `statement Callers`,
    /// or lines of our side such as `lines 4 to 9`.
    pub at: String,
    /// What both sides did, in words that follow that name: `changed on both sides`,
    /// `changed here, deleted there`.
    pub what: String,
}

/// The result of a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The whole text, conflicts resolved or marked as was asked.
    pub text: String,
    /// What was in conflict, from top to bottom; none after a clean merge.
    pub conflicts: Vec<Conflict>,
}

/// Merges the three texts of a file.
#[must_use]
pub fn merge(kind: FileKind, sides: Sides<&str>, resolution: Resolution, labels: &Labels) -> Merged {
    match kind {
        FileKind::Hcl => hcl::merge(sides, resolution, labels),
        FileKind::Json => json::merge(sides, resolution, labels),
        FileKind::Markdown => markdown::merge(sides, resolution, labels),
        FileKind::Shell | FileKind::Plain => lines::merge(sides, resolution, labels),
    }
}
