//! `explain`: the evaluator against AWS's documentation and an independent one, and the command.

mod bounds;
mod case;
mod command;
mod differential;
mod existing;
mod kinds;
mod known;
mod laws;
mod pairs;
mod permissions;
mod principal;
mod random;
pub(crate) mod simulator;
mod terraform;
mod token;
mod vectors;
