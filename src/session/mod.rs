//! One run over one output folder, as stages that cannot be skipped or reordered: each consumes the
//! one before it.
//!
//! ```text
//! Session::claim   the folder is this run's, and its record is read
//!   .open          what the spec and the templates come to, for this folder
//!   .plan          everything is rendered and compared, and nothing is written
//!   .vet           the gates: deletions, wider trust, trust that is not the spec's
//!   .write         the only way to the disk
//! ```
//!
//! Responsible for that order, and for what a run reads from outside. Refuses to talk: progress and
//! results are given to the caller.

mod claim;
mod commit;
mod finish;
mod foreign;
mod inputs;
mod layout;
mod open;
mod options;
mod own_files;
mod packs;
mod pipelines;
mod plan;
mod sides;
mod standing;
mod templates;
mod transfers;
mod trust_gate;
mod vet;
mod widening;
mod workspace;
mod write;

use std::mem::ManuallyDrop;

pub use crate::reconcile::{Change, ChangeKind, Disk, OnConflict, Plan, UnitPlan};
pub use crate::store::{Folder, LOCK, RECORD};
pub use claim::{Purpose, Session};
pub use commit::{GitOptions, top_of_repository};
pub use finish::{Finished, abort, proceed};
pub use inputs::{Asked, Inputs, STDIN, SpecSource, folder_of, read_policies, read_spec, read_stdin};
pub use open::Opened;
pub use options::{Options, OtherTemplates};
pub use packs::read_pack;
pub use plan::Planned;
pub use vet::{Rules, Vetted};
pub use write::Written;

/// A value that is not freed: the process ends with the run, and to free a hundred thousand texts one
/// by one would only delay it.
type Unfreed<T> = ManuallyDrop<T>;

/// Whoever watches a run.
pub trait Watch: Sync {
    /// A unit is done.
    fn tick(&self);
    /// Whether the run shall end.
    fn is_stopped(&self) -> bool;
    /// From now on something is written.
    fn begin_writing(&self);
}
