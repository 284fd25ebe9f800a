//! The language of Terraform files: scanner, grammar, formatter and tree, against terraform itself.

mod errors;
pub(crate) mod generator;
mod hostile;
mod laws;
mod terraform;
mod vectors;
