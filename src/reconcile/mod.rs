//! What to do with every file: the text last generated, the text on disk and the new text compared.
//!
//! Responsible for the record (which keeps the text last generated, in text, beside the files), for
//! the decision about each file, and for the plan that every command reads: `generate` carries it
//! out, `check`, `--dry-run` and `--diff` show it. Refuses to touch the disk: it is told what is
//! there.

mod alike;
mod branches;
mod change;
mod decide;
mod duplicate_blocks;
mod equivalent;
mod file_state;
mod folder;
mod leftovers;
mod lockfile;
mod marked;
mod overrides;
mod pending;
mod record;
mod resolve;
mod stored;
mod uncommitted;
mod unit;
mod widened_policies;

pub use alike::{Alike, alike};
pub use change::{Change, ChangeKind, ConflictFiles, Fate, MissingRecord, Plan, RecordChange, UnitPlan};
pub use decide::{Conflict, Decision, Disk, decide};
pub use file_state::{FolderView, OnConflict, PlanOptions};
pub use leftovers::{Leftovers, leftovers};
pub use lockfile::{Lockfile, PackId};
pub use overrides::Overrides;
pub use pending::{Left, Pending, Touched, Waiting, WaitingUnit};
pub use record::{RecordedFile, UnitRecord};
pub use resolve::BESIDE;
pub use stored::{FORMAT, Unreadable};
pub use uncommitted::DeferredCommit;
pub use unit::plan_unit;
pub use widened_policies::widened_policies;
