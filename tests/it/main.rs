//! Every test that looks at the program from outside: one binary, so that it is linked once.

mod cli;
mod errors;
mod golden;
mod hcl;
mod hostile;
mod laws;
mod reconcile;
mod schema;
mod support;
mod tidy;
