//! Which roots a pipeline runs: all of them in order, a part of them by account, and what a change of the repository touches.
//!
//! Responsible for decisions that `list` and the generated pipelines take alike. Refuses to run git, and to read files:
//! it is told what has changed, and which paths the Terraform of the repository names.

mod affected;
mod index;
mod shard;

pub use affected::{Reference, affected};
pub use index::index;
pub use shard::Shard;
