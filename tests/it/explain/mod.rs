//! `explain`: the evaluator against AWS's documentation and an independent one, and the command.

mod bounds;
mod case;
mod command;
mod differential;
mod entries;
mod existing;
mod fleets;
mod kinds;
mod known;
mod laws;
mod pairs;
mod permissions;
mod principal;
mod random;
pub(crate) mod simulator;
mod sums;
mod terraform;
mod token;
mod vectors;
mod workload;
