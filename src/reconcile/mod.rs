//! What to do with every file: the text last generated, the text on disk and the new text compared.
//!
//! Responsible for the record (which keeps the text last generated, in text, beside the files), for
//! the decision about each file, and for the plan that every command reads: `generate` carries it
//! out, `check`, `--dry-run` and `--diff` show it. Refuses to touch the disk: it is told what is
//! there.

mod behind;
mod change;
mod decide;
mod folder;
mod lock;
mod overrides;
mod owed;
mod pending;
mod record;
mod row;
mod same;
mod settle;
mod taken;
mod trust_changes;
mod unit;

pub use behind::{LeftBehind, left_behind};
pub use change::{Change, ChangeKind, Handed, Lost, Plan, RecordChange, UnitPlan};
pub use decide::{Conflict, Decision, Disk, decide};
pub use lock::{Lock, PackId};
pub use overrides::Overrides;
pub use owed::Owed;
pub use pending::{Left, Pending, Touched, Waiting};
pub use record::{RecordedFile, UnitRecord};
pub use row::{OnConflict, OnDisk, Terms};
pub use settle::BESIDE;
pub use trust_changes::{TrustChange, trust_changes};
pub use unit::plan_unit;

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
