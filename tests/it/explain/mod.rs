//! `explain`: the evaluator against AWS's documentation and an independent one, and the command.

mod bounds;
mod command;
mod differential;
mod existing;
mod known;
mod laws;
mod permissions;
mod principal;
mod random;
mod terraform;
mod token;
mod vectors;
