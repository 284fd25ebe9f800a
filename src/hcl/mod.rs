//! HCL, the language of Terraform files, as text: scanning, checking, formatting, taking apart.
//!
//! This module knows what a Terraform file *looks like* and nothing of what it means: it evaluates
//! no expression, knows no resource, and reads no file. Its promise is exactness. [`check`] accepts
//! what terraform's parser accepts, [`format`] returns what `terraform fmt` writes, byte for byte,
//! and both are tested against terraform itself with thousands of random files.
//!
//! A formatter must not lose anything, so nothing here builds a syntax tree and prints it. All
//! stages work on the original text and a flat list of tokens:
//!
//! ```text
//! text -> scan -> tokens -> grammar -> outline -> rewrite -> layout -> text
//!                                              \-> tree (spans for merging and linting)
//! ```
//!
//! - `scan` cuts the text into tokens,
//! - `grammar` refuses what is not HCL and outlines arguments and blocks,
//! - `rewrite` modernises labels, lone `"${…}"` and the types of variables,
//! - `layout` decides how many blanks stand before each token, the only other thing that changes,
//! - `tree` offers the outline as bodies, blocks and attributes that know their spans.
//!
//! # Differences from `terraform fmt`
//!
//! Where terraform would lose part of a file, [`format`] refuses with
//! [`ErrorKind::WouldLoseData`] instead. Where terraform needs several runs until a file no longer
//! changes, [`format`] returns the last result at once.

mod error;
mod format;
mod grammar;
mod label;
mod layout;
mod outline;
mod rewrite;
mod scan;
pub mod string;
mod token;

pub use self::error::{ErrorKind, SyntaxError};
pub use self::format::format;
pub use self::scan::scan;
pub use self::token::{Token, TokenKind};

/// Accepts a text exactly if terraform's parser does.
///
/// ```
/// use crossrole::hcl;
///
/// assert!(hcl::check("name = \"reader\"\n").is_ok());
///
/// let error = hcl::check("name = [1, 2\n").unwrap_err();
/// assert_eq!(error.to_string(), "this `[` is never closed");
/// assert_eq!(error.span, 7..8);
/// ```
///
/// # Errors
///
/// The first place that is not HCL, always of kind [`ErrorKind::Invalid`].
pub fn check(source: &str) -> Result<(), SyntaxError> {
    let tokens = scan(source)?;
    grammar::outline(source, &tokens).map(drop)
}
