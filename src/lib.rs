//! One YAML file that names a source AWS account and its targets, turned into Terraform that works.
//!
//! The data's way through the crate is the body of [`generate`]; everything before the writing of
//! files is pure. See `docs/ARCHITECTURE.md` for the invariants, and `tests/it/tidy.rs` for the
//! test that keeps them.

pub mod answers;
pub mod check;
mod cli;
pub mod diagnostic;
mod digest;
mod dir;
pub mod evidence;
pub mod explain;
mod git;
mod grants;
pub mod hcl;
mod import;
mod input;
mod line_endings;
pub mod lint;
pub mod merge;
pub mod model;
pub mod output;
pub mod pack;
mod pipelines;
pub mod policy;
pub mod reconcile;
pub mod render;
mod report;
mod runbook;
pub mod session;
mod shell;
pub mod sides;
pub mod spec;
mod store;
pub mod terraform;
pub mod ui;
pub mod value;
mod verify;
mod yaml;

use std::sync::Arc;

pub use cli::run;
use diagnostic::{Diagnostic, Error, Source};
use output::Unit;
use pack::Pack;
use render::Renderer;

/// What a spec becomes.
#[derive(Debug)]
pub struct Generated {
    /// Every file, by the unit it belongs to.
    pub units: Vec<Unit>,
    /// What is worth saying about the spec.
    pub warnings: Vec<Diagnostic>,
}

/// The whole generator: text in, files out. No file system, no clock, no terminal.
///
/// # Errors
/// Everything that is wrong with the spec, or with the templates.
pub fn generate(source: &Arc<Source>, files: &check::PolicyFiles, pack: &Pack) -> Result<Generated, Error> {
    let parsed = spec::parse(source);
    let (fleet, warnings) = check::lower(parsed, files)?;
    let units = Renderer::new(&fleet, pack, &source.name)?.all()?;
    Ok(Generated { units, warnings })
}
