//! Every argument and block that is generated is one that the newest AWS provider knows, and none is deprecated there.
//!
//! What that provider knows is said by `schema-6.txt`, so that this is tested without any other tool. The table is not written
//! by hand: `bindings.rs` makes it out of two packages that are generated from the provider's own schema, which `.ci/run`
//! installs, and finds the committed one to be the same. To raise it, raise their versions in `.ci/run`, have
//! `PROVIDER_BINDINGS` name the folder that it installs them to, and run `BLESS=1 cargo test --test it provider::`.
//!
//! The packages alone would do, but then nothing was tested where they are not: they are 390 MB, in ten seconds. What
//! they do not say is left to `tests/it/terraform`: whether values are of the right type, and what an older provider wants.

mod bindings;
mod check;
mod generated;

mod python;
mod table;

#[cfg(unix)]
pub(crate) use table::{Block, Table};
