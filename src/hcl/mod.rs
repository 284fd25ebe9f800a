//! HCL, the language of Terraform files, as text: scanning, checking, formatting, taking apart.
//!
//! This module knows what a Terraform file *looks like* and nothing of what it means: it evaluates
//! no expression, knows no resource, and reads no file. Its promise is exactness. [`check`] accepts
//! what terraform's parser accepts, [`format()`] returns what `terraform fmt` writes, byte for byte,
//! and both are tested against terraform itself with thousands of random files.
//!
//! A formatter must not lose anything, so nothing here builds a syntax tree and prints it. All
//! stages work on the original text and a flat list of tokens:
//!
//! ```text
//! text -> scan -> tokens -> grammar -> outline -> rewrite -> layout -> text
//!                                              \-> syntax_tree (spans for editing and judging)
//! ```
//!
//! - `scan` cuts the text into tokens,
//! - `grammar` refuses what is not HCL and outlines arguments and blocks,
//! - `rewrite` modernises labels, lone `"${…}"` and the types of variables,
//! - `layout` decides how many blanks stand before each token, the only other thing that changes,
//! - `syntax_tree` offers the outline as bodies, blocks and attributes that know their spans.
//!
//! A [`Document`] is a text that has gone through the first half of this once; whoever asks it for
//! tokens, tree or the formatted text does not read it again. [`check`] and [`format()`] take a text and
//! build no tree.
//!
//! ```
//! use crossrole::hcl;
//!
//! let text = "bucket=\"states\" # of A\nregion  = \"eu-central-1\"\n";
//! assert_eq!(
//!     hcl::format(text).unwrap(),
//!     "bucket = \"states\" # of A\nregion = \"eu-central-1\"\n",
//! );
//! ```
//!
//! To change a file, replace spans of its text; everything else stays byte for byte.
//!
//! ```
//! use crossrole::hcl::Document;
//!
//! let mut text = "provider \"aws\" {\n  region = var.region # of A\n}\n".to_owned();
//! let document = Document::parse(&text).unwrap();
//! let provider = document.body().blocks().next().unwrap();
//! let region = provider.body.attribute("region").unwrap().expression;
//!
//! text.replace_range(region.range(), "\"eu-central-1\"");
//! assert_eq!(text, "provider \"aws\" {\n  region = \"eu-central-1\" # of A\n}\n");
//! ```
//!
//! # Differences from `terraform fmt`
//!
//! [`check`] and [`format()`] agree with terraform 1.8 and later, except that:
//!
//! - Terraform may need several runs until a file no longer changes, when `"${…}"` stands inside
//!   `"${…}"`. [`format()`] returns the last result at once, and gives up after eight layers.
//! - Terraform deletes block labels in which `$` or `%` stands next to something else, comments
//!   before and between labels, and an index that is literally `true`, `false` or `null`; it joins
//!   `1 .e5` into one number; and taking off `"${…}"` can leave invalid text behind. [`format()`]
//!   refuses with [`ErrorKind::WouldLoseData`]. An index of a name bound by `for` is refused too,
//!   although terraform spares it.
//! - Terraform brings labels into Unicode form NFC. [`format()`] refuses labels with characters
//!   outside the common letters of Latin, Greek, Cyrillic, Chinese, Japanese and Korean.
//! - Text that would grow to more than 16 times its size (and over a megabyte) is refused with
//!   [`ErrorKind::LimitExceeded`], as is text of more than 4 GiB.
//! - Identifiers may contain letters that came to Unicode after version 9, of 2016, which terraform
//!   does not know.
//! - Exponents of numbers end at two thousand million, terraform's about seven percent later.
//! - A zero-width joiner between a flag or Hangul syllable and an emoji is counted as it should be
//!   in Unicode, so columns after it may differ by one.

mod document;
mod edit;
mod error;
mod format;
mod grammar;
mod label;
mod layout;
mod outline;
mod rewrite;
mod scan;
mod span;
pub mod string;
mod syntax_tree;
mod token;

pub use self::document::Document;
pub use self::error::{ErrorKind, SyntaxError};
pub use self::format::format;
pub use self::scan::scan;
pub use self::span::Span;
pub use self::syntax_tree::{Attribute, Block, Body, DEEPEST_NESTING, Item};
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
/// assert_eq!(error.span, hcl::Span { start: 7, end: 8 });
/// ```
///
/// # Errors
///
/// The first place that is not HCL, always of kind [`ErrorKind::Invalid`].
pub fn check(source: &str) -> Result<(), SyntaxError> {
    let tokens = scan(source)?;
    grammar::outline(source, &tokens).map(drop)
}
