//! What to do with every file: the text last generated, the text on disk and the new text compared.
//!
//! Responsible for the record (which keeps the text last generated, in text, beside the files), for
//! the decision about each file, and for the plan that every command reads: `generate` carries it
//! out, `check`, `--dry-run` and `--diff` show it. Refuses to touch the disk: it is told what is
//! there.

mod decide;
mod lock;
mod plan;
mod record;
mod same;

pub use decide::{Conflict, Decision, Disk, decide};
pub use lock::{Lock, PackId};
pub use plan::{Change, ChangeKind, Plan, RecordChange, UnitPlan, plan_unit};
pub use record::{RecordedFile, UnitRecord};

/// The version of the record's format that this program writes.
pub const FORMAT: u32 = 1;

/// A record that cannot be used, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// Written by a newer crossrole.
    Newer(u32),
    /// Not a record of ours, or damaged: what about it.
    Damaged(String),
}
