//! Terraform as it reads itself: the files of a folder as blocks with values that know their places.
//!
//! Responsible for what a folder means before anything runs: files and override files, both languages,
//! variables and who gives them, locals, functions, `count` and `for_each`, `dynamic`, modules of the
//! same tree and policy documents. A value that only a run would show is unknown, with the reason and
//! its place. Refuses to read files by itself (texts are handed in), to guess, and to run on without an
//! end: what would take too long, or lies too deep, is unknown as well.
//!
//! ```text
//! files -> folder (syntax | json_syntax, overrides) -> scope (names) -> evaluate -> block -> module
//!                                                        \-> document, functions, computed
//! ```
//!
//! `hcl` says what the form is, hcl-edit makes trees of single expressions, and the evaluation is ours:
//! it has to keep places and half-known texts, and to convert as Terraform does.
//!
//! # Differences from Terraform
//!
//! - Numbers are counted as long as they are whole; results with fractions are unknown.
//! - Sets are lists without equal items, in order. A list where Terraform demands a set is taken.
//! - Of OpenTofu the file names are known, and nothing else.

mod block;
mod compare;
mod computed;
mod convert;
mod document;
mod encoding;
mod evaluate;
mod expression;
mod folder;
mod functions;
mod given;
mod instances;
mod json_syntax;
mod module;
mod names;
mod number;
mod overrides;
mod path;
mod scope;
mod syntax;
mod types;
mod work;
mod world;

use crate::diagnostic::Span;

pub use self::block::{Argument, Block, Made};
pub use self::document::{DOCUMENT, document, replaced};
pub use self::encoding::text;
pub use self::folder::{Parsed, Problem, is_code, is_override, is_read};
pub use self::given::Given;
pub use self::module::{Input, Module, Terraform, file, read, read_again};

/// A file that code names, by `file(…)` or `templatefile(…)`, and that could not be had.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    /// Where it is named.
    pub at: Span,
    /// The folder that Terraform runs in, as [`Module::folder`] writes it.
    pub root: String,
    /// The path from there, or an absolute one, as it is written.
    pub path: String,
}
