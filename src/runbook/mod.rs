//! Who runs which root, in which order, and how they get credentials.
//!
//! Responsible for what `list`, the steps after `generate` and `CROSSROLE.md` say about people and pipelines, so that
//! they say the same. Refuses to print, and to know where the output folder lies: paths are relative to it.

mod callers;
mod hcp;
mod roots;

pub use callers::{Access, few, kind, needs_mfa, profile_of, roles_of, sign_in};
pub use hcp::hcp_runs;
pub use roots::{Action, Root, RunAs, roots};
