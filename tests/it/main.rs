//! Every test that looks at the program from outside: one binary, so that it is linked once.

mod cli;
mod errors;
mod golden;
mod hcl;
mod hostile;
mod killed;
mod laws;
mod reconcile;
mod reference;
mod schema;
mod support;
#[cfg(unix)]
mod terraform;
mod tidy;
