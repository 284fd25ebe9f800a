//! Every test that looks at the program from outside: one binary, so that it is linked once.

mod batch_equals_single;
mod book;
mod check;
mod check_trust;
mod circles;
mod cli;
mod effort;
mod errors;
mod explain;
mod federated;
mod fmt;
mod fuzz;
mod golden;
mod hcl;
mod hostile;
mod hostile_values;
mod import;
mod inert;
mod init;
mod killed;
mod laws;
mod layout;
mod lint;
mod merge;
mod merge_hcl;
mod merge_laws;
mod oracle;
#[cfg(unix)]
mod pack_paths;
mod pack_trust;
mod packs;
#[cfg(unix)]
mod pipelines;
mod provider;
mod reach;
#[cfg(unix)]
mod readable;
mod reader;
mod reading;
mod readme;
mod reconcile;
mod reference;
mod report;
#[cfg(unix)]
mod safety;
mod schema;
mod screens;
#[cfg(unix)]
mod shipped;
mod specs;
#[cfg(unix)]
mod stack_set;
mod stack_trust;
mod steps;
mod support;
#[cfg(unix)]
mod symlinks;
#[cfg(unix)]
mod terraform;
mod tidy;
mod update;
#[cfg(unix)]
mod verify;
mod wording;
